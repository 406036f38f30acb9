"""Which files are to be read, and which of them are articles and which long documents."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from newsroom.documents.description import find_sidecar, is_sidecar
from newsroom.documents.files import SUFFIXES as DOCUMENT_ENDINGS
from newsroom.inputs import UnreadableInput, printable
from newsroom.intake.formats.plain import split_header

Kind = Literal["articles", "documents"]

_BARE_ENDINGS = (
    ".json", ".jsonl", ".ndjson", ".jl", ".csv", ".tsv", ".xml", ".rss", ".atom",
)  # fmt: skip
ARTICLE_ENDINGS = (
    *_BARE_ENDINGS, *(f"{ending}.gz" for ending in _BARE_ENDINGS), ".zip", ".tar", ".tar.gz", ".tgz",
)  # fmt: skip
# Files of these endings hold an article or a long document: what is in them decides.
_EITHER = (".txt", ".md", ".html", ".htm")
_LOOKED_AT = 200_000
_NEWS_PAGE = re.compile(
    r"""og:type["'][^>]{0,40}content=["']article|article:published_time"""
    r"""|["']@type["']\s*:\s*\[?\s*["'](?:\w{0,20}NewsArticle|Article|ReportageNewsArticle|BlogPosting|LiveBlogPosting)["']""",
    re.IGNORECASE,
)
# A header that says one of these is an article's.
_OF_AN_ARTICLE = {"medio", "outlet", "periódico", "periodico", "url", "enlace", "link"}
# What lies beside the texts in many folders and is about them.
_ABOUT_THE_FOLDER = {"readme", "leeme", "léeme", "license", "licence", "licencia", "changelog"}


@dataclass
class Files:
    """The files that paths name: `articles` and `documents` to be read, and what no reader knows."""

    articles: list[Path] = field(default_factory=list)
    documents: list[Path] = field(default_factory=list)
    passed_over: list[Path] = field(default_factory=list)


def find_files(paths: Iterable[Path], only: Kind | None = None) -> Files:
    """Returns the files that `paths` name, those of a folder in order of their names; `-` is standard input.

    `only` reads every text and page as this kind, and of a folder takes no other. A file that describes a
    document (`ley.json` or `ley.pdf.json` beside `ley.pdf`) is neither.

    Raises:
        UnreadableInput: a path does not exist or has an ending that nobody reads, or a folder holds nothing.
    """
    found = Files()
    for path in paths:
        if path.is_dir():
            _add_folder(path, only, found)
        elif str(path) != "-" and not path.exists():
            raise UnreadableInput(f"{printable(str(path))}: no such file or folder; check the path")
        elif (kind := kind_of(path, only)) is None:
            known = DOCUMENT_ENDINGS if only == "documents" else (*ARTICLE_ENDINGS, *DOCUMENT_ENDINGS)
            raise UnreadableInput(
                f"{printable(str(path))}: not one of {', '.join(known)}; save it in one of these formats"
            )
        else:
            _add(path, kind, found)
    found.articles = [path for path in found.articles if not is_sidecar(path, found.documents)]
    return found


def kind_of(path: Path, only: Kind | None = None) -> Kind | None:
    """Returns whether a file holds articles or a long document; None if no reader knows its ending."""
    name = path.name.lower()
    if str(path) == "-":
        return "articles"
    if name.endswith(ARTICLE_ENDINGS):
        return "articles" if only != "documents" else None
    if not name.endswith(DOCUMENT_ENDINGS):
        return None
    if not name.endswith(_EITHER):
        return "documents" if only != "articles" else None
    return only or ("articles" if holds_article(path) else "documents")


def holds_article(path: Path) -> bool:
    """Returns whether a text or a page says of itself that it is an article of an outlet.

    A text says so in its header (`Medio:`, `URL:`), a page in its metadata (`og:type`, JSON-LD). A file with
    a description beside it is a document, whatever it says.
    """
    if find_sidecar(path) is not None:
        return False
    try:
        with path.open("rb") as stream:
            head = stream.read(_LOOKED_AT).decode("utf-8", "replace")
    except OSError:
        return False  # whoever reads it says why it cannot be read
    if path.suffix.lower() in (".html", ".htm"):
        return _NEWS_PAGE.search(head) is not None
    return not split_header(head)[0].keys().isdisjoint(_OF_AN_ARTICLE)


def _add_folder(folder: Path, only: Kind | None, found: Files) -> None:
    before = len(found.articles) + len(found.documents)
    for path in sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")):
        if path.stem.lower() in _ABOUT_THE_FOLDER:
            continue
        kind = kind_of(path, only)
        if kind is not None:
            _add(path, kind, found)
        elif only is None:
            found.passed_over.append(path)
    if len(found.articles) + len(found.documents) == before:
        wanted = {"documents": DOCUMENT_ENDINGS, "articles": ARTICLE_ENDINGS}.get(
            only or "", (*ARTICLE_ENDINGS, *DOCUMENT_ENDINGS)
        )
        raise UnreadableInput(f"{printable(str(folder))}: no {', '.join(wanted)} file in this folder")


def _add(path: Path, kind: Kind, found: Files) -> None:
    (found.articles if kind == "articles" else found.documents).append(path)
