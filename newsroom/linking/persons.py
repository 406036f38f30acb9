"""Compares two names of people. Precision comes first: a name that two people could have is UNKNOWN.

Given names and surnames are compared one by one. A second surname may be missing. Anything weaker needs a
surname that few people have, or two surnames that agree. Weaker are a missing second given name, initials,
another spelling, a short form, and a husband's name. The same first surname with another second surname, or
with another given name, is another person.
"""

import re
from itertools import product

from rapidfuzz.distance import Levenshtein

from newsroom.linking.lists import EVERYBODYS, GIVEN_NAMES, HYPOCORISTICS
from newsroom.linking.person_names import PersonName, Unit, is_common, read_person
from newsroom.linking.verdict import EQUAL, NOTHING, Kind, Verdict

_DOUBLED = re.compile(r"([bcdfgkmnpst])\1")
_MIN_FOREIGN = 7
_ALIKE = 0.7
_FOREIGN = re.compile(r"[kw]|sh|[bdfgptz]h|ts|tz|ou")

_OTHER_GENERATION = Verdict(Kind.DIFFERENT, "otro número, o hijo y padre")
_OTHER_SURNAME = Verdict(Kind.DIFFERENT, "otro segundo apellido")
_OTHER_GIVEN = Verdict(Kind.DIFFERENT, "otro nombre de pila")
_ONE_WORD = Verdict(Kind.UNKNOWN, "una sola palabra no identifica a nadie")
_WEAK = Verdict(Kind.UNKNOWN, "parecidos, pero el apellido es común")


def compare_persons(one: str, other: str, threshold: float) -> Verdict:
    """Returns the verdict on two names of people. `threshold`: see `comparing.compare_names`."""
    a, b = read_person(one), read_person(other)
    if not a.words or not b.words:
        return NOTHING
    if a.generation != b.generation:
        same = a.words == b.words
        return _OTHER_GENERATION if same or (a.generation and b.generation) else NOTHING
    if _spell(a.words) == _spell(b.words) and (a.is_full or a.is_acronym or one == other):
        return EQUAL
    if min(len(a.units), len(b.units)) < 2:
        return _ONE_WORD
    found = [_compare_split(a, b, ga, sa, gb, sb, threshold)
             for (ga, sa), (gb, sb) in product(a.splits(), b.splits())]  # fmt: skip
    sure = max(found, key=lambda verdict: verdict.kind)
    if not sure.is_same or found[0].is_same:
        return sure if sure.is_same else found[0]
    # The verdict rests on a guess at where the surnames begin.
    shared = set(a.units) & set(b.units)
    return _WEAK if len(shared) < 3 and any(is_common(unit) for unit in shared) else sure


def _compare_split(
    a: PersonName,
    b: PersonName,
    given_a: tuple[Unit, ...],
    surnames_a: tuple[Unit, ...],
    given_b: tuple[Unit, ...],
    surnames_b: tuple[Unit, ...],
    threshold: float,
) -> Verdict:
    weak: list[str] = []
    surname = _compare_surnames(surnames_a, surnames_b, given_a, weak, threshold)
    if surname is None:
        return NOTHING
    both = min(len(surnames_a), len(surnames_b)) >= 2 and surname is not _OTHER_SURNAME
    given = _compare_given(given_a, given_b, both, weak)
    if given is _OTHER_GIVEN:
        return _OTHER_GIVEN
    if given is None:
        return NOTHING
    if surname is _OTHER_SURNAME:
        return _OTHER_SURNAME
    shared = min(surnames_a, surnames_b, key=len)[0]
    certain = both or not is_common(shared)
    if len(weak) > (2 if both else 1) or (weak and not certain):
        return _WEAK
    omitted = ["sin el segundo apellido"] if len(surnames_a) != len(surnames_b) else []
    return Verdict(Kind.SAME, ", ".join(weak + omitted) or EQUAL.reason)


