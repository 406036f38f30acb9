"""Where names stand in a text: runs of capitalised words with what joins them."""

from dataclasses import dataclass

from newsroom.engines.local.gazetteer import Known, match_known
from newsroom.engines.local.lexicon import (
    function_words,
    head_kind,
    heads,
    is_first_name,
    is_geographic,
    is_office,
    is_surname,
    is_title,
)
from newsroom.engines.local.rules import folded
from newsroom.engines.local.sentences import Sentence
from newsroom.engines.local.verbs import is_common_word
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import Tokens

_LONG_JOINING = frozenset(
    (TipoEntidad.INSTITUCION, TipoEntidad.NORMATIVA, TipoEntidad.EVENTO, TipoEntidad.CONCEPTO)
)
_MAX_NAME_TOKENS = 18


@dataclass(frozen=True, slots=True)
class Name:
    """One mention of a name: tokens `first:last` of the text; `known` is its entry in the gazetteer.

    `office` is where the office or title before it begins (a token), None without one.
    """

    first: int
    last: int
    known: Known | None = None
    office: int | None = None


def find_names(tokens: Tokens, sentences: list[Sentence]) -> list[Name]:
    """Returns the mentions of names in order, none overlapping another."""
    found: list[Name] = []
    for sentence in sentences:
        finder = _Finder(tokens, sentence)
        found.extend(finder.run())
    return found


