"""`Articulo`: an article as the scraper's connector sends it, checked before any run starts."""

import json
import unicodedata
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator

from newsroom.cleaning import clean_text
from newsroom.models.base import Frozen, Moment, reject_unstorable
from newsroom.models.form import make_form
from newsroom.models.identity import MAX_ITEM_BYTES, bound_identity, sha256_of
from newsroom.models.item import Item
from newsroom.models.vocabulario import TipoMedio

MIN_CONTENT_CHARS = 50

Required = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class Articulo(Frozen):
    """One article in the connector's wire format.

    Unknown fields are kept in `metadata`. A `tipo_medio` outside the list becomes `otro`, and the word that
    was sent is kept as `metadata.tipo_medio_original`. A date without a zone is UTC. `contenido_texto` is
    kept character by character as received, because offsets point into it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", title="Artículo", json_schema_extra=make_form)

    medio: Required = Field(title="Medio", description="Nombre del medio que publica")
    pais_publicacion: Required = Field(title="País de publicación", description="País del medio")
    tipo_medio: TipoMedio = Field(title="Tipo de medio", description="El que más se le parezca")
    titular: Required = Field(title="Titular", description="Como se publicó")
    fecha_publicacion: Moment = Field(
        title="Fecha de publicación", description="Con ella se resuelven «ayer» o «el martes»"
    )
    url: str | None = Field(default=None, title="URL", description="Identifica al artículo si la tiene")
    autor: str | None = Field(default=None, title="Autor")
    idioma: str = Field(default="es", title="Idioma", description="Código de dos letras")
    seccion: str | None = Field(default=None, title="Sección")
    etiquetas_fuente: list[str] = Field(default_factory=list, title="Etiquetas de la fuente")
    es_opinion: bool = Field(default=False, title="Es opinión")
    es_oficial: bool = Field(default=False, title="Es oficial")
    fuente: str | None = Field(default=None, title="Fuente")
    medio_url_principal: str | None = Field(default=None, title="Página del medio")
    storage_path: str | None = Field(default=None, title="Ruta del original")
    fecha_recopilacion: Moment | None = Field(default=None, title="Fecha de recopilación")
    metadata: dict[str, Any] = Field(default_factory=dict, title="Metadatos")
    contenido_html: str | None = Field(default=None, title="HTML original")
    contenido_texto: str = Field(
        title="Texto", description="El artículo entero, como se publicó; al menos 50 caracteres"
    )

    @model_validator(mode="before")
    @classmethod
    def _keep_what_is_unknown(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        reject_unstorable(data)
        known = {key: value for key, value in data.items() if key in cls.model_fields}
        metadata = known.get("metadata") or {}
        if not isinstance(metadata, dict):
            raise ValueError("metadata: must be a JSON object")
        extra = {key: value for key, value in data.items() if key not in cls.model_fields}
        tipo = known.get("tipo_medio")
        if isinstance(tipo, str):
            known["tipo_medio"] = _match_tipo_medio(tipo)
            if known["tipo_medio"] is TipoMedio.OTRO and fold_word(tipo) != TipoMedio.OTRO:
                extra.setdefault("tipo_medio_original", tipo)
        # A key that the sender put into metadata wins over an unknown field of the same name.
        known["metadata"] = {**extra, **metadata}
        for key, info in cls.model_fields.items():
            # The scraper writes null or "" for what it does not know. Then the default holds.
            blank = known.get(key, "x") is None or known.get(key) == ""
            if blank and not info.is_required():
                known.pop(key, None)
        return known

    @field_validator("url")
    @classmethod
    def _blank_url_is_none(cls, url: str | None) -> str | None:
        return (url or "").strip() or None

    @field_validator("contenido_texto")
    @classmethod
    def _long_enough(cls, texto: str) -> str:
        length = len(clean_text(texto))
        if length < MIN_CONTENT_CHARS:
            raise ValueError(f"{length} characters once cleaned, at least {MIN_CONTENT_CHARS} are needed")
        return texto

    @model_validator(mode="after")
    def _small_enough(self) -> Self:
        size = len(self.model_dump_json().encode())
        if size > MAX_ITEM_BYTES:
            raise ValueError(
                f"the article takes {size} bytes, at most {MAX_ITEM_BYTES} are allowed: "
                "process a longer text as a document"
            )
        return self

    @property
    def identidad(self) -> str:
        """The `url`. Without one, a hash of medio, titular, fecha_publicacion and contenido_texto.

        The rule: docs/design.md, "Done once".
        """
        if self.url is not None:
            return bound_identity(self.url)
        return sha256_of(self.medio, self.titular, self.fecha_publicacion.isoformat(), self.contenido_texto)

    @property
    def huella_contenido(self) -> str:
        """A hash that changes exactly when something changes that a reader or a stage sees.

        The moment of scraping, the scraper and the HTML do not count.
        """
        seen = self.model_dump(
            mode="json",
            include={
                "medio", "pais_publicacion", "tipo_medio", "titular", "fecha_publicacion", "autor",
                "idioma", "seccion", "es_opinion", "es_oficial", "contenido_texto",
            },
        )  # fmt: skip
        return sha256_of(json.dumps(seen, sort_keys=True, ensure_ascii=False))

    def to_item(self) -> Item:
        """Returns the article as the stages read it."""
        return Item(
            identidad=self.identidad,
            huella_contenido=self.huella_contenido,
            titular=self.titular,
            medio=self.medio,
            pais_publicacion=self.pais_publicacion,
            fecha_publicacion=self.fecha_publicacion,
            contenido=self.contenido_texto,
            idioma=self.idioma,
            seccion=self.seccion,
            autor=self.autor,
            es_opinion=self.es_opinion,
        )


def fold_word(word: str) -> str:
    """Returns the word without case, accents and outer space: the form in which enumerated values compare."""
    decomposed = unicodedata.normalize("NFKD", word.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_TIPOS_MEDIO = {fold_word(tipo): tipo for tipo in TipoMedio}


def _match_tipo_medio(word: str) -> TipoMedio:
    return _TIPOS_MEDIO.get(fold_word(word), TipoMedio.OTRO)
