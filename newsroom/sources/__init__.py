"""Where a newsroom's articles come from by themselves: feeds, sitemaps, WordPress, and pages.

Begin with `reading.py`, which fetches one source. `fetching.py` is the only place that opens a connection.
"""
