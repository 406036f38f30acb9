"""`make bench`: every measurement in one run, side by side; writes docs/performance.md and its plot.

python -m tests.bench [SECTION...]      only these sections, and nothing is written
"""

import platform
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import psutil

from tests.bench import documents, limits, reading, scale_out, sections, storing
from tests.bench.bench import PROJECT, Bench, running_bench
from tests.bench.page import write_page

SECTIONS: dict[str, tuple[str, Callable[[Bench], None]]] = {
    "1": ("Efficiency", sections.measure_efficiency),
    "2": ("Orchestration", sections.measure_orchestration),
    "3": ("The old way", sections.measure_old_way),
    "4": ("Growth", sections.measure_growth),
    "5": ("Limits", limits.measure_limits),
    "6": ("Storing", storing.measure_storing),
    "7": ("Tokens", reading.measure_tokens),
    "8": ("Start-up", sections.measure_start_up),
    "9": ("Local engine", reading.measure_local_engine),
    "10": ("Documents", documents.measure_documents),
    "11": ("Past one machine", scale_out.measure_scale_out),
}


def main(wanted: list[str]) -> int:
    """Runs the sections. Returns 0 whatever the numbers are: a person judges them."""
    begun = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="noticias-bench-") as folder,
        running_bench(Path(folder) / "home") as bench,
    ):
        for number in wanted or SECTIONS:
            title, run = SECTIONS[number]
            print(f"\n{number}. {title}", flush=True)
            section_begun = time.monotonic()
            run(bench)
            print(f"    ({time.monotonic() - section_begun:.0f} s)", flush=True)
        minutes = (time.monotonic() - begun) / 60
        print(f"\n{minutes:.1f} minutes", flush=True)
        if not wanted:
            machine = f"{psutil.cpu_count()} cores, Python {platform.python_version()}"
            write_page(PROJECT / "docs", bench, SECTIONS, f"{date.today()}, {machine}, {minutes:.1f} minutes")
    return 0


if __name__ == "__main__":
    # The servers end with the bench, also when it is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.exit(main(sys.argv[1:]))
