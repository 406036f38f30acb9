"""What an editor reads about a run: Spanish markdown in which an article's text can never become markup.

Begin with item_page.py, the page of one item.
"""
