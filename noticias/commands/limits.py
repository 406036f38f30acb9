"""`noticias limits`: the limits of requests and tokens that all workers of one Prefect server share."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from noticias.commands.session import fail, servers

if TYPE_CHECKING:
    from prefect.client.schemas.responses import GlobalConcurrencyLimitResponse

Rpm = Annotated[int | None, typer.Option("--rpm", min=1, help="Requests a minute. [NOTICIAS_GROQ_RPM]")]
Tpm = Annotated[int | None, typer.Option("--tpm", min=1, help="Tokens a minute. [NOTICIAS_GROQ_TPM]")]


def limits(
    rpm: Rpm = None,
    tpm: Tpm = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove both limits.")] = False,
) -> None:
    """Make, change or show Groq's limits that all workers share; Prefect's UI shows them too."""
    import asyncio

    import httpx

    from newsroom.settings import Settings
    from noticias.prefect_login import explain_refusal

    if remove and (rpm or tpm):
        fail("--remove removes both limits; leave out --rpm and --tpm", 2)
    settings = Settings()
    with servers({"prefect"}):
        from runs.limits import REQUESTS, TOKENS

        wanted = {REQUESTS: rpm or settings.groq_rpm, TOKENS: tpm or settings.groq_tpm}
        try:
            lines = asyncio.run(apply_limits(dict.fromkeys(wanted) if remove else wanted, remove))
        except httpx.HTTPError as exc:
            words = (str(exc) or type(exc).__name__).splitlines()[0]
            fail(
                explain_refusal(exc)
                or f"Prefect cannot be asked: {words}; is PREFECT_API_URL right, and its server running?",
                1,
            )
    print("\n".join(lines))


async def apply_limits(per_minute: Mapping[str, int | None], remove: bool) -> list[str]:
    """Makes, changes or removes the limits, and returns a line about each.

    Args:
        per_minute: each limit's name and its number a minute; with None, the limit stays as it is.
        remove: whether to remove all of them.
    """
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    lines = []
    async with get_client() as client:
        for name, limit in per_minute.items():
            if limit is not None:
                await client.upsert_global_concurrency_limit_by_name(name, limit, limit / 60)
            try:
                if remove:
                    await client.delete_global_concurrency_limit_by_name(name)
                    lines.append(f"{name}: removed")
                else:
                    lines.append(_describe(await client.read_global_concurrency_limit_by_name(name)))
            except ObjectNotFound:
                lines.append(f"{name}: no limit")
    return lines


def _describe(limit: "GlobalConcurrencyLimitResponse") -> str:
    a_minute = f"{limit.slot_decay_per_second * 60:.6g} a minute"
    off = "" if limit.active else "; switched off"
    return f"{limit.name}: {a_minute}, at most {limit.limit} at once, {limit.active_slots} in use{off}"
