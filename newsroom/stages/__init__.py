"""One module per stage. A stage that asks an engine builds the question, asks, and checks the answer.

`recipe.py` holds the order of the stages. `asking.py` and `answers.py` hold what all questions share.
"""
