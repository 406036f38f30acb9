"""The wire's and the database's objects: frozen pydantic models with the wire's Spanish field names."""
