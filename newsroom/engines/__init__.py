"""What can answer a stage's question."""
