"""Finds whom a noun or a pronoun without a name means: «la ministra», «el organismo», «según él»."""

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.page import Page
from newsroom.language.gazetteer import country_names, demonyms, fold
from newsroom.language.lists import folded, groups, lowered
from newsroom.language.verbs import read_finite
from newsroom.language.word_classes import singular
from newsroom.models.vocabulario import TipoEntidad

_FAR_TOKENS = 2_000
_NEAR_TOKENS = 120
_BODIES = frozenset((TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION))


class References:
    """Resolves the references of one page to entidades that are named before them."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._known: dict[int, Entity | None] = {}

    def first(self, first: int, last: int) -> Entity | None:
        """Returns whom the first reference among the tokens `first:last` means, if it is a subject."""
        found = (self._at(index) for index in range(first, min(last, len(self._page.tokens))))
        return next((entity for entity in found if entity is not None), None)

    def pronoun(self, index: int) -> Entity | None:
        """Returns the last person before the «él» or «ella» at a token with its gender, or None.

        «Este» and «esta» are pronouns before a verb: «Este respondió que no».
        """
        word = self._word(index) if index < len(self._page.tokens) else ""
        alone = any(
            read_finite(self._word(i)) for i in range(index + 1, min(index + 3, len(self._page.tokens)))
        )
        if word not in ("él", "ella", "éste", "ésta") and not (word in ("este", "esta") and alone):
            return None
        people = (
            mention.entity
            for mention in reversed(self._page.mentions_in(max(0, index - _FAR_TOKENS), index))
            if mention.entity.tipo is TipoEntidad.PERSONA
        )
        return next((entity for entity in people if self._is_woman(entity) == word.endswith("a")), None)

    def _at(self, index: int) -> Entity | None:
        if index not in self._known:
            self._known[index] = self._office(index) or self._body(index) or self._subject_pronoun(index)
        return self._known[index]

    def _word(self, index: int) -> str:
        return self._page.tokens.verbatim[index].lower()

    def _subject_pronoun(self, index: int) -> Entity | None:
        """Returns whom a pronoun that is a subject means: «Ella no espera mucho», not after a preposition."""
        before = self._page.tokens.loose[index - 1] if index else ""
        return None if before in folded("lengua", "preposiciones") else self.pronoun(index)

    def _is_woman(self, entity: Entity) -> bool:
        offices = self._page.offices[id(entity)] - lowered("personas", "comunes")
        if offices:
            return any(office.endswith(("a", "triz")) for office in offices)
        name = entity.words[0]
        if name in folded("personas", "nombres_femeninos"):
            return True
        return name.endswith("a") and name not in folded("personas", "nombres_masculinos")

    def _body(self, index: int) -> Entity | None:
        """Returns whom «la agencia sostuvo» means: the last body with this noun, else the last that acted."""
        page, noun = self._page, self._page.tokens.loose[index]
        if noun not in folded("organismos", "referencias") or not page.tokens.verbatim[index].islower():
            return None
        if not index or page.tokens.loose[index - 1] not in ("el", "la"):
            return None
        before = page.tokens.loose[index - 2] if index > 1 else ""
        after = page.tokens.loose[index + 1] if index + 1 < len(page.tokens) else ""
        if before in folded("lengua", "preposiciones") or after in ("de", "del"):
            return None
        bodies = [
            mention
            for mention in reversed(page.mentions_in(max(0, index - _NEAR_TOKENS), index))
            if mention.entity.tipo in _BODIES
        ]
        named = next((m.entity for m in bodies if noun in m.entity.words), None)
        acting = (m.entity for m in bodies if not self._is_governed(m.first))
        return named or next(acting, None)

    def _is_governed(self, first: int) -> bool:
        """Returns whether a preposition stands before a mention. Only an article may stand between."""
        words = self._page.tokens.loose
        index = first - 1
        while index > 0 and words[index] in ("el", "la", "los", "las"):
            index -= 1
        return index >= 0 and (words[index] in folded("lengua", "preposiciones") or words[index] == "(")

    def _office(self, index: int) -> Entity | None:
        """Returns whom «el mandatario», «la ministra» means: the last person before with that office."""
        page = self._page
        if self._word(index) not in lowered("personas", "referencias"):
            return None
        article = index - 1
        while article > 0 and self._word(article) in lowered("lengua", "ante_cargo"):
            article -= 1
        if article < 0 or page.tokens.loose[article] not in ("el", "la"):
            return None
        if article and page.tokens.loose[article - 1] in folded("lengua", "preposiciones"):
            return None
        return self._holder(self._office_name(index), index)

    def _office_name(self, index: int) -> str:
        """Returns the office at a token. A «jefe de Estado» is a mandatario."""
        words = self._page.tokens.loose[index : index + 3]
        of_state = len(words) == 3 and words[0] in ("jefe", "jefa") and words[1] in ("de", "del")
        if of_state and words[2] in lowered("lengua", "jefe_de"):
            return "mandatario"
        return singular(self._word(index))

    def _holder(self, office: str, index: int) -> Entity | None:
        """Returns the last person before `index` who holds the office, of the country named after it."""
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
        """Returns whether the text says that a person's office is of that country: «homólogo boliviano»."""
        page = self._page
        spans = [range(n.office, n.first) for n in entity.mentions if n.office is not None]
        around = {page.tokens.loose[i] for span in spans for i in span}
        around.update(fold(page.descriptions.get(entity.name, "")).split())
        country = fold(country_names()[code])
        return any(demonyms().get(word) == code for word in around) or set(country.split()) <= around
