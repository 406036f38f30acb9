"""leer_articulo, listar_articulos, resumen_base: what people and `noticias show` read."""

import psycopg

from tests.integration.conftest import Database, Row, call, call_rows
from tests.integration.extraction import CITA, TEXTO
from tests.integration.payloads import article, discarded
from tests.integration.test_articulo import COUNTS, store

Connection = psycopg.Connection[Row]


def test_reading_an_article_gives_names_beside_ids(service: Connection) -> None:
    answer = store(service, article())
    read = call(service, "leer_articulo", articulo_id=answer["articulo_id"])
    assert set(read) == {
        "articulo",
        "hechos",
        "entidades",
        "citas_textuales",
        "datos_cuantitativos",
        "relaciones",
        "consumo_etapas",
        "conteos",
    }
    assert read["articulo"]["contenido_texto"] == TEXTO
    assert read["conteos"] == COUNTS
    assert [hecho["fecha"] for hecho in read["hechos"]] == [
        {"inicio": "2024-05-05T00:00:00+00:00", "fin": "2024-05-05T00:00:00+00:00"},
        {"inicio": None, "fin": None},
        {"inicio": "2030-06-10T14:00:00+00:00", "fin": "2030-06-12T23:00:00+00:00"},
    ]
    assert [hecho["evento_programado"] for hecho in read["hechos"]] == [
        None,
        None,
        {"estado": "confirmado", "prioridad_cobertura": 3},
    ]
    assert [entidad["nombre"] for entidad in read["entidades"]] == [
        "Pedro Sánchez",
        "Gobierno",
        "Bogotá",
        "Madrid",
    ]
    (cita,) = read["citas_textuales"]
    assert (cita["cita"], cita["entidad_emisora"]) == (CITA, "Pedro Sánchez")
    assert cita["hecho_contexto"] == read["hechos"][0]["contenido"]
    assert [dato["hecho"] for dato in read["datos_cuantitativos"]] == ["El PIB creció un 3,5 %.", None]
    relaciones = read["relaciones"]
    assert [(r["hecho"], r["entidad"], r["tipo_relacion"]) for r in relaciones["hecho_entidad"]] == [
        (read["hechos"][0]["contenido"], "Pedro Sánchez", "declarante"),
        (read["hechos"][2]["contenido"], "Bogotá", "ubicacion"),
    ]
    assert relaciones["hecho_relacionado"][0]["hecho_origen"] == "El PIB creció un 3,5 %."
    assert relaciones["entidad_relacion"][0]["entidad_destino"] == "Gobierno"
    assert relaciones["contradicciones"][0]["hecho_contradictorio"] == "El PIB creció un 3,5 %."
    assert len(read["consumo_etapas"]) == 4


def test_reading_an_article_without_extraction(service: Connection) -> None:
    answer = store(service, discarded())
    read = call(service, "leer_articulo", articulo_id=answer["articulo_id"])
    assert (read["hechos"], read["entidades"], read["relaciones"]["hecho_entidad"]) == ([], [], [])
    assert read["articulo"]["estado_procesamiento"] == "descartado"


def test_reading_what_is_not_there(service: Connection) -> None:
    assert call(service, "leer_articulo", articulo_id=1) is None


def test_the_list_goes_back_page_by_page(service: Connection) -> None:
    ids = [store(service, article(f"https://medio.example/{n}"))["articulo_id"] for n in range(5)]
    first = call_rows(service, "listar_articulos", limite=2)
    assert [row[0] for row in first] == ids[:2:-1]
    second = call_rows(service, "listar_articulos", limite=2, desde_id=first[-1][0])
    assert [row[0] for row in second] == ids[2:0:-1]
    assert [row[0] for row in call_rows(service, "listar_articulos")] == ids[::-1]


def test_the_list_counts(database: Database, service: Connection) -> None:
    store(service, article())
    store(service, discarded())
    named = [article()["articulo_metadata"][field] for field in ("titular", "medio")]
    query = (
        "select titular, medio, estado_procesamiento, decision, num_hechos, num_entidades, num_citas, "
        "num_datos, "
        "num_relaciones from listar_articulos()"
    )
    assert database.rows(query) == [
        (*named, "descartado", "DESCARTAR", 0, 0, 0, 0, 0),
        (*named, "completado", "PROCESAR", 3, 4, 1, 2, 5),
    ]


def test_the_summary_names_every_table(database: Database, service: Connection) -> None:
    tables = {
        name for (name,) in database.rows("select tablename from pg_tables where schemaname = 'public'")
    }
    assert call(service, "resumen_base") == dict.fromkeys(tables, 0)
