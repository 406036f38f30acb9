"""The identity under which an item is stored once (docs/design.md, "Done once"), and its size limit."""

import hashlib

# Prefect refuses parameters above 512 KiB. A longer text is a document: only its file's path travels.
MAX_ITEM_BYTES = 500_000
# An index entry of PostgreSQL holds at most 2,704 bytes. A longer url is identified by its hash.
MAX_IDENTITY_BYTES = 1_000


def sha256_of(*parts: str) -> str:
    """Returns `sha256:` and a hex digest. ("ab", "c") and ("a", "bc") give different ones."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return f"sha256:{digest.hexdigest()}"


def bound_identity(address: str) -> str:
    """Returns the address, or its hash if the address is longer than `MAX_IDENTITY_BYTES`."""
    return address if len(address.encode()) <= MAX_IDENTITY_BYTES else sha256_of(address)
