"""An article that is stored again: nothing changes if its content is the same, else it is replaced."""

from datetime import UTC, datetime

import psycopg

from tests.integration.conftest import Database, Row, call
from tests.integration.payloads import article, changed, discarded
from tests.integration.test_articulo import COUNTS, snapshot, store

Connection = psycopg.Connection[Row]

NONE = dict.fromkeys(COUNTS, 0)


def test_a_discarded_article_is_a_row_without_an_extraction(database: Database, service: Connection) -> None:
    answer = store(service, discarded())
    assert answer == {"resultado": "insertado", "articulo_id": answer["articulo_id"], **NONE}
    assert database.rows("select estado_procesamiento, decision, triaje ->> 'exclusion' from articulos") == [
        ("descartado", "DESCARTAR", "deportes")
    ]
    assert store(service, discarded())["resultado"] == "sin_cambios"


def test_the_same_again_touches_no_row(database: Database, service: Connection) -> None:
    first = store(service, article())
    before = snapshot(database)
    second = store(service, article())
    assert second == {**first, "resultado": "sin_cambios"}
    assert snapshot(database) == before
    # Only the content decides, whatever else differs.
    assert (
        store(service, changed(article(), "hechos.0.contenido", "Otra cosa."))["resultado"] == "sin_cambios"
    )
    assert snapshot(database) == before


def test_other_content_replaces_the_extraction(database: Database, service: Connection) -> None:
    first = store(service, article())
    other = discarded(article()["articulo_metadata"]["identidad"])
    other["articulo_metadata"].update(huella_contenido="h2", titular="Otro titular")
    other["hechos"] = [changed(article(), "hechos.0.contenido", "Un solo hecho.")["hechos"][0]]
    second = store(service, other)
    assert second == {
        "resultado": "reemplazado",
        "articulo_id": first["articulo_id"],
        **NONE,
        "num_hechos_insertados": 1,
    }
    assert database.rows("select titular, estado_procesamiento, huella_contenido from articulos") == [
        ("Otro titular", "descartado", "h2")
    ]
    assert database.rows("select contenido from hechos") == [("Un solo hecho.",)]
    left = call(service, "resumen_base")
    gone = (
        "citas_textuales",
        "datos_cuantitativos",
        "hecho_entidad",
        "hecho_relacionado",
        "entidad_relacion",
        "contradicciones",
        "eventos_programados",
        "entidad_articulo",
    )
    assert {table: left[table] for table in gone} == dict.fromkeys(gone, 0)
    # Other articles share the entidades, and the tokens are spent.
    assert (left["entidades"], left["consumo_etapas"], left["hecho_articulo"]) == (4, 5, 1)


def test_replacing_leaves_other_articles_alone(database: Database, service: Connection) -> None:
    store(service, article("https://medio.example/otro"))
    kept = {
        table: database.rows(f"select t::text from public.{table} t order by 1")
        for table in (
            "hechos",
            "citas_textuales",
            "datos_cuantitativos",
            "entidad_relacion",
            "contradicciones",
        )
    }
    store(service, article())
    answer = store(service, article(huella="h2"))
    assert answer["resultado"] == "reemplazado"
    assert {key: answer[key] for key in COUNTS} == {**COUNTS, "num_entidades_nuevas": 0}
    for table, rows in kept.items():
        assert set(rows) <= set(database.rows(f"select t::text from public.{table} t")), table


def test_an_editor_s_verdict_survives_on_an_unchanged_hecho(database: Database, service: Connection) -> None:
    store(service, article())
    database.owner.execute(
        "update hechos set evaluacion_editorial = 'verificado_ok_editorial', editor_evaluador = 'ana', "
        "fecha_evaluacion_editorial = '2024-06-01', justificacion_evaluacion_editorial = 'visto' where "
        "id_local <= 2"
    )
    store(service, changed(article(huella="h2"), "hechos.1.contenido", "El PIB creció poco."))
    assert database.rows(
        "select evaluacion_editorial, editor_evaluador, fecha_evaluacion_editorial, "
        "justificacion_evaluacion_editorial from hechos order by id_local"
    ) == [
        ("verificado_ok_editorial", "ana", datetime(2024, 6, 1, tzinfo=UTC), "visto"),
        ("pendiente_revision_editorial", None, None, None),
        ("pendiente_revision_editorial", None, None, None),
    ]
