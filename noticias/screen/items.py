"""Prints what is stored: lists of articles, documents and errors, and one article or document in full."""

import sys
from collections.abc import Iterator
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from newsroom.inputs import printable
from newsroom.models.fragmento import UNORDERED
from noticias.screen.cost import describe_cost

_TITLE_CHARS = 44
_PIPE_WIDTH = 140
_COLUMNS = {
    "id": "id",
    "titular": "titular",
    "medio": "medio",
    "fecha_publicacion": "fecha",
    "decision": "decisión",
    "num_hechos": "hechos",
    "num_entidades": "entidades",
    "num_citas": "citas",
    "num_datos": "datos",
    "num_relaciones": "relaciones",
}
_DOCUMENT_COLUMNS = {
    "id": "id",
    "titulo": "título",
    "tipo_documento": "tipo",
    "autor": "autor",
    "fecha_publicacion": "fecha",
    "num_leidos": "fragmentos",
    "procesado": "completo",
}
_SECTION_COLUMNS = {
    "n": "n",
    "titulo_seccion": "sección",
    "pagina": "página",
    "offset_inicio": "desde",
    "offset_fin": "hasta",
    "num_hechos_insertados": "hechos",
    "num_entidades_procesadas": "entidades",
    "num_citas_insertadas": "citas",
    "num_datos_insertados": "datos",
    "advertencias": "avisos",
}
_ERROR_COLUMNS = {
    "id": "id",
    "identidad": "qué",
    "etapa": "etapa",
    "clase_error": "causa",
    "mensaje": "mensaje",
    "intentos": "intentos",
    "estado": "estado",
    "proximo_intento": "próximo intento",
}
_NUMBERS = {"id", "n", "offset_inicio", "offset_fin", "advertencias", "intentos"}
_WIDTHS = {
    "titular": _TITLE_CHARS, "titulo": _TITLE_CHARS, "titulo_seccion": _TITLE_CHARS, "medio": 24, "autor": 24,
    "identidad": 30, "mensaje": 40,
}  # fmt: skip


