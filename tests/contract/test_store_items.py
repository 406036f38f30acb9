"""What the store guarantees for articles and fragments."""

import asyncio

from newsroom.models.resultado import Conteos, Guardado
from newsroom.store.base import Store
from tests.integration.extraction import CITA, TEXTO
from tests.integration.payloads import article, discarded, fragment

URL = "https://medio.example/1"
ALL = Conteos(
    hechos=3, entidades=4, citas_textuales=1, datos_cuantitativos=2, hecho_entidad=2, hecho_relacionado=1,
    entidad_relacion=1, contradicciones=1,
)  # fmt: skip


async def test_an_article_is_stored_whole_and_counted(store: Store) -> None:
    stored = await store.persist_articulo(article())
    assert stored == Guardado(resultado="insertado", articulo_id=1, entidades_nuevas=4, conteos=ALL)
    sizes = await store.summarize()
    expected = {
        "articulos": 1, "entidades": 4, "hechos": 3, "citas_textuales": 1, "datos_cuantitativos": 2,
        "entidad_articulo": 4, "hecho_articulo": 3, "hecho_entidad": 2, "hecho_relacionado": 1,
        "entidad_relacion": 1, "contradicciones": 1, "eventos_programados": 1, "consumo_etapas": 4,
        "documentos_extensos": 0, "fragmentos_extensos": 0, "entidad_fragmento": 0, "pipeline_errores": 0,
        "fuentes": 0, "entradas_rechazadas": 0,
    }  # fmt: skip
    assert sizes == expected


async def test_storing_the_same_again_changes_nothing(store: Store) -> None:
    await store.persist_articulo(article())
    before = await store.read_articulo(1), await store.summarize()
    again = await store.persist_articulo(article(titular="Otro", huella="h1"))
    assert again == Guardado(resultado="sin_cambios", articulo_id=1, entidades_nuevas=4, conteos=ALL)
    assert (await store.read_articulo(1), await store.summarize()) == before


async def test_other_content_replaces_the_extraction_and_keeps_the_id(store: Store) -> None:
    await store.persist_articulo(article())
    shorter = {**article(huella="h2", titular="Cambió"), "citas_textuales": [], "datos_cuantitativos": []}
    replaced = await store.persist_articulo(shorter)
    assert replaced.resultado == "reemplazado"
    assert replaced.articulo_id == 1
    assert replaced.entidades_nuevas == 0
    assert replaced.conteos == ALL.model_copy(update={"citas_textuales": 0, "datos_cuantitativos": 0})
    sizes = await store.summarize()
    assert (sizes["articulos"], sizes["hechos"], sizes["citas_textuales"]) == (1, 3, 0)
    assert (sizes["entidades"], sizes["entidad_articulo"]) == (4, 4)
    # What the first reading cost was spent.
    assert sizes["consumo_etapas"] == 8
    read = await store.read_articulo(1)
    assert read is not None
    assert (read["articulo"]["titular"], read["articulo"]["huella_contenido"]) == ("Cambió", "h2")
    assert await store.find_articulo(URL, "h1") is None


async def test_an_article_is_found_by_identity_and_content(store: Store) -> None:
    assert await store.find_articulo(URL, "h1") is None
    await store.persist_articulo(article())
    found = await store.find_articulo(URL, "h1")
    assert found == Guardado(resultado="sin_cambios", articulo_id=1, entidades_nuevas=4, conteos=ALL)
    assert await store.find_articulo(URL, "h2") is None
    assert await store.find_articulo(URL + "/", "h1") is None


async def test_a_discarded_article_is_a_row_and_no_more(store: Store) -> None:
    stored = await store.persist_articulo(discarded())
    assert (stored.resultado, stored.conteos) == ("insertado", Conteos())
    (row,) = await store.list_articulos()
    assert (row["estado_procesamiento"], row["decision"]) == ("descartado", "DESCARTAR")


