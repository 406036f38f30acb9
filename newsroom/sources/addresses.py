"""Which network addresses may be fetched: those of the public internet only."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

Resolve = Callable[[str, int], Awaitable[list[str]]]
"""Returns the network addresses of a host and a port, best first; raises OSError where there is none."""

# Of IPv6 only 2000::/3 is handed out on the internet. 64:ff9b::/96 leads to IPv4 through a translator.
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class ForbiddenAddress(Exception):
    """An address that must not be fetched; the message says why, for an operator."""


async def resolve(host: str, port: int) -> list[str]:
    """Returns the network addresses of a host, in the system's order.

    Raises:
        OSError: the name has none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def choose_addresses(host: str, port: int, resolve: Resolve, allow_private: bool) -> list[str]:
    """Returns the network addresses to connect to, best first.

    The caller connects to exactly these, so that a name which answers differently the next time (DNS
    rebinding) gains nothing. All addresses of a name must be public, not just one of them.

    Raises:
        ForbiddenAddress: one of them is private, loopback, link-local, or otherwise not of the internet.
        OSError: the name has no address.
    """
    addresses = await resolve(host, port)
    if not addresses:
        raise OSError("the name has no address")
    if not allow_private:
        for address in addresses:
            if not is_public(address):
                raise ForbiddenAddress(
                    f"{host} is at {address}, which is not an address of the public internet "
                    "(NOTICIAS_FETCH_PRIVATE=true allows it)"
                )
    return addresses


def is_public(address: str) -> bool:
    """Returns whether an IP address belongs to the public internet, also one of IPv4 within IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded is not None:
            return is_public(str(embedded))
        if ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast
