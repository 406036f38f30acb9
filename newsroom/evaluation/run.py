"""Runs one evaluation: the stages read the gold set without Prefect, several articles at once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

from newsroom.dry_run import read_item
from newsroom.engines.base import Engine
from newsroom.errors import NewsroomError
from newsroom.evaluation.evaluacion import Consumido, Contador, Evaluacion, Fila, Prompt
from newsroom.evaluation.gold import Gold
from newsroom.evaluation.meter import MeteredEngine
from newsroom.evaluation.scoring import KINDS, Score, Tally, score_article
from newsroom.models.reading import Reading
from newsroom.prompts import fingerprint
from newsroom.settings import DEFAULT_GROQ_MODEL
from newsroom.stages.asking import INQUIRIES


@dataclass(frozen=True)
class _Read:
    gold: Gold
    reading: Reading | None
    meter: MeteredEngine
    error: str = ""


async def evaluate(
    engine: Engine, golds: Sequence[Gold], *, chunk_chars: int, concurrency: int = 8
) -> Evaluacion:
    """Returns the measures of `engine` on the gold articles.

    An article at which the engine fails is listed in `fallidos`. It counts as if nothing was found in it.

    Args:
        engine: the engine to measure.
        golds: the annotated articles.
        chunk_chars: the length of a piece of text at most, in characters.
        concurrency: how many articles are read at once.
    """
    slots = asyncio.Semaphore(concurrency)
    estimated = engine.model if engine.name == "groq" else DEFAULT_GROQ_MODEL

    async def read(gold: Gold) -> _Read:
        meter = MeteredEngine(engine, estimated)
        async with slots:
            try:
                reading = await read_item(meter, gold.esperado.articulo.to_item(), chunk_chars)
            except NewsroomError as exc:
                return _Read(gold, None, meter, f"{gold.nombre}: {type(exc).__name__}: {exc}")
        return _Read(gold, reading, meter)

    begun = perf_counter()
    done = await asyncio.gather(*(read(gold) for gold in golds))
    seconds = perf_counter() - begun
    return _sum_up(engine, done, estimated, seconds)


def _sum_up(engine: Engine, done: Sequence[_Read], estimated: str, seconds: float) -> Evaluacion:
    total = Score()
    for one in done:
        total.add(score_article(one.gold, one.reading))
        _count_kept(total, one)
    rows = [_row(kind, stage, total.tallies.get(kind, Tally())) for kind, stage in KINDS.items()]
    return Evaluacion(
        motor=engine.name,
        modelo=engine.model,
        fecha=datetime.now(UTC),
        articulos=len(done),
        caracteres=sum(len(one.gold.texto) for one in done),
        segundos=round(seconds, 2),
        fallidos=[one.error for one in done if one.error],
        prompts={
            stage: Prompt(prompt=inquiry.prompt, huella=fingerprint(inquiry.prompt))
            for stage, inquiry in INQUIRIES.items()
        },
        tabla=rows,
        contadores={
            name: Contador(aciertos=total.right[name], de=number) for name, number in sorted(total.of.items())
        },
        consumo=_consumption(done, estimated),
        advertencias={one.gold.nombre: list(one.reading.advertencias()) for one in done if one.reading},
    )


def _row(kind: str, stage: str, tally: Tally) -> Fila:
    return Fila.from_counts(kind, stage, tally.right, tally.offered, tally.expected)


def _count_kept(total: Score, one: _Read) -> None:
    """Counts the items that the engine offered, and those that the stages kept."""
    if one.reading is None:
        return
    kept = one.reading.conteos()
    for name in ("hechos", "entidades", "citas_textuales", "datos_cuantitativos"):
        total.of[f"{name}_conservados"] += one.meter.offered[name]
        total.right[f"{name}_conservados"] += getattr(kept, name)
    relations = ("hecho_entidad", "hecho_relacionado", "entidad_relacion", "contradicciones")
    total.of["relaciones_conservados"] += sum(one.meter.offered[name] for name in relations)
    total.right["relaciones_conservados"] += kept.relaciones


def _consumption(done: Sequence[_Read], estimated: str) -> Consumido:
    used: Counter[str] = Counter()
    costs = []
    for one in done:
        if one.reading is not None:
            used.update(one.reading.tokens())
            costs.append(one.reading.costo_usd())
    # A discarded article takes one question only. The others show what a whole reading takes.
    whole = [one.meter for one in done if one.meter.calls.total() > 1] or [one.meter for one in done]
    known = [cost for cost in costs if cost is not None]
    return Consumido(
        peticiones=used["peticiones"],
        tokens_entrada=used["entrada"],
        tokens_salida=used["salida"],
        tokens_cache=used["cache"],
        costo_usd=round(sum(known), 6) if known else None,
        modelo_estimado=estimated,
        articulos_enteros=len(whole),
        llamadas_por_articulo=_mean([meter.calls.total() for meter in whole]),
        llamadas_maximo=max((meter.calls.total() for meter in whole), default=0),
        tokens_prompt_por_articulo=_mean([meter.prompt_tokens for meter in whole]),
        tokens_constantes_por_articulo=_mean([meter.constant_tokens for meter in whole]),
    )


def _mean(numbers: Sequence[int]) -> float:
    return round(sum(numbers) / len(numbers), 1) if numbers else 0.0
