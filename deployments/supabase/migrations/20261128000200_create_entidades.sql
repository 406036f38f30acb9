-- People, institutions, places: everything that mentions them shares one row, which outlives any one article.

create table public.entidades (
  id bigint generated always as identity primary key,
  nombre text not null check (char_length(nombre) between 1 and 300 and btrim(nombre) <> ''),
  tipo text not null check (
    tipo in ('PERSONA', 'ORGANIZACION', 'INSTITUCION', 'LUGAR', 'EVENTO', 'NORMATIVA', 'CONCEPTO')
  ),
  descripcion text,
  alias text[] not null default '{}',
  fecha_nacimiento date,
  fecha_disolucion date,
  wikidata_id text check (wikidata_id ~ '^Q[0-9]{1,18}$'),
  relevancia smallint not null default 5 check (relevancia between 1 and 10),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  fusionada_en_id bigint references public.entidades (id) check (fusionada_en_id <> id),
  nombre_normalizado text collate "C" not null
    generated always as (interno.normalizar_nombre(nombre)) stored,
  claves_enlace text[] collate "C" not null
    generated always as (interno.claves_enlace(array_prepend(nombre, alias))) stored,
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  fecha_actualizacion timestamptz not null default now(),
  constraint entidades_tipo_nombre_key unique (tipo, nombre_normalizado)
);
comment on table public.entidades is
  'One row for each (tipo, normalized nombre). A row with fusionada_en_id was merged into that other row. motor, '
  'modelo, prompt and flow_run_id are those of the item that named it first.';
comment on column public.entidades.nombre_normalizado is 'interno.normalizar_nombre(nombre): what makes a name unique.';
comment on column public.entidades.claves_enlace is
  'interno.claves_enlace of nombre and alias: how linking finds the row.';

create index entidades_nombre_trgm_idx on public.entidades
  using gin (nombre_normalizado extensions.gin_trgm_ops);
create index entidades_fusionada_en_idx on public.entidades (fusionada_en_id) where fusionada_en_id is not null;
create index entidades_claves_enlace_idx on public.entidades using gin (claves_enlace);

create function interno.raiz_entidad(entidad_id bigint) returns bigint
language sql stable strict
set search_path = ''
as $$
  with recursive camino as (
    select e.id, e.fusionada_en_id from public.entidades e where e.id = raiz_entidad.entidad_id
    -- UNION, not UNION ALL: so the query ends even if merges run in a circle.
    union
    select e.id, e.fusionada_en_id from public.entidades e join camino c on e.id = c.fusionada_en_id
  )
  select c.id from camino c where c.fusionada_en_id is null
$$;
comment on function interno.raiz_entidad(bigint) is
  'Returns the entidad at the end of the merges of this one: itself if it was never merged. Null if it does not exist '
  'or the merges run in a circle.';
