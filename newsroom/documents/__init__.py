"""Long documents: reads a file's text and splits it into fragments. No network."""
