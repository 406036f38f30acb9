"""Reading files: each format gives its text, each bad file one clear line."""

import io
import os
import random
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from newsroom.documents.files import MAX_FILE_BYTES, read_document, read_text
from newsroom.errors import InvalidInput
from newsroom.models.base import reject_unstorable


def make_pdf(*pages: str, password: str = "") -> bytes:
    writer = PdfWriter()
    for words in pages:
        page = writer.add_blank_page(300, 300)
        if words:
            font = DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Font"),
                    NameObject("/Subtype"): NameObject("/Type1"),
                    NameObject("/BaseFont"): NameObject("/Helvetica"),
                    NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
                }
            )
            fonts = DictionaryObject({NameObject("/F1"): font})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
            stream = DecodedStreamObject()
            stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode("cp1252"))
            page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password)
    body = io.BytesIO()
    writer.write(body)
    return body.getvalue()


def make_docx() -> bytes:
    document = docx.Document()
    document.add_heading("Ordenanza", 1)
    document.add_paragraph("El año empieza aquí.")
    table = document.add_table(1, 2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "concepto", "1.200"
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(words: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{words}</w:{tag}></w:r>'


def make_marked_docx() -> bytes:
    """A document with tracked changes, content controls, a text box, and a table inside a table."""
    document = docx.Document()
    document.add_paragraph("Ley", style="Title")
    cell = f"<w:tc><w:p>{run('b')}</w:p><w:tbl><w:tr><w:tc><w:p>{run('c')}</w:p></w:tc></w:tr></w:tbl></w:tc>"
    rows = (
        f"<w:tr><w:tc><w:p>{run('a')}</w:p></w:tc>{cell}</w:tr>"
        f"<w:tr><w:tc><w:p>{run('d')}</w:p></w:tc><w:tc><w:p>{run('e')}</w:p></w:tc></w:tr>"
    )
    box = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice><w:txbxContent><w:p>{run('en la caja')}</w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent><w:p>{run('en la caja')}</w:p></w:txbxContent></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    parts = [
        f"<w:p {W}>{run('uno ')}<w:ins>{run('nuevo ')}</w:ins><w:del>{run('viejo', 'delText')}</w:del>"
        f"{run('fin')}</w:p>",
        f"<w:sdt {W}><w:sdtContent><w:p>{run('controlado')}</w:p></w:sdtContent></w:sdt>",
        f"<w:p {W}>{run('ancla')}{box}</w:p>",
        f"<w:tbl {W}>{rows}</w:tbl>",
        f'<w:p {W}><w:pPr><w:outlineLvl w:val="2"/></w:pPr>{run("Capítulo")}</w:p>',
    ]
    end = document.element.body.sectPr
    for part in parts:
        end.addprevious(parse_xml(part))
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def make_package(**parts: bytes) -> bytes:
    """A Word file with some of its parts replaced, by the last word of their names."""
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_docx())) as source, zipfile.ZipFile(body, "w") as package:
        for name in source.namelist():
            package.writestr(name, parts.get(Path(name).stem, source.read(name)))
    return body.getvalue()


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    b"<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body><w:p><w:r><w:t>"
    b"&b;</w:t></w:r></w:p></w:body></w:document>"
)
WIDE_ENTITIES = ENTITIES.decode().encode("utf-16")
NO_WORDS = ENTITIES[ENTITIES.index(b"<w:doc") :].replace(b"&b;", b"")
SPANISH = "Señor, la acción de mañana. " * 9


def make_bomb() -> bytes:
    body = io.BytesIO()
    with (
        zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
        package.open("word/document.xml", "w") as entry,
    ):
        for _ in range(120):
            entry.write(bytes(1_000_000))
    return body.getvalue()


def write(folder: Path, name: str, body: bytes) -> Path:
    path = folder / name
    path.write_bytes(body)
    return path


def test_a_pdf_gives_its_text_and_where_its_pages_begin(tmp_path: Path) -> None:
    texto = read_document(
        write(tmp_path, "a.pdf", make_pdf("El agua es de todos.", "", "La tercera página."))
    )
    assert texto.texto == "El agua es de todos.\nLa tercera página."
    assert [texto.texto[page.offset_inicio :][:2] for page in texto.pages] == ["El", "La", "La"]
    assert [page.number for page in texto.pages] == [1, 2, 3]
    assert texto.advertencias == ("pdf: sin texto (¿escaneadas?): páginas 2",)


