-- What an editor reviews: how often entidades are named, pairs that may be one, and merging two by hand.

create function public.listar_entidades(limite integer default 20, tipo text default null)
returns table (id bigint, nombre text, tipo text, alias text[], articulos bigint, fragmentos bigint)
language sql stable
set search_path = ''
as $$
  with raices as (
    select e.id, case when e.fusionada_en_id is null then e.id else interno.raiz_entidad(e.id) end as raiz
    from public.entidades e
    where listar_entidades.tipo is null or e.tipo = listar_entidades.tipo or e.fusionada_en_id is not null
  ),
  menciones as (
    select r.raiz, count(distinct m.articulo_id) as articulos, 0::bigint as fragmentos
    from public.entidad_articulo m join raices r on r.id = m.entidad_id group by r.raiz
    union all
    select r.raiz, 0, count(distinct m.fragmento_id)
    from public.entidad_fragmento m join raices r on r.id = m.entidad_id group by r.raiz
  ),
  sumas as (
    select m.raiz, sum(m.articulos)::bigint as articulos, sum(m.fragmentos)::bigint as fragmentos
    from menciones m group by m.raiz
  )
  select e.id, e.nombre, e.tipo,
    e.alias || array(
      select distinct n collate "C" from public.entidades f, unnest(array_prepend(f.nombre, f.alias)) as n
      where f.fusionada_en_id = e.id order by 1
    ),
    coalesce(s.articulos, 0), coalesce(s.fragmentos, 0)
  from public.entidades e
  left join sumas s on s.raiz = e.id
  where e.fusionada_en_id is null and (listar_entidades.tipo is null or e.tipo = listar_entidades.tipo)
  order by coalesce(s.articulos, 0) + coalesce(s.fragmentos, 0) desc, e.id
  limit greatest(listar_entidades.limite, 0)
$$;
comment on function public.listar_entidades(integer, text) is
  'Returns the entidades that most articles and fragments name. What was merged into a row counts as that row, and its '
  'names are among the aliases.';

create function interno.pares_similares(tipo text, revisar integer, antes_de bigint, segundos double precision)
returns table (id bigint, otra_id bigint, score double precision)
language plpgsql
set search_path = ''
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_entidad record;
  v_fin constant timestamptz := clock_timestamp() + make_interval(secs => pares_similares.segundos);
begin
  perform pg_catalog.set_config('pg_trgm.similarity_threshold', '0.6', true);
  for v_entidad in
    select e.id, e.tipo, e.nombre_normalizado, e.claves_enlace
    from public.entidades e
    where e.fusionada_en_id is null
      and (pares_similares.tipo is null or e.tipo = pares_similares.tipo)
      and (pares_similares.antes_de is null or e.id < pares_similares.antes_de)
    order by e.id desc
    limit greatest(pares_similares.revisar, 1)
  loop
    return query
      with vecinas as materialized (
        (
          select o.id from public.entidades o
          where o.claves_enlace && case
              when v_entidad.tipo = 'PERSONA' then v_entidad.claves_enlace
              -- Hundreds of institutions share two words.
              else array(select k from unnest(v_entidad.claves_enlace) as k where k not like 'p=%')
            end
            and o.tipo = v_entidad.tipo and o.id < v_entidad.id and o.fusionada_en_id is null
          limit 200
        )
        union
        (
          select o.id from public.entidades o
          where o.nombre_normalizado operator(extensions.%) v_entidad.nombre_normalizado
            and cardinality(extensions.show_trgm(v_entidad.nombre_normalizado)) > 0
            and o.tipo = v_entidad.tipo and o.id < v_entidad.id and o.fusionada_en_id is null
          limit 200
        )
      )
      select v_entidad.id, o.id,
        extensions.similarity(o.nombre_normalizado, v_entidad.nombre_normalizado)::double precision as parecido
      from vecinas v
      join public.entidades o on o.id = v.id
      order by parecido desc, o.id desc
      limit 10;
    -- One row without a pair for each entidad that was looked at: the last of them says how far the search went.
    return query select v_entidad.id, null::bigint, 0::double precision;
    exit when clock_timestamp() > v_fin;
  end loop;
end
$$;
comment on function interno.pares_similares(text, integer, bigint, double precision) is
  'Returns, for each of the newest `revisar` entidades, up to ten older ones of its tipo that share a key or most '
  'trigrams. Ends after `segundos`. It uses indexes: the work grows with `revisar`, not with the table.';

