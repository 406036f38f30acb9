"""What tells the versions of this engine's rules apart."""

import hashlib
from functools import cache
from importlib.resources import files

from newsroom.lexicon import tables

VERSION = "1"
"""Goes up with a change that users should know of; `fingerprint` tells every change apart."""


@cache
def fingerprint() -> str:
    """Returns eight hex digits that change whenever a word list or a module of the rules does."""
    digest = hashlib.sha256()
    for source in tables.sources():
        digest.update(source)
    for package in (__package__, "newsroom.language"):
        modules = (file for file in files(package).iterdir() if file.name.endswith(".py"))
        for module in sorted(modules, key=lambda file: file.name):
            digest.update(module.read_bytes())
    return digest.hexdigest()[:8]
