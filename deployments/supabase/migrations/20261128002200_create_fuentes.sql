-- The sources that are looked at by themselves: what is known of each since its last look, and the entries that gave no
-- article.

create table public.fuentes (
  url text primary key check (btrim(url) <> ''),
  etag text,
  last_modified text,
  ultima_lectura timestamptz not null,
  ultimo_exito timestamptz,
  proxima_lectura timestamptz not null,
  fallos integer not null default 0 check (fallos >= 0),
  ultimo_error text,
  leidos integer not null default 0 check (leidos >= 0),
  nuevos integer not null default 0 check (nuevos >= 0),
  total_nuevos bigint not null default 0 check (total_nuevos >= 0),
  flow_run_id uuid
);
comment on table public.fuentes is
  'Feeds, sitemaps and WordPress sites that fetch-feeds has looked at. Which ones there are stands in sources.yaml.';
comment on column public.fuentes.etag is
  'What the source said at the last look whose articles have all ended; the next look asks only for what is newer.';
comment on column public.fuentes.fallos is 'Looks that failed since the last one that did not.';
comment on column public.fuentes.leidos is 'Entries that the source listed at its last look with an answer.';
comment on column public.fuentes.nuevos is 'Articles that the last look gave.';

create table public.entradas_rechazadas (
  identidad text primary key check (btrim(identidad) <> ''),
  fuente text not null,
  motivo text not null,
  definitivo boolean not null,
  intentos integer not null default 1 check (intentos >= 1),
  primer_intento timestamptz not null default now(),
  ultimo_intento timestamptz not null default now(),
  flow_run_id uuid
);
comment on table public.entradas_rechazadas is
  'Entries of sources that are no article, or whose page cannot be had. One with definitivo is not tried again.';

-- identidades_conocidas looks for letters that a person has discarded; the open ones have an index already.
create index pipeline_errores_descartado_idx on public.pipeline_errores (identidad) where estado = 'descartado';

create function public.leer_fuentes(urls text[] default null) returns jsonb
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select coalesce(jsonb_agg(to_jsonb(f) order by f.url), '[]')
  from public.fuentes f
  where leer_fuentes.urls is null or f.url = any (leer_fuentes.urls)
$$;
comment on function public.leer_fuentes(text[]) is
  'Returns what is known of these sources, of all without urls. A source that was never looked at is not among them.';

create function public.anotar_fuente(datos_json jsonb) returns jsonb
language sql
set search_path = ''
set timezone = 'UTC'
as $$
  insert into public.fuentes as f (
    url, etag, last_modified, ultima_lectura, ultimo_exito, proxima_lectura, fallos, ultimo_error, leidos, nuevos,
    total_nuevos, flow_run_id
  )
  select d.url, d.etag, d.last_modified, d.ultima_lectura, d.ultimo_exito, d.proxima_lectura, coalesce(d.fallos, 0),
    d.ultimo_error, coalesce(d.leidos, 0), coalesce(d.nuevos, 0), coalesce(d.nuevos, 0), d.flow_run_id
  from jsonb_populate_record(null::public.fuentes, datos_json) as d
  on conflict (url) do update set
    etag = excluded.etag, last_modified = excluded.last_modified, ultima_lectura = excluded.ultima_lectura,
    ultimo_exito = coalesce(excluded.ultimo_exito, f.ultimo_exito), proxima_lectura = excluded.proxima_lectura,
    fallos = excluded.fallos, ultimo_error = excluded.ultimo_error,
    leidos = case when datos_json ->> 'leidos' is null then f.leidos else excluded.leidos end,
    nuevos = excluded.nuevos,
    -- A run that notes its look twice (the first answer was lost) counts once.
    total_nuevos = f.total_nuevos + case when f.flow_run_id = excluded.flow_run_id then 0 else excluded.nuevos end,
    flow_run_id = excluded.flow_run_id
  returning to_jsonb(f)
$$;
comment on function public.anotar_fuente(jsonb) is
  'Notes a look at a source, whose keys are the columns of fuentes. ultimo_exito and leidos stay as they are where they '
  'are null; nuevos is added to total_nuevos once for each flow run. Returns the row.';

