"""`python -m tests.chaos [--articles N] [--seconds S] [--seed N]`; exit code 1 if a promise is broken."""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from tests.chaos.soak import run, say_aloud
from tests.chaos.table import summarize


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=420)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--keep", type=Path, help="an empty folder in which logs and data stay")
    options = parser.parse_args()
    # The server hangs up on purpose, and uvicorn would log each time.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="noticias-chaos-") as temporary:
        folder = options.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        result = run(options.articles, options.seconds, options.seed, folder.absolute(), say_aloud)
    lines, broken = summarize(result)
    width = max(len(name) for name, _ in lines)
    print(f"make chaos: {options.articles} articles, {options.seconds:g} s, seed {options.seed}")
    for name, value in lines:
        print(f"{name:<{width}}  {value}")
    for words in broken:
        print(f"BROKEN  {words}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
