-- Extensions where Supabase keeps them, the schema `interno` for what no client may call, and the one
-- normalization by which names are compared.

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
  'Internals of the RPCs. Not exposed by PostgREST; only service_role may use it.';

create function interno.normalizar_nombre(nombre text) returns text
language sql immutable strict parallel safe
set search_path = ''
as $$
  -- lower() before unaccent(), whose list lacks some capitals, and after it, for those that a C locale leaves.
  -- First class: marks and invisible characters, which vanish. Second: white space and punctuation, which become
  -- one space; it is spelt out, because [[:punct:]] and [[:space:]] depend on the locale.
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
      -- A name of nothing but punctuation still is a name of its own.
      lower(btrim(normalize(nombre, NFKC)))
    ),
    300
  )
$$;
comment on function interno.normalizar_nombre(text) is
  'The form in which names are compared: NFKC, no accents, lower case, white space and punctuation folded to single '
  'spaces, at most 300 characters (an index entry must fit). Immutable: generated columns and indexes are built on it.';

create function interno.normalizar_alias(alias text[]) returns text
language sql immutable parallel safe
set search_path = ''
as $$
  select coalesce('|' || string_agg(distinct interno.normalizar_nombre(a), '|') || '|', '')
  from unnest(alias) as a
  where btrim(a) <> ''
$$;
comment on function interno.normalizar_alias(text[]) is
  'All aliases in their normalized form as |a|b|, which a trigram index can search; empty text without aliases.';

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
  'The aliases already there, then the new ones that differ from them and from the name (clave) once normalized.';
