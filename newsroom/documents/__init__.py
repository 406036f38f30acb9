"""Long documents: from a file to its text, and from the text to the fragments it is read in. No network."""
