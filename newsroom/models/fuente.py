"""`EstadoFuente`: what is known of a source since its last look, a row of the table `fuentes`."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class EstadoFuente(BaseModel):
    """A row of `fuentes`.

    `etag` and `last_modified` are those of the last look whose articles have all ended. `fallos` counts the
    looks that failed since the last good one. `leidos` and `nuevos` are the entries and the new articles of
    the last look.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: str
    etag: str | None = None
    last_modified: str | None = None
    ultima_lectura: datetime
    ultimo_exito: datetime | None = None
    proxima_lectura: datetime
    fallos: int = 0
    ultimo_error: str | None = None
    leidos: int = 0
    nuevos: int = 0
    total_nuevos: int = 0
