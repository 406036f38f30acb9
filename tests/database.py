"""The newsroom's database, looked at past the REST server; and the real store on the session's stack."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.rows import scalar_row

from newsroom.store.supabase import SupabaseStore
from noticias.local.stack import StackAddresses


@dataclass(frozen=True)
class NewsroomDatabase:
    """A migrated database; `owner_dsn` is the superuser's."""

    owner_dsn: str

    def execute(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Returns the rows of a statement, run by the superuser."""
        with psycopg.connect(self.owner_dsn, autocommit=True) as connection:
            cursor = connection.execute(sql.SQL(statement), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def value(self, statement: str, *parameters: Any) -> Any:
        """Returns the only column of the only row."""
        ((value,),) = self.execute(statement, *parameters)
        return value

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Returns a table's rows as JSON has them (a moment is a string), by id where there is one."""
        statement = "select to_jsonb(t) as row from {} t order by to_jsonb(t) -> 'id', to_jsonb(t)"
        with psycopg.connect(self.owner_dsn, row_factory=scalar_row) as connection:
            return connection.execute(sql.SQL(statement).format(sql.Identifier(table))).fetchall()

    def empty(self) -> None:
        """Empties every table of the newsroom and begins its ids at 1 again."""
        # Faster than truncate, which makes a new file for every table and index.
        self.execute(
            """
            do $$ declare t record; begin
              set local session_replication_role = replica;
              for t in select oid::regclass as name from pg_class
                where relnamespace = 'public'::regnamespace and relkind = 'r'
              loop execute 'delete from ' || t.name; end loop;
              perform setval(oid::regclass, 1, false) from pg_class
              where relnamespace = 'public'::regnamespace and relkind = 'S';
            end $$
            """
        )


class StackStore(SupabaseStore):
    """The real store on the database of the session's stack, and what is in its tables."""

    def __init__(self, addresses: StackAddresses) -> None:
        assert addresses.supabase_url is not None
        assert addresses.service_role_key is not None
        assert addresses.database_dsn is not None
        super().__init__(addresses.supabase_url, addresses.service_role_key)
        self.database = NewsroomDatabase(addresses.database_dsn.get_secret_value())

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Returns a table's rows."""
        return self.database.rows(table)

    def listen(self, patch: pytest.MonkeyPatch, *methods: str) -> list[tuple[str, tuple[Any, ...]]]:
        """Returns a list that grows by (method, arguments) with each call of one of these methods."""
        calls: list[tuple[str, tuple[Any, ...]]] = []

        def noting(method: str) -> Callable[..., Any]:
            call = getattr(self, method)

            def note(*arguments: Any) -> Any:
                calls.append((method, arguments))
                return call(*arguments)

            return note

        for method in methods:
            patch.setattr(self, method, noting(method))
        return calls
