"""`noticias eval` as a person runs it, on two gold articles."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from noticias import cli

GOLD = Path(__file__).parents[1] / "data" / "gold"


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    for name in ("01-colombia-puente", "26-uruguay-futbol"):
        shutil.copy(GOLD / f"{name}.yaml", folder)
    monkeypatch.chdir(tmp_path)
    return folder


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(cli.app, ["eval", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_scripted_and_local_are_measured_and_compared(two: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, shown = run("--engine", "scripted", "--gold", two, "--out", out)
    assert code == 0, shown
    assert "nombres" in shown
    assert "1.00" in shown
    (first,) = out.glob("scripted-*.json")
    written = json.loads(first.read_text(encoding="utf-8"))
    assert written["motor"] == "scripted"
    assert written["articulos"] == 2
    assert {line["f1"] for line in written["tabla"]} == {1.0}
    assert written["prompts"]["elementos"]["prompt"] == "elements.v1"
    code, shown = run("--engine", "local", "--gold", two, "--out", out, "--compare", first)
    assert code == 0, shown
    assert "difference" in shown
    (second,) = out.glob("local-*.json")
    assert len(list(out.glob("*.png"))) == 2
    code, shown = run("--compare", first, second)
    assert code == 0, shown
    assert "before" in shown
    assert "difference" in shown
    code, shown = run("--compare", first, first)
    assert "No number differs." in shown


def test_what_cannot_be_run_is_one_line_and_exit_code_2(two: Path, tmp_path: Path) -> None:
    code, shown = run("--engine", "local", "--model", "otro", "--gold", two)
    assert (code, "--model goes with --engine groq" in shown) == (2, True)
    code, shown = run(tmp_path / "b.json")
    assert (code, "needs --compare" in shown) == (2, True)


def test_without_gold_or_key_the_entry_point_says_so_and_ends_with_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments, words in (
        (["--engine", "local"], "no such folder"),
        (["--engine", "groq", "--gold", str(GOLD)], "GROQ_API_KEY"),
        (["--compare", "none.json", "other.json"], "cannot be read"),
    ):
        monkeypatch.setattr("sys.argv", ["noticias", "eval", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        shown = capsys.readouterr().err
        assert left.value.code == 2
        assert words in shown
        assert shown.count("\n") == 1
