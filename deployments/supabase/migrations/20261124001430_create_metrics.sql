-- What was read, what failed and what it cost: counted where it is stored, so that no counter can be lost.

create function interno.numero(valor jsonb) returns numeric
language sql immutable parallel safe
set search_path = ''
as $$
  select case when jsonb_typeof(valor) = 'number' then (valor #>> '{}')::numeric else 0 end
$$;
comment on function interno.numero(jsonb) is 'A number, or 0 for anything else.';

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
  -- Articles that are stored, with all that they cost; what a replaced reading cost was spent, too.
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
  'Articles and fragments stored, discarded, errors by class (open and all), tokens, requests, cost (USD) and seconds '
  'that stages took, in all and by etapa, motor and modelo; per article mean and median. sin_precio: how often a stage '
  'used tokens of a model without a known price.';

revoke all on function interno.numero(jsonb) from public, anon, authenticated;
revoke all on function public.metricas() from public, anon, authenticated;
grant execute on function interno.numero(jsonb) to service_role;
grant execute on function public.metricas() to service_role;

notify pgrst, 'reload schema';
