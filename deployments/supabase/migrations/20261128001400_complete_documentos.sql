-- The end of reading a long document, once all its fragments are stored.

create function interno.colocar_fragmentos(documento_id bigint, lista jsonb) returns void
language sql
set search_path = ''
as $$
  update public.fragmentos_extensos as f set
    huella_documento = d.huella_contenido, indice_secuencial = l.indice_secuencial, titulo_seccion = l.titulo_seccion,
    num_pagina_inicio = l.num_pagina_inicio, num_pagina_fin = l.num_pagina_fin, offset_inicio = l.offset_inicio,
    offset_fin = l.offset_fin
  from jsonb_to_recordset(lista) as l(
    identidad text, indice_secuencial integer, titulo_seccion text, num_pagina_inicio integer, num_pagina_fin integer,
    offset_inicio integer, offset_fin integer
  ),
  public.documentos_extensos as d
  where d.id = colocar_fragmentos.documento_id and f.documento_id = d.id and f.identidad = l.identidad
    and (
      f.huella_documento, f.indice_secuencial, f.titulo_seccion, f.num_pagina_inicio, f.num_pagina_fin,
      f.offset_inicio, f.offset_fin
    ) is distinct from (
      d.huella_contenido, l.indice_secuencial, l.titulo_seccion, l.num_pagina_inicio, l.num_pagina_fin,
      l.offset_inicio, l.offset_fin
    );
$$;
comment on function interno.colocar_fragmentos(bigint, jsonb) is
  'Writes the places that the document''s fragments have in its current content. Rows without a change are not '
  'touched.';

create function interno.descartar_errores_de_fragmentos(documento text, lista jsonb) returns void
language sql
set search_path = ''
as $$
  select interno.cerrar_error(p.identidad, 'descartado')
  from public.pipeline_errores p
  where p.estado not in ('resuelto', 'descartado')
    and starts_with(p.identidad, documento || '#')
    -- After the # stands the name of a fragment (newsroom/documents/fragments.py), not the rest of another url.
    and substr(p.identidad, length(documento) + 2) ~ '^[0-9a-f]{32}-[0-9]{1,9}$'
    and p.identidad not in (select l.identidad from jsonb_to_recordset(lista) as l(identidad text));
$$;
comment on function interno.descartar_errores_de_fragmentos(text, jsonb) is
  'Discards the open errors of fragments that the document no longer has: they are not in the list. Tried again and '
  'stored, such a fragment would bring older content back.';

create or replace function public.completar_documento(datos_json jsonb) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_documento_id bigint;
  v_lista jsonb := interno.lista(datos_json, 'fragmentos');
  v_pendientes jsonb;
  v_eliminados bigint := 0;
begin
  perform interno.exigir_forma(datos_json, '{}', array['fragmentos']);
  v_documento_id := interno.resolver_documento(datos_json);
  perform from public.documentos_extensos d where d.id = v_documento_id for no key update;

  select coalesce(jsonb_agg(l.identidad order by l.indice_secuencial), '[]') into v_pendientes
  from jsonb_to_recordset(v_lista) as l(identidad text, huella_contenido text, indice_secuencial integer)
  where not exists (
    select from public.fragmentos_extensos f
    where f.identidad = l.identidad and f.huella_contenido = l.huella_contenido and f.documento_id = v_documento_id
  );
  if v_pendientes = '[]' then
    delete from public.fragmentos_extensos f
    where f.documento_id = v_documento_id
      and f.identidad not in (select l.identidad from jsonb_to_recordset(v_lista) as l(identidad text));
    get diagnostics v_eliminados = row_count;
    perform interno.colocar_fragmentos(v_documento_id, v_lista);
    perform interno.descartar_errores_de_fragmentos(
      (select d.identidad from public.documentos_extensos d where d.id = v_documento_id), v_lista
    );
    update public.documentos_extensos d
    set procesado = true, num_fragmentos = jsonb_array_length(v_lista), fecha_actualizacion = now()
    where d.id = v_documento_id
      and (d.procesado, d.num_fragmentos) is distinct from (true, jsonb_array_length(v_lista));
  end if;
  return jsonb_build_object(
    'documento_id', v_documento_id, 'procesado', v_pendientes = '[]', 'pendientes', v_pendientes,
    'num_fragmentos_eliminados', v_eliminados
  );
end
$$;
comment on function public.completar_documento(jsonb) is
  'Ends the reading of a document. datos_json holds documento (or documento_id) and fragmentos, the whole list of '
  '{identidad, huella_contenido, indice_secuencial, titulo_seccion, num_pagina_inicio, num_pagina_fin, offset_inicio, '
  'offset_fin}. If all of them are stored: deletes the fragments of older content, writes the places of the others, '
  'discards the errors of fragments that the document no longer has, sets procesado. If some are missing: changes '
  'nothing, and pendientes names them. A second call changes no row.';
