"""Outlets by the domain of their pages: name, country, kind. An editor extends the table `medios.yaml`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

from newsroom.models.vocabulario import TipoMedio

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

TABLE = Path(__file__).with_name("medios.yaml")


@dataclass(frozen=True)
class Outlet:
    """What the table says of an outlet."""

    medio: str
    pais: str | None
    tipo: TipoMedio | None


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return table


@cache
def outlets() -> dict[str, Outlet]:
    """Returns the outlets by domain, as written in the table: `elpais.com`, `cnnespanol.cnn.com`."""
    found: dict[str, Outlet] = {}
    for pais, rows in _table()["medios"].items():
        for domain, row in rows.items():
            medio, tipo = (part.strip() for part in row.rsplit("|", 1))
            found[domain] = Outlet(medio, None if pais == "internacional" else pais, TipoMedio(tipo))
    return found


@cache
def country_domains() -> dict[str, str]:
    """Returns the country of each country domain of the table: `mx` -> `México`."""
    domains: dict[str, str] = _table()["dominios_de_pais"]
    return domains


@cache
def _suffixes() -> "PublicSuffixList":
    # Imported late, as few addresses need it. The list comes with the package: nothing is fetched.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList()


def host_of(url: str) -> str | None:
    """Returns the host of an address in small letters, without `www.`; None for anything that has none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    return (host or "").rstrip(".").removeprefix("www.") or None


def registrable_domain(host: str) -> str | None:
    """Returns the domain that somebody registered: `lajornada.com.mx` of `m.lajornada.com.mx`."""
    return _suffixes().privatesuffix(host)


def find_outlet(url: str) -> Outlet | None:
    """Returns the outlet of an address: of its host, or of the nearest domain above it in the table.

    An edition for one country has a line of its own, with the first part of its path: `infobae.com/peru`.
    """
    host = host_of(url)
    if host is None:
        return None
    edition = urlsplit(url if "//" in url else f"//{url}").path.strip("/").partition("/")[0].lower()
    while "." in host:
        for key in (f"{host}/{edition}", host):
            if key in outlets():
                return outlets()[key]
        host = host.partition(".")[2]
    return None


def country_of_domain(url: str) -> str | None:
    """Returns the country whose domain an address ends in; None for .com and for those sold to everybody."""
    labels = (host_of(url) or "").split(".")
    domains = country_domains()
    return domains.get(".".join(labels[-2:])) or domains.get(labels[-1])
