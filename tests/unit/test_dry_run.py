"""The whole path of an item without Prefect: the examples with the rules, and scripted answers."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from newsroom.dry_run import extract
from newsroom.engines.base import Question
from newsroom.engines.local import LocalEngine
from newsroom.engines.scripted import Said, ScriptedEngine
from newsroom.errors import EngineUnavailable
from newsroom.models.articulo import Articulo
from tests.factories import TEXTO, make_articulo
from tests.unit.material import relaciones, said_cita, said_dato, said_entidad, said_hecho, said_triaje

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
DISCARDED = {"04-deportes-clasico-argentina", "09-espectaculos-boda-puerto-rico"}


def test_there_are_examples_of_every_kind() -> None:
    assert len(EXAMPLES) >= 9
    assert {path.stem for path in EXAMPLES} > DISCARDED


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
async def test_an_example_is_read_by_the_rules_and_every_word_stands_in_it(path: Path) -> None:
    articulo = Articulo.model_validate_json(path.read_bytes())
    found = await extract(LocalEngine(), articulo, 12_000)
    discarded = found["triaje"]["decision"] == "DESCARTAR"
    assert discarded == (path.stem in DISCARDED)
    lists = ("hechos", "entidades", "citas_textuales", "datos_cuantitativos")
    assert [bool(found[name]) for name in lists] == [not discarded] * 4
    texto = articulo.contenido_texto
    for cita in found["citas_textuales"]:
        assert texto[cita["offset_inicio"] : cita["offset_fin"]] == cita["cita"]
    for one in (one for name in lists for one in found[name]):
        assert 0 <= one["offset_inicio"] < one["offset_fin"] <= len(texto)
    for name in lists:
        assert [one["id"] for one in found[name]] == list(range(1, len(found[name]) + 1))
    assert json.loads(json.dumps(found)) == found


async def test_the_two_counts_of_the_dead_contradict_each_other() -> None:
    (path,) = [path for path in EXAMPLES if path.stem == "06-cifras-contradictorias-peru"]
    found = await extract(LocalEngine(), Articulo.model_validate_json(path.read_bytes()), 12_000)
    pairs = [(c["hecho_principal_id"], c["hecho_contradictorio_id"]) for c in found["contradicciones"]]
    said = {hecho["id"]: hecho["contenido"] for hecho in found["hechos"]}
    assert any("9 personas" in said[one] and "17 personas" in said[other] for one, other in pairs)


def two_pieces() -> Articulo:
    return make_articulo(contenido_texto=f"{TEXTO}\n{'Relleno del texto. ' * 40}\n{TEXTO}")


def by_piece(question: Question) -> Said:
    """Returns the elements of a piece. Every piece has the same ones, with the same ids."""
    texto = question.material.texto
    if "Senado" not in texto:
        return json.dumps({"hechos": [], "entidades": []})
    return json.dumps(
        {"hechos": [said_hecho(1)], "entidades": [said_entidad(1), said_entidad(2, "Nadie Real")]}
    )


def quotes_by_piece(question: Question) -> Said:
    if "No sobra" not in question.material.texto:
        return json.dumps({"citas_textuales": [], "datos_cuantitativos": []})
    return json.dumps({"citas_textuales": [said_cita()], "datos_cuantitativos": [said_dato()]})


async def test_a_long_text_is_read_in_pieces_and_merged_with_offsets_into_the_whole() -> None:
    articulo = two_pieces()
    engine = ScriptedEngine(
        {
            "triaje": json.dumps(said_triaje()),
            "elementos": by_piece,
            "citas_y_datos": quotes_by_piece,
            "relaciones": json.dumps(
                relaciones(importancias=[{"hecho_id": 1, "importancia": 9, "motivos": None}])
            ),
        }
    )
    found = await extract(engine, articulo, 500)
    assert len(engine.asked("elementos")) >= 3
    assert (len(engine.asked("triaje")), len(engine.asked("relaciones"))) == (1, 1)
    # A hecho or an entidad of both pieces becomes one. A quotation in two places stays two.
    assert ([h["id"] for h in found["hechos"]], [e["id"] for e in found["entidades"]]) == ([1], [1])
    texto = articulo.contenido_texto
    starts = [texto.index("No sobra"), texto.rindex("No sobra")]
    assert [(c["id"], c["offset_inicio"]) for c in found["citas_textuales"]] == [
        (1, starts[0]),
        (2, starts[1]),
    ]
    assert [(d["id"], texto[d["offset_inicio"] : d["offset_fin"]]) for d in found["datos_cuantitativos"]] == [
        (1, "29"),
        (2, "29"),
    ]
    assert found["advertencias"].count("entidad que no está en el texto: «Nadie Real»") == 2
    assert found["hechos"][0]["importancia"] == 9
    assert found["tokens"]["peticiones"] == len(engine.questions)


async def test_pieces_are_asked_about_at_the_same_time() -> None:
    waiting = asyncio.Barrier(2)

    async def meet(question: Question) -> None:
        if question.stage == "elementos" and "Senado" in question.material.texto:
            async with asyncio.timeout(20):
                await waiting.wait()

    engine = ScriptedEngine(
        {
            "triaje": json.dumps(said_triaje()),
            "elementos": by_piece,
            "citas_y_datos": quotes_by_piece,
            "relaciones": json.dumps(relaciones()),
        },
        before=meet,
    )
    found = await extract(engine, two_pieces(), 500)
    assert len(found["citas_textuales"]) == 2


async def test_a_discarded_article_costs_one_question() -> None:
    engine = ScriptedEngine({"triaje": json.dumps(said_triaje(5, exclusion="deportes"))})
    found = await extract(engine, make_articulo(), 12_000)
    assert [question.stage for question in engine.questions] == ["triaje"]
    assert (found["triaje"]["decision"], found["hechos"]) == ("DESCARTAR", [])


ENGLISH = (
    "The Senate on Wednesday postponed a vote on the pension overhaul until July, said Ana Rey. "
    '"We would rather be late than be wrong," she told reporters outside the palace.'
)


@pytest.mark.parametrize(
    ("can_translate", "translated"), [(True, "El Senado aplazó la votación."), (False, None)]
)
async def test_a_foreign_text_is_translated_where_the_engine_can_and_read_in_its_own_words(
    can_translate: bool, translated: str | None
) -> None:
    script: dict[str, Any] = {
        "triaje": json.dumps(said_triaje()),
        "elementos": json.dumps({"hechos": [], "entidades": [said_entidad(1, "Ana Rey")]}),
        "citas_y_datos": json.dumps(
            {
                "citas_textuales": [said_cita(cita="We would rather be late than be wrong", hecho_id=None)],
                "datos_cuantitativos": [],
            }
        ),
        "traduccion": json.dumps({"texto": "El Senado aplazó la votación."}),
    }
    engine = ScriptedEngine(script, can_translate=can_translate)
    found = await extract(engine, make_articulo(contenido_texto=ENGLISH), 12_000)
    assert (found["idioma"], found["texto_traducido"]) == ("en", translated)
    (cita,) = found["citas_textuales"]
    assert ENGLISH[cita["offset_inicio"] : cita["offset_fin"]] == cita["cita"]
    assert len(engine.asked("traduccion")) == int(can_translate)
    warned = "traducción: el motor «scripted» no traduce; se guarda en «en»" in found["advertencias"]
    assert warned is not can_translate


async def test_the_engines_errors_come_as_they_are() -> None:
    engine = ScriptedEngine({"triaje": json.dumps(said_triaje()), "elementos": EngineUnavailable("503")})
    with pytest.raises(EngineUnavailable, match="503"):
        await extract(engine, make_articulo(), 12_000)
