"""Finds what the text says a person is: «el presidente de Chile, Juan Rey», «Ana Rey, ministra de Salud»."""

from bisect import bisect_left

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.names import Name
from newsroom.language.sentences import Sentence, sentence_at
from newsroom.language.word_classes import is_office, is_title, singular
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import Tokens

_MAX_BEFORE = 14
_MAX_AFTER = 16
_MAX_CHARS = 120
_MAX_SIDE = 12
_NAMES_BEHIND = 5
_ARTICLES = frozenset(("el", "la", "los", "las", "un", "una"))
_STOPS = frozenset((".", ";", ":", "(", ")", '"', "!", "?"))


def describe(tokens: Tokens, sentences: list[Sentence], entity: Entity, names: list[Name]) -> str | None:
    """Returns the fullest office or trade that the text gives a person, verbatim; None without one."""
    if entity.tipo is not TipoEntidad.PERSONA:
        return None
    found = [
        text
        for name in entity.mentions
        if (sentence := sentence_at(sentences, tokens.starts[name.first])) is not None
        for text in (_before(tokens, name, sentence), _after(tokens, name, sentence, _behind(name, names)))
        if text
    ]
    office = max(found, key=len, default=None)
    side = next((side for name in entity.mentions if (side := _side(tokens, name))), None)
    return office if not side or side in (office or "") else f"{office or ''} {side}".strip()


def _side(tokens: Tokens, name: Name) -> str:
    """Returns whose side a person is on, from the words behind the name: «(PRN)», «, del Partido Verde,»."""
    first = name.last + 1
    mark, head = tokens.verbatim[name.last : first], tokens.loose[first : first + 1]
    if mark == ["("] or (mark == [","] and head in (["de"], ["del"])):
        ends = (")",) if mark == ["("] else (",", ".", ";", '"', "(")
        last = next(
            (i for i in range(first, min(len(tokens), first + _MAX_SIDE)) if tokens.verbatim[i] in ends),
            first,
        )
        begin = (
            first
            if mark == ["("]
            else first + 1 + (tokens.loose[first + 1 : first + 2] in (["la"], ["los"], ["las"], ["el"]))
        )
        named = begin < last and tokens.verbatim[begin][0].isupper()
        if named and mark == ["("]:
            return tokens.text[tokens.starts[name.last] : tokens.ends[last]]
        if named:
            return tokens.text[tokens.starts[first] : tokens.ends[last - 1]]
    return ""


def offices_of(tokens: Tokens, entity: Entity, descripcion: str | None) -> frozenset[str]:
    """Returns the offices (lower case, singular) that the text gives a person anywhere."""
    words = {
        singular(tokens.verbatim[index].lower())
        for name in entity.mentions
        if name.office is not None
        for index in range(name.office, name.first)
    }
    words.update(singular(word.strip(",.").lower()) for word in (descripcion or "").split())
    return frozenset(word for word in words if is_office(word))


def _before(tokens: Tokens, name: Name, sentence: Sentence) -> str | None:
    index = name.first - 1
    if index <= sentence.first or name.office is None:
        return None
    # The form of address is no part of the office: «secretaria de Gobernación, doctora Olga Sánchez».
    while index > sentence.first and (
        tokens.verbatim[index] in (",", ".") or is_title(tokens.verbatim[index].lower())
    ):
        index -= 1
    trailing = index - 1
    if (
        trailing > name.office
        and tokens.verbatim[trailing] == ","
        and is_office(tokens.verbatim[index].lower())
    ):
        # The rank may stand between: «jefe de la Región Policial, general Édgar Ruiz».
        index = trailing - 1
    first = max(name.office, name.first - _MAX_BEFORE, sentence.first)
    while first <= index and not is_office(tokens.verbatim[first].lower()):
        first += 1
    plural = first <= index and singular(tokens.verbatim[first].lower()) != tokens.verbatim[first].lower()
    if first > index or plural or any(_stops(tokens, place) for place in range(first, index + 1)):
        return None
    return _cut(tokens, first, index)


def _stops(tokens: Tokens, place: int) -> bool:
    """Returns whether a mark ends an office. The brackets of an acronym do not: «de la Corte (CG)»."""
    if tokens.verbatim[place] not in _STOPS:
        return False
    opening = place if tokens.verbatim[place] == "(" else place - 2
    bracketed = tokens.verbatim[opening : opening + 3]
    return not (len(bracketed) == 3 and bracketed[::2] == ["(", ")"] and bracketed[1][:1].isupper())


def _behind(name: Name, names: list[Name]) -> list[Name]:
    """Returns the mentions after one, as far as an apposition reaches."""
    low = bisect_left(names, name.last, key=lambda other: other.first)
    return names[low : low + _NAMES_BEHIND]


def _after(tokens: Tokens, name: Name, sentence: Sentence, names: list[Name]) -> str | None:
    index = name.last
    if index + 1 >= sentence.last or tokens.verbatim[index] not in (",", "("):
        return None
    first = index + 1
    if tokens.loose[first] in _ARTICLES or tokens.loose[first] in ("actual", "entonces"):
        first += 1
    if first >= sentence.last or not is_office(tokens.verbatim[first].lower()):
        return None
    if any(other.office is not None and first - 1 <= other.office <= first + 1 for other in names):
        # The office is the next person's: «la diputada Ana Rey, el senador Juan Paz».
        return None
    last = first
    while last < sentence.last and last - first < _MAX_AFTER and tokens.verbatim[last] not in (*_STOPS, ","):
        last += 1
    if last >= sentence.last or tokens.verbatim[last] not in (",", ")", ".", ";"):
        return None
    return _cut(tokens, first, last - 1)


def _cut(tokens: Tokens, first: int, last: int) -> str | None:
    text = tokens.text[tokens.starts[first] : tokens.ends[last]]
    return text if len(text) <= _MAX_CHARS else None
