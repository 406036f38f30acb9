"""Bad input: one clear line each, and the records beside it are read."""

import json

import pytest

from tests.unit.intake.conftest import Reader

TEXT = "El Cabildo aprobó el lunes el plan de riego con nueve votos a favor y cuatro en contra."
GOOD = {"title": "Riego", "text": TEXT}

BOMB = "<!DOCTYPE {root} [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
    f"<!ENTITY {name} '{f'&{inner};' * 10}'>" for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]>"  # fmt: skip
EXTERNAL = "<!DOCTYPE {root} [<!ENTITY i SYSTEM 'file:///etc/passwd'>]>"
PARAMETER = "<!DOCTYPE {root} [<!ENTITY % i SYSTEM 'http://127.0.0.1:9/x.dtd'> %i;]>"
XML = {
    "rss": "<rss version='2.0'><channel><title>x</title><item><title>&i;</title><description>&i; {0}"
    "</description></item></channel></rss>",
    "feed": "<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><title>&i;</title>"
    "<content>&i; {0}</content></entry></feed>",
    "nitf": "<nitf><body><body.content><p>&i; {0}</p></body.content></body></nitf>",
    "newsItem": "<newsItem><contentSet><inlineData>&i; {0}</inlineData></contentSet></newsItem>",
    "NewsML": "<NewsML><NewsItem><NewsComponent><DataContent>&i; {0}</DataContent></NewsComponent>"
    "</NewsItem></NewsML>",
}


@pytest.mark.parametrize("root", XML)
@pytest.mark.parametrize("head", [BOMB, EXTERNAL, PARAMETER])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_with_entities_is_refused(read: Reader, root: str, head: str, encoding: str) -> None:
    body = (head.replace("{root}", root) + XML[root].format(TEXT)).encode(encoding)
    assert "entities or external references" in read("a.xml", body).problem


@pytest.mark.parametrize("head", [BOMB, EXTERNAL, PARAMETER])
def test_entities_of_a_page_stay_what_they_are(read: Reader, head: str) -> None:
    paragraphs = "".join(f"<p>{TEXT} Y van {n}.</p>" for n in range(5))
    page = (
        f"{head.replace('{root}', 'html')}<html><body><article>{paragraphs}<p>&i;</p></article></body></html>"
    )
    articulo = read("a.html", page).articulo
    assert "root:" not in articulo.contenido_texto
    assert len(articulo.contenido_texto) < 2 * len(paragraphs)


