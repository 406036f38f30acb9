"""Every error that this system raises on purpose.

Who deals with each: docs/design.md, "What fails and who owns it".

::

    NewsroomError
    ├── TransientError                  a later try may succeed: Prefect retries the task
    │   ├── RateLimited(retry_after_s)      429 per minute: the adapter has already waited as told
    │   ├── QuotaExhausted(retry_after_s)   429 per day: the run is put off until the limit is free
    │   ├── EngineUnavailable               timeout, connection, 5xx, 498
    │   ├── StoreUnavailable                the same for the database
    │   ├── MalformedOutput(problems)       not the schema, twice in a row
    │   └── IncompleteDocument              fragments failed: the document's next run reads only those
    └── TerminalError                   no retry can help: the run fails now
        ├── InvalidInput(field)             refused before a run starts
        ├── EngineRefused(status, code)     400, 401, 403, 404, 413, 422, with the vendor's words
        ├── StoreRejected(code)             a constraint, a bad payload, a missing function
        └── GaveUp                          the run was started again too often

Vendor exceptions never leave their adapter; each of these keeps the original as ``__cause__``.
"""


class NewsroomError(Exception):
    """Root of the tree. `stage` and `attempts` say where and after how many tries the error became final."""

    stage: str = ""
    attempts: int = 1


class TransientError(NewsroomError):
    """Raised where a later try may succeed."""


class RateLimited(TransientError):
    """The vendor's limit per minute was hit. `retry_after_s` is the wait that it asked for, in seconds."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class QuotaExhausted(TransientError):
    """The vendor's limit per day was hit. After `retry_after_s` seconds, it says, work may go on."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class EngineUnavailable(TransientError):
    """The model could not be reached, or it has no capacity left."""


class StoreUnavailable(TransientError):
    """The database could not be reached, or it stopped a transaction that can be tried again."""


class MalformedOutput(TransientError):
    """The model's answer is not what was asked for, even after it was asked again.

    `problems` says what was wrong, one line for each problem. `text` is the answer as it came.
    """

    def __init__(self, message: str, problems: tuple[str, ...] = (), text: str = "") -> None:
        super().__init__(message)
        self.problems = problems
        self.text = text


class IncompleteDocument(TransientError):
    """Some fragments of a document failed. The next run of the document reads only those."""


class TerminalError(NewsroomError):
    """Raised where no retry can help."""


class InvalidInput(TerminalError):
    """An item was refused. `field` names the first field that is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class EngineRefused(TerminalError):
    """The vendor refused the request for good. The message holds its words."""

    def __init__(self, message: str, status: int | None = None, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.code = code


class StoreRejected(TerminalError):
    """The database refused the payload. `code` is the SQLSTATE or PostgREST's code."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class GaveUp(TerminalError):
    """A run was started again too often without coming to an end, because its item kills its process."""
