"""Fragments in the old service's wire format: limits, place, identity, and what the stages read."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from newsroom.inputs import describe
from newsroom.models.fragmento import Fragmento

TEXTO = "Artículo 1.  El agua\u00a0es de todos.\r\nArtículo 2. Nadie la vende."
# As the old connector sends it (models/entrada.py, FragmentoProcesableItem).
OLD = {
    "id_fragmento": "ley-29338-frag-3",
    "texto_original": TEXTO,
    "id_articulo_fuente": "https://ejemplo.test/ley-29338",
    "orden_en_articulo": 3,
    "metadata_adicional": {
        "titular": "Ley de Recursos Hídricos",
        "medio": "Congreso de la República",
        "titulo_seccion": " Título I ",
        "pagina_inicio": "4",
        "pagina_fin": 5,
        "url_fuente": "no es una url",
    },
}


def fragmento(metadata: dict[str, Any] | None = None, **changes: Any) -> Fragmento:
    fields: dict[str, Any] = {**OLD, **changes}
    if metadata is not None:
        fields["metadata_adicional"] = metadata
    return Fragmento.model_validate({key: value for key, value in fields.items() if value is not ...})


def test_the_old_wire_format_becomes_document_section_and_pages() -> None:
    given = fragmento()

    assert given.texto_original == TEXTO, "character by character: offsets point into it"
    assert given.ficha.model_dump(exclude_defaults=True) == {
        "titulo": "Ley de Recursos Hídricos",
        "tipo_documento": "otro",
        "autor": "Congreso de la República",
        "url": "https://ejemplo.test/ley-29338",
    }
    assert given.place() == {
        "indice_secuencial": 3,
        "titulo_seccion": "Título I",
        "num_pagina_inicio": 4,
        "num_pagina_fin": 5,
        "offset_inicio": None,
        "offset_fin": None,
    }
    assert given.metadata_adicional["url_fuente"] == "no es una url"


@pytest.mark.parametrize("metadata", [{}, None, {"titular": " "}, {"titular": 7}, {"titular": None}])
def test_without_a_name_the_document_is_called_by_its_identifier(metadata: dict[str, Any] | None) -> None:
    given = fragmento(metadata_adicional=metadata)
    assert given.ficha.titulo == given.ficha.url == "https://ejemplo.test/ley-29338"
    assert given.ficha.autor is None


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"id_fragmento": ...}, "id_fragmento: Field required"),
        ({"id_fragmento": " "}, "id_fragmento: String should have at least 1 character"),
        ({"id_fragmento": "x" * 256}, "id_fragmento: String should have at most 255 characters"),
        ({"id_articulo_fuente": ""}, "id_articulo_fuente: String should have at least 1 character"),
        ({"id_articulo_fuente": "x" * 256}, "id_articulo_fuente: String should have at most 255"),
        ({"orden_en_articulo": -1}, "orden_en_articulo: Input should be greater than or equal to 0"),
        ({"orden_en_articulo": 2**31}, "orden_en_articulo: Input should be less than or equal to"),
        ({"orden_en_articulo": "tres"}, "orden_en_articulo: Input should be a valid integer"),
        ({"texto_original": ...}, "texto_original: Field required"),
        ({"texto_original": " \n\u200b"}, "texto_original: it holds no readable text"),
        ({"texto_original": "a\x00"}, "texto_original: NUL character at position 1; remove it"),
        ({"texto_original": "palabra " * 70_000}, "the fragment takes 560"),
        ({"metadata_adicional": [1]}, "metadata_adicional: must be a JSON object"),
        ({"metadata_adicional": {"x": "\udc00"}}, "metadata_adicional.x: lone surrogate U+DC00"),
        ({"campo_nuevo": "\udc00"}, "campo_nuevo: lone surrogate U+DC00"),
        ({"metadata_adicional": {"pagina_inicio": "iv"}}, "metadata_adicional.pagina_inicio: not a whole"),
        ({"metadata_adicional": {"pagina_fin": -1}}, "metadata_adicional.pagina_fin: not a whole"),
        ({"metadata_adicional": {"pagina_fin": True}}, "metadata_adicional.pagina_fin: not a whole"),
        ({"metadata_adicional": {"pagina_fin": 2**31}}, "metadata_adicional.pagina_fin: not a whole"),
        ({"metadata_adicional": {"pagina_fin": "12345678901"}}, "metadata_adicional.pagina_fin: not a whole"),
        ({"metadata_adicional": {"pagina_fin": "9" * 5_000}}, "metadata_adicional.pagina_fin: not a whole"),
        ({"metadata_adicional": {"offset_inicio": 1.5}}, "metadata_adicional.offset_inicio: not a whole"),
        (
            {"metadata_adicional": {"offset_inicio": 9, "offset_fin": 9}},
            "metadata_adicional.offset_fin: 9 must be greater than offset_inicio",
        ),
        (
            {"texto_original": "Breve.", "metadata_adicional": {"requiere_revision_especial": True}},
            "texto_original: 6 characters once cleaned, at least 50 are needed",
        ),
        ({"documento": {"titulo": "x"}}, "documento.tipo_documento: Field required"),
        ({"documento": {"titulo": "x", "tipo_documento": "ley", "ruta": "x"}}, "documento.ruta: Extra"),
    ],
    ids=lambda value: value[:40] if isinstance(value, str) else None,
)  # fmt: skip
def test_a_wrong_value_is_one_line_that_names_the_field(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        fragmento(**wrong)
    line = describe(refused.value)
    assert message in line
    assert line.isprintable()


def test_the_limits_themselves_are_allowed() -> None:
    assert fragmento(id_fragmento="x" * 255, id_articulo_fuente="y" * 255, orden_en_articulo=0).texto_original
    assert fragmento({"requiere_revision_especial": "true"}, texto_original="a").texto_original == "a"
    assert fragmento({"pagina_inicio": "", "pagina_fin": None}).place()["num_pagina_inicio"] is None


def test_unknown_fields_are_kept() -> None:
    given = fragmento(campo_nuevo=[1], metadata_adicional={"campo_nuevo": "propio", "titular": "T"}, otro=2)
    assert given.metadata_adicional == {"campo_nuevo": "propio", "titular": "T", "otro": 2}


@pytest.mark.parametrize(
    ("metadata", "first", "last"),
    [
        ({"pagina_inicio": 4}, 4, 4),
        ({"pagina_fin": "7"}, 7, 7),
        ({"pagina_inicio": 9, "pagina_fin": 3}, 9, 9),
        ({"pagina_inicio": 0, "pagina_fin": 0}, 0, 0),
        ({}, None, None),
    ],
)
def test_pages_always_are_a_range_that_the_database_takes(
    metadata: dict[str, Any], first: int | None, last: int | None
) -> None:
    place = fragmento(metadata).place()
    assert (place["num_pagina_inicio"], place["num_pagina_fin"]) == (first, last)


def test_fragments_without_an_order_have_places_of_their_own_behind_the_others() -> None:
    places = [
        fragmento(id_fragmento=str(number), orden_en_articulo=None).place()["indice_secuencial"]
        for number in range(100)
    ]
    assert len(set(places)) == 100, "the database keeps one fragment a place"
    assert all(2**30 <= place < 2**31 for place in places)
    assert fragmento(id_fragmento="0", orden_en_articulo=None).place()["indice_secuencial"] == places[0]


def test_the_identity_is_the_documents_and_its_own_within_that() -> None:
    assert fragmento().identidad == "https://ejemplo.test/ley-29338#ley-29338-frag-3"
    assert fragmento(orden_en_articulo=9, texto_original="Otro.").identidad == fragmento().identidad
    assert fragmento(id_articulo_fuente="otra").identidad != fragmento().identidad
    long = fragmento(documento={"titulo": "x", "tipo_documento": "ley", "url": "https://a/" + "x" * 980})
    assert long.identidad.startswith("sha256:")


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"texto_original": TEXTO + " "}, True),
        ({"metadata_adicional": {**OLD["metadata_adicional"], "titulo_seccion": "Título II"}}, True),  # type: ignore[dict-item]
        ({"metadata_adicional": {**OLD["metadata_adicional"], "titular": "Otra"}}, True),  # type: ignore[dict-item]
        ({"metadata_adicional": {**OLD["metadata_adicional"], "pagina_fin": 9}}, False),  # type: ignore[dict-item]
        ({"orden_en_articulo": 8}, False),
        ({"huella_documento": "x"}, False),
        ({"nuevo": 1}, False),
    ],
)
def test_the_fingerprint_changes_with_what_a_stage_sees(change: dict[str, Any], differs: bool) -> None:
    assert (fragmento(**change).huella_contenido != fragmento().huella_contenido) is differs


def test_the_stages_read_what_is_known_of_the_document() -> None:
    card = {
        "titulo": "Ley", "tipo_documento": "ley", "fecha_publicacion": "2009-03-31", "idioma": "es",
        "pais_publicacion": "Perú",
    }  # fmt: skip
    item = fragmento(documento=card).to_item()
    assert item.fecha_publicacion == datetime(2009, 3, 31, tzinfo=UTC)
    assert (item.titular, item.medio, item.seccion, item.pais_publicacion) == (
        "Ley",
        "ley",
        "Título I",
        "Perú",
    )
    assert (item.contenido, item.es_fragmento) == (TEXTO, True)
    assert fragmento().to_item().fecha_publicacion is None, "today's date was the old service's error"


def test_it_survives_the_wire() -> None:
    given = fragmento(documento={"titulo": "Ley", "tipo_documento": "ley", "fecha_publicacion": "2009-03-31"})
    assert Fragmento.model_validate(given.model_dump(mode="json")) == given
