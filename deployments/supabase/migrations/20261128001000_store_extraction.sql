-- An extraction as a whole: checked, stored, removed, counted.

create function interno.exigir_ubicaciones(datos_json jsonb, texto text, traduccion text) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_largo integer := greatest(char_length(texto), char_length(traduccion));
  v_lista text;
  v_id integer;
begin
  foreach v_lista in array array['hechos', 'entidades', 'citas_textuales', 'datos_cuantitativos'] loop
    select min(x.id) into v_id
    from jsonb_to_recordset(interno.lista(datos_json, v_lista)) as x(id integer, offset_fin integer)
    where x.offset_fin > v_largo;
    if v_id is not null then
      raise exception '%: offset_fin of id % lies beyond the text (% characters)', v_lista, v_id, v_largo
        using errcode = '23514';
    end if;
  end loop;

  select min(c.id) into v_id
  from jsonb_to_recordset(interno.lista(datos_json, 'citas_textuales')) as c(
    id integer, cita text, offset_inicio integer, offset_fin integer
  )
  where c.offset_inicio >= 0 and c.offset_fin > c.offset_inicio
    and c.cita <> substr(texto, c.offset_inicio + 1, c.offset_fin - c.offset_inicio)
    and c.cita is distinct from substr(traduccion, c.offset_inicio + 1, c.offset_fin - c.offset_inicio);
  if v_id is not null then
    raise exception 'citas_textuales: the cita of id % does not stand in the text at its offsets', v_id
      using errcode = '23514', hint = 'Offsets count characters (code points) from 0, half-open, in the text as stored.';
  end if;
end
$$;
comment on function interno.exigir_ubicaciones(jsonb, text, text) is
  'Raises 23514 if the offsets of a row lie beyond the text, or if a quotation is not in the text, word for word, at '
  'its offsets.';

create function interno.guardar_consumo(item interno.item, huella_contenido text, procedencia jsonb) returns void
language sql
set search_path = ''
as $$
  insert into public.consumo_etapas (
    articulo_id, fragmento_id, huella_contenido, etapa, motor, modelo, prompt, huella_prompt, parametros,
    tokens_entrada, tokens_salida, tokens_cache, costo_usd, detalle, flow_run_id
  )
  select (guardar_consumo.item).articulo_id, (guardar_consumo.item).fragmento_id, guardar_consumo.huella_contenido,
    e.key, guardar_consumo.procedencia ->> 'motor', coalesce(c.modelo, ''), c.prompt, c.huella_prompt,
    coalesce(c.parametros, '{}'), coalesce(c.tokens_entrada, 0), coalesce(c.tokens_salida, 0),
    coalesce(c.tokens_cache, 0), c.costo_usd,
    e.value - array[
      'modelo', 'prompt', 'huella_prompt', 'parametros', 'tokens_entrada', 'tokens_salida', 'tokens_cache', 'costo_usd'
    ],
    (guardar_consumo.procedencia ->> 'flow_run_id')::uuid
  from jsonb_each(
    case when jsonb_typeof(guardar_consumo.procedencia -> 'etapas') = 'object'
      then guardar_consumo.procedencia -> 'etapas' else '{}'::jsonb end
  ) as e
  cross join jsonb_to_record(e.value) as c(
    modelo text, prompt text, huella_prompt text, parametros jsonb, tokens_entrada bigint, tokens_salida bigint,
    tokens_cache bigint, costo_usd numeric
  )
  where jsonb_typeof(e.value) = 'object'
  order by e.key;
$$;
comment on function interno.guardar_consumo(interno.item, text, jsonb) is
  'Adds a row for what each stage used. Earlier rows of the item stay.';

