"""The program starts fast: what only some formats need is loaded when the first such file is read."""

import subprocess
import sys

HEAVY = {"trafilatura", "feedparser", "lxml", "ftfy", "numpy", "babel", "charset_normalizer", "defusedxml",
         "publicsuffixlist", "pypdf", "docx"}  # fmt: skip


def test_the_reading_of_articles_loads_no_library_of_a_format() -> None:
    program = (
        "import sys; from newsroom.intake.articles import choose_shapes; choose_shapes(None, ());"
        f"print(*sorted({HEAVY!r} & sys.modules.keys()))"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == ""
