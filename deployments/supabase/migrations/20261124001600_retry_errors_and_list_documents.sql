-- Dead letters that are tried again, and documents as lists.

create or replace function public.registrar_error(datos_json jsonb) returns jsonb
language plpgsql
set search_path = ''
set timezone = 'UTC'
as $$
declare
  e public.pipeline_errores;
  v_intento jsonb;
  v_id bigint;
begin
  perform interno.exigir_forma(datos_json, '{}', '{}');
  e := jsonb_populate_record(
    null::public.pipeline_errores, datos_json - array['id', 'estado', 'historial', 'primer_error', 'ultimo_error']
  );
  e.intentos := coalesce(e.intentos, 1);
  v_intento := jsonb_build_object(
    'fecha', now(), 'flow_run_id', e.flow_run_id, 'etapa', e.etapa, 'clase_error', e.clase_error,
    'mensaje', e.mensaje, 'intentos', e.intentos
  );
  insert into public.pipeline_errores as p (
    identidad, flow_run_id, etapa, clase_error, mensaje, transitorio, intentos, entrada, proximo_intento, historial,
    severidad, estado
  )
  values (
    e.identidad, e.flow_run_id, e.etapa, e.clase_error, e.mensaje, e.transitorio, e.intentos, e.entrada,
    e.proximo_intento, jsonb_build_array(v_intento), coalesce(e.severidad, 'media'),
    case when e.transitorio then 'en_reintentos' else 'intervencion_requerida' end
  )
  on conflict (identidad) where estado not in ('resuelto', 'descartado') do update set
    flow_run_id = excluded.flow_run_id, etapa = excluded.etapa, clase_error = excluded.clase_error,
    mensaje = excluded.mensaje, transitorio = excluded.transitorio,
    -- The same run told again (its first answer was lost) counts once.
    intentos = case
      when p.flow_run_id = excluded.flow_run_id
      then p.intentos - coalesce((p.historial -> -1 ->> 'intentos')::integer, 0) + excluded.intentos
      else p.intentos + excluded.intentos
    end,
    historial = interno.anotar_intento(
      case when p.flow_run_id = excluded.flow_run_id then p.historial - -1 else p.historial end, v_intento
    ),
    entrada = coalesce(excluded.entrada, p.entrada), severidad = excluded.severidad, ultimo_error = now(),
    proximo_intento = case
      when excluded.transitorio and interno.corridas_fallidas(p, excluded.flow_run_id) < 10
      then greatest(
        excluded.proximo_intento,
        now() + interval '15 minutes' * 2 ^ least(interno.corridas_fallidas(p, excluded.flow_run_id) - 1, 7)
      )
    end,
    estado = case
      when excluded.transitorio and interno.corridas_fallidas(p, excluded.flow_run_id) < 10
      then 'en_reintentos' else 'intervencion_requerida'
    end
  returning p.id into v_id;
  return jsonb_build_object('id', v_id);
end
$$;
comment on function public.registrar_error(jsonb) is
  'Leaves an item that failed for good, with its input. One open row for each identidad: the next failure updates it, '
  'adds its intentos (attempts of that run, 1 if absent) and a line to historial (the last 50). Each further failure '
  'doubles the wait for the next try (15 minutes to 32 hours, or what proximo_intento says if that is later); the tenth '
  'run that fails asks for a person. Answers {"id"}.';

create function interno.corridas_fallidas(fila public.pipeline_errores, flow_run_id uuid) returns integer
language sql immutable
set search_path = ''
as $$
  select jsonb_array_length(fila.historial)
    + case when fila.flow_run_id = corridas_fallidas.flow_run_id then 0 else 1 end
$$;
comment on function interno.corridas_fallidas(public.pipeline_errores, uuid) is
  'How many runs of the item have failed once this one is noted.';

create function public.errores_por_reintentar(limite integer default 100) returns setof public.pipeline_errores
language sql stable
set search_path = ''
as $$
  select p.*
  from public.pipeline_errores p
  where p.estado = 'en_reintentos' and p.proximo_intento <= now()
  order by p.proximo_intento, p.id
  limit greatest(limite, 0)
$$;
comment on function public.errores_por_reintentar(integer) is
  'Failed items of a cause that may have passed, whose next try is due; the longest due first.';

create function public.leer_error(error_id bigint) returns jsonb
language sql stable
set search_path = ''
as $$
  select to_jsonb(p) from public.pipeline_errores p where p.id = leer_error.error_id
$$;
comment on function public.leer_error(bigint) is 'One failed item with its input; null if there is none of that id.';

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
  'The newest documents; num_fragmentos is null and procesado false while one is being read.';

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
  'A document and its fragments in order, each with its place and counts but without its text; null if there is none.';

do $$
declare
  v_funcion regprocedure;
begin
  for v_funcion in
    select p.oid from pg_catalog.pg_proc p
    where p.oid in (
      'interno.corridas_fallidas(public.pipeline_errores, uuid)'::regprocedure,
      'public.errores_por_reintentar(integer)'::regprocedure,
      'public.leer_error(bigint)'::regprocedure,
      'public.listar_documentos(integer)'::regprocedure,
      'public.resumir_documento(bigint)'::regprocedure
    )
  loop
    execute format('revoke all on function %s from public, anon, authenticated', v_funcion);
    execute format('grant execute on function %s to service_role', v_funcion);
  end loop;
end
$$;

notify pgrst, 'reload schema';
