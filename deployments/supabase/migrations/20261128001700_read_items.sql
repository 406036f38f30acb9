-- Reading what is stored: an article with everything found in it, lists of articles and documents.

create function interno.leer_extraccion(item interno.item) returns jsonb
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  with propios as (
    select h.* from public.hechos h
    where h.articulo_id = (item).articulo_id or h.fragmento_id = (item).fragmento_id
  ),
  menciones as (
    select m.entidad_id, m.nombre_mencionado, m.relevancia, m.es_nueva, m.offset_inicio, m.offset_fin
    from public.entidad_articulo m where m.articulo_id = (item).articulo_id
    union all
    select m.entidad_id, m.nombre_mencionado, m.relevancia, m.es_nueva, m.offset_inicio, m.offset_fin
    from public.entidad_fragmento m where m.fragmento_id = (item).fragmento_id
  )
  select jsonb_build_object(
    'hechos', (
      select coalesce(jsonb_agg(
        to_jsonb(h) - array['fecha_ocurrencia']
          || jsonb_build_object(
            'fecha', jsonb_build_object('inicio', lower(h.fecha_ocurrencia), 'fin', upper(h.fecha_ocurrencia)),
            'evento_programado', (
              select jsonb_build_object('estado', p.estado, 'prioridad_cobertura', p.prioridad_cobertura)
              from public.eventos_programados p where p.hecho_id = h.id
            )
          )
        order by h.id_local), '[]')
      from propios h
    ),
    'entidades', (
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'id', e.id, 'nombre', e.nombre, 'tipo', e.tipo, 'alias', e.alias, 'descripcion', e.descripcion,
          'fecha_nacimiento', e.fecha_nacimiento, 'fecha_disolucion', e.fecha_disolucion,
          'fusionada_en_id', e.fusionada_en_id, 'nombre_mencionado', m.nombre_mencionado, 'relevancia', m.relevancia,
          'es_nueva', m.es_nueva, 'offset_inicio', m.offset_inicio, 'offset_fin', m.offset_fin
        )
        order by m.offset_inicio nulls last, e.id), '[]')
      from menciones m join public.entidades e on e.id = m.entidad_id
    ),
    'citas_textuales', (
      select coalesce(jsonb_agg(
        to_jsonb(c) || jsonb_build_object('entidad_emisora', e.nombre, 'hecho_contexto', h.contenido)
        order by c.id_local), '[]')
      from public.citas_textuales c
      left join public.entidades e on e.id = c.entidad_emisora_id
      left join public.hechos h on h.id = c.hecho_contexto_id
      where c.articulo_id = (item).articulo_id or c.fragmento_id = (item).fragmento_id
    ),
    'datos_cuantitativos', (
      select coalesce(jsonb_agg(to_jsonb(d) || jsonb_build_object('hecho', h.contenido) order by d.id_local), '[]')
      from public.datos_cuantitativos d left join public.hechos h on h.id = d.hecho_id
      where d.articulo_id = (item).articulo_id or d.fragmento_id = (item).fragmento_id
    ),
    'relaciones', jsonb_build_object(
      'hecho_entidad', (
        select coalesce(jsonb_agg(
          to_jsonb(r) || jsonb_build_object('hecho', h.contenido, 'entidad', e.nombre)
          order by h.id_local, e.nombre, r.tipo_relacion), '[]')
        from public.hecho_entidad r
        join propios h on h.id = r.hecho_id
        join public.entidades e on e.id = r.entidad_id
      ),
      'hecho_relacionado', (
        select coalesce(jsonb_agg(
          to_jsonb(r) || jsonb_build_object('hecho_origen', o.contenido, 'hecho_destino', d.contenido)
          order by o.id_local, d.id_local, r.tipo_relacion), '[]')
        from public.hecho_relacionado r
        join propios o on o.id = r.hecho_origen_id
        join public.hechos d on d.id = r.hecho_destino_id
      ),
      'entidad_relacion', (
        select coalesce(jsonb_agg(
          to_jsonb(r) || jsonb_build_object('entidad_origen', o.nombre, 'entidad_destino', d.nombre)
          order by o.nombre, d.nombre, r.tipo_relacion), '[]')
        from public.entidad_relacion r
        join public.entidades o on o.id = r.entidad_origen_id
        join public.entidades d on d.id = r.entidad_destino_id
        where r.articulo_id = (item).articulo_id or r.fragmento_id = (item).fragmento_id
      ),
      'contradicciones', (
        select coalesce(jsonb_agg(
          to_jsonb(r) || jsonb_build_object('hecho_principal', p.contenido, 'hecho_contradictorio', c.contenido)
          order by p.id_local, c.id_local, r.tipo), '[]')
        from public.contradicciones r
        join propios p on p.id = r.hecho_principal_id
        join public.hechos c on c.id = r.hecho_contradictorio_id
      )
    ),
    'consumo_etapas', (
      select coalesce(jsonb_agg(to_jsonb(c) order by c.id), '[]')
      from public.consumo_etapas c
      where c.articulo_id = (item).articulo_id or c.fragmento_id = (item).fragmento_id
    ),
    'conteos', interno.contar_extraccion(item)
  )
