"""Stage `triaje`: finds topics by weighted words, the genre by its marks, and five scores by counting."""

import re
from dataclasses import dataclass

from newsroom.engines.base import Material
from newsroom.engines.local.elements import page_of
from newsroom.engines.local.geography import count_countries, country_code, followed_countries
from newsroom.engines.local.page import Page
from newsroom.engines.local.topics import (
    WordCount,
    exclusions,
    genre_marks,
    public_affairs,
    section_hint,
    themes,
)
from newsroom.language.gazetteer import country_names
from newsroom.language.word_classes import head_kind
from newsroom.models.respuestas import RespuestaTriaje
from newsroom.models.vocabulario import Exclusion, TipoArticulo, TipoEntidad
from newsroom.tokens import strip_accents

_QUESTION_LINE = re.compile(r"^(?:P|R|PREGUNTA|RESPUESTA|Pregunta|Respuesta)\s?[.:]", re.MULTILINE)
_FIRST_PERSON = re.compile(r"\b(?:yo|creo|pienso|opino|me parece|nuestro|nuestra|nosotros)\b", re.IGNORECASE)
_TITLE_WEIGHT = 3
_MIN_TOPIC = 4.0
_MIN_TOPIC_WORDS = 3
_SECTION_BONUS = 4.0
_HEAD_CHARS = 6_000
_MIN_THEME = 1.2
_ASKED_SHARE = 0.2
_OFFICIAL_BONUS = 10.0


@dataclass(frozen=True, slots=True)
class _Facts:
    """What is counted in an item."""

    page: Page
    words: WordCount
    countries: dict[str, int]
    public: float
    by_theme: dict[str, float]


def answer_triage(material: Material) -> RespuestaTriaje:
    """Returns the exclusion, the genre and the scores of an item. Every score follows from counts."""
    facts = _count(material)
    topic = _exclusion(material, facts)
    genre = _genre(material, facts)
    temas = _themes(facts)
    paises = _countries(facts)
    return RespuestaTriaje(
        exclusion=topic,
        tipo_articulo=genre,
        paises=paises,
        temas=temas,
        relevancia_geografica=_geographic(material, facts),
        relevancia_tematica=_thematic(facts),
        densidad_factual=_factual(facts, genre),
        complejidad_relacional=_relational(facts),
        valor_informativo=_informative(facts, genre),
        justificacion=_justify(topic, temas, paises, facts),
        elementos_clave=_key_elements(facts),
    )


