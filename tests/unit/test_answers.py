"""A model's answer: what is certain is repaired. What is not certain costs one item, with a warning."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.engines.base import Completion
from newsroom.errors import MalformedOutput
from newsroom.json_reading import find_object
from newsroom.models.respuestas import (
    RespuestaCitasYDatos,
    RespuestaElementos,
    RespuestaRelaciones,
    RespuestaTraduccion,
    RespuestaTriaje,
)
from newsroom.stages.answers import clamp, find_problems, read_answer
from newsroom.stages.days import Edge, parse_day, parse_days
from tests.unit.material import (
    completion,
    relaciones,
    said_cita,
    said_dato,
    said_entidad,
    said_hecho,
    said_triaje,
)


def read_hecho(**changes: Any) -> Any:
    (hecho,) = read_answer(
        RespuestaElementos, completion({"hechos": [said_hecho(**changes)], "entidades": []})
    ).items["hechos"]
    return hecho


def read_dato(**changes: Any) -> Any:
    (dato,) = read_answer(
        RespuestaCitasYDatos,
        completion({"citas_textuales": [], "datos_cuantitativos": [said_dato(**changes)]}),
    ).items["datos_cuantitativos"]
    return dato


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2]}',
        '```json\n{"a": [1, 2]}\n```',
        '```\n{"a": [1, 2]}```',
        'Aquí está:\n{"a": [1, 2]}\nEspero que sirva.',
        '{"a": [1, 2,],}',
        '{"a": [1, 2 , \n ] , }',
    ],
)
def test_fences_chatter_and_trailing_commas_are_seen_through(text: str) -> None:
    assert find_object(text) == {"a": [1, 2]}


def test_a_comma_inside_a_text_is_left_alone_where_the_json_is_sound() -> None:
    assert find_object('{"a": "uno,} dos"}') == {"a": "uno,} dos"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no es un objeto JSON"),
        ("No puedo ayudar con eso.", "no es un objeto JSON"),
        ("}{", "no es un objeto JSON"),
        ("[1, 2]", "no es un objeto JSON"),
        ("null", "no es un objeto JSON"),
        ('{"a": [1, 2', "no es un objeto JSON"),
        ('{"a": {"b": 1}, "c": "cort', "JSON no válido: "),
        ('{"a": [{"b": 1}, {"b"', "JSON no válido: "),
        ('{"a": NaN}', "JSON no válido: NaN no es un número"),
        ('{"a": -Infinity}', "JSON no válido: -Infinity no es un número"),
        ('{"a": ' + "9" * 5_000 + "}", "JSON no válido: "),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "JSON no válido: "),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "JSON no válido: "),
    ],
)
def test_what_is_no_object_is_said_so(text: str, problem: str) -> None:
    with pytest.raises(MalformedOutput, match=problem) as caught:
        find_object(text)
    assert caught.value.text == text
    assert [problem in line for line in caught.value.problems] == [True]
    assert find_problems(RespuestaElementos, text) == caught.value.problems


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"tipo_hecho": "normativa"}, {"tipo_hecho": "NORMATIVA"}),
        ({"tipo_hecho": " Declaración "}, {"tipo_hecho": "DECLARACION"}),
        ({"precision_temporal": "Año"}, {"precision_temporal": "año"}),
        ({"precision_temporal": "DÍA"}, {"precision_temporal": "dia"}),
        ({"precision_temporal": ""}, {"precision_temporal": None}),
        ({"estado_programacion": "null"}, {"estado_programacion": None}),
        ({"estado_programacion": "N/A"}, {"estado_programacion": None}),
        ({"id": "7"}, {"id": 7}),
        ({"id": 7.0}, {"id": 7}),
        ({"es_futuro": "sí"}, {"es_futuro": True}),
        ({"es_futuro": "Falso"}, {"es_futuro": False}),
        ({"es_futuro": 1}, {"es_futuro": True}),
        ({"es_futuro": None}, {"es_futuro": False}),
        ({"pais": "Chile"}, {"pais": ["Chile"]}),
        ({"pais": ""}, {"pais": []}),
        ({"pais": None}, {"pais": []}),
        ({"pais": ["Chile", None, ""]}, {"pais": ["Chile"]}),
        ({"fecha": None}, {"fecha": {"inicio": None, "fin": None}}),
        ({"fecha": "2024-05-14"}, {"fecha": {"inicio": "2024-05-14", "fin": "2024-05-14"}}),
        ({"fecha": {"inicio": "2024-05-14", "hora": "9"}}, {"fecha": {"inicio": "2024-05-14", "fin": None}}),
        ({"fecha": {"inicio": "", "fin": ""}}, {"fecha": {"inicio": None, "fin": None}}),
        ({"comentario": "de más"}, {}),
    ],
)
def test_each_repair_of_a_hecho(sent: dict[str, Any], read: dict[str, Any]) -> None:
    expected = read_hecho().model_dump(mode="json") | read
    assert read_hecho(**sent).model_dump(mode="json") == expected


@pytest.mark.parametrize(("sent", "read"), [("3.5", 3.5), ("3,5", 3.5), (" 1 200 ", 1200), (7, 7.0)])
def test_a_number_as_a_text_is_read(sent: Any, read: float) -> None:
    assert read_dato(valor=sent).valor == read


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"contenido": ...}, "contenido: falta"),
        ({"pasaje": None}, "pasaje: falta"),
        ({"id": None}, "id: falta"),
        ({"id": "uno"}, "id: Input should be a valid integer"),
        ({"contenido": 5}, "contenido: Input should be a valid string"),
        ({"fecha": [1]}, "fecha: Input should be a valid dictionary"),
        ({"es_futuro": "quizá"}, "es_futuro: Input should be a valid boolean"),
        ({"pais": {"a": 1}}, "pais: Input should be a valid list"),
        (
            {"tipo_hecho": "rumor"},
            "tipo_hecho: «rumor» no está en la lista "
            "(SUCESO, ANUNCIO, DECLARACION, BIOGRAFIA, CONCEPTO, NORMATIVA, EVENTO)",
        ),
        (
            {"estado_programacion": "aplazado"},
            "estado_programacion: «aplazado» no está en la lista "
            "(programado, confirmado, cancelado, modificado)",
        ),
    ],
)
def test_each_problem_is_worded_and_costs_one_item(changes: dict[str, Any], problem: str) -> None:
    broken = {key: value for key, value in said_hecho(2, **changes).items() if value is not ...}
    answer = {"hechos": [said_hecho(1), broken, said_hecho(3)], "entidades": []}
    read = read_answer(RespuestaElementos, completion(answer))
    assert [hecho.id for hecho in read.items["hechos"]] == [1, 3]
    (line,) = read.problems
    label = "id 2" if isinstance(broken.get("id"), int) else "id uno" if broken.get("id") else "elemento 2"
    assert line.startswith(f"hechos, {label}: {problem}")
    assert find_problems(RespuestaElementos, json.dumps(answer)) == (line,)


def test_an_item_that_is_no_object_and_a_list_that_is_none() -> None:
    answer = {"hechos": ["El Senado votó", None, said_hecho()], "entidades": {"id": 1}}
    read = read_answer(RespuestaElementos, completion(answer))
    assert [hecho.id for hecho in read.items["hechos"]] == [1]
    assert read.problems == [
        "hechos, elemento 1: debe ser un objeto",
        "hechos, elemento 2: debe ser un objeto",
        "entidades: debe ser una lista",
    ]


def test_a_list_that_is_null_is_empty_and_one_that_is_missing_is_a_problem() -> None:
    read = read_answer(RespuestaElementos, completion({"hechos": None}))
    assert read.items == {"hechos": []}
    assert read.problems == ["entidades: falta la lista"]


@pytest.mark.parametrize("answer", [{}, {"error": "no puedo"}, {"hechos": 1, "entidades": "x"}])
def test_an_answer_with_none_of_its_lists_never_passes_for_an_empty_one(answer: dict[str, Any]) -> None:
    with pytest.raises(MalformedOutput, match="la respuesta no vale: hechos: "):
        read_answer(RespuestaElementos, completion(answer))
    mended = read_answer(RespuestaElementos, completion(answer, {"hechos": [said_hecho()], "entidades": []}))
    assert [hecho.id for hecho in mended.items["hechos"]] == [1]
    assert mended.problems == []


def test_an_answer_without_lists_stands_or_falls_as_a_whole() -> None:
    whole = read_answer(RespuestaTriaje, completion(said_triaje(exclusion="Deportes")))
    assert isinstance(whole.single, RespuestaTriaje)
    assert whole.single.exclusion == "deportes"
    broken = said_triaje(tipo_articulo="CUENTO")
    with pytest.raises(MalformedOutput, match="la respuesta no vale: tipo_articulo: «CUENTO» no está"):
        read_answer(RespuestaTriaje, completion(broken))
    mended = read_answer(RespuestaTriaje, completion(broken, said_triaje()))
    assert (mended.single, mended.problems) == (RespuestaTriaje.model_validate(said_triaje()), [])
    with pytest.raises(MalformedOutput, match="texto: falta"):
        read_answer(RespuestaTraduccion, completion({"texto": None}))


def test_a_correction_puts_mended_items_in_by_id_and_never_replaces_a_good_one() -> None:
    answer = {
        "hechos": [said_hecho(1), said_hecho(2, tipo_hecho="rumor"), said_hecho(3, pasaje=None)],
        "entidades": [],
    }
    correction = {
        "hechos": [said_hecho(1, contenido="Otra cosa"), said_hecho(2), said_hecho(3, tipo_hecho="nada")]
    }
    read = read_answer(RespuestaElementos, completion(answer, correction))
    assert [(h.id, h.contenido[:9]) for h in read.items["hechos"]] == [(1, "El Senado"), (2, "El Senado")]
    # Item 3 stays lost, with its warning. The warning about item 2 is gone.
    assert read.problems == ["hechos, id 3: pasaje: falta"]


def test_a_correction_of_relations_goes_by_their_order() -> None:
    good = {"hecho_id": 1, "importancia": 5, "motivos": None}
    broken = {"hecho_id": 2, "importancia": "mucha", "motivos": None}
    answer = relaciones(importancias=[good, broken])
    correction = relaciones(importancias=[{"hecho_id": 2, "importancia": 9, "motivos": None}])
    read = read_answer(RespuestaRelaciones, completion(answer, correction))
    assert [(i.hecho_id, i.importancia) for i in read.items["importancias"]] == [(1, 5), (2, 9)]
    assert read.problems == []


def test_a_correction_that_is_no_json_costs_nothing() -> None:
    answer = {"hechos": [said_hecho(1), said_hecho(2, pasaje=None)], "entidades": [said_entidad()]}
    said = Completion(text=json.dumps(answer), model="m", correction="Perdón, no")
    read = read_answer(RespuestaElementos, said)
    assert ([h.id for h in read.items["hechos"]], len(read.items["entidades"])) == ([1], 1)
    assert read.problems == ["hechos, id 2: pasaje: falta"]


@pytest.mark.parametrize("valor", ["1e999", '"NaN"', '"Infinity"'])
def test_a_figure_that_is_no_number_of_this_world_breaks_nothing(valor: str) -> None:
    answer = {"citas_textuales": [said_cita()], "datos_cuantitativos": [said_dato(valor="@")]}
    text = json.dumps(answer).replace('"@"', valor)
    read = read_answer(RespuestaCitasYDatos, Completion(text=text, model="m"))
    assert len(read.items["citas_textuales"]) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(sorted(said_hecho()))


@settings(deadline=None)
@given(st.dictionaries(fields, json_values))
@pytest.mark.untraced
def test_whatever_stands_in_a_field_the_item_beside_it_survives(changes: dict[str, Any]) -> None:
    answer = {"hechos": [said_hecho(1), said_hecho(2) | changes], "entidades": []}
    read = read_answer(RespuestaElementos, completion(answer))
    assert read.items["hechos"][0] == read_hecho()
    assert len(read.items["hechos"]) + len(read.problems) == 2


@settings(deadline=None)
@given(st.text() | json_values.map(json.dumps))
def test_any_text_is_read_or_refused_as_malformed(text: str) -> None:
    problems = find_problems(RespuestaElementos, text)
    assert problems
    assert all(isinstance(line, str) and line for line in problems)


@pytest.mark.parametrize(
    ("text", "edge", "day"),
    [
        ("2024-05-14", "inicio", date(2024, 5, 14)),
        (" 2024-05-14T23:59:00-04:00 ", "inicio", date(2024, 5, 14)),
        ("14/05/2024", "inicio", date(2024, 5, 14)),
        ("4.5.2024", "inicio", date(2024, 5, 4)),
        ("2024-05", "inicio", date(2024, 5, 1)),
        ("2024-02", "fin", date(2024, 2, 29)),
        ("2024-12", "fin", date(2024, 12, 31)),
        ("2024", "inicio", date(2024, 1, 1)),
        ("2024", "fin", date(2024, 12, 31)),
        ("9999", "fin", date(9999, 12, 31)),
        ("31/02/2024", "inicio", None),
        ("2024-13", "inicio", None),
        ("0000", "inicio", None),
        ("ayer", "inicio", None),
        ("", "inicio", None),
        (None, "inicio", None),
    ],
)
def test_days_are_read_and_none_is_invented(text: str | None, edge: Edge, day: date | None) -> None:
    assert parse_day(text, edge) == day


def test_days_come_in_order_whichever_way_round_they_were_given() -> None:
    assert parse_days("2024-06", "2024-05-02") == (date(2024, 5, 2), date(2024, 6, 1))
    assert parse_days("2023", "2024") == (date(2023, 1, 1), date(2024, 12, 31))
    assert parse_days(None, "2024-05-02") == (None, date(2024, 5, 2))


@pytest.mark.parametrize(("value", "clamped"), [(None, None), (-3, 1), (0, 1), (1, 1), (5, 5), (99, 5)])
def test_a_score_outside_its_scale_is_moved_to_its_end(value: int | None, clamped: int | None) -> None:
    assert clamp(value, 1, 5) == clamped
