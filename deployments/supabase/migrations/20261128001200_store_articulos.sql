-- Storing an article: one call, one transaction.

create function interno.leer_articulo_recibido(meta jsonb, procedencia jsonb) returns public.articulos
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select jsonb_populate_record(
    null::public.articulos,
    jsonb_strip_nulls(leer_articulo_recibido.meta - array['id', 'fecha_creacion', 'fecha_procesamiento', 'decision'])
      || jsonb_build_object(
        'metadata', coalesce(nullif(meta -> 'metadata', 'null'), '{}'),
        'triaje', nullif(meta -> 'triaje', 'null'),
        'idioma', coalesce(meta ->> 'idioma', 'es'),
        'etiquetas_fuente', coalesce(nullif(meta -> 'etiquetas_fuente', 'null'), '[]'),
        'categorias_asignadas', coalesce(nullif(meta -> 'categorias_asignadas', 'null'), '[]'),
        'advertencias', coalesce(nullif(meta -> 'advertencias', 'null'), '[]'),
        'es_opinion', coalesce((meta ->> 'es_opinion')::boolean, false),
        'es_oficial', coalesce((meta ->> 'es_oficial')::boolean, false),
        'motor', procedencia ->> 'motor',
        'flow_run_id', procedencia ->> 'flow_run_id'
      )
  )
$$;
comment on function interno.leer_articulo_recibido(jsonb, jsonb) is
  'Returns articulo_metadata as a row of articulos, with defaults for what is absent.';

create function interno.insertar_articulo(a public.articulos) returns bigint
language sql
set search_path = ''
as $$
  insert into public.articulos (
    identidad, huella_contenido, url, storage_path, fuente, medio, medio_url_principal, pais_publicacion, tipo_medio,
    titular, fecha_publicacion, autor, idioma, seccion, etiquetas_fuente, es_opinion, es_oficial, resumen,
    categorias_asignadas, puntuacion_relevancia, fecha_recopilacion, estado_procesamiento, contenido_texto,
    contenido_html, texto_traducido, triaje, advertencias, metadata, motor, flow_run_id
  )
  values (
    a.identidad, a.huella_contenido, a.url, a.storage_path, a.fuente, a.medio, a.medio_url_principal,
    a.pais_publicacion, a.tipo_medio, a.titular, a.fecha_publicacion, a.autor, a.idioma, a.seccion, a.etiquetas_fuente,
    a.es_opinion, a.es_oficial, a.resumen, a.categorias_asignadas, a.puntuacion_relevancia, a.fecha_recopilacion,
    a.estado_procesamiento, a.contenido_texto, a.contenido_html, a.texto_traducido, a.triaje, a.advertencias,
    a.metadata, a.motor, a.flow_run_id
  )
  on conflict (identidad) do nothing
  returning id
$$;
comment on function interno.insertar_articulo(public.articulos) is
  'Returns the new row''s id; null if there is an article of that identidad already.';

create function interno.reemplazar_articulo(articulo_id bigint, huella_anterior text, a public.articulos)
returns boolean
language plpgsql
set search_path = ''
as $$
begin
  update public.articulos as r set (
    huella_contenido, url, storage_path, fuente, medio, medio_url_principal, pais_publicacion, tipo_medio, titular,
    fecha_publicacion, autor, idioma, seccion, etiquetas_fuente, es_opinion, es_oficial, resumen, categorias_asignadas,
    puntuacion_relevancia, fecha_recopilacion, estado_procesamiento, contenido_texto, contenido_html, texto_traducido,
    triaje, advertencias, metadata, motor, flow_run_id, fecha_procesamiento, error_detalle
  ) = (
    a.huella_contenido, a.url, a.storage_path, a.fuente, a.medio, a.medio_url_principal, a.pais_publicacion,
    a.tipo_medio, a.titular, a.fecha_publicacion, a.autor, a.idioma, a.seccion, a.etiquetas_fuente, a.es_opinion,
    a.es_oficial, a.resumen, a.categorias_asignadas, a.puntuacion_relevancia, a.fecha_recopilacion,
    a.estado_procesamiento, a.contenido_texto, a.contenido_html, a.texto_traducido, a.triaje, a.advertencias,
    a.metadata, a.motor, a.flow_run_id, now(), null
  )
  where r.id = articulo_id and r.huella_contenido = huella_anterior;
  return found;
