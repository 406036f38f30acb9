"""The newsroom's sources: a YAML table that an editor extends."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsroom.errors import InvalidInput
from newsroom.models.vocabulario import TipoMedio

Clase = Literal["auto", "feed", "sitemap", "wordpress", "json"]
MAX_URL_BYTES = 1_000
WORDPRESS_POSTS = "/wp-json/wp/v2/posts?per_page=50&_embed=author,wp:term"


class Fuente(BaseModel):
    """One source: an address that lists articles, and what is known of its outlet.

    What the table says of the outlet wins over what the source says: a feed is often titled «Portada».
    `cada_minutos` is how often it is looked at; a source that fails is looked at less often.
    `texto_de_la_pagina` has the page fetched even where the feed seems to have the whole text.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    clase: Clase = "auto"
    medio: str | None = Field(default=None, min_length=1)
    pais_publicacion: str | None = Field(default=None, alias="pais", min_length=1)
    tipo_medio: TipoMedio | None = Field(default=None, alias="tipo")
    cada_minutos: int = Field(default=30, ge=1, le=10_080)
    activa: bool = True
    texto_de_la_pagina: bool = False

    @field_validator("url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        url = url.strip()
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an http or https address")
        if len(url.encode()) > MAX_URL_BYTES:
            raise ValueError(f"at most {MAX_URL_BYTES} bytes")
        return url

    @property
    def address(self) -> str:
        """The address that is fetched. Of a WordPress site it is that of its newest posts."""
        if self.clase != "wordpress" or "/wp-json/" in self.url or "rest_route=" in self.url:
            return self.url
        return self.url.rstrip("/") + WORDPRESS_POSTS

    def known(self) -> dict[str, Any]:
        """Returns what the table says of the outlet, under the names of an article's fields."""
        said = self.model_dump(include={"medio", "pais_publicacion", "tipo_medio"}, mode="json")
        return {name: value for name, value in said.items() if value is not None}


def read_fuentes(path: Path) -> list[Fuente]:
    """Returns the sources of a table in its order, each address once: the first line that has it counts.

    Raises:
        InvalidInput: the table cannot be read; one line with the number of the source and the field.
    """
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise InvalidInput(f"{path}: cannot be read: {exc.strerror}", "fuentes") from exc
    except UnicodeDecodeError as exc:
        raise InvalidInput(f"{path}: not UTF-8: {exc.reason} at byte {exc.start}", "fuentes") from exc
    except yaml.YAMLError as exc:
        raise InvalidInput(f"{path}: not YAML: {' '.join(str(exc).split())[:200]}", "fuentes") from exc
    rows = table.get("fuentes") if isinstance(table, dict) else table
    if rows is None:
        return []
    if not isinstance(rows, list):
        raise InvalidInput(f"{path}: must hold a list `fuentes`, one source an item", "fuentes")
    found: dict[str, Fuente] = {}
    for number, row in enumerate(rows, start=1):
        fuente = read_fuente(row, f"{path}: source {number}")
        found.setdefault(fuente.url, fuente)
    return list(found.values())


def read_fuente(row: Any, place: str) -> Fuente:
    """Returns one source of a table: an address, or an object with `url`.

    Raises:
        InvalidInput: it is none; one line that begins with `place`.
    """
    try:
        return Fuente.model_validate({"url": row} if isinstance(row, str) else row)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_input=False)[0]
        where = "".join(f"{part}: " for part in first["loc"])
        message = first["msg"].removeprefix("Value error, ")
        raise InvalidInput(f"{place}: {where}{message}", "fuentes") from exc
