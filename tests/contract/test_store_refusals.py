"""What the store refuses, and that nothing of it is left."""

from typing import Any

import pytest

from newsroom.errors import StoreRejected
from newsroom.store.base import Store
from tests.integration.payloads import article, changed, document, fragment

REFUSED = [
    ("22023", lambda: {**article(), "articulo_metadata": None}),
    ("22023", lambda: {**article(), "procedencia": "x"}),
    ("22023", lambda: {**article(), "hechos": {"0": {}}}),
    ("23502", lambda: changed(article(), "articulo_metadata.identidad", None)),
    ("23502", lambda: changed(article(), "articulo_metadata.contenido_texto", None)),
    ("23514", lambda: changed(article(), "articulo_metadata.tipo_medio", "Diario Digital")),
    ("23514", lambda: changed(article(), "articulo_metadata.estado_procesamiento", "listo")),
    ("23514", lambda: changed(article(), "hechos.0.tipo_hecho", "RUMOR")),
    ("23514", lambda: changed(article(), "hechos.1.precision_temporal", "siglo")),
    ("23514", lambda: changed(article(), "entidades.0.tipo", "ANIMAL")),
    ("23502", lambda: changed(article(), "entidades.0.nombre", None)),
    ("23505", lambda: changed(article(), "entidades.1.id", 1)),
    ("23514", lambda: changed(article(), "datos_cuantitativos.0.categoria", "otra")),
    ("23514", lambda: changed(article(), "citas_textuales.0.cita", "palabras que nadie dijo")),
    ("23514", lambda: changed(article(), "hechos.0.offset_fin", 9_999)),
    ("23503", lambda: changed(article(), "citas_textuales.0.entidad_id", 99)),
    ("23503", lambda: changed(article(), "datos_cuantitativos.0.hecho_id", 99)),
    ("23503", lambda: changed(article(), "relaciones.hecho_entidad.0.entidad_id", 99)),
    ("23503", lambda: changed(article(), "relaciones.contradicciones.0.hecho_contradictorio_id", 99)),
    ("23502", lambda: changed(article(), "relaciones.hecho_entidad.0.hecho_id", None)),
    ("23514", lambda: changed(article(), "relaciones.hecho_relacionado.0.hecho_origen_id", 1)),
    ("23514", lambda: changed(article(), "relaciones.entidad_relacion.0.tipo_relacion", "amigo_de")),
    ("22P05", lambda: changed(article(), "hechos.0.contenido", "nulo \x00 dentro")),
    ("invalid_json", lambda: changed(article(), "hechos.0.contenido", "medio par \ud83d")),
    ("invalid_json", lambda: changed(article(), "datos_cuantitativos.0.valor", float("nan"))),
]


@pytest.mark.parametrize(("code", "make"), REFUSED)
async def test_a_bad_payload_is_refused_and_nothing_of_it_is_stored(
    store: Store, code: str, make: Any
) -> None:
    payload = make()
    with pytest.raises(StoreRejected) as caught:
        await store.persist_articulo(payload)
    assert caught.value.code == code
    assert str(caught.value)
    assert set((await store.summarize()).values()) == {0}


async def test_a_refused_replacement_leaves_what_was_there(store: Store) -> None:
    await store.persist_articulo(article())
    before = await store.read_articulo(1)
    with pytest.raises(StoreRejected):
        await store.persist_articulo(changed(article(huella="h2"), "citas_textuales.0.entidad_id", 99))
    assert await store.read_articulo(1) == before


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("22023", {"documento": None}),
        ("23503", {"documento": None, "documento_id": 99}),
        ("23514", {"documento": document(tipo_documento="folleto")}),
        ("22023", {"fragmento": None}),
    ],
)
async def test_a_fragment_without_its_document_is_refused(
    store: Store, code: str, change: dict[str, Any]
) -> None:
    with pytest.raises(StoreRejected) as caught:
        await store.persist_fragmento({**fragment(0), **change})
    assert caught.value.code == code
    assert set((await store.summarize()).values()) == {0}
