-- Storing the entidades of an item: upserted by (tipo, normalized nombre), in the same order by every transaction.

-- Linking saw the rows of a moment ago, so its choice is checked again here: a link never makes one row of two
-- entidades of the same item. If another entidad of the item has that row too, the linked one is stored under its own
-- name.
create function interno.destinos_entidades(entidades jsonb)
returns table (id_local integer, tipo text, clave text)
language sql stable
set search_path = ''
as $$
  with recibidas as (
    select r.id, r.tipo, r.clave, enlazada.tipo as tipo_enlace, enlazada.nombre_normalizado as clave_enlace,
      coalesce(raiz.tipo, r.tipo) as tipo_propio, coalesce(raiz.nombre_normalizado, r.clave) as clave_propia
    from (
      select e.id, e.db_id, e.tipo, interno.normalizar_nombre(e.nombre) as clave
      from jsonb_to_recordset(destinos_entidades.entidades) as e(id integer, db_id bigint, nombre text, tipo text)
    ) as r
    left join public.entidades directa on directa.id = r.db_id and directa.tipo = r.tipo
    left join public.entidades enlazada
      on enlazada.id = case
        when directa.fusionada_en_id is null then directa.id else interno.raiz_entidad(directa.id)
      end
    left join public.entidades homonima
      on homonima.tipo = r.tipo and homonima.nombre_normalizado = r.clave and homonima.fusionada_en_id is not null
    left join public.entidades raiz on raiz.id = interno.raiz_entidad(homonima.id)
  )
  select r.id,
    case when e.es_unico then r.tipo_enlace else r.tipo_propio end,
    case when e.es_unico then r.clave_enlace else r.clave_propia end
  from recibidas r
  cross join lateral (
    select r.clave_enlace is not null and not exists (
      select from recibidas o
      where (o.tipo, o.clave) is distinct from (r.tipo, r.clave)
        and (
          (o.tipo_propio, o.clave_propia) = (r.tipo_enlace, r.clave_enlace)
          or (o.tipo_enlace, o.clave_enlace) = (r.tipo_enlace, r.clave_enlace)
        )
    ) as es_unico
  ) as e
$$;
comment on function interno.destinos_entidades(jsonb) is
  'Returns, for each entidad of an item, the key (tipo, nombre_normalizado) of the row in which it is stored. That is '
  'the row that linking found (db_id), unless it was deleted, has another tipo, or is also the row of another entidad '
  'of the item; else the row that its own name was merged into; else its own.';

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
  -- Several entidades of the item may be one row in the database: the first mention counts.
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
  'Records which entidades an item names: one row each, with the offsets of the first mention.';

create or replace function interno.guardar_entidades(item interno.item, entidades jsonb, proc interno.procedencia)
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
  -- 1. The key of the row in which each one is stored.
  select array_agg(d.id_local), array_agg(d.tipo), array_agg(d.clave)
  into v_locales, v_tipos, v_claves
  from interno.destinos_entidades(guardar_entidades.entidades) as d;

  if array_position(v_locales, null) is not null or array_position(v_tipos, null) is not null
    or array_position(v_claves, null) is not null then
    raise exception 'entidades: id, nombre or tipo is null' using errcode = '23502';
  end if;
  if cardinality(v_locales) > (select count(distinct l) from unnest(v_locales) as l) then
    raise exception 'two entidades have the same id' using errcode = '23505';
  end if;

  -- 2. Write the rows that are new or get something new. Every transaction does so in the same order: no deadlocks.
  -- Rows without a change are not touched: otherwise all transactions would wait for a name that every item mentions.
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
    -- xmax is 0 in a row that this statement inserted, not updated.
    returning actual.id, actual.xmax::text = '0' as es_nueva
  )
  select coalesce(array_agg(g.id) filter (where g.es_nueva), '{}') into v_nuevas from guardadas g;

  -- 3. Read the ids. This statement sees what other transactions committed while this one waited for them.
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
  'Inserts or updates the entidades by (tipo, normalized nombre) and records that the item names them. Returns their '
  'ids.';
