-- Who takes part in what, and how hechos and entidades are related.
-- An entidad that is in use cannot be deleted (no ON DELETE): entidades are merged, with fusionada_en_id.

create table public.entidad_articulo (
  articulo_id bigint not null references public.articulos (id) on delete cascade,
  entidad_id bigint not null references public.entidades (id),
  nombre_mencionado text not null,
  relevancia smallint not null default 5 check (relevancia between 1 and 10),
  es_nueva boolean not null,
  offset_inicio integer check (offset_inicio >= 0),
  offset_fin integer check (offset_fin > offset_inicio),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  primary key (articulo_id, entidad_id),
  constraint entidad_articulo_offsets check ((offset_inicio is null) = (offset_fin is null))
);
comment on table public.entidad_articulo is
  'The entidades that an article names, with the offsets of the first mention. es_nueva: the article was the first to '
  'name it.';

create index entidad_articulo_entidad_idx on public.entidad_articulo (entidad_id);

create table public.entidad_fragmento (
  fragmento_id bigint not null references public.fragmentos_extensos (id) on delete cascade,
  entidad_id bigint not null references public.entidades (id),
  nombre_mencionado text not null,
  relevancia smallint not null default 5 check (relevancia between 1 and 10),
  es_nueva boolean not null,
  offset_inicio integer check (offset_inicio >= 0),
  offset_fin integer check (offset_fin > offset_inicio),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  primary key (fragmento_id, entidad_id),
  constraint entidad_fragmento_offsets check ((offset_inicio is null) = (offset_fin is null))
);
comment on table public.entidad_fragmento is 'The entidades that a fragment names; as entidad_articulo.';

create index entidad_fragmento_entidad_idx on public.entidad_fragmento (entidad_id);

create table public.hecho_entidad (
  hecho_id bigint not null references public.hechos (id) on delete cascade,
  entidad_id bigint not null references public.entidades (id),
  tipo_relacion text not null check (
    tipo_relacion in (
      'protagonista', 'mencionado', 'afectado', 'declarante', 'ubicacion', 'contexto', 'victima', 'agresor',
      'organizador', 'participante', 'otro'
    )
  ),
  relevancia_en_hecho smallint not null default 5 check (relevancia_en_hecho between 1 and 10),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  primary key (hecho_id, entidad_id, tipo_relacion)
);
comment on table public.hecho_entidad is 'The part that an entidad has in a hecho.';

create index hecho_entidad_entidad_idx on public.hecho_entidad (entidad_id);

create table public.hecho_relacionado (
  hecho_origen_id bigint not null references public.hechos (id) on delete cascade,
  hecho_destino_id bigint not null references public.hechos (id) on delete cascade,
  tipo_relacion text not null check (
    tipo_relacion in (
      'causa', 'consecuencia', 'contexto_historico', 'respuesta_a', 'aclaracion_de', 'version_alternativa',
      'seguimiento_de'
    )
  ),
  fuerza_relacion smallint not null default 5 check (fuerza_relacion between 1 and 10),
  descripcion_relacion text,
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  primary key (hecho_origen_id, hecho_destino_id, tipo_relacion),
  constraint hecho_relacionado_distintos check (hecho_origen_id <> hecho_destino_id)
);
comment on table public.hecho_relacionado is 'How one hecho is related to another.';

create index hecho_relacionado_destino_idx on public.hecho_relacionado (hecho_destino_id);

create table public.entidad_relacion (
  id bigint generated always as identity primary key,
  entidad_origen_id bigint not null references public.entidades (id),
  entidad_destino_id bigint not null references public.entidades (id),
  tipo_relacion text not null check (
    tipo_relacion in (
      'miembro_de', 'subsidiaria_de', 'aliado_con', 'opositor_a', 'sucesor_de', 'predecesor_de', 'casado_con',
      'familiar_de', 'empleado_de'
    )
  ),
  descripcion text,
  fecha_inicio date,
  fecha_fin date,
  fuerza_relacion smallint not null default 5 check (fuerza_relacion between 1 and 10),
  articulo_id bigint references public.articulos (id) on delete cascade,
  fragmento_id bigint references public.fragmentos_extensos (id) on delete cascade,
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  constraint entidad_relacion_distintas check (entidad_origen_id <> entidad_destino_id),
  constraint entidad_relacion_fechas check (fecha_inicio <= fecha_fin),
  constraint entidad_relacion_un_origen check (num_nonnulls(articulo_id, fragmento_id) = 1),
  constraint entidad_relacion_articulo_key
    unique (articulo_id, entidad_origen_id, entidad_destino_id, tipo_relacion),
  constraint entidad_relacion_fragmento_key
    unique (fragmento_id, entidad_origen_id, entidad_destino_id, tipo_relacion)
);
comment on table public.entidad_relacion is
  'How one entidad is related to another, according to one item. Several items that say the same leave several rows, '
  'so that replacing one article removes only its own statement.';

create index entidad_relacion_origen_idx on public.entidad_relacion (entidad_origen_id, tipo_relacion);
create index entidad_relacion_destino_idx on public.entidad_relacion (entidad_destino_id, tipo_relacion);

create table public.contradicciones (
  id bigint generated always as identity primary key,
  hecho_principal_id bigint not null references public.hechos (id) on delete cascade,
  hecho_contradictorio_id bigint not null references public.hechos (id) on delete cascade,
  tipo text not null check (tipo in ('fecha', 'contenido', 'entidades', 'ubicacion', 'valor', 'completa')),
  grado smallint not null default 3 check (grado between 1 and 5),
  descripcion text,
  estado_resolucion text not null default 'pendiente' check (
    estado_resolucion in ('pendiente', 'analizada', 'resuelta', 'ignorada')
  ),
  motor text not null,
  modelo text not null,
  prompt text,
  huella_prompt text,
  flow_run_id uuid,
  fecha_creacion timestamptz not null default now(),
  constraint contradicciones_distintos check (hecho_principal_id <> hecho_contradictorio_id),
  constraint contradicciones_key unique (hecho_principal_id, hecho_contradictorio_id, tipo)
);
comment on table public.contradicciones is 'Pairs of hechos that cannot both be true as they stand.';

create index contradicciones_contradictorio_idx on public.contradicciones (hecho_contradictorio_id);