def make_console() -> Console:
    """Returns a console as wide as the terminal; without one (a pipe, CI) it is wide enough for a table."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH)


def print_articulos(rows: list[dict[str, Any]]) -> None:
    """Prints a list of stored articles."""
    if not rows:
        print("Nothing is stored yet: try `noticias process examples`.")
        return
    _print_table(_COLUMNS, rows)


def print_documentos(rows: list[dict[str, Any]]) -> None:
    """Prints a list of stored documents."""
    if not rows:
        print("No document is stored yet: try `noticias process FILE.pdf`.")
        return
    _print_table(_DOCUMENT_COLUMNS, rows)


def print_documento(stored: dict[str, Any]) -> None:
    """Prints one document: its sections in order, each with its place and counts."""
    documento, fragmentos = stored["documento"], stored["fragmentos"]
    console = make_console()
    console.print(f"[bold]{_text(documento['titulo'])}[/]")
    state = "complete" if documento["procesado"] else "not complete: process it again to go on"
    console.print(
        f"{_text(documento['tipo_documento'])}, {_text(documento['autor'])}, "
        f"{_day(documento['fecha_publicacion'])}. {len(fragmentos)} fragments, "
        f"{sum(row['longitud'] for row in fragmentos)} characters; {state}"
    )
    rows = [{**row, "n": _number(row["indice_secuencial"]), "pagina": _pages(row)} for row in fragmentos]
    _print_table(_SECTION_COLUMNS, rows)


def _number(place: int) -> int | None:
    return place + 1 if place < UNORDERED else None


def _pages(row: dict[str, Any]) -> str:
    first, last = row["num_pagina_inicio"], row["num_pagina_fin"]
    if first is None:
        return ""
    return str(first) if first == last else f"{first}-{last}"


def print_errors(rows: list[dict[str, Any]]) -> None:
    """Prints what failed for good."""
    if not rows:
        print("No item waits for another try or for a person.")
        return
    shown = [
        {**row, "identidad": _what(row), "proximo_intento": _minute(row["proximo_intento"])} for row in rows
    ]
    _print_table(_ERROR_COLUMNS, shown)
    print("noticias retry ID tries one again; noticias errors --export FILE writes them with their input.")


def _what(row: dict[str, Any]) -> str:
    received = next(iter((row.get("entrada") or {}).values()), None)
    known = received if isinstance(received, dict) else {}
    return str(known.get("titular") or known.get("titulo") or row["identidad"])


def _minute(moment: str | None) -> str:
    return (moment or "—")[:16].replace("T", " ")


def _print_table(columns: dict[str, str], rows: list[dict[str, Any]]) -> None:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, heading in columns.items():
        right = name in _NUMBERS or name.startswith("num_")
        table.add_column(
            heading,
            justify="right" if right else "left",
            no_wrap=True,
            overflow="ellipsis",
            max_width=_WIDTHS.get(name),
        )
    for row in rows:
        table.add_row(
            *(_text(_day(row[name]) if name.startswith("fecha") else row[name]) for name in columns)
        )
    make_console().print(table)


def print_articulo(stored: dict[str, Any]) -> None:
    """Prints one article: what was decided, said, measured, and who is related to whom."""
    console = make_console()
    articulo = stored["articulo"]
    console.print(f"[bold]{_text(articulo['titular'])}[/]")
    console.print(
        f"{_text(articulo['medio'])} ({_text(articulo['pais_publicacion'])}), "
        f"{_day(articulo['fecha_publicacion'])}. {_text(articulo['url'] or articulo['identidad'])}"
    )
    triaje = articulo["triaje"]
    console.print(
        f"{_text(articulo['decision'])}, {triaje['puntuacion_total']} de 25, "
        f"{_text(triaje['tipo_articulo'])}. {_text(triaje['justificacion'])}"
    )
    console.print(f"motor: {_text(articulo['motor'])}, flow run {_text(articulo['flow_run_id'])}")
    console.print(f"consumo: {describe_cost(stored['consumo_etapas'])}")
    for title, lines in _sections(stored):
        console.print(f"\n[bold]{title}[/]")
        for line in lines:
            console.print(f"  {line}", soft_wrap=True)


def _sections(stored: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    sections = {
        "Hechos": [_hecho(row) for row in stored["hechos"]],
        "Entidades": [_entidad(row) for row in stored["entidades"]],
        "Citas textuales": [_cita(row) for row in stored["citas_textuales"]],
        "Datos cuantitativos": [_dato(row) for row in stored["datos_cuantitativos"]],
        "Relaciones": list(_relaciones(stored["relaciones"])),
        "Advertencias": [_text(line) for line in stored["articulo"]["advertencias"] or []],
    }
    yield from ((title, lines) for title, lines in sections.items() if lines)


def _hecho(row: dict[str, Any]) -> str:
    when = _days(row["fecha"]) if row["fecha"] else ""
    ahead = ", por venir" if row["es_evento_futuro"] else ""
    return f"{row['importancia']:>2}/10 {row['tipo_hecho']}{when}{ahead}: {_text(row['contenido'])}"


def _entidad(row: dict[str, Any]) -> str:
    alias = f" ({', '.join(map(_text, row['alias']))})" if row["alias"] else ""
    about = f": {_text(row['descripcion'])}" if row["descripcion"] else ""
    return f"{row['tipo']:<12} {_text(row['nombre'])}{alias}{about}"


def _cita(row: dict[str, Any]) -> str:
    place = f"{row['offset_inicio']}:{row['offset_fin']}"
    return f"«{_text(row['cita'])}» — {_text(row['entidad_emisora'] or 'sin atribuir')} ({place})"


def _dato(row: dict[str, Any]) -> str:
    before = f", antes {row['valor_anterior']}" if row["valor_anterior"] is not None else ""
    trend = f", {row['tendencia']}" if row["tendencia"] else ""
    return f"{_text(row['indicador'])}: {row['valor_numerico']} {_text(row['unidad'])}{before}{trend}"


def _relaciones(rows: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for row in rows["entidad_relacion"]:
        yield f"{_text(row['entidad_origen'])} {row['tipo_relacion']} {_text(row['entidad_destino'])}"
    for row in rows["hecho_relacionado"]:
        yield f"«{_text(row['hecho_origen'])}» {row['tipo_relacion']} «{_text(row['hecho_destino'])}»"
    for row in rows["contradicciones"]:
        yield f"contradicción ({row['tipo']}, grado {row['grado']}): {_text(row['descripcion'])}"
    for row in rows["hecho_entidad"]:
        yield f"{_text(row['entidad'])}, {row['tipo_relacion']}: {_text(row['hecho'])[:80]}"


def _text(value: Any) -> str:
    return "—" if value is None else escape(printable(str(value)))


def _day(moment: str | None) -> str:
    return (moment or "—")[:10]


def _days(fecha: dict[str, str | None]) -> str:
    first, last = fecha["inicio"], fecha["fin"]
    if not first and not last:
        return ""
    return f" {_day(first)}" if first == last else f" {_day(first)} a {_day(last)}"
