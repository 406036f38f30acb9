-- How an extraction is stored: shared by articles and fragments. Set-based: one statement a table, however many rows.
-- Local ids (1..n within the item) are turned into the database's ids by a pair of parallel arrays, interno.mapa.

create type interno.mapa as (locales integer[], ids bigint[]);
comment on type interno.mapa is 'Local id to database id: ids[i] belongs to locales[i].';

create type interno.procedencia as (
  motor text, modelo text, prompt text, huella_prompt text, flow_run_id uuid
);
comment on type interno.procedencia is 'What made a row: engine, model, prompt and its fingerprint, flow run.';

create type interno.item as (articulo_id bigint, documento_id bigint, fragmento_id bigint);
comment on type interno.item is 'What an extraction belongs to: an article, or a fragment of a document.';

create function interno.leer_procedencia(procedencia jsonb, etapa text) returns interno.procedencia
language sql immutable
set search_path = ''
as $$
  select row(
    procedencia ->> 'motor',
    coalesce(procedencia #>> array['etapas', etapa, 'modelo'], ''),
    procedencia #>> array['etapas', etapa, 'prompt'],
    procedencia #>> array['etapas', etapa, 'huella_prompt'],
    (procedencia ->> 'flow_run_id')::uuid
  )::interno.procedencia
$$;
comment on function interno.leer_procedencia(jsonb, text) is
  'The provenance of the rows of one stage; modelo is empty where no model was asked.';

create function interno.exigir_forma(datos_json jsonb, objetos text[], listas text[]) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_clave text;
begin
  if jsonb_typeof(datos_json) is distinct from 'object' then
    raise exception 'datos_json is not a JSON object' using errcode = '22023';
  end if;
  foreach v_clave in array objetos loop
    if jsonb_typeof(datos_json -> v_clave) is distinct from 'object' then
      raise exception 'datos_json.% is missing or not an object', v_clave
        using errcode = '22023', hint = 'Keys and shapes are those of newsroom/models.';
    end if;
  end loop;
  foreach v_clave in array listas loop
    if coalesce(jsonb_typeof(datos_json -> v_clave), 'null') not in ('array', 'null') then
      raise exception 'datos_json.% is not an array', v_clave using errcode = '22023';
    end if;
  end loop;
end
$$;
comment on function interno.exigir_forma(jsonb, text[], text[]) is
  'Raises 22023 unless the named objects are there and the named lists are arrays, null or absent.';

create function interno.lista(datos jsonb, clave text) returns jsonb
language sql immutable
set search_path = ''
as $$
  select case when jsonb_typeof(datos -> clave) = 'array' then datos -> clave else '[]'::jsonb end
$$;
comment on function interno.lista(jsonb, text) is 'The array under a key; an empty one where it is null or absent.';

create function interno.exigir_locales(campo text, referidos integer[], conocidos integer[], obligatorio boolean)
returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_faltan text;
begin
  if obligatorio and array_position(referidos, null) is not null then
    raise exception '% is null', campo using errcode = '23502';
  end if;
  select string_agg(f.id::text, ', ' order by f.id) into v_faltan
  from (
    select r.id from unnest(referidos) as r(id) where r.id is not null
    except
    select c.id from unnest(conocidos) as c(id)
    limit 10
  ) as f;
  if v_faltan is not null then
    raise exception '% points to local ids that the payload does not hold: %', campo, v_faltan
      using errcode = '23503', hint = 'References to unknown ids are dropped before the payload is built.';
  end if;
end
$$;
comment on function interno.exigir_locales(text, integer[], integer[], boolean) is
  'Raises 23503 if a reference points to a local id that is not in the payload, 23502 if a mandatory one is null.';

create function interno.rango(fecha jsonb) returns tstzrange
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select case
    when fecha ->> 'inicio' is not null or fecha ->> 'fin' is not null
    then tstzrange((fecha ->> 'inicio')::timestamptz, (fecha ->> 'fin')::timestamptz, '[]')
  end
$$;
comment on function interno.rango(jsonb) is
  'The range {"inicio","fin"} with both ends included; null if both are; a date without zone is UTC.';

create function interno.guardar_entidades(item interno.item, entidades jsonb, proc interno.procedencia)
returns interno.mapa
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_locales integer[];
  v_tipos text[];
  v_claves text[];
  v_nuevas bigint[];
  v_mapa interno.mapa;
begin
  -- 1. For each one that arrives, the key (tipo, nombre_normalizado) of the row that holds it or will hold it: the
  --    row that linking found, unless it is gone or of another tipo; else the row of that name, or what it was merged
  --    into; else its own.
  select array_agg(r.id), array_agg(coalesce(enlazada.tipo, raiz.tipo, r.tipo)),
    array_agg(coalesce(enlazada.nombre_normalizado, raiz.nombre_normalizado, r.clave))
  into v_locales, v_tipos, v_claves
  from (
    select e.id, e.db_id, e.tipo, interno.normalizar_nombre(e.nombre) as clave
    from jsonb_to_recordset(guardar_entidades.entidades) as e(id integer, db_id bigint, nombre text, tipo text)
  ) as r
  left join public.entidades directa on directa.id = r.db_id and directa.tipo = r.tipo
  left join public.entidades enlazada
    on enlazada.id = case
      when directa.fusionada_en_id is null then directa.id else interno.raiz_entidad(directa.id)
    end
  left join public.entidades homonima
    on homonima.tipo = r.tipo and homonima.nombre_normalizado = r.clave and homonima.fusionada_en_id is not null
  left join public.entidades raiz on raiz.id = interno.raiz_entidad(homonima.id);

  if array_position(v_locales, null) is not null or array_position(v_tipos, null) is not null
    or array_position(v_claves, null) is not null then
    raise exception 'entidades: id, nombre or tipo is null' using errcode = '23502';
  end if;
  if cardinality(v_locales) > (select count(distinct l) from unnest(v_locales) as l) then
    raise exception 'two entidades have the same id' using errcode = '23505';
  end if;

  -- 2. Those that are new or bring something new, in one order for every transaction (no deadlock). Rows that stay as
  --    they are are not touched: a name that everybody mentions would make all transactions queue.
  with recibidas as (
    select d.tipo as tipo_destino, d.clave, e.*
    from unnest(v_locales, v_tipos, v_claves) as d(id, tipo, clave)
    join jsonb_to_recordset(guardar_entidades.entidades) as e(
      id integer, nombre text, descripcion text, alias text[], fecha_nacimiento date, fecha_disolucion date,
      relevancia integer, metadata jsonb
    ) on e.id = d.id
  ),
  nombres as (
    select n.tipo_destino, n.clave, array_agg(distinct n.nombre) as todos
    from (
      select r.tipo_destino, r.clave, r.nombre from recibidas r
      union all
      select r.tipo_destino, r.clave, a from recibidas r cross join unnest(r.alias) as a
    ) as n
    group by n.tipo_destino, n.clave
  ),
  reunidas as (
    select r.tipo_destino as tipo, r.clave,
      (array_agg(r.nombre order by r.id))[1] as nombre,
      (array_agg(r.descripcion order by r.id) filter (where btrim(r.descripcion) <> ''))[1] as descripcion,
      min(r.fecha_nacimiento) as fecha_nacimiento,
      max(r.fecha_disolucion) as fecha_disolucion,
      max(r.relevancia) as relevancia,
      coalesce((array_agg(r.metadata order by r.id) filter (where r.metadata is not null))[1], '{}') as metadata
    from recibidas r
    group by r.tipo_destino, r.clave
  ),
  guardadas as (
    insert into public.entidades as actual (
      nombre, tipo, alias, descripcion, fecha_nacimiento, fecha_disolucion, relevancia, metadata,
      motor, modelo, prompt, huella_prompt, flow_run_id
    )
    select coalesce(x.nombre, r.nombre), r.tipo, interno.unir_alias('{}', n.todos, r.clave), r.descripcion,
      r.fecha_nacimiento, r.fecha_disolucion, coalesce(r.relevancia, 5), r.metadata,
      proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
    from reunidas r
    join nombres n on n.tipo_destino = r.tipo and n.clave = r.clave
    left join public.entidades x on x.tipo = r.tipo and x.nombre_normalizado = r.clave
    where x.id is null
      or interno.unir_alias(x.alias, n.todos, r.clave) <> x.alias
      or (x.descripcion is null and r.descripcion is not null)
      or (x.fecha_nacimiento is null and r.fecha_nacimiento is not null)
      or (x.fecha_disolucion is null and r.fecha_disolucion is not null)
      or (x.metadata = '{}' and r.metadata <> '{}')
    order by r.tipo collate "C", r.clave collate "C"
    on conflict (tipo, nombre_normalizado) do update set
      alias = interno.unir_alias(actual.alias, excluded.alias, actual.nombre_normalizado),
      descripcion = coalesce(actual.descripcion, excluded.descripcion),
      fecha_nacimiento = coalesce(actual.fecha_nacimiento, excluded.fecha_nacimiento),
      fecha_disolucion = coalesce(actual.fecha_disolucion, excluded.fecha_disolucion),
      metadata = case when actual.metadata = '{}' then excluded.metadata else actual.metadata end,
      fecha_actualizacion = now()
    -- xmax is 0 in a row that was inserted, not updated.
    returning actual.id, actual.xmax::text = '0' as es_nueva
  )
  select coalesce(array_agg(g.id) filter (where g.es_nueva), '{}') into v_nuevas from guardadas g;

  -- 3. A new statement sees what other transactions committed while this one waited for them.
  select array_agg(d.id), array_agg(coalesce(interno.raiz_entidad(x.fusionada_en_id), x.id))
  into v_mapa.locales, v_mapa.ids
  from unnest(v_locales, v_tipos, v_claves) as d(id, tipo, clave)
  join public.entidades x on x.tipo = d.tipo and x.nombre_normalizado = d.clave;
  if cardinality(v_mapa.locales) is distinct from cardinality(v_locales) then
    raise exception 'an entidad was deleted while the item that names it was stored'
      using errcode = 'P0001', hint = 'Store the item again.';
  end if;

  perform interno.guardar_menciones(item, entidades, proc, v_mapa, v_nuevas);
  return v_mapa;
end
$$;
comment on function interno.guardar_entidades(interno.item, jsonb, interno.procedencia) is
  'Upserts the entidades by (tipo, normalized nombre), notes that the item names them, returns local id to id.';

create function interno.guardar_menciones(
  item interno.item, entidades jsonb, proc interno.procedencia, mapa interno.mapa, nuevas bigint[]
) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_menciones jsonb;
begin
  -- Several local entidades may be one in the database: the first mention counts.
  select jsonb_agg(to_jsonb(m)) into v_menciones
  from (
    select distinct on (x.entidad_id) x.entidad_id, e.nombre, e.offset_inicio, e.offset_fin,
      coalesce(max(e.relevancia) over (partition by x.entidad_id), 5) as relevancia,
      x.entidad_id = any (nuevas) as es_nueva
    from unnest((mapa).locales, (mapa).ids) as x(id, entidad_id)
    join jsonb_to_recordset(guardar_menciones.entidades) as e(
      id integer, nombre text, relevancia integer, offset_inicio integer, offset_fin integer
    ) on e.id = x.id
    order by x.entidad_id, e.offset_inicio nulls last, e.id
  ) as m;

  if item.articulo_id is not null then
    insert into public.entidad_articulo (
      articulo_id, entidad_id, nombre_mencionado, relevancia, es_nueva, offset_inicio, offset_fin,
      motor, modelo, prompt, huella_prompt, flow_run_id
    )
    select item.articulo_id, m.entidad_id, m.nombre, m.relevancia, m.es_nueva, m.offset_inicio, m.offset_fin,
      proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
    from jsonb_to_recordset(v_menciones) as m(
      entidad_id bigint, nombre text, relevancia integer, es_nueva boolean, offset_inicio integer, offset_fin integer
    );
  else
    insert into public.entidad_fragmento (
      fragmento_id, entidad_id, nombre_mencionado, relevancia, es_nueva, offset_inicio, offset_fin,
      motor, modelo, prompt, huella_prompt, flow_run_id
    )
    select item.fragmento_id, m.entidad_id, m.nombre, m.relevancia, m.es_nueva, m.offset_inicio, m.offset_fin,
      proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
    from jsonb_to_recordset(v_menciones) as m(
      entidad_id bigint, nombre text, relevancia integer, es_nueva boolean, offset_inicio integer, offset_fin integer
    );
  end if;
end
$$;
comment on function interno.guardar_menciones(interno.item, jsonb, interno.procedencia, interno.mapa, bigint[]) is
  'Notes which entidades an item names: one row each, with the offsets of the first mention.';

create function interno.guardar_hechos(
  item interno.item, hechos jsonb, proc interno.procedencia, juicios jsonb
) returns interno.mapa
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_mapa interno.mapa;
begin
  with guardados as (
    insert into public.hechos (
      articulo_id, documento_id, fragmento_id, id_local, contenido, fecha_ocurrencia, precision_temporal,
      importancia, importancia_motivos, tipo_hecho, pais, region, ciudad, etiquetas, es_evento_futuro,
      estado_programacion, evaluacion_editorial, editor_evaluador, fecha_evaluacion_editorial,
      justificacion_evaluacion_editorial, offset_inicio, offset_fin,
      motor, modelo, prompt, huella_prompt, flow_run_id
    )
    select item.articulo_id, item.documento_id, item.fragmento_id, h.id, h.contenido, interno.rango(h.fecha),
      h.precision_temporal, coalesce(h.importancia, 5), h.importancia_motivos, h.tipo_hecho,
      coalesce(h.pais, '{}'), coalesce(h.region, '{}'), coalesce(h.ciudad, '{}'), coalesce(h.etiquetas, '{}'),
      coalesce(h.es_futuro, false), h.estado_programacion,
      coalesce(j.evaluacion_editorial, 'pendiente_revision_editorial'), j.editor_evaluador,
      j.fecha_evaluacion_editorial, j.justificacion_evaluacion_editorial, h.offset_inicio, h.offset_fin,
      proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
    from jsonb_to_recordset(guardar_hechos.hechos) as h(
      id integer, contenido text, fecha jsonb, precision_temporal text, tipo_hecho text, pais text[], region text[],
      ciudad text[], etiquetas text[], es_futuro boolean, estado_programacion text, importancia integer,
      importancia_motivos text, offset_inicio integer, offset_fin integer
    )
    left join (
      select distinct on (e.contenido) e.*
      from jsonb_to_recordset(juicios) as e(
        contenido text, evaluacion_editorial text, editor_evaluador text, fecha_evaluacion_editorial timestamptz,
        justificacion_evaluacion_editorial text
      )
      order by e.contenido, e.fecha_evaluacion_editorial desc nulls last
    ) as j on j.contenido = h.contenido
    order by h.id
    returning id, id_local
  )
  select coalesce(array_agg(g.id_local), '{}'), coalesce(array_agg(g.id), '{}')
  into v_mapa.locales, v_mapa.ids
  from guardados g;

  if item.articulo_id is not null then
    insert into public.hecho_articulo (hecho_id, articulo_id, posicion)
    select x.hecho_id, item.articulo_id, x.id_local
    from unnest(v_mapa.ids, v_mapa.locales) as x(hecho_id, id_local);
  end if;

  insert into public.eventos_programados (hecho_id, fecha_programada, estado)
  select h.id, h.fecha_ocurrencia, coalesce(h.estado_programacion, 'programado')
  from public.hechos h
  where h.id = any (v_mapa.ids) and h.es_evento_futuro;

  return v_mapa;
end
$$;
comment on function interno.guardar_hechos(interno.item, jsonb, interno.procedencia, jsonb) is
  'Inserts the hechos, their hecho_articulo rows and the agenda; juicios holds the editors'' verdicts on hechos of the '
  'same contenido in the extraction that is replaced. Returns local id to id.';

create function interno.guardar_citas(
  item interno.item, citas jsonb, proc interno.procedencia, m_entidades interno.mapa, m_hechos interno.mapa
) returns void
language sql
set search_path = ''
as $$
  select
    interno.exigir_locales(
      'citas_textuales.entidad_id', array_agg(c.entidad_id), (guardar_citas.m_entidades).locales, false
    ),
    interno.exigir_locales('citas_textuales.hecho_id', array_agg(c.hecho_id), (guardar_citas.m_hechos).locales, false)
  from jsonb_to_recordset(guardar_citas.citas) as c(entidad_id integer, hecho_id integer);

  insert into public.citas_textuales (
    articulo_id, documento_id, fragmento_id, id_local, cita, entidad_emisora_id, hecho_contexto_id, fecha_cita,
    contexto, relevancia, offset_inicio, offset_fin, motor, modelo, prompt, huella_prompt, flow_run_id
  )
  select (guardar_citas.item).articulo_id, (guardar_citas.item).documento_id, (guardar_citas.item).fragmento_id,
    c.id, c.cita, e.entidad_id, h.hecho_id, c.fecha, c.contexto, coalesce(c.relevancia, 3),
    c.offset_inicio, c.offset_fin, (proc).motor, (proc).modelo, (proc).prompt, (proc).huella_prompt, (proc).flow_run_id
  from jsonb_to_recordset(guardar_citas.citas) as c(
    id integer, cita text, entidad_id integer, hecho_id integer, fecha timestamptz, contexto text,
    relevancia integer, offset_inicio integer, offset_fin integer
  )
  left join unnest((guardar_citas.m_entidades).locales, (guardar_citas.m_entidades).ids) as e(id, entidad_id)
    on e.id = c.entidad_id
  left join unnest((guardar_citas.m_hechos).locales, (guardar_citas.m_hechos).ids) as h(id, hecho_id)
    on h.id = c.hecho_id
  order by c.id;
$$;
comment on function interno.guardar_citas(interno.item, jsonb, interno.procedencia, interno.mapa, interno.mapa) is
  'Inserts the quotations.';

create function interno.guardar_datos(
  item interno.item, datos jsonb, proc interno.procedencia, m_hechos interno.mapa
) returns void
language sql
set search_path = ''
as $$
  select interno.exigir_locales(
    'datos_cuantitativos.hecho_id', array_agg(d.hecho_id), (guardar_datos.m_hechos).locales, false
  )
  from jsonb_to_recordset(guardar_datos.datos) as d(hecho_id integer);

  insert into public.datos_cuantitativos (
    articulo_id, documento_id, fragmento_id, id_local, hecho_id, indicador, categoria, valor_numerico, unidad,
    ambito_geografico, periodo_referencia_inicio, periodo_referencia_fin, tipo_periodo, valor_anterior,
    variacion_absoluta, variacion_porcentual, tendencia, offset_inicio, offset_fin,
    motor, modelo, prompt, huella_prompt, flow_run_id
  )
  select (guardar_datos.item).articulo_id, (guardar_datos.item).documento_id, (guardar_datos.item).fragmento_id,
    d.id, h.hecho_id, d.indicador, d.categoria, d.valor, d.unidad, coalesce(d.ambito_geografico, '{}'),
    (d.periodo ->> 'inicio')::date, (d.periodo ->> 'fin')::date, d.tipo_periodo, d.valor_anterior,
    d.variacion_absoluta, d.variacion_porcentual, d.tendencia, d.offset_inicio, d.offset_fin,
    (proc).motor, (proc).modelo, (proc).prompt, (proc).huella_prompt, (proc).flow_run_id
  from jsonb_to_recordset(guardar_datos.datos) as d(
    id integer, hecho_id integer, indicador text, categoria text, valor numeric, unidad text,
    ambito_geografico text[], periodo jsonb, tipo_periodo text, valor_anterior numeric, variacion_absoluta numeric,
    variacion_porcentual numeric, tendencia text, offset_inicio integer, offset_fin integer
  )
  left join unnest((guardar_datos.m_hechos).locales, (guardar_datos.m_hechos).ids) as h(id, hecho_id)
    on h.id = d.hecho_id
  order by d.id;
$$;
comment on function interno.guardar_datos(interno.item, jsonb, interno.procedencia, interno.mapa) is
  'Inserts the figures.';

create function interno.guardar_relaciones(
  item interno.item, relaciones jsonb, proc interno.procedencia, m_entidades interno.mapa, m_hechos interno.mapa
) returns void
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
declare
  -- Not through jsonb_to_recordset four times over: each list is read once.
  v_he jsonb := interno.lista(relaciones, 'hecho_entidad');
  v_hh jsonb := interno.lista(relaciones, 'hecho_relacionado');
  v_ee jsonb := interno.lista(relaciones, 'entidad_relacion');
  v_co jsonb := interno.lista(relaciones, 'contradicciones');
begin
  perform
    interno.exigir_locales('hecho_entidad.hecho_id', array_agg(r.hecho_id), m_hechos.locales, true),
    interno.exigir_locales('hecho_entidad.entidad_id', array_agg(r.entidad_id), m_entidades.locales, true)
  from jsonb_to_recordset(v_he) as r(hecho_id integer, entidad_id integer);
  perform
    interno.exigir_locales('hecho_relacionado.hecho_origen_id', array_agg(r.hecho_origen_id), m_hechos.locales, true),
    interno.exigir_locales('hecho_relacionado.hecho_destino_id', array_agg(r.hecho_destino_id), m_hechos.locales, true)
  from jsonb_to_recordset(v_hh) as r(hecho_origen_id integer, hecho_destino_id integer);
  perform
    interno.exigir_locales(
      'entidad_relacion.entidad_origen_id', array_agg(r.entidad_origen_id), m_entidades.locales, true
    ),
    interno.exigir_locales(
      'entidad_relacion.entidad_destino_id', array_agg(r.entidad_destino_id), m_entidades.locales, true
    )
  from jsonb_to_recordset(v_ee) as r(entidad_origen_id integer, entidad_destino_id integer);
  perform
    interno.exigir_locales(
      'contradicciones.hecho_principal_id', array_agg(r.hecho_principal_id), m_hechos.locales, true
    ),
    interno.exigir_locales(
      'contradicciones.hecho_contradictorio_id', array_agg(r.hecho_contradictorio_id), m_hechos.locales, true
    )
  from jsonb_to_recordset(v_co) as r(hecho_principal_id integer, hecho_contradictorio_id integer);

  -- One row where several local ids turned out to be one entidad, or the payload says the same twice.
  insert into public.hecho_entidad (
    hecho_id, entidad_id, tipo_relacion, relevancia_en_hecho, motor, modelo, prompt, huella_prompt, flow_run_id
  )
  select h.hecho_id, e.entidad_id, r.tipo_relacion, coalesce(max(r.relevancia_en_hecho), 5),
    proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
  from jsonb_to_recordset(v_he) as r(
    hecho_id integer, entidad_id integer, tipo_relacion text, relevancia_en_hecho integer
  )
  join unnest(m_hechos.locales, m_hechos.ids) as h(id, hecho_id) on h.id = r.hecho_id
  join unnest(m_entidades.locales, m_entidades.ids) as e(id, entidad_id) on e.id = r.entidad_id
  group by h.hecho_id, e.entidad_id, r.tipo_relacion;

  insert into public.hecho_relacionado (
    hecho_origen_id, hecho_destino_id, tipo_relacion, fuerza_relacion, descripcion_relacion,
    motor, modelo, prompt, huella_prompt, flow_run_id
  )
  select distinct on (o.hecho_id, d.hecho_id, r.tipo_relacion) o.hecho_id, d.hecho_id, r.tipo_relacion,
    coalesce(r.fuerza_relacion, 5), r.descripcion_relacion,
    proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
  from jsonb_to_recordset(v_hh) as r(
    hecho_origen_id integer, hecho_destino_id integer, tipo_relacion text, fuerza_relacion integer,
    descripcion_relacion text
  )
  join unnest(m_hechos.locales, m_hechos.ids) as o(id, hecho_id) on o.id = r.hecho_origen_id
  join unnest(m_hechos.locales, m_hechos.ids) as d(id, hecho_id) on d.id = r.hecho_destino_id
  order by o.hecho_id, d.hecho_id, r.tipo_relacion, r.fuerza_relacion desc nulls last, r.descripcion_relacion;

  -- Two names of one entidad may be related in the text, an entidad to itself is not.
  insert into public.entidad_relacion (
    entidad_origen_id, entidad_destino_id, tipo_relacion, descripcion, fecha_inicio, fecha_fin, fuerza_relacion,
    articulo_id, fragmento_id, motor, modelo, prompt, huella_prompt, flow_run_id
  )
  select distinct on (o.entidad_id, d.entidad_id, r.tipo_relacion) o.entidad_id, d.entidad_id, r.tipo_relacion,
    r.descripcion, r.fecha_inicio, r.fecha_fin, coalesce(r.fuerza_relacion, 5), item.articulo_id, item.fragmento_id,
    proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
  from jsonb_to_recordset(v_ee) as r(
    entidad_origen_id integer, entidad_destino_id integer, tipo_relacion text, descripcion text, fecha_inicio date,
    fecha_fin date, fuerza_relacion integer
  )
  join unnest(m_entidades.locales, m_entidades.ids) as o(id, entidad_id) on o.id = r.entidad_origen_id
  join unnest(m_entidades.locales, m_entidades.ids) as d(id, entidad_id) on d.id = r.entidad_destino_id
  where o.entidad_id <> d.entidad_id
  order by o.entidad_id, d.entidad_id, r.tipo_relacion, r.fuerza_relacion desc nulls last, r.descripcion;

  insert into public.contradicciones (
    hecho_principal_id, hecho_contradictorio_id, tipo, grado, descripcion,
    motor, modelo, prompt, huella_prompt, flow_run_id
  )
  select distinct on (p.hecho_id, c.hecho_id, r.tipo) p.hecho_id, c.hecho_id, r.tipo, coalesce(r.grado, 3),
    r.descripcion, proc.motor, proc.modelo, proc.prompt, proc.huella_prompt, proc.flow_run_id
  from jsonb_to_recordset(v_co) as r(
    hecho_principal_id integer, hecho_contradictorio_id integer, tipo text, grado integer, descripcion text
  )
  join unnest(m_hechos.locales, m_hechos.ids) as p(id, hecho_id) on p.id = r.hecho_principal_id
  join unnest(m_hechos.locales, m_hechos.ids) as c(id, hecho_id) on c.id = r.hecho_contradictorio_id
  order by p.hecho_id, c.hecho_id, r.tipo, r.grado desc nulls last, r.descripcion;
end
$$;
comment on function interno.guardar_relaciones(
  interno.item, jsonb, interno.procedencia, interno.mapa, interno.mapa
) is
  'Inserts the four kinds of relation. Duplicates become one row; a relation of an entidad with itself (two local ids '
  'that are one in the database) is left out; a local id that is not in the payload raises 23503.';

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
  'Raises 23514 if a row claims a place beyond the text, or a quotation that is not there word for word.';

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
  'Adds what each stage used; never replaces what was used before.';

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
  'Stores everything that was found in one item. The item''s row is there and locked, and it holds no extraction.';

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
  -- Relations among hechos, the agenda and hecho_articulo go with them.
  delete from public.hechos h
  where h.articulo_id = item.articulo_id or h.fragmento_id = item.fragmento_id;
  return coalesce(v_juicios, '[]');
end
$$;
comment on function interno.borrar_extraccion(interno.item) is
  'Removes everything found in an item but its entidades; returns the editors'' verdicts on its hechos.';

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
  'The rows that belong to an item, counted where they are stored.';
