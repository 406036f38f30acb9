-- What all functions that store an item share: the types, and the checks of the JSON that they receive.
-- The payload numbers its hechos and entidades 1..n ("local ids"); interno.mapa turns them into the database's ids.

create type interno.mapa as (locales integer[], ids bigint[]);
comment on type interno.mapa is 'Local ids and the database''s ids of the same rows: ids[i] belongs to locales[i].';

create type interno.procedencia as (
  motor text, modelo text, prompt text, huella_prompt text, flow_run_id uuid
);
comment on type interno.procedencia is 'What made a row: engine, model, prompt and its fingerprint, flow run.';

create type interno.item as (articulo_id bigint, documento_id bigint, fragmento_id bigint);
comment on type interno.item is 'What an extraction belongs to: an article, or a fragment of a document.';

create function interno.leer_procedencia(procedencia jsonb, etapa text) returns interno.procedencia
language sql immutable
set search_path = ''
as $$
  select row(
    procedencia ->> 'motor',
    coalesce(procedencia #>> array['etapas', etapa, 'modelo'], ''),
    procedencia #>> array['etapas', etapa, 'prompt'],
    procedencia #>> array['etapas', etapa, 'huella_prompt'],
    (procedencia ->> 'flow_run_id')::uuid
  )::interno.procedencia
$$;
comment on function interno.leer_procedencia(jsonb, text) is
  'Returns what made the rows of one stage. modelo is empty if no model was asked.';

create function interno.exigir_forma(datos_json jsonb, objetos text[], listas text[]) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_clave text;
begin
  if jsonb_typeof(datos_json) is distinct from 'object' then
    raise exception 'datos_json is not a JSON object' using errcode = '22023';
  end if;
  foreach v_clave in array objetos loop
    if jsonb_typeof(datos_json -> v_clave) is distinct from 'object' then
      raise exception 'datos_json.% is missing or not an object', v_clave
        using errcode = '22023', hint = 'Keys and shapes are those of newsroom/models.';
    end if;
  end loop;
  foreach v_clave in array listas loop
    if coalesce(jsonb_typeof(datos_json -> v_clave), 'null') not in ('array', 'null') then
      raise exception 'datos_json.% is not an array', v_clave using errcode = '22023';
    end if;
  end loop;
end
$$;
comment on function interno.exigir_forma(jsonb, text[], text[]) is
  'Raises 22023 unless the named objects are there and the named lists are arrays, null or absent.';

create function interno.lista(datos jsonb, clave text) returns jsonb
language sql immutable
set search_path = ''
as $$
  select case when jsonb_typeof(datos -> clave) = 'array' then datos -> clave else '[]'::jsonb end
$$;
comment on function interno.lista(jsonb, text) is
  'Returns the array under a key; an empty array if it is null or absent.';

create function interno.exigir_locales(campo text, referidos integer[], conocidos integer[], obligatorio boolean)
returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  v_faltan text;
begin
  if obligatorio and array_position(referidos, null) is not null then
    raise exception '% is null', campo using errcode = '23502';
  end if;
  select string_agg(f.id::text, ', ' order by f.id) into v_faltan
  from (
    select r.id from unnest(referidos) as r(id) where r.id is not null
    except
    select c.id from unnest(conocidos) as c(id)
    limit 10
  ) as f;
  if v_faltan is not null then
    raise exception '% points to local ids that the payload does not hold: %', campo, v_faltan
      using errcode = '23503', hint = 'References to unknown ids are dropped before the payload is built.';
  end if;
end
$$;
comment on function interno.exigir_locales(text, integer[], integer[], boolean) is
  'Raises 23503 if a reference points to a local id that is not in the payload, 23502 if a mandatory one is null.';

create function interno.rango(fecha jsonb) returns tstzrange
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select case
    when fecha ->> 'inicio' is not null or fecha ->> 'fin' is not null
    then tstzrange((fecha ->> 'inicio')::timestamptz, (fecha ->> 'fin')::timestamptz, '[]')
  end
$$;
comment on function interno.rango(jsonb) is
  'Returns {"inicio","fin"} as a range with both ends included; null if both are null. A date without time zone is '
  'UTC.';
