"""XML that strangers wrote: its characters told, and nothing in it that could grow or reach out.

A bomb declares entities before the first element, which grow without end when they are resolved. An external
reference makes the reader open files or addresses. Both are refused before anything else reads the file.
"""

import io
import re
from typing import Any

from newsroom.errors import InvalidInput
from newsroom.intake.decoding import Decoded, decode_html

_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]{0,200}\?>\s*")


def decode_xml(body: bytes, place: str) -> Decoded:
    """Returns the characters of an XML file without its declaration, whose encoding is often wrong.

    Raises:
        InvalidInput: it is no text, it declares entities, or it refers to something outside; in one line.
    """
    decoded = decode_html(body, place)
    text = _DECLARATION.sub("", decoded.text.lstrip("\ufeff"))
    _refuse_entities(text.encode("utf-8", "replace"), place)
    return decoded._replace(text=text)


def parse_xml(text: str) -> Any:
    """Returns the root element (lxml) of what `decode_xml` returned.

    Raises:
        InvalidInput: it is not well-formed.
    """
    from lxml import etree

    # No network, no DTD, no entities: the file was looked through, and the parser does not know how either.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as exc:
        raise InvalidInput(f"not XML: {' '.join(str(exc).split())[:150]}") from exc


def _refuse_entities(body: bytes, place: str) -> None:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    try:
        next(iter(iterparse(io.BytesIO(body), events=("start",), forbid_dtd=False)), None)
    except DefusedXmlException as exc:
        raise InvalidInput(
            f"{place}: XML with entities or external references is not read ({type(exc).__name__})"
        ) from exc
    except ParseError:
        return  # Not well-formed: the reader of the format says so.
