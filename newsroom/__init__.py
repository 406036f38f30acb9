"""The domain of the newsroom: what is extracted, proven and stored. It never imports Prefect.

Begin with stages/recipe.py, the path of an item. pyproject.toml says which folder may use which.
"""
