"""The table of sources: what an editor writes there, and what is said of a mistake."""

from pathlib import Path

import pytest

from newsroom.errors import InvalidInput
from newsroom.models.vocabulario import TipoMedio
from newsroom.settings import Settings
from newsroom.sources.plan import choose_sources
from newsroom.sources.table import Fuente, read_fuentes

PROJECT = Path(__file__).parents[3]


def read(tmp_path: Path, text: str | bytes) -> list[Fuente]:
    path = tmp_path / "sources.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_fuentes(path)


def test_sources_are_addresses_or_say_more(tmp_path: Path) -> None:
    first, second = read(
        tmp_path,
        """
fuentes:
- https://a.example/rss
- url: " https://b.example/rss "
  clase: feed
  medio: La Voz
  pais: Ecuador
  tipo: diario
  cada_minutos: 15
  activa: false
  texto_de_la_pagina: true
- https://a.example/rss
""",
    )
    assert first == Fuente(url="https://a.example/rss")
    assert (first.cada_minutos, first.activa, first.known()) == (30, True, {})
    assert second.url == "https://b.example/rss"
    assert second.known() == {"medio": "La Voz", "pais_publicacion": "Ecuador", "tipo_medio": "diario"}
    assert second.tipo_medio is TipoMedio.DIARIO
    assert (second.cada_minutos, second.activa, second.texto_de_la_pagina) == (15, False, True)


@pytest.mark.parametrize("text", ["", "fuentes:\n", "fuentes: []\n", "# nada\n", "[]"])
def test_a_table_may_be_empty(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fuentes: [", "not YAML: "),
        ("fuentes: 5", "must hold a list `fuentes`"),
        ("hola", "must hold a list `fuentes`"),
        ("fuentes:\n- ftp://a.example/", "source 1: url: must be an http or https address"),
        ("fuentes:\n- https://a.example/\n- medio: X", "source 2: url: Field required"),
        ("fuentes:\n- url: https://a.example/\n  cada: 5", "source 1: cada: Extra inputs are not permitted"),
        ("fuentes:\n- url: https://a.example/\n  cada_minutos: 0", "source 1: cada_minutos: "),
        ("fuentes:\n- url: https://a.example/\n  tipo: panfleto", "source 1: tipo: "),
        ("fuentes:\n- url: https://a.example/\n  clase: rss", "source 1: clase: "),
        ("fuentes:\n- 7", "source 1: "),
        (f"fuentes:\n- https://a.example/{'x' * 1000}", "source 1: url: at most 1000 bytes"),
        ("fuentes:\n- http://[::1/", "source 1: url: "),
        (b"fuentes:\n- \xff", "not UTF-8"),
    ],
)
def test_a_mistake_is_one_line_that_names_it(tmp_path: Path, text: str | bytes, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path}/sources.yaml: {words}")
    assert "\n" not in message


def test_a_table_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read: No such file"):
        read_fuentes(tmp_path / "nada.yaml")


def test_the_shipped_table_has_no_source_and_its_examples_are_good(tmp_path: Path) -> None:
    shipped = PROJECT / "deployments" / "sources.yaml"
    assert read_fuentes(shipped) == []
    _, _, examples = shipped.read_text(encoding="utf-8").partition("\nfuentes:\n")
    assert len(read(tmp_path, "fuentes:\n" + examples.replace("\n# ", "\n").replace("# - ", "- "))) == 4


def test_the_settings_say_which_table_counts(tmp_path: Path) -> None:
    shipped = PROJECT / "deployments" / "sources.yaml"
    assert Settings(NOTICIAS_HOME=tmp_path).sources_table == shipped
    (tmp_path / "sources.yaml").write_text("fuentes:\n")
    assert Settings(NOTICIAS_HOME=tmp_path).sources_table == tmp_path / "sources.yaml"
    own = tmp_path / "mi tabla.yaml"
    assert Settings(NOTICIAS_HOME=tmp_path, NOTICIAS_SOURCES=own).sources_table == own


def test_a_wordpress_site_is_known_by_its_address_alone() -> None:
    posts = "https://a.example/wp-json/wp/v2/posts?per_page=50&_embed=author,wp:term"
    assert Fuente(url="https://a.example/", clase="wordpress").address == posts
    assert Fuente(url=posts, clase="wordpress").address == posts
    assert Fuente(url="https://a.example/").address == "https://a.example/"


def test_one_source_is_chosen_by_its_address_whether_it_is_in_the_table_or_not() -> None:
    resting = Fuente(url="https://a.example/rss", medio="A", activa=False)
    table = [resting, Fuente(url="https://b.example/rss")]
    assert choose_sources(table, None) == table[1:]
    assert choose_sources(table, " https://a.example/rss ") == [resting]
    assert choose_sources(table, "https://c.example/rss") == [Fuente(url="https://c.example/rss")]
    with pytest.raises(InvalidInput, match="fuente: url: must be an http or https address"):
        choose_sources(table, "c.example")
