"""What Spanish words and sentences are: verbs, sentences, offices, first names, known places and bodies.

The local engine reads texts with it, and grounding finds with it the words that attribute a quotation.
"""
