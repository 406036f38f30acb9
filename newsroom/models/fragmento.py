"""`Fragmento`: a passage of a long document, in the wire format of the old service's second door."""

import hashlib
from datetime import UTC, datetime, time
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from newsroom.cleaning import clean_text
from newsroom.models.base import Frozen, reject_unstorable
from newsroom.models.documento import FichaDocumento
from newsroom.models.form import make_form
from newsroom.models.identity import MAX_ITEM_BYTES, bound_identity
from newsroom.models.item import Item
from newsroom.models.vocabulario import TipoDocumento

MIN_REVIEWED_CHARS = 50
_MAX_DIGITS = 10
# Fragments without an order come after those that have one. No two of them may get the same place.
UNORDERED = 2**30
_PLACE = ("titulo_seccion", "pagina_inicio", "pagina_fin", "offset_inicio", "offset_fin")

Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]


class Fragmento(Frozen):
    """One fragment. `texto_original` is kept character by character, because offsets point into it.

    Without `documento`, the document is the one with the title `metadata_adicional.titular`, else
    `id_articulo_fuente`. Unknown fields are kept in `metadata_adicional`. Its titulo_seccion, pagina_inicio,
    pagina_fin, offset_inicio and offset_fin go into the fragment's columns.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", json_schema_extra=make_form)

    id_fragmento: Id = Field(
        title="Identificador", description="El mismo dentro del documento es el mismo fragmento"
    )
    id_articulo_fuente: Id = Field(title="Documento de origen", description="Identificador del documento")
    orden_en_articulo: int | None = Field(
        default=None, ge=0, le=2**31 - 1, title="Orden en el documento", description="El primero es el 0"
    )
    documento: FichaDocumento | None = Field(
        default=None, title="Datos del documento", description="Lo que se sabe de él"
    )
    huella_documento: str | None = Field(
        default=None, title="Huella del documento", description="Cambia con el texto entero"
    )
    metadata_adicional: dict[str, Any] = Field(
        default_factory=dict,
        title="Metadatos",
        description="titular, medio, titulo_seccion, pagina_inicio, pagina_fin y lo que se quiera guardar",
    )
    texto_original: str = Field(title="Texto", description="El fragmento, como está en el documento")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        reject_unstorable(data)
        known = {key: value for key, value in data.items() if key in cls.model_fields}
        metadata = known.get("metadata_adicional") or {}
        if not isinstance(metadata, dict):
            raise ValueError("metadata_adicional: must be a JSON object")
        extra = {str(key): value for key, value in data.items() if key not in cls.model_fields}
        return known | {"metadata_adicional": {**extra, **metadata}}

    @model_validator(mode="after")
    def _readable(self) -> Self:
        length = len(clean_text(self.texto_original))
        if length == 0:
            raise ValueError("texto_original: it holds no readable text")
        if self.metadata_adicional.get("requiere_revision_especial") is True and length < MIN_REVIEWED_CHARS:
            raise ValueError(
                f"texto_original: {length} characters once cleaned, at least {MIN_REVIEWED_CHARS} are needed "
                "where metadata_adicional.requiere_revision_especial is true"
            )
        first, last = (_read_number(self.metadata_adicional, key) for key in _PLACE[-2:])
        if last is not None and last <= (first or 0):
            raise ValueError(f"metadata_adicional.offset_fin: {last} must be greater than offset_inicio")
        for key in _PLACE[1:-2]:
            _read_number(self.metadata_adicional, key)
        size = len(self.model_dump_json().encode())
        if size > MAX_ITEM_BYTES:
            raise ValueError(
                f"the fragment takes {size} bytes, at most {MAX_ITEM_BYTES} are allowed: cut it into several"
            )
        return self

    @property
    def ficha(self) -> FichaDocumento:
        """What is known about the fragment's document."""
        if self.documento is not None:
            return self.documento
        titular = self.metadata_adicional.get("titular")
        return FichaDocumento(
            titulo=titular if isinstance(titular, str) and titular.strip() else self.id_articulo_fuente,
            tipo_documento=TipoDocumento.OTRO,
            autor=str(self.metadata_adicional.get("medio") or "") or None,
            url=self.id_articulo_fuente,
        )

    @property
    def identidad(self) -> str:
        """The document's identity together with the fragment's own id within the document."""
        return bound_identity(f"{self.ficha.identidad}#{self.id_fragmento}")

    @property
    def titulo_seccion(self) -> str | None:
        """The title of the section that holds the fragment."""
        title = self.metadata_adicional.get("titulo_seccion")
        return title.strip()[:1000] or None if isinstance(title, str) else None

    @property
    def huella_contenido(self) -> str:
        """A hash that changes exactly when something changes that a reader or a stage sees."""
        return self.ficha.fingerprint_with(self.titulo_seccion or "", self.texto_original)

    def place(self) -> dict[str, Any]:
        """Returns the fragment's place in the document, under the names of its columns."""
        first = _read_number(self.metadata_adicional, "pagina_inicio")
        last = _read_number(self.metadata_adicional, "pagina_fin")
        return {
            "indice_secuencial": self._order(),
            "titulo_seccion": self.titulo_seccion,
            "num_pagina_inicio": first if first is not None else last,
            "num_pagina_fin": max(first or 0, last) if last is not None else first,
            "offset_inicio": _read_number(self.metadata_adicional, "offset_inicio"),
            "offset_fin": _read_number(self.metadata_adicional, "offset_fin"),
        }

    def _order(self) -> int:
        if self.orden_en_articulo is not None:
            return self.orden_en_articulo
        digest = hashlib.sha256(self.id_fragmento.encode()).digest()
        return UNORDERED + int.from_bytes(digest[:4], "big") % UNORDERED

    def to_item(self) -> Item:
        """Returns the fragment as the stages read it."""
        ficha = self.ficha
        day = ficha.fecha_publicacion
        return Item(
            identidad=self.identidad,
            huella_contenido=self.huella_contenido,
            titular=ficha.titulo,
            medio=ficha.autor or ficha.tipo_documento.value,
            pais_publicacion=ficha.pais_publicacion,
            fecha_publicacion=datetime.combine(day, time(), UTC) if day else None,
            contenido=self.texto_original,
            idioma=ficha.idioma,
            seccion=self.titulo_seccion,
            autor=ficha.autor,
            es_fragmento=True,
        )


def _read_number(metadata: dict[str, Any], key: str) -> int | None:
    value = metadata.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value.strip()) <= _MAX_DIGITS and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError(f"metadata_adicional.{key}: not a whole number from 0: {str(value)[:40]!r}")
    return value