create function public.listar_entidades_similares(
  tipo text default null, revisar integer default 1000, antes_de bigint default null
) returns jsonb
language sql
set search_path = ''
-- Otherwise the planner reads a whole table of a few thousand rows to join ten pairs to it.
set enable_seqscan = off
as $$
  with hallados as materialized (
    select * from interno.pares_similares(
      listar_entidades_similares.tipo, least(listar_entidades_similares.revisar, 5000),
      listar_entidades_similares.antes_de, 5
    )
  ),
  mejores as (
    select h.* from hallados h where h.otra_id is not null order by h.score desc, h.id desc, h.otra_id desc limit 1000
  )
  select jsonb_build_object(
    'revisadas', (select count(*) from hallados h where h.otra_id is null),
    'siguiente', (
      select u.ultima
      from (select min(h.id) as ultima from hallados h) as u
      where exists (
        select from public.entidades e
        where e.id < u.ultima and e.fusionada_en_id is null
          and (listar_entidades_similares.tipo is null or e.tipo = listar_entidades_similares.tipo)
      )
    ),
    'pares', (
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'tipo', a.tipo, 'score', round(m.score::numeric, 3),
          'id', a.id, 'nombre', a.nombre, 'alias', a.alias,
          'otra_id', b.id, 'otro_nombre', b.nombre, 'otro_alias', b.alias,
          'items_en_comun', (
            select count(*) from public.entidad_articulo x
            join public.entidad_articulo y on y.articulo_id = x.articulo_id and y.entidad_id = b.id
            where x.entidad_id = a.id
          ) + (
            select count(*) from public.entidad_fragmento x
            join public.entidad_fragmento y on y.fragmento_id = x.fragmento_id and y.entidad_id = b.id
            where x.entidad_id = a.id
          )
        )
        order by m.score desc, m.id desc, m.otra_id desc), '[]')
      from mejores m
      join public.entidades a on a.id = m.id
      join public.entidades b on b.id = m.otra_id
    )
  )
$$;
comment on function public.listar_entidades_similares(text, integer, bigint) is
  'Returns pairs of one tipo that may be one entidad, among the newest `revisar` (at most 5,000) entidades whose id is '
  'below antes_de: {"revisadas","siguiente","pares"}. siguiente is the antes_de of the next page, null at the end. At '
  'most 1,000 pairs, in about 5 seconds. Whether a pair is one entidad must be judged by others.';

create function public.fusionar_entidades(origen bigint, destino bigint) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  o public.entidades;
  d public.entidades;
begin
  -- Always in the same order, so that two merges at once wait for each other instead of ending in a deadlock.
  perform 1 from public.entidades e where e.id in (origen, destino) order by e.id for update;
  select * into o from public.entidades e where e.id = origen;
  select * into d from public.entidades e where e.id = destino;
  if o.id is null or d.id is null then
    raise exception 'entidad % does not exist', case when o.id is null then origen else destino end
      using errcode = '23503';
  elsif o.id = d.id then
    raise exception 'entidad % cannot be merged into itself', origen using errcode = '22023';
  elsif o.fusionada_en_id is not null then
    raise exception 'entidad % is merged into % already', origen, o.fusionada_en_id using errcode = '22023';
  elsif d.fusionada_en_id is not null then
    raise exception 'entidad % is itself merged into %; merge into that one', destino, d.fusionada_en_id
      using errcode = '22023';
  elsif o.tipo <> d.tipo then
    raise exception 'entidad % is a %, entidad % a %', origen, o.tipo, destino, d.tipo using errcode = '22023';
  end if;
  update public.entidades e set fusionada_en_id = destino, fecha_actualizacion = now() where e.id = origen;
  return jsonb_build_object('id', o.id, 'nombre', o.nombre, 'fusionada_en_id', d.id, 'fusionada_en', d.nombre);
end
$$;
comment on function public.fusionar_entidades(bigint, bigint) is
  'Records that origen is destino: from now on the names of origen lead to destino. No row is moved, so '
  'separar_entidad can undo it; what is stored in between stays with destino.';

create function public.separar_entidad(entidad_id bigint) returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  e public.entidades;
begin
  select * into e from public.entidades x where x.id = entidad_id for update;
  if e.id is null then
    raise exception 'entidad % does not exist', entidad_id using errcode = '23503';
  elsif e.fusionada_en_id is null then
    raise exception 'entidad % is not merged into another one', entidad_id using errcode = '22023';
  end if;
  update public.entidades x set fusionada_en_id = null, fecha_actualizacion = now() where x.id = entidad_id;
  return jsonb_build_object('id', e.id, 'nombre', e.nombre, 'separada_de_id', e.fusionada_en_id);
end
$$;
comment on function public.separar_entidad(bigint) is 'Undoes fusionar_entidades.';
