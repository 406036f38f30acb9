"""Who acts in a stretch of text: the names that are no complement, and the offices that stand for a name."""

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.gazetteer import country_names, demonyms, fold
from newsroom.engines.local.lexicon import singular
from newsroom.engines.local.page import Mention, Page
from newsroom.engines.local.rules import folded, groups, lowered
from newsroom.models.vocabulario import TipoEntidad

_ACTING = frozenset((TipoEntidad.PERSONA, TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION))
_REACH_TOKENS = 200
_FAR_TOKENS = 2_000
_ARTICLES = ("el", "la", "los", "las", "su")


class SubjectFinder:
    """Finds subjects on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def first(self, first: int, last: int, as_subject: bool) -> Entity | None:
        """Returns the first who can act among the tokens `first:last`, people before bodies.

        `as_subject` leaves out what stands behind a preposition. «El mandatario» counts for whom it means.
        """
        page = self._page
        acting = [
            mention
            for mention in page.mentions_in(first, last)
            if mention.entity.tipo in _ACTING
            and not page.is_quoted(page.tokens.starts[mention.first])
            and not (as_subject and self.is_complement(mention))
        ]
        people = [mention for mention in acting if mention.entity.tipo is TipoEntidad.PERSONA]
        named = next(iter(people or acting), None)
        if named is not None and self._office_start(named) is not None:
            return named.entity
        office = self._resolve_office(first, named.first if named is not None else last)
        return office or (named.entity if named is not None else None)

    def latest(self, offset: int) -> Entity | None:
        """Returns the last person named before `offset` outside quotations, one who acts if there is."""
        page = self._page
        stop = page.token_at(offset)
        people = [
            mention
            for mention in reversed(page.mentions_in(max(0, stop - _REACH_TOKENS), stop))
            if mention.entity.tipo is TipoEntidad.PERSONA
            and not page.is_quoted(page.tokens.starts[mention.first])
        ]
        acting = [mention for mention in people if not self.is_complement(mention)]
        return next((mention.entity for mention in acting or people), None)

    def is_later(self, one: Entity, other: Entity, offset: int) -> bool:
        """Tells whether `one` is named, acting, behind the last mention of `other` before `offset`."""
        stop = self._page.token_at(offset)

        def last_of(entity: Entity) -> int:
            near = self._page.mentions_in(max(0, stop - _FAR_TOKENS), stop)
            places = [mention for mention in near if mention.entity is entity]
            return next((m.first for m in reversed(places) if not self.is_complement(m)), -1)

        return last_of(one) > last_of(other)

    def is_complement(self, mention: Mention) -> bool:
        """Tells whether a preposition governs a mention: «ante el ministro Rey», «(Sedena)»."""
        if mention.first and self._page.tokens.loose[mention.first - 1] in folded("lengua", "preposiciones"):
            return True
        start = self._office_start(mention)
        index = (mention.first if start is None else start) - 1
        words = self._page.tokens.loose
        while index > 0 and words[index] in (*_ARTICLES, '"'):
            index -= 1
        return index >= 0 and (
            words[index] in folded("lengua", "preposiciones") or words[index] in ("(", "alias")
        )

    def _word(self, index: int) -> str:
        return self._page.tokens.verbatim[index].lower()

    def _office_start(self, mention: Mention) -> int | None:
        return next((name.office for name in mention.entity.mentions if name.first == mention.first), None)

    def _resolve_office(self, first: int, last: int) -> Entity | None:
        """Resolves «el mandatario», «la ministra» to the last person before who holds that office."""
        page = self._page
        for index in range(first, min(last, len(page.tokens))):
            if self._word(index) not in lowered("personas", "referencias"):
                continue
            article = index - 1
            while article > 0 and self._word(article) in lowered("lengua", "ante_cargo"):
                article -= 1
            if article < 0 or page.tokens.loose[article] not in ("el", "la"):
                continue
            if article and page.tokens.loose[article - 1] in folded("lengua", "preposiciones"):
                continue
            return self._holder(self._office_name(index), index)
        return None

    def _office_name(self, index: int) -> str:
        """Returns the office; a «jefe de Estado» is a mandatario."""
        words = self._page.tokens.loose[index : index + 3]
        of_state = len(words) == 3 and words[0] in ("jefe", "jefa") and words[1] in ("de", "del")
        if of_state and words[2] in lowered("lengua", "jefe_de"):
            return "mandatario"
        return singular(self._word(index))

    def _holder(self, office: str, index: int) -> Entity | None:
        """Returns the last person before token `index` who holds the office, of the country behind it."""
        page = self._page
        wanted = frozenset(groups("personas", "equivalentes").get(office, (office,)))
        holders = [
            mention.entity
            for mention in reversed(page.mentions_in(max(0, index - _FAR_TOKENS), index))
            if mention.entity.tipo is TipoEntidad.PERSONA and wanted & page.offices[id(mention.entity)]
        ]
        code = demonyms().get(next(iter(page.tokens.loose[index + 1 : index + 2]), ""))
        if code is None:
            return next(iter(holders), None)
        return next((holder for holder in holders if self._is_of(holder, code)), None)

    def _is_of(self, entity: Entity, code: str) -> bool:
        """Tells whether the text gives a person's office that country: «su homólogo boliviano, ...»."""
        page = self._page
        spans = [range(n.office, n.first) for n in entity.mentions if n.office is not None]
        around = {page.tokens.loose[i] for span in spans for i in span}
        around.update(fold(page.descriptions.get(entity.name, "")).split())
        country = fold(country_names()[code])
        return any(demonyms().get(word) == code for word in around) or set(country.split()) <= around
