"""Hechos and entidades: those that the text has get their place, and others are dropped with a warning."""

import json
from datetime import date
from typing import Any

import pytest

from newsroom.engines.scripted import ScriptedEngine
from newsroom.models.extraccion import Elementos
from newsroom.models.preparado import Trozo
from newsroom.models.vocabulario import TipoEntidad
from newsroom.stages.elements import extract_elementos, fold_entidades, merge_elementos, select_for_piece
from tests.factories import TEXTO
from tests.unit.material import elementos, entidad, hecho, item, said_entidad, said_hecho, whole


async def extract(
    hechos: list[dict[str, Any]],
    entidades: list[dict[str, Any]],
    texto: str = TEXTO,
    trozo: Trozo | None = None,
) -> Elementos:
    engine = ScriptedEngine({"elementos": json.dumps({"hechos": hechos, "entidades": entidades})})
    return await extract_elementos(engine, item(texto), trozo or whole(texto), "es")


async def test_offsets_are_those_of_the_text_as_received() -> None:
    found = await extract([said_hecho()], [said_entidad()])
    (one,), (other,) = found.hechos, found.entidades
    assert TEXTO[one.offset_inicio : one.offset_fin] == said_hecho()["pasaje"]
    assert TEXTO[other.offset_inicio : other.offset_fin] == "Marcela Undurraga"
    assert other.offset_inicio == TEXTO.index("Marcela")
    assert found.advertencias == ()
    assert (found.consumo.modelo, found.consumo.prompt) == ("guion", "elements.v1")


async def test_offsets_of_a_later_piece_count_from_the_start_of_the_whole() -> None:
    start = TEXTO.index("El Senado volverá")
    trozo = Trozo(indice=1, offset_inicio=start, offset_fin=len(TEXTO), texto=TEXTO[start:])
    found = await extract(
        [said_hecho(contenido="El Senado se reúne", pasaje="El Senado volverá a reunirse en junio")],
        [said_entidad()],
        trozo=trozo,
    )
    assert found.hechos[0].offset_inicio == start
    assert found.entidades[0].offset_inicio == TEXTO.rindex("Marcela")
    # The article says it, but this piece does not.
    lost = await extract([said_hecho()], [], trozo=trozo)
    assert lost.hechos == ()


@pytest.mark.parametrize(
    ("hechos", "entidades", "warning"),
    [
        (
            [said_hecho(2, contenido="Cayó el Gobierno", pasaje="El Gobierno cayó anoche tras una moción")],
            [],
            "hecho sin apoyo en el texto: «Cayó el Gobierno»",
        ),
        ([], [said_entidad(2, "Pedro Quintana")], "entidad que no está en el texto: «Pedro Quintana»"),
        (
            [],
            [said_entidad(2, "Senado", tipo="PARTIDO")],
            "entidades, id 2: tipo: «PARTIDO» no está en la lista "
            "(PERSONA, ORGANIZACION, INSTITUCION, LUGAR, EVENTO, NORMATIVA, CONCEPTO)",
        ),
    ],
)
async def test_what_was_invented_is_dropped_and_listed_and_its_neighbours_stay(
    hechos: list[dict[str, Any]], entidades: list[dict[str, Any]], warning: str
) -> None:
    found = await extract([said_hecho(), *hechos], [said_entidad(), *entidades])
    assert (len(found.hechos), len(found.entidades)) == (1, 1)
    assert found.advertencias == (warning,)


@pytest.mark.parametrize(
    ("contenido", "invented"),
    [
        ("El Senado aprobó la ley de aguas que propuso Quintana", "Quintana"),
        ("El Senado aprobó la ley de aguas por 31 votos", "31"),
    ],
)
async def test_a_hecho_worded_with_what_the_text_does_not_have_is_put_in_the_texts_words(
    contenido: str, invented: str
) -> None:
    found = await extract([said_hecho(contenido=contenido)], [])
    assert found.hechos[0].contenido == said_hecho()["pasaje"]
    assert found.advertencias == (f"hecho que decía «{invented}», que no está en el texto: queda su pasaje",)


async def test_aliases_descriptions_and_days_that_the_text_does_not_give_are_left_out() -> None:
    found = await extract(
        [],
        [
            said_entidad(
                alias=["Undurraga", "La Dama", "Marcela Undurraga"],
                descripcion="Ministra y prima de Bachelet",
                fecha_nacimiento="1970-01-02",
                relevancia=99,
            )
        ],
    )
    (one,) = found.entidades
    assert (one.alias, one.descripcion, one.fecha_nacimiento, one.relevancia) == (
        ("Undurraga",),
        None,
        None,
        10,
    )
    assert found.advertencias == ("descripción que el texto no da, de «Marcela Undurraga»",)


async def test_a_day_of_birth_stands_if_its_year_is_in_the_text() -> None:
    texto = TEXTO + " Marcela Undurraga nació el 2 de enero de 1970."
    found = await extract([], [said_entidad(fecha_nacimiento="1970-01-02")], texto)
    assert found.entidades[0].fecha_nacimiento == date(1970, 1, 2)


