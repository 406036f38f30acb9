"""What lies in the inbox and is not read. Each is named once; a file beside the inbox remembers which."""

import json
import os
from pathlib import Path

MEMORY = ".no-leidos.json"
# A sender that has not finished renames these.
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".swp", ".lock", "~")


def say_why_unread(entry: "os.DirEntry[str]") -> str | None:
    """Returns in Spanish why an entry of the inbox is not read; None if it need not be mentioned."""
    if entry.name.startswith(".") or entry.name.lower().endswith((*_UNFINISHED, ".informe.json")):
        return None
    if entry.is_symlink():
        return "es un enlace; deje el archivo mismo"
    if entry.is_dir():
        return "es una carpeta; la bandeja no mira dentro"
    if not entry.is_file():
        return "no es un archivo corriente"
    ending = Path(entry.name).suffix
    return f"nadie aquí lee archivos {ending}" if ending else "le falta la terminación que dice qué es"


class Memory:
    """Which entries were named already: by name and time of change, so that a new file is named anew."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MEMORY

    def pick_new(self, found: dict[str, tuple[int, str]]) -> dict[str, str]:
        """Returns name -> reason of what was not named before.

        Args:
            found: name -> time of change in nanoseconds, reason.
        """
        known = self._read()
        return {name: why for name, (changed, why) in found.items() if known.get(name) != changed}

    def keep(self, found: dict[str, tuple[int, str]]) -> None:
        """Remembers these too. What has left the inbox is forgotten."""
        known = self._read()
        now = {name: at for name, at in known.items() if os.path.lexists(self._path.with_name(name))}
        now |= {name: changed for name, (changed, _why) in found.items()}
        if now == known:
            return
        half = self._path.with_name(f"{MEMORY}.tmp")
        half.write_text(json.dumps(now), encoding="ascii")
        half.replace(self._path)

    def _read(self) -> dict[str, int]:
        try:
            said = json.loads(self._path.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return {}  # the first time, or somebody wrote to it: the worst is that a name is said again
        return said if isinstance(said, dict) else {}
