-- What is found in a text. Every row belongs to exactly one article or one fragment. It says where it stands in that
-- text and which engine, model, prompt and flow run made it. It is deleted when its item is deleted or replaced.

create table public.hechos (
  id bigint generated always as identity primary key,
  articulo_id bigint references public.articulos (id) on delete cascade,
  documento_id bigint,
  fragmento_id bigint,
  id_local integer not null,
  contenido text not null check (btrim(contenido) <> ''),
  fecha_ocurrencia tstzrange check (not isempty(fecha_ocurrencia)),
  precision_temporal text check (
    precision_temporal in ('exacta', 'dia', 'semana', 'mes', 'trimestre', 'año', 'decada', 'periodo')
  ),
  importancia smallint not null default 5 check (importancia between 1 and 10),
  importancia_motivos text,
  tipo_hecho text not null check (
    tipo_hecho in ('SUCESO', 'ANUNCIO', 'DECLARACION', 'BIOGRAFIA', 'CONCEPTO', 'NORMATIVA', 'EVENTO')
  ),
  pais text[] not null default '{}',
  region text[] not null default '{}',
  ciudad text[] not null default '{}',
  etiquetas text[] not null default '{}',
  frecuencia_citacion integer not null default 0,
  medios_principales text[] not null default '{}',
  total_menciones integer not null default 0,
  menciones_confirmatorias integer not null default 0,
  fecha_ingreso timestamptz not null default now(),
  evaluacion_editorial text not null default 'pendiente_revision_editorial' check (
    evaluacion_editorial in ('pendiente_revision_editorial', 'verificado_ok_editorial', 'declarado_falso_editorial')
  ),
  editor_evaluador text,
  fecha_evaluacion_editorial timestamptz,
  justificacion_evaluacion_editorial text,
  consenso_fuentes text not null default 'pendiente_analisis_fuentes' check (
    consenso_fuentes in (
      'pendiente_analisis_fuentes', 'confirmado_multiples_fuentes', 'sin_confirmacion_suficiente_fuentes',
      'en_disputa_por_hechos_contradictorios'
    )
  ),
  es_evento_futuro boolean not null default false,
  estado_programacion text check (
    estado_programacion in ('programado', 'confirmado', 'cancelado', 'modificado', 'realizado')
  ),
  confiabilidad_programacion smallint check (confiabilidad_programacion between 1 and 5),
  alerta_proximidad boolean not null default false,
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  duplicado_de_hecho_id bigint references public.hechos (id) on delete set null,
  complementado_en_hecho_id bigint references public.hechos (id) on delete set null,
  offset_inicio integer not null check (offset_inicio >= 0),
  offset_fin integer not null check (offset_fin > offset_inicio),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  constraint hechos_un_origen check (num_nonnulls(articulo_id, fragmento_id) = 1),
  constraint hechos_documento check ((documento_id is null) = (fragmento_id is null)),
  constraint hechos_fragmento_fkey foreign key (fragmento_id, documento_id)
    references public.fragmentos_extensos (id, documento_id) on delete cascade on update cascade,
  constraint hechos_articulo_id_local_key unique (articulo_id, id_local),
  constraint hechos_fragmento_id_local_key unique (fragmento_id, id_local)
);
comment on table public.hechos is
  'Facts: what happened, was said, decided or announced. The offsets are those of the passage that proves it.';
comment on column public.hechos.fecha_ocurrencia is
  'Both ends are included, so that a single day or instant is not empty. Null if the text gives no date.';
comment on column public.hechos.id_local is 'Its number within its item, from 1, as the extraction gave it.';

create index hechos_fecha_ocurrencia_idx on public.hechos using gist (fecha_ocurrencia);
create index hechos_tipo_idx on public.hechos (tipo_hecho, importancia desc);
create index hechos_pais_idx on public.hechos using gin (pais);
create index hechos_etiquetas_idx on public.hechos using gin (etiquetas);
create index hechos_documento_idx on public.hechos (documento_id) where documento_id is not null;
create index hechos_duplicado_de_idx on public.hechos (duplicado_de_hecho_id)
  where duplicado_de_hecho_id is not null;
create index hechos_complementado_en_idx on public.hechos (complementado_en_hecho_id)
  where complementado_en_hecho_id is not null;

create table public.hecho_articulo (
  hecho_id bigint not null references public.hechos (id) on delete cascade,
  articulo_id bigint not null references public.articulos (id) on delete cascade,
  texto_citado text,
  posicion integer,
  es_fuente_primaria boolean not null default true,
  confirma_hecho boolean not null default true,
  fecha_creacion timestamptz not null default now(),
  primary key (hecho_id, articulo_id)
);
comment on table public.hecho_articulo is
  'The articles that report a hecho: the one it was extracted from (es_fuente_primaria) and those found to repeat it.';

create index hecho_articulo_articulo_idx on public.hecho_articulo (articulo_id);

