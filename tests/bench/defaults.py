"""The same stages as a Prefect flow that sets nothing: sync, tasks submitted, no shared client."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from prefect import flow, task

from newsroom.models.articulo import Articulo
from newsroom.models.reading import Reading
from newsroom.stages import elements, linking, prepare, quotes_and_figures, relations, triage
from newsroom.stages.persistence import build_articulo_payload

ENGINE: list[Any] = []
STORE: list[Any] = []


@task
def prepare_item(item: Any) -> Any:
    return prepare.prepare(item, 12_000)


@task
def triage_item(item: Any, preparado: Any) -> Any:
    return asyncio.run(triage.triage(ENGINE[0], item, preparado))


@task
def find_elements(item: Any, trozo: Any, idioma: str) -> Any:
    return asyncio.run(elements.extract_elementos(ENGINE[0], item, trozo, idioma))


@task
def find_quotes(item: Any, trozo: Any, idioma: str, found: Any) -> Any:
    return asyncio.run(quotes_and_figures.extract_citas_y_datos(ENGINE[0], item, trozo, idioma, found))


@task
def link(found: Any) -> Any:
    return linking.link_entidades(STORE[0], found, 0.85)


@task
def relate(item: Any, idioma: str, found: Any, said: Any) -> Any:
    return asyncio.run(relations.relate(ENGINE[0], item, idioma, found, said))


@task
def store_article(articulo: Articulo, reading: Reading) -> None:
    asyncio.run(STORE[0].persist_articulo(build_articulo_payload(articulo, reading, "scripted", None)))


@flow
def read_article(articulo: Articulo) -> None:
    """Reads one article as a first Prefect flow would."""
    item = articulo.to_item()
    preparado = prepare_item.submit(item).result()
    (trozo,) = preparado.trozos
    triaje = triage_item.submit(item, preparado).result()
    found = find_elements.submit(item, trozo, preparado.idioma).result()
    enlaces = link.submit(found)
    said = find_quotes.submit(item, trozo, preparado.idioma, found).result()
    related = relate.submit(item, preparado.idioma, found, said).result()
    reading = Reading(
        preparado=preparado,
        triaje=triaje,
        elementos=found,
        citas_y_datos=said,
        relaciones=related,
        enlaces=enlaces.result(),
    )
    store_article.submit(articulo, reading).result()


def read_with_defaults(articles: list[Articulo], concurrency: int, engine: Any, store: Any) -> None:
    """Runs the flow for each article, `concurrency` at once."""
    ENGINE[:], STORE[:] = [engine], [store]
    with ThreadPoolExecutor(concurrency) as pool:
        list(pool.map(read_article, articles))
