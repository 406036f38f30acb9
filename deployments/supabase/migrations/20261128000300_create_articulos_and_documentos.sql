-- What is read: articles, and long documents with their fragments.

create table public.articulos (
  id bigint generated always as identity primary key,
  identidad text not null constraint articulos_identidad_key unique
    check (octet_length(identidad) between 1 and 2048),
  huella_contenido text not null check (huella_contenido <> ''),
  url text,
  storage_path text constraint articulos_storage_path_key unique,
  fuente text,
  medio text not null check (btrim(medio) <> ''),
  medio_url_principal text,
  pais_publicacion text not null check (btrim(pais_publicacion) <> ''),
  tipo_medio text not null check (
    tipo_medio in ('diario', 'agencia', 'televisión', 'radio', 'digital', 'oficial', 'blog', 'otro')
  ),
  titular text not null check (btrim(titular) <> ''),
  fecha_publicacion timestamptz not null,
  autor text,
  idioma text not null default 'es',
  seccion text,
  etiquetas_fuente text[] not null default '{}',
  es_opinion boolean not null default false,
  es_oficial boolean not null default false,
  resumen text,
  categorias_asignadas text[] not null default '{}',
  puntuacion_relevancia smallint check (puntuacion_relevancia between 0 and 10),
  fecha_recopilacion timestamptz,
  fecha_procesamiento timestamptz not null default now(),
  estado_procesamiento text not null default 'pendiente' check (
    estado_procesamiento in (
      'pendiente', 'procesando', 'completado', 'descartado', 'error_prefiltrado', 'error_relevancia',
      'error_extraccion', 'error_normalizacion', 'error_bd'
    )
  ),
  error_detalle text,
  contenido_texto text not null,
  contenido_html text,
  texto_traducido text,
  triaje jsonb,
  decision text generated always as (triaje ->> 'decision') stored
    check (decision in ('PROCESAR', 'CONSIDERAR', 'DESCARTAR')),
  advertencias text[] not null default '{}',
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  motor text not null,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now()
);
comment on table public.articulos is
  'One row for each article, also for those that triage discarded (estado_procesamiento = descartado).';
comment on column public.articulos.identidad is
  'The url, else a hash of who says what and when: an article is stored once.';
comment on column public.articulos.huella_contenido is
  'A hash of the content: when it changes, the extraction is replaced.';
comment on column public.articulos.contenido_texto is
  'The text as received, character by character: offset_inicio and offset_fin of every extracted row point into it.';

create index articulos_fecha_publicacion_idx on public.articulos (fecha_publicacion desc);
create index articulos_medio_idx on public.articulos (medio, fecha_publicacion desc);
create index articulos_decision_idx on public.articulos (decision);

create table public.documentos_extensos (
  id bigint generated always as identity primary key,
  identidad text not null constraint documentos_extensos_identidad_key unique
    check (octet_length(identidad) between 1 and 2048),
  huella_contenido text not null check (huella_contenido <> ''),
  titulo text not null check (btrim(titulo) <> ''),
  autor text,
  fecha_publicacion date,
  tipo_documento text not null check (
    tipo_documento in ('libro', 'paper', 'ley', 'tratado', 'informe', 'manual', 'otro')
  ),
  storage_path text constraint documentos_extensos_storage_path_key unique,
  num_fragmentos integer check (num_fragmentos > 0),
  procesado boolean not null default false,
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  fecha_creacion timestamptz not null default now(),
  fecha_actualizacion timestamptz not null default now()
);
comment on table public.documentos_extensos is 'Laws, reports, books: read in fragments.';
comment on column public.documentos_extensos.procesado is
  'True if exactly the fragments of the current content are stored. completar_documento sets it.';

create table public.fragmentos_extensos (
  id bigint generated always as identity primary key,
  identidad text not null constraint fragmentos_extensos_identidad_key unique
    check (octet_length(identidad) between 1 and 2048),
  huella_contenido text not null check (huella_contenido <> ''),
  documento_id bigint not null references public.documentos_extensos (id) on delete cascade,
  huella_documento text not null,
  indice_secuencial integer not null check (indice_secuencial >= 0),
  titulo_seccion text,
  contenido text not null,
  num_pagina_inicio integer check (num_pagina_inicio >= 0),
  num_pagina_fin integer check (num_pagina_fin >= num_pagina_inicio),
  offset_inicio integer check (offset_inicio >= 0),
  offset_fin integer check (offset_fin > offset_inicio),
  texto_traducido text,
  estado_procesamiento text not null check (estado_procesamiento in ('completado', 'descartado')),
  triaje jsonb,
  decision text generated always as (triaje ->> 'decision') stored
    check (decision in ('PROCESAR', 'CONSIDERAR', 'DESCARTAR')),
  advertencias text[] not null default '{}',
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  motor text not null,
  flow_run_id uuid,
  fecha_procesamiento timestamptz not null default now(),
  fecha_creacion timestamptz not null default now(),
  -- While a changed document is read again, its new fragments stand beside the old ones. completar_documento gives all
  -- of them their places in one statement; within it two fragments may have the same place for a moment: hence
  -- deferrable.
  constraint fragmentos_extensos_indice_key unique (documento_id, huella_documento, indice_secuencial) deferrable,
  -- Extracted rows refer to this pair, so that their documento_id cannot differ from their fragment's.
  constraint fragmentos_extensos_documento_key unique (id, documento_id)
);
comment on table public.fragmentos_extensos is
  'A piece of a long document. Its offset_inicio and offset_fin are its place in the document; those of the rows '
  'extracted from it point into its contenido.';
