-- Which entidad of the database is this name?

create function interno.candidatos(clave text, tipo text, umbral double precision)
returns table (entidad_id bigint, score real, por_nombre boolean)
language sql stable
-- Not the 1,000 that the planner would assume, with which it joins by reading the whole table.
rows 5
set search_path = ''
-- The planner takes comparing trigrams for as cheap as comparing numbers and would read the whole table, or walk it along
-- the primary key. What is left is a bitmap scan, for which each condition below has its index.
set enable_seqscan = off
set enable_indexscan = off
as $$
  with encontrados as materialized (
    -- One index each; joined by OR and with tipo beside them, none of the three might be used.
    select e.id from public.entidades e
    where e.tipo = candidatos.tipo and e.nombre_normalizado = candidatos.clave
    union
    select e.id from public.entidades e
    where e.nombre_normalizado operator(extensions.%) candidatos.clave
      -- Without trigrams (scripts that the database's locale does not know) the index would be read from end to end.
      and cardinality(extensions.show_trgm(candidatos.clave)) > 0
    union
    select e.id from public.entidades e
    where e.alias_normalizado operator(extensions.%>) candidatos.clave
      and cardinality(extensions.show_trgm(candidatos.clave)) > 0
  ),
  hallados as (
    select e.id, e.fusionada_en_id,
      case when e.nombre_normalizado = candidatos.clave then 1::real
        else extensions.similarity(e.nombre_normalizado, candidatos.clave) end as por_nombre,
      coalesce(
        (
          select max(
            case when a = candidatos.clave then 1::real else extensions.similarity(a, candidatos.clave) end
          )
          from unnest(string_to_array(btrim(e.alias_normalizado, '|'), '|')) as a
        ),
        0
      ) as por_alias
    from encontrados x
    join public.entidades e on e.id = x.id
    where e.tipo = candidatos.tipo
  ),
  raices as (
    select case when h.fusionada_en_id is null then h.id else interno.raiz_entidad(h.id) end as entidad_id,
      max(greatest(h.por_nombre, h.por_alias)) as score,
      bool_or(h.por_nombre >= h.por_alias) as por_nombre
    from hallados h
    group by 1
  )
  select r.entidad_id, r.score, r.por_nombre
  from raices r
  where r.entidad_id is not null and r.score >= candidatos.umbral::real
$$;
comment on function interno.candidatos(text, text, double precision) is
  'Entidades of a tipo whose name or an alias resembles the normalized name, merged ones under the row they were merged '
  'into. The caller sets pg_trgm''s thresholds to umbral, or rows may be missed.';

create function interno.fijar_umbral(umbral double precision) returns void
language plpgsql
set search_path = ''
as $$
begin
  if umbral is null or not umbral between 0 and 1 then
    raise exception 'umbral_similitud is %, not a number from 0 to 1', umbral using errcode = '22023';
  end if;
  -- The operators compare with these; a hair lower, since they are rounded to 4 bytes. The aliases of one entidad are
  -- searched as one text, in which the best run of words is never worse than the best alias.
  perform pg_catalog.set_config('pg_trgm.similarity_threshold', greatest(umbral - 0.0001, 0)::text, true);
  perform pg_catalog.set_config('pg_trgm.word_similarity_threshold', greatest(umbral - 0.0001, 0)::text, true);
end
$$;
comment on function interno.fijar_umbral(double precision) is
  'Sets the thresholds of pg_trgm''s operators until the end of the transaction.';

create function public.buscar_entidad_similar(
  nombre_busqueda text, tipo_entidad text, umbral_similitud double precision default 0.7
) returns table (id bigint, nombre text, tipo text, score double precision)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform interno.fijar_umbral(umbral_similitud);
  return query
    select e.id, e.nombre, e.tipo, c.score::double precision
    from interno.candidatos(interno.normalizar_nombre(nombre_busqueda), tipo_entidad, umbral_similitud) as c
    join public.entidades e on e.id = c.entidad_id
    order by c.score desc, c.por_nombre desc, e.id
    limit 5;
end
$$;
comment on function public.buscar_entidad_similar(text, text, double precision) is
  'Up to five entidades of that tipo whose name or an alias is at least that similar (trigrams of the normalized names, '
  '0 to 1), best first.';

create function public.buscar_entidades_similares(
  entidades jsonb, umbral_similitud double precision default 0.7
) returns table (id_local integer, id bigint, nombre text, tipo text, score double precision)
language plpgsql
set search_path = ''
as $$
#variable_conflict use_column
begin
  if jsonb_typeof(entidades) is distinct from 'array' then
    raise exception 'entidades is not an array' using errcode = '22023';
  end if;
  perform interno.fijar_umbral(umbral_similitud);
  return query
    with buscadas as materialized (
      select b.id, b.nombre, b.tipo, interno.normalizar_nombre(b.nombre) as clave
      from jsonb_to_recordset(entidades) as b(id integer, nombre text, tipo text)
    ),
    exactas as materialized (
      -- Most names are known as they are written, and nothing can resemble them better.
      select b.id, case when e.fusionada_en_id is null then e.id else interno.raiz_entidad(e.id) end as entidad_id
      from buscadas b
      join public.entidades e on e.tipo = b.tipo and e.nombre_normalizado = b.clave
    ),
    halladas as (
      select x.id, x.entidad_id, 1::real as score from exactas x where x.entidad_id is not null
      union all
      select b.id, m.entidad_id, m.score
      from buscadas b
      cross join lateral (
        select c.entidad_id, c.score, c.por_nombre,
          count(*) over (partition by c.score, c.por_nombre) as iguales
        from interno.candidatos(b.clave, b.tipo, umbral_similitud) as c
        -- A surname or first name alone is an alias that many people share: it proves nobody's identity.
        where c.por_nombre or not (
          b.tipo = 'PERSONA' and b.nombre !~ '[[:space:]]' and b.nombre <> upper(b.nombre)
        )
        order by c.score desc, c.por_nombre desc, c.entidad_id
        limit 1
      ) as m
      where (m.por_nombre or m.iguales = 1)
        and not exists (select from exactas x where x.id = b.id and x.entidad_id is not null)
    )
    select h.id, e.id, e.nombre, e.tipo, h.score::double precision
    from halladas h
    join public.entidades e on e.id = h.entidad_id
    order by h.id;
end
$$;
comment on function public.buscar_entidades_similares(jsonb, double precision) is
  'For each {"id","nombre","tipo"} the entidad of that tipo it resembles best, by name or alias; no row where there is '
  'none, where an alias fits two entidades alike, or where a PERSONA is named by one word that only an alias has.';
