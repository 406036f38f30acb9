"""The engines that answer a stage's question: Groq, the local rules, and a script for tests."""
