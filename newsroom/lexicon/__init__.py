"""The Spanish words that the rules go by, one YAML file a subject. Begin in tables.py, which reads them.

Each list stands in one place, and an editor extends it without touching code.
The comment above a list says what it is for.
"""
