"""What stops an item that ends its process each time it is read (out of memory, a crash of a library)."""

from prefect import runtime

from newsroom.errors import GaveUp

MAX_RUNS = 5


def give_up_if_hopeless() -> None:
    """Returns, unless this flow run has been started more than five times: by automations, or by a person.

    Prefect starts a run whose process died again without end; the dead letter that this leaves asks for a
    person.

    Raises:
        GaveUp: it has.
    """
    count = runtime.flow_run.run_count
    if count is not None and count > MAX_RUNS:
        raise GaveUp(f"started {count} times without coming to an end; submit the item anew to try once more")
