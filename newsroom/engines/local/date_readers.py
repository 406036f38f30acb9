"""Reads each way of writing a date: makes days and a precision from its words and the day of publication.

Each reader has the name under which fechas.yaml lists its phrases. It gets the parts of a phrase in lower
case (`dia`, `mes`, `anio` ...), and a part that the text does not have is missing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from newsroom.engines.local.calendar import (
    MONTH_NUMBERS,
    WEEKDAY_NUMBERS,
    add_months,
    make_day,
    month_span,
    nearest_year,
    week_span,
    year_span,
)
from newsroom.lexicon.tables import table
from newsroom.models.vocabulario import PrecisionTemporal
from newsroom.numbers.number_words import TENS

_NUMBERS = table("numeros")
COUNTS = _NUMBERS["unidades"] | _NUMBERS["decenas"] | {"treinta y uno": 31, "cien": 100}
ORDINALS = {"primer": 1, "primero": 1, "segundo": 2, "tercer": 3, "tercero": 3, "cuarto": 4, "último": 4}
DECADES = {"veinte": 1920} | {word: 1900 + int(value) for word, value in TENS.items()}
_PARTS = {"prin": 0, "inic": 0, "comi": 0, "medi": 1, "fine": 2, "fina": 2, "fin": 2}


@dataclass(frozen=True, slots=True)
class View:
    """From where a date is read: the day of publication, the direction, and the country's order in 5/7."""

    today: date
    ahead: bool
    month_first: bool


Said = Mapping[str, str]
Found = tuple[date, date, PrecisionTemporal]
Reader = Callable[[Said, View], Found | None]


def _day(day: date | None) -> Found | None:
    return None if day is None else (day, day, PrecisionTemporal.DIA)


def _turn(said: Said) -> int:
    """Returns -1 if a word beside the date looks back, 1 if one looks ahead, else 0."""
    words = " ".join(said.get(name, "") for name in ("cual", "antes", "tras"))
    back = "pasad" in words or "anterior" in words
    return -1 if back else int("próxim" in words or "viene" in words or "entrante" in words)


def _count(text: str) -> int:
    return int(text) if text.isdigit() else 1 if text == "primero" else int(COUNTS[text])


def _near(said: Said, view: View, month: int, day: int) -> date | None:
    """Returns the day of the year that is written, else the nearest one that has the weekday written."""
    if "anio" in said:
        year = int(said["anio"])
        return make_day(year + 2000 if year < 100 else year, month, day)
    weekday = WEEKDAY_NUMBERS.get(said.get("semana", ""))
    return nearest_year(view.today, month, day, _turn(said) or int(view.ahead), weekday)


def read_day_month(said: Said, view: View) -> Found | None:
    """Reads «14 de mayo de 2024», «el pasado 3 de marzo», «marzo 20». Without a year: the nearest one."""
    return _day(_near(said, view, MONTH_NUMBERS[said["mes"]], _count(said["dia"])))


def read_range(said: Said, view: View) -> Found | None:
    """Reads «del 3 al 5 de julio»."""
    month = MONTH_NUMBERS[said["mes"]]
    first_month = MONTH_NUMBERS[said.get("mes1", said["mes"])]
    last = _near(
        {name: word for name, word in said.items() if name != "semana"}, view, month, int(said["dia2"])
    )
    first = make_day(last.year - (first_month > month), first_month, int(said["dia"])) if last else None
    if first is None or last is None or first > last:
        return None
    return first, last, PrecisionTemporal.PERIODO


def read_figures(said: Said, view: View) -> Found | None:
    """Reads «14/05/2024», «2024-05-14», and «5/7» in the country's order."""
    day, month = int(said["dia"]), int(said["mes"])
    if (view.month_first and said.get("raya", "/") == "/" and day <= 12) or month > 12:
        day, month = month, day
    return _day(_near(said, view, month, day))


def read_month(said: Said, view: View) -> Found | None:
    """Reads «mayo de 2023», «en abril». Without a year it is the last one, or the next if `ahead`."""
    month = MONTH_NUMBERS[said["mes"]]
    if "anio" in said:
        return (*month_span(int(said["anio"]), month), PrecisionTemporal.MES)
    direction = _turn(said) or (1 if view.ahead else -1)
    near = nearest_year(view.today, month, view.today.day if month == view.today.month else 1, direction)
    return None if near is None else (*month_span(near.year, month), PrecisionTemporal.MES)


def read_months(said: Said, view: View) -> Found | None:
    """Reads «entre enero y junio». Without a year it is the last span that is over, or the next one."""
    first, last = MONTH_NUMBERS[said["mes1"]], MONTH_NUMBERS[said["mes"]]
    near = nearest_year(view.today, last, 1, 1 if view.ahead else -1)
    if near is None:
        return None
    year = int(said.get("anio", near.year))
    begin, end = month_span(year - (first > last), first)[0], month_span(year, last)[1]
    return begin, end, PrecisionTemporal.PERIODO


def read_part(said: Said, view: View) -> Found | None:
    """Reads «a fines de 2024», «a mediados de marzo», «a principios de los noventa», «a fin de año».

    A third of a year is four months. Of a month or a decade it is the whole: nobody is that exact.
    """
    if "mes" in said:
        return read_month(said, view)
    if "nombre" in said:
        return read_decade(said, view)
    turn = _turn(said)
    if said.get("unidad") == "mes":
        return _shift(view.today, turn, "mes")
    third = next(part for word, part in _PARTS.items() if said["parte"].startswith(word))
    year = int(said.get("anio", view.today.year + turn))
    year -= "anio" not in said and not turn and not view.ahead and date(year, third * 4 + 1, 1) > view.today
    return date(year, third * 4 + 1, 1), month_span(year, third * 4 + 4)[1], PrecisionTemporal.PERIODO


