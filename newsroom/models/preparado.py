"""What `prepare` hands to the stages."""

from newsroom.models.base import Frozen


class Trozo(Frozen):
    """A piece of a text that fits one model call.

    `offset_inicio:offset_fin` is its place in the original. `texto` is the piece, cleaned for the model.
    """

    indice: int
    offset_inicio: int
    offset_fin: int
    texto: str


class Preparado(Frozen):
    """A text cut into pieces that cover it without a gap, and the language that was detected."""

    idioma: str
    trozos: tuple[Trozo, ...]
    advertencias: tuple[str, ...] = ()
