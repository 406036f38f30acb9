"""Finds where a name ends: which of the words after its first word belong to it."""

from newsroom.engines.local.capitals import Capitals
from newsroom.engines.local.gazetteer import match_known
from newsroom.engines.local.rules import folded
from newsroom.engines.local.word_classes import (
    function_words,
    head_kind,
    heads,
    is_first_name,
    is_geographic,
    is_surname,
)
from newsroom.models.vocabulario import TipoEntidad

_LONG_JOINING = frozenset(
    (TipoEntidad.INSTITUCION, TipoEntidad.NORMATIVA, TipoEntidad.EVENTO, TipoEntidad.CONCEPTO)
)
_MAX_NAME_TOKENS = 18
_HEAD_TOKENS = 4
_ORDINALS = frozenset(("primero", "primera", "segundo", "segunda", "tercero", "tercera", "unico"))
_CAUSES = frozenset(("por", "para", "en", "contra"))


class Joiner:
    """Lengthens the names of one sentence."""

    def __init__(self, capitals: Capitals) -> None:
        self._at = capitals

    def extend(self, first: int, end: int) -> int:
        """Returns the token behind the whole name that begins at `first` and is read up to `end`."""
        kind = self._kind(first, end)
        while end < self._at.last and end - first < _MAX_NAME_TOKENS:
            further = self._step(first, end, kind)
            if further is None:
                break
            end = further
            kind = self._kind(first, end)
        return end

    def _kind(self, first: int, end: int) -> TipoEntidad | None:
        return head_kind(list(self._at.tokens.loose[first : min(end, first + _HEAD_TOKENS)]))

    def _step(self, first: int, end: int, kind: TipoEntidad | None) -> int | None:
        at, raw = self._at, self._at.raw(end)
        if at.is_capital(end) and at.tokens.is_word(end):
            return None if self._starts_other(first, end, kind) else at.known_end(end)
        if raw[0].isdigit():
            numbered = folded("organismos", "numeradas")
            return end + 1 if at.word(first) in numbered or at.word(end - 1) in numbered else None
        if not raw[0].isalpha():
            return self._step_over_mark(end)
        return self._join(first, end, kind)

    def _step_over_mark(self, end: int) -> int | None:
        """Returns the token behind a mark that continues a name, or None.

        Such marks are in Pérez-Castejón, O'Higgins, J. P. Morgan and COVID-19.
        """
        at, tokens, raw = self._at, self._at.tokens, self._at.raw(end)
        glued = tokens.touches(end) and tokens.touches(end + 1)
        if raw == "." and tokens.touches(end):
            initial = len(at.raw(end - 1)) <= 2 and at.raw(end - 1).isupper()
            return end + 1 if initial and at.is_capital(end + 1) else None
        if raw in ("-", '"', "&") and at.is_capital(end + 1):
            return end + 2 if glued or raw == "&" else None
        numbered = raw == "-" and glued and end + 1 < at.last and at.raw(end + 1)[0].isdigit()
        return end + 2 if numbered else None

    def _starts_other(self, first: int, index: int, kind: TipoEntidad | None) -> bool:
        """Returns whether a capital right after a name begins another: «Ministerio Público Ana Ruiz»."""
        at, word = self._at, self._at.word(index)
        if at.is_title(index) and kind is None and not is_surname(word):
            return True
        if self._is_whole_place(first, index) and is_first_name(word) and at.is_capital(index + 1):
            # «desde San José Martha Picado».
            return True
        if not is_first_name(at.word(first)) and self._is_body(first, index):
            person = is_first_name(word) or (at.is_unknown(index) and at.is_capital(index + 1))
            if person:
                return True
        # The O of O'Higgins is no conjunction.
        apart = index + 1 < at.last and at.raw(index + 1) != '"' and not at.is_capital(index + 1)
        # «Juzgado Tercero de Distrito».
        ordinal = kind is TipoEntidad.INSTITUCION and word in _ORDINALS
        return word in function_words() and apart and not ordinal

    def _is_whole_place(self, first: int, end: int) -> bool:
        known = match_known(self._at.tokens, first, end)
        return known is not None and known[1] == end and known[0].tipo is TipoEntidad.LUGAR

    def _is_body(self, first: int, end: int) -> bool:
        """Returns whether the name up to `end` is an acronym or a known body.

        Then a person's name after it is another name: «Junts Eduard Pujol» are two.
        """
        known = match_known(self._at.tokens, first, end)
        whole = known is not None and known[1] == end and known[0].tipo is not TipoEntidad.LUGAR
        return whole or (end - first == 1 and self._at.is_acronym(first) and not self._at.is_acronym(end))

    def _join(self, first: int, end: int, kind: TipoEntidad | None) -> int | None:
        at = self._at
        short = at.connector(end, folded("lengua", "conectores"))
        if short is not None and at.is_capital(short):
            return at.known_end(short) if self._may_join(first, end, short, kind) else None
        known = at.known(first)
        if known is not None and known[1] == end:
            return None
        if kind is TipoEntidad.ORGANIZACION:
            return self._join_trades(end) or self._join_cause(end)
        if kind not in _LONG_JOINING:
            return self._join_surnames(first, end)
        long = at.connector(end, folded("lengua", "conectores_largos"))
        if long is None or not at.is_capital(long):
            return None
        return at.known_end(long) if self._may_join_long(first, end, long, kind) else None

    def _may_join(self, first: int, end: int, following: int, kind: TipoEntidad | None) -> bool:
        """Returns whether «de» and similar words join the next word to the name."""
        at, word, joining = self._at, self._at.word(following), self._at.word(end)
        if joining in ("la", "al") and (joining == "la" or kind is None):
            return False
        if kind is not None or (end - first == 1 and is_geographic(at.word(first))):
            # In «Trabajadores de la Luz» the article shows that Luz is no person, as in Luz Rey.
            thing = at.word(end + 1) in ("la", "las", "los") and not at.is_capital(following + 1)
            return not is_first_name(word) or thing or kind in (TipoEntidad.LUGAR, TipoEntidad.INSTITUCION)
        if at.is_acronym(following):
            return False
        whole = at.known(first)
        if whole is not None and whole[1] == end and not is_first_name(at.word(first)):
            return whole[0].tipo is TipoEntidad.LUGAR and joining == "de" and at.is_unknown(following)
        if at.known(following) is not None:
            # «Sánchez de España» are two names, and «Ponce de León» is one.
            return is_surname(word) and end - first <= 2 and at.is_place(following)
        # After a common noun any word may follow: «Relevamiento de Expectativas del Mercado».
        common = at.is_common(first) and not is_surname(at.word(first))
        return (common or word not in heads()) and not at.is_title(following)

    def _may_join_long(self, first: int, end: int, following: int, kind: TipoEntidad | None) -> bool:
        """Returns whether «para», «contra» or «y» join the next word: «Hacienda y Crédito Público»."""
        at, word, joining = self._at, self._at.word(following), self._at.word(end)
        if joining not in ("y", "e"):
            plain = joining in ("en", "con", "entre", "a") and self._is_plain_noun(following)
            return kind is not TipoEntidad.EVENTO and (joining in ("para", "por", "sobre", "contra") or plain)
        if is_first_name(word) or at.is_acronym(following) or following != end + 1:
            return False
        if at.word(first) in folded("organismos", "cabezas_de_materia"):
            return not at.is_place(following)
        if word in heads() or (at.word(end - 1) in heads() and end - 1 > first):
            return False
        return at.known(following) is None

    def _is_plain_noun(self, index: int) -> bool:
        """Returns whether a capital is a common noun: Delitos in «Fiscalía Especializada en Delitos»."""
        at = self._at
        return at.is_common(index) and at.word(index) not in heads() and at.known(index) is None

    def _join_trades(self, end: int) -> int | None:
        """Returns the token behind a common noun after «y», or None: «de la Construcción y Anexos»."""
        at, following = self._at, end + 1
        joins = at.word(end) in ("y", "e") and at.is_capital(following) and self._is_plain_noun(following)
        return following + 1 if joins and not is_first_name(at.word(following)) else None

    def _join_cause(self, end: int) -> int | None:
        """Returns the token behind a common noun after «por» or «en», or None.

        Examples: «Alianza por los Derechos Humanos», «Paz en Cifras».
        """
        at = self._at
        long = at.connector(end, folded("lengua", "conectores_largos"))
        if long is None or at.word(end) not in _CAUSES or not at.is_capital(long):
            return None
        if at.is_title(long) or (is_first_name(at.word(long)) and at.is_capital(long + 1)):
            return None
        known = at.known(long)
        plain = at.is_common(long) and (known is None or known[0].tipo is TipoEntidad.CONCEPTO)
        return at.known_end(long) if plain else None

    def _join_surnames(self, first: int, end: int) -> int | None:
        """Returns the token behind a second surname after «y», or None: «Santiago Ramón y Cajal».

        It needs a first name and a surname in front, and it joins only one word.
        """
        at, following = self._at, end + 1
        if at.word(end) != "y" or end - first != 2 or not is_first_name(at.word(first)):
            return None
        if not at.is_capital(following) or at.is_capital(following + 1) or not is_surname(at.word(end - 1)):
            return None
        word = at.word(following)
        return None if is_first_name(word) or is_surname(word) else following + 1
