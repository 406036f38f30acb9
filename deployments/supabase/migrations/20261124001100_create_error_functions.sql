-- Dead letters.

create function public.registrar_error(datos_json jsonb) returns jsonb
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
    entrada = coalesce(excluded.entrada, p.entrada), proximo_intento = excluded.proximo_intento,
    severidad = excluded.severidad, estado = excluded.estado, ultimo_error = now()
  returning p.id into v_id;
  return jsonb_build_object('id', v_id);
end
$$;
comment on function public.registrar_error(jsonb) is
  'Leaves an item that failed for good, with its input. One open row for each identidad: the next failure updates it, '
  'adds its intentos (attempts of that run, 1 if absent) and a line to historial (the last 50). Answers {"id"}.';

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
comment on function interno.anotar_intento(jsonb, jsonb) is 'The history with the attempt at its end, 50 at most.';

create function public.resolver_error(identidad text, resolucion text) returns void
language sql
set search_path = ''
as $$
  select interno.cerrar_error(resolver_error.identidad, resolver_error.resolucion)
$$;
comment on function public.resolver_error(text, text) is
  'Closes the open error of an item (estado resuelto, or descartado if that is the resolucion); nothing to do if there is none.';

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
comment on function public.listar_errores(boolean, integer) is 'Failed items, newest first; only the open ones unless told otherwise.';
