"""What the parameters of the deployments are called in the form that Prefect shows at "Run".

Their descriptions are the lines under `Args:` of each flow. Prefect reads those, but it sets the title to the
parameter's name, except where the title stands in `json_schema_extra`.
"""

from typing import Annotated, Any

from pydantic import Field


def titled(title: str, **bounds: Any) -> Any:
    """Returns the annotation of a parameter that has a title in Spanish, and perhaps bounds (ge, le)."""
    return Field(json_schema_extra={"title": title}, **bounds)


Again = Annotated[bool, titled("Leer de nuevo")]
"""Whether to read an item that is stored already."""
