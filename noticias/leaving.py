"""What a process that ran flows must do before its Prefect server stops."""


def send_what_waits() -> None:
    """Sends the logs and task states that Prefect's background threads still hold.

    They are lost if the server stops first. Prefect itself sends them only when Python exits.
    """
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=30)
