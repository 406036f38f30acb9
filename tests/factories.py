"""The one article that tests begin with. Each test changes the fields that it is about."""

from typing import Any

from newsroom.models.articulo import Articulo

TEXTO = (
    "El Senado aprobó la ley de aguas por 29 votos contra 14, informó El Faro.\n\n"
    "“No sobra el agua”, dijo la ministra Marcela Undurraga. La ley costará 48.000 millones de pesos.\n\n"
    "El Senado volverá a reunirse en junio con Marcela Undurraga."
)


def raw_articulo(**changes: Any) -> dict[str, Any]:
    """Returns an article as a scraper sends it; a field given as `...` is left out."""
    articulo: dict[str, Any] = {
        "url": "https://ejemplo.test/ley-de-aguas",
        "medio": "El Faro",
        "pais_publicacion": "Chile",
        "tipo_medio": "diario",
        "titular": "El Senado aprueba la ley de aguas",
        "fecha_publicacion": "2024-05-15T21:40:00-04:00",
        "contenido_texto": TEXTO,
        **changes,
    }
    return {key: value for key, value in articulo.items() if value is not ...}


def make_articulo(**changes: Any) -> Articulo:
    """Returns the article of raw_articulo as the program reads it."""
    return Articulo.model_validate(raw_articulo(**changes))
