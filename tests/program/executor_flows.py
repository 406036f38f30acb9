"""Flows that tests deploy: each does one thing to the executor that runs it."""

import asyncio
from pathlib import Path
from typing import Annotated

from prefect import flow, task
from pydantic import Field


class Gate:
    """Where runs of `waits` stand until a test lets them through; counts who is there."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.left: list[str] = []
        self.opened = asyncio.Event()

    @property
    def inside(self) -> int:
        return len(self.begun) - len(self.left)


gates: dict[str, Gate] = {}


@flow(name="prueba-espera")
async def waits(puerta: str, quien: Annotated[int, Field(ge=0)] = 0) -> str:
    gate = gates[puerta]
    gate.begun.append(str(quien))
    try:
        await gate.opened.wait()
    finally:
        gate.left.append(str(quien))
    return "hecho"


@flow(name="prueba-falla")
async def fails(con: str) -> None:
    errors: list[type[BaseException]] = [ValueError, SystemExit, KeyboardInterrupt]
    raise {error.__name__: error for error in errors}[con](con)


@task
async def step(puerta: str) -> None:
    gates[puerta].begun.append("paso")


@flow(name="prueba-pasos")
async def takes_steps(puerta: str) -> None:
    await step(puerta)
    await gates[puerta].opened.wait()
    await step(puerta)


@flow(name="prueba-archivo")
async def waits_for_file(carpeta: str) -> None:
    """Says in the folder that it has begun, and ends when there is a file `sigue`."""
    folder = Path(carpeta)
    (folder / "empezado").touch()
    while not (folder / "sigue").exists():  # noqa: ASYNC110 - told by another process
        await asyncio.sleep(0.05)


@flow(name="prueba-madre")
async def begins_another(puerta: str) -> None:
    await waits(puerta, 1)
