"""The folder in which the scraper and the librarians leave their files. Each file is read once.

Begin with `folder.py`: how a file is owned, read and moved. `claims.py` is one file on its way, `sidecars.py`
the description beside a document, `unread.py` what nobody here reads, `reports.py` what is said of a file.
"""
