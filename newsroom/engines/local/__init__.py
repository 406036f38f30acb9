"""The local engine: reads Spanish news by rules and dictionaries, without a model, a key or a network.

It finds names, quotations, figures, dates and hechos with their relations, and it scores articles. Everything
it finds stands in the text verbatim. It cannot translate, it reads no other language, and it knows nothing
about the world but its tables. If it is in doubt, it leaves an item out.

Read its modules in this order; each uses only modules that come before it:

1. Words: `rules`, `word_classes`, `gazetteer`, `topics`, `verbs`.
2. Names: `sentences`, `capitals`, `joining`, `names`, `kinds`, `entities`, `offices`.
3. Dates: `calendar`, `date_readers`, `dates`. Marks of speech: `interviews`, `quotes`.
4. `page`: one text with all of this read from it.
5. Stage `elementos`: `statements`, `timing`, `geography`, `hechos`, `elements`.
6. Stage `citas_y_datos`: `references`, `subjects`, `speakers`, `units`, `indicators`, `figures`,
   `quotes_and_figures`.
7. Stage `relaciones`: `told`, `roles`, `appositions`, `links`, `sequence`, `contradictions`, `importance`,
   `relations`.
8. Stage `triaje`: `triage`. All stages together: `engine`.
"""

from newsroom.engines.local.engine import LocalEngine

__all__ = ["LocalEngine"]
