"""Translates Groq's refusals into this system's errors.

Who deals with each: docs/design.md, "What fails and who owns it".
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from newsroom.errors import (
    EngineRefused,
    EngineUnavailable,
    MalformedOutput,
    NewsroomError,
    QuotaExhausted,
    RateLimited,
)

if TYPE_CHECKING:
    from groq import APIError, APIStatusError

MODEL_GONE = frozenset({"model_not_found", "model_decommissioned"})
"""Codes of a model that is not, or no longer, served."""

DAILY_PAUSE_S = 3600.0
"""Seconds to wait after a daily refusal that names no time. Some of the limit gets free all day long."""

_MAX_WORDS = 600
_PER_DAY = re.compile(r"per day\b|\((?:RPD|TPD|ITPD|OTPD)\)", re.IGNORECASE)
_TRY_AGAIN = re.compile(r"try again in ([0-9hms.]{1,40})", re.IGNORECASE)
# Go's time.Duration: 1h18m48.672s, 2m59.56s, 7.66s, 172ms.
_GO_DURATION = re.compile(
    r"(?:(\d{1,6})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,9}(?:\.\d{1,9})?)s|(\d{1,9}(?:\.\d{1,9})?)ms)?"
)
_UNAVAILABLE = frozenset({408, 498})


def translate_error(exc: "APIError", secret: SecretStr) -> NewsroomError:
    """Returns our error for an error of the SDK, with the vendor's words and without `secret`.

    - A 429 per day is QuotaExhausted.
    - Any other 429 is RateLimited. Its `retry_after_s` is 0 if neither header nor message names a time.
    - Timeout, connection, 408, 498 and 5xx are EngineUnavailable.
    - 400 `json_validate_failed` is MalformedOutput. Its `text` is what the model had written: a whole valid
      document, a part of one, or nothing.
    - Every other status is EngineRefused.
    """
    import groq

    if isinstance(exc, groq.APIStatusError):
        return _translate_status(exc, secret)
    if isinstance(exc, groq.APITimeoutError):
        return EngineUnavailable("Groq did not answer in time")
    reason = exc.__cause__ or exc
    words = _clean(f"{type(reason).__name__}: {reason}", secret)
    return EngineUnavailable(f"Groq cannot be reached: {words}")


def _translate_status(exc: "APIStatusError", secret: SecretStr) -> NewsroomError:
    error = error_object(exc.body)
    code = _clean(str(error.get("code") or error.get("type") or ""), secret)
    words = _clean(_words(exc, error), secret)
    status = exc.status_code
    message = f"Groq answered {status}{f' {code}' if code else ''}: {words}"
    if status == 429:
        wait = retry_after(exc.response.headers, words)
        if _PER_DAY.search(words):
            return QuotaExhausted(message, wait or DAILY_PAUSE_S)
        return RateLimited(message, wait)
    if status >= 500 or status in _UNAVAILABLE:
        return EngineUnavailable(message)
    if status == 400 and code == "json_validate_failed":
        failed = error.get("failed_generation")
        return MalformedOutput(message, text=failed if isinstance(failed, str) else "")
    if status == 401:
        message = f"{message}; set GROQ_API_KEY to a valid key"
    return EngineRefused(message, status, code)


def error_object(body: object) -> Mapping[str, Any]:
    """Returns the `error` object of a vendor's body; empty if a proxy sent something else."""
    if isinstance(body, dict):
        error = body.get("error", body)
        if isinstance(error, dict):
            return error
        if isinstance(error, str):
            return {"message": error}
    return {}


def _words(exc: "APIStatusError", error: Mapping[str, Any]) -> str:
    message = error.get("message")
    if isinstance(message, str) and message:
        return message
    # Not str(exc): the SDK puts the whole body there, with the text that the model wrote.
    return exc.response.reason_phrase or "no reason given"


def _clean(words: str, secret: SecretStr) -> str:
    words = words.replace(secret.get_secret_value(), "***")
    return " ".join(words.split())[:_MAX_WORDS]


def retry_after(headers: Mapping[str, str], message: str) -> float:
    """Returns how long a refusal says to wait, in seconds; 0 if it does not say.

    The `retry-after` header (seconds, or a date) counts first, then "try again in 1m26.4s" in `message`.
    """
    header = headers.get("retry-after", "").strip()
    if header:
        return _header_seconds(header)
    told = _TRY_AGAIN.search(message)
    return parse_duration(told.group(1).rstrip(".")) if told else 0.0


def _header_seconds(header: str) -> float:
    try:
        seconds = float(header)
    except ValueError:
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return 0.0
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - datetime.now(UTC)).total_seconds()
    # NaN fails every comparison, so it becomes 0 too.
    return seconds if 0 < seconds < float("inf") else 0.0


def parse_duration(text: str) -> float:
    """Returns a duration as Go writes it (`1h18m48.672s`, `172ms`) in seconds; 0 for anything else."""
    match = _GO_DURATION.fullmatch(text)
    if match is None:
        return 0.0
    hours, minutes, seconds, millis = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds + millis / 1000


def forget_request(exc: BaseException, secret: SecretStr) -> BaseException | None:
    """Returns the exception without the key and without frames that hold it, to be the cause of ours.

    The SDK's errors carry the request with its headers. The frames of the traceback hold them as locals,
    which error reporters print. If the exception's own message holds the key, None is returned.
    """
    link: BaseException | None = exc
    while link is not None:
        if secret.get_secret_value() in f"{link!s}{link!r}":
            return None
        link.__traceback__ = None
        request = getattr(link, "_request", None) or link.__dict__.get("request")
        if request is not None:
            request.headers.pop("authorization", None)
        link = link.__cause__ or link.__context__
    return exc
