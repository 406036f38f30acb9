"""Long documents: reads a file's text and splits it into fragments. No network.

Begin with fragments.py, which does both. files.py names the reader of each format.
"""
