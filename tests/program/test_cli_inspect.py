"""`noticias inspect`: how files would be read, without storing anything and without a server."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.stack import run_noticias

DATA = Path(__file__).parents[1] / "data" / "intake"


def inspect(home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run_noticias(home, "inspect", *arguments)


def test_shape_fields_and_the_first_articles_are_shown(tmp_path: Path) -> None:
    done = inspect(tmp_path, DATA / "wordpress.json")
    assert done.returncode == 0, done.stderr
    assert "shape: wordpress (1); articles: 1; refused: 0" in done.stdout
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines() if line.strip()}
    assert rows["titular"] == ["1", "·", "·"]
    assert rows["pais_publicacion"] == ["·", "·", "1"]
    assert "url: https://aguaycampo.test/jalisco-pozos/" in done.stdout
    assert not (tmp_path / "postgres").exists()


def test_what_is_derived_is_told_apart_from_what_is_said(tmp_path: Path) -> None:
    item = {"text": "El Senado votó ayer la ley del agua. " * 4, "url": "https://www.jornada.com.mx/nota"}
    (tmp_path / "nota.json").write_text(json.dumps(item), encoding="utf-8")
    done = inspect(tmp_path, tmp_path / "nota.json", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["formas"] == {"scrapy": 1}
    assert found["campos"]["medio"] == {"dichos": 0, "derivados": 1, "faltan": 0}
    assert found["campos"]["fecha_publicacion"]["faltan"] == 1
    (first,) = found["primeros"]
    assert (first["medio"], first["pais_publicacion"], first["tipo_medio"]) == (
        "La Jornada",
        "México",
        "diario",
    )
    assert first["metadata"]["derivado"]["medio"] == "tabla de medios"


def test_keys_that_no_table_knows_are_named_and_mapped(tmp_path: Path) -> None:
    item = {"cabeza": "El agua sube", "nota_larga": "El Senado votó ayer la ley del agua. " * 10, "folio": 7}
    (tmp_path / "propio.json").write_text(json.dumps(item), encoding="utf-8")
    refused = inspect(tmp_path, tmp_path / "propio.json")
    assert refused.returncode == 2
    assert "cabeza, nota_larga, folio" in refused.stdout
    assert "--map contenido_texto=KEY" in refused.stdout
    maps = ("--map", "contenido_texto=nota_larga", "--map", "titular=cabeza")
    done = inspect(tmp_path, tmp_path / "propio.json", *maps)
    assert done.returncode == 0, done.stdout
    assert "titular: El agua sube" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--shape", "ninguna"), "--shape ninguna"),
        (("--map", "titular"), "--map titular: write FIELD=KEY"),
        (("--map", "cabeza=titular"), "--map cabeza: no field of an article"),
    ],
)
def test_a_wrong_option_is_one_line(tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    done = inspect(tmp_path, DATA / "scrapy.jsonl", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
