"""The sums of a soak, and whether they are as promised."""

import platform
import statistics
from collections import Counter
from datetime import UTC, datetime

import psutil

from tests.chaos.ledger import WINDOW_S, count_inventions, requests_per_reading
from tests.chaos.soak import Result

MAX_REQUESTS = 8
"""Four tries of the task, each at most two requests beside those that a 429 refused.

The rule: docs/design.md, "What fails and who owns it".
"""
MIN_STORED = 0.99

_KINDS = ("citas", "datos", "entidades", "hechos", "ids")


def summarize(result: Result) -> tuple[list[tuple[str, str]], list[str]]:
    """Returns the lines of the table (name and value), and the promises that are broken, in words."""
    found, repeats = result.found, result.repeats
    offered_false = count_inventions(result.asks)
    per_article = Counter(ask.number for ask in result.asks if ask.outcome != "429")
    through = [per_article[n] for n in found.stored] or [0]
    false = sum(found.false.values())
    accepted = len(result.offered)
    share = (len(found.stored) + len(found.discarded)) / accepted
    lines = [
        ("articles offered", f"{accepted}"),
        ("submissions (an eighth over every door at once)", f"{result.submissions}"),
        ("stored", f"{len(found.stored)}"),
        ("discarded by the triage", f"{len(found.discarded)}"),
        ("stored or discarded", f"{share:.2%}"),
        ("submissions and re-readings answered Duplicado", f"{result.states['Duplicado']}"),
        ("dead letters before the one retry", _list(result.dead_before_retry)),
        ("dead letters at the end", _list(Counter(found.dead.values()))),
        ("still waiting at a door", f"{len(found.waiting)}"),
        ("lost", f"{len(found.lost)}"),
        ("stored twice", f"{len(found.twice)}"),
        ("true items not stored", f"{len(found.missing)}"),
        ("model calls repeated after their answer had arrived", f"{len(repeats.unexplained)}"),
        (f"  answer died with its reader (killed within {WINDOW_S:g} s, not yet on disk)", _window(result)),
        ("  asked by two readings of one article at once", f"{repeats.at_once}"),
        ("requests to the model", f"{len(result.asks)} ({_list(Counter(a.outcome for a in result.asks))})"),
        ("requests per stored article, 429s aside", _spread(through)),
        (f"most requests of one reading for one stage (bound {MAX_REQUESTS})", f"{_most(result)}"),
        *(
            (f"false {kind} offered / stored", f"{offered_false[kind]} / {found.false[kind]}")
            for kind in _KINDS
        ),
        ("false in any other column", f"{false - sum(found.false[kind] for kind in _KINDS)}"),
        ("runs that no automation started again", f"{len(result.put_back)}"),
        ("broken on purpose", _list(result.done)),
        ("ends of readers", "; ".join(f"{name}: {_ends(exits)}" for name, exits in result.exits.items())),
        ("machine", f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} cores, load {_load()}"),
        ("time", f"{result.seconds:.0f} s, ended {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"),
    ]
    return lines, _find_broken(result, share)


def _find_broken(result: Result, share: float) -> list[str]:
    found, unexplained = result.found, result.repeats.unexplained
    per_reading = requests_per_reading(result.asks)
    beyond = [key for key, n in per_reading.items() if n > MAX_REQUESTS and key[0] not in result.several]
    promises = {
        f"lost: {sorted(found.lost)[:20]}": not found.lost,
        f"stored twice: {found.twice[:10]}": not found.twice,
        f"true items not stored: {found.missing[:10]}": not found.missing,
        f"calls repeated: {unexplained[:5]}": not unexplained,
        f"false items stored: {_list(found.false)}": not sum(found.false.values()),
        f"requests beyond the bound: {beyond[:5]}": not beyond,
        f"only {share:.2%} stored or discarded": share >= MIN_STORED,
        f"refused by the connector's door: {result.refused[:5]}": not result.refused,
        f"left by the automations: {result.put_back[:10]}": not result.put_back,
        f"not ended in time: {result.unfinished}": not result.unfinished,
    }
    return [words for words, kept in promises.items() if not kept]


def _most(result: Result) -> int:
    counted = requests_per_reading(result.asks)
    return max((n for key, n in counted.items() if key[0] not in result.several), default=0)


def _window(result: Result) -> str:
    gaps = result.repeats.gaps_s
    if not gaps:
        return "0"
    return (
        f"{len(gaps)} (delivered {statistics.median(gaps):.2f} s before the kill, at most {max(gaps):.2f} s)"
    )


def _spread(numbers: list[int]) -> str:
    ordered = sorted(numbers)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return f"mean {statistics.mean(ordered):.2f}, 95 % at most {p95}, most {ordered[-1]}"


def _list(counts: Counter[str] | Counter[int]) -> str:
    return ", ".join(f"{name}: {n}" for name, n in sorted(counts.items(), key=str) if n) or "0"


def _ends(exits: Counter[int]) -> str:
    return ", ".join(f"exit code {code}: {n}" for code, n in sorted(exits.items()) if n) or "0"


def _load() -> str:
    return f"{psutil.getloadavg()[0]:.1f}"
