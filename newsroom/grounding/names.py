"""Finds the place where a text first names an entidad, and refuses what might be somebody else.

These count as the name (its surface forms), in this order:

1. The name, or an alias, exactly as it is spelt.
2. Either of them without case and accents, if the text writes it like a name. A name of one word must begin
   with a capital there (Paz is not paz). An acronym of up to three letters must be in capitals (PAN is not
   Pan).
3. The initials of the name's own words, in capitals: ONU, INE, EE. UU.
4. For a person, two or more neighbouring words of the name with a surname among them: López Obrador, or
   Domingo Perón for Juan Domingo Perón. Failing that, one surname of at least four letters (Sheinbaum).
5. For anything else, its first two or more words: Corte Suprema for Corte Suprema de Justicia.

A part of a name (4 and 5) must begin with a capital in the text. It must not belong to a longer name there:
"Juan Pardo" does not prove Claudia Sheinbaum Pardo, and "Banco Central de Chile" does not prove the Banco
Central de Bolivia.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsroom.grounding.keys import TokenKey
from newsroom.lexicon.heads import generic_heads
from newsroom.lexicon.tables import Use, folded
from newsroom.tokens import Span, Tokens, tokenize

_MAX_WORDS = 12
"""A longer name is a sentence and would have too many parts, so only its full form is looked for."""
_MIN_SURNAME = 4


def _list(name: str, *keys: str) -> frozenset[str]:
    return frozenset().union(*(folded(name, key, Use.PRUEBA) for key in keys))


_ARTICLES = _list("lengua", "articulos")
_CONNECTORS = _list("lengua", "particulas")
_GIVEN_NAMES = _list("personas", "nombres")
_TITLES = _list("personas", "cargos", "tratamientos")
_SENTENCE_OPENERS = _list("lengua", "funcionales")

Match = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in tokens, without quotation marks, a leading article and a final full stop."""

    verbatim: tuple[str, ...]
    loose: tuple[str, ...]

    @property
    def content(self) -> list[int]:
        """The positions of the words that carry the identity."""
        return [
            i
            for i, word in enumerate(self.loose)
            if word[:1].isalnum() and (word not in _CONNECTORS or i == 0)
        ]

    def is_person(self, tipo: str | None) -> bool:
        if tipo is not None:
            return tipo.casefold() == "persona"
        return len(self.content) > 1 and self.loose[0] in _GIVEN_NAMES

    def without_titles(self, tipo: str | None) -> "_Name":
        """Returns the name without titles in front of a person's name (Presidente, Dra.)."""
        first = 0
        while first < len(self.loose) - 1 and (self.loose[first] in _TITLES or self.loose[first] == "."):
            first += 1
        bare = _Name(self.verbatim[first:], self.loose[first:])
        return bare if bare.is_person(tipo) else self


