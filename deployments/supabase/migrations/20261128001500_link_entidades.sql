-- Linking: which rows may an entidad of an item be? The database finds the few that share a key with one of its names,
-- through one index. The rules that choose among them are Python: newsroom/linking.

create function interno.candidatos_enlace(clave text, claves text[], tipo text)
returns table (entidad_id bigint, es_exacto boolean, puntos bigint)
language sql stable
rows 5
set search_path = ''
-- The planner takes comparing keys for cheap and would read the whole table, or walk it along the primary key. Without
-- those two ways a bitmap scan of the index of keys is left.
set enable_seqscan = off
set enable_indexscan = off
as $$
  with hallados as materialized (
    select e.id, true as es_exacto from public.entidades e
    where e.tipo = candidatos_enlace.tipo and e.nombre_normalizado = candidatos_enlace.clave
    union all
    (
      select e.id, false from public.entidades e
      where e.claves_enlace && candidatos_enlace.claves and e.tipo = candidatos_enlace.tipo
      -- Many people share a key (the pair of a common given name and surname); it must not read the whole table.
      limit 501
    )
  )
  select h.id, bool_or(h.es_exacto), max(coalesce((
    -- Many names share two words; few share all of them.
    select sum(case when k like 'p=%' then 1 else 10 end)
    from unnest(e.claves_enlace) as k where k = any (candidatos_enlace.claves)
  ), 0))
  from hallados h
  join public.entidades e on e.id = h.id
  group by h.id
$$;
comment on function interno.candidatos_enlace(text, text[], text) is
  'Returns the entidades of a tipo that have the normalized name `clave` or share a key with it, at most 502. puntos '
  'grows with the keys that they share.';

create function public.buscar_candidatos_entidades(entidades jsonb, limite integer default 100) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_respuesta jsonb;
begin
  if jsonb_typeof(entidades) is distinct from 'array' then
    raise exception 'entidades is not an array' using errcode = '22023';
  end if;
  select coalesce(jsonb_agg(x.fila order by x.id), '[]') into v_respuesta
  from (
    select b.id, jsonb_build_object(
      'id_local', b.id, 'completos', count(*) <= least(greatest(buscar_candidatos_entidades.limite, 1), 500),
      'candidatos', coalesce(jsonb_agg(
        jsonb_build_object('id', c.id, 'nombre', c.nombre, 'alias', c.alias, 'es_exacto', c.es_exacto) order by c.lugar
      ) filter (where c.lugar <= least(greatest(buscar_candidatos_entidades.limite, 1), 500)), '[]')
    ) as fila
    from jsonb_to_recordset(buscar_candidatos_entidades.entidades) as b(id integer, nombre text, tipo text, claves text[])
    cross join lateral (
      select r.id, r.nombre, bool_or(h.es_exacto) as es_exacto,
        -- The names of the rows that were merged into it are its names too.
        (
          select r.alias || coalesce(array_agg(n order by n collate "C") filter (where n is not null), '{}')
          from (
            select distinct unnest(array_prepend(m.nombre, m.alias)) as n
            from public.entidades m where m.fusionada_en_id = r.id
          ) as fusionadas
        ) as alias,
        row_number() over (order by bool_or(h.es_exacto) desc, max(h.puntos) desc, r.id) as lugar
      from interno.candidatos_enlace(
        interno.normalizar_nombre(b.nombre), coalesce(b.claves, interno.claves_enlace(array[b.nombre])), b.tipo
      ) as h
      join public.entidades e on e.id = h.entidad_id
      join public.entidades r
        on r.id = case when e.fusionada_en_id is null then e.id else interno.raiz_entidad(e.id) end
      group by r.id
    ) as c
    group by b.id
  ) as x;
  return v_respuesta;
end
$$;
comment on function public.buscar_candidatos_entidades(jsonb, integer) is
  'entidades: [{"id","nombre","tipo","claves"}]; claves are the keys to look for, all keys of the nombre if null. '
  'Returns the rows that each may be, best first, at most `limite`: '
  '[{"id_local","completos","candidatos":[{"id","nombre","alias","es_exacto"}]}]. completos is false if there were '
  'more. A merged row is replaced by the row it was merged into.';