class _Finder:
    """Reads one sentence from left to right."""

    def __init__(self, tokens: Tokens, sentence: Sentence) -> None:
        self._tokens = tokens
        self._first, self._last = sentence.first, sentence.last
        words = [i for i in range(self._first, self._last) if tokens.has_letter(i)]
        upper = sum(1 for i in words if len(tokens.verbatim[i]) > 1 and tokens.verbatim[i].isupper())
        # A line in capitals (a heading) shows no names.
        self._is_shouted = len(words) > 3 and upper > 0.7 * len(words)

    def run(self) -> list[Name]:
        found: list[Name] = []
        index = self._first
        office: int | None = None
        while index < self._last:
            if self._is_title_at(index):
                office = index if office is None else office
                index += 1
                continue
            name = None if self._is_shouted else self._read(index)
            if name is None:
                office = office if self._keeps_office(index) else None
                index += 1
            else:
                found.append(Name(name.first, name.last, name.known, office))
                index, office = name.last, None
        return found

    def _word(self, index: int) -> str:
        return self._tokens.loose[index]

    def _is_capital(self, index: int) -> bool:
        if not self._first <= index < self._last:
            return False
        raw = self._tokens.verbatim[index]
        return raw[0].isupper() or (raw[0].isdigit() and len(raw) > 1 and raw[1:].isupper() and raw.isalnum())

    def _is_title_at(self, index: int) -> bool:
        """Tells whether an office or title stands here, in any case of letters, before something else."""
        word = self._word(index)
        if not (
            is_office(self._tokens.verbatim[index].lower()) or is_title(self._tokens.verbatim[index].lower())
        ):
            return False
        if not self._is_capital(index):
            return True
        known = match_known(self._tokens, index, self._last)
        return known is None and not (is_first_name(word) and self._is_capital(index + 1))

    def _keeps_office(self, index: int) -> bool:
        """Tells whether what stands here can come between an office and its holder: «ministro de Salud, Ana»."""
        word = self._word(index)
        return word in (
            "de",
            "del",
            "la",
            "las",
            "los",
            "el",
            "y",
            ",",
            ".",
            "electo",
            "electa",
            "federal",
        ) or (
            not self._tokens.verbatim[index][0].isupper()
            and self._tokens.is_word(index)
            and word.endswith("l")
        )

    def _read(self, index: int) -> Name | None:
        lower_head = self._read_lower_head(index)
        if lower_head is not None:
            return lower_head
        if not self._is_capital(index):
            return None
        known = match_known(self._tokens, index, self._last)
        if known is None and not self._can_begin(index):
            return None
        end = known[1] if known is not None else index + 1
        end = self._extend(index, end)
        if known is not None and end == known[1]:
            return Name(index, end, known[0])
        longer = match_known(self._tokens, index, end)
        return Name(index, end, longer[0] if longer is not None and longer[1] == end else None)

    def _read_lower_head(self, index: int) -> Name | None:
        """Reads «ministerio de Economía»: a body whose head is in lower case."""
        if self._word(index) not in folded("organismos", "cabezas_minusculas") or self._is_capital(index):
            return None
        join = self._connector(index + 1, ("de", "del", "de la", "de los", "de las"))
        if join is None or not self._is_capital(join):
            return None
        if self._word(index) == "gobierno" and not self._is_place(join):
            return None
        return Name(index, self._extend(index, join + 1))

    def _is_place(self, index: int) -> bool:
        known = match_known(self._tokens, index, self._last)
        return known is not None and known[0].tipo is TipoEntidad.LUGAR

    def _begins_phrase(self, index: int) -> bool:
        """Tells whether the capital at `index` may only be the beginning of a sentence."""
        if index == self._first:
            return True
        before = self._tokens.verbatim[index - 1]
        return not before[0].isalnum() and before not in (",", ";", ")", "/", "&", "%", "°", "º")

    def _can_begin(self, index: int) -> bool:
        word, raw = self._word(index), self._tokens.verbatim[index]
        if word in function_words():
            return self._is_nickname(index)
        if not self._begins_phrase(index):
            return True
        if raw.isupper() and len(raw) > 1:
            return True
        follows_capital = self._is_capital(index + 1)
        if is_first_name(word) or (is_surname(word) and not is_common_word(raw.lower())):
            return True
        if word in heads():
            return follows_capital or self._joins_capital(index)
        if is_geographic(word):
            return follows_capital
        return not is_common_word(raw.lower())

    def _is_nickname(self, index: int) -> bool:
        """Tells whether «El Diablo», «Los Pulpos» stands here, in marks of its own."""
        tokens = self._tokens
        return (
            self._word(index) in folded("lengua", "articulos")
            and index > self._first
            and tokens.verbatim[index - 1] == '"'
            and self._is_capital(index + 1)
        )

    def _joins_capital(self, index: int) -> bool:
        join = self._connector(index + 1, ("de", "del", "de la", "de los", "de las"))
        return join is not None and self._is_capital(join)

    def _extend(self, first: int, end: int) -> int:
        """Returns the token behind the name that begins at `first` and has come to `end`."""
        kind = head_kind(list(self._tokens.loose[first:end]))
        while end < self._last and end - first < _MAX_NAME_TOKENS:
            further = self._step(first, end, kind)
            if further is None:
                break
            end = further
            kind = head_kind(list(self._tokens.loose[first : min(end, first + 4)]))
        return end

    def _step(self, first: int, end: int, kind: TipoEntidad | None) -> int | None:
        tokens = self._tokens
        raw = tokens.verbatim[end]
        if self._is_capital(end) and tokens.is_word(end):
            return None if self._starts_other(first, end, kind) else self._known_end(end)
        if raw[0].isdigit() and (self._word(first) in folded("organismos", "numeradas") or self._word(end - 1) in folded("organismos", "numeradas")):
            return end + 1
        if raw in ("-", '"', "&", "/") and self._is_capital(end + 1):
            glued = tokens.touches(end) and tokens.touches(end + 1)
            return end + 2 if (glued and raw != "/") or raw == "&" else None
        if raw == "-" and tokens.touches(end) and end + 1 < self._last and tokens.touches(end + 1):
            return end + 2 if tokens.verbatim[end + 1][0].isdigit() else None
        if raw == "." and tokens.touches(end):
            initial = len(tokens.verbatim[end - 1]) <= 2 and tokens.verbatim[end - 1].isupper()
            return end + 1 if initial and self._is_capital(end + 1) else None
        return self._join(first, end, kind)

    def _known_end(self, index: int) -> int:
        known = match_known(self._tokens, index, self._last)
        return known[1] if known is not None else index + 1

    def _starts_other(self, first: int, index: int, kind: TipoEntidad | None) -> bool:
        """Tells whether a capital directly behind a name begins another: «Ministerio Público Ana Ruiz»."""
        word = self._word(index)
        if self._is_title_at(index) and kind is None and not is_surname(word):
            return True
        if is_first_name(word) and not is_first_name(self._word(first)) and self._is_body(first, index):
            return True
        return word in function_words() and index + 1 < self._last and not self._is_capital(index + 1)

    def _is_body(self, first: int, end: int) -> bool:
        """Tells whether the name up to `end` is an acronym or a known body: «Junts Eduard Pujol» are two."""
        known = match_known(self._tokens, first, end)
        whole = known is not None and known[1] == end and known[0].tipo is not TipoEntidad.LUGAR
        raw = self._tokens.verbatim[first]
        return whole or (end - first == 1 and raw.isupper() and len(raw) > 1 and not self._is_in_capitals(end))

    def _is_in_capitals(self, index: int) -> bool:
        raw = self._tokens.verbatim[index]
        return raw.isupper() and len(raw) > 1

    def _connector(self, index: int, joining: tuple[str, ...]) -> int | None:
        """Returns the token behind the longest joining words at `index`, None if there are none."""
        words = self._tokens.loose
        for size in (3, 2, 1):
            if index + size < self._last and " ".join(words[index : index + size]) in joining:
                return index + size
        return None

    def _join(self, first: int, end: int, kind: TipoEntidad | None) -> int | None:
        short = self._connector(end, tuple(folded("lengua", "conectores")))
        if short is not None and self._is_capital(short):
            return self._known_end(short) if self._may_join(first, end, short, kind) else None
        if kind not in _LONG_JOINING:
            return self._join_surnames(first, end)
        long = self._connector(end, tuple(folded("lengua", "conectores_largos")))
        if long is None or not self._is_capital(long):
            return None
        return self._known_end(long) if self._may_join_long(first, end, long, kind) else None

    def _may_join(self, first: int, end: int, following: int, kind: TipoEntidad | None) -> bool:
        word = self._word(following)
        joining = self._word(end)
        if joining in ("la", "al") and (joining == "la" or kind is None):
            return False
        if kind is not None or (end - first == 1 and is_geographic(self._word(first))):
            return not is_first_name(word) or kind in (TipoEntidad.LUGAR, TipoEntidad.INSTITUCION)
        if self._tokens.verbatim[following].isupper() and len(word) > 1:
            return False
        whole = match_known(self._tokens, first, self._last)
        if whole is not None and whole[1] == end and not is_first_name(self._word(first)):
            return False
        known = match_known(self._tokens, following, self._last)
        if known is not None:
            # «Sánchez de España» are two names; «Ponce de León» is one.
            return is_surname(word) and end - first <= 2 and known[0].tipo is TipoEntidad.LUGAR
        # «Relevamiento de Expectativas del Mercado»: behind a common noun anything may follow.
        common = is_common_word(self._tokens.verbatim[first].lower()) and not is_surname(self._word(first))
        return (common or word not in heads()) and not self._is_title_at(following)

    def _is_plain_noun(self, index: int) -> bool:
        """Tells whether a capital is a common noun: the Delitos of «Fiscalía Especializada en Delitos»."""
        plain = is_common_word(self._tokens.verbatim[index].lower()) and self._word(index) not in heads()
        return plain and match_known(self._tokens, index, self._last) is None

    def _may_join_long(self, first: int, end: int, following: int, kind: TipoEntidad | None) -> bool:
        word = self._word(following)
        if self._word(end) not in ("y", "e"):
            return kind is not TipoEntidad.EVENTO and (
                self._word(end) in ("para", "por", "sobre", "contra")
                or (self._word(end) in ("en", "con", "entre") and self._is_plain_noun(following))
            )
        if is_first_name(word) or self._tokens.verbatim[following].isupper():
            return False
        if self._word(first) in folded("organismos", "cabezas_de_materia") and following == end + 1:
            return not self._is_place(following)
        if word in heads():
            return False
        if self._word(end - 1) in heads() and end - 1 > 0:
            return False
        known = match_known(self._tokens, following, self._last)
        return known is None and following == end + 1

    def _join_surnames(self, first: int, end: int) -> int | None:
        """«Ortega y Gasset», «Ramón y Cajal»: only behind a first name and between two surnames."""
        if self._word(end) != "y" or end - first != 2 or not is_first_name(self._word(first)):
            return None
        following = end + 1
        joined = (
            self._is_capital(following)
            and is_surname(self._word(end - 1))
            and not is_first_name(self._word(following))
        )
        return (
            following + 1
            if joined and not self._is_capital(following + 1) and not is_surname(self._word(following))
            else None
        )
