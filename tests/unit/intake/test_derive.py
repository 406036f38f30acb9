"""What is derived, how it says so, and that it changes neither what is said nor who the article is."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.intake import derive as module
from newsroom.intake.derive import derive, first_line
from newsroom.intake.outlets import Outlet
from newsroom.models.articulo import Articulo
from newsroom.models.vocabulario import TipoMedio

TEXT = (
    "Los regantes piden otra reunión\n\n"
    "Los regantes de la acequia mayor pidieron el jueves otra reunión con el gobernador de la provincia."
)


def articulo(**fields: Any) -> Articulo:
    return Articulo.model_validate({"contenido_texto": TEXT, **fields})


def test_the_outlet_of_the_table() -> None:
    found = derive(articulo(url="https://www.jornada.com.mx/2025/04/15/nota"))
    assert (found.medio, found.pais_publicacion, found.tipo_medio) == (
        "La Jornada",
        "México",
        TipoMedio.DIARIO,
    )
    assert {name: found.derivado[name] for name in ("medio", "pais_publicacion", "tipo_medio")} == {
        "medio": "tabla de medios", "pais_publicacion": "tabla de medios", "tipo_medio": "tabla de medios",
    }  # fmt: skip


def test_an_outlet_that_no_table_knows_is_its_domain_and_its_country_that_of_the_domain() -> None:
    found = derive(articulo(url="https://www.elriego.com.uy/nota"))
    assert (found.medio, found.pais_publicacion, found.tipo_medio) == ("elriego.com.uy", "Uruguay", None)
    assert found.derivado["medio"] == "dominio de la dirección"
    assert found.derivado["pais_publicacion"] == "dominio de país"


def test_the_page_of_the_outlet_serves_where_the_article_has_no_address() -> None:
    assert derive(articulo(medio_url_principal="https://www.jornada.com.mx")).medio == "La Jornada"


@pytest.mark.parametrize(
    "url", ["https://elriego.co/nota", "https://elriego.com/nota", "https://127.0.0.1/n", "nota"]
)
def test_a_domain_of_nobodys_country_gives_none(url: str) -> None:
    assert derive(articulo(url=url)).pais_publicacion is None


def test_what_the_source_says_is_never_changed() -> None:
    said = {
        "titular": "Otro", "medio": "Otra", "pais_publicacion": "Otro", "tipo_medio": "blog", "idioma": "pt",
        "url": "https://www.jornada.com.mx/1",
    }  # fmt: skip
    found = derive(articulo(**said))
    assert {name: str(getattr(found, name)) for name in said} == said
    assert found.derivado == {}


def test_the_headline_is_the_first_line_if_it_is_one() -> None:
    found = derive(articulo())
    assert found.titular == "Los regantes piden otra reunión"
    assert found.derivado["titular"] == "primera línea del texto"
    assert first_line("# Riego\n\nTexto") == "Riego"
    assert first_line("Una sola línea de texto") is None
    assert first_line(f"{'Una frase muy larga. ' * 20}\n\nY más.") is None
    assert first_line("#\n\nTexto") is None


def test_the_language_is_detected_where_nobody_says_it() -> None:
    english = "The farmers of the valley asked the governor for another meeting about the water of the canal."
    found = derive(articulo(contenido_texto=english * 2))
    assert (found.idioma, found.derivado["idioma"]) == ("en", "detectado en el texto")


def test_the_day_of_collection_is_never_the_day_of_publication() -> None:
    found = derive(articulo(fecha_recopilacion="2025-04-15"))
    assert found.fecha_publicacion is None
    assert "fecha_publicacion" not in found.derivado


@pytest.mark.parametrize(
    ("published", "collected", "warned"),
    [
        (timedelta(days=3), None, True),
        (timedelta(hours=20), None, False),
        (timedelta(days=-400), None, False),
        (timedelta(days=-3), timedelta(days=-6), True),
        (timedelta(days=-3), timedelta(days=-3), False),
    ],
)
def test_a_date_after_the_collection_warns(
    published: timedelta, collected: timedelta | None, warned: bool
) -> None:
    now = datetime.now(UTC)
    when = None if collected is None else (now + collected).isoformat()
    found = derive(articulo(fecha_publicacion=(now + published).isoformat(), fecha_recopilacion=when))
    assert any("posterior" in aviso for aviso in found.avisos) is warned
    assert derive(found).avisos == found.avisos


URLS = st.sampled_from(
    [
        None,
        "https://elpais.com/chile/x",
        "https://elriego.com.uy/1",
        "https://www.infobae.com/peru/1",
        "http://[",
        "x",
    ]
)


@given(url=URLS, medio=st.sampled_from([None, "La Hoja"]), titular=st.sampled_from([None, "Riego"]))
def test_a_second_time_changes_nothing(url: str | None, medio: str | None, titular: str | None) -> None:
    once = derive(articulo(url=url, medio=medio, titular=titular))
    assert derive(once) == once
    assert derive(Articulo.model_validate(once.model_dump(mode="json"))) == once


def test_a_longer_table_changes_no_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = articulo(medio_url_principal="https://elriego.test/")
    before = derive(bare)
    outlet = Outlet("El Riego", "Uruguay", TipoMedio.DIGITAL)
    monkeypatch.setattr(module, "find_outlet", lambda _url: outlet)
    after = derive(bare)
    assert (before.medio, after.medio) == ("elriego.test", "El Riego")
    assert before.identidad == after.identidad == bare.identidad
