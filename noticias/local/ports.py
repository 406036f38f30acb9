"""Loopback ports for the servers of the local stack."""

import socket

LOOPBACK = "127.0.0.1"


def choose_port(preferred: int) -> int:
    """Returns `preferred` if nothing listens there, else a free port. For 0 the system chooses.

    Raises:
        OSError: no port is free.
    """
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            # The servers set this too. Without it, a closed connection of the last run blocks the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("the system has no free port on the loopback interface")
