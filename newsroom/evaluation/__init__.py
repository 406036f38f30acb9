"""Measures what an engine finds, and what it misses, in articles that people have annotated."""
