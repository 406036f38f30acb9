-- An article is stored with what its source says. What the source does not say is null: nothing is invented, and no
-- article is refused for it. Only the text and the identity are indispensable.

alter table public.articulos
  alter column medio drop not null,
  alter column pais_publicacion drop not null,
  alter column tipo_medio drop not null,
  alter column titular drop not null,
  alter column fecha_publicacion drop not null;

comment on column public.articulos.medio is
  'Null if the source does not say it. metadata.derivado names the fields that were derived, and the rule.';
comment on column public.articulos.pais_publicacion is 'The country of the outlet. Null if it is not known.';
comment on column public.articulos.tipo_medio is 'The kind of outlet. Null if it is not known.';
comment on column public.articulos.titular is 'The headline, else the first line of the text. Null if it has none.';
comment on column public.articulos.fecha_publicacion is
  'Null if it is not known. The day on which the article was collected (fecha_recopilacion) never stands in for it.';

-- A list by date shows articles without one at its end, and those of one moment in a fixed order.
drop index public.articulos_fecha_publicacion_idx;
create index articulos_fecha_publicacion_idx on public.articulos (fecha_publicacion desc nulls last, id desc);
drop index public.articulos_medio_idx;
create index articulos_medio_idx on public.articulos (medio, fecha_publicacion desc nulls last, id desc);

comment on view tablero.articulos is
  'Los artículos leídos, sin su texto. Lo que la fuente no dice está vacío (medio, país, tipo, titular, fecha).';

-- What the inbox refuses is an open error until a file of its name goes in well.
create function public.resolver_errores_de_archivo(archivo text) returns void
language sql
set search_path = ''
as $$
  select interno.cerrar_error(p.identidad, 'procesado')
  from public.pipeline_errores p
  where p.etapa = 'bandeja' and p.estado not in ('resuelto', 'descartado')
    and resolver_errores_de_archivo.archivo in (p.entrada ->> 'archivo', p.entrada ->> 'guardado_como')
$$;
comment on function public.resolver_errores_de_archivo(text) is
  'Closes the open errors of a file that the inbox refused: by the name with which it came, or with which it was put '
  'aside.';
revoke all on function public.resolver_errores_de_archivo(text) from public, anon, authenticated;
grant execute on function public.resolver_errores_de_archivo(text) to service_role;

notify pgrst, 'reload schema';
