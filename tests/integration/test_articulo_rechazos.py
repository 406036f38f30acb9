"""What is stored as it is, and what is refused. One bad element, and nothing of the article is stored."""

import json
from typing import Any

import psycopg
import pytest

from tests.integration.conftest import Database, Row
from tests.integration.extraction import TEXTO
from tests.integration.payloads import article, changed
from tests.integration.test_articulo import snapshot, store

Connection = psycopg.Connection[Row]


HOSTILE = [
    "comillas 'simples' y \"dobles\" y `otras` \\ \\n %s %% $1 :x",
    "llaves {{ x }} {% raw %} {a: 1} [b] <script>alert('x')</script> &amp; &quot;",
    "'); drop table articulos; --",
    "emoji 👩‍👩‍👧‍👦 🇪🇸 y combinados é ñ",
    "مرحبا بالعالم \u202eatrás\u202c עברית",
    "espacios \u00a0\u2009\u3000 tab\t salto\r\n fin\u2028",
    "control \u0001\u001f\u007f y privado \ue000 y \U0010ffff",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_text_is_stored_as_it_is(database: Database, service: Connection, words: str) -> None:
    texto = f"{words} | {TEXTO}"
    payload = article(contenido_texto=texto, titular=words, metadata={words: words}, contenido_html=words)
    payload["citas_textuales"] = [
        {
            "id": 1,
            "cita": words,
            "entidad_id": None,
            "hecho_id": None,
            "fecha": None,
            "contexto": words,
            "relevancia": None,
            "offset_inicio": 0,
            "offset_fin": len(words),
        }
    ]
    payload["hechos"][0]["contenido"] = words
    store(service, payload)
    assert database.rows("select contenido_texto, titular, metadata, contenido_html from articulos") == [
        (texto, words, {words: words}, words)
    ]
    assert database.rows("select cita, contexto, relevancia from citas_textuales") == [(words, words, 3)]
    assert database.value("select contenido from hechos where id_local = 1") == words


def test_a_figure_keeps_all_its_digits(database: Database, service: Connection) -> None:
    text = json.dumps(article()).replace('"valor": 3.5', '"valor": 12345678901234567890.1234567890')
    service.execute("select public.insertar_articulo_completo(%s::text::jsonb)", [text])
    assert database.value("select valor_numerico::text from datos_cuantitativos where id_local = 1") == (
        "12345678901234567890.1234567890"
    )


BAD: list[tuple[str, Any, type[psycopg.Error]]] = [
    ("articulo_metadata", None, psycopg.errors.InvalidParameterValue),
    ("procedencia", "groq", psycopg.errors.InvalidParameterValue),
    ("hechos", {"id": 1}, psycopg.errors.InvalidParameterValue),
    ("articulo_metadata.identidad", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.huella_contenido", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.contenido_texto", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.titular", "  ", psycopg.errors.CheckViolation),
    ("articulo_metadata.estado_procesamiento", None, psycopg.errors.NotNullViolation),
    ("articulo_metadata.tipo_medio", "Diario Digital", psycopg.errors.CheckViolation),
    ("articulo_metadata.fecha_publicacion", "ayer", psycopg.errors.InvalidDatetimeFormat),
    ("articulo_metadata.triaje", {"decision": "QUIZÁ"}, psycopg.errors.CheckViolation),
    ("articulo_metadata.metadata", [1], psycopg.errors.CheckViolation),
    ("procedencia.motor", None, psycopg.errors.NotNullViolation),
    ("procedencia.flow_run_id", "no es uuid", psycopg.errors.InvalidTextRepresentation),
    ("entidades.0.nombre", None, psycopg.errors.NotNullViolation),
    ("entidades.0.nombre", " ", psycopg.errors.CheckViolation),
    ("entidades.0.nombre", "x" * 301, psycopg.errors.CheckViolation),
    ("entidades.0.tipo", "PLANETA", psycopg.errors.CheckViolation),
    ("entidades.0.id", None, psycopg.errors.NotNullViolation),
    ("entidades.1.id", 1, psycopg.errors.UniqueViolation),
    ("entidades.0.fecha_nacimiento", "1972", psycopg.errors.InvalidDatetimeFormat),
    ("entidades.0.offset_fin", 100_000, psycopg.errors.CheckViolation),
    ("hechos.1.id", 1, psycopg.errors.UniqueViolation),
    ("hechos.1.tipo_hecho", "Anuncio", psycopg.errors.CheckViolation),
    ("hechos.1.precision_temporal", "hora", psycopg.errors.CheckViolation),
    ("hechos.1.importancia", 11, psycopg.errors.CheckViolation),
    ("hechos.1.contenido", None, psycopg.errors.NotNullViolation),
    ("hechos.1.pais", "España", psycopg.errors.InvalidTextRepresentation),
    ("hechos.1.fecha", {"inicio": "2024-02-02", "fin": "2024-02-01"}, psycopg.errors.DataException),
    ("hechos.1.offset_inicio", None, psycopg.errors.NotNullViolation),
    ("hechos.1.offset_inicio", -1, psycopg.errors.CheckViolation),
    ("hechos.1.offset_fin", 0, psycopg.errors.CheckViolation),
    ("hechos.1.offset_fin", len(TEXTO) + 1, psycopg.errors.CheckViolation),
    ("citas_textuales.0.cita", "subirá el salario máximo", psycopg.errors.CheckViolation),
    ("citas_textuales.0.offset_inicio", 3, psycopg.errors.CheckViolation),
    ("citas_textuales.0.relevancia", 7, psycopg.errors.CheckViolation),
    ("citas_textuales.0.entidad_id", 99, psycopg.errors.ForeignKeyViolation),
    ("citas_textuales.0.hecho_id", 99, psycopg.errors.ForeignKeyViolation),
    ("datos_cuantitativos.0.hecho_id", 99, psycopg.errors.ForeignKeyViolation),
    ("datos_cuantitativos.0.valor", None, psycopg.errors.NotNullViolation),
    ("datos_cuantitativos.0.valor", "NaN", psycopg.errors.CheckViolation),
    ("datos_cuantitativos.0.valor", "-Infinity", psycopg.errors.CheckViolation),
    ("datos_cuantitativos.0.valor", "mucho", psycopg.errors.InvalidTextRepresentation),
    ("datos_cuantitativos.0.categoria", "economico", psycopg.errors.CheckViolation),
    (
        "datos_cuantitativos.0.periodo",
        {"inicio": "2024-02-02", "fin": "2024-02-01"},
        psycopg.errors.CheckViolation,
    ),
    ("relaciones.hecho_entidad.0.entidad_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.hecho_entidad.0.hecho_id", None, psycopg.errors.NotNullViolation),
    ("relaciones.hecho_entidad.0.tipo_relacion", "amigo", psycopg.errors.CheckViolation),
    ("relaciones.hecho_relacionado.0.hecho_destino_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.hecho_relacionado.0.hecho_destino_id", 2, psycopg.errors.CheckViolation),
    ("relaciones.entidad_relacion.0.entidad_origen_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.entidad_relacion.0.fecha_fin", "2000-01-01", psycopg.errors.CheckViolation),
    ("relaciones.contradicciones.0.hecho_contradictorio_id", 99, psycopg.errors.ForeignKeyViolation),
    ("relaciones.contradicciones.0.grado", 6, psycopg.errors.CheckViolation),
]


@pytest.mark.parametrize(
    ("path", "value", "error"), BAD, ids=[f"{path}={str(value)[:30]}" for path, value, _ in BAD]
)
def test_a_bad_element_is_raised_and_nothing_is_left(
    database: Database, service: Connection, path: str, value: Any, error: type[psycopg.Error]
) -> None:
    before = snapshot(database)
    with pytest.raises(error) as caught:
        store(service, changed(article(), path, value))
    assert type(caught.value) is error
    assert snapshot(database) == before


def test_a_failed_replacement_leaves_what_was_there(database: Database, service: Connection) -> None:
    store(service, article())
    before = {table: [row[3] for row in rows] for table, rows in snapshot(database).items()}
    payload = changed(article(huella="h2"), "relaciones.hecho_entidad.0.hecho_id", 99)
    payload = changed(payload, "relaciones.hecho_entidad.1.hecho_id", 98)
    message = r"hecho_entidad\.hecho_id .* local ids .*: 98, 99"
    with pytest.raises(psycopg.errors.ForeignKeyViolation, match=message):
        store(service, payload)
    assert {table: [row[3] for row in rows] for table, rows in snapshot(database).items()} == before


def test_two_articles_cannot_share_a_storage_path(service: Connection) -> None:
    path = "medio/2024/05/06/a.html.gz"
    store(service, article(storage_path=path))
    with pytest.raises(psycopg.errors.UniqueViolation):
        store(service, article("https://medio.example/2", storage_path=path))
