"""Checks an address and a key before a client can print or send them."""

import ipaddress
import re
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from newsroom.errors import StoreRejected
from newsroom.store.supabase.errors import BAD_ANSWER


def check_key(service_role_key: SecretStr | str) -> SecretStr:
    """Returns the key without the blanks of a badly copied line.

    It is checked here because the HTTP client would print a bad key.

    Raises:
        StoreRejected: the key is empty or has characters that no key has.
    """
    secret = SecretStr(service_role_key) if isinstance(service_role_key, str) else service_role_key
    value = secret.get_secret_value().strip()
    if not value or not value.isascii() or not value.isprintable() or " " in value:
        words = "SUPABASE_SERVICE_ROLE_KEY is empty or holds characters that no key has; copy it again"
        raise StoreRejected(words, code="invalid_key")
    return SecretStr(value)


def check_url(url: str) -> str:
    """Returns the project's address without /rest/v1.

    Raises:
        StoreRejected: `url` cannot be a project's address.
    """
    address = url.strip().rstrip("/").removesuffix("/rest/v1")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        usable = usable and not parts.username and not parts.query and not re.search(r"\s", address)
        usable = usable and bool(httpx.URL(address).host)
    except (ValueError, httpx.InvalidURL):
        usable = False
    if not usable:
        words = "SUPABASE_URL must be the project's address, such as https://<project>.supabase.co"
        raise StoreRejected(words, code=BAD_ANSWER)
    return address


def is_loopback(url: str) -> bool:
    """Returns whether the address is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
