"""Every error this system raises on purpose.

Who deals with each: docs/design.md, "What fails and who owns it".

::

    NewsroomError
    ├── TransientError                  a later try may succeed: Prefect retries the task
    │   ├── RateLimited(retry_after_s)      429 per minute; the adapter has already waited as told
    │   ├── QuotaExhausted(retry_after_s)   429 per day: the run is parked, never hammered
    │   ├── EngineUnavailable               timeout, connection, 5xx, 498
    │   ├── StoreUnavailable                the same for the database
    │   ├── MalformedOutput(problems)       not the schema, twice in a row
    │   └── IncompleteDocument              fragments failed: the document again reads only those
    └── TerminalError                   no retry can help: the run fails now
        ├── InvalidInput(field)             refused before a run starts
        ├── EngineRefused(status, code)     400, 401, 403, 404, 413, 422, with the vendor's words
        ├── StoreRejected(code)             a constraint, a bad payload, a missing function
        └── GaveUp                          a run that was started again and again

Vendor exceptions never leave their adapter; each of these keeps the original as ``__cause__``.
"""


class NewsroomError(Exception):
    """Root of the tree; `stage` and `attempts` say where and after how many tries it became final."""

    stage: str = ""
    attempts: int = 1


class TransientError(NewsroomError):
    """Raised where a later try may succeed."""


class RateLimited(TransientError):
    """The vendor's limit per minute; `retry_after_s` is what it told us to wait, in seconds."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class QuotaExhausted(TransientError):
    """The vendor's limit per day; `retry_after_s` is when it says that work may go on, in seconds."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class EngineUnavailable(TransientError):
    """The model could not be reached or is over capacity."""


class StoreUnavailable(TransientError):
    """The database could not be reached, or broke off a transaction that can be tried again."""


class MalformedOutput(TransientError):
    """The model's answer is not what was asked for, also after it was asked again.

    `problems` says what was wrong, one line each; `text` is the answer as it came.
    """

    def __init__(self, message: str, problems: tuple[str, ...] = (), text: str = "") -> None:
        super().__init__(message)
        self.problems = problems
        self.text = text


class IncompleteDocument(TransientError):
    """Some fragments of a document failed; the next run of it reads only those."""


class TerminalError(NewsroomError):
    """Raised where no retry can help."""


class InvalidInput(TerminalError):
    """An item that must not enter; `field` names the first field that is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class EngineRefused(TerminalError):
    """The vendor refused the request for good; the message carries its words."""

    def __init__(self, message: str, status: int | None = None, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class StoreRejected(TerminalError):
    """The database refused the payload; `code` is the SQLSTATE or PostgREST's code."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class GaveUp(TerminalError):
    """A run that was started again and again and never came to an end: its item ends its process."""