$$;
comment on function interno.leer_extraccion(interno.item) is
  'Returns everything found in one item, with names beside the ids.';

create function public.leer_articulo(articulo_id bigint) returns jsonb
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select jsonb_build_object('articulo', to_jsonb(a)) || interno.leer_extraccion(row(a.id, null, null)::interno.item)
  from public.articulos a
  where a.id = leer_articulo.articulo_id
$$;
comment on function public.leer_articulo(bigint) is
  'Returns everything stored of one article: articulo, hechos, entidades, citas_textuales, datos_cuantitativos, '
  'relaciones (with names beside the ids), consumo_etapas, conteos. Null if there is no such article.';

create function public.listar_articulos(limite integer default 20, desde_id bigint default null)
returns table (
  id bigint, titular text, medio text, fecha_publicacion timestamptz, estado_procesamiento text, decision text,
  fecha_procesamiento timestamptz, num_hechos bigint, num_entidades bigint, num_citas bigint, num_datos bigint,
  num_relaciones bigint
)
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select a.id, a.titular, a.medio, a.fecha_publicacion, a.estado_procesamiento, a.decision, a.fecha_procesamiento,
    (c.conteos ->> 'num_hechos_insertados')::bigint, (c.conteos ->> 'num_entidades_procesadas')::bigint,
    (c.conteos ->> 'num_citas_insertadas')::bigint, (c.conteos ->> 'num_datos_insertados')::bigint,
    (c.conteos ->> 'num_rel_he_insertadas')::bigint + (c.conteos ->> 'num_rel_hh_insertadas')::bigint
      + (c.conteos ->> 'num_rel_ee_insertadas')::bigint + (c.conteos ->> 'num_contradicciones_insertadas')::bigint
  from (
    select * from public.articulos x
    where listar_articulos.desde_id is null or x.id < listar_articulos.desde_id
    order by x.id desc
    limit greatest(listar_articulos.limite, 0)
  ) as a
  cross join lateral (select interno.contar_extraccion(row(a.id, null, null)::interno.item) as conteos) as c
  order by a.id desc
$$;
comment on function public.listar_articulos(integer, bigint) is
  'Returns the newest articles with their counts, highest id first. desde_id is the last id of the page before.';

create function public.listar_documentos(limite integer default 20)
returns table (
  id bigint, titulo text, autor text, tipo_documento text, fecha_publicacion date, procesado boolean,
  num_fragmentos integer, num_leidos bigint
)
language sql stable
set search_path = ''
as $$
  select d.id, d.titulo, d.autor, d.tipo_documento, d.fecha_publicacion, d.procesado, d.num_fragmentos,
    (select count(*) from public.fragmentos_extensos f where f.documento_id = d.id)
  from public.documentos_extensos d
  order by d.id desc
  limit greatest(limite, 0)
$$;
comment on function public.listar_documentos(integer) is
  'Returns the newest documents. While one is being read, its num_fragmentos is null and procesado is false.';

create function public.resumir_documento(documento_id bigint) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'documento', to_jsonb(d),
    'fragmentos', (
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'id', f.id, 'indice_secuencial', f.indice_secuencial, 'titulo_seccion', f.titulo_seccion,
          'num_pagina_inicio', f.num_pagina_inicio, 'num_pagina_fin', f.num_pagina_fin,
          'offset_inicio', f.offset_inicio, 'offset_fin', f.offset_fin, 'longitud', length(f.contenido),
          'advertencias', cardinality(f.advertencias)
        ) || interno.contar_extraccion(row(null, d.id, f.id)::interno.item)
        order by f.indice_secuencial, f.id), '[]')
      from public.fragmentos_extensos f
      where f.documento_id = d.id
    )
  )
  from public.documentos_extensos d
  where d.id = resumir_documento.documento_id
$$;
comment on function public.resumir_documento(bigint) is
  'Returns a document and its fragments in order, each with its place and counts but without its text. Null if there '
  'is no such document.';
