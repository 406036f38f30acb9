-- Storing a long document fragment by fragment: one call, one transaction each, many at the same time.
-- Every transaction locks in this order: the document, its fragments, the entidades.

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
  select e.id into v_id from public.documentos_extensos e where e.identidad = d.identidad;
  if v_id is null then
    insert into public.documentos_extensos (
      identidad, huella_contenido, titulo, autor, fecha_publicacion, tipo_documento, storage_path, metadata
    )
    values (
      d.identidad, d.huella_contenido, d.titulo, d.autor, d.fecha_publicacion, d.tipo_documento, d.storage_path,
      d.metadata
    )
    on conflict (identidad) do nothing
    returning id into v_id;
  end if;
  if v_id is null then
    select e.id into v_id from public.documentos_extensos e where e.identidad = d.identidad;
  end if;
  update public.documentos_extensos as e set
    huella_contenido = d.huella_contenido, titulo = d.titulo, autor = d.autor, fecha_publicacion = d.fecha_publicacion,
    tipo_documento = d.tipo_documento, storage_path = d.storage_path, metadata = d.metadata,
    -- Another content has other fragments, and not all of them are stored yet.
    procesado = e.procesado and e.huella_contenido = d.huella_contenido, fecha_actualizacion = now()
  where e.id = v_id
    and (
      e.huella_contenido, e.titulo, e.autor, e.fecha_publicacion, e.tipo_documento, e.storage_path, e.metadata
    ) is distinct from (
      d.huella_contenido, d.titulo, d.autor, d.fecha_publicacion, d.tipo_documento, d.storage_path, d.metadata
    );
  return v_id;
end
$$;
comment on function interno.guardar_documento(jsonb) is
  'Inserts the document or updates its row; the row is not touched if nothing differs. Returns its id.';

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
  select d.id into v_id from public.documentos_extensos d where d.id = (datos_json ->> 'documento_id')::bigint;
  if v_id is null then
    raise exception 'documento_id % does not exist', datos_json ->> 'documento_id' using errcode = '23503';
  end if;
  return v_id;
end
$$;
comment on function interno.resolver_documento(jsonb) is
  'Returns the id of the payload''s document. If the payload holds the document itself, it is stored.';

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
        'estado_procesamiento', coalesce(fragmento ->> 'estado_procesamiento', 'completado'),
        'motor', procedencia ->> 'motor',
        'flow_run_id', procedencia ->> 'flow_run_id'
      )
  )
$$;
comment on function interno.leer_fragmento_recibido(jsonb, jsonb, bigint, text) is
  'Returns fragmento as a row of fragmentos_extensos, with defaults for what is absent.';

create function interno.insertar_fragmento(f public.fragmentos_extensos) returns bigint
language sql
set search_path = ''
as $$
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
  returning id
$$;
comment on function interno.insertar_fragmento(public.fragmentos_extensos) is
  'Returns the new row''s id; null if there is a fragment of that identidad already.';

create function interno.reemplazar_fragmento(fragmento_id bigint, huella_anterior text, f public.fragmentos_extensos)
returns boolean
language plpgsql
set search_path = ''
as $$
begin
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
  'Overwrites the row, which locks it. Returns false if another session replaced the content after huella_anterior was '
  'read.';

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

  -- As in insertar_articulo_completo.
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
  if v_resultado <> 'sin_cambios' then
    if v_resultado = 'reemplazado' then
      v_juicios := interno.borrar_extraccion(v_item);
    end if;
    perform interno.guardar_extraccion(
      v_item, datos_json, v_fragmento.contenido, v_fragmento.texto_traducido, v_juicios
    );
    perform interno.guardar_consumo(v_item, v_fragmento.huella_contenido, datos_json -> 'procedencia');
  end if;
  perform interno.cerrar_error(
    v_fragmento.identidad, case when v_resultado = 'sin_cambios' then 'procesado' else 'almacenado' end
  );
  return jsonb_build_object('resultado', v_resultado, 'documento_id', v_documento_id, 'fragmento_id', v_id)
    || interno.contar_extraccion(v_item);
end
$$;
comment on function public.insertar_fragmento_completo(jsonb) is
  'Stores a fragment of a long document and everything found in it, or nothing. The payload holds the document as '
  'documento (inserted or updated by its identidad) or as documento_id. Returns what insertar_articulo_completo '
  'returns, with documento_id and fragmento_id.';

-- cerrar_error: as in buscar_articulo.
create function public.buscar_fragmento(identidad text, huella_contenido text, cerrar_error boolean default false)
returns jsonb
language sql
set search_path = ''
as $$
  select interno.cerrar_error(f.identidad, 'procesado')
  from public.fragmentos_extensos f
  where buscar_fragmento.cerrar_error
    and f.identidad = buscar_fragmento.identidad and f.huella_contenido = buscar_fragmento.huella_contenido;

  select jsonb_build_object(
    'documento_id', f.documento_id, 'fragmento_id', f.id, 'estado_procesamiento', f.estado_procesamiento
  ) || interno.contar_extraccion(row(null, f.documento_id, f.id)::interno.item)
  from public.fragmentos_extensos f
  where f.identidad = buscar_fragmento.identidad and f.huella_contenido = buscar_fragmento.huella_contenido
$$;
comment on function public.buscar_fragmento(text, text, boolean) is
  'Returns what is stored of the fragment with exactly this content: ids, estado and counts; null if it is not stored. '
  'With cerrar_error it also closes the open error of a fragment that is stored.';
