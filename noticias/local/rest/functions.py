"""Which function a request means: PostgREST's resolution by name and argument names.

PostgreSQL's catalogue is asked for each request (an index look-up), so there is no schema cache that could
be stale; the words of the errors are PostgREST's, which has one.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from rapidfuzz import fuzz, process

from noticias.local.rest.connections import Connection
from noticias.local.rest.errors import ApiError

SCHEMA = "public"

_CALLABLE = f"""
  p.pronamespace = '{SCHEMA}'::regnamespace and p.prokind = 'f'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
"""
_LOOK_UP = f"""
select coalesce(json_agg(json_build_object(
  'name', p.proname,
  'returns', case
    when p.prorettype = 'void'::regtype then 'void'
    when t.typtype = 'c' or p.proargmodes::text[] && '{{t,b,o}}' then 'row'
    else 'value' end,
  'returns_set', p.proretset,
  'is_volatile', p.provolatile = 'v',
  'settings', coalesce(p.proconfig, '{{}}'),
  'parameters', coalesce((
    select json_agg(json_build_object(
      'name', coalesce(a.name, ''), 'type', format_type(a.type, null),
      'is_required', a.position <= p.pronargs - p.pronargdefaults, 'is_variadic', a.mode = 'v'
    ) order by a.position)
    from (
      select x.type, x.name, coalesce(x.mode, 'i') as mode, row_number() over (order by x.n) as position
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes::text[])
        with ordinality as x(type, name, mode, n)
      where coalesce(x.mode, 'i') in ('i', 'b', 'v')
    ) as a
  ), '[]')
) order by p.oid), '[]')::text
from pg_proc p
join pg_type t on t.oid = p.prorettype
where {_CALLABLE} and p.proname = $1
"""
_NAMES = f"select distinct p.proname from pg_proc p where {_CALLABLE}"

# A parameter without a name takes the whole body.
_WHOLE_BODY_TYPES = frozenset({"json", "jsonb"})
# In a list of columns these mean one character, one bit; a function's parameter has no length.
_UNLIMITED_TYPES = {
    "character": "character varying",
    "character[]": "character varying[]",
    "bit": "bit varying",
    "bit[]": "bit varying[]",
}
# PostgREST's own thresholds; its measure of likeness is another one.
_LIKE_NAME, _LIKE_PARAMETERS = 75, 33


class Parameter(BaseModel):
    """An argument that a function takes; without a name, `name` is empty."""

    model_config = ConfigDict(frozen=True)

    name: str
    type: str
    is_required: bool
    is_variadic: bool

    @property
    def column_type(self) -> str:
        """The type under which a value of any length is read from JSON."""
        return _UNLIMITED_TYPES.get(self.type, self.type)


class Function(BaseModel):
    """A function of the schema `public`.

    `returns`: a `row` has columns, a `value` has not (untyped records too), `void` is nothing.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    returns: Literal["void", "row", "value"]
    returns_set: bool
    is_volatile: bool
    settings: tuple[str, ...]
    parameters: tuple[Parameter, ...]

    @property
    def takes_whole_body(self) -> bool:
        """Whether its only parameter has no name and takes the body as it is."""
        if len(self.parameters) != 1:
            return False
        only = self.parameters[0]
        return not only.name and only.type in _WHOLE_BODY_TYPES

    def setting(self, name: str) -> str | None:
        """Returns the value that the function's definition SETs."""
        found = (entry.partition("=")[2] for entry in self.settings if entry.startswith(f"{name}="))
        return next(found, None)

    def matches(self, keys: Collection[str]) -> bool:
        """Tells whether the function can be called with exactly these arguments."""
        if any(not parameter.name for parameter in self.parameters):
            return False
        required = {parameter.name for parameter in self.parameters if parameter.is_required}
        optional = {parameter.name for parameter in self.parameters} - required
        return set(keys) - optional == required


_FUNCTIONS: TypeAdapter[list[Function]] = TypeAdapter(list[Function])


async def find_function(
    connection: Connection, name: str, keys: Collection[str], *, json_body: bool
) -> Function:
    """Returns the one function of that name that takes these arguments.

    `json_body`: the request has a body in JSON, which a single parameter without a name may take whole.

    Raises:
        ApiError: PGRST202 (404), there is none; PGRST203 (300), there are several.
    """
    overloads = await _look_up(connection, name)
    found = [function for function in overloads if function.matches(keys)]
    if not found and json_body:
        found = [function for function in overloads if function.takes_whole_body]
    if len(found) > 1:
        raise _ambiguous(found)
    if not found:
        hint = await _hint(connection, name, keys, overloads)
        raise _not_found(name, sorted(keys), json_body, hint)
    return found[0]


async def _look_up(connection: Connection, name: str) -> list[Function]:
    if "\x00" in name:
        return []
    row = await (await connection.execute(_LOOK_UP, [name])).fetchone()
    assert row is not None
    return _FUNCTIONS.validate_json(row[0])


def _not_found(name: str, keys: Sequence[str], json_body: bool, hint: str | None) -> ApiError:
    words = ", ".join(keys)
    called = f"({words})" if keys else " without parameters"
    plural = "s" if len(keys) > 1 else ""
    searched = f" with parameter{plural} {words}" if keys else " without parameters"
    if json_body:
        searched += " or with a single unnamed json/jsonb parameter"
    function = f"{SCHEMA}.{name}"
    return ApiError(
        404,
        "PGRST202",
        f"Could not find the function {function}{called} in the schema cache",
        details=f"Searched for the function {function}{searched}, "
        "but no matches were found in the schema cache.",
        hint=hint,
    )


async def _hint(
    connection: Connection, name: str, keys: Collection[str], overloads: Sequence[Function]
) -> str | None:
    if overloads:
        known = [_listed(parameter.name for parameter in function.parameters) for function in overloads]
        best = process.extractOne(_listed(keys), known, scorer=fuzz.ratio, score_cutoff=_LIKE_PARAMETERS)
        meant = f"{name}{best[0]}" if best else None
    else:
        rows = await (await connection.execute(_NAMES)).fetchall()
        names = [row[0] for row in rows]
        best = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=_LIKE_NAME)
        meant = best[0] if best else None
    return f"Perhaps you meant to call the function {SCHEMA}.{meant}" if meant else None


def _listed(names: Iterable[str]) -> str:
    return f"({', '.join(sorted(names))})"


def _ambiguous(functions: Sequence[Function]) -> ApiError:
    signatures = ", ".join(
        f"{SCHEMA}.{function.name}("
        + ", ".join(f"{parameter.name} => {parameter.type}" for parameter in function.parameters)
        + ")"
        for function in functions
    )
    return ApiError(
        300,
        "PGRST203",
        f"Could not choose the best candidate function between: {signatures}",
        hint="Try renaming the parameters or the function itself in the database so function overloading "
        "can be resolved",
    )
