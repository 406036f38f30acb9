"""Whatever bytes a file has: the right characters are stored, and what was mended is kept as it came."""

import json
import unicodedata

import pytest

from newsroom.intake.articles import choose_shapes
from newsroom.intake.decoding import decode_html, mend
from tests.unit.intake.conftest import Reader

TITLE = "El año de la sequía: «aún falta»"
TEXT = "La señora Núñez pidió más agua para los cañaverales de Tucumán; «así no llegamos», añadió ayer."
ROW = {"title": TITLE, "text": TEXT, "url": "https://hoja.test/1", "source": "La Señal"}
JSON = json.dumps(ROW, ensure_ascii=False)
CSV = f'titulo,texto,medio\n"{TITLE}","{TEXT}",La Señal\n'
PAGE = (
    '<!DOCTYPE html><html><head><meta charset="CHARSET"><title>{0}</title>'
    '<meta property="og:title" content="{0}"><meta property="og:site_name" content="La Señal"></head>'
    "<body><article><h1>{0}</h1>{1}</article></body></html>"
).format(
    TITLE, f"<p>{TEXT}</p>" * 1 + f"<p>{TEXT.replace('ayer', 'el lunes por la tarde en la plaza')}</p>" * 1
)
FEED = (
    '<?xml version="1.0" encoding="CHARSET"?><rss version="2.0"><channel><title>La Señal</title>'
    f"<item><title>{TITLE}</title><link>https://hoja.test/1</link><description>{TEXT}</description></item>"
    "</channel></rss>"
)
NITF = (
    '<?xml version="1.0" encoding="CHARSET"?><nitf><body><body.head><hedline><hl1>'
    f"{TITLE}</hl1></hedline><distributor>La Señal</distributor></body.head>"
    f"<body.content><p>{TEXT}</p></body.content></body></nitf>"
)
FORMS = {"a.json": JSON, "a.jsonl": JSON, "a.csv": CSV, "a.html": PAGE, "a.xml": FEED, "nitf.xml": NITF}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("cp1252", "windows-1252"),
        ("cp1252", "iso-8859-1"),
        # Wrong declarations.
        ("cp1252", "utf-8"),
        ("utf-8", "iso-8859-1"),
        ("utf-8", "utf-16"),
        ("utf-8", "klingon"),
        ("cp1252", "punycode"),
    ],
)
def test_any_encoding_gives_the_same_characters(
    read: Reader, name: str, encoding: str, declared: str
) -> None:
    articulo = read(name, FORMS[name].replace("CHARSET", declared).encode(encoding)).articulo
    assert articulo.titular == TITLE
    assert articulo.medio == "La Señal"
    assert TEXT in articulo.contenido_texto


def test_mojibake_is_mended_and_kept_as_it_came(read: Reader) -> None:
    broken = {key: value.encode().decode("cp1252", "replace") for key, value in ROW.items()}
    articulo = read("a.json", json.dumps({**broken, "title": "SequÃ­a en TucumÃ¡n"})).articulo
    assert articulo.titular == "Sequía en Tucumán"
    assert "señora Núñez" in articulo.contenido_texto
    assert articulo.metadata["original"]["titular"] == "SequÃ­a en TucumÃ¡n"
    assert articulo.metadata["original"]["contenido_texto"].startswith("La seÃ±ora")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Espa&ntilde;a &amp; Portugal", "España & Portugal"),
        ("M&#225;s de 1&nbsp;000", "Más de 1\xa0000"),
        ("A&B y C&D", "A&B y C&D"),
        ("¿Qué pasó? «Nada» – dijo… “así” ﬁn ｆ", "¿Qué pasó? «Nada» – dijo… “así” ﬁn ｆ"),
        ("", ""),
    ],
)
def test_entities_are_resolved_and_the_authors_marks_stay(written: str, meant: str) -> None:
    assert mend(written) == meant


def test_invisible_characters_decomposed_ones_and_line_ends_are_stored_as_they_come(read: Reader) -> None:
    text = unicodedata.normalize("NFD", TEXT) + "\r\n\r\nTu\u00adcu\u200bmán pide agua.\ufeff"
    articulo = read("a.json", json.dumps({"contenido_texto": text, "titular": "Riego"})).articulo
    assert articulo.contenido_texto == text


def test_a_text_with_windows_line_ends_has_its_header(read: Reader) -> None:
    articulo = read("a.txt", f"Titular: {TITLE}\r\nMedio: La Señal\r\n\r\n{TEXT}\r\n\r\nFin.\r\n").articulo
    assert (articulo.titular, articulo.medio) == (TITLE, "La Señal")
    assert articulo.contenido_texto == f"{TEXT}\n\nFin.\n"


def test_a_text_without_a_header_is_whole(read: Reader) -> None:
    articulo = read("a.txt", f"Dijo: nada\n\n{TEXT}").articulo
    assert articulo.contenido_texto == f"Dijo: nada\n\n{TEXT}"
    assert articulo.titular == "Dijo: nada"
    assert articulo.derivado["titular"]


def test_not_a_number_says_nothing(read: Reader) -> None:
    body = f'{{"text": "{TEXT}", "title": NaN, "author": NaN, "date": NaN, "views": Infinity}}'
    articulo = read("a.json", body).articulo
    assert (articulo.titular, articulo.autor, articulo.fecha_publicacion) == (None, None, None)
    assert "views" not in articulo.metadata


def test_damaged_bytes_are_named_as_such(read: Reader) -> None:
    articulo = read("a.txt", (TEXT * 3).encode() + b"\xff").articulo
    assert "1 bytes dañados" in articulo.avisos[0]


def test_a_slow_codec_is_not_taken_at_its_word() -> None:
    # Python's punycode takes minutes for what is decoded here at once.
    body = b'<meta charset="punycode">' + ("la señora " * 30_000).encode("cp1252")
    assert decode_html(body, "x").encoding == "cp1252"


def test_the_text_of_another_shape_is_mended_too(read: Reader) -> None:
    shapes = choose_shapes(None, ("contenido_texto=nota",))
    assert (
        "España"
        in read("a.json", json.dumps({"nota": f"{TEXT} Espa&ntilde;a"}), shapes).articulo.contenido_texto
    )
