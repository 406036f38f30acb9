-- Items that failed for good, and what each stage of each item cost.

create table public.pipeline_errores (
  id bigint generated always as identity primary key,
  identidad text,
  flow_run_id uuid,
  etapa text not null check (btrim(etapa) <> ''),
  clase_error text not null check (btrim(clase_error) <> ''),
  mensaje text not null,
  transitorio boolean not null,
  intentos integer not null check (intentos >= 0),
  entrada jsonb,
  proximo_intento timestamptz,
  historial jsonb not null default '[]' check (jsonb_typeof(historial) = 'array'),
  severidad text not null default 'media' check (severidad in ('baja', 'media', 'alta', 'critica')),
  estado text not null check (
    estado in ('en_reintentos', 'intervencion_requerida', 'en_diagnostico', 'resuelto', 'descartado')
  ),
  resolucion text,
  primer_error timestamptz not null default now(),
  ultimo_error timestamptz not null default now(),
  fecha_resolucion timestamptz
);
comment on table public.pipeline_errores is
  'Dead letters: items that failed for good, with the stage and the cause. At most one open row for each identidad.';

create unique index pipeline_errores_abierto_key on public.pipeline_errores (identidad)
  where estado not in ('resuelto', 'descartado');
create index pipeline_errores_pendientes_idx on public.pipeline_errores (proximo_intento)
  where estado = 'en_reintentos';

create table public.consumo_etapas (
  id bigint generated always as identity primary key,
  articulo_id bigint references public.articulos (id) on delete set null,
  fragmento_id bigint references public.fragmentos_extensos (id) on delete set null,
  huella_contenido text not null,
  etapa text not null check (btrim(etapa) <> ''),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  parametros jsonb not null default '{}' check (jsonb_typeof(parametros) = 'object'),
  tokens_entrada bigint not null default 0 check (tokens_entrada >= 0),
  tokens_salida bigint not null default 0 check (tokens_salida >= 0),
  tokens_cache bigint not null default 0 check (tokens_cache >= 0),
  costo_usd numeric check (costo_usd >= 0),
  detalle jsonb not null default '{}',
  flow_run_id uuid,
  fecha timestamptz not null default now(),
  constraint consumo_etapas_un_origen check (num_nonnulls(articulo_id, fragmento_id) <= 1)
);
comment on table public.consumo_etapas is
  'Tokens and money of each stage. A row stays when the extraction is replaced or the item deleted: the money was '
  'spent.';
comment on column public.consumo_etapas.detalle is 'What else the stage reports (peticiones, segundos).';

create index consumo_etapas_articulo_idx on public.consumo_etapas (articulo_id);
create index consumo_etapas_fragmento_idx on public.consumo_etapas (fragmento_id);
create index consumo_etapas_fecha_idx on public.consumo_etapas (fecha);
