"""Reading a hostile text comes to an end. The tests guard against quadratic work; they measure no speed."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOSTILE = {
    "one letter words": '"a " * 200000',
    "one word": '"a" * 400000',
    "digits": '"1" * 400000',
    "digits and points": '"1." * 200000',
    "spaced groups": '"111 " * 100000',
    "thousands": '"mil " * 100000',
    "quotation marks": "'\"' * 400000",
    "hyphened lines": '"a-\\n" * 133333',
    "combining marks": '"a\\u0301" * 200000',
    "soft hyphens": '"\\u00ad" * 400000',
    "capitals": '"Ab " * 133333',
    "another name in front": '"Zz " + "Ab " * 133333',
    "periods with a tail": '"aba " * 100000 + "abab"',
}
SCRIPT = """
from newsroom.grounding import SourceText, Span
text = {text}
source = SourceText(text)
near = Span(200000, 200001)
for cita in (text[:200000], "aba " * 50000 + "a", text[:100000] + "zz", text[1:50000]):
    source.find_quote(cita)
    source.find_quote(cita, near=near)
source.find_passage(text[1:600] + " zz b c d", near=near)
source.find_passage("no se a zz b c d aba mil")
source.find_name("Juan " + "Ab Cd " * 40, tipo="PERSONA")
source.find_name("Juan Ab Cd Ef Gh", tipo="PERSONA")
source.find_number(111)
"""


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_of_400000_characters_ends(text: str) -> None:
    command = [sys.executable, "-c", SCRIPT.format(text=text)]
    done = subprocess.run(command, cwd=ROOT, timeout=20, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
