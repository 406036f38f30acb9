"""Finds who acts in a part of a text: names that are no complement, and offices that stand for a name."""

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.page import Mention, Page
from newsroom.engines.local.references import References
from newsroom.engines.local.rules import folded, lowered
from newsroom.engines.local.verbs import read_finite
from newsroom.models.vocabulario import TipoEntidad

_ACTING = frozenset((TipoEntidad.PERSONA, TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION))
_REACH_TOKENS = 200
_FAR_TOKENS = 2_000
_REFERENCE_TOKENS = 80
_NOUNS_BEFORE = 3
_ARTICLES = ("el", "la", "los", "las", "su")


class SubjectFinder:
    """Finds subjects on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._references = References(page)

    def first(self, first: int, last: int, as_subject: bool) -> Entity | None:
        """Returns the first entidad that can act among the tokens `first:last`, people before bodies.

        `as_subject` leaves out names after a preposition. «El mandatario» counts as the person it means.
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
        referred = self._references.first(first, named.first if named is not None else last)
        return referred or (named.entity if named is not None else None)

    def latest(self, offset: int) -> Entity | None:
        """Returns the last person before `offset` outside quotations, if possible one who acts.

        «la ministra», «según él» and «la agencia» count as the names that they mean.
        """
        page = self._page
        stop = page.token_at(offset)
        people = [
            mention
            for mention in reversed(page.mentions_in(max(0, stop - _REACH_TOKENS), stop))
            if mention.entity.tipo is TipoEntidad.PERSONA
            and not page.is_quoted(page.tokens.starts[mention.first])
        ]
        acting = [mention for mention in people if not self.is_complement(mention)]
        named = next(iter(acting or people), None)
        since = max(stop - _REFERENCE_TOKENS, named.last if named is not None else 0)
        referred = self._references.latest(since, stop)
        return referred or (named.entity if named is not None else None)

    def pronoun(self, index: int) -> Entity | None:
        """Returns whom the «él» or «ella» at a token means; None for any other word."""
        return self._references.pronoun(index)

    def is_later(self, one: Entity, other: Entity, offset: int) -> bool:
        """Returns whether `one` is named as acting after the last mention of `other` before `offset`."""
        stop = self._page.token_at(offset)

        def last_of(entity: Entity) -> int:
            near = self._page.mentions_in(max(0, stop - _FAR_TOKENS), stop)
            places = [mention for mention in near if mention.entity is entity]
            return next((m.first for m in reversed(places) if not self.is_complement(m)), -1)

        return last_of(one) > last_of(other)

    def is_complement(self, mention: Mention) -> bool:
        """Returns whether a preposition governs a mention: «ante el ministro Rey», «(Sedena)»."""
        words = self._page.tokens.loose
        if mention.first and words[mention.first - 1] in folded("lengua", "preposiciones"):
            return True
        start = self._office_start(mention)
        index = (mention.first if start is None else start) - 1
        if start is None:
            # Nouns may stand before the name: «madre del cabo liberado Yeison Cerón».
            while index > 0 and mention.first - index <= _NOUNS_BEFORE and self._is_plain(index):
                index -= 1
        while index > 0 and words[index] in (*_ARTICLES, '"'):
            index -= 1
        return index >= 0 and (
            words[index] in folded("lengua", "preposiciones") or words[index] in ("(", "alias")
        )

    def _is_plain(self, index: int) -> bool:
        raw = self._page.tokens.verbatim[index]
        # A plural does not belong to one person: «dijo entre aplausos Rosa Peralta».
        word = raw.isalpha() and raw.islower() and raw not in lowered("lengua", "funcionales")
        return word and not raw.endswith("s") and read_finite(raw) is None

    def _office_start(self, mention: Mention) -> int | None:
        return next((name.office for name in mention.entity.mentions if name.first == mention.first), None)
