"""Pairs for an editor: the likely ones come first, and certainly different ones are left out."""

from typing import Any

from newsroom.linking.review import judge_pairs


def pair(
    ident: int, nombre: str, otro: str, score: float, tipo: str = "PERSONA", **more: Any
) -> dict[str, Any]:
    return {
        "tipo": tipo, "score": score, "id": ident, "nombre": nombre, "alias": [], "otra_id": 1,
        "otro_nombre": otro, "otro_alias": [], "items_en_comun": 0, **more,
    }  # fmt: skip


def test_what_linking_would_join_comes_first_then_the_most_alike() -> None:
    judged = judge_pairs(
        [
            pair(2, "Antonio Garamendi", "Antonio Garmendia", 0.8),
            pair(3, "Dina Boluarte", "Dina Ercilia Boluarte Zegarra", 0.5),
            pair(4, "Carlos Meléndez", "Carlos Menéndez", 0.9),
        ],
        0.85,
    )
    assert [(row["id"], row["parecen_una"]) for row in judged][:1] == [(3, True)]
    assert judged[0]["motivo"] == "sin el segundo nombre, sin el segundo apellido"
    assert [row["score"] for row in judged[1:]] == [0.9, 0.8]


def test_what_is_apart_for_sure_is_not_shown() -> None:
    apart = [
        pair(2, "Ley 27.551", "Ley 27.552", 0.9, "NORMATIVA"),
        pair(3, "Ministerio de Salud de Chile", "Ministerio de Salud de Perú", 0.8, "INSTITUCION"),
        pair(4, "Juan Pérez García", "Juan Pérez López", 0.7),
        pair(5, "Juan Pérez", "Juan Pérez López", 0.7, alias=["Juan Pérez García"]),
    ]
    assert judge_pairs(apart, 0.85) == []


def test_an_article_that_names_both_is_told() -> None:
    (row,) = judge_pairs([pair(2, "Ana Ruiz", "Ana Ruiz Gil", 0.7, items_en_comun=2)], 0.85)
    assert row["motivo"] == "sin el segundo apellido; nombradas juntas en 2"
