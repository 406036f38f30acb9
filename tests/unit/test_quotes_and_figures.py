"""Quotations have the text's own characters and figures its numbers. Others are dropped with a warning."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from newsroom.engines.scripted import ScriptedEngine
from newsroom.models.extraccion import CitasYDatos
from newsroom.models.preparado import Trozo
from newsroom.stages.quotes_and_figures import extract_citas_y_datos, merge_citas_y_datos
from tests.factories import TEXTO
from tests.unit.material import elementos, item, said_cita, said_dato, whole


async def extract(
    citas: list[dict[str, Any]], datos: list[dict[str, Any]], texto: str = TEXTO, trozo: Trozo | None = None
) -> CitasYDatos:
    answer = {"citas_textuales": citas, "datos_cuantitativos": datos}
    engine = ScriptedEngine({"citas_y_datos": json.dumps(answer)})
    return await extract_citas_y_datos(engine, item(texto), trozo or whole(texto), "es", elementos())


async def test_offsets_give_the_quotation_and_the_number() -> None:
    found = await extract([said_cita()], [said_dato()])
    (cita,), (dato,) = found.citas_textuales, found.datos_cuantitativos
    assert TEXTO[cita.offset_inicio : cita.offset_fin] == cita.cita == "No sobra el agua"
    assert TEXTO[dato.offset_inicio : dato.offset_fin] == "29"
    assert (cita.entidad_id, cita.hecho_id, dato.hecho_id) == (1, 1, 1)
    assert (dato.valor, dato.unidad) == (Decimal(29), "votos")
    assert found.advertencias == ()
    assert found.consumo.modelo == "guion"


async def test_a_quotation_that_differs_in_typesetting_is_stored_as_the_text_has_it() -> None:
    texto = TEXTO.replace("No sobra el agua", "No\u00a0sobra\r\nel  agua")
    (cita,) = (await extract([said_cita(cita='"No sobra el agua"')], [], texto)).citas_textuales
    assert cita.cita == "No\u00a0sobra\r\nel  agua"
    assert texto[cita.offset_inicio : cita.offset_fin] == cita.cita


async def test_a_later_piece_counts_from_the_start_of_the_whole() -> None:
    start = TEXTO.index("“No sobra")
    trozo = Trozo(indice=1, offset_inicio=start, offset_fin=len(TEXTO), texto=TEXTO[start:])
    found = await extract([said_cita()], [said_dato()], trozo=trozo)
    assert found.citas_textuales[0].offset_inicio == TEXTO.index("No sobra")
    assert found.advertencias == ("dato cuya cifra no está en el texto: votos a favor = 29",)


@pytest.mark.parametrize(
    ("citas", "datos", "warning"),
    [
        # Half of a sentence may say the contrary of the whole.
        ([said_cita(2, cita="Sobra el agua")], [], "cita que no está en el texto: «Sobra el agua»"),
        ([said_cita(2, cita="No sobra la plata")], [], "cita que no está en el texto: «No sobra la plata»"),
        ([said_cita(2, cita="No sobra agua")], [], "cita que no está en el texto: «No sobra agua»"),
        ([], [said_dato(2, valor=30)], "dato cuya cifra no está en el texto: votos a favor = 30"),
        ([], [said_dato(2, valor=2.9)], "dato cuya cifra no está en el texto: votos a favor = 2.9"),
        ([], [said_dato(2, indicador="x")], "dato sin indicador o sin unidad: 29"),
        ([], [said_dato(2, unidad="")], "dato sin indicador o sin unidad: 29"),
    ],
)
async def test_what_was_invented_is_dropped_and_listed_and_its_neighbours_stay(
    citas: list[dict[str, Any]], datos: list[dict[str, Any]], warning: str
) -> None:
    found = await extract([said_cita(), *citas], [said_dato(), *datos])
    assert (len(found.citas_textuales), len(found.datos_cuantitativos)) == (1, 1)
    assert found.advertencias == (warning,)


@pytest.mark.parametrize("valor", ["1e999", '"NaN"', '"-Infinity"'])
async def test_a_number_of_no_size_is_dropped(valor: str) -> None:
    text = json.dumps({"citas_textuales": [], "datos_cuantitativos": [said_dato(valor="@")]})
    engine = ScriptedEngine({"citas_y_datos": text.replace('"@"', valor)})
    found = await extract_citas_y_datos(engine, item(), whole(), "es", elementos())
    assert found.datos_cuantitativos == ()
    assert found.advertencias[0].startswith("dato cuya cifra no está en el texto: votos a favor = ")


async def test_a_reference_to_what_does_not_exist_is_cut_and_told_and_the_item_stays() -> None:
    found = await extract([said_cita(entidad_id=9, hecho_id=0)], [said_dato(hecho_id=7)])
    (cita,), (dato,) = found.citas_textuales, found.datos_cuantitativos
    assert (cita.entidad_id, cita.hecho_id, dato.hecho_id) == (None, None, None)
    assert found.advertencias == (
        "referencia a entidad 9, que no existe",
        "referencia a hecho 0, que no existe",
        "referencia a hecho 7, que no existe",
    )


@pytest.mark.parametrize(
    ("texto", "valor", "place"),
    [
        ("La ley costará 48.000 millones de pesos.", 48_000_000_000, "48.000 millones"),
        ("La inflación fue de 3,5 % en mayo.", 3.5, "3,5"),
        ("Acudieron tres mil personas.", 3_000, "tres mil"),
    ],
)
async def test_a_value_is_found_as_spanish_writes_it(texto: str, valor: float, place: str) -> None:
    said = said_dato(valor=valor, pasaje=texto, unidad="porcentaje" if "%" in texto else "unidades")
    (dato,) = (await extract([], [said], texto)).datos_cuantitativos
    assert (dato.valor, texto[dato.offset_inicio : dato.offset_fin]) == (Decimal(str(valor)), place)


async def test_the_passage_says_which_of_two_equal_numbers_is_meant() -> None:
    texto = "Votaron 29 senadores en Lima. Meses después votaron 29 diputados en Quito."
    said = said_dato(pasaje="votaron 29 diputados en Quito", unidad="personas")
    (dato,) = (await extract([], [said], texto)).datos_cuantitativos
    assert dato.offset_inicio == texto.rindex("29")


async def test_what_the_model_reckoned_is_no_figure_of_the_text() -> None:
    said = said_dato(valor_anterior=14, variacion_absoluta=15, variacion_porcentual=107.1)
    (dato,) = (await extract([], [said])).datos_cuantitativos
    assert (dato.valor_anterior, dato.variacion_absoluta, dato.variacion_porcentual) == (
        Decimal(14),
        None,
        None,
    )


async def test_days_are_read_and_put_in_order() -> None:
    said = said_dato(periodo={"inicio": "2024", "fin": "2023-05"})
    found = await extract([said_cita(fecha="15/05/2024")], [said])
    assert found.citas_textuales[0].fecha is not None
    assert found.citas_textuales[0].fecha.date() == date(2024, 5, 15)
    periodo = found.datos_cuantitativos[0].periodo
    assert (periodo.inicio, periodo.fin) == (date(2023, 5, 31), date(2024, 1, 1))


@pytest.mark.parametrize(("said", "kept"), [(None, 3), (0, 1), (4, 4), (9, 5)])
async def test_relevance_stays_on_its_scale(said: int | None, kept: int) -> None:
    found = await extract([said_cita(relevancia=said)], [])
    assert found.citas_textuales[0].relevancia == kept


async def test_repeated_items_are_folded_and_ids_count_from_one() -> None:
    found = await extract(
        [said_cita(5), said_cita(6, cita="«No sobra el agua»", entidad_id=2)],
        [said_dato(5), said_dato(6), said_dato(7, indicador="senadores a favor")],
    )
    assert [(c.id, c.entidad_id) for c in found.citas_textuales] == [(1, 1)]
    assert [(d.id, d.indicador) for d in found.datos_cuantitativos] == [
        (1, "votos a favor"),
        (2, "senadores a favor"),
    ]


async def test_pieces_are_merged_with_renumbered_ids() -> None:
    part = await extract([said_cita(entidad_id=9)], [said_dato()])
    merged = merge_citas_y_datos([part, part])
    assert [c.id for c in merged.citas_textuales] == [d.id for d in merged.datos_cuantitativos] == [1, 2]
    assert merged.advertencias == ("referencia a entidad 9, que no existe",) * 2
    assert merged.consumo.peticiones == 2