create function interno.guardar_extraccion(
  item interno.item, datos_json jsonb, texto text, traduccion text, juicios jsonb
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_procedencia jsonb := datos_json -> 'procedencia';
  v_entidades interno.mapa;
  v_hechos interno.mapa;
begin
  perform interno.exigir_ubicaciones(datos_json, texto, traduccion);
  if jsonb_array_length(interno.lista(datos_json, 'entidades')) > 0 then
    v_entidades := interno.guardar_entidades(
      item, datos_json -> 'entidades', interno.leer_procedencia(v_procedencia, 'elementos')
    );
  end if;
  v_hechos := interno.guardar_hechos(
    item, interno.lista(datos_json, 'hechos'), interno.leer_procedencia(v_procedencia, 'elementos'), juicios
  );
  perform interno.guardar_citas(
    item, interno.lista(datos_json, 'citas_textuales'), interno.leer_procedencia(v_procedencia, 'citas_y_datos'),
    v_entidades, v_hechos
  );
  perform interno.guardar_datos(
    item, interno.lista(datos_json, 'datos_cuantitativos'), interno.leer_procedencia(v_procedencia, 'citas_y_datos'),
    v_hechos
  );
  perform interno.guardar_relaciones(
    item, coalesce(datos_json -> 'relaciones', '{}'), interno.leer_procedencia(v_procedencia, 'relaciones'),
    v_entidades, v_hechos
  );
end
$$;
comment on function interno.guardar_extraccion(interno.item, jsonb, text, text, jsonb) is
  'Stores everything that was found in one item. Before the call the item''s row exists and is locked, and nothing is '
  'extracted from it.';

create function interno.borrar_extraccion(item interno.item) returns jsonb
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_juicios jsonb;
begin
  select jsonb_agg(
    jsonb_build_object(
      'contenido', h.contenido, 'evaluacion_editorial', h.evaluacion_editorial, 'editor_evaluador', h.editor_evaluador,
      'fecha_evaluacion_editorial', h.fecha_evaluacion_editorial,
      'justificacion_evaluacion_editorial', h.justificacion_evaluacion_editorial
    )
  ) into v_juicios
  from public.hechos h
  where (h.articulo_id = item.articulo_id or h.fragmento_id = item.fragmento_id)
    and h.evaluacion_editorial <> 'pendiente_revision_editorial';

  delete from public.citas_textuales c
  where c.articulo_id = item.articulo_id or c.fragmento_id = item.fragmento_id;
  delete from public.datos_cuantitativos d
  where d.articulo_id = item.articulo_id or d.fragmento_id = item.fragmento_id;
  delete from public.entidad_relacion r
  where r.articulo_id = item.articulo_id or r.fragmento_id = item.fragmento_id;
  delete from public.entidad_articulo e where e.articulo_id = item.articulo_id;
  delete from public.entidad_fragmento e where e.fragmento_id = item.fragmento_id;
  -- Their relations, their rows in the agenda and in hecho_articulo are deleted by cascade.
  delete from public.hechos h
  where h.articulo_id = item.articulo_id or h.fragmento_id = item.fragmento_id;
  return coalesce(v_juicios, '[]');
end
$$;
comment on function interno.borrar_extraccion(interno.item) is
  'Deletes everything that was found in an item, except the entidades. Returns the editors'' judgements of its hechos.';

create function interno.contar_extraccion(item interno.item) returns jsonb
language sql stable
set search_path = ''
as $$
  with propios as (
    select h.id
    from public.hechos h
    where h.articulo_id = (item).articulo_id or h.fragmento_id = (item).fragmento_id
  ),
  menciones as (
    select e.es_nueva from public.entidad_articulo e where e.articulo_id = (item).articulo_id
    union all
    select e.es_nueva from public.entidad_fragmento e where e.fragmento_id = (item).fragmento_id
  )
  select jsonb_build_object(
    'num_hechos_insertados', (select count(*) from propios),
    'num_entidades_procesadas', (select count(*) from menciones),
    'num_entidades_nuevas', (select count(*) from menciones m where m.es_nueva),
    'num_citas_insertadas', (
      select count(*) from public.citas_textuales c
      where c.articulo_id = (item).articulo_id or c.fragmento_id = (item).fragmento_id
    ),
    'num_datos_insertados', (
      select count(*) from public.datos_cuantitativos d
      where d.articulo_id = (item).articulo_id or d.fragmento_id = (item).fragmento_id
    ),
    'num_rel_he_insertadas', (
      select count(*) from public.hecho_entidad r where r.hecho_id in (select p.id from propios p)
    ),
    'num_rel_hh_insertadas', (
      select count(*) from public.hecho_relacionado r where r.hecho_origen_id in (select p.id from propios p)
    ),
    'num_rel_ee_insertadas', (
      select count(*) from public.entidad_relacion r
      where r.articulo_id = (item).articulo_id or r.fragmento_id = (item).fragmento_id
    ),
    'num_contradicciones_insertadas', (
      select count(*) from public.contradicciones c where c.hecho_principal_id in (select p.id from propios p)
    )
  )
$$;
comment on function interno.contar_extraccion(interno.item) is
  'Returns the number of rows of each kind that belong to an item.';
