"""A document's description: what is refused, what is its identity, and what changes its hash."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from newsroom.inputs import describe
from newsroom.models.documento import Documento, FichaDocumento
from newsroom.models.identity import MAX_ITEM_BYTES


def documento(**changes: Any) -> Documento:
    fields = {"titulo": "Ley de aguas", "tipo_documento": "ley", "ruta": "/x/ley.pdf", **changes}
    return Documento.model_validate({key: value for key, value in fields.items() if value is not ...})


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"titulo": ...}, "titulo: Field required"),
        ({"titulo": " "}, "titulo: String should have at least 1 character"),
        ({"titulo": None}, "titulo: Field required"),
        ({"titulo": "a\x00b"}, "titulo: NUL character at position 1; remove it"),
        ({"ruta": "\udcf1.pdf"}, "ruta: lone surrogate U+DCF1 at position 0; remove it"),
        ({"metadata": {"a": ["\ud800"]}}, "metadata.a[0]: lone surrogate U+D800 at position 0; remove it"),
        ({"tipo_documento": "novela"}, "tipo_documento: Input should be 'libro', 'paper', 'ley'"),
        (
            {"fecha_publicacion": "ayer"},
            "fecha_publicacion: not an ISO 8601 date like 2025-04-15T10:30:00-05:00: 'ayer'",
        ),
        (
            {"fecha_publicacion": "2024-02-30"},
            "fecha_publicacion: not an ISO 8601 date like 2025-04-15T10:30:00-05:00: '2024-02-30'",
        ),
        (
            {"fecha_publicacion": 20240514},
            "fecha_publicacion: not an ISO 8601 date like 2025-04-15T10:30:00-05:00: '20240514'",
        ),
        (
            {"fecha_publicacion": 86_400},
            "fecha_publicacion: not an ISO 8601 date like 2025-04-15T10:30:00-05:00: '86400'",
        ),
        ({"editorial": "El Faro"}, "editorial: Extra inputs are not permitted"),
        ({"metadata": "x"}, "metadata: Input should be a valid dictionary"),
        ({"ruta": " "}, "give either ruta (a file) or contenido_texto (the text itself)"),
        ({"contenido_texto": "Un texto."}, "give either ruta (a file) or contenido_texto (the text itself)"),
        ({"ruta": None, "contenido_texto": " \n"}, "give either ruta (a file) or contenido_texto"),
        ({"ruta": None, "contenido_texto": "ñ" * 250_001}, "the document takes 500"),
        ({"metadata": {"a": "x" * MAX_ITEM_BYTES}}, "the document takes 500"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_field(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        documento(**wrong)
    line = describe(refused.value)
    assert message in line
    assert line.isprintable()


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("2024-05-15", date(2024, 5, 15)),
        ("2024-05-15T23:59:00-04:00", date(2024, 5, 15)),
        (date(2024, 5, 15), date(2024, 5, 15)),
        ("", None),
        (None, None),
    ],
)
def test_the_day_of_publication_is_the_one_that_was_written(given: object, day: date | None) -> None:
    assert documento(fecha_publicacion=given).fecha_publicacion == day


def test_null_is_as_good_as_nothing() -> None:
    assert documento(idioma=None, pais_publicacion=None, metadata=None, url=None, contenido_texto=None) == (
        documento()
    )


@pytest.mark.parametrize(
    "change",
    [
        {"ruta": "/elsewhere.txt"},
        {"fecha_publicacion": "2024-05-15"},
        {"metadata": {"a": 1}},
        {"idioma": "pt"},
        {"pais_publicacion": "Chile"},
        {"url": " "},
        {"autor": " "},
    ],
)
def test_a_corrected_edition_is_the_same_document(change: dict[str, Any]) -> None:
    assert documento(**change).identidad == documento().identidad


@pytest.mark.parametrize(
    "change", [{"titulo": "Otra"}, {"autor": "Cortes"}, {"tipo_documento": "informe"}, {"url": "https://a"}]
)
def test_another_title_author_kind_or_url_is_another_document(change: dict[str, Any]) -> None:
    assert documento(**change).identidad != documento().identidad


def test_title_and_author_do_not_run_into_each_other() -> None:
    assert (
        documento(titulo="Ley de", autor="aguas").identidad
        != documento(titulo="Ley", autor="de aguas").identidad
    )


def test_the_url_is_the_identity_and_a_long_one_still_fits_the_databases_index() -> None:
    assert documento(url=" https://a/ley ", titulo="x").identidad == "https://a/ley"
    long, longer = (documento(url=f"https://a/{'ñ' * 600}{end}").identidad for end in "ab")
    assert long.startswith("sha256:")
    assert long != longer


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"autor": "Cortes"}, True),
        ({"fecha_publicacion": "2024-05-15"}, True),
        ({"pais_publicacion": "Chile"}, True),
        ({"tipo_documento": "otro"}, True),
        ({"metadata": {"estante": 3}}, False),
        ({"storage_path": "s3://x"}, False),
        ({"url": "https://a"}, False),
    ],
)
def test_the_fingerprint_changes_with_what_a_stage_sees(change: dict[str, Any], differs: bool) -> None:
    before, after = documento().ficha, documento(**change).ficha
    assert (before.fingerprint_with("texto") != after.fingerprint_with("texto")) is differs
    assert before.fingerprint_with("texto", "a") != before.fingerprint_with("text", "oa")


def test_the_card_is_the_document_without_its_text() -> None:
    given = documento(ruta=None, contenido_texto="Artículo 1.", autor="Cortes", metadata={"a": [1]})
    assert type(given.ficha) is FichaDocumento
    assert given.ficha.model_dump() == {
        key: value for key, value in given.model_dump().items() if key not in ("ruta", "contenido_texto")
    }
    assert given.ficha.identidad == given.identidad


def test_it_survives_the_wire() -> None:
    given = documento(autor="Cortes", fecha_publicacion="2024-05-15", metadata={"a": [1, None]})
    assert Documento.model_validate_json(given.model_dump_json()) == given
    assert Documento.model_validate(given.model_dump(mode="json")) == given