async def test_days_are_put_in_order_and_precision_needs_a_day() -> None:
    (one,) = (await extract([said_hecho(fecha={"inicio": "2024-06", "fin": "15/05/2024"})], [])).hechos
    assert one.fecha.inicio is not None
    assert one.fecha.fin is not None
    assert (one.fecha.inicio.date(), one.fecha.fin.date()) == (date(2024, 5, 15), date(2024, 6, 1))
    (two,) = (await extract([said_hecho(fecha={"inicio": "pronto", "fin": None})], [])).hechos
    assert (two.fecha.inicio, two.fecha.fin, two.precision_temporal) == (None, None, None)


@pytest.mark.parametrize(("es_futuro", "kept"), [(True, "programado"), (False, None)])
async def test_only_what_lies_ahead_has_a_state_of_planning(es_futuro: bool, kept: str | None) -> None:
    said = said_hecho(es_futuro=es_futuro, estado_programacion="programado")
    (one,) = (await extract([said], [])).hechos
    assert one.estado_programacion == kept


async def test_repeated_items_are_folded_and_ids_count_from_one() -> None:
    found = await extract(
        [
            said_hecho(7),
            said_hecho(8, contenido="EL SENADO APROBÓ LA LEY DE AGUAS"),
            said_hecho(9, contenido="Hay ley"),
        ],
        [
            said_entidad(4, relevancia=3),
            said_entidad(5, "MARCELA  UNDURRAGA", alias=["Undurraga"], relevancia=9),
            said_entidad(6, "Senado", tipo="INSTITUCION"),
        ],
    )
    assert [(h.id, h.contenido) for h in found.hechos] == [
        (1, "El Senado aprobó la ley de aguas"),
        (2, "Hay ley"),
    ]
    assert [(e.id, e.nombre, e.relevancia) for e in found.entidades] == [
        (1, "Marcela Undurraga", 9),
        (2, "Senado", None if found.entidades[1].relevancia is None else 8),
    ]
    assert found.entidades[0].alias == ("Undurraga",)


def test_one_name_of_two_kinds_is_two_entidades() -> None:
    folded = fold_entidades([entidad(1, "Chile", tipo=TipoEntidad.LUGAR), entidad(2, "Chile")])
    assert [(e.id, e.tipo) for e in folded] == [(1, TipoEntidad.LUGAR), (2, TipoEntidad.PERSONA)]


def test_united_entidades_keep_what_each_knows_and_the_first_mention() -> None:
    (one,) = fold_entidades(
        [
            entidad(1, "Ana Rey", alias=("Rey",), offset_inicio=50, offset_fin=57),
            entidad(
                2,
                "ana réy",
                alias=("A. Rey",),
                descripcion="Jueza",
                offset_inicio=5,
                offset_fin=12,
                relevancia=4,
            ),
        ]
    )
    assert (one.nombre, one.alias, one.descripcion) == ("Ana Rey", ("Rey", "A. Rey"), "Jueza")
    assert (one.offset_inicio, one.offset_fin, one.relevancia) == (5, 12, 4)


def test_pieces_are_merged_with_renumbered_ids_and_folded_repeats() -> None:
    one = Elementos(
        hechos=(hecho(1, "A"), hecho(2, "B")), entidades=(entidad(1, "Ana Rey"),), advertencias=("x",)
    )
    two = Elementos(
        hechos=(hecho(1, "b"), hecho(2, "C")),
        entidades=(entidad(1, "Eva Sol"), entidad(2, "ANA REY", alias=("Rey",))),
        advertencias=("y",),
    )
    merged = merge_elementos([one, two])
    assert [(h.id, h.contenido) for h in merged.hechos] == [(1, "A"), (2, "B"), (3, "C")]
    assert [(e.id, e.nombre, e.alias) for e in merged.entidades] == [
        (1, "Ana Rey", ("Rey",)),
        (2, "Eva Sol", ()),
    ]
    assert merged.advertencias == ("x", "y")
    assert merge_elementos([one]) is one


def test_a_piece_is_shown_what_it_speaks_of_under_its_ids() -> None:
    start = TEXTO.index("“No sobra")
    trozo = Trozo(indice=1, offset_inicio=start, offset_fin=len(TEXTO), texto="")
    known = Elementos(
        hechos=(hecho(1), hecho(2, offset_inicio=start, offset_fin=start + 5)),
        entidades=(
            entidad(1, "El Faro"),
            entidad(2, "MARCELA UNDURRAGA"),
            entidad(3, "Otro", alias=("la ministra",)),
        ),
    )
    shown = select_for_piece(known, item(), trozo)
    assert ([h.id for h in shown.hechos], [e.id for e in shown.entidades]) == ([2], [2, 3])
    assert select_for_piece(elementos(), item(), whole()).hechos == elementos().hechos
