"""Hosts on one machine: network namespaces with their own addresses, each joined to this machine by a wire.

This needs root and iproute2. The servers of the local stack listen on the loopback interface. A relay
forwards to them, in place of the proxy that a newsroom puts before its servers.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

_PREFIX = "noticias-bench"
_BLOCK = 65_536


@dataclass(frozen=True)
class Host:
    """A namespace, and the address at which it reaches what listens on this machine."""

    name: str
    gateway: str

    def command(self, *arguments: str) -> list[str]:
        """Returns the command that runs `arguments` on this host."""
        return ["ip", "netns", "exec", self.name, *arguments]

    def reach(self, url: str) -> str:
        """Returns the address of a server on this machine's loopback interface as this host sees it."""
        parts = urlsplit(url)
        return parts._replace(netloc=f"{self.gateway}:{parts.port}").geturl()


def can_make_hosts() -> bool:
    """Returns whether this machine lets us make namespaces."""
    if os.geteuid() or shutil.which("ip") is None:
        return False
    probe = f"{_PREFIX}-{os.getpid()}"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, check=False)
    subprocess.run(["ip", "netns", "delete", probe], capture_output=True, check=False)
    return made.returncode == 0


@contextmanager
def running_hosts(count: int, urls: Sequence[str]) -> Iterator[list[Host]]:
    """Yields `count` hosts that reach the servers at `urls`, and removes them at the end."""
    with ExitStack() as hold:
        hosts = []
        for number in range(1, count + 1):
            host = Host(f"{_PREFIX}-{number}", f"10.213.{number}.1")
            _run("ip", "netns", "add", host.name)
            hold.callback(_run, "ip", "netns", "delete", host.name)
            wire = f"nb{number}"
            _run("ip", "link", "add", wire, "type", "veth", "peer", "name", "eth0", "netns", host.name)
            _run("ip", "address", "add", f"{host.gateway}/24", "dev", wire)
            _run("ip", "link", "set", wire, "up")
            _run(*host.command("ip", "address", "add", f"10.213.{number}.2/24", "dev", "eth0"))
            _run(*host.command("ip", "link", "set", "eth0", "up"))
            _run(*host.command("ip", "link", "set", "lo", "up"))
            hosts.append(host)
        pairs = [f"{host.gateway}:{urlsplit(url).port}" for host in hosts for url in urls]
        relay = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.hosts", *pairs], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        hold.callback(relay.wait, 30)
        assert relay.stdin is not None
        hold.callback(relay.stdin.close)
        assert relay.stdout is not None
        if relay.stdout.readline() != b"ready\n":
            raise RuntimeError("the relay does not start")
        yield hosts


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


async def relay(pairs: Sequence[str]) -> None:
    """Forwards what comes to each `address:port` to the same port of the loopback interface."""

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while block := await reader.read(_BLOCK):
                writer.write(block)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    for pair in pairs:
        address, port = pair.split(":")

        async def hand_on(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: str = port
        ) -> None:
            try:
                there, back = await asyncio.open_connection("127.0.0.1", int(port))
            except OSError:
                writer.close()
                return
            await asyncio.gather(copy(reader, back), copy(there, writer))

        await asyncio.start_server(hand_on, address, int(port))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1:]))
