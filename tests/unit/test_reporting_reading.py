"""The page of an item: what is on it, how large it can get, and that text stays text."""

import base64
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsroom.models.extraccion import (
    CitasYDatos,
    CitaTextual,
    Consumo,
    Contradiccion,
    DatoCuantitativo,
    Elementos,
    Entidad,
    EntidadRelacion,
    Fecha,
    Hecho,
    HechoEntidad,
    Importancia,
    Periodo,
    Puntuaciones,
    Relaciones,
    Triaje,
)
from newsroom.models.item import Item
from newsroom.models.preparado import Preparado
from newsroom.models.reading import Reading
from newsroom.models.resultado import Guardado
from newsroom.reporting.item_page import describe_reading
from newsroom.reporting.markdown import MAX_ROWS
from newsroom.reporting.picture import MAX_NODES, draw_relations

READER = MarkdownIt("commonmark").enable("table")
# The reader of the UI accepts SVG. This one by itself accepts only png, gif, jpeg and webp.
READER.validateLink = lambda url: url.startswith(("https://", "http://", "data:image/svg+xml;base64,"))  # type: ignore[method-assign]
WHEN = datetime(2024, 5, 14, tzinfo=UTC)
GUARDADO = Guardado(resultado="insertado", articulo_id=7)
AT = {"offset_inicio": 0, "offset_fin": 1}


def make_item(
    text: str = "El Congreso aprueba la reforma", identidad: str = "https://ejemplo.test/7"
) -> Item:
    return Item(
        identidad=identidad,
        huella_contenido="h",
        titular=text,
        medio=text,
        pais_publicacion="Chile",
        fecha_publicacion=WHEN,
        contenido="texto",
        seccion=text,
        autor=text,
    )


def make_triaje(text: str, **changes: Any) -> Triaje:
    scores = dict.fromkeys(Puntuaciones.model_fields, 4)
    fields: dict[str, Any] = {
        "exclusion": None,
        "tipo_articulo": "NOTICIA",
        "puntuaciones": Puntuaciones(**scores),
        "puntuacion_total": 20,
        "decision": "PROCESAR",
        "justificacion": text,
        "consumo": Consumo(
            modelo="openai/gpt-oss-120b", peticiones=1, tokens_entrada=1000, tokens_salida=200,
            tokens_cache=100, segundos=1.25, costo_usd=Decimal("0.00027"),
        ),
    }  # fmt: skip
    return Triaje(**{**fields, **changes})


def make_reading(text: str = "La reforma", number: int = 1, names: tuple[str, ...] = ()) -> Reading:
    """A reading with `number` items of each kind. All its text is `text`."""
    ids = range(1, number + 1)
    ends = [1, 2 if number > 1 else 1]
    hechos = [
        Hecho(
            id=n,
            contenido=text,
            fecha=Fecha(inicio=WHEN, fin=WHEN),
            tipo_hecho="NORMATIVA",
            pais=(text,),
            **AT,
        )
        for n in ids
    ]
    entidades = [Entidad(id=n, nombre=text, tipo="PERSONA", **AT) for n in ids]
    for n, name in enumerate(names, 1):
        entidades[n - 1] = Entidad(id=n, nombre=name, tipo="INSTITUCION", **AT)
    return Reading(
        preparado=Preparado(idioma="es", trozos=(), advertencias=(text,) * number),
        triaje=make_triaje(text),
        elementos=Elementos(hechos=tuple(hechos), entidades=tuple(entidades)),
        citas_y_datos=CitasYDatos(
            citas_textuales=tuple(
                CitaTextual(id=n, cita=text, entidad_id=1, contexto=text, **AT) for n in ids
            ),
            datos_cuantitativos=tuple(
                DatoCuantitativo(
                    id=n, indicador=text + "...", categoria="económico", valor=Decimal("1234567.5"),
                    unidad=text, periodo=Periodo(inicio=date(2024, 1, 1)), valor_anterior=Decimal("1E+900"),
                    tendencia="aumento", **AT,
                )
                for n in ids
            ),
        ),
        relaciones=Relaciones(
            hecho_entidad=tuple(
                HechoEntidad(hecho_id=1, entidad_id=n, tipo_relacion="protagonista") for n in ids
            ),
            entidad_relacion=tuple(
                EntidadRelacion(
                    entidad_origen_id=n, entidad_destino_id=ends[n % 2], tipo_relacion="empleado_de",
                    descripcion=text,
                )
                for n in ids
                if n != ends[n % 2]
            ),
            contradicciones=tuple(
                Contradiccion(hecho_principal_id=n, hecho_contradictorio_id=1, tipo="valor", descripcion=text)
                for n in ids
            ),
            importancias=tuple(Importancia(hecho_id=n, importancia=n % 10 + 1) for n in ids),
        ),
    )  # fmt: skip


