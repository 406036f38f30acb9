"""The local engine as the stages see it: its answers, whole articles, and what holds for any text."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from newsroom.cleaning import clean_text
from newsroom.engines.base import Material, Question
from newsroom.engines.local import LocalEngine
from newsroom.engines.local.engine import ANSWERS
from newsroom.engines.local.rules import VERSION, fingerprint
from newsroom.errors import EngineRefused
from newsroom.models.extraccion import CitasYDatos, Elementos, Relaciones
from newsroom.models.preparado import Trozo
from newsroom.models.respuestas import (
    RespuestaCitasYDatos,
    RespuestaElementos,
    RespuestaRelaciones,
    RespuestaTraduccion,
    RespuestaTriaje,
)
from newsroom.stages.asking import INQUIRIES, ask
from newsroom.stages.elements import resolve_elementos
from newsroom.stages.quotes_and_figures import resolve_citas_y_datos
from newsroom.stages.relations import resolve_relaciones
from tests.texts import read_news

CHILE = """SANTIAGO, 14 may 2024.- El Senado de Chile aprobó ayer la reforma de pensiones por 28 votos a \
favor y 12 en contra.
El presidente de la República, Gabriel Boric, celebró el resultado. “Hoy saldamos una deuda con los \
jubilados de Chile”, dijo Boric ante la prensa en el Palacio de La Moneda. El mandatario agregó que \
“falta mucho por hacer”.
La senadora Luz Ebensperger, de la UDI, anunció que su partido acudirá al Tribunal Constitucional \
(TC). Por ello, el TC se reunirá el próximo lunes.
Según el Ministerio de Hacienda, la pensión mínima subirá un 17 % desde enero de 2025 y el costo fiscal \
será de 2.000 millones de dólares al año."""

MEXICO = """El secretario de Seguridad, Omar García Harfuch, informó que 14 personas fueron detenidas el \
martes en Culiacán, Sinaloa. “No hay pacto con nadie”, afirmó el funcionario.
El gobernador Rubén Rocha Moya negó que exista un pacto. La Guardia Nacional decomisó 350 kilos de fentanilo.
El Cártel de Sinaloa asesinó en abril a dos agentes, según la Fiscalía General de la República (FGR). La \
FGR ofrece 10 millones de pesos de recompensa."""

PERU = """Entrevista con la socióloga Ana Rey, directora del Instituto de Estudios Peruanos.
P: ¿Qué opina de la reforma electoral?
R: Es un retroceso para la democracia y para las regiones.
P: ¿Habrá protestas?
R: Sí. En Puno y en Cusco ya se convocó un paro para el 20 de mayo."""


def material(texto: str, **fields: object) -> Material:
    values: dict[str, object] = {
        "titular": "Titular",
        "medio": "El Correo",
        "pais_publicacion": "Perú",
        "fecha_publicacion": datetime(2024, 5, 15, 12, tzinfo=UTC),
        "idioma": "es",
        "texto": texto,
    }
    return Material(**(values | fields))  # type: ignore[arg-type]


async def read(about: Material) -> tuple[RespuestaTriaje, Elementos, CitasYDatos, Relaciones]:
    """Does what the stages do: asks the engine, reads its answer, looks it up in the text."""
    engine = LocalEngine()
    texto = about.texto
    item = SimpleNamespace(
        contenido=texto,
        titular=about.titular,
        medio=about.medio,
        pais_publicacion=about.pais_publicacion,
    )
    piece = Trozo(indice=0, offset_inicio=0, offset_fin=len(texto), texto=texto)
    triaje = RespuestaTriaje.model_validate_json((await engine.complete(question("triaje", about))).text)
    answer, _ = await ask(engine, INQUIRIES["elementos"], about)
    elementos = resolve_elementos(answer, item, piece)  # type: ignore[arg-type]
    about = replace(about, elementos=elementos)
    answer, _ = await ask(engine, INQUIRIES["citas_y_datos"], about)
    citas_y_datos = resolve_citas_y_datos(answer, item, piece, elementos)  # type: ignore[arg-type]
    about = replace(about, citas_y_datos=citas_y_datos, texto="")
    answer, _ = await ask(engine, INQUIRIES["relaciones"], about)
    return triaje, elementos, citas_y_datos, resolve_relaciones(answer, elementos)


SHAPES: dict[str, type[BaseModel]] = {
    "triaje": RespuestaTriaje,
    "traduccion": RespuestaTraduccion,
    "elementos": RespuestaElementos,
    "citas_y_datos": RespuestaCitasYDatos,
    "relaciones": RespuestaRelaciones,
}


def question(stage: str, about: Material) -> Question:
    return Question(stage, "", "", SHAPES[stage], 1, about, lambda text: ())


async def test_names_itself_and_costs_nothing() -> None:
    engine = LocalEngine()
    assert engine.name == "local"
    assert engine.model == f"reglas-{VERSION}-{fingerprint()}"
    assert engine.parameters("triaje") == {}
    completion = await engine.complete(question("elementos", material(CHILE)))
    assert (completion.tokens_in, completion.tokens_out, completion.cost_usd) == (0, 0, Decimal(0))
    assert completion.model == engine.model


async def test_cannot_translate_and_says_so() -> None:
    engine = LocalEngine()
    assert engine.can_translate is False
    with pytest.raises(EngineRefused, match="traduccion"):
        await engine.complete(question("traduccion", material("Hello.")))


async def test_leaves_the_event_loop_free() -> None:
    loop = asyncio.get_running_loop()
    about = material((CHILE + "\n") * 40)
    asking = loop.create_task(LocalEngine().complete(question("elementos", about)))
    turns = 0

    def take_a_turn() -> None:
        nonlocal turns
        turns += 1
        if not asking.done():
            loop.call_soon(take_a_turn)

    loop.call_soon(take_a_turn)
    await asking
    assert turns > 1


async def test_a_vote_in_chile() -> None:
    about = material(CHILE, titular="El Senado aprueba la reforma de pensiones", pais_publicacion="Chile")
    triaje, elementos, found, relaciones = await read(about)
    assert triaje.exclusion is None
    assert triaje.paises[0] == "Chile"
    names = {entidad.nombre: entidad for entidad in elementos.entidades}
    assert names["Gabriel Boric"].descripcion == "presidente de la República"
    assert names["Tribunal Constitucional"].alias == ("TC",)
    assert {"Luz Ebensperger", "UDI", "Ministerio de Hacienda"} <= set(names)
    speaker = {cita.cita: cita.entidad_id for cita in found.citas_textuales}
    boric = names["Gabriel Boric"].id
    assert speaker == {
        "Hoy saldamos una deuda con los jubilados de Chile": boric,
        "falta mucho por hacer": boric,
    }
    values = {(int(dato.valor), dato.unidad) for dato in found.datos_cuantitativos}
    assert values == {(28, "votos"), (12, "votos"), (17, "porcentaje"), (2_000_000_000, "dólares")}
    first = elementos.hechos[0] if "aprobó" in elementos.hechos[0].contenido else elementos.hechos[1]
    assert first.tipo_hecho.value in ("NORMATIVA", "SUCESO")
    assert first.fecha.inicio is not None
    assert first.fecha.inicio.date().isoformat() == "2024-05-14"
    meeting = next(hecho for hecho in elementos.hechos if "se reunirá" in hecho.contenido)
    assert meeting.es_futuro
    assert meeting.fecha.inicio is not None
    assert meeting.fecha.inicio.date().isoformat() == "2024-05-20"
    assert {r.tipo_relacion.value for r in relaciones.hecho_relacionado} == {"consecuencia", "respuesta_a"}
    assert len(relaciones.importancias) == len(elementos.hechos)


async def test_a_police_operation_in_mexico() -> None:
    _, elementos, found, relaciones = await read(material(MEXICO, pais_publicacion="México"))
    names = {entidad.nombre: entidad.id for entidad in elementos.entidades}
    tipos = {entidad.nombre: entidad.tipo.value for entidad in elementos.entidades}
    assert tipos["Culiacán"] == "LUGAR"
    assert tipos["Cártel de Sinaloa"] == "ORGANIZACION"
    assert tipos["Fiscalía General de la República"] == "INSTITUCION"
    assert [cita.entidad_id for cita in found.citas_textuales] == [names["Omar García Harfuch"]]
    values = {(int(dato.valor), dato.unidad) for dato in found.datos_cuantitativos}
    assert {(14, "personas"), (350, "kilogramos"), (10_000_000, "pesos")} <= values
    roles = {(role.entidad_id, role.tipo_relacion.value) for role in relaciones.hecho_entidad}
    assert (names["Cártel de Sinaloa"], "agresor") in roles


async def test_an_interview_in_peru() -> None:
    triaje, elementos, found, _ = await read(material(PERU, titular="Ana Rey: “Es un retroceso”"))
    assert triaje.tipo_articulo.value == "ENTREVISTA"
    names = {entidad.nombre: entidad.id for entidad in elementos.entidades}
    assert [cita.entidad_id for cita in found.citas_textuales] == [names["Ana Rey"]] * 2
    assert {"Puno", "Cusco", "Instituto de Estudios Peruanos"} <= set(names)


_WORDS = st.sampled_from(
    [
        "El",
        "presidente",
        "Juan",
        "Pérez",
        "dijo",
        "que",
        "“no”",
        "hay",
        "ley",
        "3,5",
        "%",
        "de",
        "2024",
        ".",
        ",",
        ";",
        ":",
        "(",
        ")",
        "—",
        "«",
        "»",
        '"',
        "'",
        "¿",
        "?",
        "\n",
        "Lima",
        "Gobierno",
        "del",
        "y",
        "mayo",
        "lunes",
        "12",
        "millones",
        "personas",
        "ayer",
        "anunció",
        "Ministerio",
        "Salud",
        "PP",
        "EE.",
        "UU.",
        "R:",
        "será",
        "fue",
        "detenido",
    ]
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.lists(_WORDS, max_size=80).map(" ".join), st.text(max_size=200)))
@example("🅰 y 🄱 de 🅾")  # upper case, and no letters
def test_whatever_the_text_answers_fit_their_shape_and_stand_in_it(texto: str) -> None:
    texto = clean_text(texto)
    if any("\ud800" <= char <= "\udfff" for char in texto):
        return
    about = material(texto)
    RespuestaTriaje.model_validate_json(ANSWERS["triaje"](about).model_dump_json())
    said = RespuestaElementos.model_validate_json(ANSWERS["elementos"](about).model_dump_json())
    assert all(hecho.pasaje in texto and hecho.contenido for hecho in said.hechos)
    assert all(name in texto for entidad in said.entidades for name in (entidad.nombre, *entidad.alias))
    assert [hecho.id for hecho in said.hechos] == list(range(1, len(said.hechos) + 1))
    assert [entidad.id for entidad in said.entidades] == list(range(1, len(said.entidades) + 1))
    found = RespuestaCitasYDatos.model_validate_json(ANSWERS["citas_y_datos"](about).model_dump_json())
    assert all(cita.cita in texto and cita.cita for cita in found.citas_textuales)
    assert all(dato.pasaje in texto and len(dato.indicador) >= 3 for dato in found.datos_cuantitativos)


HOSTILE = {
    "words": "a ", "quotes": "“", "straight": '"', "opened": "“hola ", "digits": "1", "numbers": "1 ",
    "capitals": "A", "names": "Juan de ", "dots": ".", "percent": "5 % ", "today": "hoy ", "dashes": "—a ",
    "said": "dijo ", "labels": "A: ", "lines": "“a b c d\n", "joined": "Ministerio de y ",
    "speech": "el presidente Juan dijo: “no”. ",
}  # fmt: skip
_GUARD = """
import json, sys
from datetime import UTC, datetime
from newsroom.engines.base import Material
from newsroom.engines.local.engine import ANSWERS
for name, piece in json.loads(sys.argv[1]).items():
    about = Material("t", "m", "Chile", datetime(2024, 5, 15, tzinfo=UTC), "es", (piece * 15_000)[:15_000])
    for stage in ("triaje", "elementos", "citas_y_datos"):
        ANSWERS[stage](about)
    print(name)
