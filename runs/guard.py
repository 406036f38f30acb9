"""Stops an item that kills its process each time it is read (out of memory, a crash in a library)."""

from prefect import runtime

from newsroom.errors import GaveUp

MAX_RUNS = 5


def give_up_if_hopeless() -> None:
    """Refuses a flow run that has been started more than five times, by automations or by a person.

    Without this, a run whose process dies each time would be started again without end. The dead letter that
    GaveUp leaves waits for a person.

    Raises:
        GaveUp: this is the sixth start, or a later one.
    """
    count = runtime.flow_run.run_count
    if count is not None and count > MAX_RUNS:
        raise GaveUp(f"started {count} times without coming to an end; submit the item anew to try once more")
