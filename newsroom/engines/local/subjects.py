"""Finds the subject of a verb of saying: right behind it, or in the clause before it.

The grammar is small: behind adverbs, days and phrases with a preposition stands the subject, or none. A noun
without a name («uno de los agentes», «un vecino») is somebody whom the text does not name.
"""

from dataclasses import dataclass

from newsroom.engines.local.entities import Entity
from newsroom.engines.local.page import Mention, Page
from newsroom.engines.local.references import References
from newsroom.language.lists import folded, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import read_finite
from newsroom.models.vocabulario import TipoEntidad

_ACTING = frozenset((TipoEntidad.PERSONA, TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION))
_NOUNS_BEFORE = 3
_ARTICLES = ("el", "la", "los", "las", "su")
_PHRASE_TOKENS = 16
_SPARE_WORDS = 3
_CUT = frozenset((".", ";", ":", "(", "-", "?", "!"))
_NO_SUBJECT = tuple(
    f"{ending}{clitic}" for ending in ("ar", "er", "ir") for clitic in ("", "lo", "la", "le", "se")
)
_PRONOUNS = ("el", "ella", "este", "esta")
_RELATIVE = ("quien", "quienes", "que")


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who acts. `entity` is None if the text does not name them."""

    entity: Entity | None


class SubjectFinder:
    """Finds subjects on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._words = page.tokens.loose
        self._references = References(page)
        self._at = {mention.first: mention for mention in page.mentions}
        self._verbs = {verb.first for sentence in page.sentences for verb in page.verbs(sentence)}

    def pronoun(self, index: int) -> Entity | None:
        """Returns whom the «él» or «ella» at a token means; None for any other word."""
        return self._references.pronoun(index)

    def named(self, first: int, last: int, as_subject: bool = True) -> Entity | None:
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

    def ahead(self, sentence: Sentence, verb: int) -> Who | None:
        """Returns the subject in the clauses before a verb, the nearest clause first; None without one."""
        end = verb
        for begin in self._clauses(sentence, verb):
            if end - begin <= 2 and begin and self._words[begin - 1] in _RELATIVE:
                antecedent = self._antecedent(sentence, begin - 1)
                if antecedent is not None:
                    return antecedent
            if begin > sentence.first and self._has_verb(begin, end) and "," in self._words[begin:end]:
                # A relative clause that is over: «Eva Sol, a quien Luis acusa, defiende».
                end = begin
                continue
            who = self.behind(begin, end)
            whole = begin == sentence.first or not self._has_verb(begin, end)
            entity = self.named(begin, end) if who is None and whole else None
            if who is not None or entity is not None:
                return who or Who(entity)
            end = begin
        return None

    def _has_verb(self, first: int, last: int) -> bool:
        return any(index in self._verbs for index in range(first, last))

    def _clauses(self, sentence: Sentence, verb: int) -> list[int]:
        """Returns where the clauses before a verb begin, the last one first."""
        starts = [sentence.first]
        has_verb = False
        for index in range(sentence.first, verb):
            has_verb = has_verb or index in self._verbs
            if self._words[index] in folded("lengua", "abren_oracion") and (
                has_verb or self._words[index] in _RELATIVE
            ):
                starts.append(index + 1)
        return starts[::-1]

    def _antecedent(self, sentence: Sentence, relative: int) -> Who | None:
        """Returns whom «quien» means: the name right before it."""
        end = relative - 1 if self._words[relative - 1] == "," else relative
        near = self._page.mentions_in(sentence.first, end)
        # After an apposition the name is further off: «Ana Rey, ministra de Salud, quien dijo».
        if not near or (near[-1].last != end and "," not in self._words[near[-1].last : end]):
            return None
        acting = [mention for mention in near if mention.entity.tipo in _ACTING]
        if self._words[relative] != "que" and near[-1].last != end:
            acting = [mention for mention in acting if mention.entity.tipo is TipoEntidad.PERSONA]
        return Who(acting[-1].entity) if acting else None

    def behind(self, first: int, stop: int) -> Who | None:
        """Returns the subject that the tokens `first:stop` begin with, or None.

        It may stand behind adverbs, days and phrases with a preposition.
        """
        index, spare, comma = first, _SPARE_WORDS, False
        while index < stop:
            word = self._words[index]
            if self._mention(index) is not None or word in _PRONOUNS or word in ("a", "o"):
                found, settled = self._named_at(index, stop, comma)
                if settled:
                    return found
            if word in folded("lengua", "preposiciones"):
                index, comma = self._behind_complement(index + 1, stop), False
            elif word in folded("lengua", "determinantes"):
                day = self._behind_day(index + 1, stop)
                if day is None:
                    return self._noun_phrase(index, stop)
                index = day
            elif word == "," or word in folded("lengua", "dias") or self._is_adverb(index):
                index, comma = index + 1, comma or word == ","
            elif self._ends_clause(index) or comma or not spare:
                return None
            else:
                index = self._next_comma(index, stop) if word.endswith("ndo") else index + 1
                spare -= 1
        return None

    def _named_at(self, index: int, stop: int, comma: bool) -> tuple[Who | None, bool]:
        """Returns who is named right here, and whether that settles who the subject is, perhaps nobody."""
        mention = self._mention(index)
        if mention is not None:
            person = mention.entity.tipo is TipoEntidad.PERSONA
            apart = comma and (not person or self._has_own_verb(mention.last, stop))
            return (None if apart or mention.entity.tipo not in _ACTING else Who(mention.entity)), True
        if self._words[index] in _PRONOUNS:
            entity = self._references.pronoun(index)
            return (Who(entity) if entity is not None else None), entity is not None
        # Portuguese: «afirmou a ministra Ana Rey».
        holder = self._holder(index, 1, stop)
        return holder, holder is not None

    def _mention(self, index: int) -> Mention | None:
        mention = self._at.get(index)
        quoted = mention is not None and self._page.is_quoted(self._page.tokens.starts[index])
        return None if quoted else mention

    def _is_adverb(self, index: int) -> bool:
        word = self._words[index]
        return word in folded("lengua", "adverbios") or word.endswith("mente")

    def _ends_clause(self, index: int) -> bool:
        word = self._words[index]
        return (
            word in _CUT or word in folded("lengua", "abren_oracion") or word == '"' or index in self._verbs
        )

    def _has_own_verb(self, index: int, stop: int) -> bool:
        """Returns whether a finite verb follows a name directly: then the name belongs to that verb."""
        return index < stop and index in self._verbs

    def _behind_day(self, index: int, stop: int) -> int | None:
        """Returns the token behind «este lunes», «la semana pasada», «el 3 de mayo»; None for other nouns."""
        for place in range(index, min(stop, index + 2)):
            word = self._words[place]
            if word in folded("lengua", "dias") or word in folded("lengua", "momentos") or word.isdigit():
                return place + 1
        return None

    def _behind_complement(self, index: int, stop: int) -> int:
        """Returns the token behind the noun phrase that a preposition governs."""
        while index < stop and self._words[index] in folded("lengua", "determinantes"):
            index += 1
        mention = self._at.get(index)
        if mention is not None:
            return mention.last
        if index < stop and self._words[index].endswith(_NO_SUBJECT):
            # The object is that of the infinitive: «dijo sin levantar la vista».
            return self._next_comma(index, stop)
        index += 1
        while index < stop and self._is_plain(index):
            index += 1
        return index

    def _next_comma(self, index: int, stop: int) -> int:
        return next((place for place in range(index, stop) if self._words[place] == ","), stop)

    def _noun_phrase(self, index: int, stop: int) -> Who | None:
        """Returns who the noun phrase at an article is: a name in it, whom it refers to, or nobody named."""
        governed, comma = False, False
        end = min(stop, index + _PHRASE_TOKENS)
        holder = self._holder(index, 3, end)
        if holder is not None:
            return holder
        place = index + 1
        while place < end:
            found = self._mention(place)
            if found is not None:
                if not governed and found.entity.tipo in _ACTING:
                    return None if comma and self._has_own_verb(found.last, stop) else Who(found.entity)
                place, comma = found.last, False
                continue
            word = self._words[place]
            if word in folded("lengua", "preposiciones"):
                governed = True
            elif word == ",":
                governed, comma = False, True
            elif self._ends_clause(place):
                break
            elif comma:
                if word not in _ARTICLES and not self._office_here(place):
                    break
                comma = word in _ARTICLES
            place += 1
        return Who(self._references.first(index + 1, min(end, index + 3)))

    def _holder(self, index: int, reach: int, stop: int) -> Who | None:
        """Returns the named holder of an office that stands at most `reach` tokens behind `index`."""
        for mention in self._page.mentions_in(index, min(stop, index + _PHRASE_TOKENS)):
            office = self._office_start(mention)
            if office is not None and index < office <= index + reach and mention.entity.tipo in _ACTING:
                return Who(mention.entity)
        return None

    def _office_here(self, index: int) -> bool:
        return self._page.tokens.verbatim[index].lower() in lowered("personas", "cargos")

    def is_complement(self, mention: Mention) -> bool:
        """Returns whether a preposition governs a mention: «ante el ministro Rey», «(Sedena)»."""
        words = self._words
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