"""


def test_no_text_makes_the_rules_hang() -> None:
    # Quadratic rules would need hours for one of these. Linear rules need seconds for all.
    done = subprocess.run(
        [sys.executable, "-c", _GUARD, json.dumps(HOSTILE)],
        check=True,
        timeout=170,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == list(HOSTILE)


@pytest.mark.untraced
async def test_all_news_is_read_and_every_offset_is_verbatim() -> None:
    citas = datos = hechos = count = 0
    for news in read_news():
        about = material(
            clean_text(news["contenido_texto"]),
            titular=news["titular"],
            medio=news["medio"],
            pais_publicacion=news["pais_publicacion"],
            fecha_publicacion=datetime.fromisoformat(news["fecha_publicacion"]),
        )
        triaje, elementos, found, relaciones = await read(about)
        assert triaje.exclusion is None
        assert elementos.entidades
        warnings = (*elementos.advertencias, *found.advertencias, *relaciones.advertencias)
        assert warnings == ()
        for cita in found.citas_textuales:
            assert about.texto[cita.offset_inicio : cita.offset_fin] == cita.cita
        for entidad in elementos.entidades:
            names = {name.rstrip(".") for name in (entidad.nombre, *entidad.alias)}
            assert about.texto[entidad.offset_inicio : entidad.offset_fin] in names
        for one in (*elementos.hechos, *found.datos_cuantitativos):
            assert 0 <= one.offset_inicio < one.offset_fin <= len(about.texto)
        citas += len(found.citas_textuales)
        datos += len(found.datos_cuantitativos)
        hechos += len(elementos.hechos)
        count += 1
    assert count == 34
    assert citas > 75
    assert datos > 200
    assert hechos > 250
