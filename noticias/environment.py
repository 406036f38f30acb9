"""What a command needs around it: settings, the servers it may have to start, Prefect's variables.

Nothing here imports Prefect before its variables are set.
"""

import os
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager

from newsroom.settings import Settings
from noticias.local.stack import Need, Ports, StackAddresses, open_stack


def missing_servers(settings: Settings, wanted: Set[Need]) -> set[Need]:
    """Returns which of the wanted servers must be our own: none that the settings give an address for."""
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
    """Has the wanted servers reachable in the block, and this process's environment point to them.

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
