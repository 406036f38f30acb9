"""Customs of the countries in `paises.yaml`: how each writes numbers, money and dates, and its time zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from newsroom.lexicon.tables import groups, table
from newsroom.tokens import strip_accents


@dataclass(frozen=True, slots=True)
class Customs:
    """How one country writes. An empty `decimal` means that its press uses both marks."""

    zone: str
    decimal: str = ""
    dollar: str = "dólares"
    month_first: bool = False
    signs: Mapping[str, str] = field(default_factory=dict)


@cache
def customs() -> dict[str, Customs]:
    """Returns the customs of each country by ISO code."""
    return {
        code: Customs(
            row["hora"],
            row.get("decimal", ""),
            row.get("dolar", "dólares"),
            row.get("mes_dia", False),
            row.get("signos", {}),
        )
        for code, row in table("paises")["costumbres"].items()
    }


@cache
def codes_by_name() -> dict[str, str]:
    """Returns the ISO code of each country with customs, by its folded names and by its gentilicios.

    The gentilicios are the masculine ones, in the singular.
    """
    named = [
        (name, code)
        for key in ("gentilicios", "nombres")
        for code, names in groups("paises", key).items()
        for name in names
    ]
    return {strip_accents(name): code for name, code in named if code in customs()}


def country_customs(pais: str) -> Customs | None:
    """Returns the customs of a country by its Spanish name; None if they are not known."""
    return customs().get(codes_by_name().get(strip_accents(" ".join(pais.split())), ""))


def own_day(moment: datetime, pais: str) -> date:
    """Returns the day of a moment in the country that published it.

    A moment that names a zone other than UTC keeps its own day. So does midnight in UTC, which stands for a
    day without a time.
    """
    known = country_customs(pais)
    if known is None or moment.utcoffset() or moment.astimezone(UTC).time() == time():
        return moment.date()
    return moment.astimezone(ZoneInfo(known.zone)).date()
