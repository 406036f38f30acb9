"""One text, indexed once, and the questions that are asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from newsroom.grounding.figures import FigureIndex
from newsroom.grounding.keys import TokenKey, bare_entries, name_entries, verbatim_entries, word_entries
from newsroom.grounding.names import NameIndex
from newsroom.grounding.passages import PassageIndex
from newsroom.grounding.quotes import find_quote
from newsroom.numbers import NumberMention, find_numbers_in
from newsroom.tokens import Span, Tokens, tokenize


@dataclass(frozen=True, eq=False)
class SourceText:
    """A text as received, ready to be asked where something stands in it.

    Building it and each question take time linear in the text's length, whatever the text. Every answer is a
    `Span` of Python string indexes into `text` itself, with `0 <= offset_inicio < offset_fin <= len(text)`,
    that begins and ends at the border of a word, figure or punctuation mark. It may be asked from several
    threads at once.
    """

    text: str

    def __post_init__(self) -> None:
        self._tokens  # noqa: B018 - the index is built here, not at the first question

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
        return FigureIndex(self._tokens, self.numbers)

    @cached_property
    def numbers(self) -> tuple[NumberMention, ...]:
        """Every number of the text, in its order."""
        return tuple(find_numbers_in(self._tokens))

    def find_quote(self, cita: str, near: Span | None = None) -> Span | None:
        """Returns where `cita` stands verbatim, or None.

        The words, their case, their order and the punctuation between them must be the same. Folded are: NFC
        and NFD, white space and invisible characters, kinds of quotation marks and dashes, "…" and "...",
        ligatures, words broken at the end of a line; quotation marks inside; outer quotation marks and a
        final `.,;:` that one side lacks. An ellipsis counts only if the text has it. A quotation without a
        word is never found.

        Args:
            cita: what is claimed to be quoted.
            near: the occurrence nearest to this span is returned instead of the first.
        """
        return find_quote(self._tokens, self._verbatim, self._bare, cita, near)

    def find_passage(self, pasaje: str, near: Span | None = None) -> Span | None:
        """Returns the passage of the text that `pasaje` copies, exactly, loosely spelt or nearly, or None.

        "Loosely" folds case, accents and punctuation. "Nearly" allows a few other words (similarity of at
        least `passages.MIN_SCORE`, 5 to 250 words) but no other figure, proper name or negation.
        """
        return self.find_quote(pasaje, near) or self._passages.find(tokenize(pasaje), near)

    def find_name(self, nombre: str, alias: Iterable[str] = (), *, tipo: str | None = None) -> Span | None:
        """Returns the first surface form of an entidad, or None.

        In this order: the name, then an alias, as they are spelt; the same without case and accents; the
        name's own initials (ONU); a part of the name that can mean nobody else (see `names`).

        Args:
            nombre: the full name.
            alias: other names and acronyms of it.
            tipo: the kind of entidad as the wire spells it; only a PERSONA (or, if None, a name that begins
                with a known given name) is recognised by one surname alone.
        """
        return self._names.find(nombre, tuple(alias), tipo)

    def find_number(
        self, valor: Decimal | float | int, *, unidad: str | None = None, within: Span | None = None
    ) -> Span | None:
        """Returns where the text states the number `valor`, in figures or words, or None.

        Compared by value without the sign (a text says "cayó 3 %"). Of a figure that can be read in two
        ways (1.200) either reading counts. `unidad` scales ("millones de pesos": 50 is 50 000 000, and so
        is a bare 50 if the text announces "en millones") and chooses; a number in another currency, or a
        percentage where money is asked for and the reverse, is refused, and so is a part of a date where
        `unidad` is no unit of time. A number that is not finite is never found.
        """
        return self._figures.find(valor, unidad, within)