def test_a_word_document_gives_paragraphs_tables_and_headings(tmp_path: Path) -> None:
    texto = read_document(write(tmp_path, "a.docx", make_docx()))
    assert texto.texto == "Ordenanza\n\nEl año empieza aquí.\n\nconcepto | 1.200"
    assert [(heading.offset, heading.level, heading.title) for heading in texto.headings] == [
        (0, 1, "Ordenanza")
    ]


def test_a_web_page_gives_its_main_text_with_headings(tmp_path: Path) -> None:
    page = (
        "<html><body><nav>Inicio | Contacto</nav><article><h1>Ley de aguas</h1><h2>Capítulo I</h2>"
        + "<p>El <b>texto</b> de la <a href='l'>ley</a> rige.<br>Siempre.</p><ul><li>una<li>otra</ul>"
        + "<table><tr><td>a<td>1.200</table></article></body></html>"
    )
    texto = read_document(write(tmp_path, "a.html", page.encode()))
    assert texto.texto == (
        "Ley de aguas\n\nCapítulo I\n\nEl texto de la ley rige.\nSiempre.\n\n- una\n- otra\n\na | 1.200"
    )
    assert [(h.level, h.title) for h in texto.headings] == [(1, "Ley de aguas"), (2, "Capítulo I")]
    assert texto.advertencias == ()


@pytest.mark.parametrize(
    "wrapping",
    [
        ("", ""),
        ("<article>", "</article>"),
        ("<div><div class='texto'>", "</div></div>"),
        ("<main><section>", "</section></main>"),
    ],
)
def test_no_article_of_a_large_page_is_lost_whatever_it_is_wrapped_in(
    tmp_path: Path, wrapping: tuple[str, str]
) -> None:
    articles = "".join(
        f"<div><h3>Artículo {n}</h3>suelto {n}<p>El <i>plazo</i> {n} es de {n} días.</p></div>"
        for n in range(700)
    )
    page = f"<html><body><nav><a href='/'>Inicio</a></nav>{wrapping[0]}{articles}{wrapping[1]}</body></html>"
    texto = read_document(write(tmp_path, "a.html", page.encode()))
    assert (
        texto.texto.count("Artículo ")
        == texto.texto.count("suelto ")
        == texto.texto.count("El plazo ")
        == 700
    )
    assert [heading.title for heading in texto.headings] == [f"Artículo {n}" for n in range(700)]
    assert "Inicio" not in texto.texto


def test_articles_marked_each_on_its_own_are_all_read(tmp_path: Path) -> None:
    page = "".join(f"<article><h2>Base {n}</h2><p>Lo que dice la base {n}.</p></article>" for n in range(9))
    texto = read_document(write(tmp_path, "a.htm", f"<html><body>{page}</body></html>".encode()))
    assert texto.texto.count("Lo que dice") == len(texto.headings) == 9


def test_a_line_in_words_and_breaks_is_not_torn_at_what_stands_in_bold(tmp_path: Path) -> None:
    page = "".join(f"La frase <b>número {n}</b> sigue aquí.<br><br>" for n in range(900))
    texto = read_document(
        write(tmp_path, "a.html", f"<html><body><p>Antes.</p>{page}</body></html>".encode())
    )
    assert texto.texto.count("\nLa frase número ") == 900
    assert texto.texto.count(" sigue aquí.\n") >= 899


def test_a_page_that_says_its_encoding_is_read_in_it(tmp_path: Path) -> None:
    page = '<html><head><meta charset="iso-8859-1"></head><body><p>El año de la señora – sí</p></body></html>'
    texto = read_document(write(tmp_path, "a.html", page.encode("cp1252")))
    assert texto.texto == "El año de la señora – sí"
    assert texto.advertencias == ("codificación: cp1252, según declara la página",)
    declared = "<?xml version='1.0' encoding='utf-8'?><html><body><p>Así de fácil, señora.</p></body></html>"
    assert read_document(write(tmp_path, "b.html", declared.encode())).texto == "Así de fácil, señora."


def test_what_a_page_leaves_out_is_told(tmp_path: Path) -> None:
    aside = f"<div class='sidebar'>{'Otra cosa. ' * 40}</div>"
    page = f"<html><body><p>{'Lo que importa. ' * 20}</p>{aside}<p>Fin.</p></body></html>"
    texto = read_document(write(tmp_path, "a.html", page.encode()))
    assert "Otra cosa" not in texto.texto
    assert texto.advertencias == (
        "html: se tomó el 43 % del texto de la página; lo demás se tuvo por menús, avisos o formularios",
    )


