-- Storing a fragment of a long document: one call, one transaction.
-- Lock order of every transaction: the document, its fragments, the entidades. Fragments of one document are stored
-- one after the other (milliseconds each, beside the model's seconds), those of different documents side by side.

create function interno.guardar_documento(documento jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  d public.documentos_extensos := jsonb_populate_record(
    null::public.documentos_extensos,
    jsonb_strip_nulls(documento - 'metadata')
      || jsonb_build_object('metadata', coalesce(nullif(documento -> 'metadata', 'null'), '{}'))
  );
  v_id bigint;
begin
  insert into public.documentos_extensos (
    identidad, huella_contenido, titulo, autor, fecha_publicacion, tipo_documento, storage_path, num_fragmentos, metadata
  )
  values (
    d.identidad, d.huella_contenido, d.titulo, d.autor, d.fecha_publicacion, d.tipo_documento, d.storage_path,
    d.num_fragmentos, d.metadata
  )
  on conflict (identidad) do nothing
  returning id into v_id;
  if v_id is null then
    select e.id into v_id from public.documentos_extensos e where e.identidad = d.identidad for no key update;
    update public.documentos_extensos as e set
      huella_contenido = d.huella_contenido, titulo = d.titulo, autor = d.autor,
      fecha_publicacion = d.fecha_publicacion, tipo_documento = d.tipo_documento, storage_path = d.storage_path,
      num_fragmentos = coalesce(d.num_fragmentos, e.num_fragmentos), metadata = d.metadata, fecha_actualizacion = now()
    where e.id = v_id
      and (
        e.huella_contenido, e.titulo, e.autor, e.fecha_publicacion, e.tipo_documento, e.storage_path,
        e.num_fragmentos, e.metadata
      ) is distinct from (
        d.huella_contenido, d.titulo, d.autor, d.fecha_publicacion, d.tipo_documento, d.storage_path,
        coalesce(d.num_fragmentos, e.num_fragmentos), d.metadata
      );
  end if;
  return v_id;
end
$$;
comment on function interno.guardar_documento(jsonb) is
  'Inserts the document or brings its row up to date (untouched if nothing differs); holds the row until the end.';

create function interno.cerrar_documento(documento_id bigint) returns void
language sql
set search_path = ''
as $$
  -- Fragments that the document's new, shorter content no longer has.
  delete from public.fragmentos_extensos f
  using public.documentos_extensos d
  where d.id = cerrar_documento.documento_id and f.documento_id = d.id and f.indice_secuencial >= d.num_fragmentos
    and f.huella_documento <> d.huella_contenido;

  update public.documentos_extensos as d
  set procesado = not d.procesado, fecha_actualizacion = now()
  where d.id = cerrar_documento.documento_id
    and d.procesado <> coalesce(
      d.num_fragmentos = (
        select count(*) from public.fragmentos_extensos f
        where f.documento_id = d.id and f.huella_documento = d.huella_contenido
      ),
      false
    );
$$;
comment on function interno.cerrar_documento(bigint) is
  'Drops surplus fragments of older content and sets procesado once all num_fragmentos are stored.';

create function interno.leer_fragmento_recibido(
  fragmento jsonb, procedencia jsonb, documento_id bigint, huella_documento text
) returns public.fragmentos_extensos
language sql stable
set search_path = ''
as $$
  select jsonb_populate_record(
    null::public.fragmentos_extensos,
    jsonb_strip_nulls(
      leer_fragmento_recibido.fragmento - array['id', 'fecha_creacion', 'fecha_procesamiento', 'decision']
    )
      || jsonb_build_object(
        'documento_id', leer_fragmento_recibido.documento_id,
        'huella_documento', leer_fragmento_recibido.huella_documento,
        'metadata', coalesce(nullif(fragmento -> 'metadata', 'null'), '{}'),
        'triaje', nullif(fragmento -> 'triaje', 'null'),
        'advertencias', coalesce(nullif(fragmento -> 'advertencias', 'null'), '[]'),
        'estado_procesamiento', coalesce(
          fragmento ->> 'estado_procesamiento',
          case when fragmento #>> '{triaje,decision}' = 'DESCARTAR' then 'descartado' else 'completado' end
        ),
        'motor', procedencia ->> 'motor',
        'flow_run_id', procedencia ->> 'flow_run_id'
      )
  )
$$;
comment on function interno.leer_fragmento_recibido(jsonb, jsonb, bigint, text) is
  'fragmento as a row of fragmentos_extensos, with the defaults of what may be absent.';

create function interno.insertar_fragmento(f public.fragmentos_extensos) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_id bigint;
begin
  -- Another fragment in the same place is of older content.
  delete from public.fragmentos_extensos e
  where e.documento_id = f.documento_id and e.indice_secuencial = f.indice_secuencial and e.identidad <> f.identidad;

  insert into public.fragmentos_extensos (
    identidad, huella_contenido, documento_id, huella_documento, indice_secuencial, titulo_seccion, contenido,
    num_pagina_inicio, num_pagina_fin, offset_inicio, offset_fin, texto_traducido, estado_procesamiento, triaje,
    advertencias, metadata, motor, flow_run_id
  )
  values (
    f.identidad, f.huella_contenido, f.documento_id, f.huella_documento, f.indice_secuencial, f.titulo_seccion,
    f.contenido, f.num_pagina_inicio, f.num_pagina_fin, f.offset_inicio, f.offset_fin, f.texto_traducido,
    f.estado_procesamiento, f.triaje, f.advertencias, f.metadata, f.motor, f.flow_run_id
  )
  on conflict (identidad) do nothing
  returning id into v_id;
  return v_id;
end
$$;
comment on function interno.insertar_fragmento(public.fragmentos_extensos) is
  'The new row''s id; null if a fragment of that identity is there already.';

create function interno.reemplazar_fragmento(fragmento_id bigint, huella_anterior text, f public.fragmentos_extensos)
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  delete from public.fragmentos_extensos e
  where e.documento_id = f.documento_id and e.indice_secuencial = f.indice_secuencial and e.id <> fragmento_id;

  update public.fragmentos_extensos as r set (
    huella_contenido, documento_id, huella_documento, indice_secuencial, titulo_seccion, contenido, num_pagina_inicio,
    num_pagina_fin, offset_inicio, offset_fin, texto_traducido, estado_procesamiento, triaje, advertencias, metadata,
    motor, flow_run_id, fecha_procesamiento
  ) = (
    f.huella_contenido, f.documento_id, f.huella_documento, f.indice_secuencial, f.titulo_seccion, f.contenido,
    f.num_pagina_inicio, f.num_pagina_fin, f.offset_inicio, f.offset_fin, f.texto_traducido, f.estado_procesamiento,
    f.triaje, f.advertencias, f.metadata, f.motor, f.flow_run_id, now()
  )
  where r.id = fragmento_id and r.huella_contenido = huella_anterior;
  return found;
end
$$;
comment on function interno.reemplazar_fragmento(bigint, text, public.fragmentos_extensos) is
  'Overwrites the row; false if another session has replaced the content since huella_anterior was read.';

create function interno.resolver_documento(datos_json jsonb) returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_id bigint;
begin
  if jsonb_typeof(datos_json -> 'documento') = 'object' then
    return interno.guardar_documento(datos_json -> 'documento');
  end if;
  if datos_json ->> 'documento_id' is null then
    raise exception 'datos_json needs documento or documento_id' using errcode = '22023';
  end if;
  select d.id into v_id
  from public.documentos_extensos d where d.id = (datos_json ->> 'documento_id')::bigint
  for no key update;
  if v_id is null then
    raise exception 'documento_id % does not exist', datos_json ->> 'documento_id' using errcode = '23503';
  end if;
  return v_id;
end
$$;
comment on function interno.resolver_documento(jsonb) is
  'The id of the payload''s document, stored if it has to be, and held until the end of the transaction.';

create function public.insertar_fragmento_completo(datos_json jsonb) returns jsonb
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_documento_id bigint;
  v_fragmento public.fragmentos_extensos;
  v_id bigint;
  v_huella text;
  v_resultado text;
  v_item interno.item;
  v_juicios jsonb := '[]';
begin
  perform interno.exigir_forma(
    datos_json, array['fragmento', 'procedencia'],
    array['entidades', 'hechos', 'citas_textuales', 'datos_cuantitativos']
  );
  if datos_json #>> '{fragmento,identidad}' is null or datos_json #>> '{fragmento,huella_contenido}' is null then
    raise exception 'fragmento needs identidad and huella_contenido' using errcode = '23502';
  end if;
  v_documento_id := interno.resolver_documento(datos_json);
  v_fragmento := interno.leer_fragmento_recibido(
    datos_json -> 'fragmento', datos_json -> 'procedencia', v_documento_id,
    (select d.huella_contenido from public.documentos_extensos d where d.id = v_documento_id)
  );

  loop
    select f.id, f.huella_contenido into v_id, v_huella
    from public.fragmentos_extensos f where f.identidad = v_fragmento.identidad;
    if v_huella = v_fragmento.huella_contenido then
      v_resultado := 'sin_cambios';
      exit;
    elsif v_id is null then
      v_id := interno.insertar_fragmento(v_fragmento);
      v_resultado := 'insertado';
      exit when v_id is not null;
    elsif interno.reemplazar_fragmento(v_id, v_huella, v_fragmento) then
      v_resultado := 'reemplazado';
      exit;
    end if;
  end loop;

  v_item := row(null, v_documento_id, v_id)::interno.item;
  if v_resultado = 'sin_cambios' then
    -- Where the same passage stands in the document's new content; no row changes if the document did not.
    perform interno.trasladar_fragmento(v_id, v_fragmento);
  else
    if v_resultado = 'reemplazado' then
      v_juicios := interno.borrar_extraccion(v_item);
    end if;
    perform interno.guardar_extraccion(
      v_item, datos_json, v_fragmento.contenido, v_fragmento.texto_traducido, v_juicios
    );
    perform interno.guardar_consumo(v_item, v_fragmento.huella_contenido, datos_json -> 'procedencia');
    perform interno.cerrar_error(v_fragmento.identidad, 'almacenado');
  end if;
  perform interno.cerrar_documento(v_documento_id);
  return jsonb_build_object('resultado', v_resultado, 'documento_id', v_documento_id, 'fragmento_id', v_id)
    || interno.contar_extraccion(v_item);
end
$$;
comment on function public.insertar_fragmento_completo(jsonb) is
  'Stores a fragment of a long document and everything found in it, or nothing; the document is given as documento '
  '(stored or brought up to date by its identidad) or as documento_id. Answers as insertar_articulo_completo, with '
  'documento_id and fragmento_id. With documento.num_fragmentos, surplus fragments of older content are dropped and '
  'procesado is set when all are there.';

create function interno.trasladar_fragmento(fragmento_id bigint, f public.fragmentos_extensos) returns void
language plpgsql
set search_path = ''
as $$
begin
  if exists (
    select from public.fragmentos_extensos e
    where e.id = fragmento_id
      and (e.documento_id, e.huella_documento, e.indice_secuencial, e.offset_inicio, e.offset_fin,
           e.num_pagina_inicio, e.num_pagina_fin)
        is not distinct from (f.documento_id, f.huella_documento, f.indice_secuencial, f.offset_inicio, f.offset_fin,
           f.num_pagina_inicio, f.num_pagina_fin)
  ) then
    return;
  end if;
  delete from public.fragmentos_extensos e
  where e.documento_id = f.documento_id and e.indice_secuencial = f.indice_secuencial and e.id <> fragmento_id;
  update public.fragmentos_extensos as e set
    documento_id = f.documento_id, huella_documento = f.huella_documento, indice_secuencial = f.indice_secuencial,
    offset_inicio = f.offset_inicio, offset_fin = f.offset_fin,
    num_pagina_inicio = f.num_pagina_inicio, num_pagina_fin = f.num_pagina_fin
  where e.id = fragmento_id;
end
$$;
comment on function interno.trasladar_fragmento(bigint, public.fragmentos_extensos) is
  'Notes the new place of an unchanged fragment in its document; touches nothing if it is where it was.';

create function public.buscar_fragmento(identidad text, huella_contenido text) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'documento_id', f.documento_id, 'fragmento_id', f.id, 'estado_procesamiento', f.estado_procesamiento
  ) || interno.contar_extraccion(row(null, f.documento_id, f.id)::interno.item)
  from public.fragmentos_extensos f
  where f.identidad = buscar_fragmento.identidad and f.huella_contenido = buscar_fragmento.huella_contenido
$$;
comment on function public.buscar_fragmento(text, text) is
  'What is stored of the fragment of this identity and content: ids, state and counts; null if there is none.';
