"""Measures what an engine finds, and what it misses, in articles that people have annotated.

Begin with run.py. gold.py reads the annotations, scoring.py compares.
"""
