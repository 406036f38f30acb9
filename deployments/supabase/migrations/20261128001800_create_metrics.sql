-- Totals: what was read, what failed and what it cost, counted where it is stored; and the state of the database.

create function interno.numero(valor jsonb) returns numeric
language sql immutable parallel safe
set search_path = ''
as $$
  select case when jsonb_typeof(valor) = 'number' then (valor #>> '{}')::numeric else 0 end
$$;
comment on function interno.numero(jsonb) is 'Returns the number, or 0 for anything else.';

create function public.metricas() returns jsonb
language sql stable
set search_path = ''
as $$
  with etapas as materialized (
    select c.etapa, c.motor, c.modelo, count(*) as ejecuciones, sum(interno.numero(c.detalle -> 'peticiones')) as peticiones,
      sum(c.tokens_entrada) as tokens_entrada, sum(c.tokens_salida) as tokens_salida,
      sum(c.tokens_cache) as tokens_cache, coalesce(sum(c.costo_usd), 0) as costo_usd,
      count(*) filter (where c.costo_usd is null and c.tokens_entrada + c.tokens_salida > 0) as sin_precio,
      sum(interno.numero(c.detalle -> 'segundos')) as segundos
    from public.consumo_etapas c
    group by c.etapa, c.motor, c.modelo
  ),
  -- The articles that are stored, with all that they cost; what a replaced reading cost is included.
  por_articulo as (
    select a.id, coalesce(sum(c.tokens_entrada + c.tokens_salida), 0) as tokens, coalesce(sum(c.costo_usd), 0) as costo
    from public.articulos a left join public.consumo_etapas c on c.articulo_id = a.id
    group by a.id
  ),
  errores as (
    select e.clase_error, count(*) as total,
      count(*) filter (where e.estado not in ('resuelto', 'descartado')) as abiertos
    from public.pipeline_errores e group by e.clase_error
  )
  select jsonb_build_object(
    'articulos_procesados', (select count(*) from public.articulos),
    'fragmentos_procesados', (select count(*) from public.fragmentos_extensos),
    'descartados', (select count(*) from public.articulos a where a.decision = 'DESCARTAR'),
    'articulos_por_decision', (
      select coalesce(jsonb_object_agg(d.decision, d.n), '{}')
      from (
        select coalesce(a.decision, 'sin_decision') as decision, count(*) as n from public.articulos a group by 1
      ) as d
    ),
    'articulos_por_estado', (
      select coalesce(jsonb_object_agg(d.estado_procesamiento, d.n), '{}')
      from (
        select a.estado_procesamiento, count(*) as n from public.articulos a group by 1
      ) as d
    ),
    'errores', (select coalesce(sum(e.total), 0) from errores e),
    'errores_abiertos', (select coalesce(sum(e.abiertos), 0) from errores e),
    'errores_por_clase', (
      select coalesce(jsonb_agg(to_jsonb(e) order by e.abiertos desc, e.total desc, e.clase_error), '[]') from errores e
    ),
    'tiempo_total_procesamiento', (select coalesce(sum(e.segundos), 0) from etapas e),
    'peticiones', (select coalesce(sum(e.peticiones), 0) from etapas e),
    'tokens_entrada', (select coalesce(sum(e.tokens_entrada), 0) from etapas e),
    'tokens_salida', (select coalesce(sum(e.tokens_salida), 0) from etapas e),
    'tokens_cache', (select coalesce(sum(e.tokens_cache), 0) from etapas e),
    'costo_usd', (select coalesce(sum(e.costo_usd), 0) from etapas e),
    'sin_precio', (select coalesce(sum(e.sin_precio), 0) from etapas e),
    'por_articulo', (
      select jsonb_build_object(
        'tokens_media', coalesce(avg(p.tokens), 0),
        'tokens_mediana', coalesce(percentile_cont(0.5) within group (order by p.tokens::double precision), 0),
        'costo_usd_media', coalesce(avg(p.costo), 0),
        'costo_usd_mediana', coalesce(percentile_cont(0.5) within group (order by p.costo::double precision), 0)
      )
      from por_articulo p
    ),
    'etapas', (select coalesce(jsonb_agg(to_jsonb(e) order by e.etapa, e.motor, e.modelo), '[]') from etapas e)
  )
$$;
comment on function public.metricas() is
  'Returns totals: articles and fragments, discarded ones, errors by class (open and all); tokens, requests, cost '
  '(USD) and seconds of the stages, in all and by etapa, motor and modelo; mean and median per article. sin_precio: '
  'how often a stage used tokens of a model without a known price.';

create function public.resumen_base() returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'articulos', (select count(*) from public.articulos),
    'documentos_extensos', (select count(*) from public.documentos_extensos),
    'fragmentos_extensos', (select count(*) from public.fragmentos_extensos),
    'entidades', (select count(*) from public.entidades),
    'hechos', (select count(*) from public.hechos),
    'citas_textuales', (select count(*) from public.citas_textuales),
    'datos_cuantitativos', (select count(*) from public.datos_cuantitativos),
    'entidad_articulo', (select count(*) from public.entidad_articulo),
    'entidad_fragmento', (select count(*) from public.entidad_fragmento),
    'hecho_articulo', (select count(*) from public.hecho_articulo),
    'hecho_entidad', (select count(*) from public.hecho_entidad),
    'hecho_relacionado', (select count(*) from public.hecho_relacionado),
    'entidad_relacion', (select count(*) from public.entidad_relacion),
    'contradicciones', (select count(*) from public.contradicciones),
    'eventos_programados', (select count(*) from public.eventos_programados),
    'pipeline_errores', (select count(*) from public.pipeline_errores),
    'consumo_etapas', (select count(*) from public.consumo_etapas)
  )
$$;
comment on function public.resumen_base() is 'Returns the number of rows of each table.';

create function public.nivel_migraciones() returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if not exists (
    select from pg_catalog.pg_class c
    join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'supabase_migrations' and c.relname = 'schema_migrations'
  ) then
    return null;
  end if;
  return (select max(m.version collate "C") from supabase_migrations.schema_migrations m);
end
$$;
comment on function public.nivel_migraciones() is
  'Returns the version of the last migration that the Supabase CLI or noticias applied; null if neither keeps a record '
  'here.';
