"""JSON from outside: a file's or a request's is read strictly, a model's answer leniently."""

import json
import re
from typing import Any, NoReturn

from newsroom.errors import MalformedOutput

_TRAILING_COMMA = re.compile(r",(?=\s{0,200}[}\]])")


class NotJson(Exception):
    """Bytes that are not JSON. The message says why, in one line."""


def read_json(body: bytes, *, constants: bool = False) -> Any:
    """Returns the value in `body`: UTF-8, with or without a byte order mark.

    Args:
        constants: NaN and Infinity, which no database takes, are read as numbers: the caller refuses them
            itself and can say where they stand.

    Raises:
        NotJson: it is not UTF-8, not JSON, nested beyond reason, or a number has thousands of digits.
    """
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=None if constants else _refuse_constant)
    except UnicodeDecodeError as exc:
        where = f"byte 0x{body[exc.start]:02x} at {exc.start}"
        raise NotJson(f"not UTF-8 ({where}); convert it, for example with iconv") from None
    except json.JSONDecodeError as exc:
        raise NotJson(f"not JSON: {exc}") from None
    except RecursionError:
        raise NotJson("JSON nested too deep") from None
    except ValueError:
        # Python refuses whole numbers of more than 4,300 digits.
        raise NotJson("a number is too long") from None


def find_object(text: str) -> dict[str, Any]:
    """Returns the JSON object in a model's answer, which may stand in a code fence or have trailing commas.

    Raises:
        MalformedOutput: there is none, it is cut off, or it is nested beyond reason. In Spanish, for the
            model that gave the answer.
    """
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        raise MalformedOutput("no es un objeto JSON", ("no es un objeto JSON",), text)
    body = text[start : end + 1]
    for candidate in (body, _TRAILING_COMMA.sub("", body)):
        try:
            # What begins with a brace and is JSON is an object.
            found: dict[str, Any] = json.loads(candidate, parse_constant=_refuse_no_number)
            return found
        except (ValueError, RecursionError) as exc:
            problem = f"JSON no válido: {str(exc)[:120]}"
    raise MalformedOutput(problem, (problem,), text)


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"not JSON: {name} is not JSON")


def _refuse_no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} no es un número")
