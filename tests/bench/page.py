"""docs/performance.md and its plot."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.bench.bench import Bench

_NOTES = Path(__file__).with_name("notes.md")


def write_page(
    folder: Path, bench: Bench, sections: dict[str, tuple[str, Callable[[Bench], None]]], when: str
) -> None:
    """Writes the page from what was measured, and from the notes that a person keeps beside the bench."""
    lines = [
        "# Performance",
        "",
        f"Written by `make bench` ({when}). Figures on such a machine are noisy: read the ratios.",
        "",
        "![Time an article](performance.png)",
        "",
    ]
    for number, (title, _) in sections.items():
        lines += [f"## {number}. {title}", "", "| measured | value | goal | |", "|---|---|---|---|"]
        for line in bench.lines:
            if line.section == number:
                verdict = "" if line.met is None else "met" if line.met else "**not met**"
                lines.append(f"| {line.what} | {line.value} | {line.goal} | {verdict} |")
        lines.append("")
    lines.append(_NOTES.read_text(encoding="utf-8"))
    (folder / "performance.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    _draw(folder / "performance.png", bench.figures)


def _draw(path: Path, figures: dict[str, Any]) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4))
    us, loop, default = figures["orchestration_seconds"]
    names, values = ("asyncio", "this system", "Prefect's\ndefaults"), (loop, us, default)
    left.bar(names, [1000 * value for value in values], color=("#999", "#2a6", "#c55"))
    left.set_yscale("log")
    left.set_ylabel("ms an article, model at 0 s")
    for place, value in enumerate(values):
        left.text(place, 1000 * value, f"{1000 * value:.0f}", ha="center", va="bottom")
    speeds = {"0.5 s a call": figures["old_0.5"], "2 s a call": figures["old_2"]}
    right.bar(list(speeds), list(speeds.values()), color="#2a6")
    right.axhline(1, color="#c55")
    right.set_ylabel("articles a second over the old way")
    for place, value in enumerate(speeds.values()):
        right.text(place, value, f"{value:.1f}×", ha="center", va="bottom")
    for axes in (left, right):
        axes.margins(y=0.12)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
