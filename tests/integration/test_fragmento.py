"""insertar_fragmento_completo, buscar_fragmento and completar_documento: long documents, piece by piece."""

from typing import Any

import psycopg
import pytest

from tests.integration.conftest import Database, Row, call
from tests.integration.extraction import CITA, TEXTO, Payload
from tests.integration.payloads import article, changed, document, fragment
from tests.integration.test_articulo import COUNTS, snapshot, store

Connection = psycopg.Connection[Row]


def store_fragment(connection: Connection, payload: Payload) -> dict[str, Any]:
    answer: dict[str, Any] = call(connection, "insertar_fragmento_completo", datos_json=payload)
    return answer


def listing(*fragments: Payload, **documento: Any) -> Payload:
    """Returns the payload of completar_documento for these fragments, in this order."""
    keys = ("identidad", "huella_contenido", "titulo_seccion", "num_pagina_inicio", "num_pagina_fin")
    return {
        "documento": document(**documento),
        "fragmentos": [
            {
                **{key: item["fragmento"][key] for key in keys},
                "indice_secuencial": number,
                "offset_inicio": number * len(TEXTO),
                "offset_fin": (number + 1) * len(TEXTO),
            }
            for number, item in enumerate(fragments)
        ],
    }


def test_everything_is_stored_and_counted(database: Database, service: Connection) -> None:
    answer = store_fragment(service, fragment())
    documento_id, fragmento_id = database.rows("select documento_id, id from fragmentos_extensos")[0]
    assert answer == {
        "resultado": "insertado",
        "documento_id": documento_id,
        "fragmento_id": fragmento_id,
        **COUNTS,
    }
    stored = {table: count for table, count in call(service, "resumen_base").items() if count}
    assert stored == {
        "documentos_extensos": 1,
        "fragmentos_extensos": 1,
        "entidades": 4,
        "hechos": 3,
        "citas_textuales": 1,
        "datos_cuantitativos": 2,
        "entidad_fragmento": 4,
        "hecho_entidad": 2,
        "hecho_relacionado": 1,
        "entidad_relacion": 1,
        "contradicciones": 1,
        "eventos_programados": 1,
        "consumo_etapas": 4,
    }
    for table in ("hechos", "citas_textuales", "datos_cuantitativos"):
        query = f"select distinct articulo_id, documento_id, fragmento_id from {table}"
        assert database.rows(query) == [(None, documento_id, fragmento_id)]


def test_the_fragment_s_and_the_document_s_own_fields(database: Database, service: Connection) -> None:
    store_fragment(service, fragment(2))
    sent = fragment(2)
    row = database.value("select to_jsonb(f) from fragmentos_extensos f")
    assert {key: row[key] for key in sent["fragmento"]} == sent["fragmento"]
    assert (row["estado_procesamiento"], row["decision"], row["motor"]) == (
        "completado",
        "CONSIDERAR",
        "groq",
    )
    row = database.value("select to_jsonb(d) from documentos_extensos d")
    assert {key: row[key] for key in sent["documento"]} == sent["documento"]


def test_the_same_again_touches_no_row(database: Database, service: Connection) -> None:
    first = store_fragment(service, fragment())
    before = snapshot(database)
    assert store_fragment(service, fragment()) == {**first, "resultado": "sin_cambios"}
    assert snapshot(database) == before


def test_other_content_replaces_the_extraction(database: Database, service: Connection) -> None:
    first = store_fragment(service, fragment())
    second = store_fragment(service, fragment(huella="f2"))
    assert second == {**first, "resultado": "reemplazado", "num_entidades_nuevas": 0}
    assert database.value("select count(*) from hechos") == COUNTS["num_hechos_insertados"]
    assert database.value("select count(*) from consumo_etapas") == 8


def test_by_documento_id(service: Connection) -> None:
    documento_id = store_fragment(service, fragment())["documento_id"]
    payload = {**fragment(1), "documento": None, "documento_id": documento_id}
    answer = store_fragment(service, payload)
    assert (answer["resultado"], answer["documento_id"]) == ("insertado", documento_id)


