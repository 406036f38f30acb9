"""Relations need elements that exist and dates in order. Others are dropped with a warning."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from newsroom.engines.scripted import ScriptedEngine
from newsroom.models.extraccion import CitasYDatos, CitaTextual, Elementos, Fecha, Relaciones
from newsroom.models.vocabulario import TipoEntidad
from newsroom.stages.relations import cut_windows, merge_relaciones, relate
from tests.unit.material import elementos, entidad, hecho, item, relaciones


def on(day: int, until: int | None = None) -> Fecha:
    return Fecha(inicio=datetime(2024, 5, day, tzinfo=UTC), fin=datetime(2024, 5, until or day, tzinfo=UTC))


KNOWN = Elementos(
    hechos=(hecho(1, fecha=on(1)), hecho(2, fecha=on(9)), hecho(3), hecho(4, fecha=on(1, 20))),
    entidades=(entidad(1), entidad(2), entidad(3, "Senado", tipo=TipoEntidad.INSTITUCION)),
)


async def read(**lists: list[dict[str, Any]]) -> Relaciones:
    engine = ScriptedEngine({"relaciones": json.dumps(relaciones(**lists))})
    return await relate(engine, item(), "es", KNOWN, CitasYDatos())


def he(hecho_id: int, entidad_id: int, tipo: str = "protagonista", relevancia: int = 7) -> dict[str, Any]:
    return {
        "hecho_id": hecho_id,
        "entidad_id": entidad_id,
        "tipo_relacion": tipo,
        "relevancia_en_hecho": relevancia,
    }


def hh(origin: int, destination: int, tipo: str = "causa") -> dict[str, Any]:
    return {
        "hecho_origen_id": origin,
        "hecho_destino_id": destination,
        "tipo_relacion": tipo,
        "fuerza_relacion": 6,
        "descripcion_relacion": None,
    }


def ee(origin: int, destination: int, tipo: str = "aliado_con", **changes: Any) -> dict[str, Any]:
    return {
        "entidad_origen_id": origin,
        "entidad_destino_id": destination,
        "tipo_relacion": tipo,
        "descripcion": None,
        "fecha_inicio": None,
        "fecha_fin": None,
        "fuerza_relacion": 6,
        **changes,
    }


def contradiction(one: int, other: int, tipo: str = "valor") -> dict[str, Any]:
    return {
        "hecho_principal_id": one,
        "hecho_contradictorio_id": other,
        "tipo": tipo,
        "grado": 4,
        "descripcion": "9 frente a 17",
    }


def importance(hecho_id: int, importancia: int) -> dict[str, Any]:
    return {"hecho_id": hecho_id, "importancia": importancia, "motivos": "magnitud"}


async def test_what_holds_is_kept_with_its_values_on_their_scales() -> None:
    found = await read(
        hecho_entidad=[he(1, 3, "Protagonista", 99)],
        hecho_relacionado=[hh(1, 2)],
        entidad_relacion=[
            ee(1, 3, "miembro_de", fecha_inicio="2024", fecha_fin="2020-01-05", fuerza_relacion=-1)
        ],
        contradicciones=[contradiction(1, 2)],
        importancias=[importance(2, 40)],
    )
    assert found.advertencias == ()
    assert (found.hecho_entidad[0].entidad_id, found.hecho_entidad[0].relevancia_en_hecho) == (3, 10)
    assert (found.hecho_relacionado[0].hecho_destino_id, found.hecho_relacionado[0].fuerza_relacion) == (2, 6)
    (link,) = found.entidad_relacion
    assert (link.fecha_inicio, link.fecha_fin, link.fuerza_relacion) == (
        date(2020, 1, 5),
        date(2024, 1, 1),
        1,
    )
    assert (found.contradicciones[0].tipo, found.contradicciones[0].grado) == ("valor", 4)
    assert (found.importancias[0].importancia, found.importancias[0].motivos) == (10, "magnitud")
    assert found.consumo.prompt == "relations.v1"


@pytest.mark.parametrize(
    ("lists", "warning"),
    [
        ({"hecho_entidad": [he(9, 1)]}, "hecho_entidad con el hecho 9, que no existe"),
        ({"hecho_entidad": [he(1, 9)]}, "hecho_entidad con la entidad 9, que no existe"),
        ({"hecho_entidad": [he(0, 1)]}, "hecho_entidad con el hecho 0, que no existe"),
        ({"hecho_relacionado": [hh(1, 9)]}, "hecho_relacionado con el hecho 9, que no existe"),
        ({"hecho_relacionado": [hh(2, 2)]}, "hecho_relacionado del hecho 2 consigo mismo"),
        ({"hecho_relacionado": [hh(2, 1)]}, "hecho_relacionado 2-1: «causa» contra el orden de las fechas"),
        (
            {"hecho_relacionado": [hh(1, 2, "consecuencia")]},
            "hecho_relacionado 1-2: «consecuencia» contra el orden de las fechas",
        ),
        (
            {"hecho_relacionado": [hh(1, 2, "respuesta_a")]},
            "hecho_relacionado 1-2: «respuesta_a» contra el orden de las fechas",
        ),
        (
            {"hecho_relacionado": [hh(1, 2, "seguimiento_de")]},
            "hecho_relacionado 1-2: «seguimiento_de» contra el orden de las fechas",
        ),
        ({"entidad_relacion": [ee(1, 9)]}, "entidad_relacion con la entidad 9, que no existe"),
        ({"entidad_relacion": [ee(1, 1)]}, "entidad_relacion de la entidad 1 consigo misma"),
        (
            {"entidad_relacion": [ee(1, 3, "casado_con")]},
            "entidad_relacion «casado_con» entre PERSONA y INSTITUCION",
        ),
        (
            {"entidad_relacion": [ee(3, 1, "empleado_de")]},
            "entidad_relacion «empleado_de» entre INSTITUCION y PERSONA",
        ),
        ({"contradicciones": [contradiction(1, 9)]}, "contradicción con el hecho 9, que no existe"),
        ({"contradicciones": [contradiction(1, 1)]}, "contradicción del hecho 1 consigo mismo"),
        ({"importancias": [importance(9, 5)]}, "importancia con el hecho 9, que no existe"),
        (
            {"contradicciones": [contradiction(1, 2, "rumor")]},
            "contradicciones, elemento 1: tipo: «rumor» no está en la lista "
            "(fecha, contenido, entidades, ubicacion, valor, completa)",
        ),
    ],
)
async def test_what_cannot_hold_is_dropped_and_told(
    lists: dict[str, list[dict[str, Any]]], warning: str
) -> None:
    found = await read(**lists)
    assert found.advertencias == (warning,)
    assert found.model_copy(update={"advertencias": (), "consumo": Relaciones().consumo}) == Relaciones()


@pytest.mark.parametrize(
    "relation",
    [
        hh(1, 2),
        hh(2, 1, "consecuencia"),
        hh(2, 1, "respuesta_a"),
        # Without a date there is no order. And what lasts until the 20th can follow something of the 9th.
        hh(3, 1),
        hh(1, 3, "consecuencia"),
        hh(2, 4),
        # These kinds of relation do not depend on the order of time.
        hh(1, 2, "contexto_historico"),
        hh(1, 2, "version_alternativa"),
        hh(2, 1, "aclaracion_de"),
    ],
)
async def test_relations_that_time_allows(relation: dict[str, Any]) -> None:
    found = await read(hecho_relacionado=[relation])
    assert (len(found.hecho_relacionado), found.advertencias) == (1, ())


async def test_repeated_relations_stand_once_and_a_contradiction_has_no_direction() -> None:
    found = await read(
        hecho_entidad=[he(1, 1, relevancia=3), he(1, 1, relevancia=9), he(1, 1, "declarante")],
        hecho_relacionado=[hh(1, 2), hh(1, 2)],
        entidad_relacion=[ee(1, 2), ee(1, 2), ee(2, 1)],
        contradicciones=[contradiction(1, 2), contradiction(2, 1), contradiction(2, 1, "fecha")],
        importancias=[importance(1, 4), importance(1, 9)],
    )
    assert [(r.tipo_relacion, r.relevancia_en_hecho) for r in found.hecho_entidad] == [
        ("protagonista", 3),
        ("declarante", 7),
    ]
    assert (len(found.hecho_relacionado), len(found.entidad_relacion), len(found.contradicciones)) == (
        1,
        2,
        2,
    )
    assert [i.importancia for i in found.importancias] == [4]
    assert found.advertencias == ()


def test_a_text_of_many_hechos_is_asked_about_in_windows_that_lose_none() -> None:
    many = Elementos(
        hechos=tuple(hecho(n, f"Persona {n} habló") for n in range(1, 8)),
        entidades=tuple(entidad(n) for n in range(1, 8)),
    )
    windows = cut_windows(many, 3)
    assert [[h.id for h in window.hechos] for window in windows] == [[1, 2, 3], [4, 5, 6], [7]]
    assert [[e.id for e in window.entidades] for window in windows] == [[1, 2, 3], [4, 5, 6], [7]]
    assert cut_windows(many, 7) == [many]
    assert cut_windows(Elementos(entidades=(entidad(1),))) == []


def test_windows_are_merged_and_what_two_found_stands_once() -> None:
    one = Relaciones.model_validate({"contradicciones": [contradiction(1, 2)], "advertencias": ["a"]})
    two = Relaciones.model_validate(
        {"contradicciones": [contradiction(2, 1)], "hecho_entidad": [he(1, 1)], "advertencias": ["b"]}
    )
    merged = merge_relaciones([one, two])
    assert merged.contradicciones == one.contradicciones
    assert merged.hecho_entidad == two.hecho_entidad
    assert merged.advertencias == ("a", "b")
    assert merge_relaciones([]) == Relaciones()


async def test_a_window_is_shown_only_the_quotations_of_its_hechos() -> None:
    engine = ScriptedEngine({"relaciones": json.dumps(relaciones())})
    citas = tuple(
        CitaTextual(id=n, cita="x", entidad_id=1, hecho_id=n, offset_inicio=0, offset_fin=1) for n in (1, 5)
    )
    await relate(engine, item(), "es", elementos(), CitasYDatos(citas_textuales=citas))
    (question,) = engine.questions
    assert "La entidad 1 habla sobre el hecho 1." in question.user
    assert "hecho 5" not in question.user
