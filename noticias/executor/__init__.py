"""Runs the deployments' flow runs in this one process, many at once; Prefect starts a process for each.

A process for a run costs 3.6 CPU seconds before the first line of the flow (measured, Prefect 3.8.8); in
here a run costs 60 ms. Everything a person sees stays Prefect's: the run is made from the form, the API or a
schedule, claimed by its change to Pending, and cancelled and retried in the UI. Any number of executors can
serve one server, together with Prefect's own process workers: a run is claimed by one of them.
"""
