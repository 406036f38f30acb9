"""Stage `citas_y_datos`: makes the answer out of a page's quotations and figures.

They refer to the hechos and entidades that earlier stages found.
"""

from bisect import bisect_right

from newsroom.engines.base import Material
from newsroom.engines.local.elements import page_of
from newsroom.engines.local.entities import Entity
from newsroom.engines.local.figures import Figure, find_figures
from newsroom.engines.local.geography import locate
from newsroom.engines.local.page import Page
from newsroom.engines.local.speakers import Attribution, attribute_quotes
from newsroom.language.sentences import sentence_at
from newsroom.models.extraccion import Elementos, Hecho
from newsroom.models.respuestas import CitaRespuesta, DatoRespuesta, FechaRespuesta, RespuestaCitasYDatos
from newsroom.tokens import strip_accents

_MAX_CONTEXT = 200
_TAIL_CHARS = 50


class _Linker:
    """Finds the ids that earlier stages gave to the page's entidades and hechos."""

    def __init__(self, page: Page, elementos: Elementos) -> None:
        self._page = page
        self._ids = {
            strip_accents(form): entidad.id
            for entidad in reversed(elementos.entidades)
            for form in (*entidad.alias, entidad.nombre)
        }
        # Hechos of one sentence end one after another. The first that ends after an offset holds it.
        found = sorted((end, hecho.id) for hecho in elementos.hechos if (end := self._end_of(hecho)) > 0)
        self._hechos, self._ends = found, [end for end, _ in found]

    def _end_of(self, hecho: Hecho) -> int:
        """Returns where the words of a hecho end in the page's text, -1 if they are not there."""
        tail = hecho.contenido[-_TAIL_CHARS:]
        at = self._page.text.find(tail)
        return at + len(tail) if tail and at >= 0 else -1

    def entidad(self, entity: Entity | None) -> int | None:
        if entity is None:
            return None
        return next(
            (self._ids[key] for form in entity.forms() if (key := strip_accents(form)) in self._ids), None
        )

    def hecho(self, offset: int, paragraph_too: bool = False) -> int | None:
        """Returns the hecho whose sentence holds the offset, or None.

        With `paragraph_too` it may be the hecho just before it in the paragraph.
        """
        here = sentence_at(self._page.sentences, offset)
        index = bisect_right(self._ends, offset)
        for place in (index, index - 1):
            if here is None or not 0 <= place < len(self._hechos):
                continue
            end, number = self._hechos[place]
            there = sentence_at(self._page.sentences, end - 1)
            before = paragraph_too and place < index
            if there is not None and (
                here.first == there.first or (before and here.paragraph == there.paragraph)
            ):
                return number
        return None


def answer_quotes_and_figures(material: Material) -> RespuestaCitasYDatos:
    """Returns the quotations and figures. Every `cita` and `pasaje` stands in the text verbatim."""
    page = page_of(material)
    linker = _Linker(page, material.elementos or Elementos())
    citas = [
        _state_quote(page, said, linker, number)
        for number, said in enumerate(attribute_quotes(page, material.titular), start=1)
    ]
    datos = [
        _state_figure(page, figure, linker, number)
        for number, figure in enumerate(find_figures(page), start=1)
    ]
    return RespuestaCitasYDatos(citas_textuales=citas, datos_cuantitativos=datos)


def _state_quote(page: Page, said: Attribution, linker: _Linker, number: int) -> CitaRespuesta:
    quote = said.quote
    sentence = sentence_at(page.sentences, quote.start)
    days = page.dates(sentence) if sentence is not None else []
    outside = [
        d
        for d in days
        if not quote.start <= d.start < quote.end and d.inicio == d.fin and not page.is_ahead(d.fin)
    ]
    length = quote.end - quote.start
    speaker = linker.entidad(said.entity)
    return CitaRespuesta(
        id=number,
        cita=page.text[quote.start : quote.end],
        entidad_id=speaker,
        hecho_id=linker.hecho(quote.start, True),
        fecha=outside[0].inicio.isoformat() if outside else None,
        contexto=_context(page, said),
        relevancia=min(5, 2 + (speaker is not None) + (length > 80) + (length > 200)),
    )


def _context(page: Page, said: Attribution) -> str | None:
    """Returns the words of the sentence around the quotation."""
    quote = said.quote
    sentence = sentence_at(page.sentences, quote.start)
    if sentence is None:
        return None
    before = page.text[sentence.start : max(sentence.start, quote.start - 1)].strip(' ,:“«"—')
    return before[:_MAX_CONTEXT] if len(before) > 15 else None


def _state_figure(page: Page, figure: Figure, linker: _Linker, number: int) -> DatoRespuesta:
    where = locate(page, figure.sentence)
    days = page.dates(figure.sentence)
    near = min(days, key=lambda d: (d.inicio == d.fin, abs(d.start - figure.start)), default=None)
    return DatoRespuesta(
        id=number,
        hecho_id=linker.hecho(figure.start),
        indicador=figure.indicador,
        categoria=figure.categoria,
        valor=float(figure.valor),
        unidad=figure.unidad,
        pasaje=figure.clause,
        ambito_geografico=list(where.ciudad or where.region or where.pais),
        periodo=FechaRespuesta(
            inicio=near.inicio.isoformat() if near else None, fin=near.fin.isoformat() if near else None
        ),
        tipo_periodo=figure.tipo_periodo,
        valor_anterior=float(figure.anterior) if figure.anterior is not None else None,
        variacion_absoluta=float(figure.diferencia) if figure.diferencia is not None else None,
        variacion_porcentual=float(figure.variacion) if figure.variacion is not None else None,
        tendencia=figure.tendencia,
    )
