"""Bytes to characters: finds the encoding of a text file, and refuses what is not text."""

import re
from typing import NamedTuple

from newsroom.errors import InvalidInput

# Spanish text that is not Unicode comes from Windows, an old Mac or DOS. More candidates only mislead.
_LEGACY = ["cp1252", "mac_roman", "cp850"]
_SAMPLE_BYTES = 200_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF; give it the ending .pdf"),
    (b"PK\x03\x04", "a zip archive (a Word file ends in .docx)"),
    (b"\xd0\xcf\x11\xe0", "an old or encrypted Office file; save it as .docx without a password"),
    (b"{\\rtf", "rich text; save it as .docx or .txt"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "compressed (gzip); unpack it first"),
    (b"\x7fELF", "a program"),
)
_CONTROL = bytes((*range(1, 9), 11, *range(14, 27), *range(28, 32), 127))
# A file with a larger share of control characters among its bytes is no text.
_MAX_CONTROL_SHARE = 0.01
_MAX_NUL_SHARE = 0.001
# Up to this many bad bytes per hundred well-formed characters beyond ASCII, a file is damaged UTF-8.
_MAX_DAMAGE = 5
_LATIN_1 = {"iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252"}
# The encodings that pages declare. Other codecs of Python are slow (punycode) or no encodings of text.
_OF_TEXT = re.compile(
    r"(?:windows|cp)-?125\d|iso-?8859-?\d{1,2}|macintosh|mac[_-]?roman|big5|gbk|gb18030|shift[_-]jis|"
    r"euc-(?:jp|kr)|koi8-[ru]"
)
_DECLARED = re.compile(
    rb"(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)


class Decoded(NamedTuple):
    """The characters of a file, the encoding they were read in, and warnings for the editor."""

    text: str
    encoding: str
    advertencias: tuple[str, ...] = ()


def decode(body: bytes, place: str) -> Decoded:
    """Returns the characters of a text file.

    Raises:
        InvalidInput: the file is no text, or in an unknown encoding.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return _decode_declared(body, encoding, place)
    _refuse_binary(body, place)
    try:
        return Decoded(body.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as exc:
        wrong = exc
    damaged = body.decode("utf-8", "replace")
    bad = damaged.count("\ufffd")
    if bad * 100 <= _MAX_DAMAGE * sum(not char.isascii() for char in damaged):
        warning = f"codificación: UTF-8 con {bad} bytes dañados (el primero en la posición {wrong.start})"
        return Decoded(damaged, "utf-8", (warning,))
    return _decode_guessed(body, place)


def _decode_declared(body: bytes, encoding: str, place: str) -> Decoded:
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as exc:
        raise InvalidInput(
            f"{place}: begins as {encoding}, but byte {exc.start} is not valid; convert it to UTF-8", "ruta"
        ) from exc
    if encoding == "utf-8-sig":
        return Decoded(text, "utf-8")
    return Decoded(text, encoding, (f"codificación: {encoding}, según la marca al comienzo del archivo",))


def _decode_guessed(body: bytes, place: str) -> Decoded:
    # Imported late: most files are UTF-8, and the program is to start fast.
    from charset_normalizer import from_bytes

    # The first character beyond ASCII may be far from the beginning, so the sample is taken around it.
    first = next(index for index, byte in enumerate(body) if byte > 127)
    start = max(0, first - _SAMPLE_BYTES // 4)
    found = from_bytes(
        body[start : start + _SAMPLE_BYTES], cp_isolation=_LEGACY, enable_fallback=False, threshold=0.3
    )
    # All three can read every text. The right one reads letters where the others read dashes and boxes.
    best = max(found, key=lambda match: _count_spanish(str(match)), default=None)
    encoding = best.encoding if best is not None else _LEGACY[0]
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as exc:
        raise InvalidInput(
            f"{place}: neither UTF-8 nor {encoding} (byte 0x{body[exc.start]:02x} at {exc.start}); "
            "convert it to UTF-8, for example with iconv",
            "ruta",
        ) from exc
    return Decoded(text, encoding, (f"codificación: no es UTF-8; se leyó como {encoding}",))


def _count_spanish(text: str) -> int:
    return sum(char in "áéíóúüñÁÉÍÓÚÜÑ¿¡ªº«»" for char in text)


def _refuse_binary(body: bytes, place: str) -> None:
    for signature, what in _SIGNATURES:
        if body.startswith(signature):
            raise InvalidInput(f"{place}: not a text file but {what}", "ruta")
    controls = len(body) - len(body.translate(None, _CONTROL))
    if body.count(0) > _MAX_NUL_SHARE * len(body) or controls > _MAX_CONTROL_SHARE * len(body):
        raise InvalidInput(
            f"{place}: a binary file, not text; if it is UTF-16 without a mark, convert it to UTF-8", "ruta"
        )


def decode_html(body: bytes, place: str) -> Decoded:
    """Returns the characters of an HTML or XML file. What it declares counts only where it is not UTF-8.

    Raises:
        InvalidInput: the file is no text, or in an unknown encoding.
    """
    declared = _DECLARED.search(body[:4096])
    encoding = declared.group(1).decode("ascii").lower() if declared else ""
    if encoding in _LATIN_1:
        encoding = "cp1252"  # As browsers do: pages that say latin-1 mean this superset of it.
    if _is_utf_8(body) or not _OF_TEXT.fullmatch(encoding):
        return decode(body, place)
    try:
        text = body.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return decode(body, place)
    return Decoded(text, encoding, (f"codificación: {encoding}, según declara la página",))


def _is_utf_8(body: bytes) -> bool:
    # Hardly any text beyond ASCII is well-formed UTF-8 by chance, so the bytes count more than a declaration.
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