create function public.identidades_conocidas(identidades text[]) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(distinct i.identidad), '[]')
  from unnest(identidades_conocidas.identidades) as i(identidad)
  where exists (select from public.articulos a where a.identidad = i.identidad)
    or exists (select from public.entradas_rechazadas r where r.identidad = i.identidad and r.definitivo)
    or exists (
      select from public.pipeline_errores e
      where e.identidad = i.identidad and e.estado not in ('resuelto', 'descartado')
    )
    or exists (select from public.pipeline_errores e where e.identidad = i.identidad and e.estado = 'descartado')
$$;
comment on function public.identidades_conocidas(text[]) is
  'Returns which of these need not be read: stored as an article, refused for good, or with a dead letter that is open '
  'or was discarded.';

create function public.anotar_entradas_rechazadas(datos_json jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_por_reintentar integer;
begin
  with dadas as (
    select distinct on (d.identidad) d.identidad, d.fuente, d.motivo, d.definitivo
    from jsonb_to_recordset(datos_json -> 'entradas') as d(identidad text, fuente text, motivo text, definitivo boolean)
    -- All transactions lock the rows in one order.
    order by d.identidad
  ),
  anotadas as (
    insert into public.entradas_rechazadas as r (identidad, fuente, motivo, definitivo, flow_run_id)
    select d.identidad, d.fuente, d.motivo, d.definitivo, (datos_json ->> 'flow_run_id')::uuid
    from dadas d
    on conflict (identidad) do update set
      fuente = excluded.fuente, motivo = excluded.motivo, ultimo_intento = now(), flow_run_id = excluded.flow_run_id,
      intentos = r.intentos + case when r.flow_run_id = excluded.flow_run_id then 0 else 1 end,
      definitivo = excluded.definitivo
        or r.intentos + case when r.flow_run_id = excluded.flow_run_id then 0 else 1 end >= 5
    returning r.definitivo
  )
  select count(*) filter (where not a.definitivo) into v_por_reintentar from anotadas a;
  return jsonb_build_object('por_reintentar', v_por_reintentar);
end
$$;
comment on function public.anotar_entradas_rechazadas(jsonb) is
  'Notes entradas (identidad, fuente, motivo, definitivo) that gave no article in the run flow_run_id. After five runs '
  'an entry is refused for good. Returns {"por_reintentar"}: how many of them are to be tried again.';

create or replace function public.resumen_base() returns jsonb
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
    'consumo_etapas', (select count(*) from public.consumo_etapas),
    'fuentes', (select count(*) from public.fuentes),
    'entradas_rechazadas', (select count(*) from public.entradas_rechazadas)
  )
$$;

create view tablero.fuentes as
select f.url, f.ultima_lectura, f.ultimo_exito, f.proxima_lectura, f.fallos, f.leidos, f.nuevos, f.total_nuevos,
  (select count(*) from public.entradas_rechazadas r where r.fuente = f.url and r.definitivo) as rechazados
from public.fuentes f;
comment on view tablero.fuentes is 'Las fuentes que se leen solas: cuándo se leyeron, qué dieron y cuáles fallan.';
create index entradas_rechazadas_fuente_idx on public.entradas_rechazadas (fuente);

do $$
declare
  v_tabla text;
  v_funcion regprocedure;
begin
  foreach v_tabla in array array['fuentes', 'entradas_rechazadas'] loop
    execute format('alter table public.%I enable row level security', v_tabla);
    execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v_tabla);
    execute format('grant select, insert, update on table public.%I to service_role', v_tabla);
  end loop;
  foreach v_funcion in array array[
    'public.leer_fuentes(text[])',
    'public.anotar_fuente(jsonb)',
    'public.identidades_conocidas(text[])',
    'public.anotar_entradas_rechazadas(jsonb)'
  ]::regprocedure[] loop
    execute format('revoke all on function %s from public, anon, authenticated', v_funcion);
    execute format('grant execute on function %s to service_role', v_funcion);
  end loop;
  grant select on tablero.fuentes to lectura_tablero;
end
$$;

notify pgrst, 'reload schema';
