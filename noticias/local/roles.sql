-- What Supabase has before the first migration, for a plain PostgreSQL: the roles of its API and the schema
-- `extensions`. Run as a superuser in the newsroom's database; running it again changes nothing.

do $$
declare
  v_rol text;
begin
  foreach v_rol in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_rol) then
      execute format('create role %I nologin noinherit', v_rol);
    end if;
  end loop;
  if not exists (select from pg_catalog.pg_roles where rolname = 'authenticator') then
    create role authenticator login noinherit;
  end if;
  if not (select rolbypassrls from pg_catalog.pg_roles where rolname = 'service_role') then
    alter role service_role bypassrls;
  end if;
  foreach v_rol in array array['anon', 'authenticated', 'service_role'] loop
    if not exists (
      select from pg_catalog.pg_auth_members
      where roleid = v_rol::regrole and member = 'authenticator'::regrole
    ) then
      execute format('grant %I to authenticator', v_rol);
    end if;
  end loop;
end
$$;

create schema if not exists extensions;
-- Whoever owns the database (and applies the migrations) may use it, as `postgres` does on Supabase.
alter schema extensions owner to pg_database_owner;
grant usage on schema extensions to anon, authenticated, service_role;
