"""Whatever a newsroom has comes in here: a file, a feed or a page of any tool becomes an `Articulo`.

Begin with `articles.py`, which walks the whole way: `files` finds the records in a file, `shapes` recognises
which tool wrote a record and names its fields, `values` reads each value, `derive` adds what follows from the
rest and says so. What the source does not say is null.
"""
