"""Decides by rules over names whether the database knows an entidad. Pure: no database, no engine.

Read in this order: lists.py, verdict.py, name_words.py, person_names.py, persons.py, bodies.py, comparing.py,
choosing.py, searching.py, review.py.
"""
