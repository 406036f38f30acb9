"""What an editor reads about a run: Spanish markdown, in which no text of an article can be markup."""
