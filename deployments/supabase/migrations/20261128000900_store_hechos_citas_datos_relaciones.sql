-- Storing hechos, quotations, figures and relations: one statement a table, however many rows.

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
  'Inserts the hechos, their rows in hecho_articulo and in the agenda. juicios: the editors'' judgements of the '
  'replaced extraction; a hecho with the same contenido keeps its judgement. Returns the ids.';

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

  -- One row if several local ids are one entidad in the database, or if the payload says the same twice.
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

  -- Two names of one entidad may be related in the text; an entidad is not related to itself.
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
  'Inserts the four kinds of relation. Duplicates become one row. A relation of an entidad to itself (two local ids '
  'that are one row in the database) is left out. Raises 23503 for a local id that is not in the payload.';
