"""The embedded stack: PostgreSQL, the REST server and a Prefect server of its own, without Docker."""
