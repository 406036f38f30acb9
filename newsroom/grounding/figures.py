"""Finds a number by its value."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from newsroom.numbers import NumberMention, NumberStyle, Unit, read_unit
from newsroom.numbers.number_words import SHARED_SIGNS
from newsroom.tokens import Span, Tokens

_MAX_EXPONENT = 30
"""No newspaper counts further, and a Decimal with a huge exponent would overflow when it is scaled."""
_NO_UNIT = Unit()
_TABLE_SCALES = (("miles", "de", "millones"), ("miles",), ("millones",), ("billones",))


class FigureIndex:
    """The numbers of one text, by absolute value. `style` is the text's: it says whose "Bs" a unit means."""

    def __init__(self, tokens: Tokens, numbers: Sequence[NumberMention], style: NumberStyle) -> None:
        self._style = style
        self._by_value: dict[Decimal, list[NumberMention]] = defaultdict(list)
        for mention in numbers:
            for value in dict.fromkeys(map(abs, mention.valores)):
                self._by_value[value].append(mention)
        self._announced = frozenset(_announced_scales(tokens.loose))

    def find(self, valor: Decimal | float | int, unidad: str | None, within: Span | None) -> Span | None:
        """Returns the place of the best mention of `valor`, or None.

        The best one has the same unit. After it come mentions without a unit. Of equal ones it is the first.
        """
        value = abs(valor if isinstance(valor, Decimal) else Decimal(str(valor)))
        if not value.is_finite() or (value and abs(value.adjusted()) > _MAX_EXPONENT):
            return None
        unit = read_unit(unidad, self._style) if unidad else _NO_UNIT
        ranked = [
            (-rank, mention.offset_inicio, mention)
            for mention in self._candidates(value, unit)
            if (within is None or _is_within(mention, within))
            and (rank := _agreement(mention, unit, has_unit=bool(unidad))) is not None
        ]
        return min(ranked, key=lambda item: item[:2])[2].span if ranked else None

    def _candidates(self, value: Decimal, unit: Unit) -> Iterator[NumberMention]:
        yield from self._by_value.get(value * unit.multiplicador, ())
        # A table gives its scale once, in its heading ("en millones de pesos"), with plain figures below it.
        if unit.multiplicador in self._announced:
            yield from (m for m in self._by_value.get(value, ()) if m.multiplicador == 1)


def _is_within(mention: NumberMention, within: Span) -> bool:
    return within.offset_inicio <= mention.offset_inicio and mention.offset_fin <= within.offset_fin


def _agreement(mention: NumberMention, unit: Unit, *, has_unit: bool) -> int | None:
    """Returns how well a mention fits `unit` (higher is better), or None if it contradicts the unit."""
    if not has_unit:
        return -int(mention.es_fecha)
    if mention.es_fecha and not unit.es_temporal:
        return None
    if (unit.es_porcentaje and mention.es_puntos) or (unit.es_puntos and mention.es_porcentaje):
        # Percentage points are no per cent.
        return None
    if unit.es_porcentaje:
        return None if mention.moneda else int(mention.es_porcentaje)
    if unit.moneda:
        if mention.es_porcentaje or not _is_same_money(unit.moneda, mention.moneda):
            return None
        return int(mention.moneda is not None)
    return -int(mention.es_porcentaje or mention.moneda is not None)


def _is_same_money(asked: str, found: str | None) -> bool:
    # "$" is pesos in one country and dollars in another, and a text may use it for both.
    return (
        found is None
        or asked in (found, *SHARED_SIGNS.get(found, ()))
        or found in SHARED_SIGNS.get(asked, ())
    )


def _announced_scales(words: Sequence[str]) -> Iterator[Decimal]:
    """Yields the scales that a heading announces: "en miles", "(en millones de pesos)"."""
    for index, word in enumerate(words):
        if word == "en" and index + 1 < len(words) and words[index + 1] in ("miles", "millones", "billones"):
            for scale in _TABLE_SCALES:
                if tuple(words[index + 1 : index + 1 + len(scale)]) == scale:
                    yield read_unit(" ".join(scale)).multiplicador
                    break
