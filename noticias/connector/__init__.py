"""The door by which the old connector calls the pipeline: its addresses and JSON shapes, over Prefect.

It keeps nothing: an accepted item is a flow run, and every answer is read from Prefect or the database.
"""
