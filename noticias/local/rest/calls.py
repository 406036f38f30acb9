"""One call of a function: its statement, its transaction, its answer.

The body's text goes to PostgreSQL as one parameter and the answer's JSON is PostgreSQL's own: nothing is
read and written again in between, so numbers and keys stay as they are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import IsolationLevel, sql
from starlette.requests import Request

from noticias.local.rest.connections import Connection
from noticias.local.rest.errors import ApiError, unsupported
from noticias.local.rest.functions import SCHEMA, Function, Parameter
from noticias.local.rest.requests import Arguments
from noticias.local.rest.tokens import Identity

API_PATH = "/rest/v1"
SEARCH_PATH = '"public", "extensions"'

# In this order: a role may have a search_path of its own, and may not be allowed to set what is set for it.
_SETTINGS = """
select set_config(q.name, q.value, true)
from (
  select 0 as turn, 'search_path' as name, $1 as value
  union all
  select 1, split_part(c.entry, '=', 1), substr(c.entry, strpos(c.entry, '=') + 1)
  from pg_db_role_setting s
  join pg_roles r on r.oid = s.setrole
  cross join unnest(s.setconfig) as c(entry)
  where r.rolname = $2
    and s.setdatabase in (0, (select d.oid from pg_database d where d.datname = current_database()))
  union all
  select 2, o.name, o.value
  from unnest($3::text[], $4::text[]) as o(name, value)
  order by turn
) as q
"""
# What the function's definition sets is set for the whole transaction, not for its body only.
_HOISTED = "statement_timeout"
_COMPOSED = sql.SQL(
    "coalesce(current_setting('response.headers', true), '') <> '' "
    "or coalesce(current_setting('response.status', true), '') <> ''"
)
_ISOLATION = {
    "serializable": IsolationLevel.SERIALIZABLE,
    "repeatable read": IsolationLevel.REPEATABLE_READ,
}


@dataclass(frozen=True)
class Answer:
    """A result as JSON text and its number of rows; the text is None where a function returns nothing."""

    text: str | None
    rows: int


async def call_function(
    connection: Connection,
    function: Function,
    arguments: Arguments,
    identity: Identity,
    request: Request,
    *,
    one_object: bool,
) -> Answer:
    """Calls the function as `identity`, in a transaction of its own that is committed before it returns.

    It is read-only for GET and HEAD, and where the function is STABLE or IMMUTABLE. With `one_object` a set
    of one row is answered as that row.

    Raises:
        psycopg.Error: PostgreSQL refused; nothing has changed.
        ApiError: 406 PGRST116, `one_object` and not one row; 501, the function sets headers or status of the
            answer. Nothing has changed.
    """
    statement, parameters = build_statement(function, arguments, one_object=one_object)
    await connection.set_read_only(request.method != "POST" or not function.is_volatile)
    isolation = function.setting("default_transaction_isolation") or ""
    await connection.set_isolation_level(_ISOLATION.get(isolation.lower()))
    async with connection.transaction():
        await _prepare(connection, function, identity, request)
        row = await (await connection.execute(statement, parameters, prepare=False)).fetchone()
        assert row is not None
        text, rows, composed = row
        if composed:
            raise unsupported("functions that set response.headers or response.status")
        if one_object and rows != 1:
            raise _not_single(rows)
    return Answer(text, rows)


async def _prepare(connection: Connection, function: Function, identity: Identity, request: Request) -> None:
    settings = {
        "role": identity.role,
        "request.jwt.claims": identity.claims,
        "request.method": request.method,
        "request.path": request.url.path.removeprefix(API_PATH),
        "request.headers": json.dumps(dict(request.headers)),
        "request.cookies": json.dumps(request.cookies),
    }
    timeout = function.setting(_HOISTED)
    if timeout is not None:
        settings[_HOISTED] = timeout
    names, values = list(settings), list(settings.values())
    await connection.execute(_SETTINGS, [SEARCH_PATH, identity.role, names, values])


def build_statement(
    function: Function, arguments: Arguments, *, one_object: bool
) -> tuple[sql.Composed, list[Any]]:
    """Returns the statement that calls the function, and its parameters.

    It gives one row: the result as JSON text (null where the function returns nothing), its number of rows,
    and whether the function has set headers or the status of the answer.
    """
    source, call, parameters = _build_call(function, arguments)
    if function.returns == "row":
        query = sql.SQL("select _c.* from {}{} as _c").format(
            source + sql.SQL(", lateral ") if source else sql.SQL(""), call
        )
        value: sql.Composable = sql.SQL("_r")
    else:
        query = sql.SQL("select {} as _value{}").format(
            call, sql.SQL(" from ") + source if source else sql.SQL("")
        )
        value = sql.SQL("_r._value")
    if function.returns == "void":
        result: sql.Composable = sql.SQL("null::text")
    elif function.returns_set and not one_object:
        result = sql.SQL("coalesce(json_agg({}), '[]')::text").format(value)
    else:
        result = sql.SQL("coalesce(json_agg({}) -> 0, 'null')::text").format(value)
    statement = sql.SQL("with _r as materialized ({}) select {}, count(*), {} from _r").format(
        query, result, _COMPOSED
    )
    return statement, parameters


def _build_call(
    function: Function, arguments: Arguments
) -> tuple[sql.Composed | None, sql.Composed, list[Any]]:
    """Returns what the arguments are read from, the call, and the statement's parameters."""
    name = sql.Identifier(SCHEMA, function.name)
    if arguments.body is not None and function.takes_whole_body:
        whole = _trusted(function.parameters[0].type)
        return None, sql.SQL("{}($1::{})").format(name, whole), [arguments.body]
    given = [parameter for parameter in function.parameters if parameter.name in arguments.keys]
    source, values, parameters = _build_values(given, arguments)
    named = sql.SQL(", ").join(
        sql.SQL("{}{} := {}").format(
            sql.SQL("variadic " if parameter.is_variadic else ""), sql.Identifier(parameter.name), value
        )
        for parameter, value in zip(given, values, strict=True)
    )
    return source, sql.SQL("{}({})").format(name, named), parameters


def _build_values(
    given: Sequence[Parameter], arguments: Arguments
) -> tuple[sql.Composed | None, list[sql.Composable], list[Any]]:
    if not given:
        return None, [], []
    types = [_trusted(parameter.column_type) for parameter in given]
    if arguments.body is None:
        values: list[sql.Composable] = [
            sql.SQL("${}::{}").format(sql.Literal(number), type_name)
            for number, type_name in enumerate(types, start=1)
        ]
        return None, values, [arguments.values[parameter.name] for parameter in given]
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(parameter.name), type_name)
        for parameter, type_name in zip(given, types, strict=True)
    )
    document = sql.SQL("$1::json -> 0" if arguments.is_list else "$1::json")
    source = sql.SQL("json_to_record({}) as _a({})").format(document, columns)
    return source, [sql.Identifier("_a", parameter.name) for parameter in given], [arguments.body]


def _trusted(type_name: str) -> sql.SQL:
    """Returns a type's name as format_type() wrote it: quoted where it has to be."""
    return sql.SQL(type_name)


def _not_single(rows: int) -> ApiError:
    return ApiError(
        406,
        "PGRST116",
        "Cannot coerce the result to a single JSON object",
        details=f"The result contains {rows} rows",
    )
