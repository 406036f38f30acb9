"""What a command needs before it runs: the servers that it may have to start, and Prefect's variables.

Nothing here imports Prefect before its variables are set, because Prefect reads them when it is imported.
"""

import os
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager

from newsroom.settings import Settings
from noticias.local.stack import Need, Ports, StackAddresses, open_stack


def missing_servers(settings: Settings, wanted: Set[Need]) -> set[Need]:
    """Returns which of the wanted servers must be started here: those without an address in the settings."""
    need = set(wanted)
    if settings.supabase_url:
        need -= {"database", "rest"}
    if settings.prefect_api_url:
        need -= {"prefect"}
    return need


@contextmanager
def prepared(
    settings: Settings, wanted: Set[Need], on_step: Callable[[str], None] = lambda _step: None
) -> Iterator[StackAddresses]:
    """Starts the wanted servers that are missing, and points the environment of this process to all of them.

    In the block the servers can be reached. Yields the addresses of the started ones.

    Args:
        settings: may give addresses of servers; those are not started.
        wanted: the servers that the block needs.
        on_step: is called with what is being waited for, in words.

    Raises:
        LocalStackError: a server does not start.
    """
    from noticias.local.prefect_server import client_environment

    need = missing_servers(settings, wanted)
    ports = Ports(prefect=settings.prefect_port, rest=settings.rest_port, database=settings.db_port)
    with open_stack(settings.home, need, ports=ports, on_step=on_step) as addresses:
        os.environ["NOTICIAS_HOME"] = str(settings.home.absolute())
        if addresses.supabase_url and addresses.service_role_key:
            os.environ["SUPABASE_URL"] = addresses.supabase_url
            os.environ["SUPABASE_SERVICE_ROLE_KEY"] = addresses.service_role_key.get_secret_value()
        if "prefect" in wanted:
            own = addresses.prefect_api_url
            api_url = own or settings.prefect_api_url or ""
            os.environ.update(
                client_environment(
                    api_url, settings.home, own_server=own is not None, log_json=settings.log_json
                )
            )
        yield addresses
