"""Is this entidad one that the database knows? Rules over names: pure, no database, no engine."""
