"""One module a file format: bytes in, records with the format's own keys out."""
