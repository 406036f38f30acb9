"""The whole way of what a newsroom feeds in: files in, articles out; a bad one is one clear line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from newsroom.errors import InvalidInput
from newsroom.inputs import Problem, describe, printable
from newsroom.intake.decoding import mend
from newsroom.intake.derive import derive
from newsroom.intake.files import read_records
from newsroom.intake.mapping import map_record
from newsroom.intake.paths import find
from newsroom.intake.records import Record
from newsroom.intake.shapes import Shape, filled_keys, fold_keys, read_shape, recognise, shipped_shapes
from newsroom.models.articulo import Articulo

MAX_KEYS_SHOWN = 12
# The shape of a record that no table knows and of which `--map` says everything.
_ONLY_MAPPED = Shape(name="map", says="--map", recognised_by=(), fields={})
# A record with an address whose values are all shorter than this has no text anywhere.
_SHORT = 250
_MENDED = ("titular", "medio", "autor", "seccion", "contenido_texto")


@dataclass(frozen=True)
class Shapes:
    """The shapes that are known, and what a person said of them.

    `forced` is the shape that all records have; None recognises each by its keys. `mapped` are fields
    (field -> path) that are looked for before those of the shape.
    """

    known: tuple[Shape, ...] = field(default_factory=shipped_shapes)
    forced: Shape | None = None
    mapped: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """What a record says, under the names of an article's fields, before it is checked.

    `shape` is the name of the table that named them; `keys` are the record's own, for a message.
    """

    place: str
    shape: str
    fields: Mapping[str, Any]
    keys: str

    def build(self) -> Articulo | Problem:
        """Returns the article with what can be derived, or one line that says why it is none."""
        if "contenido_texto" not in self.fields:
            url = self.fields.get("url")
            return Problem(self.place, _only_address(url) if url else self._no_text())
        try:
            return derive(Articulo.model_validate(self.fields))
        except ValidationError as exc:
            return Problem(self.place, describe(exc))

    def _no_text(self) -> str:
        return f"read as {self.shape}, but there is no text in it; {self.keys}; see --shape and --map"


def choose_shapes(name: str | None, mapped: Iterable[str], folder: Path | None = None) -> Shapes:
    """Returns the shapes for `--shape NAME` and `--map FIELD=PATH`; `folder` holds an editor's own tables.

    Raises:
        InvalidInput: there is no such shape, a table cannot be read, or a `--map` is not of this form.
    """
    own = tuple(read_shape(path) for path in sorted(folder.glob("*.yaml"))) if folder else ()
    known = (*own, *shipped_shapes())
    forced = None
    if name is not None:
        forced = read_shape(Path(name)) if name.endswith((".yaml", ".yml")) else None
        forced = forced or next((shape for shape in known if shape.name == name), None)
        if forced is None:
            names = ", ".join(dict.fromkeys(shape.name for shape in known))
            raise InvalidInput(f"--shape {name}: there is none of that name; say one of {names}", "shape")
    pairs = {}
    for words in mapped:
        target, sign, path = words.partition("=")
        if not (target and sign and path):
            raise InvalidInput(f"--map {words}: write FIELD=KEY, for example titular=headline", "map")
        pairs[target.strip()] = path.strip()
    return Shapes(known, forced, pairs)


def read_articulos(files: Iterable[Path], shapes: Shapes | None = None) -> Iterator[Articulo | Problem]:
    """Yields each article of the files in their order, or what is wrong with it.

    An article whose identity and content came before in the same call is a Problem too: it is named once
    and read once.
    """
    seen: dict[tuple[str, str], str] = {}
    for path in files:
        for draft in read_drafts(path, shapes or Shapes()):
            item = draft.build() if isinstance(draft, Draft) else draft
            if isinstance(item, Articulo) and isinstance(draft, Draft):
                key = item.identidad, item.huella_contenido
                if key in seen:
                    yield Problem(draft.place, f"the same article as {seen[key]}; read once", harmless=True)
                    continue
                seen[key] = draft.place
            yield item


def read_drafts(path: Path, shapes: Shapes) -> Iterator[Draft | Problem]:
    """Yields what each record of a file says, or why nothing can be read there."""
    for record in read_records(path):
        yield from drafts_of(record, shapes)


def drafts_of(record: Record, shapes: Shapes) -> Iterator[Draft | Problem]:
    """Yields what a record says, or each record of an envelope."""
    if isinstance(record.value, Problem):
        yield record.value
        return
    value = _unwrap(record.value)
    known = _recognise(value, record, shapes)
    if known is not None:
        yield from _drafts_as(*known, record, shapes.mapped)
    elif lists := _lists_of_articles(value, shapes):
        for key, items in lists.items():
            yield from _drafts_under(key, items, record, shapes)
    elif shapes.mapped:
        yield from _drafts_as(_ONLY_MAPPED, value, record, shapes.mapped)
    else:
        yield Problem(record.place, _unknown(value))


def _drafts_as(
    shape: Shape, value: Mapping[str, Any], record: Record, mapped: Mapping[str, str]
) -> Iterator[Draft | Problem]:
    """Yields the draft of a record of a known shape; of an envelope, those of its items."""
    items = find(value, shape.items) if shape.items is not None else None
    if items is None:
        yield _draft(value, shape.with_fields(mapped), record.place, record.avisos, {})
        return
    envelope = map_record(value, Shape(name=shape.name, says="", recognised_by=(), fields=shape.envelope))
    if not items:
        yield Problem(record.place, f"read as {shape.name}, but there is no article in its list")
    for position, item in enumerate(items if isinstance(items, list) else [items], start=1):
        yield _item(item, shape.with_fields(mapped), f"{record.place}[{position}]", record, envelope.said)


def _drafts_under(key: str, items: list[Any], record: Record, shapes: Shapes) -> Iterator[Draft | Problem]:
    """Yields the drafts of a list that an object of no known shape holds under `key`."""
    for position, item in enumerate(items, start=1):
        place = f"{record.place}.{printable(key)}[{position}]"
        known = _recognise(item, record, shapes) if isinstance(item, Mapping) else None
        if known is None and isinstance(item, Mapping):
            yield Problem(place, _unknown(item))
            continue
        shape, value = known or (_ONLY_MAPPED, item)
        said = {shape.listed_under: key} if shape.listed_under else {}
        yield _item(value, shape.with_fields(shapes.mapped), place, record, said)


def _item(
    item: Any, shape: Shape, place: str, record: Record, envelope: Mapping[str, Any]
) -> Draft | Problem:
    if not isinstance(item, Mapping):
        return Problem(place, f"an article must be an object, this is {type(item).__name__}")
    return _draft(item, shape, place, record.avisos, envelope)


def _lists_of_articles(value: Mapping[str, Any], shapes: Shapes) -> dict[str, list[Any]]:
    """Returns the lists in an object that begin with a record of a known shape, by their keys."""
    return {
        key: items
        for key, items in value.items()
        if isinstance(items, list)
        and items
        and isinstance(items[0], Mapping)
        and recognise(items[0], shapes.known) is not None
    }


def _recognise(
    value: Mapping[str, Any], record: Record, shapes: Shapes
) -> tuple[Shape, Mapping[str, Any]] | None:
    """Returns the shape of a record, and the record with its keys as the shape has them; None if none fits.

    Where no table knows the keys as they are written, they are tried in small letters without accents.
    """
    named = shapes.forced
    if named is None and record.shape is not None:
        named = next(shape for shape in shapes.known if shape.name == record.shape)
    candidates = (named,) if named is not None else shapes.known
    for written in (value, fold_keys(value, keep=shapes.mapped.values())):
        if (shape := recognise(written, candidates)) is not None:
            return shape, written
    return (named, value) if named is not None else None


def _draft(
    value: Mapping[str, Any], shape: Shape, place: str, avisos: tuple[str, ...], envelope: Mapping[str, Any]
) -> Draft | Problem:
    """Returns what one record says. Where it says nothing, what the envelope says of all records counts."""
    try:
        found = map_record(value, shape)
    except RecursionError:
        return Problem(place, "nested too deep")
    fields = {**envelope, **found.said}
    own = fields.pop("metadata", None)
    # What the sender put into metadata wins over a key of the same name beside it.
    metadata = {**found.rest, **(own if isinstance(own, dict) else {} if own is None else {"metadata": own})}
    original = {}
    for name in _MENDED:
        if isinstance(fields.get(name), str) and (mended := mend(fields[name])) != fields[name]:
            original[name], fields[name] = fields[name], mended
    if original:
        metadata["original"] = original
    if notes := [*avisos, *found.avisos]:
        metadata["avisos"] = [*metadata.get("avisos", []), *notes]
    if shape.name != "conector":
        metadata["forma"] = shape.name
    return Draft(place, shape.name, {**fields, "metadata": metadata}, _keys(value))


def _unwrap(value: Mapping[str, Any]) -> Mapping[str, Any]:
    # The old connector wraps its article; a loop, because what wraps itself a thousand times is hostile.
    while set(value) == {"articulo"} and isinstance(value["articulo"], Mapping):
        value = value["articulo"]
    return value


def _only_address(url: str) -> str:
    return (
        f"an address and no text: {printable(url)}; noticias process ADDRESS reads its page, "
        "and a source those of many"
    )


def _unknown(value: Mapping[str, Any]) -> str:
    url = next((str(value[key]) for key in ("url", "link", "URL") if value.get(key)), None)
    if url is not None and all(len(str(inner)) < _SHORT for inner in value.values()):
        return _only_address(url)
    return (
        f"no known shape of an article; {_keys(value)}; say which key is the text: --map contenido_texto=KEY"
    )


def _keys(value: Mapping[str, Any]) -> str:
    keys = filled_keys(value)
    shown = ", ".join(keys[:MAX_KEYS_SHOWN]) + (", ..." if len(keys) > MAX_KEYS_SHOWN else "")
    return f"its keys are {printable(shown)}" if keys else "it has no keys with a value"
