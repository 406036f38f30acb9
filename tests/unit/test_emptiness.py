"""What is no article is recognised; a real item passes, however short and whatever stands around it."""

from pathlib import Path

import pytest
import yaml

from newsroom.stages.emptiness import say_why_empty

DATA: dict[str, list[dict[str, str]]] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "sin_contenido.yaml").read_text(encoding="utf-8")
)
EMPTY_ONES = [(row["clase"], row["titular"], row["texto"]) for row in DATA["vacías"]]
REAL_ONES = [(row["titular"], row["texto"]) for row in DATA["noticias"]]


def test_there_are_enough_of_both() -> None:
    assert len(EMPTY_ONES) >= 30
    assert len(REAL_ONES) >= 30


@pytest.mark.parametrize(("kind", "titular", "texto"), EMPTY_ONES)
def test_what_is_no_article_is_named(kind: str, titular: str, texto: str) -> None:
    why = say_why_empty(titular, texto)
    assert why is not None
    assert why.startswith("No es un artículo: ")
    assert kind in why


@pytest.mark.parametrize(("titular", "texto"), REAL_ONES)
def test_a_real_item_passes(titular: str, texto: str) -> None:
    assert say_why_empty(titular, texto) is None


@pytest.mark.parametrize(("kind", "titular", "texto"), EMPTY_ONES)
def test_what_surrounds_a_real_item_does_not_spoil_it(kind: str, titular: str, texto: str) -> None:
    news = "El Congreso de Jalisco aprobó este jueves la ley del agua con 29 votos a favor y 14 en contra."
    assert say_why_empty(titular, f"{texto}\n\n{news}\n\n{texto}") is None


def test_a_long_text_is_an_article_unless_it_is_code() -> None:
    notice = "Utilizamos cookies propias y de terceros. "
    assert say_why_empty("", notice * 20) is not None
    assert say_why_empty("", notice * 2_000) is None
    assert say_why_empty("", ".a{margin:0;padding:0;color:#fff;}\n" * 2_000) is not None


@pytest.mark.parametrize(
    "texto", ["", " \n ", "—", "{" * 50_000, "a " * 100_000, "(" * 12_000 + "\n" * 12_000]
)
def test_any_text_is_judged_in_time(texto: str) -> None:
    why = say_why_empty("", texto)
    assert why is None or why.startswith("No es un artículo")