def picture_in(page: str) -> ElementTree.Element:
    encoded = re.search(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)
    assert encoded is not None
    return ElementTree.fromstring(base64.b64decode(encoded.group(1)))


def test_the_page_says_what_was_decided_found_dropped_and_paid() -> None:
    reading = make_reading(number=2, names=("Congreso de Chile", "Rosa Peralta"))
    page = describe_reading(make_item(), reading, GUARDADO)
    assert page.startswith("# El Congreso aprueba la reforma\n")
    assert "[ejemplo.test](<https://ejemplo.test/7>)" in page
    assert "## PROCESAR, 20 de 25" in page
    assert "| 4 | 4 | 4 | 4 | 4 |" in page
    assert "- **2** · 2024-05-14 · normativa · importancia 3: La reforma (La reforma)\n" in page
    # The most important first.
    assert page.index("importancia 3") < page.index("importancia 2")
    assert "- **Congreso de Chile**: «La reforma» (La reforma)" in page
    assert "- **1 y 1**, valor, grado 3 de 5. La reforma" in page
    assert (
        "| La reforma\\.\\.\\. | 1\\.234\\.567,5 | La reforma | 2024-01-01 a … | 1E\\+900 | aumento |" in page
    )
    assert "| Rosa Peralta | empleado de | Congreso de Chile | La reforma |" in page
    assert "## Advertencias (2)\n\n- La reforma" in page
    assert "| **total** |   | 1 | 1000 | 200 | 100 | 1.2 | 0.00027 |" in page


def test_a_discarded_article_has_a_short_page() -> None:
    triaje = make_triaje("Es deporte.", exclusion="deportes", decision="DESCARTAR")
    reading = Reading(preparado=Preparado(idioma="es", trozos=()), triaje=triaje)
    page = describe_reading(make_item(), reading, GUARDADO)
    assert "## DESCARTAR" in page
    assert "Tema excluido: deportes" in page
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## DESCARTAR, 20 de 25",
        "## Consumo",
    ]


def test_a_fragment_says_whose_it_is_and_links_nowhere() -> None:
    guardado = Guardado(resultado="sin_cambios", documento_id=3, fragmento_id=9)
    page = describe_reading(make_item(identidad="sha256:abc"), make_reading(), guardado)
    assert "Fragmento 9 del documento 3: sin cambios" in page
    assert "](<" not in page


HOSTILE = st.one_of(
    st.text(min_size=1, max_size=40),
    st.lists(
        st.sampled_from(
            ["```", "\n", "<svg onload=x>", "&lt;", "https://m.test", "](", "|", "\\", "# ", "]]>", "<!--"]
        ),
        min_size=1,
        max_size=6,
    ).map("".join),
)


@settings(max_examples=50, deadline=None)
@given(HOSTILE)
def test_no_text_of_the_item_becomes_markup(text: str) -> None:
    page = describe_reading(make_item(text), make_reading(text, 2), GUARDADO)
    tokens = READER.parse(page)
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {"heading", "paragraph", "inline", "table", "thead", "tbody", "tr", "th", "td"} | {
        "bullet_list", "list_item",
    }  # fmt: skip
    inner = [child for token in tokens for child in token.children or []]
    strong = {"strong_open", "strong_close"}
    links = {"link_open", "link_close"}
    assert {child.type for child in inner} <= {"text", "text_special", "image", "softbreak"} | strong | links
    assert [child.attrGet("href") for child in inner if child.type == "link_open"] == [
        "https://ejemplo.test/7"
    ]
    assert sum(child.type == "image" for child in inner) == 1
    assert {element.tag.rpartition("}")[2] for element in picture_in(page).iter()} <= {
        "svg", "defs", "marker", "path", "rect", "text",
    }  # fmt: skip


def test_the_page_stays_small_whatever_was_found() -> None:
    page = describe_reading(make_item("&" * 5000), make_reading("&" * 5000, 500), GUARDADO)
    assert len(page.encode()) < 500_000
    assert f"… y {500 - MAX_ROWS} más." in page


def test_the_picture_joins_by_name_and_by_hecho_and_holds_few() -> None:
    reading = make_reading("X", 30, names=("Congreso <de> Chile", 'Rosa "la" & Peralta'))
    uri = draw_relations(reading.elementos, reading.relaciones)
    assert uri is not None
    drawing = picture_in(uri)
    texts = [element.text for element in drawing.iter() if element.tag.endswith("text")]
    assert "Congreso <de> Chile" in texts
    assert 'Rosa "la" & Peralta' in texts
    assert "empleado de" in texts
    assert len([element for element in drawing.iter() if element.tag.endswith("rect")]) == MAX_NODES + 1


@pytest.mark.parametrize("number", [0, 1])
def test_nobody_related_no_picture(number: int) -> None:
    reading = make_reading("X", number)
    assert draw_relations(reading.elementos, reading.relaciones) is None
