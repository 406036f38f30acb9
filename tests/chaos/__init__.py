"""`make chaos`: a soak with random kills and faults over the real machinery (docs/reliability.md)."""
