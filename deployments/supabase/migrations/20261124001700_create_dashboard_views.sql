-- What a dashboard may see: views in a schema of their own and a role that reads them, and nothing else. They leave out
-- the articles' text (its owner is the medium, not the newsroom), what the sender added, and the input and words of errors.
-- A login of a dashboard: create role panel login password '...' in role lectura_tablero;

do $$
begin
  -- Roles belong to the whole server; another database of it may have made this one.
  if not exists (select from pg_catalog.pg_roles where rolname = 'lectura_tablero') then
    create role lectura_tablero nologin;
  end if;
end
$$;

create schema tablero;
comment on schema tablero is 'Views for dashboards, read by lectura_tablero.';

-- A view of its owner's: who reads it needs no privilege on the tables, and row level security lets nobody else in.
create view tablero.articulos as
select a.id, a.url, a.fuente, a.medio, a.pais_publicacion, a.tipo_medio, a.titular, a.fecha_publicacion, a.autor, a.idioma,
  a.seccion, a.es_opinion, a.es_oficial, a.categorias_asignadas, a.puntuacion_relevancia, a.decision,
  a.estado_procesamiento, char_length(a.contenido_texto) as caracteres, cardinality(a.advertencias) as advertencias,
  a.motor, a.fecha_procesamiento
from public.articulos a;

create view tablero.documentos as
select d.id, d.titulo, d.autor, d.fecha_publicacion, d.tipo_documento, d.num_fragmentos, d.procesado,
  (select count(*) from public.fragmentos_extensos f where f.documento_id = d.id) as fragmentos_leidos,
  d.fecha_creacion, d.fecha_actualizacion
from public.documentos_extensos d;

create view tablero.hechos as
select h.id, h.articulo_id, h.documento_id, h.fragmento_id, h.contenido, h.fecha_ocurrencia, h.precision_temporal,
  h.importancia, h.tipo_hecho, h.pais, h.region, h.ciudad, h.es_evento_futuro, h.evaluacion_editorial,
  h.consenso_fuentes, h.fecha_ingreso
from public.hechos h;

create view tablero.entidades as
select e.id, e.nombre, e.tipo, e.descripcion, e.alias, e.wikidata_id, e.relevancia,
  (select count(*) from public.entidad_articulo ea where ea.entidad_id = e.id) as articulos,
  (select count(*) from public.entidad_fragmento ef where ef.entidad_id = e.id) as fragmentos
from public.entidades e
where e.fusionada_en_id is null;

create view tablero.citas as
select c.id, c.articulo_id, c.documento_id, c.fragmento_id, c.cita, c.entidad_emisora_id, e.nombre as emisor,
  c.fecha_cita, c.relevancia
from public.citas_textuales c
left join public.entidades e on e.id = c.entidad_emisora_id;

create view tablero.datos as
select d.id, d.articulo_id, d.documento_id, d.fragmento_id, d.indicador, d.categoria, d.valor_numerico, d.unidad,
  d.ambito_geografico, d.periodo_referencia_inicio, d.periodo_referencia_fin, d.tendencia, d.fuente_especifica
from public.datos_cuantitativos d;

create view tablero.relaciones as
select r.id, r.articulo_id, r.fragmento_id, o.nombre as origen, r.tipo_relacion, d.nombre as destino, r.descripcion,
  r.fuerza_relacion
from public.entidad_relacion r
join public.entidades o on o.id = r.entidad_origen_id
join public.entidades d on d.id = r.entidad_destino_id;

create view tablero.consumo as
select date_trunc('day', c.fecha, 'UTC') as dia, c.etapa, c.motor, c.modelo, count(*) as ejecuciones,
  sum(c.tokens_entrada) as tokens_entrada, sum(c.tokens_salida) as tokens_salida, sum(c.tokens_cache) as tokens_cache,
  sum(c.costo_usd) as costo_usd
from public.consumo_etapas c
group by 1, 2, 3, 4;

create view tablero.errores as
select e.id, e.etapa, e.clase_error, e.transitorio, e.intentos, e.severidad, e.estado, e.primer_error, e.ultimo_error,
  e.proximo_intento, e.fecha_resolucion
from public.pipeline_errores e;

revoke all on schema tablero from public;
grant usage on schema tablero to lectura_tablero;
grant select on all tables in schema tablero to lectura_tablero;
