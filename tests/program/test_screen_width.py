"""Lists in a terminal of 80 columns: ids, dates and numbers are whole, only long texts are cut."""

from typing import Any

import pytest
from rich.console import Console

from noticias.screen import entities, errors, items, report, tables
from tests.factories import make_articulo

TITLE = "El Congreso aprueba la reforma de pensiones tras una sesión de diecinueve horas"
ARTICULO = {
    "id": 123456, "titular": TITLE, "medio": "El Diario de la República",
    "fecha_publicacion": "2026-11-28T10:45",
    "decision": "PROCESAR", "num_hechos": 41, "num_entidades": 112, "num_citas": 9, "num_datos": 17,
    "num_relaciones": 230,
}  # fmt: skip
ENTIDAD: dict[str, Any] = {
    "id": 987654, "tipo": "ORGANIZACION", "nombre": "Superintendencia de Pensiones de la República",
    "alias": ["SPR", "la Superintendencia", "Superintendencia de Pensiones"],
    "articulos": 1234, "fragmentos": 56,
}  # fmt: skip
DOCUMENTO = {
    "id": 4321, "titulo": TITLE, "tipo_documento": "informe", "autor": "Ministerio de Hacienda y Pensiones",
    "fecha_publicacion": "2026-11-28", "num_leidos": 12, "procesado": True,
}  # fmt: skip
ERROR = {
    "id": 77, "entrada": {"articulo": {"titular": TITLE}}, "identidad": "x", "etapa": "quotes_and_figures",
    "clase_error": "EngineUnavailable", "mensaje": "Groq answers 503: " + "over capacity, " * 12 + "the end",
    "intentos": 4, "estado": "pendiente", "proximo_intento": "2026-11-28T11:00:00Z",
}  # fmt: skip


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> int:
    width: int = getattr(request, "param", 80)
    for module in (items, entities, errors, report):
        monkeypatch.setattr(module, "make_console", lambda: Console(highlight=False, width=width))
    return width


@pytest.mark.parametrize("narrow", [80, 100, 120], indirect=True)
def test_lists_fit_the_terminal_and_keep_ids_dates_and_numbers(
    narrow: int, capsys: pytest.CaptureFixture[str]
) -> None:
    items.print_articulos([ARTICULO])
    entities.print_entidades([ENTIDAD])
    items.print_documentos([DOCUMENTO])
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= narrow
    words = shown.split()
    for whole in ("123456", "2026-11-28", "PROCESAR", "41", "112", "230", "987654", "1234", "4321", "sí"):
        assert whole in words
    for start in (TITLE[:11], "Superintend"):
        assert start in shown


def test_the_last_text_is_left_out_before_the_first_says_nothing(
    narrow: int, capsys: pytest.CaptureFixture[str]
) -> None:
    items.print_articulos([ARTICULO])
    assert "medio" not in capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize("narrow", [20], indirect=True)
def test_an_id_is_whole_where_nothing_fits(narrow: int, capsys: pytest.CaptureFixture[str]) -> None:
    items.print_articulos([ARTICULO])
    assert "123456" in capsys.readouterr().out


async def test_the_table_of_a_run_fits_too(narrow: int, capsys: pytest.CaptureFixture[str]) -> None:
    from newsroom.models.outcome import Outcome
    from newsroom.models.resultado import Resultado

    articulo = make_articulo(titular=TITLE)
    stored = Resultado(estado="Descartado", identidad=articulo.identidad, articulo_id=1)
    with report.Report(as_json=False) as shown:
        await shown.add(Outcome(articulo, "run", stored, "", 1.25))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= narrow
    assert lines[1].startswith(TITLE[:12])
    assert lines[1].split()[-2:] == ["1.2", "Descartado"]
    assert lines[-1] == "1 article: 1 Descartado"


def test_an_error_shows_its_id_and_its_whole_message(narrow: int, capsys: pytest.CaptureFixture[str]) -> None:
    errors.print_errors([ERROR])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"77  {TITLE}"
    assert lines[1].split(", ") == [
        "    etapa quotes_and_figures", "causa EngineUnavailable", "intentos 4", "estado pendiente",
        "próximo intento 2026-11-28 11:00",
    ]  # fmt: skip
    assert lines[2] == f"    {ERROR['mensaje']}"


def test_titles_are_text_and_not_markup(narrow: int, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = "[bold]A[/] \x1b[31m"
    errors.print_errors([ERROR | {"entrada": {}, "identidad": hostile, "mensaje": hostile}])
    items.print_articulos([ARTICULO | {"titular": hostile}])
    shown = capsys.readouterr().out
    assert shown.count("[bold]A[/]") == 3
    assert "\x1b" not in shown


def test_a_pipe_is_wide() -> None:
    assert tables.make_console().width == 140


def stored(**changes: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {
        name: [] for name in ("entidad_relacion", "hecho_relacionado", "contradicciones")
    }
    return {
        "articulo": {
            **ARTICULO, "pais_publicacion": "Chile", "url": None, "identidad": "x", "motor": "local",
            "flow_run_id": "r", "advertencias": [], "metadata": {},
            "triaje": {"puntuacion_total": 18, "tipo_articulo": "noticia", "justificacion": "j"},
        },
        "consumo_etapas": [], "hechos": [], "entidades": [], "citas_textuales": [],
        "datos_cuantitativos": [], "relaciones": empty, **changes,
    }  # fmt: skip


def test_figures_have_spanish_separators_and_a_cut_text_ends_with_an_ellipsis(
    narrow: int, capsys: pytest.CaptureFixture[str]
) -> None:
    dato = {
        "indicador": "costo", "valor_numerico": 120000000, "unidad": "euros", "valor_anterior": 1.5,
        "tendencia": None,
    }  # fmt: skip
    related = {"entidad": "Ana", "tipo_relacion": "protagonista", "hecho": TITLE + TITLE}
    row = stored(datos_cuantitativos=[dato])
    row["relaciones"]["hecho_entidad"] = [related]
    items.print_articulo(row)
    shown = capsys.readouterr().out
    assert "costo: 120.000.000 euros, antes 1,5" in shown
    assert f"Ana, protagonista: {(TITLE + TITLE)[:79]}…\n" in shown
