"""What long documents cost: memory of the whole process, and time, for ten times the text.

The documents are invented laws, written here in each format. Every measurement of memory has a process of its
own, which reads and splits a document as the flow does.
"""

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import docx
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from newsroom.documents.files import read_document
from newsroom.documents.splitting import split_document
from tests.bench.bench import Bench

SMALL, LARGE = 40_000, 400_000
MAX_TOKENS = 3_000
ROUNDS = 3
CHILD = """
import sys
from pathlib import Path
from newsroom.documents.fragments import build_fragmentos
from newsroom.models.documento import Documento

count = 0
documento = Documento(titulo="Ley", tipo_documento="ley", ruta=sys.argv[1])
for fragmento in build_fragmentos(documento, int(sys.argv[2])):
    count += 1
# Not getrusage: its peak includes the parent's memory from before exec.
status = Path("/proc/self/status").read_text().split("VmHWM:")[1]
print(count, status.split()[0])
"""


def articles(chars: int) -> list[tuple[str, str]]:
    """Returns headings and paragraphs of a law of about `chars` characters."""
    law: list[tuple[str, str]] = []
    length = 0
    while length < chars:
        number = len(law) + 1
        sentence = f"El ayuntamiento número {number} publicará el plan en el plazo de {number} días. "
        law.append((f"Artículo {number}. Del plan {number}", sentence * 12))
        length += len(law[-1][0]) + len(law[-1][1]) + 4
    return law


def make_md(law: list[tuple[str, str]]) -> bytes:
    return "".join(f"### {title}\n\n{words}\n\n" for title, words in law).encode()


def make_txt(law: list[tuple[str, str]]) -> bytes:
    return "".join(f"{title}\n\n{words}\n\n" for title, words in law).encode()


def make_html(law: list[tuple[str, str]]) -> bytes:
    body = "".join(f"<h3>{title}</h3><p>{words}</p>" for title, words in law)
    return f"<html><body><main>{body}</main></body></html>".encode()


def make_docx(law: list[tuple[str, str]]) -> bytes:
    document = docx.Document()
    for title, words in law:
        document.add_heading(title, 3)
        document.add_paragraph(words)
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def make_pdf(law: list[tuple[str, str]]) -> bytes:
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )
    fonts = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})})
    for title, words in law:
        page = writer.add_blank_page(600, 800)
        page[NameObject("/Resources")] = fonts
        lines = [title, *(f"{sentence}." for sentence in words.split(". ") if sentence)]
        drawn = "".join(f"({line}) Tj T*\n" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 9 Tf 12 TL 20 780 Td\n{drawn}ET".encode("cp1252"))
        page[NameObject("/Contents")] = writer._add_object(stream)
    body = io.BytesIO()
    writer.write(body)
    return body.getvalue()


FORMATS: dict[str, Callable[[list[tuple[str, str]]], bytes]] = {
    "txt": make_txt,
    "md": make_md,
    "html": make_html,
    "docx": make_docx,
    "pdf": make_pdf,
}


def write_pair(folder: Path, formato: str) -> list[Path]:
    paths = [folder / f"{chars}.{formato}" for chars in (SMALL, LARGE)]
    for path, chars in zip(paths, (SMALL, LARGE), strict=True):
        path.write_bytes(FORMATS[formato](articles(chars)))
    return paths


def peak_kb(path: Path) -> tuple[int, int]:
    """Returns how many fragments a process made of a file, and its peak of resident memory in kB."""
    command = [sys.executable, "-c", CHILD, str(path), str(MAX_TOKENS)]
    count, peak = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
    return int(count), int(peak)


def measure_documents(bench: Bench) -> None:
    """Adds the lines of section 10."""
    for formato in FORMATS:
        with TemporaryDirectory() as folder:
            paths = write_pair(Path(folder), formato)
            (few, small), (many, large) = (peak_kb(path) for path in paths)
            ratio = large / small
            name = f"{formato}: peak memory, {LARGE:,} characters ({many} fragments) over {SMALL:,} ({few})"
            bench.add("10", name, f"{ratio:.2f}", "<= 1.3", ratio <= 1.3)
            _seconds(paths[0])
            short, long = (median(_seconds(path) for _ in range(ROUNDS)) for path in paths)
            growth = long / short / (LARGE / SMALL)
            name = f"{formato}: ten times the text, time over linear"
            bench.add("10", name, f"{growth:.2f}", "<= 1.2", growth <= 1.2)


def _seconds(path: Path) -> float:
    begun = perf_counter()
    split_document(read_document(path), MAX_TOKENS)
    return perf_counter() - begun
