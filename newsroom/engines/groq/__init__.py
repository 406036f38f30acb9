"""The engine that asks Groq, or any server with the same API. Only this package imports the groq SDK."""

from newsroom.engines.groq.engine import GroqEngine

__all__ = ["GroqEngine"]
