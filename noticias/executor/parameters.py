"""Finds what is wrong with a run's parameters before the flow starts.

Prefect's server checks the schema when a run is made. It does not notice unknown names, nor what only a
validator of the model finds. Prefect's engine would end such a run with a traceback as its message.
"""

from typing import Any

from prefect.exceptions import ParameterTypeError
from prefect.flows import Flow
from pydantic import ValidationError

from newsroom.inputs import describe, printable


def find_problem(flow: Flow[..., Any], parameters: dict[str, Any]) -> str:
    """Returns one line that names the parameter, or "" if `flow` can be called with `parameters`."""
    known = flow.parameters.properties
    unknown = sorted(set(parameters) - set(known))
    if unknown:
        return printable(f"unknown parameter {', '.join(unknown)}; {flow.name} takes {', '.join(known)}")
    missing = sorted(set(flow.parameters.required) - set(parameters))
    if missing:
        return f"{flow.name} needs the parameter {', '.join(missing)}"
    try:
        flow.validate_parameters(parameters)
    except ParameterTypeError as exc:
        reason = exc.__context__
        return describe(reason) if isinstance(reason, ValidationError) else printable(str(exc))
    return ""