class NameIndex:
    """Finds names in one text."""

    def __init__(self, tokens: Tokens, verbatim: TokenKey, loose: TokenKey) -> None:
        self._tokens = tokens
        self._verbatim = verbatim
        self._loose = loose

    def find(self, nombre: str, alias: Sequence[str], tipo: str | None) -> Span | None:
        """Returns the first place of the best surface form that the text has, or None."""
        names = [name for name in map(_read, (nombre, *alias)) if name]
        if not names:
            return None
        match = self._find_whole(names)
        if match is None and _read(nombre):
            match = self._find_part(names[0], tipo)
        return self._tokens.span(*match) if match else None

    def _find_whole(self, names: Sequence[_Name]) -> Match | None:
        for name in names:
            match = self._verbatim.find(name.verbatim)
            if match:
                return match
        for name in names:
            for match in self._loose.find_all(name.loose):
                if self._is_written_as(name, match):
                    return match
        return None

    def _find_part(self, name: _Name, tipo: str | None) -> Match | None:
        for form in _initials(name):
            match = self._verbatim.find(form)
            if match:
                return match
        if len(name.loose) > _MAX_WORDS:
            return None
        bearer = name.without_titles(tipo)
        parts = _person_parts(bearer) if bearer.is_person(tipo) else _head_parts(name)
        own = frozenset(name.loose)
        for part in parts:
            for match in self._loose.find_all(part):
                if self._is_part(match) and not self._is_longer(match, own):
                    return match
        return None

    def _is_written_as(self, name: _Name, match: Match) -> bool:
        """Returns whether a match that ignored case reads as the name, not as a common word."""
        if len(name.content) != 1:
            return True
        given = name.verbatim[name.content[0]]
        found = self._tokens.verbatim[match[0] + name.content[0]]
        if given.isupper() and 1 < len(given) <= 3:
            return found.isupper()
        return not given[0].isupper() or found[0].isupper()

    def _is_part(self, match: Match) -> bool:
        """Returns whether the match is written like a name, and a surname alone not like a place."""
        first, last = match
        if not (self._is_capital(first) and self._is_capital(last)):
            return False
        return first != last or first == 0 or self._tokens.loose[first - 1] not in _PLACE_PREPOSITIONS

    def _is_longer(self, match: Match, own: frozenset[str]) -> bool:
        """Returns whether the match is a part of a longer name, with words that are not in `own`."""
        before, after = self._before(match[0]), self._after(match[1])
        # Steps over words of the name itself ("Obrador" in "Beatriz López Obrador"), a few words at most.
        for _ in range(_MAX_WORDS):
            if before is not None and self._is_own(before, own):
                before = self._before(before)
            if after is not None and self._is_own(after, own):
                after = self._after(after)
        if after is not None and self._is_foreign(after, own):
            return True
        return (
            before is not None
            and self._is_foreign(before, own | _TITLES | _SENTENCE_OPENERS)
            and not self._tokens.verbatim[before].endswith(_VERB_ENDINGS)
        )

    def _is_own(self, index: int, own: frozenset[str]) -> bool:
        return self._is_capital(index) and self._tokens.loose[index] in own

    def _before(self, index: int) -> int | None:
        """Returns the word before the match that may belong to the same name, also with a hyphen, or None."""
        before = index - 1
        if before > 0 and self._tokens.loose[before] == "-" and self._tokens.touches(index):
            before -= 1
        return before if before >= 0 and self._is_joined(before + 1) else None

    def _after(self, index: int) -> int | None:
        """Returns the word after the match that may belong to the same name, or None.

        Between them "de la" or a hyphen may stand.
        """
        for after in range(index + 1, min(index + 4, len(self._tokens))):
            if not self._is_joined(after):
                return None
            if self._tokens.loose[after] not in _JOINING:
                return after
        return None

    def _is_foreign(self, index: int, own: frozenset[str]) -> bool:
        return self._is_capital(index) and self._tokens.loose[index] not in own

    def _is_capital(self, index: int) -> bool:
        return self._tokens.verbatim[index][0].isupper()

    def _is_joined(self, index: int) -> bool:
        """Returns whether only blanks, and no end of line, stand between the token and the one before."""
        gap = self._tokens.text[self._tokens.ends[index - 1] : self._tokens.starts[index]]
        return not gap.strip() and "\n" not in gap


_JOINING = frozenset(("de", "del", "la", "las", "los", "-"))
_VERB_ENDINGS = ("ó", "aron", "ieron")
"""Endings of verbs: a capital before a name may only begin a sentence with a verb (Volvió Lula)."""
_PLACE_PREPOSITIONS = frozenset(("en", "desde", "hacia"))


def _read(text: str) -> _Name | None:
    tokens = tokenize(text)
    kept = [i for i, word in enumerate(tokens.verbatim) if word != '"' and tokens.loose[i]]
    if len(kept) > 2 and tokens.loose[kept[0]] in _ARTICLES:
        del kept[0]
    if len(kept) > 1 and tokens.verbatim[kept[-1]] in ".,;:":
        del kept[-1]
    if not any(tokens.has_letter(i) for i in kept):
        return None
    return _Name(tuple(tokens.verbatim[i] for i in kept), tuple(tokens.loose[i] for i in kept))


def _initials(name: _Name) -> Iterator[tuple[str, ...]]:
    """Yields the acronyms that a name can have: ONU; for two plurals EEUU, EE.UU. and EE UU."""
    content = name.content
    if not 2 <= len(content) <= 8 or not all(name.verbatim[i][0].isupper() for i in content):
        return
    letters = [name.loose[i][0].upper() for i in content]
    if len(letters) > 2:
        yield ("".join(letters),)
    elif all(name.loose[i].endswith("s") for i in content):
        first, second = (letter * 2 for letter in letters)
        yield (first + second,)
        yield (first, ".", second)
        yield (first, second)


def _person_parts(name: _Name) -> Iterator[tuple[str, ...]]:
    """Yields runs of two or more words with a surname, longest and last ones first, then single surnames."""
    content = name.content
    count = len(content)
    for size in range(count - 1, 1, -1):
        for first in range(count - size, -1, -1):
            run = name.loose[content[first] : content[first + size - 1] + 1]
            if any(word not in _GIVEN_NAMES and word not in _CONNECTORS for word in run):
                yield run
    # The first word comes last. It is a surname only if it is no known given name (Lula da Silva).
    for index in (*content[1:], *content[:1]):
        word = name.loose[index]
        if len(word) >= _MIN_SURNAME and word not in _GIVEN_NAMES | _TITLES and word.isalpha():
            yield (word,)


def _head_parts(name: _Name) -> Iterator[tuple[str, ...]]:
    """Yields the beginnings of the name of an institution or a thing, with two content words at least."""
    content = name.content
    if len(content) < 3 or name.loose[0] not in generic_heads(Use.PRUEBA):
        return
    for size in range(len(content) - 1, 1, -1):
        yield name.loose[: content[size - 1] + 1]