def read_year(said: Said, _view: View) -> Found | None:
    """Reads «en 2019»."""
    return (*year_span(int(said["anio"])), PrecisionTemporal.AÑO)


def read_years(said: Said, _view: View) -> Found | None:
    """Reads «2019-2024»."""
    first, last = int(said["anio"]), int(said["anio2"])
    if not first < last <= first + 60:
        return None
    return year_span(first)[0], year_span(last)[1], PrecisionTemporal.PERIODO


def read_decade(said: Said, _view: View) -> Found | None:
    """Reads «la década de 1970», «los años ochenta»."""
    year = int(said["anio"]) if "anio" in said else DECADES[said["nombre"]]
    return year_span(year)[0], year_span(year + 9)[1], PrecisionTemporal.DECADA


def read_word(said: Said, view: View) -> Found | None:
    """Reads «ayer», «hoy», «esta mañana»."""
    shift = table("fechas")["palabras"].get(" ".join(said["palabra"].split()), 0)
    return _day(view.today + timedelta(days=shift))


def read_weekday(said: Said, view: View) -> Found | None:
    """Reads «el lunes»: the last one, today included, unless a word or the verb looks ahead."""
    weekday, turn, today = WEEKDAY_NUMBERS[said["semana"]], _turn(said), view.today
    back = (today.weekday() - weekday) % 7
    if "semana" in said.get("tras", ""):
        return _day(week_span(today)[0] + timedelta(days=weekday + 7 * turn))
    if turn < 0:
        return _day(today - timedelta(days=back or 7))
    return _day(
        today + timedelta(days=7 - back if back or turn else 0)
        if view.ahead or turn
        else today - timedelta(days=back)
    )


def read_ago(said: Said, view: View) -> Found | None:
    """Reads «hace tres años», «dentro de dos semanas»."""
    count = _count(said["n"])
    return _shift(view.today, -count if said.get("giro", "hace") == "hace" else count, said["unidad"])


def _shift(today: date, count: int, unit: str) -> Found | None:
    if unit.startswith("día"):
        return _day(today + timedelta(days=count))
    if unit.startswith("semana"):
        return (*week_span(today + timedelta(weeks=count)), PrecisionTemporal.SEMANA)
    months = {"m": 1, "t": 3, "s": 6}.get(unit[0], 0)
    if months:
        moved = add_months(today.replace(day=1), count * months)
        first = (moved.month - 1) // months * months + 1
        precision = {1: PrecisionTemporal.MES, 3: PrecisionTemporal.TRIMESTRE}.get(
            months, PrecisionTemporal.PERIODO
        )
        return date(moved.year, first, 1), month_span(moved.year, first + months - 1)[1], precision
    decade = unit.startswith("década")
    year = today.year + (count * 10 if decade else count)
    if not 1 <= year <= 9998:
        return None
    precision = PrecisionTemporal.DECADA if decade else PrecisionTemporal.AÑO
    return (*year_span(year), precision)


def read_unit(said: Said, view: View) -> Found | None:
    """Reads «la semana pasada», «este mes», «el próximo trimestre»."""
    return _shift(view.today, _turn(said), said["unidad"])


def read_weekend(said: Said, view: View) -> Found | None:
    """Reads «el fin de semana»."""
    saturday = view.today + timedelta(days=5 - view.today.weekday())
    turn = _turn(said)
    saturday += timedelta(weeks=turn if turn < 0 or view.today.weekday() >= 5 else 0)
    return saturday, saturday + timedelta(days=1), PrecisionTemporal.DIA


def read_quarter(said: Said, view: View) -> Found | None:
    """Reads «el primer trimestre de 2024». Without a year it has begun, unless the verb looks ahead."""
    size = {"bimestre": 2, "trimestre": 3, "cuatrimestre": 4, "semestre": 6}[said["parte"]]
    number = min(ORDINALS[said["orden"]], 12 // size)
    year = int(said.get("anio", view.today.year + _turn(said)))
    year -= (
        not (said.keys() & {"anio", "tras"})
        and not view.ahead
        and date(year, number * size - size + 1, 1) > view.today
    )
    first, last = month_span(year, (number - 1) * size + 1)[0], month_span(year, number * size)[1]
    return first, last, PrecisionTemporal.TRIMESTRE if size == 3 else PrecisionTemporal.PERIODO


def read_day_only(said: Said, view: View) -> Found | None:
    """Reads «el día 5», «el próximo 3», «el 15 del mes pasado»."""
    number, turn, today = int(said["dia"]), _turn(said), view.today
    month = add_months(today.replace(day=1), turn if "tras" in said else 0)
    day = make_day(month.year, month.month, number)
    if "tras" in said:
        return _day(day)
    passed = day is None or day <= today
    if turn > 0 or view.ahead:
        moved = add_months(month, 1) if passed else month
    else:
        moved = add_months(month, -1) if day is None or day > today or (turn and day == today) else month
    return _day(make_day(moved.year, moved.month, number))
