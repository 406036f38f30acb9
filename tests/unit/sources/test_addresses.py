"""Which network addresses may be fetched."""

import pytest

from newsroom.sources.addresses import ForbiddenAddress, choose_addresses, is_public


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1",
        "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "fec0::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001:db8::1", "2001:0:53aa:64c::1",
        "no es una dirección", "",
    ],
)  # fmt: skip
def test_no_address_within_a_network_or_a_machine_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "93.184.216.34",
        "2606:4700:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


async def test_all_addresses_of_a_name_must_be_public() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.216.34", "10.0.0.5"]

    with pytest.raises(ForbiddenAddress, match=r"medio\.example is at 10\.0\.0\.5"):
        await choose_addresses("medio.example", 80, resolve, allow_private=False)
    assert await choose_addresses("medio.example", 80, resolve, allow_private=True) == [
        "93.184.216.34",
        "10.0.0.5",
    ]


async def test_a_name_without_an_address_is_an_error() -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return []

    with pytest.raises(OSError, match="no address"):
        await choose_addresses("medio.example", 80, resolve, allow_private=False)
