"""Finds where a name ends: which of the words after its first word belong to it."""

from newsroom.engines.local.capitals import Capitals
from newsroom.language.gazetteer import match_known
from newsroom.language.lists import folded
from newsroom.language.word_classes import (
    function_words,
    head_kind,
    heads,
    is_first_name,
    is_geographic,
    is_surname,
    is_surname_like,
)
from newsroom.models.vocabulario import TipoEntidad

_LONG_JOINING = frozenset(
    (TipoEntidad.INSTITUCION, TipoEntidad.NORMATIVA, TipoEntidad.EVENTO, TipoEntidad.CONCEPTO)
)
_MAX_NAME_TOKENS = 18
_HEAD_TOKENS = 4
_ORDINALS = frozenset(("primero", "primera", "segundo", "segunda", "tercero", "tercera", "unico"))
_BODIES = frozenset((TipoEntidad.INSTITUCION, TipoEntidad.ORGANIZACION))
_NUMBER_SIGNS = frozenset((".", "°", "º", "o"))
_NICKNAME_TOKENS = 3
_LEGAL = frozenset(
    ("organica", "general", "federal", "reguladora", "marco", "especial", "basica", "nacional")
)
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
        behind_number = self._number(end) if kind is TipoEntidad.NORMATIVA else None
        if behind_number is not None:
            return behind_number
        if at.is_capital(end) and at.tokens.is_word(end):
            return None if self._starts_other(first, end, kind) else at.known_end(end)
        if raw[0].isdigit():
            numbered = folded("organismos", "numeradas")
            return end + 1 if at.word(first) in numbered or at.word(end - 1) in numbered else None
        if not raw[0].isalpha():
            return self._step_over_mark(first, end, kind)
        return self._join(first, end, kind)

    def _number(self, index: int) -> int | None:
        """Returns the token behind the number of a norm, or None: N.º 014-2021-MINAM, núm. 247-12."""
        at, signed = self._at, self._at.word(index) in folded("organismos", "signos_de_numero")
        index += signed
        while signed and index < at.last and at.raw(index) in _NUMBER_SIGNS:
            index += 1
        if index >= at.last or not at.raw(index)[0].isdigit():
            return None
        index += 1
        while index + 1 < at.last and at.raw(index) in ("-", "/") and at.tokens.touches(index + 1):
            index += 2
        return index

    def _step_over_mark(self, first: int, end: int, kind: TipoEntidad | None) -> int | None:
        """Returns the token behind a mark that continues a name, or None.

        Such marks are in Pérez-Castejón, O'Higgins, J. P. Morgan and COVID-19.
        """
        at, tokens, raw = self._at, self._at.tokens, self._at.raw(end)
        glued = tokens.touches(end) and tokens.touches(end + 1)
        if raw == "." and tokens.touches(end):
            initial = len(at.raw(end - 1)) <= 2 and at.raw(end - 1).isupper()
            return end + 1 if initial and at.is_capital(end + 1) else None
        if raw == ",":
            return self._invert(first, end) or self._list(first, end, kind)
        if raw == '"' and not glued:
            return self._over_nickname(first, end) if kind is None else None
        decree = raw == "-" and end + 1 < at.last and at.word(end + 1) == "ley"
        if raw in ("-", '"', "&") and (at.is_capital(end + 1) or decree):
            return end + 2 if glued or raw == "&" else None
        numbered = raw == "-" and glued and end + 1 < at.last and at.raw(end + 1)[0].isdigit()
        return end + 2 if numbered else None

    def _invert(self, first: int, comma: int) -> int | None:
        """Returns the token behind the given names of «Salas, Carolina Beatriz», or None."""
        at, end = self._at, comma + 1
        while at.is_capital(end) and is_first_name(at.word(end)):
            end += 1
        given = [at.word(index) for index in range(comma + 1, end)]
        alone = is_surname(at.word(first)) and not is_first_name(at.word(first)) and comma - first <= 2
        return end if alone and len(given) > 1 and not at.is_capital(end) else None

    def _list(self, first: int, comma: int, kind: TipoEntidad | None) -> int | None:
        """Returns the token behind the fields of a body, or None: «Ministerio de Cultura, Ciencia y Turismo».

        A norm goes on in the same way behind its number: «Ley 247-12, Orgánica de la Administración».
        """
        at, index = self._at, comma
        if kind is TipoEntidad.NORMATIVA and at.raw(comma - 1)[0].isdigit():
            return comma + 2 if at.is_capital(comma + 1) and at.word(comma + 1) in _LEGAL else None
        if at.word(first) not in folded("organismos", "cabezas_de_materia"):
            return None
        while index < at.last and at.raw(index) == ",":
            word = index + 1 + (at.word(index + 1) in ("de", "del") if index + 1 < at.last else 0)
            field = at.is_capital(word) and self._is_plain_noun(word) and not is_first_name(at.word(word))
            if not field:
                return None
            index = word + 1
            while at.is_capital(index) and self._is_plain_noun(index):
                index += 1
        last = index + 1
        joins = index < at.last and at.word(index) in ("y", "e") and at.is_capital(last)
        return last + 1 if joins and self._is_plain_noun(last) else None

    def _over_nickname(self, first: int, mark: int) -> int | None:
        """Returns the token behind the surname of «Nélida "La Tigra" Ríos», or None."""
        at, end = self._at, mark + 1
        while at.is_capital(end) and end - mark <= _NICKNAME_TOKENS:
            end += 1
        closed = end > mark + 1 and end + 1 < at.last and at.raw(end) == '"' and at.is_capital(end + 1)
        return end + 2 if closed and is_first_name(at.word(first)) and mark - first <= 2 else None

    def _begins_person(self, first: int, index: int, kind: TipoEntidad | None) -> bool:
        """Returns whether a person's name begins behind a body's: «Tribunal Supremo Ana Ruiz»."""
        at = self._at
        named_after = at.word(first) in folded("organismos", "homenajean")
        body = kind in _BODIES or (kind is None and at.is_common(first) and not is_surname(at.word(first)))
        if named_after or not body or is_first_name(at.word(first)) or not at.is_capital(index + 1):
            return False
        surname = is_surname(at.word(index + 1)) or at.is_unknown(index + 1)
        return is_first_name(at.word(index)) or (at.is_unknown(index) and surname and at.is_common(index - 1))

    def _starts_other(self, first: int, index: int, kind: TipoEntidad | None) -> bool:
        """Returns whether a capital right after a name begins another: «Ministerio Público Ana Ruiz»."""
        at, word = self._at, self._at.word(index)
        if at.is_title(index) and kind is None and not is_surname(word):
            return True
        if self._begins_person(first, index, kind) or self._is_acronym_of(first, index, kind):
            return True
        named = is_first_name(at.word(first))
        if named and index == first + 1 and is_surname_like(at.raw(index)):
            return False
        if (
            not named
            and self._is_whole_place(first, index)
            and is_first_name(word)
            and at.is_capital(index + 1)
        ):
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

    def _is_acronym_of(self, first: int, index: int, kind: TipoEntidad | None) -> bool:
        """Returns whether a body's own initials follow its name: «Boletín Oficial del Estado BOE»."""
        words = self._at.tokens.loose[first:index]
        initials = "".join(word[0] for word in words if word not in folded("lengua", "particulas"))
        return kind is not None and len(initials) > 2 and self._at.word(index) == initials

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
        if word in folded("personas", "advocaciones") and at.is_capital(following + 1) and end - first <= 2:
            # «Yaneli del Rosario Cruzado», «María de los Ángeles Prada».
            return at.word(first) not in heads() and not (at.is_acronym(first) or at.is_place(first))
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
