"""Finds the words that attribute a quotation to its speaker: «dijo Ana Rey», «según Rey», «Ana Rey: ...».

A speaker is proved like the quotation's words. Refused is a speaker whom no word near the quotation names or
carries on, and one where the words right behind it name somebody else. It does not understand who
«la ministra» is: a verb of saying with such a subject, or without one, is let pass.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from newsroom.language.lists import folded
from newsroom.language.verbs import may_say, read_participle
from newsroom.tokens import Span, Tokens, tokenize

_BEHIND, _LATEST_VERB, _SUBJECT = 40, 8, 8
_FAR_LINES = 3
_MIN_WORD = 3
_UNNAMED = frozenset(
    ("un", "una", "uno", "unos", "unas", "otro", "otra", "varios", "varias", "algunos", "algunas")
)
_ACCORDING = ("segun", "juicio", "palabras", "opinion")
_ENDS = frozenset((".", ";", "?", "!", '"'))


def find_attribution(tokens: Tokens, quote: Span, names: Iterable[str], rivals: Iterable[str]) -> Span | None:
    """Returns the words near `quote` that attribute it, or None if the text does not attribute it so.

    Args:
        tokens: the text.
        quote: the quotation's place in it.
        names: the name and aliases of the speaker.
        rivals: the names and aliases of the other people in the text.
    """
    return _Around(tokens, quote, _distinctive(names), _distinctive(rivals)).find()


def _distinctive(names: Iterable[str]) -> frozenset[str]:
    """Returns the words of names that tell one from another."""
    words = {word for name in names for word in tokenize(name).loose if word[:1].isalnum()}
    long = {word for word in words if len(word) >= _MIN_WORD}
    return frozenset(long or words)


class _Around:
    """The words around one quotation."""

    def __init__(self, tokens: Tokens, quote: Span, names: frozenset[str], rivals: frozenset[str]) -> None:
        self._tokens, self._quote = tokens, quote
        self._names, self._rivals = names, rivals - names
        self._first = bisect_left(tokens.starts, quote.offset_inicio)

    def find(self) -> Span | None:
        said, refused = self._behind()
        if refused:
            return None
        return said or self._in_line() or self._near()

    def _behind(self) -> tuple[Span | None, bool]:
        """Returns the words behind the quotation that attribute it, and whether they name somebody else."""
        clause = self._clause_behind()
        verb = next((place for place in clause[:_LATEST_VERB] if self._attributes(place)), None)
        if verb is None:
            return None, False
        rest = [place for place in clause if place >= verb]
        own = next((place for place in rest if self._loose(place) in self._names), None)
        if own is not None:
            name = self._whole(own)
            return Span(min(self._tokens.starts[verb], name.offset_inicio), name.offset_fin), False
        subject = rest[1 : 1 + _SUBJECT]
        if self._is_unnamed(subject) or self._names_rival(subject):
            return None, True
        return self._tokens.span(verb, verb), False

    def _clause_behind(self) -> list[int]:
        place = self._first
        while place < len(self._tokens) and self._tokens.starts[place] < self._quote.offset_fin:
            place += 1
        while place < len(self._tokens) and not self._tokens.is_word(place) and not self._breaks(place):
            place += 1
        found: list[int] = []
        while place < len(self._tokens) and len(found) < _BEHIND:
            if self._breaks(place) or self._tokens.verbatim[place] in _ENDS:
                break
            found.append(place)
            place += 1
        return found

    def _is_unnamed(self, places: Sequence[int]) -> bool:
        """Returns whether the subject behind a verb is somebody without a name: «dijo una vecina»."""
        words = [self._loose(place) for place in places[:2]]
        return (
            bool(words) and words[0] not in folded("lengua", "preposiciones") and bool(_UNNAMED & set(words))
        )

    def _names_rival(self, places: Sequence[int]) -> bool:
        """Returns whether the subject behind a verb is another person: a name that no preposition governs."""
        for place in places:
            word = self._loose(place)
            if word in folded("lengua", "preposiciones") or word in (",", "que"):
                return False
            if word in self._rivals and self._tokens.verbatim[place][0].isupper():
                return True
        return False

    def _in_line(self) -> Span | None:
        """Returns the words of the quotation's own line that name the speaker or say that somebody speaks."""
        first = self._first
        while first > 0 and not self._breaks(first):
            first -= 1
        last = self._first
        while last < len(self._tokens) and (last == first or not self._breaks(last)):
            last += 1
        outside = [place for place in range(first, last) if not self._is_inside(place)]
        return (
            self._named(outside, self._first)
            or next((self._tokens.span(place, place) for place in outside if self._attributes(place)), None)
            or self._label(first)
        )

    def _label(self, first: int) -> Span | None:
        """Returns the label of a line that answers in an interview: «R.», «—»."""
        head = self._tokens.loose[first : first + 2]
        labelled = head[:1] == ["-"] or head[:1] in (["r"], ["respuesta"])
        return self._tokens.span(first, min(first + 1, len(self._tokens) - 1)) if labelled else None

    def _near(self) -> Span | None:
        """Returns the nearest mention of the speaker, or verb of saying, a few lines away."""
        low = high = self._first
        for _ in range(_FAR_LINES):
            low = next((i for i in range(low - 1, 0, -1) if self._breaks(i)), 0)
            high = next((i for i in range(high + 1, len(self._tokens)) if self._breaks(i)), len(self._tokens))
        outside = [place for place in range(low, high) if not self._is_inside(place)]
        return self._named(outside, self._first)

    def _named(self, places: Sequence[int], around: int) -> Span | None:
        named = [
            place
            for place in places
            if self._loose(place) in self._names and not self._tokens.verbatim[place][0].islower()
        ]
        if not named:
            return None
        return self._whole(min(named, key=lambda place: abs(place - around)))

    def _whole(self, place: int) -> Span:
        """Returns the name around one of its words."""
        first = last = place
        while first > 0 and self._loose(first - 1) in self._names:
            first -= 1
        while last + 1 < len(self._tokens) and self._loose(last + 1) in self._names:
            last += 1
        return self._tokens.span(first, last)

    def _attributes(self, place: int) -> bool:
        word, raw = self._loose(place), self._tokens.verbatim[place]
        said = (
            may_say(raw)
            or may_say(read_participle(raw) or raw)
            or word in folded("verbos", "decir_tras_cita")
        )
        return (raw.islower() and said) or word in _ACCORDING

    def _is_inside(self, place: int) -> bool:
        return self._quote.offset_inicio <= self._tokens.starts[place] < self._quote.offset_fin

    def _breaks(self, place: int) -> bool:
        before = self._tokens.ends[place - 1] if place else 0
        return "\n" in self._tokens.text[before : self._tokens.starts[place]]

    def _loose(self, place: int) -> str:
        return self._tokens.loose[place]
