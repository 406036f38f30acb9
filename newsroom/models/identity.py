"""What makes an item itself (docs/design.md, "Done once"), and how large it may be."""

import hashlib

# Prefect refuses parameters above 512 KiB; longer texts are documents and travel by reference.
MAX_ITEM_BYTES = 500_000
# PostgreSQL's index entries end at 2,704 bytes; a longer url is identified by its hash.
MAX_IDENTITY_BYTES = 1_000


def sha256_of(*parts: str) -> str:
    """Returns `sha256:` and the hex digest of the parts; parts cannot run into each other."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return f"sha256:{digest.hexdigest()}"


def bound_identity(address: str) -> str:
    """Returns the address itself, or its hash if it is too long for the database's index."""
    return address if len(address.encode()) <= MAX_IDENTITY_BYTES else sha256_of(address)