def test_word_text_in_insertions_controls_boxes_and_nested_tables_is_read_and_deleted_text_is_not(
    tmp_path: Path,
) -> None:
    texto = read_document(write(tmp_path, "a.docx", make_marked_docx()))
    assert texto.texto == (
        "Ley\n\nuno nuevo fin\n\ncontrolado\n\nancla\nen la caja\n\na | b c\nd | e\n\nCapítulo"
    )
    assert [(heading.level, heading.title) for heading in texto.headings] == [(1, "Ley"), (3, "Capítulo")]


@pytest.mark.parametrize(
    ("body", "encoding", "warned"),
    [
        ("Año «nuevo» – fin.".encode(), "utf-8", False),
        ("\ufeffAño «nuevo» – fin.".encode(), "utf-8", False),
        ("Año «nuevo» – fin.".encode("utf-16"), "utf-16", True),
        (("Año «nuevo» – fin. El niño comió. " * 20).encode("cp1252"), "cp1252", True),
    ],
)
def test_the_encoding_is_found_and_said(tmp_path: Path, body: bytes, encoding: str, warned: bool) -> None:
    texto = read_document(write(tmp_path, "a.txt", body))
    assert texto.texto.startswith("Año «nuevo» – fin.")
    assert texto.codificacion == encoding
    assert bool(texto.advertencias) == warned


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    assert read_document(write(tmp_path, "a.md", b"# A\r\nb\rc\n")).texto == "# A\nb\nc\n"


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("escaneado.pdf", make_pdf("", ""), "a PDF of 2 pages without text (scanned?)"),
        ("cifrado.pdf", make_pdf("secreto", password="x"), "an encrypted PDF"),
        ("roto.pdf", b"%PDF-1.4 nada", "a broken PDF"),
        ("cortado.pdf", make_pdf("El agua")[:200], "a broken PDF"),
        ("vacio.pdf", make_pdf(), "a broken PDF (no pages)"),
        ("texto.pdf", "El año y nada más.".encode(), "a broken PDF"),
        ("roto.docx", b"PK\x03\x04 nada", "not a valid .docx"),
        ("otro.docx", b"nada", "not a valid .docx"),
        ("cortado.docx", make_docx()[:3000], "not a valid .docx"),
        ("xml.docx", make_package(document=b"<w:document"), "not a valid .docx (XMLSyntaxError)"),
        ("tipos.docx", make_package(**{"[Content_Types]": b"<a/>"}), "not a valid .docx"),
        ("entidades.docx", make_package(document=ENTITIES), "declares XML entities"),
        ("entidades16.docx", make_package(document=WIDE_ENTITIES), "declares XML entities"),
        ("cifrado.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted, or an old .doc"),
        ("bomba.docx", make_bomb(), "120000000 bytes when unpacked"),
        ("vacio.docx", make_package(document=NO_WORDS), "holds no text"),
        ("vacio.txt", b"", "an empty file"),
        ("blancos.txt", " \n\t\u200b\u00a0\n".encode(), "holds no text"),
        ("binario.txt", bytes(range(256)) * 20, "a binary file"),
        ("ancho.txt", "Año nuevo en la ciudad.".encode("utf-16-le"), "a binary file"),
        ("mitad.txt", b"\xff\xfea\x00b", "begins as utf-16"),
        ("pdf.txt", make_pdf("El agua"), "not a text file but a PDF; give it the ending .pdf"),
        ("word.md", make_docx(), "not a text file but a zip archive"),
        ("foto.html", b"\x89PNG\r\n", "not a text file but an image"),
        ("vacia.html", b"<html><body><script>1</script></body></html>", "holds no text"),
        ("texto.html", b"Solo palabras.", "no HTML in it"),
        ("libro.epub", b"x", "not one of .txt"),
        ("libro", b"x", "not one of .txt"),
        ("mal\x1b[31m.txt", b"", "mal\\x1b[31m.txt: an empty file"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_line_that_names_it(tmp_path: Path, name: str, body: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_document(write(tmp_path, name, body))
    assert words in str(caught.value)
    assert name.split("\x1b")[0] in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "grande.txt"
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(InvalidInput, match="50000001 bytes, at most 50000000; cut it into several"):
        read_document(path)


def test_what_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "carpeta.txt").mkdir()
    with pytest.raises(InvalidInput, match="a folder"):
        read_document(tmp_path / "carpeta.txt")
    with pytest.raises(InvalidInput, match="no such file"):
        read_document(tmp_path / "nada.txt")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_document(tmp_path / "na\x00da.txt")
    os.mkfifo(tmp_path / "tubo.txt")
    with pytest.raises(InvalidInput, match="not a regular file"):
        read_document(tmp_path / "tubo.txt")


@pytest.mark.parametrize(
    ("body", "encoding", "words", "warning"),
    [
        ("La canción".encode("cp1252"), "cp1252", "La canción", "no es UTF-8; se leyó como cp1252"),
        (b"x" * 300_000 + " La canción del año".encode("cp1252"), "cp1252", "La canción del año", "cp1252"),
        (SPANISH.encode("cp850"), "cp850", "Señor, la acción", "se leyó como cp850"),
        (SPANISH.encode("mac_roman"), "mac_roman", "Señor, la acción", "mac_roman"),
        ("año " .encode() * 99 + b"\xff", "utf-8", "año", "UTF-8 con 1 bytes dañados (el primero en"),
        ("Año nuevo".encode("utf-16-be").join([b"\xfe\xff", b""]), "utf-16", "Año nuevo", "según la marca"),
        (b"ley\x00 de aguas" + b" y montes" * 300, "utf-8", "ley de aguas", "se quitaron 1 caracteres"),
        (b"uno" + b" " * 5_000 + b"dos", "utf-8", "uno ", "1 espacios en blanco de más de 1000"),
    ],
)  # fmt: skip
def test_what_was_done_to_a_text_is_said(
    tmp_path: Path, body: bytes, encoding: str, words: str, warning: str
) -> None:
    texto = read_document(write(tmp_path, "a.txt", body))
    assert texto.codificacion == encoding
    assert words in texto.texto
    assert warning in texto.advertencias[0]
    reject_unstorable(texto.texto)


def test_a_text_without_a_file_is_made_storable_too() -> None:
    texto = read_text("uno\r\n\x00dos\ud83d\ude00\ud800")
    assert texto.texto == "uno\ndos😀"
    assert texto.advertencias[0].startswith("se quitaron 2 caracteres")
    with pytest.raises(InvalidInput, match="contenido_texto: holds no text"):
        read_text(" \u200b\n")


def test_markdown_headings_are_those_outside_of_code(tmp_path: Path) -> None:
    body = (
        "Uno\n===\n\ntexto\n\n## Dos ##\n```\n# no\n```\ntexto\n\nTres\n---\n\n"
        "no: \n---\n#tampoco\n\nseguido\nno\n---\n"
    )
    texto = read_document(write(tmp_path, "a.md", body.encode()))
    assert [(h.level, h.title) for h in texto.headings] == [(1, "Uno"), (2, "Dos"), (2, "Tres")]
    assert all(texto.texto[h.offset :].lstrip("# ").startswith(h.title) for h in texto.headings)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_pdf_or_word_file_gives_text_or_one_line(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for name, whole in (("a.pdf", make_pdf("El agua es de todos.", "Otra página.")), ("a.docx", make_docx())):
        body = bytearray(whole)
        for _ in range(chance.choice([1, 5, 40])):
            body[chance.randrange(len(body))] = chance.randrange(256)
        if chance.random() < 0.3:
            del body[chance.randrange(len(body)) :]
        said = outcome(write(tmp_path, name, bytes(body)))
        assert said == "read" or (name in said and said.isprintable())


def outcome(path: Path) -> str:
    """Returns "read" if a file has text, else the line that says why it has none."""
    try:
        return "read" if read_document(path).texto.strip() else "nothing"
    except InvalidInput as exc:
        return str(exc)


def test_a_pdf_that_draws_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.documents.pdf.MAX_OPERATORS", 3)
    with pytest.raises(InvalidInput, match="draws more than any document"):
        read_document(write(tmp_path, "a.pdf", make_pdf("Uno", "Dos", "Tres")))


def test_a_pdf_that_only_forbids_printing_is_read(tmp_path: Path) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(make_pdf("El agua es de todos.")))
    writer.encrypt(user_password="", owner_password="dueño")
    writer.write(tmp_path / "a.pdf")
    assert read_document(tmp_path / "a.pdf").texto == "El agua es de todos."
