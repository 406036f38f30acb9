"""The rules of linking, against pairs that a person judged: no false link, and nearly all true ones."""

from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from newsroom.linking.comparing import compare_entidades
from newsroom.linking.searching import search_keys
from newsroom.models.vocabulario import TipoEntidad
from newsroom.names import link_keys

PAIRS = Path(__file__).parents[1] / "data" / "linking" / "pairs.yaml"
ACROSS = PAIRS.with_name("across.yaml")
THRESHOLD = 0.85
MIN_RECALL = 0.9


class Pair(NamedTuple):
    tipo: TipoEntidad
    a: str
    b: str
    same: bool
    why: str


def read_pairs() -> list[Pair]:
    rows = yaml.safe_load(PAIRS.read_text(encoding="utf-8"))
    return [Pair(TipoEntidad(row["tipo"]), row["a"], row["b"], row["same"], row["why"]) for row in rows]


ALL = read_pairs()
YES = [pair for pair in ALL if pair.same]
NO = [pair for pair in ALL if not pair.same]


def are_one(pair: Pair, threshold: float = THRESHOLD) -> bool:
    return compare_entidades(pair.tipo, (pair.a, ()), (pair.b, ()), threshold).is_same


def test_the_set_is_large_and_more_than_half_of_it_says_no() -> None:
    assert len(ALL) >= 130
    assert len(NO) > len(YES) >= 65
    assert {pair.tipo for pair in NO} == {pair.tipo for pair in YES} == set(TipoEntidad)


@pytest.mark.parametrize("pair", NO, ids=lambda pair: f"{pair.a} | {pair.b}")
def test_two_entidades_stay_two(pair: Pair) -> None:
    assert not are_one(pair), pair.why


@pytest.mark.untraced
def test_names_of_different_lines_are_one_only_where_somebody_read_it() -> None:
    lines = {frozenset((pair.a, pair.b)) for pair in ALL}
    names = sorted({(pair.tipo, name) for pair in ALL for name in (pair.a, pair.b)})
    across = {
        (tipo.value, one, other)
        for (tipo, one), (other_tipo, other) in combinations(names, 2)
        if tipo is other_tipo
        and frozenset((one, other)) not in lines
        and compare_entidades(tipo, (one, ()), (other, ()), THRESHOLD).is_same
    }
    assert across - {tuple(row) for row in yaml.safe_load(ACROSS.read_text(encoding="utf-8"))} == set()


def test_one_entidad_is_found_under_another_spelling() -> None:
    found = [pair for pair in YES if are_one(pair)]
    missed = [f"{pair.tipo.value} {pair.a} | {pair.b} ({pair.why})" for pair in YES if pair not in found]
    recall = len(found) / len(YES)
    print(f"linking: {len(NO)} apart, recall {recall:.3f} of {len(YES)}; missed:", *missed, sep="\n  ")
    assert recall >= MIN_RECALL, missed


@pytest.mark.parametrize("threshold", [0.5, 0.85, 1.0])
def test_the_rules_say_the_same_in_both_directions_and_are_certain_whatever_the_threshold(
    threshold: float,
) -> None:
    for pair in ALL:
        turned = pair._replace(a=pair.b, b=pair.a)
        assert are_one(pair, threshold) == are_one(turned, threshold), pair
        assert pair.same or not are_one(pair, threshold), pair


def test_what_the_rules_take_for_one_is_found_by_a_key_of_the_database() -> None:
    lost = [
        (pair.a, pair.b)
        for pair in [*YES, *(pair._replace(a=pair.b, b=pair.a) for pair in YES)]
        if are_one(pair) and not link_keys([pair.a]) & set(search_keys(pair.tipo, (pair.b, ())))
    ]
    assert lost == []