def test_a_document_shared_with_an_article_shares_its_entidades(
    database: Database, service: Connection
) -> None:
    store(service, article())
    answer = store_fragment(service, fragment())
    assert (answer["num_entidades_procesadas"], answer["num_entidades_nuevas"]) == (4, 0)
    assert database.value("select count(*) from entidades") == 4


@pytest.mark.parametrize(
    ("path", "value", "error"),
    [
        ("documento", None, psycopg.errors.InvalidParameterValue),
        ("documento.tipo_documento", "folleto", psycopg.errors.CheckViolation),
        ("documento.identidad", None, psycopg.errors.NotNullViolation),
        ("fragmento", None, psycopg.errors.InvalidParameterValue),
        ("fragmento.identidad", None, psycopg.errors.NotNullViolation),
        ("fragmento.contenido", None, psycopg.errors.NotNullViolation),
        ("fragmento.indice_secuencial", -1, psycopg.errors.CheckViolation),
        ("fragmento.num_pagina_fin", 0, psycopg.errors.CheckViolation),
        ("citas_textuales.0.cita", "inventada", psycopg.errors.CheckViolation),
        ("relaciones.hecho_entidad.0.entidad_id", 99, psycopg.errors.ForeignKeyViolation),
    ],
)
def test_a_bad_element_is_raised_and_nothing_is_left(
    database: Database, service: Connection, path: str, value: Any, error: type[psycopg.Error]
) -> None:
    before = snapshot(database)
    with pytest.raises(error):
        store_fragment(service, changed(fragment(), path, value))
    assert snapshot(database) == before


def test_an_unknown_documento_id_is_raised(service: Connection) -> None:
    payload = {**fragment(), "documento": None, "documento_id": 4711}
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match="documento_id 4711 does not exist"):
        store_fragment(service, payload)


def test_find_answers_what_is_stored(service: Connection) -> None:
    answer = store_fragment(service, fragment())
    found = call(service, "buscar_fragmento", identidad="ley-1#0", huella_contenido="f1")
    assert found == {
        "documento_id": answer["documento_id"],
        "fragmento_id": answer["fragmento_id"],
        "estado_procesamiento": "completado",
        **COUNTS,
    }
    assert call(service, "buscar_fragmento", identidad="ley-1#0", huella_contenido="f2") is None


@pytest.mark.parametrize(("huella", "estado"), [("f1", "resuelto"), ("f2", "en_reintentos")])
def test_find_closes_the_open_error_of_what_is_stored(
    database: Database, service: Connection, huella: str, estado: str
) -> None:
    store_fragment(service, fragment())
    failure = {"etapa": "triage", "clase_error": "EngineUnavailable", "mensaje": "503", "transitorio": True}
    call(service, "registrar_error", datos_json={**failure, "identidad": "ley-1#0"})
    wanted = {"identidad": "ley-1#0", "huella_contenido": huella}
    call(service, "buscar_fragmento", **wanted)
    assert database.value("select estado from pipeline_errores") == "en_reintentos"
    call(service, "buscar_fragmento", **wanted, cerrar_error=True)
    assert database.value("select estado from pipeline_errores") == estado


def test_a_document_is_complete_when_every_fragment_is_stored(
    database: Database, service: Connection
) -> None:
    pieces = [fragment(n) for n in range(3)]
    store_fragment(service, pieces[0])
    before = snapshot(database)
    answer = call(service, "completar_documento", datos_json=listing(*pieces))
    assert answer == {
        "documento_id": answer["documento_id"],
        "procesado": False,
        "pendientes": ["ley-1#1", "ley-1#2"],
        "num_fragmentos_eliminados": 0,
    }
    assert {t: [r[3] for r in rows] for t, rows in snapshot(database).items()} == {
        t: [r[3] for r in rows] for t, rows in before.items()
    }
    for piece in pieces[1:]:
        store_fragment(service, piece)
    assert call(service, "completar_documento", datos_json=listing(*pieces))["procesado"] is True
    assert database.rows("select procesado, num_fragmentos from documentos_extensos") == [(True, 3)]
    rows = database.rows("select ctid::text, xmin::text from fragmentos_extensos")
    assert call(service, "completar_documento", datos_json=listing(*pieces))["num_fragmentos_eliminados"] == 0
    assert database.rows("select ctid::text, xmin::text from fragmentos_extensos") == rows


