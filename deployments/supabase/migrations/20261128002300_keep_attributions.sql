-- The words that attribute a quotation to its speaker, as offsets into the text: {"offset_inicio": n, "offset_fin": n}.
alter table public.citas_textuales add column atribucion jsonb;
comment on column public.citas_textuales.atribucion is
  'Where the text says who speaks: offset_inicio and offset_fin of the words that attribute the quotation. Null '
  'without a speaker, and in rows stored before the column.';

create or replace function interno.guardar_citas(
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
    contexto, atribucion, relevancia, offset_inicio, offset_fin, motor, modelo, prompt, huella_prompt, flow_run_id
  )
  select (guardar_citas.item).articulo_id, (guardar_citas.item).documento_id, (guardar_citas.item).fragmento_id,
    c.id, c.cita, e.entidad_id, h.hecho_id, c.fecha, c.contexto,
    nullif(c.atribucion, 'null'), coalesce(c.relevancia, 3),
    c.offset_inicio, c.offset_fin, (proc).motor, (proc).modelo, (proc).prompt, (proc).huella_prompt, (proc).flow_run_id
  from jsonb_to_recordset(guardar_citas.citas) as c(
    id integer, cita text, entidad_id integer, hecho_id integer, fecha timestamptz, contexto text, atribucion jsonb,
    relevancia integer, offset_inicio integer, offset_fin integer
  )
  left join unnest((guardar_citas.m_entidades).locales, (guardar_citas.m_entidades).ids) as e(id, entidad_id)
    on e.id = c.entidad_id
  left join unnest((guardar_citas.m_hechos).locales, (guardar_citas.m_hechos).ids) as h(id, hecho_id)
    on h.id = c.hecho_id
  order by c.id;
$$;
