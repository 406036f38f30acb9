"""The word lists: every word stands in one group of its list, and each part of the program gets its own."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from threading import Thread
from typing import Any

import pytest

from newsroom.lexicon import tables
from newsroom.lexicon.heads import generic_heads
from newsroom.lexicon.tables import Use

TABLES = sorted(file.name[:-5] for file in files("newsroom.lexicon").iterdir() if file.name.endswith(".yaml"))


def is_use(users: object) -> bool:
    return str(users).split(",")[0].strip() in list(Use)


def grouped() -> list[tuple[str, str, dict[str, str]]]:
    found = []
    for name in TABLES:
        for key, content in tables.table(name).items():
            lists = [content, *content.values()] if isinstance(content, dict) else []
            found += [
                (name, str(key), item)
                for item in lists
                if isinstance(item, dict) and is_use(next(iter(item)))
            ]
    return found


def test_there_are_lists_in_groups() -> None:
    assert len(grouped()) > 100


@pytest.mark.parametrize("name", TABLES)
def test_each_file_says_what_it_is_for_and_how_to_add_to_it(name: str) -> None:
    head = files("newsroom.lexicon").joinpath(f"{name}.yaml").read_text(encoding="utf-8").split("\n")[:12]
    assert head[0].startswith("# ")
    assert any(line.startswith("# Para añadir: ") for line in head)


@pytest.mark.parametrize("name", TABLES)
def test_no_key_is_one_of_yamls_own_words(name: str) -> None:
    def check(content: Any) -> None:
        for key, inner in content.items():
            assert isinstance(key, str), f"{name}: write the key {key!r} in quotes"
            if isinstance(inner, dict):
                check(inner)

    check(tables.table(name))


def test_each_group_names_its_users_and_no_word_stands_in_two_groups() -> None:
    for name, key, groups in grouped():
        words = [word for users in groups for word in tables.split_items(groups[users])]
        twice = {word for word in words if words.count(word) > 1}
        assert not twice, f"{name}.yaml, {key}: {twice}"
        for users in groups:
            assert {Use(user) for user in tables.split_items(users)}


def test_a_list_is_its_groups_for_the_use_that_is_asked_for() -> None:
    reading = tables.folded("personas", "nombres", Use.LECTURA)
    proving = tables.folded("personas", "nombres", Use.PRUEBA)
    linking = tables.folded("personas", "nombres", Use.ENLACE)
    assert {"abel", "abelardo", "aaron"} <= reading
    assert "abel" in proving
    assert not {"abelardo", "aaron"} & proving
    assert {"abel", "abelardo"} <= linking
    assert "aaron" not in linking
    assert tables.folded("personas", "nombres") == reading | proving | linking


def test_a_list_without_groups_is_for_everybody() -> None:
    assert tables.items("lengua", "dias", Use.ENLACE) == tables.items("lengua", "dias")
    assert tables.items("lengua", "dias")[0] == "lunes"


def test_an_unknown_user_is_an_error_and_not_an_empty_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "table", lambda _name: {"lista": {"letcura": "uno, dos"}})
    with pytest.raises(ValueError, match="letcura"):
        tables.items("de_prueba", "lista", Use.LECTURA)


def test_a_file_is_read_once_whatever_threads_ask_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def count(package: str) -> Traversable:
        reads.append(package)
        return files(package)

    monkeypatch.setattr("newsroom.lexicon.tables.files", count)
    tables._load.cache_clear()
    threads = [Thread(target=tables.table, args=("monedas",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reads) == 1


def test_heads_of_many_names_are_the_same_for_grounding_and_linking() -> None:
    assert {"ministerio", "universidad", "rio", "san"} <= generic_heads(Use.PRUEBA)
    assert generic_heads(Use.PRUEBA) == generic_heads(Use.ENLACE)
