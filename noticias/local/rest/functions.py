"""The function that a request names, looked up in PostgreSQL's catalogue.

The catalogue is asked at each request (an index look-up), so there is no schema cache that could be out of
date. The words of the errors are PostgREST's, which has such a cache.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from psycopg.rows import class_row

from noticias.local.rest.connections import Connection
from noticias.local.rest.errors import ApiError, unsupported

SCHEMA = "public"

# The modifier -1 makes format_type() write a type without a length: `bpchar`, where `character` is one
# character.
_LOOK_UP = f"""
select p.proname as name,
  case
    when p.prorettype = 'void'::regtype then 'void'
    when t.typtype = 'c' or p.proargmodes::text[] && '{{t,b,o}}' then 'row'
    else 'value' end as returns,
  p.proretset as returns_set,
  p.provolatile = 'v' as is_volatile,
  p.provariadic <> 0 as is_variadic,
  p.pronargdefaults as defaults,
  coalesce(p.proconfig, '{{}}') as settings,
  a.names,
  a.types
from pg_proc p
join pg_type t on t.oid = p.prorettype
cross join lateral (
  select coalesce(array_agg(coalesce(x.name, '') order by x.n), '{{}}') as names,
    coalesce(array_agg(format_type(x.type, -1) order by x.n), '{{}}') as types
  from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes::text[])
    with ordinality as x(type, name, mode, n)
  where coalesce(x.mode, 'i') in ('i', 'b', 'v')
) as a
where p.proname = $1 and p.pronamespace = '{SCHEMA}'::regnamespace and p.prokind = 'f'
  and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
"""


@dataclass(frozen=True)
class Function:
    """A function of the schema `public`.

    `returns`: a `row` has columns; a `value` has none (an untyped record is one); `void` is nothing. `names`
    and `types` are those of the arguments it takes, in order; the last `defaults` of them may be left out.
    `settings` are what its definition SETs, as name=value.
    """

    name: str
    returns: Literal["void", "row", "value"]
    returns_set: bool
    is_volatile: bool
    is_variadic: bool
    defaults: int
    settings: list[str]
    names: list[str]
    types: list[str]

    def setting(self, name: str) -> str | None:
        """Returns the value that the definition SETs, or None."""
        return dict(entry.split("=", 1) for entry in self.settings).get(name)

    def takes(self, keys: Collection[str]) -> bool:
        """Returns whether the function can be called with exactly these arguments."""
        required = self.names[: len(self.names) - self.defaults]
        return set(required) <= set(keys) <= set(self.names)


async def find_function(connection: Connection, name: str, keys: Collection[str]) -> Function:
    """Returns the function of that name.

    Raises:
        ApiError: 404 PGRST202, there is none that takes exactly the arguments `keys`; 501, there are several
            of the name, or it is of a kind that PostgREST calls and this server does not.
    """
    # PostgreSQL takes no NUL, and no name has one.
    found = [] if "\x00" in name else await _look_up(connection, name)
    if len(found) > 1:
        raise unsupported(f"several functions of one name ({name})")
    for function in found:
        _refuse_unusual(function)
        if function.takes(keys):
            return function
    raise _not_found(f"{SCHEMA}.{name}", ", ".join(sorted(keys)), "s" if len(keys) > 1 else "")


async def _look_up(connection: Connection, name: str) -> list[Function]:
    cursor = connection.cursor(row_factory=class_row(Function))
    return await (await cursor.execute(_LOOK_UP, [name])).fetchall()


def _refuse_unusual(function: Function) -> None:
    if function.is_variadic:
        raise unsupported(f"variadic functions ({function.name})")
    if "" in function.names:
        raise unsupported(f"parameters without a name ({function.name})")
    if function.setting("default_transaction_isolation"):
        raise unsupported(f"functions that set default_transaction_isolation ({function.name})")


def _not_found(function: str, keys: str, plural: str) -> ApiError:
    called = f"({keys})" if keys else " without parameters"
    searched = f" with parameter{plural} {keys}" if keys else " without parameters"
    return ApiError(
        404,
        "PGRST202",
        f"Could not find the function {function}{called} in the schema cache",
        details=f"Searched for the function {function}{searched} or with a single unnamed json/jsonb "
        "parameter, but no matches were found in the schema cache.",
    )
