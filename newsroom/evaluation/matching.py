"""Pairs the items that were found with the items that were expected. Pure.

Each function's docstring says its rule. Items are paired one to one. If several pairs are possible, the best
one is made first. Of equally good ones it is the one that stands first in the file. A pair never changes
afterwards.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from decimal import Decimal

from newsroom.evaluation.gold import DatoEsperado, EntidadEsperada, FechaEsperada, Gold
from newsroom.models.extraccion import CitaTextual, DatoCuantitativo, Entidad, Fecha, Hecho
from newsroom.tokens import Tokens, tokenize

MIN_OVERLAP = 0.5
"""The share that two passages must have in common to prove the same hecho."""

# Other spellings of a unit. All other units are compared word by word in the singular.
_UNITS = {
    "%": "porcentaje", "por ciento": "porcentaje", "porciento": "porcentaje", "punto porcentual": "punto",
    "usd": "dolar", "us$": "dolar", "$": "peso", "eur": "euro", "€": "euro", "km": "kilometro",
    "km2": "kilometro cuadrado", "km²": "kilometro cuadrado", "ha": "hectarea", "m": "metro",
    "mw": "megavatio", "megawatt": "megavatio", "kg": "kilogramo", "kilo": "kilogramo", "t": "tonelada",
}  # fmt: skip


def pair_up(weights: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """Returns found position -> expected position from (weight, found, expected), the heaviest pair first."""
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
    """Returns the folded forms of names, without empty ones."""
    return {form for name in names if (form := fold(name))}


def found_forms(entidad: Entidad) -> set[str]:
    """Returns the folded name and aliases of a found entidad."""
    return fold_forms((entidad.nombre, *entidad.alias))


def expected_forms(entidad: EntidadEsperada) -> set[str]:
    """Returns the folded name and mentions of an expected entidad."""
    return fold_forms((entidad.nombre, *entidad.menciones))


def pair_entidades(gold: Gold, found: Sequence[Entidad]) -> dict[int, int]:
    """Returns the pairs of entidades. Two are a pair if a name of one, once folded, is a name of the other.

    The same full name weighs most, then the number of common names, then the same tipo. A wrong tipo does not
    prevent a pair, because it is counted separately.
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
    """Returns the places (first token, last token) of the names. No place overlaps another.

    Only whole words count, with case and accents folded. If two names begin at one word, the longer one wins.
    A name must have a word with a capital or a digit in the text.
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
    """Returns the half-open range of the tokens within the characters `start:end`."""
    return bisect_left(tokens.starts, start), bisect_right(tokens.ends, end)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Returns the common part of two half-open ranges, as a share of what they cover together."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    together = max(one[1], other[1]) - min(one[0], other[0])
    return max(common, 0) / together if together > 0 else 0.0


def pair_hechos(gold: Gold, found: Sequence[Hecho]) -> dict[int, int]:
    """Returns the pairs of hechos. Their passages share at least half of the words that they cover together.

    The engine words a hecho itself, so the wording decides only between hechos of one passage: the more words
    of the expected wording a found hecho has, the likelier is the pair.
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
    """Returns the share of words that both wordings have, scaled to 0.1 so that it only breaks ties."""
    here, there = set(fold(found).split()), set(fold(wanted).split())
    return 0.1 * len(here & there) / max(len(here | there), 1)


def pair_citas(gold: Gold, found: Sequence[CitaTextual]) -> dict[int, int]:
    """Returns the pairs of quotations. They must have the same words once folded: half of one is no pair."""
    wanted = [fold(cita.cita) for cita in gold.esperado.citas]
    return pair_up(
        (1.0, i, j)
        for i, cita in enumerate(found)
        for j, words in enumerate(wanted)
        if fold(cita.cita) == words
    )


def same_unit(one: str, other: str) -> bool:
    """Returns whether two units are one.

    They are if they have the same words in the singular, or if one only says more (pesos, pesos mexicanos).
    The spellings %, por ciento and porcentaje are one unit, and so are the usual abbreviations.
    """
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
    """Returns the pairs of figures, by value alone. Among several, the same unit decides, then the passage.

    `is_same_dato` says of a pair whether the unit is right too.
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
    """Returns whether a figure has the expected value and unit. The sign does not count («cayó 3 %»)."""
    same_value = abs(Decimal(found.valor)) == abs(wanted.valor)
    return same_value and same_unit(found.unidad, wanted.unidad)


def is_date_right(found: Fecha, wanted: FechaEsperada | None) -> bool:
    """Returns whether a date lies within the expected range. No date is right only if none is expected.

    A day inside an expected month is right. A month is wrong if a day is expected. If the range has an open
    end («desde julio»), the date must have exactly its other end.
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
