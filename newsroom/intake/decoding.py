"""Bytes to characters: which encoding a file is really in, and mojibake mended."""

import re
from html import unescape

from newsroom.documents.decoding import Decoded, decode, decode_html

_ENTITY = re.compile(r"&(?:#\d{2,7}|#x[0-9a-fA-F]{2,6}|[A-Za-z]{2,31});")

__all__ = ["Decoded", "decode", "decode_html", "mend"]


def mend(text: str) -> str:
    """Returns a plain text without what broke it in transit; everything else stays as it is.

    Characters that were decoded wrongly are put right (`EspaÃ±a`), and HTML entities are resolved
    (`Espa&ntilde;a`).
    """
    if text.isascii():
        return unescape(text) if _ENTITY.search(text) else text
    # Imported late: it takes a tenth of a second.
    import ftfy

    # Only what was broken in transit. Quotation marks, ligatures and widths are the author's.
    mended = ftfy.fix_text(
        text,
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_encoding=True,
        restore_byte_a0=True,
        replace_lossy_sequences=True,
        decode_inconsistent_utf8=True,
        fix_c1_controls=True,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
    return unescape(mended) if _ENTITY.search(mended) else mended
