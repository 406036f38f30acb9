"""Says what kind of hecho a sentence tells, and how far a planned one has come."""

from newsroom.engines.local.page import Page
from newsroom.language.lists import folded, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import Verb
from newsroom.language.word_classes import is_office
from newsroom.models.vocabulario import EstadoProgramacion, TipoEntidad, TipoHecho

_OPENING_TOKENS = 2


def kind_of(page: Page, sentence: Sentence, main: Verb, future: bool) -> TipoHecho:
    """Returns the kind of the hecho that a sentence tells with its main verb."""
    kinds = {mention.entity.tipo for mention in page.mentions_in(sentence.first, sentence.last)}
    words = set(page.tokens.loose[sentence.first : sentence.last])
    lives = main.lemma in lowered("verbos", "biografia") and main.lemma != "fallecer"
    if lives and TipoEntidad.PERSONA in kinds:
        return TipoHecho.BIOGRAFIA
    norm = _norms(sentence, main, words, TipoEntidad.NORMATIVA in kinds, page)
    if norm:
        return TipoHecho.NORMATIVA
    if main.lemma in lowered("verbos", "anunciar"):
        return TipoHecho.ANUNCIO
    if _is_event(page, main):
        return TipoHecho.EVENTO
    if future and main.tense == "futuro":
        return TipoHecho.ANUNCIO
    says = main.lemma in lowered("verbos", "decir") | lowered("verbos", "declarar")
    if says and page.says_ahead(sentence, main):
        return TipoHecho.ANUNCIO
    if (says or ("segun" in words and main.tense == "presente")) and _is_declared(
        page, sentence, main, kinds
    ):
        return TipoHecho.DECLARACION
    concept = main.lemma == "ser" and main.tense == "presente"
    return TipoHecho.ANUNCIO if future else TipoHecho.CONCEPTO if concept else TipoHecho.SUCESO


def _is_event(page: Page, main: Verb) -> bool:
    """Returns whether an act is held. «Celebró la noticia» and «manifestó» are declarations."""
    if main.lemma not in lowered("verbos", "celebrar"):
        return False
    before = page.tokens.loose[main.first - 1] if main.first else ""
    return main.lemma not in lowered("verbos", "declarar") or before == "se" or main.is_passive


def _norms(sentence: Sentence, main: Verb, words: set[str], named: bool, page: Page) -> bool:
    """Returns whether a sentence tells what a norm, a gazette or a court decides."""
    acts = folded("organismos", "actos_legales")
    opening = page.tokens.loose[sentence.first : sentence.first + _OPENING_TOKENS]
    if acts.intersection(opening) and main.lemma not in lowered("verbos", "decir"):
        return True
    if main.lemma in lowered("verbos", "disponer") and main.first == sentence.first:
        return True
    judged = words & folded("organismos", "jueces") and main.lemma in lowered("verbos", "juzgar")
    return bool(judged) or (main.lemma in lowered("verbos", "normar") and (named or bool(words & acts)))


def _is_declared(page: Page, sentence: Sentence, main: Verb, kinds: set[TipoEntidad]) -> bool:
    """Returns whether the sentence reports what somebody says.

    «explicó que», a quotation, or a name or an office beside the verb show it.
    """
    following = page.tokens.loose[main.last : main.last + 1]
    quoted = any(sentence.start <= quote.start < sentence.end for quote in page.quotes_in(sentence))
    office = any(is_office(page.tokens.verbatim[i].lower()) for i in range(sentence.first, sentence.last))
    speaking = kinds & {TipoEntidad.PERSONA, TipoEntidad.INSTITUCION, TipoEntidad.ORGANIZACION}
    return following == ["que"] or quoted or bool(speaking) or office


def planned_state(verbs: list[Verb]) -> EstadoProgramacion:
    """Returns whether what is planned is confirmed, put off or called off, by the verbs about it."""
    lemmas = {verb.lemma for verb in verbs}
    if lemmas & lowered("verbos", "cancelar"):
        return EstadoProgramacion.CANCELADO
    if lemmas & lowered("verbos", "aplazar"):
        return EstadoProgramacion.MODIFICADO
    if lemmas & lowered("verbos", "confirmar"):
        return EstadoProgramacion.CONFIRMADO
    return EstadoProgramacion.PROGRAMADO
