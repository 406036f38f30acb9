"""Where extractions are kept once the text has proven them.

Begin with base.py, the protocol. One method is one SQL function and one transaction.
"""
