"""What every test has: a clean environment, the shared servers, and a fuse against the outside world."""

import os
import socket
import sys
import tempfile
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stack import make_database, migrated_server, postgres_server, stack_addresses

__all__ = ["make_database", "migrated_server", "postgres_server", "stack_addresses"]

_OURS = ("NOTICIAS_", "GROQ_", "SUPABASE_", "PREFECT_")
_UNIT = Path(__file__).with_name("unit")
_LOOPBACK = ("127.", "::1", "localhost")


def pytest_configure(config: pytest.Config) -> None:
    """Removes our variables from the environment, so that no test reads a person's key, address or home.

    The processes that tests start may keep compiled code. Each of them then starts a second sooner.
    The tasks read the home when they are imported, so it is set before: a folder of this process's own.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]
    home = tempfile.TemporaryDirectory(prefix="noticias-tests-")
    config.add_cleanup(home.cleanup)
    os.environ["NOTICIAS_HOME"] = home.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Has coverage measured in the unit tests only: elsewhere it is slow and adds nothing to the floor."""
    for item in items:
        if not item.path.is_relative_to(_UNIT):
            item.add_marker(pytest.mark.untraced)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Takes the tracer away from tests marked `untraced`.

    pytest-cov has a marker for it, no_cover, which does nothing in a process of pytest-xdist.
    """
    if item.get_closest_marker("untraced") is None:
        yield
        return
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)
        threading.settrace(of_threads)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps settings from reading the .env of the checkout."""
    from newsroom.settings import Settings

    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(autouse=True, scope="session")
def fuse() -> Iterator[None]:
    """Makes a connection to anything but this machine fail at once: no test pays a vendor."""
    connect = socket.socket.connect

    def checked(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(_LOOPBACK):
            raise AssertionError(f"a test wanted to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked)
        yield