def test_a_document_type_of_its_own_is_no_reason_to_refuse(read: Reader) -> None:
    for head in (
        "<!DOCTYPE nitf SYSTEM 'nitf-3-6.dtd'>",
        "<!DOCTYPE nitf PUBLIC '-//IPTC//DTD NITF 3.6//EN' 'x'>",
    ):
        articulo = read("a.xml", head + XML["nitf"].replace("&i; ", "").format(TEXT)).articulo
        assert articulo.contenido_texto == TEXT


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.json", "[]", "an empty list"),
        ("a.json", "", "an empty file"),
        ("a.csv", " \r\n", "an empty file"),
        ("a.xml", "\ufeff\n", "an empty file"),
        ("a.json", "hola", "not JSON"),
        ("a.json", '{"title": "x"', "not JSON"),
        ("a.json", "[" * 100_000, "nested too deep"),
        ("a.json", '{"text": ' + "[" * 900 + f'"{TEXT}"' + "]" * 900 + "}", "too deep"),
        ("a.json", "7", "this is int"),
        ("a.json", '{"text": "corto"}', "at least 50"),
        ("a.jsonl", "oops\n", "not JSON"),
        ("a.xml", "<html><body>Inicie sesión</body></html>", "a web page, no feed"),
        ("a.xml", "<!-- <rss> --><catalog><x/></catalog>", "begins with <catalog>"),
        ("a.xml", "Error 503", "no XML"),
        ("a.xml", "<rss version='2.0'><channel><title>x</title></channel></rss>", "without entries"),
        ("a.xml", "<rss", "no feed"),
        ("a.xml", "<nitf><body>", "not XML"),
        ("a.xml", "<nitf><body/></nitf>", "no text in it"),
        ("a.xml", "<newsMessage><itemSet><packageItem/></itemSet></newsMessage>", "holds no text"),
        ("a.html", "<html><body></body></html>", "without an article"),
        ("a.html", "<", "without an article"),
        ("a.csv", f"Riego,{TEXT}\nOtro,{TEXT}\n", "no row of headings"),
        ("a.csv", f"https://a.test/1,{TEXT[:40]}\n", "no row of headings"),
        ("a.csv", "titulo\nRiego\n", "no row of headings"),
        ("a.csv", "titulo,texto\n\n", "a row of headings and no other"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "an image"),
        ("a.json", b"{" + bytes(range(256)) * 9, "binary"),
        ("a.txt", b"%PDF-1.7 ...", "a PDF"),
        ("a.txt", bytes(range(256)) * 9, "binary"),
        ("a.json.gz", b"\x1f\x8b\x08\x00oops", "broken gzip"),
        ("a.json", b"PK\x03\x04" + b"x" * 99, "a zip archive"),
        ("a.zip", b"oops", "broken archive"),
        ("a.tar.gz", b"oops", "broken archive"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(read: Reader, name: str, body: str | bytes, words: str) -> None:
    assert words in read(name, body).problem


def test_a_broken_line_leaves_the_others(read: Reader) -> None:
    lines = [json.dumps(GOOD), '{"title": "roto"', json.dumps({**GOOD, "title": "Otro"}), "[1]"]
    for name in ("a.jsonl", "a.json"):
        found = read(name, "\n".join(lines))
        assert [articulo.titular for articulo in found.articulos] == ["Riego", "Otro"]
        assert [problem.place.rpartition(":")[2] for problem in found.problems] == ["2", "4[1]"]


def test_a_list_that_breaks_off_gives_what_came_before(read: Reader) -> None:
    found = read(
        "a.json", f'[\n{json.dumps(GOOD)},\n{json.dumps({**GOOD, "title": "Otro"})},\n{{"title": "ro'
    )
    assert [articulo.titular for articulo in found.articulos] == ["Riego", "Otro"]
    assert found.problems[0].place.endswith("[3]")
    assert "the rest of the list is lost" in found.problems[0].message


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f'Roto,"{TEXT}\n', "a quote missing"),
        (f"Roto,{TEXT},sobra\n", "3 cells where the headings are 2"),
        ("Roto\n", "1 cells where the headings are 2"),
        (f'"Roto"s,{TEXT}\n', "a broken row"),
    ],
)
def test_a_broken_row_leaves_the_others(read: Reader, row: str, words: str) -> None:
    table = f'titulo,texto\nUno,"{TEXT}\n\nDos párrafos."\n{row}Tres,"{TEXT} Hoy."\n\nCuatro,{TEXT} Ayer.\n'
    found = read("a.csv", table)
    assert [articulo.titular for articulo in found.articulos] == ["Uno", "Tres", "Cuatro"]
    assert "Dos párrafos." in found.articulos[0].contenido_texto
    assert [problem.place.rpartition(":")[2] for problem in found.problems] == ["5"]
    assert words in found.problems[0].message


def test_a_table_of_broken_rows_is_given_up(read: Reader) -> None:
    found = read("a.csv", "titulo,texto\n" + "Roto\n" * 500)
    assert len(found.problems) == 101
    assert "100 broken rows" in found.problems[-1].message


def test_a_wrong_record_in_a_feed_leaves_the_others(read: Reader) -> None:
    feed = f"""<rss version="2.0"><channel><title>Hoja</title>
    <item><title>Sin texto</title><link>https://hoja.test/1</link></item>
    <item><title>Corto</title><link>https://hoja.test/2</link><description>Nada</description></item>
    <item><title>Riego</title><link>https://hoja.test/3</link><description>{TEXT}</description></item>
    </channel></rss>"""
    found = read("a.xml", feed)
    assert [articulo.titular for articulo in found.articulos] == ["Riego"]
    assert "noticias process ADDRESS" in found.problems[0].message
    assert "at least 50" in found.problems[1].message


def test_a_header_of_aliases_is_no_header(read: Reader) -> None:
    levels = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))
    articulo = read("a.md", f"---\ntitle: Riego\na0: &a0 [x, x]\n{levels}---\n\n{TEXT}\n").articulo
    assert "title" not in articulo.metadata
    assert articulo.contenido_texto.startswith("---")


def test_a_name_that_could_steer_a_terminal_does_not(read: Reader) -> None:
    problem = read("a.json", json.dumps({"a\x1b[2Jb": "x" * 300, "c\nd": 1})).problem
    assert "\x1b" not in problem
    assert "\n" not in problem
