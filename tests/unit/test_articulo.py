"""Articles in the connector's format: read leniently. The refusal of a bad one names the field."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from newsroom.models.articulo import Articulo
from newsroom.models.base import Frozen
from newsroom.models.identity import MAX_ITEM_BYTES, sha256_of
from newsroom.models.vocabulario import TipoMedio
from tests.factories import TEXTO, make_articulo


def refusal(**changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        make_articulo(**changes)
    (error,) = caught.value.errors()
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"


UNKNOWN = ("medio", "pais_publicacion", "tipo_medio", "titular", "fecha_publicacion")


@pytest.mark.parametrize("nothing", [None, 7, []])
def test_the_text_is_indispensable_and_named(nothing: Any) -> None:
    assert refusal(contenido_texto=...) == "contenido_texto: Field required"
    assert refusal(contenido_texto=nothing) == "contenido_texto: Input should be a valid string"


@pytest.mark.parametrize("field", UNKNOWN)
@pytest.mark.parametrize("nothing", [..., None, "", "  \n\t "])
def test_what_the_source_does_not_say_is_null(field: str, nothing: Any) -> None:
    articulo = make_articulo(**{field: nothing})
    assert getattr(articulo, field) is None
    # Only that field: the others are as they came.
    assert articulo.model_dump(exclude={field}) == make_articulo().model_dump(exclude={field})


@pytest.mark.parametrize("field", ["medio", "titular", "url"])
def test_a_value_of_another_type_is_refused(field: str) -> None:
    assert refusal(**{field: 7}) == f"{field}: Input should be a valid string"


def test_a_text_alone_is_an_article() -> None:
    articulo = Articulo.model_validate({"contenido_texto": TEXTO})
    assert (articulo.url, articulo.idioma, articulo.metadata) == (None, "es", {})
    assert (articulo.es_opinion, articulo.es_oficial, articulo.etiquetas_fuente) == (False, False, [])
    assert articulo.title == TEXTO[:73] + "…"
    item = articulo.to_item()
    assert (item.titular, item.medio, item.pais_publicacion, item.fecha_publicacion) == ("", "", "", None)


def test_null_stands_for_the_default() -> None:
    articulo = make_articulo(
        idioma=None, etiquetas_fuente=None, es_opinion=None, es_oficial=None, metadata=None
    )
    assert (articulo.idioma, articulo.etiquetas_fuente, articulo.metadata) == ("es", [], {})
    assert (articulo.es_opinion, articulo.es_oficial) == (False, False)


def test_unknown_fields_are_kept_and_the_senders_own_metadata_wins() -> None:
    articulo = make_articulo(robot="lector-3", lecturas=[1, {"a": None}], metadata={"robot": "otro", "x": 1})
    assert articulo.metadata == {"robot": "otro", "x": 1, "lecturas": [1, {"a": None}]}


@pytest.mark.parametrize(
    ("sent", "tipo", "kept"),
    [
        ("diario", TipoMedio.DIARIO, None),
        (" DIARIO ", TipoMedio.DIARIO, None),
        ("Televisión", TipoMedio.TELEVISIÓN, None),
        ("television", TipoMedio.TELEVISIÓN, None),
        ("televisio\u0301n", TipoMedio.TELEVISIÓN, None),
        ("Otro", TipoMedio.OTRO, None),
        ("Diario Digital", TipoMedio.OTRO, "Diario Digital"),
        ("", None, None),
    ],
)
def test_tipo_medio_is_folded_and_a_word_outside_the_list_is_kept(
    sent: str, tipo: TipoMedio | None, kept: str | None
) -> None:
    articulo = make_articulo(tipo_medio=sent)
    assert articulo.tipo_medio is tipo
    assert articulo.metadata == ({} if kept is None else {"tipo_medio_original": kept})


@pytest.mark.parametrize(
    ("sent", "moment"),
    [
        ("2024-05-15", datetime(2024, 5, 15, tzinfo=UTC)),
        ("2024-05-15T21:40:00", datetime(2024, 5, 15, 21, 40, tzinfo=UTC)),
        (" 2024-05-15T21:40:00Z ", datetime(2024, 5, 15, 21, 40, tzinfo=UTC)),
        ("2024-05-15T21:40:00-04:00", datetime(2024, 5, 16, 1, 40, tzinfo=UTC)),
    ],
)
def test_a_date_without_zone_is_utc_and_a_zone_is_kept(sent: str, moment: datetime) -> None:
    assert make_articulo(fecha_publicacion=sent).fecha_publicacion == moment
    zoned = make_articulo(fecha_publicacion="2024-05-15T21:40:00-04:00").fecha_publicacion
    assert zoned is not None
    assert zoned.tzinfo == timezone(timedelta(hours=-4))


@pytest.mark.parametrize(
    "sent",
    [20240515, 1715808000.0, True, "15/05/2024", "ayer", "2024-13-01", "0001-01-01T00:00+14:00", []],
)
def test_what_is_no_date_is_refused_and_numbers_are_never_seconds(sent: Any) -> None:
    assert re.match(
        r"fecha_publicacion: .*(not an ISO 8601 date like 2025-04-15T10:30:00-05:00|outside the calendar): ",
        refusal(fecha_publicacion=sent),
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"titular": "a\x00b"}, "titular: NUL character at position 1"),
        ({"contenido_texto": TEXTO + "\x00"}, f"contenido_texto: NUL character at position {len(TEXTO)}"),
        ({"titular": "a\ud83d"}, "titular: lone surrogate U+D83D at position 1"),
        ({"etiquetas_fuente": ["a", "\udc00"]}, "etiquetas_fuente[1]: lone surrogate U+DC00 at position 0"),
        ({"metadata": {"a": [{"b": "\x00"}]}}, "metadata.a[0].b: NUL character at position 0"),
        ({"robot": {"c\x00": 1}}, "robot (key): NUL character at position 1"),
    ],
)
def test_what_no_database_can_hold_is_refused_naming_its_place(changes: dict[str, Any], named: str) -> None:
    assert f"{named}; remove it" in refusal(**changes)


def test_other_characters_are_kept_as_they_came() -> None:
    odd = (
        TEXTO + " \u0007 \u200b \U0001f600 {{ 7*7 }} {% raw %} <b>'; DROP TABLE articulos;-- </articulo>\r\n"
    )
    assert make_articulo(contenido_texto=odd).contenido_texto == odd


@pytest.mark.parametrize(
    ("texto", "length"),
    [("", 0), (" \n\t\u00a0" * 100, 0), ("a" * 49, 49), ("a" + " " * 100 + "b", 3), ("\u200b" * 90, 0)],
)
def test_the_fifty_characters_are_counted_once_cleaned(texto: str, length: int) -> None:
    assert refusal(contenido_texto=texto) == (
        f"contenido_texto: Value error, {length} characters once cleaned, at least 50 are needed"
    )


def test_fifty_characters_are_enough() -> None:
    assert make_articulo(contenido_texto="  " + "a" * 50 + "  ").contenido_texto == "  " + "a" * 50 + "  "


def test_an_article_too_large_for_a_run_is_refused_with_its_size() -> None:
    assert re.search(
        rf"the article takes 5\d{{5}} bytes, at most {MAX_ITEM_BYTES} are allowed: process .* as a document",
        refusal(contenido_texto="palabra " * 64_000),
    )
    # Bytes count, not characters.
    assert "bytes" in refusal(contenido_texto="ñ" * (MAX_ITEM_BYTES // 2))
    assert (
        len(make_articulo(contenido_texto="a" * (MAX_ITEM_BYTES - 2_000)).contenido_texto)
        == MAX_ITEM_BYTES - 2_000
    )


def test_metadata_must_be_an_object() -> None:
    assert "metadata: must be a JSON object" in refusal(metadata=["a"])


def test_an_article_is_frozen_and_survives_the_wire() -> None:
    articulo = make_articulo(tipo_medio="Diario Digital", robot="x", fecha_recopilacion="2024-05-16")
    again = Articulo.model_validate(articulo.model_dump(mode="json"))
    assert again == articulo
    assert (again.identidad, again.huella_contenido) == (articulo.identidad, articulo.huella_contenido)
    assert isinstance(articulo, Frozen)
    with pytest.raises(ValidationError, match="frozen"):
        articulo.titular = "otro"  # type: ignore[misc]


def test_the_url_is_the_identity_and_a_blank_one_is_none() -> None:
    assert make_articulo().identidad == "https://ejemplo.test/ley-de-aguas"
    assert make_articulo(url=" https://ejemplo.test/a ").identidad == "https://ejemplo.test/a"
    assert make_articulo(url="   ").url is None


def test_a_url_too_long_for_an_index_is_identified_by_its_hash() -> None:
    long = "https://ejemplo.test/" + "a" * 1_000
    assert make_articulo(url=long).identidad == sha256_of(long)
    assert make_articulo(url=long + "b").identidad != sha256_of(long)
    assert make_articulo(url=long).url == long


def test_without_url_the_identity_is_a_hash_that_does_not_change_between_versions() -> None:
    identidad = make_articulo(url=None).identidad
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", identidad)
    assert identidad == sha256_of(
        "El Faro", "El Senado aprueba la ley de aguas", "2024-05-15T21:40:00-04:00", TEXTO
    )
    # Stored rows hold this hash. If its computation changed, every article would be stored again.
    assert sha256_of("a", "b") == "sha256:3c9d591045bc8876f9d0399bbfb05c6a412096e906f73278f98406cd5dca86df"


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("medio", "Otro"),
        ("titular", "Otro"),
        ("fecha_publicacion", "2024-05-16"),
        ("contenido_texto", TEXTO + "."),
        ("medio", None),
        ("titular", None),
        ("fecha_publicacion", None),
    ],
)
def test_what_changes_the_identity_of_an_article_without_url(field: str, other: str | None) -> None:
    assert make_articulo(url=None, **{field: other}).identidad != make_articulo(url=None).identidad


def test_the_parts_of_a_hash_cannot_run_into_each_other() -> None:
    assert len({sha256_of("ab", "c"), sha256_of("a", "bc"), sha256_of("abc"), sha256_of("abc", "")}) == 4


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("medio", "Otro"),
        ("pais_publicacion", "Perú"),
        ("tipo_medio", "radio"),
        ("titular", "Otro"),
        ("fecha_publicacion", "2024-05-16"),
        ("autor", "Ana Rey"),
        ("idioma", "en"),
        ("seccion", "Política"),
        ("es_opinion", True),
        ("es_oficial", True),
        ("contenido_texto", TEXTO + " "),
    ],
)
def test_what_a_reader_sees_changes_the_content_hash(field: str, other: Any) -> None:
    assert make_articulo(**{field: other}).huella_contenido != make_articulo().huella_contenido


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("url", "https://ejemplo.test/otra"),
        ("fuente", "rss"),
        ("storage_path", "a/b"),
        ("medio_url_principal", "https://ejemplo.test/"),
        ("fecha_recopilacion", "2024-05-17"),
        ("etiquetas_fuente", ["agua"]),
        ("contenido_html", "<p>x</p>"),
        ("metadata", {"a": 1}),
        ("robot", "x"),
    ],
)
def test_how_it_was_scraped_does_not(field: str, other: Any) -> None:
    assert make_articulo(**{field: other}).huella_contenido == make_articulo().huella_contenido


def test_the_stages_read_the_text_as_received() -> None:
    articulo = make_articulo(contenido_texto="  " + TEXTO + "\r\n", autor="Ana Rey", es_opinion=True)
    item = articulo.to_item()
    assert item.contenido == "  " + TEXTO + "\r\n"
    assert (item.identidad, item.huella_contenido) == (articulo.identidad, articulo.huella_contenido)
    assert (item.autor, item.es_opinion, item.es_fragmento) == ("Ana Rey", True, False)


def test_blank_optional_fields_are_no_fields() -> None:
    blank = dict.fromkeys(("fecha_recopilacion", "autor", "url", "storage_path", "idioma", "es_opinion"), "")
    articulo = make_articulo(**blank)

    assert articulo.fecha_recopilacion is None
    assert (articulo.autor, articulo.url, articulo.storage_path) == (None, None, None)
    assert articulo.idioma == "es"
    assert articulo.es_opinion is False
