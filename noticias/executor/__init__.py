"""Runs the flow runs of the deployments in one process, many at once. Prefect starts a process for each.

A process for a run costs 3.6 CPU seconds before the first line of the flow (measured, Prefect 3.8.8). In here
a run costs 60 ms. Everything that a person sees stays Prefect's: a run is made from the form, the API or a
schedule, and it is cancelled and retried in the UI. An executor claims a run by changing its state to
Pending. Any number of executors can serve one server, together with Prefect's own process workers; only one
of them gets a run.
"""
