-- The planner reads a table of a few thousand rows from end to end to join ten pairs to it.

alter function public.listar_entidades_similares(text, integer, bigint) set enable_seqscan = off;
