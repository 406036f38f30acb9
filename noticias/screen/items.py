"""Prints what is stored: lists of articles and documents, and one article or document in full."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rich.markup import escape

from newsroom.inputs import printable
from newsroom.models.fragmento import UNORDERED
from newsroom.reporting.numbers import counted, spanish_number
from noticias.screen.cost import describe_cost
from noticias.screen.tables import Column, make_console, print_table

_TITLE_CHARS, _NAME_CHARS, _HECHO_CHARS = 44, 24, 80
_COUNTS = {
    "num_hechos": Column("hechos", numeric=True),
    "num_entidades": Column("entid.", numeric=True),
    "num_citas": Column("citas", numeric=True),
    "num_datos": Column("datos", numeric=True),
}
_COLUMNS = {
    "id": Column("id", numeric=True),
    "titular": Column("titular", at_most=_TITLE_CHARS),
    "medio": Column("medio", at_most=_NAME_CHARS),
    "fecha_publicacion": Column("fecha"),
    "decision": Column("decisión"),
    **_COUNTS,
    "num_relaciones": Column("relac.", numeric=True),
}
_DOCUMENT_COLUMNS = {
    "id": Column("id", numeric=True),
    "titulo": Column("título", at_most=_TITLE_CHARS),
    "tipo_documento": Column("tipo"),
    "autor": Column("autor", at_most=_NAME_CHARS),
    "fecha_publicacion": Column("fecha"),
    "num_leidos": Column("fragmentos", numeric=True),
    "procesado": Column("completo"),
}
_SECTION_COLUMNS = {
    "n": Column("n", numeric=True),
    "titulo_seccion": Column("sección", at_most=_TITLE_CHARS),
    "pagina": Column("página"),
    "offset_inicio": Column("desde", numeric=True),
    "offset_fin": Column("hasta", numeric=True),
    "num_hechos_insertados": Column("hechos", numeric=True),
    "num_entidades_procesadas": Column("entid.", numeric=True),
    "num_citas_insertadas": Column("citas", numeric=True),
    "num_datos_insertados": Column("datos", numeric=True),
    "advertencias": Column("avisos", numeric=True),
}


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
        f"{_day(documento['fecha_publicacion'])}. {counted(len(fragmentos), 'fragment', 'fragments')}, "
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


def _print_table(columns: dict[str, Column], rows: list[dict[str, Any]]) -> None:
    cells = [[_cell(name, row[name]) for name in columns] for row in rows]
    print_table(make_console(), list(columns.values()), cells)


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "sí" if value else "no"
    return printable(str(value))[: 10 if name.startswith("fecha") else None]


def print_articulo(stored: dict[str, Any]) -> None:
    """Prints one article: what was decided, said, measured, and who is related to whom."""
    console = make_console()
    articulo = stored["articulo"]
    console.print(f"[bold]{_text(articulo['titular'] or 'Sin titular')}[/]")
    country = f" ({_text(articulo['pais_publicacion'])})" if articulo["pais_publicacion"] else ""
    day = _day(articulo["fecha_publicacion"]) if articulo["fecha_publicacion"] else "sin fecha"
    console.print(
        f"{_text(articulo['medio'] or 'sin medio')}{country}, {day}. "
        f"{_text(articulo['url'] or articulo['identidad'])}"
    )
    if derived := articulo["metadata"].get("derivado"):
        console.print(f"derivado: {_text('; '.join(f'{name}: {rule}' for name, rule in derived.items()))}")
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
    before = f", antes {_valor(row['valor_anterior'])}" if row["valor_anterior"] is not None else ""
    trend = f", {row['tendencia']}" if row["tendencia"] else ""
    return f"{_text(row['indicador'])}: {_valor(row['valor_numerico'])} {_text(row['unidad'])}{before}{trend}"


def _valor(number: Any) -> str:
    return spanish_number(Decimal(str(number)))


def _relaciones(rows: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for row in rows["entidad_relacion"]:
        yield f"{_text(row['entidad_origen'])} {row['tipo_relacion']} {_text(row['entidad_destino'])}"
    for row in rows["hecho_relacionado"]:
        yield f"«{_text(row['hecho_origen'])}» {row['tipo_relacion']} «{_text(row['hecho_destino'])}»"
    for row in rows["contradicciones"]:
        yield f"contradicción ({row['tipo']}, grado {row['grado']}): {_text(row['descripcion'])}"
    for row in rows["hecho_entidad"]:
        yield f"{_text(row['entidad'])}, {row['tipo_relacion']}: {_text(_cut(row['hecho']))}"


def _cut(hecho: str) -> str:
    return hecho if len(hecho) <= _HECHO_CHARS else hecho[: _HECHO_CHARS - 1] + "…"


def _text(value: Any) -> str:
    return "—" if value is None else escape(printable(str(value)))


def _day(moment: str | None) -> str:
    return (moment or "—")[:10]


def _days(fecha: dict[str, str | None]) -> str:
    first, last = fecha["inicio"], fecha["fin"]
    if not first and not last:
        return ""
    return f" {_day(first)}" if first == last else f" {_day(first)} a {_day(last)}"
