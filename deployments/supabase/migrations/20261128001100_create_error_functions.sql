-- Dead letters: items that failed for good, kept with their input and tried again.

create function interno.anotar_intento(historial jsonb, intento jsonb) returns jsonb
language sql immutable
set search_path = ''
as $$
  select jsonb_agg(h.valor order by h.orden)
  from (
    select x.valor, x.orden
    from jsonb_array_elements(historial || jsonb_build_array(intento)) with ordinality as x(valor, orden)
    order by x.orden desc
    limit 50
  ) as h
$$;
comment on function interno.anotar_intento(jsonb, jsonb) is
  'Returns the history with the attempt at its end; the last 50 entries.';

create function interno.corridas_fallidas(fila public.pipeline_errores, flow_run_id uuid) returns integer
language sql immutable
set search_path = ''
as $$
  select jsonb_array_length(fila.historial)
    + case when fila.flow_run_id = corridas_fallidas.flow_run_id then 0 else 1 end
$$;
comment on function interno.corridas_fallidas(public.pipeline_errores, uuid) is
  'Returns how many runs of the item have failed, this one included.';

create function interno.cerrar_error(identidad text, resolucion text) returns void
language sql
set search_path = ''
as $$
  update public.pipeline_errores as p
  set estado = case when cerrar_error.resolucion = 'descartado' then 'descartado' else 'resuelto' end,
    resolucion = cerrar_error.resolucion, fecha_resolucion = now(), proximo_intento = null
  where p.identidad = cerrar_error.identidad and p.estado not in ('resuelto', 'descartado')
$$;
comment on function interno.cerrar_error(text, text) is 'Closes the open error of an item, if there is one.';

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
    -- A run that reports its failure twice (the first answer was lost) counts once.
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
  'Records an item that failed for good, with its input. There is one open row for each identidad: the next failure '
  'updates it, adds its intentos (attempts of that run, 1 if absent) and a line to historial (the last 50). Each '
  'further failure doubles the wait for the next try: 15 minutes to 32 hours, or until proximo_intento if that is '
  'later. After the tenth failed run estado is intervencion_requerida. Returns {"id"}.';

create function public.resolver_error(identidad text, resolucion text) returns void
language sql
set search_path = ''
as $$
  select interno.cerrar_error(resolver_error.identidad, resolver_error.resolucion)
$$;
comment on function public.resolver_error(text, text) is
  'Closes the open error of an item, if there is one. estado becomes descartado if that is the resolucion, else '
  'resuelto.';

create function public.listar_errores(solo_pendientes boolean default true, limite integer default 100)
returns setof public.pipeline_errores
language sql stable
set search_path = ''
as $$
  select p.*
  from public.pipeline_errores p
  where not coalesce(solo_pendientes, true) or p.estado not in ('resuelto', 'descartado')
  order by p.id desc
  limit greatest(limite, 0)
$$;
comment on function public.listar_errores(boolean, integer) is
  'Returns failed items, newest first; only the open ones unless solo_pendientes is false.';

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
  'Returns the failed items whose next try is due (transitory causes only), the longest due first.';

create function public.leer_error(error_id bigint) returns jsonb
language sql stable
set search_path = ''
as $$
  select to_jsonb(p) from public.pipeline_errores p where p.id = leer_error.error_id
$$;
comment on function public.leer_error(bigint) is
  'Returns one failed item with its input; null if there is none of that id.';