create table public.citas_textuales (
  id bigint generated always as identity primary key,
  articulo_id bigint references public.articulos (id) on delete cascade,
  documento_id bigint,
  fragmento_id bigint,
  id_local integer not null,
  cita text not null check (btrim(cita) <> ''),
  entidad_emisora_id bigint references public.entidades (id),
  hecho_contexto_id bigint references public.hechos (id) on delete set null,
  fecha_cita timestamptz,
  contexto text,
  etiquetas text[] not null default '{}',
  relevancia smallint not null default 3 check (relevancia between 1 and 5),
  offset_inicio integer not null check (offset_inicio >= 0),
  offset_fin integer not null check (offset_fin > offset_inicio),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  constraint citas_textuales_un_origen check (num_nonnulls(articulo_id, fragmento_id) = 1),
  constraint citas_textuales_documento check ((documento_id is null) = (fragmento_id is null)),
  constraint citas_textuales_fragmento_fkey foreign key (fragmento_id, documento_id)
    references public.fragmentos_extensos (id, documento_id) on delete cascade on update cascade,
  constraint citas_textuales_articulo_id_local_key unique (articulo_id, id_local),
  constraint citas_textuales_fragmento_id_local_key unique (fragmento_id, id_local)
);
comment on table public.citas_textuales is 'Quotations, word for word as they stand in the text at their offsets.';

create index citas_textuales_entidad_emisora_idx on public.citas_textuales (entidad_emisora_id);
create index citas_textuales_hecho_contexto_idx on public.citas_textuales (hecho_contexto_id);
create index citas_textuales_documento_idx on public.citas_textuales (documento_id) where documento_id is not null;

create table public.datos_cuantitativos (
  id bigint generated always as identity primary key,
  articulo_id bigint references public.articulos (id) on delete cascade,
  documento_id bigint,
  fragmento_id bigint,
  id_local integer not null,
  hecho_id bigint references public.hechos (id) on delete set null,
  indicador text not null check (btrim(indicador) <> ''),
  categoria text not null check (
    categoria in (
      'económico', 'demográfico', 'electoral', 'social', 'presupuestario', 'sanitario', 'ambiental', 'conflicto',
      'otro'
    )
  ),
  -- numeric also holds NaN and infinities, which no figure in a text is.
  valor_numerico numeric not null check (valor_numerico <> 'NaN' and abs(valor_numerico) < 'Infinity'),
  unidad text not null,
  ambito_geografico text[] not null default '{}',
  periodo_referencia_inicio date,
  periodo_referencia_fin date,
  tipo_periodo text check (
    tipo_periodo in ('anual', 'trimestral', 'mensual', 'semanal', 'diario', 'puntual', 'acumulado')
  ),
  valor_anterior numeric,
  variacion_absoluta numeric,
  variacion_porcentual numeric,
  tendencia text check (tendencia in ('aumento', 'disminución', 'estable')),
  fuente_especifica text,
  segmento_poblacion text,
  notas text,
  offset_inicio integer not null check (offset_inicio >= 0),
  offset_fin integer not null check (offset_fin > offset_inicio),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  constraint datos_cuantitativos_un_origen check (num_nonnulls(articulo_id, fragmento_id) = 1),
  constraint datos_cuantitativos_documento check ((documento_id is null) = (fragmento_id is null)),
  constraint datos_cuantitativos_periodo check (periodo_referencia_inicio <= periodo_referencia_fin),
  constraint datos_cuantitativos_fragmento_fkey foreign key (fragmento_id, documento_id)
    references public.fragmentos_extensos (id, documento_id) on delete cascade on update cascade,
  constraint datos_cuantitativos_articulo_id_local_key unique (articulo_id, id_local),
  constraint datos_cuantitativos_fragmento_id_local_key unique (fragmento_id, id_local)
);
comment on table public.datos_cuantitativos is 'Figures; the offsets are those of the number in the text.';

create index datos_cuantitativos_hecho_idx on public.datos_cuantitativos (hecho_id);
create index datos_cuantitativos_categoria_idx on public.datos_cuantitativos (categoria, periodo_referencia_inicio);
create index datos_cuantitativos_documento_idx on public.datos_cuantitativos (documento_id)
  where documento_id is not null;

create table public.eventos_programados (
  hecho_id bigint primary key references public.hechos (id) on delete cascade,
  fecha_programada tstzrange check (not isempty(fecha_programada)),
  estado text not null default 'programado' check (
    estado in ('programado', 'confirmado', 'cancelado', 'modificado', 'realizado')
  ),
  prioridad_cobertura smallint not null default 3 check (prioridad_cobertura between 1 and 5),
  notas text,
  fecha_creacion timestamptz not null default now()
);
comment on table public.eventos_programados is 'The agenda: hechos in the future (es_evento_futuro).';

create index eventos_programados_fecha_idx on public.eventos_programados using gist (fecha_programada);
