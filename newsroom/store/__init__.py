"""Where extractions are kept once the text has proven them."""
