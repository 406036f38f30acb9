-- Which rows may an entidad of an article be? The database finds the few that share a key with one of its names, by
-- one index; rules outside (newsroom/linking) decide. What they take for one name shares a key here.

create function interno.claves_enlace(nombres text[]) returns text[]
language sql immutable parallel safe
set search_path = ''
as $$
  with listas as (
    select l.palabras,
      array(
        select p from unnest(l.palabras) with ordinality as x(p, orden)
        where p <> all (
          '{a,al,con,de,del,e,el,en,la,las,lo,los,o,para,por,u,un,una,y,n,no,num,nro,numero,honorable,ilustre,excelentisimo,
            excmo,corp,inc,ltda,sa,sl,spa,srl}'::text[]
        )
        order by orden limit 8
      ) as plenas
    from unnest(nombres) with ordinality as n(nombre, orden)
    cross join lateral (
      -- 27.551 is one number.
      select string_to_array(
        regexp_replace(
          regexp_replace(interno.normalizar_nombre(n.nombre), ' s [al]( de c v)?$', ''),
          '([0-9]) (?=[0-9]{3}( |$))', '\1', 'g'
        ),
        ' '
      ) as palabras
    ) as l
    where n.nombre is not null and n.orden <= 24
  ),
  plegadas as (
    -- Zelenski and Zelenskiy, Martha and Marta, Lukashenko and Lukashenka; numbers stay as they are.
    select l.palabras, l.plenas,
      array(
        select case when p ~ '[0-9]' then left(p, 20) else left(
          regexp_replace(replace(replace(replace(p, 'th', 't'), 'ph', 'f'), 'y', 'i'), '(.)\1+', '\1', 'g'), 5
        ) end
        from unnest(l.plenas) with ordinality as x(p, orden) order by orden
      ) as cortas
    from listas l
  ),
  claves as (
    select 'c=' || left(array_to_string(l.palabras, ''), 60) as clave from plegadas l
    union
    select 'c=' || left(array_to_string(l.plenas, ''), 60) from plegadas l where cardinality(l.plenas) > 0
    union
    -- Initials of the words, and what may be initials.
    select 's=' || (select string_agg(left(p, 1), '' order by orden) from unnest(l.plenas) with ordinality as x(p, orden))
    from plegadas l where cardinality(l.plenas) > 2
    union
    select 's=' || (
      select string_agg(left(p, 1), '' order by orden) from unnest(l.palabras[1:12]) with ordinality as x(p, orden)
    )
    from plegadas l where cardinality(l.palabras) > 2
    union
    select 's=' || array_to_string(l.palabras, '')
    from plegadas l where char_length(array_to_string(l.palabras, '')) between 3 and 8
    union
    select 't=' || (select string_agg(p, ' ' order by p collate "C") from unnest(l.cortas) as p)
    from plegadas l where cardinality(l.cortas) > 1
    union
    select 'p=' || least(a.p collate "C", b.p collate "C") || ' ' || greatest(a.p collate "C", b.p collate "C")
    from plegadas l
    cross join unnest(l.cortas) with ordinality as a(p, orden)
    cross join unnest(l.cortas) with ordinality as b(p, orden)
    where a.orden < b.orden
  )
  select coalesce(array_agg(c.clave order by c.clave collate "C"), '{}') from claves c
$$;
comment on function interno.claves_enlace(text[]) is
  'Keys under which names are looked for: c= the name without spaces, s= initials, t= all its words, p= each two of '
  'them, folded and cut to five letters. Of at most 24 names; the same as newsroom.names.link_keys.';

alter table public.entidades add column claves_enlace text[] collate "C" not null
  generated always as (interno.claves_enlace(array_prepend(nombre, alias))) stored;
comment on column public.entidades.claves_enlace is 'interno.claves_enlace of nombre and alias: how linking finds the row.';
create index entidades_claves_enlace_idx on public.entidades using gin (claves_enlace);

create function interno.candidatos_enlace(clave text, claves text[], tipo text)
returns table (entidad_id bigint, es_exacto boolean, puntos bigint)
language sql stable
rows 5
set search_path = ''
-- As in interno.candidatos: what is left is a bitmap scan of the one index.
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
      -- A key of everybody's (the pair of a common given name and surname) must not read the table.
      limit 501
    )
  )
  select h.id, bool_or(h.es_exacto), max(coalesce((
    -- Two words are shared by many, all of them by few.
    select sum(case when k like 'p=%' then 1 else 10 end)
    from unnest(e.claves_enlace) as k where k = any (candidatos_enlace.claves)
  ), 0))
  from hallados h
  join public.entidades e on e.id = h.id
  group by h.id
$$;
comment on function interno.candidatos_enlace(text, text[], text) is
  'Entidades of a tipo that bear the normalized name `clave` or share a key, with points for what it shares; at most 502.';

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
        -- The names of rows that were merged into it are its names.
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
  'For each {"id","nombre","tipo","claves"} (claves: by which keys to look, all of the nombre''s if null) the rows that it may be: '
  '[{"id_local","completos","candidatos":[{"id","nombre","alias","es_exacto"}]}], best first, at most `limite` each; '
  'completos is false if there were more. Merged rows answer with the row they were merged into.';

revoke all on function public.buscar_candidatos_entidades(jsonb, integer) from public, anon, authenticated;
grant execute on function public.buscar_candidatos_entidades(jsonb, integer) to service_role;
revoke all on function interno.claves_enlace(text[]) from public, anon, authenticated;
grant execute on function interno.claves_enlace(text[]) to service_role;
revoke all on function interno.candidatos_enlace(text, text[], text) from public, anon, authenticated;
grant execute on function interno.candidatos_enlace(text, text[], text) to service_role;

notify pgrst, 'reload schema';
