"""The wire's and the database's objects: frozen pydantic models with the wire's Spanish field names.

Begin with articulo.py, what comes in, and extraccion.py, what is found in it.
"""
