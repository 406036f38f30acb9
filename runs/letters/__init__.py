"""Dead letters: what is left of an item whose run failed for good."""
