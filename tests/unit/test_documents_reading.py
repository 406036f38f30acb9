"""Reading files: each format gives its text, each bad file one clear line."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from newsroom.documents.reading import MAX_FILE_BYTES, read_document
from newsroom.errors import InvalidInput


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
    assert texto.texto == "El agua es de todos.\n\nLa tercera página.\n"
    assert [texto.texto[page.offset_inicio :][:2] for page in texto.pages] == ["El", "\nL", "La"]
    assert [page.number for page in texto.pages] == [1, 2, 3]
    assert len(PdfReader(tmp_path / "a.pdf").pages) == 3


def test_a_word_document_gives_paragraphs_tables_and_headings(tmp_path: Path) -> None:
    texto = read_document(write(tmp_path, "a.docx", make_docx()))
    assert texto.texto == "Ordenanza\n\nEl año empieza aquí.\n\nconcepto | 1.200\n\n"
    assert [(heading.offset, heading.level, heading.title) for heading in texto.headings] == [
        (0, 1, "Ordenanza")
    ]


def test_a_web_page_gives_its_main_text_with_headings(tmp_path: Path) -> None:
    page = (
        "<html><body><nav>Inicio | Contacto</nav><article><h1>Ley de aguas</h1><h2>Capítulo I</h2>"
        + "<p>El texto de la ley dice que hay que cumplirla siempre y en todo lugar.</p>" * 5
        + "</article></body></html>"
    )
    texto = read_document(write(tmp_path, "a.html", page.encode()))
    assert texto.texto.startswith("# Ley de aguas\n\n## Capítulo I\n\nEl texto de la ley")
    assert "Contacto" not in texto.texto


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
        ("escaneado.pdf", make_pdf("", ""), "2 pages without text (a scan?)"),
        ("cifrado.pdf", make_pdf("secreto", password="x"), "an encrypted PDF"),
        ("roto.pdf", b"%PDF-1.4 nada", "a broken PDF"),
        ("cortado.pdf", make_pdf("El agua")[:200], "a broken PDF"),
        ("roto.docx", b"PK\x03\x04 nada", "a broken or encrypted Word document"),
        ("otro.docx", b"nada", "a broken or encrypted Word document"),
        ("bomba.docx", make_bomb(), "unpacks to 120000000 bytes"),
        ("vacio.txt", b"", "the file is empty"),
        ("blancos.txt", b" \n\t\n", "holds no text"),
        ("binario.txt", bytes(range(256)) * 20, "a binary file"),
        ("nulo.txt", b"hola\x00", "a binary file"),
        ("vacia.html", b"<html><body><script>1</script></body></html>", "a web page without text"),
        ("libro.epub", b"x", "not one of .txt"),
    ],
)  # fmt: skip
def test_a_bad_file_is_one_line_that_names_it(tmp_path: Path, name: str, body: bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_document(write(tmp_path, name, body))
    assert words in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "grande.txt"
    with path.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(InvalidInput, match="cut it up"):
        read_document(path)


def test_what_is_not_there_or_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "carpeta.txt").mkdir()
    with pytest.raises(InvalidInput, match="a folder"):
        read_document(tmp_path / "carpeta.txt")
    with pytest.raises(InvalidInput, match="No such file"):
        read_document(tmp_path / "nada.txt")
