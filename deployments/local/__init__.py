"""The embedded stack: PostgreSQL, the REST gateway and a Prefect server of its own, without Docker."""
