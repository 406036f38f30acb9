"""What a process that ran flows does before its Prefect server may stop."""


def send_what_waits() -> None:
    """Sends the logs and task states that Prefect's background workers still hold.

    They would be lost if the server were stopped first; Prefect itself does this only when Python exits.
    """
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    for worker in (EventsWorker, APILogWorker):
        worker.drain_all(timeout=30)