def _count(material: Material) -> _Facts:
    page = page_of(material)
    head = [word for word in page.tokens.loose if word[0].isalpha()][: _HEAD_CHARS // 5]
    titular = re.findall(r"[^\W_]+", strip_accents(material.titular))
    words = WordCount(titular * _TITLE_WEIGHT + head)
    by_theme = {theme: words.weigh(weights) for theme, weights in themes().items()}
    return _Facts(page, words, count_countries(page), words.weigh(public_affairs()), by_theme)


def _exclusion(material: Material, facts: _Facts) -> Exclusion | None:
    """Returns the topic that outweighs public affairs, None if none does."""
    hint = section_hint(material.seccion) if material.seccion else None
    best, most = None, 0.0
    for topic, weights in exclusions().items():
        weight = facts.words.weigh(weights) + (_SECTION_BONUS if hint == topic else 0.0)
        if facts.words.distinct(weights) >= _MIN_TOPIC_WORDS and weight > most:
            best, most = topic, weight
    public = facts.public + (_SECTION_BONUS if hint == "publico" else 0.0)
    if head_kind(strip_accents(material.medio).split()) is TipoEntidad.INSTITUCION:
        # A public body's statement is public affairs, even if it is about a stadium.
        public += _OFFICIAL_BONUS
    if best is None or most < _MIN_TOPIC or most < 1.15 * public:
        return None
    return Exclusion(best)


def _genre(material: Material, facts: _Facts) -> TipoArticulo:
    text = facts.page.text
    if material.es_opinion:
        return TipoArticulo.OPINIÓN
    if len(_QUESTION_LINE.findall(text)) >= 2 or _question_paragraphs(text) >= 3:
        return TipoArticulo.ENTREVISTA
    titular = strip_accents(material.titular)
    if "entrevista" in titular:
        return TipoArticulo.ENTREVISTA
    section = strip_accents(material.seccion or "")
    if "opinion" in section or "columna" in section or "editorial" in section:
        return TipoArticulo.OPINIÓN
    folded = strip_accents(text[:_HEAD_CHARS])
    scores = {
        genre: sum(mark in folded or mark in titular for mark in marks)
        for genre, marks in genre_marks().items()
    }
    unquoted_first = sum(
        1 for match in _FIRST_PERSON.finditer(text) if not facts.page.is_quoted(match.start())
    )
    if scores["opinión"] >= 2 and unquoted_first >= 3 and not facts.page.quotes:
        return TipoArticulo.OPINIÓN
    for genre, kind in (
        ("análisis", TipoArticulo.ANÁLISIS),
        ("crónica", TipoArticulo.CRÓNICA),
        ("reportaje", TipoArticulo.REPORTAJE),
    ):
        if scores[genre] >= 4 or genre in f"{titular} {section}".replace("analisis", "análisis").replace(
            "cronica", "crónica"
        ):
            return kind
    return TipoArticulo.NOTICIA


def _question_paragraphs(text: str) -> int:
    lines = [line for line in text.split("\n") if line]
    asked = sum(1 for line in lines if line.endswith("?") and line[0] in "¿-—P" and len(line) < 250)
    return asked if asked >= _ASKED_SHARE * len(lines) else 0


def _themes(facts: _Facts) -> list[str]:
    ranked = sorted(facts.by_theme.items(), key=lambda pair: -pair[1])
    return [theme for theme, weight in ranked[:3] if weight >= _MIN_THEME]


def _countries(facts: _Facts) -> list[str]:
    ranked = sorted(facts.countries.items(), key=lambda pair: -pair[1])
    return [country_names()[code] for code, _ in ranked[:5] if code in country_names()]


def _geographic(material: Material, facts: _Facts) -> int:
    followed = sum(count for code, count in facts.countries.items() if code in followed_countries())
    others = sum(facts.countries.values()) - followed
    home = country_code(material.pais_publicacion) in followed_countries()
    if followed == 0:
        return 3 if home and others == 0 else 2 if home else 1
    if followed >= others:
        return 5
    return 4 if followed * 2 >= others else 3


def _thematic(facts: _Facts) -> int:
    strongest = max(facts.by_theme.values(), default=0.0)
    weight = 0.6 * facts.public + 0.8 * strongest
    return _grade(weight, (0.8, 2.2, 4.5, 8.0))


def _grade(value: float, limits: tuple[float, float, float, float]) -> int:
    return 1 + sum(value >= limit for limit in limits)


def _factual(facts: _Facts, genre: TipoArticulo) -> int:
    page = facts.page
    figures = sum(1 for number in page.numbers if not number.es_fecha)
    dated = sum(len(page.dates(sentence)) for sentence in page.sentences[:80])
    people = sum(1 for entity in page.entities if entity.tipo is not TipoEntidad.CONCEPTO)
    kilochars = max(0.6, min(len(page.text), 12_000) / 1_000)
    density = (figures * 0.8 + dated + people * 0.7 + len(page.quotes) * 0.5) / kilochars
    grade = _grade(density, (2.0, 4.5, 8.0, 12.0))
    return min(2, grade) if genre is TipoArticulo.OPINIÓN else grade


def _relational(facts: _Facts) -> int:
    kinds = (TipoEntidad.PERSONA, TipoEntidad.INSTITUCION, TipoEntidad.ORGANIZACION)
    actors = [entity for entity in facts.page.entities if entity.tipo in kinds]
    return _grade(len(actors), (2, 4, 7, 12))


def _informative(facts: _Facts, genre: TipoArticulo) -> int:
    page = facts.page
    said = min(3, len(page.quotes))
    figures = min(4, sum(1 for number in page.numbers if not number.es_fecha and not number.parece_anio))
    recent = sum(
        1
        for sentence in page.sentences[:40]
        for mention in page.dates(sentence)
        if page.today is not None and abs((mention.inicio - page.today).days) <= 40
    )
    grade = _grade(said + figures + min(3, recent) + min(4.0, facts.public / 2), (1.5, 3.5, 6.0, 9.0))
    return min(2, grade) if genre is TipoArticulo.OPINIÓN else grade


def _justify(topic: Exclusion | None, temas: list[str], paises: list[str], facts: _Facts) -> str:
    where = ", ".join(paises[:3]) or "sin país nombrado"
    if topic is not None:
        name = topic.value.replace("_", " ")
        return f"Predomina el vocabulario de {name} sobre el de asuntos públicos ({where})."
    subject = ", ".join(temas[:2]) or "asunto general"
    page = facts.page
    return (
        f"Trata de {subject} ({where}); {len(page.entities)} nombres, {len(page.quotes)} citas y "
        f"{sum(1 for number in page.numbers if not number.es_fecha)} cifras."
    )


def _key_elements(facts: _Facts) -> list[str]:
    ranked = sorted(facts.page.entities, key=lambda entity: -len(entity.mentions))
    return [entity.name for entity in ranked[:5]]
