"""A sentence that a model worded itself may not hold a name or a figure that the text does not have."""

import pytest

from newsroom.grounding import SourceText
from newsroom.stages.support import find_unsupported

SOURCE = SourceText("El Senado aprobó ayer la ley por 29 votos contra catorce, dijo Marcela Undurraga.")


@pytest.mark.parametrize(
    ("statement", "unsupported"),
    [
        ("El Senado aprobó la ley", None),
        ("el senado APROBÓ la ley de Undúrraga", None),
        ("Quintana aprobó la ley", None),
        ("La ley de Quintana fue aprobada", "Quintana"),
        ("La ley fue aprobada en Chile", None),
        ("La ley fue aprobada en Perú", "Perú"),
        ("La ley fue aprobada con 29 votos", None),
        ("La ley fue aprobada contra 14 votos", None),
        ("La ley fue aprobada con 31 votos", "31"),
        ("La ley fue aprobada con treinta y un votos", "treinta y un"),
        ("La ley fue aprobada el 14 de mayo de 2024", None),
        ("La UE aprobó algo", None),
        ("", None),
    ],
)
def test_the_first_name_or_figure_without_support_is_named(statement: str, unsupported: str | None) -> None:
    assert find_unsupported(statement, SOURCE, "Titular El Faro Chile") == unsupported


def test_the_context_supports_too() -> None:
    assert find_unsupported("Hubo 31 votos en Perú", SOURCE, "Perú: 31 a favor") is None
