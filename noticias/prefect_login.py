"""What to say when the Prefect server does not accept the login."""

import httpx


def explain_refusal(failure: BaseException) -> str:
    """Returns what to do if Prefect refused the login (401, 403); empty if `failure` is something else."""
    if not isinstance(failure, httpx.HTTPStatusError):
        return ""
    status = failure.response.status_code
    if status not in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        return ""
    return f"Prefect refuses the login ({status}): set PREFECT_API_AUTH_STRING or PREFECT_API_KEY"
