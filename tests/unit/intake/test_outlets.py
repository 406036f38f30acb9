"""The table of outlets: its form, and how an address finds its line."""

import re
from collections import Counter

import pytest

from newsroom.intake.outlets import (
    TABLE,
    country_domains,
    country_of_domain,
    find_outlet,
    host_of,
    outlets,
    registrable_domain,
)

COUNTRIES = {
    "Argentina", "Bolivia", "Chile", "Colombia", "Costa Rica", "Cuba", "Ecuador", "El Salvador", "España",
    "Guatemala", "Guinea Ecuatorial", "Honduras", "México", "Nicaragua", "Panamá", "Paraguay", "Perú",
    "Puerto Rico", "República Dominicana", "Uruguay", "Venezuela",
}  # fmt: skip


def test_the_table_covers_every_spanish_speaking_country() -> None:
    rows = Counter(outlet.pais for outlet in outlets().values())
    assert len(outlets()) >= 300
    assert set(rows) >= COUNTRIES
    assert set(country_domains().values()) >= COUNTRIES


def test_every_line_is_a_domain_once_with_a_name_and_a_kind() -> None:
    lines = re.findall(r"(?m)^    (\S+): ", TABLE.read_text(encoding="utf-8"))
    assert [line for line, times in Counter(lines).items() if times > 1] == []
    for domain, outlet in outlets().items():
        host, _, edition = domain.partition("/")
        assert re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host), domain
        assert host == host_of(f"https://{host}/"), domain
        # A government's own domain (gob.mx) is one under which others register.
        assert registrable_domain(host) or host.startswith(("gob.", "gub.")), domain
        assert edition == edition.lower()
        assert outlet.medio == outlet.medio.strip() != ""
        assert outlet.tipo is not None


@pytest.mark.parametrize(
    ("url", "medio", "pais"),
    [
        ("https://www.jornada.com.mx/2025/04/15/politica/001n1pol", "La Jornada", "México"),
        ("http://m.jornada.com.mx/nota", "La Jornada", "México"),
        ("https://cincodias.elpais.com/economia/", "Cinco Días", "España"),
        ("https://elpais.com/chile/2025-04-15/nota.html", "El País Chile", "Chile"),
        ("https://elpais.com/internacional/nota.html", "El País", "España"),
        ("https://www.elcomercio.pe:443/x", "El Comercio", "Perú"),
        ("https://www.elcomercio.com/x", "El Comercio", "Ecuador"),
        ("https://WWW.BBC.COM/mundo/nota", "BBC", None),
    ],
)
def test_an_address_finds_its_outlet(url: str, medio: str, pais: str | None) -> None:
    outlet = find_outlet(url)
    assert outlet is not None
    assert (outlet.medio, outlet.pais) == (medio, pais)


@pytest.mark.parametrize(
    "url", ["https://ejemplo.test/nota", "nota", "", "http://[", "urn:uuid:1", "https://pe/x"]
)
def test_an_unknown_address_finds_none(url: str) -> None:
    assert find_outlet(url) is None


def test_a_country_domain_names_the_country_and_a_sold_one_does_not() -> None:
    assert country_of_domain("https://radio.ejemplo.com.uy/1") == "Uruguay"
    assert country_of_domain("https://alcaldia.gov.co/1") == "Colombia"
    assert country_of_domain("https://ejemplo.co/1") is None
    assert country_of_domain("https://ejemplo.com/1") is None
