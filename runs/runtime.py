"""The one place that builds settings, engine and store. Tasks get them here; tests put their fakes in here.

A process has one engine and one store. Both keep separate connections for each event loop.
"""

import logging
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from newsroom.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsroom.engines.base import Engine
    from newsroom.engines.groq.gate import Admission
    from newsroom.store.base import Store

_replaced: dict[str, object] = {}


@cache
def settings() -> Settings:
    """Returns the settings of this process. The first call reads them and sets up the log."""
    chosen = Settings()
    # Prefect shows log lines of newsroom on the run's page; without this line, only warnings.
    logging.getLogger("newsroom").setLevel(logging.INFO)
    if chosen.log_json:
        from runs.log_fields import add_log_fields

        add_log_fields()
    return chosen


def check_engine(chosen: Settings) -> None:
    """Refuses settings with which no engine can be built, before anything runs.

    Raises:
        InvalidInput: Groq is asked for and there is no key.
    """
    from newsroom.errors import InvalidInput

    if chosen.engine_in_use == "groq" and chosen.groq_api_key is None:
        raise InvalidInput("NOTICIAS_ENGINE=groq needs GROQ_API_KEY (or use NOTICIAS_ENGINE=local)", "engine")


def build_engine(chosen: Settings) -> "Engine":
    """Returns the engine that these settings name.

    Raises:
        InvalidInput: Groq is asked for and there is no key.
    """
    if chosen.engine_in_use == "local":
        from newsroom.engines.local import LocalEngine

        return LocalEngine()
    from newsroom.engines.groq import GroqEngine

    check_engine(chosen)
    assert chosen.groq_api_key is not None
    return GroqEngine(
        chosen.groq_api_key,
        chosen.groq_model,
        base_url=chosen.groq_base_url,
        max_wait_s=chosen.groq_max_wait_s,
        timeout_s=chosen.groq_timeout_s,
        max_in_flight=chosen.groq_max_in_flight,
        admission=_shared_limits(chosen),
    )


def _shared_limits(chosen: Settings) -> "Admission | None":
    # Without an address, Prefect's client would start a server of its own.
    if chosen.prefect_api_url is None:
        return None
    from runs.limits import SharedLimits

    return SharedLimits()


def build_store(chosen: Settings) -> "Store":
    """Returns the store that these settings name.

    Raises:
        InvalidInput: there is no address or no key.
    """
    from newsroom.errors import InvalidInput
    from newsroom.store.supabase import SupabaseStore

    if not chosen.supabase_url or chosen.supabase_service_role_key is None:
        raise InvalidInput(
            "SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY are not both set: set both for a Supabase project, "
            "or neither, and run the noticias command, which sets them for the embedded stack",
            "supabase_url",
        )
    return SupabaseStore(chosen.supabase_url, chosen.supabase_service_role_key)


@cache
def _engine() -> "Engine":
    return build_engine(settings())


@cache
def _store() -> "Store":
    return build_store(settings())


def engine() -> "Engine":
    """Returns the engine of this process."""
    return _replaced.get("engine") or _engine()  # type: ignore[return-value]


def store() -> "Store":
    """Returns the store of this process."""
    return _replaced.get("store") or _store()  # type: ignore[return-value]


async def close() -> None:
    """Closes the connections that engine and store hold in the running event loop."""
    await store().close()
    await engine().close()


@contextmanager
def using(*, engine: "Engine | None" = None, store: "Store | None" = None) -> "Iterator[None]":
    """Makes every task of this process use the given engine and store in the block; None changes nothing."""
    before = dict(_replaced)
    _replaced.update({name: it for name, it in (("engine", engine), ("store", store)) if it is not None})
    try:
        yield
    finally:
        _replaced.clear()
        _replaced.update(before)
