-- Who may do what. Supabase's default privileges give every new table and function in `public` to anon and
-- authenticated, and PostgreSQL gives every function to everybody: both are taken back here. service_role gets what the
-- functions need, table by table. Rows of relations among hechos are deleted by cascade, so nobody needs the right to
-- delete them. A later migration that adds a table or a function grants it in the same way:
-- tests/integration/test_privilegios.py fails if it does not.

do $$
declare
  v_tabla text;
  v_secuencia regclass;
  v_funcion regprocedure;
  v_permisos constant jsonb := '{
    "articulos": "select, insert, update",
    "documentos_extensos": "select, insert, update",
    "fragmentos_extensos": "select, insert, update, delete",
    "entidades": "select, insert, update",
    "hechos": "select, insert, delete",
    "citas_textuales": "select, insert, delete",
    "datos_cuantitativos": "select, insert, delete",
    "entidad_articulo": "select, insert, delete",
    "entidad_fragmento": "select, insert, delete",
    "entidad_relacion": "select, insert, delete",
    "hecho_articulo": "select, insert",
    "hecho_entidad": "select, insert",
    "hecho_relacionado": "select, insert",
    "contradicciones": "select, insert",
    "eventos_programados": "select, insert",
    "consumo_etapas": "select, insert",
    "pipeline_errores": "select, insert, update"
  }';
  -- Named one by one: a project may have functions of its own in `public`.
  v_publicas constant regprocedure[] := array[
    'public.insertar_articulo_completo(jsonb)',
    'public.insertar_fragmento_completo(jsonb)',
    'public.completar_documento(jsonb)',
    'public.buscar_articulo(text, text, boolean)',
    'public.buscar_fragmento(text, text, boolean)',
    'public.buscar_candidatos_entidades(jsonb, integer)',
    'public.registrar_error(jsonb)',
    'public.resolver_error(text, text)',
    'public.listar_errores(boolean, integer)',
    'public.errores_por_reintentar(integer)',
    'public.leer_error(bigint)',
    'public.leer_articulo(bigint)',
    'public.listar_articulos(integer, bigint)',
    'public.listar_documentos(integer)',
    'public.resumir_documento(bigint)',
    'public.listar_entidades(integer, text)',
    'public.listar_entidades_similares(text, integer, bigint)',
    'public.fusionar_entidades(bigint, bigint)',
    'public.separar_entidad(bigint)',
    'public.metricas()',
    'public.resumen_base()',
    'public.nivel_migraciones()'
  ];
begin
  for v_tabla in select jsonb_object_keys(v_permisos) loop
    execute format('alter table public.%I enable row level security', v_tabla);
    execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v_tabla);
    execute format('grant %s on table public.%I to service_role', v_permisos ->> v_tabla, v_tabla);
  end loop;

  -- Identity columns draw from their sequences without any privilege.
  for v_secuencia in
    select d.objid::regclass
    from pg_catalog.pg_depend d
    join pg_catalog.pg_class c on c.oid = d.refobjid
    where d.deptype = 'i' and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
      and c.relnamespace = 'public'::regnamespace and v_permisos ? c.relname
      and (select s.relkind from pg_catalog.pg_class s where s.oid = d.objid) = 'S'
  loop
    execute format('revoke all on sequence %s from public, anon, authenticated, service_role', v_secuencia);
  end loop;

  revoke all on schema interno from public, anon, authenticated;
  grant usage on schema interno to service_role;
  for v_funcion in
    select p.oid from pg_catalog.pg_proc p
    where p.pronamespace = 'interno'::regnamespace or p.oid = any (v_publicas)
  loop
    execute format('revoke all on function %s from public, anon, authenticated', v_funcion);
    execute format('grant execute on function %s to service_role', v_funcion);
  end loop;

  -- The record of migrations, for nivel_migraciones(); absent where the files were applied by hand.
  if exists (
    select from pg_catalog.pg_class c
    where c.relnamespace = to_regnamespace('supabase_migrations') and c.relname = 'schema_migrations'
  ) then
    grant usage on schema supabase_migrations to service_role;
    grant select on table supabase_migrations.schema_migrations to service_role;
  end if;

  -- Dashboards. Roles belong to the whole server; another database of it may have made this one.
  -- A login for one: create role panel login password '...' in role lectura_tablero;
  if not exists (select from pg_catalog.pg_roles where rolname = 'lectura_tablero') then
    create role lectura_tablero nologin;
  end if;
  revoke all on schema tablero from public;
  grant usage on schema tablero to lectura_tablero;
  grant select on all tables in schema tablero to lectura_tablero;
end
$$;

notify pgrst, 'reload schema';
