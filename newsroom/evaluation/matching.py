"""Which found item is which expected one: the rules, each in its function's docstring. Pure.

Everything is paired one to one. Where several pairs are possible the best goes first, and of equals the one
that stands first in the file; a pair never changes afterwards.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal

from newsroom.evaluation.gold import DatoEsperado, EntidadEsperada, FechaEsperada, Gold
from newsroom.models.extraccion import CitaTextual, DatoCuantitativo, Entidad, Fecha, Hecho
from newsroom.tokens import Tokens, tokenize

MIN_OVERLAP = 0.5
"""How much of two passages must be common for them to prove the same hecho."""

# Two spellings of one unit. Everything else is compared word by word in the singular.
_UNITS = {
    "%": "porcentaje", "por ciento": "porcentaje", "porciento": "porcentaje", "punto porcentual": "punto",
    "usd": "dolar", "us$": "dolar", "$": "peso", "eur": "euro", "€": "euro", "km": "kilometro",
    "km2": "kilometro cuadrado", "km²": "kilometro cuadrado", "ha": "hectarea", "m": "metro",
    "mw": "megavatio", "megawatt": "megavatio", "kg": "kilogramo", "kilo": "kilogramo", "t": "tonelada",
}  # fmt: skip


def pair_up(weights: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Returns found position -> expected position, from (weight, found, expected); the heaviest go first."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, found, expected in sorted(weights, key=lambda entry: (-entry[0], entry[2], entry[1])):
        if found not in pairs and expected not in taken:
            pairs[found] = expected
            taken.add(expected)
    return pairs


def fold(text: str) -> str:
    """Returns the words of a text without case, accents and punctuation."""
    tokens = tokenize(text)
    return " ".join(tokens.loose[i] for i in range(len(tokens)) if tokens.is_word(i))


def fold_forms(names: Iterable[str]) -> set[str]:
    """Returns the folded forms of a name, none empty."""
    return {form for name in names if (form := fold(name))}


def found_forms(entidad: Entidad) -> set[str]:
    """Returns the folded name and aliases of a found entidad."""
    return fold_forms((entidad.nombre, *entidad.alias))


def expected_forms(entidad: EntidadEsperada) -> set[str]:
    """Returns the folded name and mentions of an expected entidad."""
    return fold_forms((entidad.nombre, *entidad.menciones))


def pair_entidades(gold: Gold, found: Sequence[Entidad]) -> dict[int, int]:
    """Returns the pairs of entidades: two are one if any surface form of theirs is the same once folded.

    The same full name weighs most, then the number of common forms, then the same tipo. A kind that is wrong
    does not hinder a pair: it is counted apart.
    """
    weights = []
    for i, entidad in enumerate(found):
        forms = found_forms(entidad)
        for j, wanted in enumerate(gold.esperado.entidades):
            common = len(forms & expected_forms(wanted))
            if common:
                same_name = fold(entidad.nombre) == fold(wanted.nombre)
                weights.append((100.0 * same_name + common + 0.5 * (entidad.tipo is wanted.tipo), i, j))
    return pair_up(weights)


def locate_names(tokens: Tokens, names: Iterable[str]) -> set[tuple[int, int]]:
    """Returns the places (first token, last token) at which any of the names stands.

    Whole words, case and accents folded; the longest name wins where two begin at one word, and no place
    overlaps another. A name must begin in upper case or with a digit in the text, as in the list.
    """
    by_word: dict[str, list[tuple[str, ...]]] = {}
    for name in sorted(set(names)):
        words = tuple(tokenize(name).loose)
        if words:
            by_word.setdefault(words[0], []).append(words)
    places: set[tuple[int, int]] = set()
    index = 0
    while index < len(tokens):
        fitting = [
            words
            for words in by_word.get(tokens.loose[index], ())
            if tuple(tokens.loose[index : index + len(words)]) == words and _is_proper(tokens, index, words)
        ]
        longest = max((len(words) for words in fitting), default=0)
        if longest:
            places.add((index, index + longest - 1))
        index += max(longest, 1)
    return places


def _is_proper(tokens: Tokens, first: int, words: tuple[str, ...]) -> bool:
    """Returns whether a word of the place has a capital or a digit: «el estado» is no mention of Estado."""
    return any(
        not tokens.verbatim[first + i].islower() for i in range(len(words)) if tokens.is_word(first + i)
    )


def token_range(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """Returns the half-open range of tokens that lie in the characters `start:end`."""
    return bisect_left(tokens.starts, start), bisect_right(tokens.ends, end)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Returns what two half-open ranges have in common, as a share of what they cover together."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    together = max(one[1], other[1]) - min(one[0], other[0])
    return max(common, 0) / together if together > 0 else 0.0


def pair_hechos(gold: Gold, found: Sequence[Hecho]) -> dict[int, int]:
    """Returns the pairs of hechos: their passages share at least half of the words that they cover together.

    The wording of a hecho is the engine's own, so it decides only between hechos of one passage: the more
    words of the expected wording a found one has, the likelier it is that one.
    """
    tokens = tokenize(gold.texto)
    spans = [gold.locate(hecho.pasaje) for hecho in gold.esperado.hechos]
    wanted = [token_range(tokens, span.offset_inicio, span.offset_fin) for span in spans]
    weights = []
    for i, hecho in enumerate(found):
        mine = token_range(tokens, hecho.offset_inicio, hecho.offset_fin)
        for j, theirs in enumerate(wanted):
            share = overlap(mine, theirs)
            if share >= MIN_OVERLAP:
                weights.append((share + _said(hecho.contenido, gold.esperado.hechos[j].contenido), i, j))
    return pair_up(weights)


def _said(found: str, wanted: str) -> float:
    """Returns the share of the words of either wording that both have, at most 0.1: a tie-break."""
    here, there = set(fold(found).split()), set(fold(wanted).split())
    return 0.1 * len(here & there) / max(len(here | there), 1)


def pair_citas(gold: Gold, found: Sequence[CitaTextual]) -> dict[int, int]:
    """Returns the pairs of quotations: the same words once folded. Half a quotation is not the quotation."""
    wanted = [fold(cita.cita) for cita in gold.esperado.citas]
    return pair_up(
        (1.0, i, j)
        for i, cita in enumerate(found)
        for j, words in enumerate(wanted)
        if fold(cita.cita) == words
    )


def same_unit(one: str, other: str) -> bool:
    """Returns whether two units are one: the same words in the singular, or one only says more (pesos, pesos
    mexicanos); %, por ciento and porcentaje are one, and so are the usual abbreviations."""
    left, right = _unit_words(one), _unit_words(other)
    return bool(left) and bool(right) and (left <= right or right <= left)


def _unit_words(unit: str) -> frozenset[str]:
    plain = unit.strip().casefold()
    if plain not in _UNITS:
        plain = " ".join(_singular(word) for word in fold(unit).split())
    return frozenset(_UNITS.get(plain, plain).split()) - {"de", "por", "el", "la", "los", "las", "al"}


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("es") and word[-3] in "dlnrz":
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and word[-2] in "aeo" else word


def pair_datos(gold: Gold, found: Sequence[DatoCuantitativo]) -> dict[int, int]:
    """Returns the pairs of figures by value alone; the same unit, then the same passage choose among several.

    Whether the unit is right too is asked of each pair by `is_same_dato`.
    """
    spans = [gold.locate_dato(dato) for dato in gold.esperado.datos]
    weights = []
    for i, dato in enumerate(found):
        for j, wanted in enumerate(gold.esperado.datos):
            if abs(dato.valor) == abs(wanted.valor):
                inside = spans[j].offset_inicio <= dato.offset_inicio < spans[j].offset_fin
                weights.append((1.0 + 2 * same_unit(dato.unidad, wanted.unidad) + inside, i, j))
    return pair_up(weights)


def is_same_dato(found: DatoCuantitativo, wanted: DatoEsperado) -> bool:
    """Returns whether a figure has the expected value and unit; the sign is not compared («cayó 3 %»)."""
    same_value = abs(Decimal(found.valor)) == abs(wanted.valor)
    return same_value and same_unit(found.unidad, wanted.unidad)


def is_date_right(found: Fecha, wanted: FechaEsperada | None) -> bool:
    """Returns whether a date lies within the expected range; none is right only where none is expected.

    A day inside an expected month is right; a month is not where a day is expected. Where the range has an
    open end («desde julio»), its other end must be met exactly.
    """
    first = found.inicio.date() if found.inicio else None
    last = found.fin.date() if found.fin else None
    if wanted is None or (first is None and last is None):
        return wanted is None and first is None and last is None
    if wanted.fin is None:
        return first == wanted.inicio
    if wanted.inicio is None:
        return last == wanted.fin
    return wanted.inicio <= (first or last or wanted.inicio) and (last or first or wanted.fin) <= wanted.fin
