-- What a dashboard may see: views in a schema of their own. They leave out the articles' texts (which belong to the
-- medium, not to the newsroom), what the sender added, and the input and words of errors. The role that reads them: see
-- the grants. A view reads with its owner's privileges, so its reader needs none on the tables. The comments are in
-- Spanish: a dashboard shows them to editors.

create schema tablero;
comment on schema tablero is 'Vistas para tableros; las lee el rol lectura_tablero.';

create view tablero.articulos as
select a.id, a.url, a.fuente, a.medio, a.pais_publicacion, a.tipo_medio, a.titular, a.fecha_publicacion, a.autor, a.idioma,
  a.seccion, a.es_opinion, a.es_oficial, a.categorias_asignadas, a.puntuacion_relevancia, a.decision,
  a.estado_procesamiento, char_length(a.contenido_texto) as caracteres, cardinality(a.advertencias) as advertencias,
  a.motor, a.fecha_procesamiento
from public.articulos a;
comment on view tablero.articulos is 'Los artículos leídos, sin su texto.';

create view tablero.documentos as
select d.id, d.titulo, d.autor, d.fecha_publicacion, d.tipo_documento, d.num_fragmentos, d.procesado,
  (select count(*) from public.fragmentos_extensos f where f.documento_id = d.id) as fragmentos_leidos,
  d.fecha_creacion, d.fecha_actualizacion
from public.documentos_extensos d;
comment on view tablero.documentos is 'Los documentos extensos y cuántos de sus fragmentos se han leído.';

create view tablero.hechos as
select h.id, h.articulo_id, h.documento_id, h.fragmento_id, h.contenido, h.fecha_ocurrencia, h.precision_temporal,
  h.importancia, h.tipo_hecho, h.pais, h.region, h.ciudad, h.es_evento_futuro, h.evaluacion_editorial,
  h.consenso_fuentes, h.fecha_ingreso
from public.hechos h;
comment on view tablero.hechos is 'Los hechos encontrados en artículos y documentos.';

create view tablero.entidades as
select e.id, e.nombre, e.tipo, e.descripcion, e.alias, e.wikidata_id, e.relevancia,
  (select count(*) from public.entidad_articulo ea where ea.entidad_id = e.id) as articulos,
  (select count(*) from public.entidad_fragmento ef where ef.entidad_id = e.id) as fragmentos
from public.entidades e
where e.fusionada_en_id is null;
comment on view tablero.entidades is
  'Personas, instituciones, lugares y demás, con el número de artículos y fragmentos que las nombran.';

create view tablero.citas as
select c.id, c.articulo_id, c.documento_id, c.fragmento_id, c.cita, c.entidad_emisora_id, e.nombre as emisor,
  c.fecha_cita, c.relevancia
from public.citas_textuales c
left join public.entidades e on e.id = c.entidad_emisora_id;
comment on view tablero.citas is 'Las citas textuales y quién las dijo.';

create view tablero.datos as
select d.id, d.articulo_id, d.documento_id, d.fragmento_id, d.indicador, d.categoria, d.valor_numerico, d.unidad,
  d.ambito_geografico, d.periodo_referencia_inicio, d.periodo_referencia_fin, d.tendencia, d.fuente_especifica
from public.datos_cuantitativos d;
comment on view tablero.datos is 'Las cifras, con su unidad y el periodo al que se refieren.';

create view tablero.relaciones as
select r.id, r.articulo_id, r.fragmento_id, o.nombre as origen, r.tipo_relacion, d.nombre as destino, r.descripcion,
  r.fuerza_relacion
from public.entidad_relacion r
join public.entidades o on o.id = r.entidad_origen_id
join public.entidades d on d.id = r.entidad_destino_id;
comment on view tablero.relaciones is 'Las relaciones entre entidades que afirma un artículo o un fragmento.';

create view tablero.consumo as
select date_trunc('day', c.fecha, 'UTC') as dia, c.etapa, c.motor, c.modelo, count(*) as ejecuciones,
  sum(c.tokens_entrada) as tokens_entrada, sum(c.tokens_salida) as tokens_salida, sum(c.tokens_cache) as tokens_cache,
  sum(c.costo_usd) as costo_usd
from public.consumo_etapas c
group by 1, 2, 3, 4;
comment on view tablero.consumo is 'Lo que gastaron las etapas, por día (UTC), etapa, motor y modelo.';

create view tablero.errores as
select e.id, e.etapa, e.clase_error, e.transitorio, e.intentos, e.severidad, e.estado, e.primer_error, e.ultimo_error,
  e.proximo_intento, e.fecha_resolucion
from public.pipeline_errores e;
comment on view tablero.errores is 'Lo que no se pudo leer: etapa, clase de error y estado, sin el texto.';
