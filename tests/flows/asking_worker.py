"""A worker process that asks Groq under the shared limits: the tests and the bench start two of them.

Arguments: what (questions or articles), how many, how many at once, the Groq server's address. It says
"ready" when everything is imported, waits for a line on standard input, and answers with a line of JSON.
"""

import asyncio
import json
import sys
import uuid
from typing import Any

KEY = "gsk-test"
MODEL = "openai/gpt-oss-120b"


async def ask_questions(engine: Any, number: int, at_once: int) -> list[str]:
    """Asks so many questions, and returns what failed."""
    from prefect.context import AsyncClientContext

    from newsroom.errors import NewsroomError
    from tests.contract.groq_fixtures import make_question

    places = asyncio.Semaphore(at_once)

    async def ask() -> str:
        async with places:
            try:
                await engine.complete(make_question())
            except NewsroomError as exc:
                return repr(exc)
            return ""

    async with AsyncClientContext.get_or_create():
        answers = await asyncio.gather(*(ask() for _ in range(number)))
    await engine.close()
    return [failure for failure in answers if failure]


async def read_articles(engine: Any, number: int, at_once: int) -> list[str]:
    """Runs the flow for so many new articles, and returns what failed."""
    from flows.items import process_all
    from newsroom.models.outcome import Outcome
    from runs import runtime
    from tests.flows.recording_store import RecordingStore
    from tests.flows.scripts import article

    failures: list[str] = []

    async def note(outcome: Outcome) -> None:
        if outcome.failure:
            failures.append(outcome.failure)

    batch = uuid.uuid4().hex
    articulos = (
        article(n, titular=f"Una reforma {batch} {n}", url=f"https://ejemplo.test/{batch}/{n}")
        for n in range(number)
    )
    with runtime.using(engine=engine, store=RecordingStore()):
        await process_all(articulos, at_once, False, note)
    return failures


def main() -> None:
    """Does what the arguments say."""
    what, number, at_once, base_url = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    from newsroom.engines.groq import GroqEngine
    from runs.limits import SharedLimits

    engine = GroqEngine(KEY, MODEL, base_url=base_url, admission=SharedLimits())
    work = read_articles if what == "articles" else ask_questions
    if what == "articles":
        import flows.article  # noqa: F401 - Prefect reads its variables and takes seconds when it is imported
    print("ready", flush=True)
    sys.stdin.readline()
    print(json.dumps(asyncio.run(work(engine, number, at_once))), flush=True)
    from noticias.leaving import send_what_waits

    send_what_waits()


if __name__ == "__main__":
    main()
