"""One process that reads articles in one of the ways that are compared; prints what it took as JSON.

    python -m tests.bench.client WAY FIRST COUNT CONCURRENCY

WAY is `flows` (this system, model over HTTP, rows into the database), `scripted` (this system, answers from
a script and a store that keeps nothing), `feed` (the same, where triage discards three of four articles),
`asyncio` (the same stages without Prefect), `defaults` (the same stages in a plain Prefect flow with nothing
set) or `blocking` (the old service's way: one blocking call after another).
"""

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count, cycle
from typing import Any

from newsroom.engines.base import Completion, Question
from newsroom.engines.scripted import Script, ScriptedEngine
from newsroom.models.articulo import Articulo
from tests.bench.bench import WARM_UP
from tests.flows.recording_store import RecordingStore
from tests.flows.scripts import ANSWERS, article, triage


def make_articles(first: int, count: int) -> list[Articulo]:
    """Returns articles that no cache has seen: each has a headline of its own."""
    return [article(number) for number in range(first, first + count)]


def measure(
    run: Callable[[list[Articulo]], None], first: int, number: int, warm_up: int = WARM_UP
) -> dict[str, float]:
    """Returns seconds, CPU seconds and peak MB for reading `number` articles, after some that warm up."""
    run(make_articles(first + number, warm_up))
    taken = stopwatch()
    run(make_articles(first, number))
    return taken()


def stopwatch() -> Callable[[], dict[str, float]]:
    """Returns a function that returns what this process has taken since now."""
    cpu, begun = time.process_time(), time.perf_counter()
    return lambda: {
        "seconds": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }


def measure_feed(first: int, number: int, concurrency: int) -> dict[str, float]:
    """Returns the same for a feed, and with `hundred_` before each name for its first hundred."""
    read_with_flows(make_articles(first + number, WARM_UP), concurrency)
    taken = stopwatch()
    hundred: dict[str, float] = {}
    read_with_flows(
        make_articles(first, number),
        concurrency,
        lambda done: hundred.update(taken()) if done == 100 else None,
    )
    return taken() | {f"hundred_{name}": value for name, value in hundred.items()}


def read_with_flows(
    articles: list[Articulo], concurrency: int, after: Callable[[int], None] = lambda _: None
) -> None:
    """This system's own way; `after` is told how many are done whenever one is."""
    from flows.items import process_all
    from newsroom.models.outcome import Outcome

    done = count(1)

    async def note(outcome: Outcome) -> None:
        if outcome.estado not in ("Completed", "Descartado"):
            raise RuntimeError(outcome.failure or outcome.estado)
        after(next(done))

    asyncio.run(process_all(articles, concurrency, False, note))


class PassingStore(RecordingStore):
    """Takes everything and keeps nothing: memory that grows is not its own."""

    def note(self, method: str) -> None:
        """Forgets what was noted."""
        self.calls.clear()
        self.payloads.clear()


class PassingEngine(ScriptedEngine):
    """Answers as a scripted engine does and forgets what it was asked: memory that grows is not its own."""

    async def complete(self, question: Question) -> Completion:
        """Returns what the script says."""
        self.questions.clear()
        return await super().complete(question)


def one_in_four() -> dict[str, Script]:
    """Returns answers with which triage keeps the first article of every four."""
    kept = cycle((triage(4), triage(1), triage(1), triage(1)))
    return {**ANSWERS, "triaje": lambda _: next(kept)}


@contextmanager
def scripted(answers: Mapping[str, Script] = ANSWERS) -> Iterator[tuple[ScriptedEngine, PassingStore]]:
    """An engine and a store that take no time."""
    from runs import runtime

    engine = PassingEngine(answers, parameters={"bench": os.urandom(8).hex()})
    store = PassingStore()
    with runtime.using(engine=engine, store=store):
        yield engine, store


async def read_bare(engine: Any, store: Any, articulo: Articulo) -> None:
    """The stages one after another and the row stored, with nothing around them."""
    from newsroom.models.reading import Reading
    from newsroom.stages import elements, linking, prepare, quotes_and_figures, relations
    from newsroom.stages import triage as triage_stage
    from newsroom.stages.persistence import build_articulo_payload

    item = articulo.to_item()
    if await store.find_articulo(item.identidad, item.huella_contenido) is not None:
        return
    preparado = prepare.prepare(item, 12_000)
    (trozo,) = preparado.trozos
    idioma = preparado.idioma
    triaje = await triage_stage.triage(engine, item, preparado)
    found = await elements.extract_elementos(engine, item, trozo, idioma)
    enlaces = linking.link_entidades(store, found, 0.85)
    said = await quotes_and_figures.extract_citas_y_datos(engine, item, trozo, idioma, found)
    related = await relations.relate(engine, item, idioma, found, said)
    reading = Reading(
        preparado=preparado,
        triaje=triaje,
        elementos=found,
        citas_y_datos=said,
        relaciones=related,
        enlaces=enlaces,
    )
    await store.persist_articulo(build_articulo_payload(articulo, reading, engine.name, None))


def read_with_asyncio(articles: list[Articulo], concurrency: int, engine: Any, store: Any) -> None:
    """A bare asyncio loop: what the stages themselves cost."""
    from runs import runtime

    async def run() -> None:
        places = asyncio.Semaphore(concurrency)

        async def one(articulo: Articulo) -> None:
            async with places:
                await read_bare(engine, store, articulo)

        await asyncio.gather(*[one(articulo) for articulo in articles])
        await runtime.close()

    asyncio.run(run())


def read_blocking(articles: list[Articulo], engine: Any, store: Any) -> None:
    """The old service's way: an endpoint that blocks its loop, so one article after another."""

    async def run() -> None:
        for articulo in articles:
            await read_bare(engine, store, articulo)
        await store.close()
        await engine.close()

    asyncio.run(run())


def main(way: str, first: int, number: int, concurrency: int) -> dict[str, float]:
    """Returns what the way took."""
    if way == "flows":
        from noticias.leaving import send_what_waits

        taken = measure(lambda articles: read_with_flows(articles, concurrency), first, number)
        send_what_waits()
        return taken
    if way == "blocking":
        from runs import runtime

        engine, store = runtime.engine(), runtime.store()
        return measure(lambda articles: read_blocking(articles, engine, store), first, number, 1)
    with scripted(one_in_four() if way == "feed" else ANSWERS) as (fake_engine, fake_store):
        if way == "asyncio":
            return measure(
                lambda articles: read_with_asyncio(articles, concurrency, fake_engine, fake_store),
                first,
                number,
            )
        if way == "defaults":
            from tests.bench.defaults import read_with_defaults

            return measure(
                lambda articles: read_with_defaults(articles, concurrency, fake_engine, fake_store),
                first,
                number,
            )
        from noticias.leaving import send_what_waits

        if way == "feed":
            taken = measure_feed(first, number, concurrency)
        else:
            taken = measure(lambda articles: read_with_flows(articles, concurrency), first, number)
        send_what_waits()
        return taken


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], *(int(argument) for argument in sys.argv[2:5]))))
