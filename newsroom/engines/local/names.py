"""Finds the names in a text: runs of capitalised words with the words that join them."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from newsroom.engines.local.capitals import Capitals
from newsroom.engines.local.joining import Joiner
from newsroom.language.gazetteer import Known, match_known
from newsroom.language.lists import folded, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import read_finite
from newsroom.language.word_classes import (
    function_words,
    heads,
    is_first_name,
    is_geographic,
    is_surname,
)
from newsroom.numbers.number_words import CURRENCY_WORDS
from newsroom.tokens import Tokens

_DE = frozenset(("de", "del", "de la", "de los", "de las"))
_IN_OFFICE = frozenset(("de", "del", "la", "las", "los", "el", "y", "e", ",", ".", "electo", "electa"))
_MAX_OFFICE_TOKENS = 16
_SHOUTED = 0.7
_ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w-]{1,60}(?:\.[a-z]{2,4}){1,3}/\S*|(?<!\w)[@#]\w+")
_INFINITIVE = tuple(
    f"{end}{clitic}" for end in ("ar", "er", "ir") for clitic in ("", "lo", "la", "los", "las", "le", "nos")
)
_PARTICLES = ("van", "von", "da", "do", "dos", "di", "del", "de")
_ROMAN = re.compile(r"[IVXL]{2,7}")


@dataclass(frozen=True, slots=True)
class Name:
    """One mention of a name: the tokens `first:last`. `known` is its entry in the gazetteer.

    `office` is the token where the office or title before the name begins, None without one. `begins` says
    that its capital may only be the first of a sentence.
    """

    first: int
    last: int
    known: Known | None = None
    office: int | None = None
    begins: bool = False


def find_names(tokens: Tokens, sentences: list[Sentence]) -> list[Name]:
    """Returns the mentions of names in order, none overlapping another."""
    found: list[Name] = []
    surnames, addresses = _surnames(tokens), _find_addresses(tokens)
    for sentence in sentences:
        if _is_shouted(tokens, sentence) or _is_foreign(tokens, sentence):
            found.extend(_find_known(tokens, sentence))
        else:
            found.extend(_Finder(tokens, sentence, surnames, addresses).run())
    return found


def _surnames(tokens: Tokens) -> frozenset[str]:
    """Returns the words after first names. «Olivera» alone is a name if «Beatriz Olivera» is in the text."""
    found = set()
    for index in range(1, len(tokens)):
        raw, before = tokens.verbatim[index], tokens.verbatim[index - 1]
        if (raw[0].isupper() and before[0].isupper() and is_first_name(tokens.loose[index - 1])) or (
            raw[0].isupper() and before in ("van", "von", "der", "den", "da", "do", "dos", "di", "de")
        ):
            found.add(tokens.loose[index])
    return frozenset(word for word in found if word not in lowered("lengua", "funcionales"))


def _find_known(tokens: Tokens, sentence: Sentence) -> Iterator[Name]:
    """Yields the known names of a line in capitals, such as «CIUDAD DE GUATEMALA (AP)»."""
    index = sentence.first
    while index < sentence.last:
        known = match_known(tokens, index, sentence.last)
        if known is not None:
            yield Name(index, known[1], known[0])
        index = known[1] if known is not None else index + 1


def _is_foreign(tokens: Tokens, sentence: Sentence) -> bool:
    """Returns whether a sentence is in a language whose capitals these rules cannot read, such as English."""
    words = tokens.loose[sentence.first : sentence.last]
    foreign = sum(1 for word in words if word in folded("lengua", "extranjeras"))
    own = sum(
        1 for word in words if word in folded("lengua", "preposiciones") or word in ("el", "la", "que", "y")
    )
    return foreign > 1 and foreign > own


def _find_addresses(tokens: Tokens) -> frozenset[int]:
    """Returns the tokens inside addresses of the web, handles and hashtags: t.co/Xy, @Ana, #Ya."""
    spans = (match.span() for match in _ADDRESS.finditer(tokens.text))
    return frozenset(
        index
        for start, end in spans
        for index in range(bisect_left(tokens.starts, start), bisect_left(tokens.starts, end))
    )


