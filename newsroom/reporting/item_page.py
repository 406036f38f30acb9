"""The page about one item for an editor: markdown with a limit on its rows and characters."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from newsroom.models.extraccion import (
    CitaTextual,
    Consumo,
    Contradiccion,
    DatoCuantitativo,
    Fecha,
    Hecho,
    Periodo,
    Triaje,
)
from newsroom.models.item import Item
from newsroom.models.reading import Reading
from newsroom.models.resultado import Guardado
from newsroom.models.vocabulario import Exclusion
from newsroom.reporting.markdown import MAX_ROWS, bullets, escape, link, table
from newsroom.reporting.numbers import spanish_number
from newsroom.reporting.picture import draw_relations

_MAX_CITA_CHARS = 400
_NONE = "—"


def describe_reading(item: Item, reading: Reading, guardado: Guardado) -> str:
    """Returns the page: decision and scores, hechos, relations, citas, datos, warnings, tokens and cost.

    A section without any item is left out. Text of the item is shown as text (see markdown.py).
    """
    sections = [
        *_head(item, guardado),
        *_triage(reading.triaje),
        *_hechos(reading),
        *_relations(reading),
        *_citas(reading),
        *_datos(reading),
        *_contradictions(reading),
        *_warnings(reading.advertencias()),
        *_consumption(reading),
    ]
    return "\n\n".join(sections) + "\n"


def _head(item: Item, guardado: Guardado) -> Iterator[str]:
    yield f"# {escape(item.titular) or 'Sin titular'}"
    about = [item.medio, item.pais_publicacion, item.seccion, item.autor]
    words = [escape(word, 80) for word in about if word]
    if item.fecha_publicacion is not None:
        words.append(item.fecha_publicacion.date().isoformat())
    yield " · ".join([*words, link(item.identidad)])
    if guardado.articulo_id is not None:
        stored = f"Artículo {guardado.articulo_id}"
    else:
        stored = f"Fragmento {guardado.fragmento_id} del documento {guardado.documento_id}"
    yield f"{stored}: {escape(guardado.resultado.replace('_', ' '))}."


def _triage(triaje: Triaje) -> Iterator[str]:
    # Of what is no article the justification says everything.
    topic = triaje.exclusion if isinstance(triaje.exclusion, Exclusion) else None
    excluded = f" Tema excluido: {_words(topic.value)}." if topic else ""
    yield (
        f"## {triaje.decision.value}, {triaje.puntuacion_total} de 25\n\n"
        f"Género: {triaje.tipo_articulo.value}.{excluded} {escape(triaje.justificacion, _MAX_CITA_CHARS)}"
    )
    scores = triaje.puntuaciones
    names = type(scores).model_fields
    yield table([_words(name) for name in names], [[str(getattr(scores, name)) for name in names]])


def _hechos(reading: Reading) -> Iterator[str]:
    hechos = reading.elementos.hechos
    if not hechos:
        return
    importance = {row.hecho_id: row.importancia for row in reading.relaciones.importancias}

    def tell(hecho: Hecho) -> str:
        matter = importance.get(hecho.id)
        marks = [_fecha(hecho.fecha), hecho.tipo_hecho.value.lower()]
        marks += ["por venir"] if hecho.es_futuro else []
        marks += [] if matter is None else [f"importancia {matter}"]
        where = escape(", ".join((*hecho.ciudad, *hecho.region, *hecho.pais)), 80)
        place = f" ({where})" if where else ""
        contenido = escape(hecho.contenido, _MAX_CITA_CHARS)
        return f"**{hecho.id}** · {' · '.join(filter(None, marks))}: {contenido}{place}"

    ordered = sorted(hechos, key=lambda hecho: -importance.get(hecho.id, 0))
    yield f"## Hechos ({len(hechos)})"
    yield bullets(map(tell, ordered), len(hechos))


def _relations(reading: Reading) -> Iterator[str]:
    picture = draw_relations(reading.elementos, reading.relaciones)
    relations = reading.relaciones.entidad_relacion
    if picture is None and not relations:
        return
    yield "## Quién se relaciona con quién"
    if picture is not None:
        yield f"![relaciones entre entidades]({picture})"
    names = _names(reading)
    if relations:
        rows = [
            [
                names.get(relation.entidad_origen_id, _NONE),
                _words(relation.tipo_relacion.value),
                names.get(relation.entidad_destino_id, _NONE),
                escape(relation.descripcion or "", 60),
            ]
            for relation in relations[:MAX_ROWS]
        ]
        yield table(["quién", "relación", "con quién", "descripción"], rows, len(relations))


def _citas(reading: Reading) -> Iterator[str]:
    citas = reading.citas_y_datos.citas_textuales
    if not citas:
        return
    names = _names(reading)

    def tell(cita: CitaTextual) -> str:
        speaker = names.get(cita.entidad_id) if cita.entidad_id else None
        context = f" ({escape(cita.contexto)})" if cita.contexto else ""
        return f"**{speaker or 'Sin atribuir'}**: «{escape(cita.cita, _MAX_CITA_CHARS)}»{context}"

    yield f"## Citas textuales ({len(citas)})"
    yield bullets(map(tell, citas), len(citas))


def _datos(reading: Reading) -> Iterator[str]:
    datos = reading.citas_y_datos.datos_cuantitativos
    if not datos:
        return

    def row(dato: DatoCuantitativo) -> list[str]:
        return [
            escape(dato.indicador, 80),
            _number(dato.valor),
            escape(dato.unidad, 40),
            _periodo(dato.periodo),
            _NONE if dato.valor_anterior is None else _number(dato.valor_anterior),
            dato.tendencia.value if dato.tendencia else _NONE,
        ]

    yield f"## Datos cuantitativos ({len(datos)})"
    headings = ["indicador", "valor", "unidad", "periodo", "antes", "tendencia"]
    yield table(headings, map(row, datos[:MAX_ROWS]), len(datos))


def _contradictions(reading: Reading) -> Iterator[str]:
    found = reading.relaciones.contradicciones
    if found:
        yield f"## Contradicciones ({len(found)})"
        yield bullets(map(_contradiction, found), len(found))


def _contradiction(row: Contradiccion) -> str:
    pair = f"**{row.hecho_principal_id} y {row.hecho_contradictorio_id}**"
    return f"{pair}, {row.tipo.value}, grado {row.grado} de 5. {escape(row.descripcion or '')}"


def _warnings(advertencias: tuple[str, ...]) -> Iterator[str]:
    if advertencias:
        yield f"## Advertencias ({len(advertencias)})"
        yield bullets(map(escape, advertencias), len(advertencias))


def _consumption(reading: Reading) -> Iterator[str]:
    used = reading.consumos()
    if not used:
        return
    yield "## Consumo"
    headings = ["etapa", "modelo", "peticiones", "tokens de entrada", "de salida", "en caché", "s", "USD"]
    total = reading.tokens()
    rows = [_consumed(stage, consumo) for stage, consumo in used.items()]
    seconds = sum(consumo.segundos for consumo in used.values())
    totals = [str(total[name]) for name in ("peticiones", "entrada", "salida", "cache")]
    rows.append(["**total**", "", *totals, f"{seconds:.1f}", _cost(reading.costo_usd())])
    yield table(headings, rows)


def _consumed(stage: str, consumo: Consumo) -> list[str]:
    return [
        _words(stage),
        escape(consumo.modelo, 80),
        str(consumo.peticiones),
        str(consumo.tokens_entrada),
        str(consumo.tokens_salida),
        str(consumo.tokens_cache),
        f"{consumo.segundos:.1f}",
        _cost(consumo.costo_usd),
    ]


def _names(reading: Reading) -> dict[int, str]:
    return {entidad.id: escape(entidad.nombre, 80) for entidad in reading.elementos.entidades}


def _words(value: str) -> str:
    return value.replace("_", " ")


def _cost(usd: Decimal | float | None) -> str:
    return _NONE if usd is None else f"{usd:.5f}"


def _number(value: Decimal) -> str:
    return escape(spanish_number(value), 80)


def _fecha(fecha: Fecha) -> str:
    if fecha.inicio is None and fecha.fin is None:
        return ""
    return _days(fecha.inicio.date() if fecha.inicio else None, fecha.fin.date() if fecha.fin else None)


def _periodo(periodo: Periodo) -> str:
    return _days(periodo.inicio, periodo.fin)


def _days(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return _NONE
    if first == last:
        return str(first)
    return f"{first or '…'} a {last or '…'}"
