"""Registers with the Prefect server what can be run: the work pool and every deployment of prefect.yaml."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT

from prefect.client.schemas.actions import WorkPoolCreate
from prefect.context import AsyncClientContext
from prefect.exceptions import ObjectAlreadyExists
from prefect.workers.process import ProcessWorker

from newsroom.errors import InvalidInput
from noticias.deployed import PREFECT_YAML
from noticias.executor.catalogue import WORK_POOL


async def ensure_work_pool() -> None:
    """Makes the work pool if there is none. A pool that exists stays as people have set it."""
    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(
        name=WORK_POOL,
        type=ProcessWorker.type,
        base_job_template=template,
        description="Las corridas de la redacción; las atienden `noticias up` y `noticias worker`",
    )
    async with AsyncClientContext.get_or_create() as context:
        try:
            await context.client.create_work_pool(pool)
        except ObjectAlreadyExists:
            return


async def deploy_all() -> None:
    """Runs `prefect deploy --all`. A schedule that a person paused stays paused, because each has a slug.

    Raises:
        InvalidInput: prefect.yaml is missing, or Prefect refuses it; the message has Prefect's last line.
    """
    if not PREFECT_YAML.exists():
        raise InvalidInput(
            f"{PREFECT_YAML} is missing: run this command from a checkout, or install noticias again",
            "prefect.yaml",
        )
    deploying = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"),
        cwd=PREFECT_YAML.parent,
        env=os.environ | {"NO_COLOR": "1"},
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = await deploying.communicate()
    finally:
        if deploying.returncode is None:
            deploying.kill()
            await deploying.wait()
    if deploying.returncode:
        last = output.decode(errors="replace").strip().splitlines() or ["it said nothing"]
        raise InvalidInput(f"prefect deploy --all failed: {last[-1].strip()}", "prefect.yaml")
