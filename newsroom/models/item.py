"""`Item`: what the stages read, whether it came in as an article or as a fragment of a document."""

from newsroom.models.base import Frozen, Moment


class Item(Frozen):
    """A text and what the sender says about it. What nobody says is an empty text, or None for the day.

    `contenido` is the text as received: every offset points into it. `identidad` and
    `huella_contenido` are those of the article or fragment (docs/design.md, "Done once").
    """

    identidad: str
    huella_contenido: str
    titular: str
    medio: str
    pais_publicacion: str
    fecha_publicacion: Moment | None
    contenido: str
    idioma: str = "es"
    seccion: str | None = None
    autor: str | None = None
    es_opinion: bool = False
    es_fragmento: bool = False
    avisos: tuple[str, ...] = ()
