"""Draws who is related to whom, as an SVG that Prefect's UI shows like any image.

An image runs no script and loads nothing. Its names are escaped for XML all the same.
"""

import base64
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from xml.sax.saxutils import escape

from newsroom.models.extraccion import Elementos, Entidad, Relaciones
from newsroom.models.vocabulario import TipoEntidad
from newsroom.reporting.markdown import plain

MAX_NODES = 10
_MAX_EDGES = 24
_NAME_CHARS = 24
_WIDTH, _HEIGHT = 900, 460
_BOX_WIDTH, _BOX_HEIGHT = 176, 30
_COLOURS = {
    TipoEntidad.PERSONA: "#2a6f97",
    TipoEntidad.ORGANIZACION: "#7b4b94",
    TipoEntidad.INSTITUCION: "#52616b",
    TipoEntidad.LUGAR: "#3a7d44",
}
_OTHER_COLOUR = "#8a6d3b"


@dataclass(frozen=True)
class _Edge:
    """A line between two entidades. Without a `name`, they only take part in the same hecho."""

    origin: int
    destination: int
    name: str = ""


def draw_relations(elementos: Elementos, relaciones: Relaciones) -> str | None:
    """Returns the picture as a data URI, or None if no entidad is related to another.

    A line with a name is a relation between entidades. A dashed line joins entidades of one hecho. At most
    MAX_NODES entidades are drawn, those with the most named relations first.
    """
    edges = list(_edges(relaciones))
    nodes = _choose(elementos, edges)
    places = {entidad.id: _place(number, len(nodes)) for number, entidad in enumerate(nodes)}
    drawn = [edge for edge in edges if edge.origin in places and edge.destination in places][:_MAX_EDGES]
    if not drawn:
        return None
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" text-anchor="middle">',
        '<defs><marker id="p" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="#444"/></marker></defs>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="#fff"/>',
        *(_draw_line(edge, places) for edge in drawn),
        *(_draw_name(edge, places) for edge in drawn if edge.name),
        *(_draw_box(entidad, places[entidad.id]) for entidad in nodes),
        "</svg>",
    ]
    return "data:image/svg+xml;base64," + base64.b64encode("".join(parts).encode()).decode("ascii")


def _edges(relaciones: Relaciones) -> Iterator[_Edge]:
    """Yields the named relations, then each pair that only shares a hecho, once."""
    joined: set[frozenset[int]] = set()
    for relation in relaciones.entidad_relacion:
        pair = relation.entidad_origen_id, relation.entidad_destino_id
        joined.add(frozenset(pair))
        yield _Edge(*pair, relation.tipo_relacion.value.replace("_", " "))
    parts: dict[int, list[int]] = {}
    for part in relaciones.hecho_entidad:
        parts.setdefault(part.hecho_id, []).append(part.entidad_id)
    for members in parts.values():
        # A hecho with very many entidades says little about any pair of them.
        for pair in combinations(sorted(set(members))[:MAX_NODES], 2):
            if frozenset(pair) not in joined:
                joined.add(frozenset(pair))
                yield _Edge(*pair)


def _choose(elementos: Elementos, edges: list[_Edge]) -> list[Entidad]:
    weight: Counter[int] = Counter()
    for edge in edges:
        for end in (edge.origin, edge.destination):
            weight[end] += 1000 if edge.name else 1
    related = [entidad for entidad in elementos.entidades if weight[entidad.id]]
    return sorted(related, key=lambda entidad: -weight[entidad.id])[:MAX_NODES]


def _place(number: int, of: int) -> tuple[float, float]:
    angle = 2 * math.pi * number / max(of, 1) - math.pi
    x = _WIDTH / 2 + (_WIDTH / 2 - _BOX_WIDTH / 2 - 12) * math.cos(angle)
    y = _HEIGHT / 2 + (_HEIGHT / 2 - _BOX_HEIGHT - 12) * math.sin(angle)
    return round(x, 1), round(y, 1)


def _draw_line(edge: _Edge, places: dict[int, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[edge.origin], places[edge.destination]
    if not edge.name:
        return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#bbb" stroke-dasharray="4 4"/>'
    # The arrow ends at the border of the box, because the box covers the rest of the line.
    dx, dy = x2 - x1, y2 - y1
    shares = [half / abs(way) for half, way in ((_BOX_WIDTH / 2, dx), (_BOX_HEIGHT / 2, dy)) if way]
    cut = min([*shares, 1.0])
    x2, y2 = round(x2 - dx * cut, 1), round(y2 - dy * cut, 1)
    return f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#444" stroke-width="1.5" marker-end="url(#p)"/>'


def _draw_name(edge: _Edge, places: dict[int, tuple[float, float]]) -> str:
    (x1, y1), (x2, y2) = places[edge.origin], places[edge.destination]
    # Nearer to the origin, so that the names of a relation and of its reverse do not overlap.
    x, y = x1 + (x2 - x1) * 0.44, y1 + (y2 - y1) * 0.44
    return (
        f'<text x="{x:.1f}" y="{y - 4:.1f}" font-size="12" fill="#222" stroke="#fff" stroke-width="4" '
        f'paint-order="stroke">{escape(edge.name)}</text>'
    )


def _draw_box(entidad: Entidad, place: tuple[float, float]) -> str:
    x, y = place
    colour = _COLOURS.get(entidad.tipo, _OTHER_COLOUR)
    name = escape(plain(entidad.nombre, _NAME_CHARS))
    return (
        f'<rect x="{x - _BOX_WIDTH / 2:.1f}" y="{y - _BOX_HEIGHT / 2:.1f}" width="{_BOX_WIDTH}" '
        f'height="{_BOX_HEIGHT}" rx="5" fill="{colour}"/>'
        f'<text x="{x}" y="{y + 4.5:.1f}" font-size="13" fill="#fff">{name}</text>'
    )
