"""A long text read in pieces: ids, names, repeats and offsets after merging, and the size of a question."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.engines.base import Completion, Question
from newsroom.engines.groq.wire import build_request, estimate_tokens
from newsroom.engines.local import LocalEngine
from newsroom.engines.scripted import ScriptedEngine
from newsroom.grounding import SourceText
from newsroom.models.articulo import fold_word
from newsroom.models.extraccion import CitasYDatos, Elementos
from newsroom.models.respuestas import RespuestaRelaciones
from newsroom.models.vocabulario import TipoEntidad
from newsroom.stages.elements import extract_elementos, merge_elementos, select_for_piece
from newsroom.stages.prepare import prepare
from newsroom.stages.relations import WINDOW, cut_windows, relate
from tests.unit.material import completion, entidad, hecho, item

MODEL = "openai/gpt-oss-120b"
NAMES = st.sampled_from(["Ana Rey", "ANA  REY", "ana réy", "Eva Sol", "Banco Central", "banco central"])
KINDS = st.sampled_from([TipoEntidad.PERSONA, TipoEntidad.INSTITUCION])
WORDS = st.sampled_from(["Llovió.", "LLOVIÓ.", "Nevó.", "Hubo sol.", "Hubo  sol.", "Nada."])


def key(name: str, tipo: TipoEntidad) -> tuple[TipoEntidad, str]:
    return tipo, " ".join(fold_word(name).split())


@st.composite
def parts(draw: st.DrawFn) -> list[Elementos]:
    """Pieces of one text in order. Each has its own ids from 1, and offsets into the whole text."""
    made = []
    for piece in range(draw(st.integers(2, 6))):
        base = piece * 1_000
        words = draw(st.lists(WORDS, max_size=5))
        names = draw(st.lists(st.tuples(NAMES, KINDS), max_size=5))
        made.append(
            Elementos(
                hechos=tuple(
                    hecho(n, said, offset_inicio=base + n, offset_fin=base + n + 3)
                    for n, said in enumerate(words, start=1)
                ),
                entidades=tuple(
                    entidad(
                        n,
                        name,
                        tipo=tipo,
                        alias=(f"alias {piece}.{n}",),
                        offset_inicio=base + n,
                        offset_fin=base + n + 3,
                    )
                    for n, (name, tipo) in enumerate(names, start=1)
                ),
            )
        )
    return made


@given(parts())
@settings(max_examples=100, deadline=None)
def test_merging_numbers_anew_folds_names_and_repeats_and_loses_nothing(pieces: list[Elementos]) -> None:
    merged = merge_elementos(pieces)
    assert [h.id for h in merged.hechos] == list(range(1, len(merged.hechos) + 1))
    assert [e.id for e in merged.entidades] == list(range(1, len(merged.entidades) + 1))
    assert Counter(fold_word(h.contenido) for h in merged.hechos) == Counter(
        {fold_word(h.contenido) for piece in pieces for h in piece.hechos}
    )
    said = [e for piece in pieces for e in piece.entidades]
    assert Counter(key(e.nombre, e.tipo) for e in merged.entidades) == Counter(
        {key(e.nombre, e.tipo) for e in said}
    )
    for one in merged.entidades:
        same = [e for e in said if key(e.nombre, e.tipo) == key(one.nombre, one.tipo)]
        assert set(one.alias) == {alias for e in same for alias in e.alias}
        assert one.offset_inicio == min(e.offset_inicio for e in same)


def chronicle(paragraphs: int) -> str:
    """A text with the same people and sentences in each part."""
    return "\n\n".join(
        f"La alcaldesa Marta Ibáñez anunció el {1 + n % 28} de marzo de 2024 que el Ayuntamiento de "
        f"Villaserena gastará {n + 2} millones de euros. El concejal Julián Ortega rechazó el plan "
        f"número {n}.\n\n"
        "El Ayuntamiento de Villaserena aprobó la ordenanza del agua."
        for n in range(paragraphs)
    )


async def test_offsets_of_a_text_in_many_pieces_point_into_the_whole() -> None:
    read = item(chronicle(60))
    trozos = prepare(read, 2_000).trozos
    assert len(trozos) > 5
    pieces = await asyncio.gather(*[extract_elementos(LocalEngine(), read, trozo, "es") for trozo in trozos])
    merged = merge_elementos(list(pieces))
    names = Counter((e.tipo, fold_word(e.nombre)) for e in merged.entidades)
    assert names[TipoEntidad.PERSONA, fold_word("Marta Ibáñez")] == 1
    assert max(names.values()) == 1
    wordings = Counter(fold_word(h.contenido) for h in merged.hechos)
    assert max(wordings.values()) == 1
    assert sum("ordenanza del agua" in wording for wording in wordings) == 1
    for one in merged.entidades:
        passage = read.contenido[one.offset_inicio : one.offset_fin]
        assert any(SourceText(passage).find_name(name) for name in (one.nombre, *one.alias)), passage
    for trozo in trozos:
        for shown in select_for_piece(merged, read, trozo).hechos:
            assert trozo.offset_inicio <= shown.offset_inicio < shown.offset_fin <= trozo.offset_fin


def nothing_related(_question: Question) -> Completion:
    none: dict[str, list[Any]] = {name: [] for name in RespuestaRelaciones.model_fields}
    return completion(none)


@pytest.mark.parametrize("count", [50, 500, 3_000])
async def test_a_question_about_relations_has_a_bound_whatever_the_length_of_the_text(count: int) -> None:
    hechos = tuple(
        hecho(n, f"La persona {n} dijo en la sesión número {n} que el plan costará {n} euros. " * 3)
        for n in range(1, count + 1)
    )
    found = Elementos(hechos=hechos, entidades=tuple(entidad(n, f"persona {n}") for n in range(1, count + 1)))
    engine = ScriptedEngine({"relaciones": nothing_related}, model=MODEL)
    windows = cut_windows(found)
    await asyncio.gather(*[relate(engine, item(), "es", window, CitasYDatos()) for window in windows])
    assert [h.id for window in windows for h in window.hechos] == list(range(1, count + 1))
    assert all(len(window.hechos) <= WINDOW for window in windows)
    requests = [build_request(MODEL, question, None) for question in engine.asked("relaciones")]
    assert len(requests) == len(windows)
    assert max(estimate_tokens(request) for request in requests) < 25_000
