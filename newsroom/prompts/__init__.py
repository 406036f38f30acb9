"""The questions, in Spanish: one versioned file for each stage, rendered by Jinja.

A line `=== ARTÍCULO ===` divides a template into two parts. The first never changes, so its tokens come from
Groq's prefix cache at half the price. The second is the item. Values are data: Jinja renders them once and
never reads them as a template, and text in them cannot close the tag around it.
"""

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

_DIVIDER = "=== ARTÍCULO ===\n"


_TAG = re.compile(r"<(?=/?(?:articulo|hechos|entidades|citas|datos)\b)", re.IGNORECASE)


def _inert(value: object) -> str:
    """Returns text that cannot open or close one of the prompt's own tags. The rest stays verbatim."""
    return _TAG.sub("‹", str(value))


# No HTML escaping: it would change quotations, which must come back verbatim.
_ENVIRONMENT = Environment(undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
_ENVIRONMENT.filters["inerte"] = _inert


@cache
def _source(name: str) -> tuple[str, str]:
    text = (files(__name__) / f"{name}.jinja").read_text(encoding="utf-8")
    constant, divider, item = text.partition(_DIVIDER)
    if not divider:
        raise ValueError(f"{name}.jinja has no line {_DIVIDER.strip()!r}")
    return constant, item


@cache
def _item_template(name: str) -> Template:
    return _ENVIRONMENT.from_string(_source(name)[1])


def render(name: str, **values: Any) -> tuple[str, str]:
    """Returns the constant part and the item's part of prompt `name` (such as `triage.v1`).

    Raises:
        jinja2.UndefinedError: the template uses a value that is not given.
    """
    return _source(name)[0].strip(), _item_template(name).render(**values).strip()


@cache
def fingerprint(name: str) -> str:
    """Returns 12 hex digits that change with the prompt's text. Cache keys and stored rows hold them."""
    return hashlib.sha256("\n".join(_source(name)).encode()).hexdigest()[:12]
