"""The inbox reads documents too: a description comes and leaves with its document, and nothing is lost."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsroom.inbox.claims import Claim
from newsroom.inbox.folder import DONE, FAILED, PROCESSING, SETTLED, Inbox
from newsroom.inbox.sidecars import find_again
from newsroom.models.articulo import Articulo
from newsroom.models.documento import Documento
from tests.factories import raw_articulo
from tests.unit.test_inbox import files, finish, outcome, report, write

LEY = "Artículo 1. Esta ley rige desde hoy.\n"
CARD = {"titulo": "Ley de aguas", "tipo_documento": "ley", "autor": "Cortes"}
NOTE = "Titular: El Congreso aprueba la ley\nMedio: El Correo\n\n" + "El Congreso aprobó ayer la ley. " * 3


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path / "in", settle_s=0)
    yield inbox
    inbox.close()


def put(folder: Path, name: str, content: str = LEY) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def card(**changes: Any) -> str:
    return json.dumps({**CARD, **changes})


def document_of(claim: Claim) -> Documento:
    (found,) = claim.read()
    assert isinstance(found, Documento), claim.problems
    claim.note(outcome(found))
    assert claim.end_reading()
    return found


@pytest.mark.parametrize("name", ["ley.txt", "ley.md", "ley.html", "ley.pdf", "ley.docx", "LEY.PDF"])
@pytest.mark.parametrize("beside", ["{name}.json", "{stem}.json", None])
def test_a_document_goes_through_with_its_description(inbox: Inbox, name: str, beside: str | None) -> None:
    put(inbox.folder, name)
    if beside is not None:
        put(inbox.folder, beside.format(name=name, stem=Path(name).stem), card())
    (claim,) = inbox.claim()
    assert files(inbox.folder) == {f"processing/{n}" for n in ([name, f"{name}.json"] if beside else [name])}
    found = document_of(claim)
    where = inbox.settle(claim, "run-1")

    assert (found.titulo, found.autor) == (("Ley de aguas", "Cortes") if beside else (Path(name).stem, None))
    assert where == inbox.folder / DONE / name
    assert files(inbox.folder) == {f"done/{n}" for n in ([name, f"{name}.json"] if beside else [name])}
    said = report(inbox.folder / DONE, name)
    assert (len(said["documentos"]), said["articulos"]) == (1, [])


def test_a_text_with_an_outlet_in_its_header_is_an_article(inbox: Inbox) -> None:
    put(inbox.folder, "nota.txt", NOTE)
    (claim,) = inbox.claim()
    (found,) = claim.read()
    assert isinstance(found, Articulo)
    assert (found.medio, found.titular) == ("El Correo", "El Congreso aprueba la ley")


def test_what_is_wrong_with_a_description_sends_both_to_failed(inbox: Inbox) -> None:
    put(inbox.folder, "ley.pdf")
    put(inbox.folder, "ley.json", card(tipo_documento="novela"))
    (claim,) = inbox.claim()
    finish(claim)
    inbox.settle(claim, None)

    assert files(inbox.folder) == {"failed/ley.pdf", "failed/ley.pdf.json"}
    (line,) = report(inbox.folder / FAILED, "ley.pdf")["rechazados"]
    assert line.startswith("ley.pdf.json: describes ley.pdf and has a wrong value: tipo_documento: ")
    assert "Input should be 'libro'" in line


def test_a_description_that_two_documents_share_serves_both(inbox: Inbox) -> None:
    for name in ("ley.pdf", "ley.docx"):
        put(inbox.folder, name)
    put(inbox.folder, "ley.json", card())
    claims = inbox.claim()
    assert sorted(claim.path.name for claim in claims) == ["ley.docx", "ley.pdf"]
    assert [document_of(claim).titulo for claim in claims] == ["Ley de aguas"] * 2
    for claim in claims:
        inbox.settle(claim, None)
    assert files(inbox.folder) == {
        "done/ley.pdf", "done/ley.pdf.json", "done/ley.docx", "done/ley.docx.json",
    }  # fmt: skip


def test_a_description_that_comes_first_waits_for_its_document_and_is_named_once(inbox: Inbox) -> None:
    put(inbox.folder, "ley.json", card())
    assert inbox.claim() == []
    assert inbox.unread == {"ley.json": "describe un documento que no ha llegado; se lee con él"}
    inbox.remember_unread()
    assert inbox.claim() == []
    assert inbox.unread == {}

    put(inbox.folder, "ley.pdf")
    (claim,) = inbox.claim()
    assert document_of(claim).titulo == "Ley de aguas"


def test_an_article_in_json_never_waits(inbox: Inbox) -> None:
    put(inbox.folder, "a.json", json.dumps(raw_articulo()))
    put(inbox.folder, "b.json", '{"titulo": "Sin texto", "seccion": "Política"}')
    put(inbox.folder, "c.json", "{")
    assert sorted(claim.path.name for claim in inbox.claim()) == ["a.json", "b.json", "c.json"]


def test_a_document_waits_for_a_description_that_is_still_being_written(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "in", settle_s=60)
    old = put(inbox.folder, "ley.pdf")
    os.utime(old, (1, 1))
    put(inbox.folder, "ley.json", card())
    assert inbox.claim() == []
    inbox.close()


def test_a_reader_killed_between_the_two_moves_loses_no_description(inbox: Inbox) -> None:
    put(inbox.folder / PROCESSING, "ley.pdf")
    put(inbox.folder, "ley.json", card())
    (claim,) = inbox.claim()
    assert document_of(claim).titulo == "Ley de aguas"
    inbox.settle(claim, None)
    assert files(inbox.folder) == {"done/ley.pdf", "done/ley.pdf.json"}


def test_a_killed_reader_leaves_both_for_the_next(inbox: Inbox) -> None:
    put(inbox.folder, "ley.pdf")
    put(inbox.folder, "ley.json", card())
    (claim,) = inbox.claim()
    claim.close()
    other = Inbox(inbox.folder, settle_s=0)
    (again,) = other.claim()
    assert document_of(again).titulo == "Ley de aguas"
    other.settle(again, None)
    assert files(inbox.folder) == {"done/ley.pdf", "done/ley.pdf.json"}


def test_a_second_document_of_the_name_is_numbered_with_its_description(inbox: Inbox) -> None:
    for number in (1, 2):
        put(inbox.folder, "ley.pdf", LEY * number)
        put(inbox.folder, "ley.json", card(titulo=f"Ley {number}"))
        (claim,) = inbox.claim()
        finish(claim)
        inbox.settle(claim, None)
    assert files(inbox.folder) == {
        "done/ley.pdf", "done/ley.pdf.json", "done/2-ley.pdf", "done/2-ley.pdf.json",
    }  # fmt: skip
    assert json.loads((inbox.folder / "done/2-ley.pdf.json").read_text())["titulo"] == "Ley 2"


def test_a_description_that_is_a_link_is_none(inbox: Inbox) -> None:
    secret = put(inbox.folder.parent, "secreto.json", card(titulo="Secreto"))
    put(inbox.folder, "ley.pdf")
    (inbox.folder / "ley.json").symlink_to(secret)
    (claim,) = inbox.claim()
    assert document_of(claim).titulo == "ley"
    assert secret.exists()
    assert set(inbox.unread) == {"ley.json"}


@pytest.mark.parametrize("again", [DONE, FAILED])
def test_a_document_is_found_where_it_went(inbox: Inbox, again: str) -> None:
    put(inbox.folder, "ley.txt", "Otra ley, de antes.")
    (earlier,) = inbox.claim()
    finish(earlier, "" if again == DONE else "no")
    inbox.settle(earlier, None)
    put(inbox.folder, "ley.txt")
    (claim,) = inbox.claim()
    (found,) = claim.read()
    assert isinstance(found, Documento)
    assert find_again(found, SETTLED) == found, "it has not moved"
    claim.note(outcome(found, "" if again == DONE else "EngineRefused"))
    claim.end_reading()
    where = inbox.settle(claim, None)

    assert where.name == "2-ley.txt"
    assert find_again(found, SETTLED).ruta == str(where)
    where.write_text("Otro texto.")
    assert find_again(found, SETTLED) == found, "a file with another content is another document"


def test_a_document_that_never_was_in_the_inbox_stays_as_it_is(tmp_path: Path) -> None:
    gone = Documento(titulo="x", tipo_documento="ley", ruta=str(tmp_path / "no.pdf"))
    assert find_again(gone, SETTLED) is gone


def test_what_nobody_reads_is_named_once_and_stays(inbox: Inbox) -> None:
    for name in ("foto.png", "LEEME", "a.json.part", "b.csv~", ".oculto", "c.jsonl.informe.json"):
        put(inbox.folder, name)
    (inbox.folder / "fotos").mkdir()
    os.mkfifo(inbox.folder / "tubo.json")
    (inbox.folder / "enlace.json").symlink_to("/etc/hostname")

    assert inbox.claim() == []
    assert inbox.unread == {
        "foto.png": "nadie aquí lee archivos .png",
        "LEEME": "le falta la terminación que dice qué es",
        "fotos": "es una carpeta; la bandeja no mira dentro",
        "tubo.json": "no es un archivo corriente",
        "enlace.json": "es un enlace; deje el archivo mismo",
    }
    inbox.remember_unread()
    again = Inbox(inbox.folder, settle_s=0)
    assert again.claim() == []
    assert again.unread == {}
    assert (inbox.folder / "foto.png").exists()


def test_a_new_file_of_the_name_is_named_anew(inbox: Inbox) -> None:
    for age in (10, 5):
        os.utime(put(inbox.folder, "foto.png"), (age, age))
        inbox.claim()
        assert set(inbox.unread) == {"foto.png"}
        inbox.remember_unread()
    (inbox.folder / "foto.png").unlink()
    inbox.claim()
    inbox.remember_unread()
    assert json.loads((inbox.folder / ".no-leidos.json").read_text()) == {}


@pytest.mark.parametrize("memory", ["", "{", "[]", '{"foto.png": "x"}'])
def test_a_memory_that_somebody_spoilt_is_begun_anew(inbox: Inbox, memory: str) -> None:
    put(inbox.folder, ".no-leidos.json", memory)
    put(inbox.folder, "foto.png")
    inbox.claim()
    assert set(inbox.unread) == {"foto.png"}


def test_what_is_still_being_copied_is_not_named_yet(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "in", settle_s=60)
    put(inbox.folder, "foto.png")
    inbox.claim()
    assert inbox.unread == {}
    inbox.close()


@pytest.mark.parametrize("suffix", [".csv", ".xml", ".zip", ".html", ".tar.gz", ".ndjson"])
def test_every_kind_of_article_file_is_taken(inbox: Inbox, suffix: str) -> None:
    write(inbox.folder, f"a{suffix}", 1)
    assert [claim.path.name for claim in inbox.claim()] == [f"a{suffix}"]


def test_the_letter_of_a_refused_file_is_kept_before_the_file_moves(inbox: Inbox) -> None:
    write(inbox.folder, "a.jsonl", 1, bad="no json")
    (claim,) = inbox.claim()
    finish(claim)
    kept: list[dict[str, Any]] = []

    def keep(letter: dict[str, Any]) -> None:
        assert files(inbox.folder) == {"processing/a.jsonl"}
        kept.append(letter)

    inbox.settle(claim, "run-1", keep)
    (letter,) = kept
    assert letter["identidad"].startswith("bandeja:a.jsonl:sha256:")
    assert (letter["etapa"], letter["transitorio"], letter["proximo_intento"]) == ("bandeja", False, None)
    assert letter["mensaje"].startswith("a.jsonl:2: not JSON: ")
    assert letter["entrada"] == {
        "archivo": "a.jsonl",
        "guardado_como": "a.jsonl",
        "carpeta": str(inbox.folder / FAILED),
        "rechazados": 1,
    }


def test_a_letter_of_many_refusals_names_some_and_counts_the_rest(inbox: Inbox) -> None:
    (inbox.folder / "a.jsonl").write_text("no json\n" * 100)
    (claim,) = inbox.claim()
    finish(claim)
    kept: list[dict[str, Any]] = []
    inbox.settle(claim, None, kept.append)
    assert kept[0]["entrada"]["rechazados"] == 100
    assert kept[0]["mensaje"].endswith("; y 80 más")
    assert len(kept[0]["mensaje"]) <= 2_000
