"""The rules engine: real names, quotations, figures, dates and hechos from Spanish news without a key."""

from newsroom.engines.local.engine import LocalEngine

__all__ = ["LocalEngine"]