async def test_what_was_stored_reads_back_with_names_beside_the_ids(store: Store) -> None:
    await store.persist_articulo(article())
    read = await store.read_articulo(1)
    assert read is not None
    assert read["articulo"]["contenido_texto"] == TEXTO
    assert read["articulo"]["metadata"] == {"autor_twitter": None, "n": 1}
    assert [hecho["id_local"] for hecho in read["hechos"]] == [1, 2, 3]
    assert (read["hechos"][1]["importancia"], read["hechos"][2]["es_evento_futuro"]) == (5, True)
    (cita,) = read["citas_textuales"]
    assert TEXTO[cita["offset_inicio"] : cita["offset_fin"]] == cita["cita"] == CITA
    assert (cita["entidad_emisora"], cita["relevancia"]) == ("Pedro Sánchez", 5)
    assert cita["hecho_contexto"] == "Sánchez anunció que subirá el salario mínimo."
    dato = read["datos_cuantitativos"][0]
    assert (dato["valor_numerico"], dato["hecho"]) == (3.5, "El PIB creció un 3,5 %.")
    assert (dato["periodo_referencia_inicio"], dato["periodo_referencia_fin"]) == ("2024-01-01", "2024-03-31")
    assert {row["nombre"]: row["es_nueva"] for row in read["entidades"]} == dict.fromkeys(
        ["Pedro Sánchez", "Gobierno", "Bogotá", "Madrid"], True
    )
    relaciones = read["relaciones"]
    assert {
        (row["hecho"][:9], row["entidad"], row["tipo_relacion"]) for row in relaciones["hecho_entidad"]
    } == {
        ("Sánchez a", "Pedro Sánchez", "declarante"),
        ("Se celebr", "Bogotá", "ubicacion"),
    }
    assert relaciones["hecho_relacionado"][0]["hecho_origen"] == "El PIB creció un 3,5 %."
    assert relaciones["entidad_relacion"][0]["entidad_destino"] == "Gobierno"
    assert relaciones["contradicciones"][0]["grado"] == 2
    assert {row["etapa"] for row in read["consumo_etapas"]} == {
        "triaje", "elementos", "citas_y_datos", "relaciones",
    }  # fmt: skip
    assert {row["modelo"] for row in read["hechos"]} == {"openai/gpt-oss-120b"}
    assert read["conteos"]["num_hechos_insertados"] == 3
    assert read["conteos"]["num_entidades_nuevas"] == 4


async def test_what_is_not_there_reads_as_none(store: Store) -> None:
    assert await store.read_articulo(7) is None
    assert await store.list_articulos() == []


async def test_articles_are_listed_newest_first(store: Store) -> None:
    for number in range(1, 5):
        await store.persist_articulo(article(f"https://medio.example/{number}", titular=f"Titular {number}"))
    rows = await store.list_articulos(limit=3)
    assert [row["titular"] for row in rows] == ["Titular 4", "Titular 3", "Titular 2"]
    newest = rows[0]
    counts = ("num_hechos", "num_entidades", "num_citas", "num_datos", "num_relaciones")
    assert [newest[key] for key in counts] == [3, 4, 1, 2, 5]
    assert await store.list_articulos(limit=0) == []


async def test_the_same_article_many_times_at_once_is_stored_once(store: Store) -> None:
    stored = await asyncio.gather(*(store.persist_articulo(article()) for _ in range(10)))
    assert sorted(item.resultado for item in stored) == ["insertado"] + ["sin_cambios"] * 9
    assert {item.conteos for item in stored} == {ALL}
    assert (await store.summarize())["hechos"] == 3


HOSTILE = (
    '\'; drop table articulos; -- {{ 7*7 }} {% x %} <script>alert(1)</script> \\u0041 %s $1 "ñ" 🙂\t\r\n'
)


async def test_text_is_stored_as_the_text_it_is(store: Store) -> None:
    text = HOSTILE + "x" * 500_000 + HOSTILE
    await store.persist_articulo(
        {**discarded(), "articulo_metadata": {**discarded()["articulo_metadata"], "contenido_texto": text}}
    )
    read = await store.read_articulo(1)
    assert read is not None
    assert read["articulo"]["contenido_texto"] == text


async def test_a_fragment_is_stored_with_its_document(store: Store) -> None:
    first = await store.persist_fragmento(fragment(0))
    assert first == Guardado(
        resultado="insertado", documento_id=1, fragmento_id=1, entidades_nuevas=4, conteos=ALL
    )
    again = await store.persist_fragmento(fragment(0))
    assert (again.resultado, again.fragmento_id, again.conteos) == ("sin_cambios", 1, ALL)
    second = await store.persist_fragmento(fragment(1))
    assert (second.documento_id, second.fragmento_id, second.entidades_nuevas) == (1, 2, 0)
    by_id = {key: value for key, value in fragment(2).items() if key != "documento"} | {"documento_id": 1}
    assert (await store.persist_fragmento(by_id)).fragmento_id == 3
    changed_one = await store.persist_fragmento(fragment(1, huella="f2"))
    assert (changed_one.resultado, changed_one.fragmento_id) == ("reemplazado", 2)
    sizes = await store.summarize()
    assert (sizes["documentos_extensos"], sizes["fragmentos_extensos"], sizes["articulos"]) == (1, 3, 0)
    assert (sizes["hechos"], sizes["entidades"], sizes["entidad_fragmento"]) == (9, 4, 12)


async def test_the_migration_level_is_digits(store: Store) -> None:
    assert str(await store.migration_level()).isdigit()


async def test_a_closed_store_opens_again(store: Store) -> None:
    await store.persist_articulo(article())
    await store.close()
    await store.close()
    assert (await store.summarize())["articulos"] == 1