def _is_shouted(tokens: Tokens, sentence: Sentence) -> bool:
    """Returns whether a line is a heading in capitals. There a capital does not show a name."""
    words = [i for i in range(sentence.first, sentence.last) if tokens.has_letter(i)]
    upper = sum(1 for i in words if len(tokens.verbatim[i]) > 1 and tokens.verbatim[i].isupper())
    return len(words) > 3 and upper > _SHOUTED * len(words)


class _Finder:
    """Reads one sentence from left to right."""

    def __init__(
        self, tokens: Tokens, sentence: Sentence, surnames: frozenset[str], addresses: frozenset[int]
    ) -> None:
        self._at = Capitals(tokens, sentence)
        self._surnames, self._addresses = surnames, addresses
        self._joiner = Joiner(self._at)

    def run(self) -> list[Name]:
        found: list[Name] = []
        index = self._at.first
        office: int | None = None
        while index < self._at.last:
            if self._at.is_title(index):
                # An article begins another office: «a periodistas el presidente».
                again = self._at.word(index - 1) in ("el", "la") if index > self._at.first else False
                office = index if office is None or again else office
                index += 1
                continue
            name = self._read(index)
            if name is None:
                office = office if office is not None and self._keeps_office(office, index) else None
                index += 1
            elif office is not None and self._completes_office(office, name.first):
                found.append(name)
                index = name.last
            else:
                found.append(replace(name, office=office))
                index, office = name.last, None
        return found

    def _keeps_office(self, office: int, index: int) -> bool:
        """Returns whether the word here can stand between an office and its holder."""
        if index - office > _MAX_OFFICE_TOKENS:
            return False
        if self._at.word(index - 1) == "," and self._at.word(index) not in ("el", "la"):
            # After the comma only the name can follow.
            return False
        raw = self._at.raw(index)
        if raw in "()":
            acronym = index + 1 if raw == "(" else index - 1
            return acronym < self._at.last and self._at.is_acronym(acronym)
        if index - 1 == office and raw.islower() and raw.isalpha() and read_finite(raw) is None:
            # Adjectives are allowed: «presidente guatemalteco», «líder opositor».
            return self._at.word(index) not in function_words() or self._at.word(index) in _IN_OFFICE
        adjective = raw[0].islower() and raw.endswith(
            ("l", "or", "ora", "ivo", "iva", "ario", "aria", "ico", "ica")
        )
        return self._at.word(index) in _IN_OFFICE or adjective

    def _completes_office(self, office: int, index: int) -> bool:
        """Returns whether the name belongs to the office: Argentina in «presidente de Argentina»."""
        before = index - 1
        if self._at.word(before) == "(":
            # «Presidenta de la Corte (CG), Elena Pons».
            return True
        while before > office and self._at.word(before) in ("la", "los", "las", "el"):
            before -= 1
        return before > office and self._at.word(before) in ("de", "del", "en", "por", "y", "e")

    def _read(self, index: int) -> Name | None:
        lower_head = self._read_lower_head(index)
        if lower_head is not None:
            return lower_head
        if not self._at.is_capital(index) or index in self._addresses or self._is_verb(index):
            return None
        known = None if self._is_article_of_body(index) else self._at.known(index)
        if known is None and not self._can_begin(index):
            return None
        end = self._joiner.extend(index, known[1] if known is not None else index + 1)
        if known is None or end != known[1]:
            known = match_known(self._at.tokens, index, end)
        whole = known[0] if known is not None and known[1] == end else None
        return Name(index, end, whole, begins=self._begins_phrase(index))

    def _is_verb(self, index: int) -> bool:
        """Returns whether a party's name is a verb here: «Podemos ganar», «Vamos a votar»."""
        at, following = self._at, self._at.raw(index + 1) if index + 1 < self._at.last else ""
        infinitive = following.islower() and not read_finite(following) and following.endswith(_INFINITIVE)
        return self._begins_phrase(index) and (infinitive or following == "a") and at.is_common(index)

    def _is_article_of_body(self, index: int) -> bool:
        """Returns whether an article only begins a sentence about a body, as in «La Unión de Maestros»."""
        at, head = self._at, index + 1
        if at.word(index) not in folded("lengua", "articulos") or not self._begins_phrase(index):
            return False
        if head >= at.last or at.word(head) not in heads():
            return False
        join = at.connector(head + 1, _DE)
        return at.is_capital(head + 1) or (join is not None and at.is_capital(join))

    def _read_lower_head(self, index: int) -> Name | None:
        """Returns a body whose first word is in lower case, or None: «ministerio de Economía»."""
        at = self._at
        if at.is_capital(index):
            return None
        if at.word(index) in folded("organismos", "pegadas") and at.is_capital(index + 1):
            return Name(index, self._joiner.extend(index, index + 2))
        if at.word(index) not in folded("organismos", "cabezas_minusculas"):
            return None
        join = at.connector(index + 1, _DE)
        if join is None or not at.is_capital(join):
            return None
        if at.word(index) == "gobierno" and not at.is_place(join):
            return None
        return Name(index, self._joiner.extend(index, join + 1))

    def _can_begin(self, index: int) -> bool:
        """Returns whether a capital begins a name, not only a sentence."""
        at, word = self._at, self._at.word(index)
        if _ROMAN.fullmatch(at.raw(index)) or self._is_money(index):
            return False
        if is_first_name(word) and at.is_capital(index + 1) and at.word(index + 1) not in function_words():
            # «Julio Paz» and «Segundo Ruiz»: a month or an ordinal that is a first name.
            return True
        if self._is_alias(index) or self._is_particle(index):
            return True
        if word in function_words():
            return self._is_nickname(index) or self._is_initial(index)
        if not self._begins_phrase(index) or at.is_acronym(index):
            return True
        if is_first_name(word) or (is_surname(word) and not at.is_common(index)) or word in self._surnames:
            return True
        follows = at.is_capital(index + 1)
        if word in heads():
            join = at.connector(index + 1, _DE)
            return follows or (join is not None and at.is_capital(join))
        return follows if is_geographic(word) else not at.is_common(index)

    def _is_alias(self, index: int) -> bool:
        """Returns whether «alias» stands before the word and its quotation mark."""
        at = self._at
        before = index - 2 if index > at.first and at.raw(index - 1) == '"' else index - 1
        return before >= at.first and at.word(before) in folded("lengua", "apodan")

    def _is_particle(self, index: int) -> bool:
        """Returns whether a surname with its particle stands here: «Van der Berg», if a person bears it."""
        at, end = self._at, index + 1
        while end < at.last and at.word(end) in ("der", "den", "la", "los", "las") and end - index < 3:
            end += 1
        known = at.is_capital(end) and at.word(end) in self._surnames
        return at.word(index) in _PARTICLES and known

    def _is_initial(self, index: int) -> bool:
        """Returns whether a small word in upper case begins a name inside a sentence: «de Nuevo Pacto»."""
        at = self._at
        initial = at.word(index) in folded("organismos", "iniciales")
        join = at.connector(index + 1, _DE) if at.word(index) in heads() else index + 1
        goes_on = at.is_capital(index + 1) or (join is not None and at.is_capital(join))
        return initial and goes_on and not self._begins_phrase(index)

    def _is_money(self, index: int) -> bool:
        """Returns whether a currency stands here: US$ 40 millones, Q148, francos CFA."""
        at = self._at
        if at.tokens.touches(index + 1) and index + 1 < at.last and at.raw(index + 1) == "$":
            return True
        glued = re.fullmatch(r"[A-Z]{1,2}\d{1,12}", at.raw(index)) is not None
        behind_currency = index > at.first and at.word(index - 1) in CURRENCY_WORDS
        return (glued and at.raw(index)[0] in "QLCBS") or (behind_currency and at.is_acronym(index))

    def _begins_phrase(self, index: int) -> bool:
        if index == self._at.first:
            return True
        before = self._at.raw(index - 1)
        return not before[0].isalnum() and before not in (",", ";", "(", ")", "/", "&", "%", "°", "º")

    def _is_nickname(self, index: int) -> bool:
        """Returns whether a nickname in quotation marks stands here: “El Diablo”, “Los Pulpos”."""
        at = self._at
        if (
            at.word(index) not in folded("lengua", "articulos")
            or index == at.first
            or at.raw(index - 1) != '"'
        ):
            return False
        end = index + 1
        while end < at.last and at.is_capital(end):
            end += 1
        return index + 1 < end < at.last and at.raw(end) == '"'
