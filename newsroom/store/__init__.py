"""Where proven extractions are kept."""