end
$$;
comment on function interno.reemplazar_articulo(bigint, text, public.articulos) is
  'Overwrites the row, which locks it. Returns false if another session replaced the content after huella_anterior was '
  'read.';

create function public.insertar_articulo_completo(datos_json jsonb) returns jsonb
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_articulo public.articulos;
  v_id bigint;
  v_huella text;
  v_resultado text;
  v_item interno.item;
  v_juicios jsonb := '[]';
begin
  perform interno.exigir_forma(
    datos_json, array['articulo_metadata', 'procedencia'],
    array['entidades', 'hechos', 'citas_textuales', 'datos_cuantitativos']
  );
  v_articulo := interno.leer_articulo_recibido(datos_json -> 'articulo_metadata', datos_json -> 'procedencia');
  if v_articulo.identidad is null or v_articulo.huella_contenido is null then
    raise exception 'articulo_metadata needs identidad and huella_contenido' using errcode = '23502';
  end if;

  -- The transaction that inserts or overwrites the row locks it until its end. Every other one waits here, holds no
  -- lock meanwhile, and then finds the content stored.
  loop
    select a.id, a.huella_contenido into v_id, v_huella
    from public.articulos a where a.identidad = v_articulo.identidad;
    if v_huella = v_articulo.huella_contenido then
      v_resultado := 'sin_cambios';
      exit;
    elsif v_id is null then
      v_id := interno.insertar_articulo(v_articulo);
      v_resultado := 'insertado';
      exit when v_id is not null;
    elsif interno.reemplazar_articulo(v_id, v_huella, v_articulo) then
      v_resultado := 'reemplazado';
      exit;
    end if;
  end loop;

  v_item := row(v_id, null, null)::interno.item;
  if v_resultado <> 'sin_cambios' then
    if v_resultado = 'reemplazado' then
      v_juicios := interno.borrar_extraccion(v_item);
    end if;
    perform interno.guardar_extraccion(
      v_item, datos_json, v_articulo.contenido_texto, v_articulo.texto_traducido, v_juicios
    );
    perform interno.guardar_consumo(v_item, v_articulo.huella_contenido, datos_json -> 'procedencia');
  end if;
  perform interno.cerrar_error(
    v_articulo.identidad, case when v_resultado = 'sin_cambios' then 'procesado' else 'almacenado' end
  );
  return jsonb_build_object('resultado', v_resultado, 'articulo_id', v_id) || interno.contar_extraccion(v_item);
end
$$;
comment on function public.insertar_articulo_completo(jsonb) is
  'Stores an article and everything found in it, or nothing: every error is raised. Returns resultado, articulo_id and '
  'the counts of its rows. resultado: insertado; reemplazado, if another content was stored; sin_cambios, if this '
  'content was stored: then no row of it is touched. In each case the open error of the item is closed. Any number of '
  'sessions may call it at once.';

-- cerrar_error: whoever is about to read the item, and finds that it is stored, has nothing more to do. An error of the
-- item that is still open comes from a run whose last answer was lost; open, it would be tried again for ever.
create function public.buscar_articulo(identidad text, huella_contenido text, cerrar_error boolean default false)
returns jsonb
language sql
set search_path = ''
as $$
  select interno.cerrar_error(a.identidad, 'procesado')
  from public.articulos a
  where buscar_articulo.cerrar_error
    and a.identidad = buscar_articulo.identidad and a.huella_contenido = buscar_articulo.huella_contenido;

  select jsonb_build_object('articulo_id', a.id, 'estado_procesamiento', a.estado_procesamiento)
    || interno.contar_extraccion(row(a.id, null, null)::interno.item)
  from public.articulos a
  where a.identidad = buscar_articulo.identidad and a.huella_contenido = buscar_articulo.huella_contenido
$$;
comment on function public.buscar_articulo(text, text, boolean) is
  'Returns what is stored of the article with exactly this content: id, estado and counts; null if it is not stored. '
  'With cerrar_error it also closes the open error of an article that is stored.';
