-- The extensions, the schema `interno` for what no client may call, and the functions by which names are compared.

create schema if not exists extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists unaccent with schema extensions;

do $$
declare
  v_nombre name;
  v_esquema name;
begin
  -- The functions name extensions.similarity and extensions.unaccent; elsewhere they would fail at the first call.
  for v_nombre, v_esquema in
    select e.extname, n.nspname
    from pg_catalog.pg_extension e
    join pg_catalog.pg_namespace n on n.oid = e.extnamespace
    where e.extname in ('pg_trgm', 'unaccent') and n.nspname <> 'extensions'
  loop
    raise exception 'extension % is installed in schema %', v_nombre, v_esquema
      using errcode = '55000', hint = format('ALTER EXTENSION %I SET SCHEMA extensions;', v_nombre);
  end loop;
  if not pg_catalog.has_schema_privilege('service_role', 'extensions', 'USAGE') then
    grant usage on schema extensions to service_role;
  end if;
end
$$;

create schema interno;
comment on schema interno is
  'What the public functions use. PostgREST does not expose it; only service_role may use it.';

create function interno.normalizar_nombre(nombre text) returns text
language sql immutable strict parallel safe
set search_path = ''
as $$
  -- lower() comes before unaccent(), whose list lacks some capitals, and again after it, because a C locale leaves
  -- some. The first class of characters holds marks and invisible characters: they are removed. The second one holds
  -- white space and punctuation: they become one space. It is written out because [[:punct:]] depends on the locale.
  select left(
    coalesce(
      nullif(
        btrim(
          regexp_replace(
            regexp_replace(
              lower(
                extensions.unaccent(
                  'extensions.unaccent'::pg_catalog.regdictionary, lower(normalize(nombre, NFKC))
                )
              ),
              '[\u0300-\u036F\u20D0-\u20FF\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF]', '', 'g'
            ),
            '[\u0001-\u0020!"&''()*,./:;<=>?^_`{|}~\[\]\\\u007F-\u00BF\u2000-\u206F\u3000-\u3003-]+', ' ', 'g'
          )
        ),
        ''
      ),
      -- A name that is only punctuation is kept as it is.
      lower(btrim(normalize(nombre, NFKC)))
    ),
    300
  )
$$;
comment on function interno.normalizar_nombre(text) is
  'Returns a name in the form in which names are compared: NFKC, no accents, lower case, white space and punctuation '
  'as single spaces, at most 300 characters (an index entry must fit). Immutable, because generated columns use it.';

create function interno.unir_alias(actuales text[], nuevos text[], clave text) returns text[]
language sql immutable parallel safe
set search_path = ''
as $$
  select coalesce(actuales, '{}') || coalesce(
    (
      select array_agg(elegidos.alias order by elegidos.alias collate "C")
      from (
        select distinct on (interno.normalizar_nombre(n)) n as alias
        from unnest(nuevos) as n
        where btrim(n) <> ''
          and interno.normalizar_nombre(n) <> clave
          and not exists (
            select from unnest(actuales) as a where interno.normalizar_nombre(a) = interno.normalizar_nombre(n)
          )
        order by interno.normalizar_nombre(n), n collate "C"
      ) as elegidos
    ),
    '{}'
  )
$$;
comment on function interno.unir_alias(text[], text[], text) is
  'Returns the present aliases, then the new ones. A new alias that equals one of them or the name (clave) once both '
  'are normalized is left out.';

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
      -- 27.551 is one number, although its point became a space.
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
    -- One key for Zelenski and Zelenskiy, for Martha and Marta, for Lukashenko and Lukashenka. Numbers stay as they
    -- are.
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
    -- The initials of the words, and a short name that may be initials itself.
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
  'Returns the keys by which linking finds names: c= the name without spaces, s= initials, t= all its words, p= each '
  'two of its words, folded and cut to five letters. It reads at most 24 names. newsroom.names.link_keys is the same.';
