"""One text, indexed once, and the searches in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from newsroom.grounding.attribution import find_attribution
from newsroom.grounding.figures import FigureIndex
from newsroom.grounding.keys import TokenKey, bare_entries, name_entries, verbatim_entries, word_entries
from newsroom.grounding.names import NameIndex
from newsroom.grounding.passages import PassageIndex
from newsroom.grounding.quotes import find_quote
from newsroom.numbers import NumberMention, NumberStyle, find_numbers_in, is_malformed, style_of
from newsroom.tokens import Span, Tokens, tokenize


@dataclass(frozen=True, eq=False)
class SourceText:
    """A text as received, in which quotations, passages, names and numbers can be found.

    Building it and each search take time linear in the text's length, whatever the text. Every result is a
    `Span` of Python string indexes into `text`, with `0 <= offset_inicio < offset_fin <= len(text)`. It
    begins and ends at the border of a word, figure or punctuation mark. Several threads may search at once.
    `pais` is the country of the outlet, in Spanish: it says what a sign such as "Bs" or "Q" means.
    """

    text: str
    pais: str = ""

    def __post_init__(self) -> None:
        self._tokens  # noqa: B018 - the index is built here, not at the first search

    @cached_property
    def _tokens(self) -> Tokens:
        return tokenize(self.text)

    @cached_property
    def _verbatim(self) -> TokenKey:
        return TokenKey(self._tokens, verbatim_entries(self._tokens))

    @cached_property
    def _bare(self) -> TokenKey:
        return TokenKey(self._tokens, bare_entries(self._tokens))

    @cached_property
    def _names(self) -> NameIndex:
        return NameIndex(self._tokens, self._verbatim, TokenKey(self._tokens, name_entries(self._tokens)))

    @cached_property
    def _passages(self) -> PassageIndex:
        return PassageIndex(self._tokens, TokenKey(self._tokens, word_entries(self._tokens)))

    @cached_property
    def _figures(self) -> FigureIndex:
        return FigureIndex(self._tokens, self.numbers, self._style)

    @cached_property
    def _style(self) -> NumberStyle:
        return style_of(self._tokens, self.pais)

    @cached_property
    def numbers(self) -> tuple[NumberMention, ...]:
        """Every number of the text, in the text's order."""
        return tuple(find_numbers_in(self._tokens, self._style))

    @cached_property
    def malformed_figures(self) -> tuple[str, ...]:
        """The figures whose marks stand in the wrong places (540.0000), so that nobody knows their value."""
        return tuple(dict.fromkeys(word for word in self._tokens.verbatim if is_malformed(word)))

    def find_quote(self, cita: str, near: Span | None = None) -> Span | None:
        """Returns the place of `cita` in the text, verbatim, or None.

        The words, their case, their order and the punctuation between them must be the same. These
        differences do not count: NFC and NFD; white space and invisible characters; the kind of quotation
        marks and dashes; "…" and "..."; ligatures; words broken at the end of a line; quotation marks inside;
        outer quotation marks and a final `.,;:` that only one side has. An ellipsis is found only if the text
        has it. A quotation without a word is never found.

        Args:
            cita: the words that are said to be a quotation.
            near: if given, the occurrence nearest to this span is returned, not the first one.
        """
        return find_quote(self._tokens, self._verbatim, self._bare, cita, near)

    def find_attribution(self, quote: Span, names: Iterable[str], rivals: Iterable[str]) -> Span | None:
        """Returns the words near a quotation that attribute it to the speaker of these names, or None.

        None means that no word near it names the speaker or says that somebody speaks. It also means that the
        words behind it name one of the `rivals` or somebody without a name.
        """
        return find_attribution(self._tokens, quote, names, rivals)

    def find_passage(self, pasaje: str, near: Span | None = None) -> Span | None:
        """Returns the place of the passage that `pasaje` copies exactly, loosely or nearly, or None.

        A loose copy may differ in case, accents and punctuation. A near copy may differ in a few words (with
        a similarity of at least `passages.MIN_SCORE`, in 5 to 250 words), but not in a figure, a proper name
        or a negation.

        Args:
            pasaje: the words that are said to prove a statement.
            near: if given, the occurrence nearest to this span is preferred.
        """
        return self.find_quote(pasaje, near) or self._passages.find(tokenize(pasaje), near)

    def find_name(self, nombre: str, alias: Iterable[str] = (), *, tipo: str | None = None) -> Span | None:
        """Returns the first place where the text names an entidad, or None.

        It looks for these, in this order: the name, then an alias, as they are spelt; the same without case
        and accents; the name's own initials (ONU); a part of the name that can mean nobody else (names.py).

        Args:
            nombre: the full name.
            alias: other names and acronyms of the entidad.
            tipo: the kind of entidad as the wire spells it. Only a PERSONA is recognised by a surname alone.
                If `tipo` is None, so is a name that begins with a known given name.
        """
        return self._names.find(nombre, tuple(alias), tipo)

    def find_number(
        self, valor: Decimal | float | int, *, unidad: str | None = None, within: Span | None = None
    ) -> Span | None:
        """Returns the place where the text states the number `valor`, in figures or words, or None.

        Values are compared without the sign, because a text says "cayó 3 %". If a figure can be read in two
        ways (1.200), either value counts. A number that is not finite is never found.

        Args:
            valor: the number.
            unidad: its unit. It scales the number: with "millones de pesos", 50 is 50 000 000, and so is a
                plain 50 if the text announces "en millones". It also chooses among several numbers. A number
                in another currency is refused. So is a percentage if money is asked for, and money if a
                percentage is. So is a part of a date if `unidad` is no unit of time.
            within: if given, only numbers inside this span are found.
        """
        return self._figures.find(valor, unidad, within)
