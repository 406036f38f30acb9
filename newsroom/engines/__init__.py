"""The engines that answer a stage's question: Groq, the local rules, and a script for tests.

Begin with base.py: a question, its answer, and the protocol of an engine.
"""
