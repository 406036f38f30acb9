"""`Articulo`: an article as the scraper's connector sends it, checked before any run starts."""

import json
import unicodedata
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StringConstraints, field_validator, model_validator

from newsroom.cleaning import clean_text
from newsroom.models.base import DATE_PATTERN, EXAMPLE_DATE, Frozen, Moment, reject_unstorable
from newsroom.models.form import make_choice, make_form
from newsroom.models.identity import MAX_ITEM_BYTES, bound_identity, sha256_of
from newsroom.models.item import Item
from newsroom.models.vocabulario import TipoMedio

MIN_CONTENT_CHARS = 50

Line = Annotated[str, StringConstraints(strip_whitespace=True)]


class Articulo(Frozen):
    """One article in the connector's wire format. Only its text is indispensable; what is unknown is null.

    Unknown fields are kept in `metadata`. A `tipo_medio` outside the list becomes `otro`, and the word that
    was sent is kept as `metadata.tipo_medio_original`. A date without a zone is UTC. `contenido_texto` is
    kept character by character as received, because offsets point into it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", title="Artículo", json_schema_extra=make_form)

    contenido_texto: str = Field(
        title="Texto", description="El artículo entero, como se publicó; al menos 50 caracteres"
    )
    titular: Line | None = Field(default=None, title="Titular", description="Como se publicó")
    medio: Line | None = Field(default=None, title="Medio", description="Nombre del medio que publica")
    pais_publicacion: Line | None = Field(
        default=None, title="País de publicación", description="País del medio"
    )
    tipo_medio: TipoMedio | None = Field(
        default=None,
        title="Tipo de medio",
        description=f"El que más se le parezca: {', '.join(TipoMedio)}",
        json_schema_extra=make_choice(TipoMedio),
    )
    fecha_publicacion: Moment | None = Field(
        default=None,
        title="Fecha de publicación",
        description=f"Por ejemplo {EXAMPLE_DATE}. Sin ella no se resuelven «ayer» ni «el martes»",
        json_schema_extra={"pattern": DATE_PATTERN},
    )
    url: str | None = Field(default=None, title="URL", description="Identifica al artículo si la tiene")
    autor: str | None = Field(default=None, title="Autor", description="Quien lo firma")
    idioma: str = Field(default="es", title="Idioma", description="Código de dos letras")
    seccion: str | None = Field(
        default=None, title="Sección", description="La del medio: Política, Economía …"
    )
    etiquetas_fuente: list[str] = Field(
        default_factory=list, title="Etiquetas de la fuente", description="Las palabras clave del medio"
    )
    es_opinion: bool = Field(
        default=False, title="Es opinión", description="El medio lo publica como opinión"
    )
    es_oficial: bool = Field(default=False, title="Es oficial", description="Lo publica un organismo público")
    fuente: str | None = Field(default=None, title="Fuente", description="El rastreador o canal que lo trajo")
    medio_url_principal: str | None = Field(
        default=None, title="Página del medio", description="La portada; de ella se deduce el medio"
    )
    storage_path: str | None = Field(
        default=None, title="Ruta del original", description="Dónde se guarda el original"
    )
    fecha_recopilacion: Moment | None = Field(
        default=None,
        title="Fecha de recopilación",
        description="Cuándo se recogió; nunca cuenta como fecha de publicación",
        json_schema_extra={"pattern": DATE_PATTERN},
    )
    metadata: dict[str, Any] = Field(
        default_factory=dict, title="Metadatos", description="Lo demás que se sepa: un objeto JSON"
    )
    contenido_html: str | None = Field(
        default=None, title="HTML original", description="Se guarda como llegó; no se lee"
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
        if isinstance(tipo, str) and tipo.strip():
            known["tipo_medio"] = _match_tipo_medio(tipo)
            if known["tipo_medio"] is TipoMedio.OTRO and fold_word(tipo) != TipoMedio.OTRO:
                extra.setdefault("tipo_medio_original", tipo)
        # A key that the sender put into metadata wins over an unknown field of the same name.
        known["metadata"] = {**extra, **metadata}
        for key, info in cls.model_fields.items():
            # Scrapers and forms write null or "" for what they do not know. Then the default holds.
            value = known.get(key, "x")
            blank = value is None or (isinstance(value, str) and not value.strip())
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
        # Derived values do not count: a longer table of outlets must not make another article of this one.
        medio = "" if "medio" in self.derivado else self.medio or ""
        titular = "" if "titular" in self.derivado else self.titular or ""
        day = self.fecha_publicacion.isoformat() if self.fecha_publicacion else ""
        return sha256_of(medio, titular, day, self.contenido_texto)

    @property
    def derivado(self) -> dict[str, str]:
        """The fields that were derived, and the rule that gave each (`newsroom.intake.derive`)."""
        rules = self.metadata.get("derivado")
        return rules if isinstance(rules, dict) else {}

    @property
    def avisos(self) -> list[str]:
        """What an editor should know of how the article was read, in Spanish."""
        notes = self.metadata.get("avisos")
        return [str(note) for note in notes] if isinstance(notes, list) else []

    @property
    def title(self) -> str:
        """What a person knows the article by: its headline, else how its text begins."""
        return self.titular or clean_text(self.contenido_texto)[:80].partition("\n")[0] + "…"

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
            titular=self.titular or "",
            medio=self.medio or "",
            pais_publicacion=self.pais_publicacion or "",
            fecha_publicacion=self.fecha_publicacion,
            contenido=self.contenido_texto,
            idioma=self.idioma,
            seccion=self.seccion,
            autor=self.autor,
            es_opinion=self.es_opinion,
            avisos=tuple(self.avisos),
        )


def fold_word(word: str) -> str:
    """Returns the word without case, accents and outer space: the form in which enumerated values compare."""
    decomposed = unicodedata.normalize("NFKD", word.strip().casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_TIPOS_MEDIO = {fold_word(tipo): tipo for tipo in TipoMedio}


def _match_tipo_medio(word: str) -> TipoMedio:
    return _TIPOS_MEDIO.get(fold_word(word), TipoMedio.OTRO)
