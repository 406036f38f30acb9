"""The rows of the store in memory, by table, with the database's column names."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from newsroom.models.resultado import Conteos
from newsroom.names import normalize_nombre
from newsroom.store.memory_checks import Row

TABLES = (
    "articulos", "documentos_extensos", "fragmentos_extensos", "entidades", "hechos", "citas_textuales",
    "datos_cuantitativos", "entidad_articulo", "entidad_fragmento", "hecho_articulo", "hecho_entidad",
    "hecho_relacionado", "entidad_relacion", "contradicciones", "eventos_programados", "pipeline_errores",
    "consumo_etapas",
)  # fmt: skip

# What belongs to one item and goes when its extraction is replaced; what a stage cost stays.
_OF_ONE_ITEM = (
    "hechos", "citas_textuales", "datos_cuantitativos", "entidad_articulo", "entidad_fragmento",
    "hecho_articulo", "hecho_entidad", "hecho_relacionado", "entidad_relacion", "contradicciones",
    "eventos_programados",
)  # fmt: skip

_COUNTED = (
    "hechos", "citas_textuales", "datos_cuantitativos", "hecho_entidad", "hecho_relacionado",
    "entidad_relacion", "contradicciones",
)  # fmt: skip


@dataclass(frozen=True)
class ItemRef:
    """The article or fragment that rows belong to."""

    articulo_id: int | None = None
    documento_id: int | None = None
    fragmento_id: int | None = None

    @property
    def mentions(self) -> str:
        """The table that says which entidades the item names."""
        return "entidad_fragmento" if self.articulo_id is None else "entidad_articulo"

    def columns(self) -> Row:
        """Returns the ids as columns."""
        return {
            "articulo_id": self.articulo_id,
            "documento_id": self.documento_id,
            "fragmento_id": self.fragmento_id,
        }

    def owns(self, row: Row) -> bool:
        """Tells whether a row belongs to the item."""
        if self.articulo_id is not None:
            return row.get("articulo_id") == self.articulo_id
        return row.get("fragmento_id") == self.fragmento_id


class Tables:
    """Rows by table. Not safe for several threads: the store locks."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        self._last_id = dict.fromkeys(TABLES, 0)

    def insert(self, table: str, row: Row) -> Row:
        """Adds a row with the next id of its table and returns it."""
        self._last_id[table] += 1
        stored = {**row, "id": self._last_id[table]}
        self._rows[table].append(stored)
        return stored

    def find(self, table: str, **values: Any) -> Row | None:
        """Returns the newest row with these values, to be read or changed in place."""
        rows = (row for row in reversed(self._rows[table]) if values.items() <= row.items())
        return next(rows, None)

    def where(self, table: str, **values: Any) -> list[Row]:
        """Returns the rows with these values, to be read or changed in place."""
        return [row for row in self._rows[table] if values.items() <= row.items()]

    def remove_fragmento(self, row: Row) -> None:
        """Removes a fragment with everything found in it."""
        self.clear_item(ItemRef(documento_id=row["documento_id"], fragmento_id=row["id"]))
        self._rows["fragmentos_extensos"] = [
            other for other in self._rows["fragmentos_extensos"] if other["id"] != row["id"]
        ]

    def of_item(self, table: str, item: ItemRef) -> Iterator[Row]:
        """Yields the rows that belong to an item, in the order in which they were stored."""
        return (row for row in self._rows[table] if item.owns(row))

    def each(self, table: str) -> Iterator[Row]:
        """Yields the rows themselves, in the order in which they were stored."""
        return iter(self._rows[table])

    def copies(self, table: str) -> tuple[Row, ...]:
        """Returns copies of all rows, in the order in which they were stored."""
        return tuple(copy.deepcopy(self._rows[table]))

    def sizes(self) -> dict[str, int]:
        """Returns the number of rows of each table."""
        return {name: len(rows) for name, rows in self._rows.items()}

    def clear_item(self, item: ItemRef) -> None:
        """Removes everything found in an item; its entidades stay, others may name them."""
        for name in _OF_ONE_ITEM:
            self._rows[name] = [row for row in self._rows[name] if not item.owns(row)]

    def count(self, item: ItemRef) -> Conteos:
        """Returns how many rows belong to an item."""
        counts = {name: sum(1 for _ in self.of_item(name, item)) for name in _COUNTED}
        return Conteos(entidades=sum(1 for _ in self.of_item(item.mentions, item)), **counts)

    def count_new_entidades(self, item: ItemRef) -> int:
        """Returns how many entidades the item brought in."""
        return sum(row["es_nueva"] for row in self.of_item(item.mentions, item))

    def upsert_entidad(self, received: Row, made_by: Row) -> tuple[Row, bool]:
        """Returns the row that linking found or that has this (tipo, normalized nombre), and if it is new.

        A row that was there keeps what it says; what it lacks, names included, is filled in.
        """
        tipo, key = received["tipo"], normalize_nombre(received["nombre"])
        row = self.find("entidades", id=received.get("db_id"), tipo=tipo)
        row = row or self.find("entidades", tipo=tipo, nombre_normalizado=key)
        is_new = row is None
        while row is not None and row.get("fusionada_en_id") is not None:
            row = self.find("entidades", id=row["fusionada_en_id"])
        if row is None:
            row = self.insert(
                "entidades",
                {"nombre": received["nombre"], "tipo": tipo, "nombre_normalizado": key, "alias": [],
                 "descripcion": None, "fecha_nacimiento": None, "fecha_disolucion": None, "metadata": {},
                 "relevancia": received.get("relevancia") or 5, "fusionada_en_id": None, **made_by},
            )  # fmt: skip
        for column in ("descripcion", "fecha_nacimiento", "fecha_disolucion", "metadata"):
            row[column] = row[column] or received.get(column) or row[column]
        _join_alias(row, [received["nombre"], *(received.get("alias") or [])])
        return row, is_new


def _join_alias(row: Row, names: list[str]) -> None:
    known = {row["nombre_normalizado"], *(normalize_nombre(alias) for alias in row["alias"])}
    for name in sorted(names):
        if name.strip() and normalize_nombre(name) not in known:
            known.add(normalize_nombre(name))
            row["alias"] = [*row["alias"], name]


def now() -> str:
    """Returns this moment as the database's JSON has it."""
    return datetime.now(UTC).isoformat()
