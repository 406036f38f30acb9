"""What follows from what a source says: outlet, country, kind of outlet, headline, language.

A derived field says so in `metadata.derivado`, with the rule that gave it. Nothing that the source says is
changed, and a second call changes nothing.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from newsroom.cleaning import clean_text
from newsroom.intake.outlets import country_of_domain, find_outlet, host_of, registrable_domain
from newsroom.language.detection import detect_language
from newsroom.models.articulo import Articulo

MAX_HEADLINE_CHARS = 200
# Clocks differ, and some outlets date tomorrow's paper today.
_TOLERATED = timedelta(days=1)
_READ_FOR_LANGUAGE = 4_000


def derive(articulo: Articulo) -> Articulo:
    """Returns the article with the fields that can be derived, and with warnings on a date that cannot be."""
    found: dict[str, Any] = {}
    rules: dict[str, str] = {}
    _derive_outlet(articulo, found, rules)
    if articulo.titular is None and (line := first_line(articulo.contenido_texto)) is not None:
        found["titular"], rules["titular"] = line, "primera línea del texto"
    if "idioma" not in articulo.model_fields_set:
        beginning = clean_text(articulo.contenido_texto[:_READ_FOR_LANGUAGE])
        found["idioma"], rules["idioma"] = (
            detect_language(beginning, articulo.idioma),
            "detectado en el texto",
        )
    avisos = [
        *articulo.avisos,
        *(aviso for aviso in _date_warnings(articulo) if aviso not in articulo.avisos),
    ]
    if not found and avisos == articulo.avisos:
        return articulo
    metadata = dict(articulo.metadata)
    if rules:
        metadata["derivado"] = {**articulo.derivado, **rules}
    if avisos:
        metadata["avisos"] = avisos
    return articulo.model_copy(update={**found, "metadata": metadata})


def _derive_outlet(articulo: Articulo, found: dict[str, Any], rules: dict[str, str]) -> None:
    address = articulo.url or articulo.medio_url_principal
    known = (articulo.medio, articulo.pais_publicacion, articulo.tipo_medio)
    # Most sources say all three: then the table of outlets need not be read.
    if address is None or None not in known:
        return
    outlet = find_outlet(address)
    if articulo.medio is None:
        if outlet is not None:
            found["medio"], rules["medio"] = outlet.medio, "tabla de medios"
        elif (host := host_of(address)) and (domain := registrable_domain(host)):
            found["medio"], rules["medio"] = domain, "dominio de la dirección"
    if articulo.pais_publicacion is None:
        if outlet is not None and outlet.pais is not None:
            found["pais_publicacion"], rules["pais_publicacion"] = outlet.pais, "tabla de medios"
        elif outlet is None and (country := country_of_domain(address)) is not None:
            found["pais_publicacion"], rules["pais_publicacion"] = country, "dominio de país"
    if articulo.tipo_medio is None and outlet is not None and outlet.tipo is not None:
        found["tipo_medio"], rules["tipo_medio"] = outlet.tipo, "tabla de medios"


def first_line(texto: str) -> str | None:
    """Returns the first line of a text if it is short enough for a headline and more text follows it."""
    first, _, rest = clean_text(texto).partition("\n")
    if not rest.strip() or len(first) > MAX_HEADLINE_CHARS:
        return None
    return first.lstrip("# ").strip() or None


def _date_warnings(articulo: Articulo) -> list[str]:
    published = articulo.fecha_publicacion
    if published is None:
        return []
    latest = articulo.fecha_recopilacion or datetime.now(UTC)
    if published > latest + _TOLERATED:
        return [f"fecha_publicacion: {published.date().isoformat()} es posterior al día en que se recogió"]
    return []
