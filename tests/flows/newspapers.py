"""Local web sites with feeds for the flow that reads sources, and the table that names them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.flows.scripts import TEXTO
from tests.site import XML, Page, Site, article_page, rss

PRIVATE = "http://169.254.169.254/latest/meta-data/"


def note(number: int) -> str:
    """Returns the text of an article: what the scripted answers find, and what sets it apart."""
    return (
        f"{TEXTO}\nEsta es la nota {number:03} de la jornada, escrita en la redacción de Santiago.\n"
        "Los diputados volverán a reunirse la próxima semana para votar los artículos pendientes."
    )


def put_feed(site: Site, path: str, *numbers: int) -> None:
    """Has the site list these articles in a feed at `path`; one that has not changed says so."""
    links = [f"{site.url}/nota/{number}" for number in numbers]
    site.pages[path] = Page(rss(site.url, *links), XML, etag=f'"{path}{numbers}"')
    site.pages |= {f"/nota/{number}": Page(article_page(number, note(number))) for number in numbers}


def write_table(path: Path, site: Site, *paths: str, **about: Any) -> None:
    """Writes a table of sources at `path`, one for each path of the site."""
    outlet = {"medio": "El Sitio", "pais": "Chile", "tipo": "diario"}
    rows = [{"url": f"{site.url}{source}", **outlet, **about} for source in paths]
    path.write_text(yaml.safe_dump({"fuentes": rows}, allow_unicode=True), encoding="utf-8")


def take_for_public(address: str) -> bool:
    """Returns whether an address is this machine: for these tests it is the internet, and nothing else is."""
    return address == "127.0.0.1"


def open_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has addresses of this machine fetched as if they were public; all others stay as they are."""
    from newsroom.sources import addresses

    monkeypatch.setattr(addresses, "is_public", take_for_public)
