"""One call of a function: its statement, its transaction, its answer.

The body's text goes to PostgreSQL as one parameter, and the answer's JSON is PostgreSQL's own. No number or
key is read and written again in between.
"""

import json
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from starlette.requests import Request

from noticias.local.rest.connections import Connection
from noticias.local.rest.errors import ApiError, unsupported
from noticias.local.rest.functions import SCHEMA, Function
from noticias.local.rest.requests import Call
from noticias.local.rest.tokens import Identity

API_PATH = "/rest/v1"
SEARCH_PATH = '"public", "extensions"'

# The order matters: a role may have a search_path of its own, and may not be allowed to set what is set for
# it.
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
# Materialized: else PostgreSQL would not call a STABLE function whose result nobody reads.
_STATEMENT = sql.SQL("""
with _r as materialized (select _c.* from {source}, lateral {call} as _c),
  _p as (select * from _r limit $2::bigint offset $3::bigint)
select {result}, {rows}, coalesce(current_setting('response.headers', true), '') <> ''
  or coalesce(current_setting('response.status', true), '') <> ''
from _p
""")


@dataclass(frozen=True)
class Answer:
    """A result as JSON text and its number of rows. The text is None where the function returns nothing."""

    text: str | None
    rows: int


async def call_function(
    connection: Connection, function: Function, call: Call, identity: Identity, request: Request
) -> Answer:
    """Calls the function as `identity` and returns its answer.

    The call is a transaction of its own, committed before this returns. It is read-only if the function is
    STABLE or IMMUTABLE.

    Raises:
        psycopg.Error: PostgreSQL refused. Nothing has changed.
        ApiError: 406 PGRST116, one object is wanted and the rows are not one; 501, the function sets headers
            or status of the answer. Nothing has changed.
    """
    await connection.set_read_only(not function.is_volatile)
    async with connection.transaction():
        await _prepare(connection, function, identity, request)
        parameters = [call.body, call.limit, call.offset]
        cursor = await connection.execute(build_statement(function, call), parameters, prepare=False)
        row = await cursor.fetchone()
        assert row is not None
        text, rows, composed = row
        if composed:
            raise unsupported("functions that set response.headers or response.status")
        if call.one_object and rows != 1:
            message = "Cannot coerce the result to a single JSON object"
            raise ApiError(406, "PGRST116", message, details=f"The result contains {rows} rows")
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
    timeout = function.setting("statement_timeout")
    if timeout is not None:
        # PostgreSQL itself begins to count only at the next statement.
        settings["statement_timeout"] = timeout
    values: list[Any] = [SEARCH_PATH, identity.role, list(settings), list(settings.values())]
    await connection.execute(_SETTINGS, values)


def build_statement(function: Function, call: Call) -> sql.Composed:
    """Returns the statement that calls the function. Its parameters are body, limit and offset.

    It gives one row: the result as JSON text (null where the function returns nothing), its number of rows,
    and whether the function has set headers or the status of the answer.
    """
    # format_type() has quoted the types where they need it.
    given = [
        (sql.Identifier(name), sql.SQL(type_name))
        for name, type_name in zip(function.names, function.types, strict=True)
        if name in call.keys
    ]
    columns = sql.SQL(", ").join(sql.SQL("{} {}").format(name, type_name) for name, type_name in given)
    arguments = sql.SQL(", ").join(sql.SQL("{0} := _a.{0}").format(name) for name, _ in given)
    source = sql.SQL("json_to_record($1::json) as _a({})" if given else "(select $1::json) as _a")
    called = sql.SQL("{}({})").format(sql.Identifier(SCHEMA, function.name), arguments)
    value = sql.SQL("_p")
    if function.returns != "row":
        called, value = sql.SQL("(select {} as _value)").format(called), sql.SQL("_p._value")
    if function.returns == "void":
        result = "null::text"
    elif function.returns_set and not call.one_object:
        result = "coalesce(json_agg({}), '[]')::text"
    else:
        result = "coalesce(json_agg({}) -> 0, 'null')::text"
    return _STATEMENT.format(
        source=source.format(columns),
        call=called,
        result=sql.SQL(result).format(value),
        rows=sql.SQL("count(*)" if function.returns_set else "1"),
    )