def _compare_surnames(
    a: tuple[Unit, ...], b: tuple[Unit, ...], given: tuple[Unit, ...], weak: list[str], threshold: float
) -> Verdict | None:
    """Returns EQUAL (a second surname may be missing), _OTHER_SURNAME, or None if the first ones differ."""
    short, long = sorted((a, b), key=len)
    if _is_spelt_alike(short[0], long[0]):
        for mine, theirs in zip(short[1:], long[1:], strict=False):
            if not (_is_spelt_alike(mine, theirs) or _is_initial(mine, theirs)):
                return _OTHER_SURNAME
        return EQUAL
    if len(short) == len(long) and _is_foreign_variant(short[0], long[0], threshold):
        weak.append("el apellido se transcribe de otro modo")
        return EQUAL if short[1:] == long[1:] else None
    # Cristina Fernández de Kirchner is also called Cristina Kirchner.
    married = len(short) == 1 and len(long) == 2 and long[1][0] == "de" and given[0][-1].endswith("a")
    if married and long[1][1:] == short[0] and not is_common(short[0]):
        weak.append("con el apellido del marido")
        return EQUAL
    return None


def _compare_given(
    a: tuple[Unit, ...], b: tuple[Unit, ...], both_surnames: bool, weak: list[str]
) -> Verdict | None:
    """Returns EQUAL, _OTHER_GIVEN, or None if one name says too little."""
    short, long = sorted((a, b), key=len)
    first = _align(short[0], long[0])
    if first is None and _is_part(short, long):
        # Evo Morales is Juan Evo Morales, but Manuel Santos is not Juan Manuel Santos.
        weak.append("sin el primer nombre")
        return EQUAL if both_surnames else None
    if first is None:
        return None if _may_be_variant(short[0][-1], long[0][-1]) else _OTHER_GIVEN
    if first == "initial" and not (both_surnames and len(short) == len(long)):
        return None
    pairs = [_align(mine, theirs) for mine, theirs in zip(short[1:], long[1:], strict=False)]
    if None in pairs:
        return _OTHER_GIVEN
    weak.extend(_WORDS[how] for how in {first, *pairs} if how in _WORDS)
    if len(short) != len(long):
        weak.append("sin el segundo nombre")
        # María alone is not María Corina: very many people are called María.
        if short[0][-1] in EVERYBODYS and not both_surnames:
            return None
    return EQUAL


_WORDS = {"initial": "con iniciales", "variant": "el nombre se escribe de otro modo"}


def _align(one: Unit, other: Unit) -> str | None:
    if _is_spelt_alike(one, other):
        return "equal"
    if _is_initial(one, other):
        return "initial"
    left, right = (HYPOCORISTICS.get(word[-1], word[-1]) for word in (one, other))
    return "variant" if left == right or _fold_given(left) == _fold_given(right) else None


def _is_initial(one: Unit, other: Unit) -> bool:
    short, long = sorted((one[-1], other[-1]), key=len)
    return len(short) == 1 and len(long) > 1 and long.startswith(short)


def _may_be_variant(one: str, other: str) -> bool:
    """Returns whether two given names may be spellings of one. Two names that are both known never are."""
    if one in GIVEN_NAMES and other in GIVEN_NAMES:
        return False
    return one[0] == other[0] and Levenshtein.normalized_similarity(one, other) >= _ALIKE


def _is_part(short: tuple[Unit, ...], long: tuple[Unit, ...]) -> bool:
    rest = iter(long)
    return all(unit in rest for unit in short)


def _is_spelt_alike(one: Unit, other: Unit) -> bool:
    return _spell(one) == _spell(other)


def _spell(words: Unit) -> str:
    """Returns the words in the form in which spellings compare: Zelensky, Zelenskiy and Zelenski are one."""
    return " ".join(re.sub("i+", "i", word.replace("y", "i")) for word in words)


def _fold_given(word: str) -> str:
    """Returns a given name without the differences of its spellings: Martha, Matteo, Christian, Philip."""
    plain = word.replace("th", "t").replace("ph", "f").replace("chr", "cr").replace("y", "i")
    return _DOUBLED.sub(r"\1", plain)


def _is_foreign_variant(one: Unit, other: Unit, threshold: float) -> bool:
    left, right = " ".join(one), " ".join(other)
    if min(len(left), len(right)) < _MIN_FOREIGN or left[0] != right[0]:
        return False
    if is_common(one) or is_common(other):
        return False
    if not (_FOREIGN.search(left) and _FOREIGN.search(right)):
        return False
    return Levenshtein.normalized_similarity(left, right) >= threshold
