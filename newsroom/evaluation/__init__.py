"""The measuring stick: what an engine finds in articles that were read by hand, and what it misses."""
