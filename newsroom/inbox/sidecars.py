"""The description beside a document, which comes and leaves with it; and where a document is now."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from newsroom.documents.description import MAX_SIDECAR_BYTES, describe_document, find_sidecar
from newsroom.documents.files import SUFFIXES as DOCUMENT_ENDINGS
from newsroom.inputs import Problem
from newsroom.json_reading import NotJson, read_json
from newsroom.models.documento import Documento, FichaDocumento

_MAX_NAME_BYTES = 255
_FILE_KEY, _HASH_KEY = "archivo", "huella_archivo"


def describe(path: Path) -> Documento | Problem:
    """Returns the document in the file, with the file's name and hash in `metadata`.

    By these `find_again` finds the file after it has left the inbox.
    """
    documento = describe_document(path, {})
    if isinstance(documento, Problem):
        return documento
    known = {_FILE_KEY: path.name, _HASH_KEY: hash_of(path)}
    return documento.model_copy(update={"metadata": {**documento.metadata, **known}})


def find_again(documento: Documento, folders: Iterable[str]) -> Documento:
    """Returns the document with the path at which its file is now; as it is if the file has not moved.

    Args:
        documento: a document; only one that came by the inbox can have moved.
        folders: the names of the folders beside its own into which the inbox moves files.
    """
    wanted = documento.metadata.get(_HASH_KEY)
    if documento.ruta is None or wanted is None or os.path.lexists(documento.ruta):
        return documento
    path = Path(documento.ruta)
    numbered = re.compile(rf"(?:\d+-)?{re.escape(path.name)}")
    for folder in (path.parent.parent / name for name in folders):
        for found in sorted(folder.iterdir()) if folder.is_dir() else []:
            if numbered.fullmatch(found.name) and found.is_file() and hash_of(found) == wanted:
                return documento.model_copy(update={"ruta": str(found)})
    return documento


def hash_of(path: Path) -> str:
    """Returns `sha256:` and the hash of a file's content; of one that cannot be read, of nothing."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
    except OSError:
        pass  # whoever reads it says why it cannot be read
    return f"sha256:{digest.hexdigest()}"


def is_document(name: str) -> bool:
    """Returns whether a file's name ends as a document's does. A text or a page may still be an article."""
    return name.lower().endswith(DOCUMENT_ENDINGS)


def described_by(documents: Iterable[str]) -> set[str]:
    """Returns the names that descriptions of these documents may have."""
    return {name for document in documents for name in (f"{document}.json", f"{Path(document).stem}.json")}


def sidecar_of(document: Path) -> Path:
    """Returns the path of the description of a document that the inbox has taken."""
    named = document.with_name(f"{document.name}.json")
    return named if len(os.fsencode(named.name)) <= _MAX_NAME_BYTES else document.with_suffix(".json")


def waits_for_document(path: Path) -> bool:
    """Returns whether a .json describes a document, although none is beside it."""
    try:
        if path.suffix.lower() != ".json" or path.stat().st_size > MAX_SIDECAR_BYTES:
            return False
        said = read_json(path.read_bytes())
    except (OSError, NotJson):
        return False  # whoever reads it says what is wrong
    known = isinstance(said, dict) and said.keys() <= FichaDocumento.model_fields.keys()
    return known and not said.keys().isdisjoint({"titulo", "tipo_documento"})


def bring(document: Path, target: Path) -> Path | None:
    """Moves the description of `document` beside `target`, and returns its new path; None if there is none.

    A description that another document of the same name needs too (`ley.json` of `ley.pdf` and `ley.docx`)
    is copied.
    """
    beside = find_sidecar(document)
    if beside is None:
        return None
    goal = sidecar_of(target)
    shared = beside.name == f"{document.stem}.json" and any(
        other.stem == document.stem and other != document and is_document(other.name)
        for other in beside.parent.iterdir()
    )
    if shared:
        shutil.copy2(beside, goal)
    else:
        beside.rename(goal)
    return goal
