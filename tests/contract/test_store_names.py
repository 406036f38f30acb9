"""Names have the same form and keys in Python as in the database."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.types.json import Jsonb

from newsroom.names import link_keys, normalize_nombre
from tests.contract.store_fixtures import ContractDatabase

NAMES = [
    "Pedro Sánchez", "PEDRO SANCHEZ", "  Pedro   Sánchez ", "Pedro Sa\u0301nchez", "«Pedro Sánchez»",
    "O'Higgins", "O’Higgins", "Pérez-Castejón", "Pérez\u2013Castejón", "S.A.", "EE. UU.", "(PSOE)",
    "L'Hospitalet de Llobregat", "Ñuñoa", "Straße", "Ærø", "Øresund", "Łódź", "Đokić", "naïve",
    "A\u00a0B", "a\u200bb", "ﬁnanzas", "Ⅷ Cumbre", "…", "...", "-", "¿Quién?", "¡Basta!", "G-20", "G20",
    "3,5 %", "10 000", "Москва", "北京", "日本 東京", "İstanbul", "Banco Central Europeo (BCE)",
    "Ley 3/2024, de 5 de mayo", "x" * 400, "á" * 301, "Ç", "ŒUVRE", "tú & yo", "a_b", "a|b", "«»", "№ 5",
    "½", "²", "ª", "José Mª Aznar", "1º de Mayo", "C++", "50€", "$100", "@usuario", "#Lema", "a~b",
]  # fmt: skip


@pytest.fixture(scope="module")
def connection(contract_database: ContractDatabase) -> Iterator[psycopg.Connection]:
    with psycopg.connect(contract_database.owner_dsn, autocommit=True) as connection:
        yield connection


def test_names_have_the_database_s_form(connection: psycopg.Connection) -> None:
    query = "select n, interno.normalizar_nombre(n) from jsonb_array_elements_text(%s) as n"
    theirs: dict[str, str] = dict(connection.execute(query, [Jsonb(NAMES)]).fetchall())
    assert {name: normalize_nombre(name) for name in NAMES} == theirs


def test_names_have_the_database_s_keys(connection: psycopg.Connection) -> None:
    query = "select n, interno.claves_enlace(array[n]) from jsonb_array_elements_text(%s) as n"
    theirs: dict[str, list[str]] = dict(connection.execute(query, [Jsonb(NAMES)]).fetchall())
    assert {name: sorted(link_keys([name])) for name in NAMES} == theirs
    all_of_them = connection.execute(
        "select interno.claves_enlace(array(select jsonb_array_elements_text(%s)))", [Jsonb(NAMES)]
    ).fetchone()
    assert all_of_them == (sorted(link_keys(NAMES)),)
