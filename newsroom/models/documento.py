"""`Documento`: a law, report or book, read fragment by fragment. `FichaDocumento`: it without its text."""

import json
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from newsroom.models.base import DATE_PATTERN, Frozen, parse_moment, reject_unstorable
from newsroom.models.form import make_form
from newsroom.models.identity import MAX_ITEM_BYTES, bound_identity, sha256_of
from newsroom.models.vocabulario import TipoDocumento

Required = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _parse_day(value: Any) -> Any:
    # As in an article: pydantic would read 20240514 as seconds since 1970.
    return None if value is None or value == "" else parse_moment(value).date()


Day = Annotated[date | None, BeforeValidator(_parse_day)]


class FichaDocumento(Frozen):
    """What is known about a document, without its text: it travels with each of its fragments.

    Two documents with the same `url` are the same document. Without a `url`, two documents with the same
    titulo, autor, tipo_documento and distintivo are. So a corrected edition replaces the one before it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", title="Documento", json_schema_extra=make_form)

    titulo: Required = Field(title="Título", description="Como figura en el documento")
    tipo_documento: TipoDocumento = Field(title="Tipo de documento", description="El que más se le parezca")
    autor: str | None = Field(default=None, title="Autor", description="Persona o institución que lo firma")
    fecha_publicacion: Day = Field(
        default=None,
        title="Fecha de publicación",
        description="Por ejemplo 2025-04-15. Sin ella no se resuelven fechas relativas",
        json_schema_extra={"pattern": DATE_PATTERN},
    )
    pais_publicacion: str = Field(default="", title="País", description="País en que se publica")
    idioma: str = Field(default="es", title="Idioma", description="Código de dos letras")
    url: str | None = Field(default=None, title="URL", description="Identifica al documento si la tiene")
    distintivo: str | None = Field(
        default=None,
        title="Distintivo",
        description="Lo que lo separa de otro sin URL que se llama igual; vacío si el título basta",
    )
    storage_path: str | None = Field(
        default=None, title="Ruta del original", description="Dónde se guarda el original"
    )
    metadata: dict[str, Any] = Field(
        default_factory=dict, title="Metadatos", description="Lo demás que se sepa: un objeto JSON"
    )

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, data: Any) -> Any:
        reject_unstorable(data)
        # A sender writes null for what it does not know. Then the default holds.
        return (
            {key: value for key, value in data.items() if value is not None}
            if isinstance(data, dict)
            else data
        )

    @field_validator("url", "autor", "distintivo", "storage_path")
    @classmethod
    def _blank_is_none(cls, value: str | None) -> str | None:
        return (value or "").strip() or None

    @property
    def identidad(self) -> str:
        """The `url`. Without one, a hash of titulo, autor, tipo_documento and distintivo."""
        if self.url is not None:
            return bound_identity(self.url)
        apart = [self.distintivo] if self.distintivo is not None else []
        return sha256_of(self.titulo, self.autor or "", self.tipo_documento.value, *apart)

    def fingerprint_with(self, *parts: str) -> str:
        """Returns a hash that changes with `parts` and with what a stage sees of the document."""
        seen = self.model_dump(
            mode="json",
            include={"titulo", "tipo_documento", "autor", "fecha_publicacion", "pais_publicacion"},
        )
        return sha256_of(json.dumps(seen, sort_keys=True, ensure_ascii=False), *parts)


class Documento(FichaDocumento):
    """A document to read. Its text is in the file `ruta` or in the field `contenido_texto`.

    The process that runs the flow must be able to open the file.
    """

    ruta: str | None = Field(
        default=None,
        title="Archivo",
        description="Ruta de un .txt, .md, .html, .pdf o .docx en la máquina que lo procesa",
    )
    contenido_texto: str | None = Field(
        default=None, title="Texto", description="En lugar del archivo, hasta medio megabyte"
    )

    @field_validator("ruta")
    @classmethod
    def _no_blank_path(cls, ruta: str | None) -> str | None:
        return (ruta or "").strip() or None

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        has_text = bool((self.contenido_texto or "").strip())
        if (self.ruta is None) == (not has_text):
            raise ValueError("give either ruta (a file) or contenido_texto (the text itself)")
        size = len(self.model_dump_json().encode())
        if size > MAX_ITEM_BYTES:
            raise ValueError(
                f"the document takes {size} bytes, at most {MAX_ITEM_BYTES} are allowed: "
                "put the text in a file and give its ruta"
            )
        return self

    @property
    def ficha(self) -> FichaDocumento:
        """What is known about the document, without its text."""
        return FichaDocumento(**self.model_dump(exclude={"ruta", "contenido_texto"}))
