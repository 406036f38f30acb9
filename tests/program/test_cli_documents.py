"""Documents and dead letters on the command line: real processes on the session's servers."""

import asyncio
import json
import os
import subprocess
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from newsroom.store.supabase import SupabaseStore
from noticias.local.stack import StackAddresses
from tests.program.test_cli import article
from tests.stack import NOTICIAS, run_noticias

LEY = """# LEY DE AGUAS

## TÍTULO I

Artículo 1. El Congreso de la República de Chile aprobó el 15 de mayo de 2024 la Ley de Aguas por 68 votos.

## TÍTULO II

Artículo 2. “El agua es un bien de todos los chilenos”, declaró la ministra de Hacienda, Rosa Peralta Gómez.
Artículo 3. El Ministerio de Hacienda destinará 1.200 millones de dólares a los embalses durante el año 2025.
"""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(stack_addresses: StackAddresses) -> Run:
    return partial(run_noticias, stack_addresses.home)


def write(folder: Path, sidecar: Any = None) -> Path:
    path = folder / "ley.md"
    path.write_text(LEY, encoding="utf-8")
    if sidecar is not None:
        path.with_suffix(".json").write_text(json.dumps(sidecar), encoding="utf-8")
    return path


def test_a_document_goes_in_with_options_and_sidecar_and_is_shown(tmp_path: Path, run: Run) -> None:
    title = f"Ley de Aguas [bold]{uuid.uuid4().hex[:8]}[/]"
    path = write(tmp_path, {"titulo": "otro", "autor": "Congreso", "tipo_documento": "informe"})

    done = run("process", path, path.with_suffix(".json"), "--titulo", title, "--tipo", "ley", "--json")

    assert done.returncode == 0, done.stderr
    (line,) = [json.loads(said) for said in done.stdout.splitlines()]
    assert (line["estado"], line["titulo"]) == ("Completed", title)
    assert sum(line["fragmentos"].values()) >= 1
    stored = json.loads(run("show", "--documento", str(line["documento_id"]), "--json").stdout)
    assert (stored["documento"]["autor"], stored["documento"]["tipo_documento"]) == ("Congreso", "ley")
    assert sum(row["longitud"] for row in stored["fragmentos"]) == len(LEY)
    shown = run("show", "--documento", str(line["documento_id"])).stdout
    assert title in shown
    assert f"{len(LEY)} characters; complete" in shown
    again = run("process", path, "--titulo", title, "--tipo", "ley")
    assert again.returncode == 0
    assert "1 document: 1 Duplicado" in again.stdout
    assert "no row was changed" in again.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ley.md", "--tipo", "novela"), "ley.md: tipo_documento: Input should be 'libro'"),
        (
            ("ley.md", "--fecha", "ayer"),
            "ley.md: fecha_publicacion: not an ISO 8601 date like 2025-04-15T10:30:00-05:00: 'ayer'",
        ),
        (("ley.md", "b.txt", "--titulo", "x"), "--titulo: describes one document, 2 are given"),
        (("b.txt",), "b.json: the description of b.txt is not JSON"),
        (("feed.jsonl", "--documento"), "feed.jsonl: not one of .txt, .md"),
        (("nowhere.pdf",), "nowhere.pdf: no such file or folder"),
    ],
    ids=lambda value: value[-2:] if isinstance(value, tuple) else None,
)
def test_a_bad_document_is_one_line_and_starts_no_server(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    write(tmp_path)
    (tmp_path / "b.txt").write_text("Un texto.")
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "feed.jsonl").write_text(json.dumps(article()))
    done = subprocess.run(
        [str(NOTICIAS), "process", *arguments],
        env=os.environ | {"NOTICIAS_HOME": str(tmp_path / "home")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert message in line
    assert not (tmp_path / "home").exists()


def test_a_document_that_cannot_be_read_fails_with_one_line_and_a_letter(tmp_path: Path, run: Run) -> None:
    title = f"Rota {uuid.uuid4().hex[:8]}"
    (tmp_path / "rota.pdf").write_bytes(b"%PDF-1.7 no es uno")

    done = run("process", tmp_path / "rota.pdf", "--titulo", title)

    assert done.returncode == 1
    (line,) = [line for line in done.stderr.splitlines() if "rota.pdf" in line]
    assert line.startswith(f"noticias: «{title}»: InvalidInput in split: {tmp_path}/rota.pdf")
    assert "Traceback" not in done.stderr
    (letter,) = [row for row in json.loads(run("errors", "--json").stdout) if title in str(row["entrada"])]
    assert letter["estado"] == "intervencion_requerida"


def leave_letters(stack_addresses: StackAddresses, *inputs: Any) -> list[int]:
    """Has the store hold a letter for each input; returns their ids."""
    key = stack_addresses.service_role_key
    assert key is not None

    async def leave() -> list[int]:
        store = SupabaseStore(str(stack_addresses.supabase_url), key)
        try:
            return [
                await store.record_error(
                    {
                        "flow_run_id": str(uuid.uuid4()),
                        "etapa": "elements",
                        "clase_error": "EngineUnavailable",
                        "mensaje": "502",
                        "transitorio": True,
                        "intentos": 4,
                        "identidad": uuid.uuid4().hex,
                        "entrada": entrada,
                        "proximo_intento": "2999-01-01T00:00:00Z",
                    }
                )
                for entrada in inputs
            ]
        finally:
            await store.close()

    return asyncio.run(leave())


def test_letters_are_listed_exported_and_tried_again(
    tmp_path: Path, run: Run, stack_addresses: StackAddresses
) -> None:
    url = f"https://ejemplo.test/{uuid.uuid4().hex}"
    good, bad = leave_letters(stack_addresses, {"articulo": article(url=url)}, {"boletin": {"a": 1}})

    listed = {row["id"]: row for row in json.loads(run("errors", "--json").stdout)}
    assert listed[good]["entrada"]["articulo"]["url"] == url
    exported = run("errors", "--export", tmp_path / "out.jsonl")
    assert exported.returncode == 0
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {good, bad} <= {row["id"] for row in lines}
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600

    tried = run("retry", str(good), str(bad), "--json")

    assert tried.returncode == 1
    (line,) = [json.loads(said) for said in tried.stdout.splitlines()]
    assert (line["url"], line["estado"]) == (url, "Completed")
    assert f"noticias: error {bad}: its input is neither articulo nor fragmento nor documento" in tried.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("retry",), "say which: noticias retry ID [ID...], or noticias retry --all"),
        (("retry", "1", "--all"), "say which: noticias retry ID [ID...], or noticias retry --all"),
        (("retry", "999999"), "there is no error 999999; `noticias errors --all` lists them"),
        (("show", "--documento", "999999"), "there is no document 999999; `noticias show --documento` lists"),
        (("errors", "--export", "/nowhere/x"), "/nowhere/x: cannot be written: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_wrong_usage_is_one_line_and_exit_code_2(run: Run, arguments: tuple[str, ...], message: str) -> None:
    done = run(*arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
