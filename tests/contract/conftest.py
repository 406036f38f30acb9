"""Fixtures of the contract tests; PostgreSQL itself comes from tests/stack.py."""

from tests.contract.store_fixtures import client, contract_database, rest, store

__all__ = ["client", "contract_database", "rest", "store"]
