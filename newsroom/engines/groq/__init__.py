"""The engine that asks Groq, or anything that speaks its API. The SDK is imported nowhere else."""

from newsroom.engines.groq.engine import GroqEngine

__all__ = ["GroqEngine"]