def test_a_changed_document_keeps_its_unchanged_fragments(database: Database, service: Connection) -> None:
    old = [fragment(n, identidad=f"ley-1:{word}") for n, word in enumerate(("uno", "dos", "tres", "cuatro"))]
    for piece in old:
        store_fragment(service, piece)
    call(service, "completar_documento", datos_json=listing(*old))
    hechos = {
        row[0]: row[1]
        for row in database.rows(
            "select f.identidad, array_agg(h.id order by h.id) from hechos h join fragmentos_extensos f "
            "on f.id = h.fragmento_id group by 1"
        )
    }

    # Now the document begins with a new fragment, "dos" is gone, and the others have moved.
    new = fragment(0, identidad="ley-1:cero", documento=document(huella="d2"))
    assert store_fragment(service, new)["resultado"] == "insertado"
    assert database.value("select procesado from documentos_extensos") is False
    answer = call(
        service, "completar_documento", datos_json=listing(new, old[0], old[3], old[2], huella="d2")
    )
    assert (answer["procesado"], answer["num_fragmentos_eliminados"]) == (True, 1)

    assert database.rows(
        "select identidad, offset_inicio / %s from fragmentos_extensos order by indice_secuencial", len(TEXTO)
    ) == [("ley-1:cero", 0), ("ley-1:uno", 1), ("ley-1:cuatro", 2), ("ley-1:tres", 3)]
    kept = database.value(
        "select array_agg(id order by id) from hechos where id = any(%s)", hechos["ley-1:tres"]
    )
    assert kept == hechos["ley-1:tres"]
    assert database.value("select count(*) from hechos where id = any(%s)", hechos["ley-1:dos"]) == 0
    assert database.rows("select procesado, num_fragmentos from documentos_extensos") == [(True, 4)]


def test_fragments_can_change_places(database: Database, service: Connection) -> None:
    pieces = [fragment(n) for n in range(3)]
    for piece in pieces:
        store_fragment(service, piece)
    call(service, "completar_documento", datos_json=listing(*pieces))
    call(service, "completar_documento", datos_json=listing(*pieces[::-1]))
    assert database.rows("select identidad from fragmentos_extensos order by indice_secuencial") == [
        ("ley-1#2",),
        ("ley-1#1",),
        ("ley-1#0",),
    ]


def test_fragments_of_another_document_do_not_count(service: Connection) -> None:
    foreign = fragment(0, identidad="ajeno", documento=document("ley-2"))
    store_fragment(service, foreign)
    answer = call(service, "completar_documento", datos_json=listing(foreign))
    assert (answer["procesado"], answer["pendientes"]) == (False, ["ajeno"])


def test_a_document_is_summarized_with_its_fragments_in_order(service: Connection) -> None:
    for number in (1, 0):
        answer = store_fragment(service, fragment(number))
    read = call(service, "resumir_documento", documento_id=answer["documento_id"])
    assert read["documento"]["titulo"] == "Ley del salario"
    assert [item["indice_secuencial"] for item in read["fragmentos"]] == [0, 1]
    assert all("contenido" not in item for item in read["fragmentos"])
    first = read["fragmentos"][0]
    assert {name: first[name] for name in COUNTS} == COUNTS | {"num_entidades_nuevas": 0}
    assert call(service, "resumir_documento", documento_id=0) is None


def test_what_is_found_in_a_fragment_is_read_as_in_an_article(service: Connection) -> None:
    answer = store_fragment(service, fragment())
    ((read,),) = service.execute(
        "select interno.leer_extraccion(row(null, %s, %s)::interno.item)",
        [answer["documento_id"], answer["fragmento_id"]],
    ).fetchall()
    assert [cita["cita"] for cita in read["citas_textuales"]] == [CITA]
    assert {"Pedro Sánchez", "Bogotá"} < {entidad["nombre"] for entidad in read["entidades"]}
    assert read["conteos"] == COUNTS
