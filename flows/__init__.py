"""How an item travels: one flow a file, readable from top to bottom."""
