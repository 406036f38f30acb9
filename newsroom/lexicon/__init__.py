"""The Spanish words that the rules go by, one YAML file a subject.

An editor extends them without touching code: the comment above a list says what it is for.
Begin with tables.py, which reads the files.
"""
