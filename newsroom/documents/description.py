"""What a person says about a document besides its file: options, or a `.json` of the same name beside it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsroom.inputs import Problem, describe, printable
from newsroom.json_reading import NotJson, read_json
from newsroom.models.documento import Documento
from newsroom.models.identity import sha256_of
from newsroom.models.vocabulario import TipoDocumento

MAX_SIDECAR_BYTES = 200_000


def describe_document(path: Path, given: dict[str, Any]) -> Documento | Problem:
    """Returns the document in the file at `path`, or one line that says what is wrong with its description.

    The sidecar of `ley.pdf` is `ley.json` or `ley.pdf.json`. `given` (field -> value, None if not given) wins
    over it. A document without a title is named after its file. A document without a kind is `otro`. Files in
    other folders and of other formats may have the same name, so without a title a hash of the file's path
    becomes the `distintivo` that sets the document apart.
    """
    place = printable(str(path))
    beside = _read_sidecar(path)
    if isinstance(beside, Problem):
        return beside
    named = beside | {name: value for name, value in given.items() if value is not None}
    said = {"titulo": path.stem, "tipo_documento": TipoDocumento.OTRO.value} | named
    if named.get("titulo") is None:
        said.setdefault("distintivo", sha256_of(path.absolute().as_uri()))
    try:
        return Documento(**{**said, "ruta": str(path.absolute())})
    except ValidationError as exc:
        from_beside = {name for name in beside if given.get(name) is None}
        return _explain(exc, path, from_beside) or Problem(place, describe(exc))


def _explain(exc: ValidationError, path: Path, from_beside: set[str]) -> Problem | None:
    """Returns what is wrong with the sidecar of `path`; None if the fault lies elsewhere.

    The file beside may be one that nobody meant as a description, so the message says what it is taken for.

    Args:
        exc: why the document was refused.
        path: the document.
        from_beside: the fields whose values are the sidecar's.
    """
    sidecar = find_sidecar(path)
    faults = [error for error in exc.errors() if error["loc"] and error["loc"][0] in from_beside]
    if sidecar is None or not faults:
        return None
    about = f"describes {path.name} and has"
    unknown = [str(error["loc"][0]) for error in faults if error["type"] == "extra_forbidden"]
    if not unknown:
        return Problem(printable(str(sidecar)), printable(f"{about} a wrong value: {describe(exc)}"))
    fields = "an unknown field" if len(unknown) == 1 else "unknown fields"
    words = f"{about} {fields}: {', '.join(unknown)}; if it is about something else, rename one of the two"
    return Problem(printable(str(sidecar)), printable(words))


def find_sidecar(path: Path) -> Path | None:
    """Returns the file that describes the document at `path`, or None."""
    for beside in (path.with_name(path.name + ".json"), path.with_suffix(".json")):
        if beside.is_file():
            return beside
    return None


def is_sidecar(path: Path, documents: Sequence[Path]) -> bool:
    """Returns whether the file at `path` only describes one of `documents`."""
    described = (path.parent, path.stem)
    return path.suffix.lower() == ".json" and any(
        described in ((document.parent, document.name), (document.parent, document.stem))
        for document in documents
    )


def _read_sidecar(path: Path) -> dict[str, Any] | Problem:
    beside = find_sidecar(path)
    if beside is None:
        return {}
    place = printable(str(beside))
    try:
        with beside.open("rb") as stream:
            body = stream.read(MAX_SIDECAR_BYTES + 1)
        if len(body) > MAX_SIDECAR_BYTES:
            return Problem(place, f"more than {MAX_SIDECAR_BYTES} bytes; a document's description is shorter")
        said = read_json(body)
    except (OSError, NotJson) as exc:
        reason = printable(str(exc).removeprefix("not JSON: "))
        return Problem(place, f"the description of {printable(path.name)} is not JSON: {reason}")
    if not isinstance(said, dict):
        return Problem(place, "the description of a document must be a JSON object")
    return {str(key): value for key, value in said.items()}
