"""Which row an entidad is, with aliases, rivals and the other entidades of its article."""

import pytest

from newsroom.linking.choosing import Candidato, Candidatos, choose_links
from newsroom.linking.comparing import compare_entidades
from newsroom.linking.verdict import Kind
from newsroom.models.extraccion import Entidad
from newsroom.models.vocabulario import TipoEntidad

PERSONA, INSTITUCION, ORGANIZACION, LUGAR = (
    TipoEntidad.PERSONA,
    TipoEntidad.INSTITUCION,
    TipoEntidad.ORGANIZACION,
    TipoEntidad.LUGAR,
)


def entidad(ident: int, nombre: str, tipo: TipoEntidad = PERSONA, alias: tuple[str, ...] = ()) -> Entidad:
    return Entidad(id=ident, nombre=nombre, tipo=tipo, alias=alias, offset_inicio=0, offset_fin=1)


def row(ident: int, nombre: str, *alias: str, exact: bool = False) -> Candidato:
    return Candidato(ident, nombre, alias, exact)


def link(wanted: Entidad, *rows: Candidato, complete: bool = True) -> int | None:
    return choose_links([wanted], {wanted.id: Candidatos(rows, complete)}, 0.85).get(wanted.id)


@pytest.mark.parametrize(
    ("wanted", "rows", "expected"),
    [
        (entidad(1, "Juan Pérez"), [row(7, "Juan Pérez García")], 7),
        # Two rows fit.
        (entidad(1, "Juan Pérez"), [row(7, "Juan Pérez García"), row(8, "Juan Pérez López")], None),
        # A row with exactly the name is chosen, whatever other rows there are.
        (entidad(1, "Juan Pérez"), [row(7, "Juan Pérez García"), row(8, "JUAN PEREZ", exact=True)], 8),
        # The other names of the row show that it is somebody else.
        (entidad(1, "Juan Pérez López"), [row(7, "Juan Pérez", "Juan Pérez García")], None),
        # The other names in the article show it too.
        (entidad(1, "Juan Pérez", alias=("Juan Pérez López",)), [row(7, "Juan Pérez García")], None),
        (entidad(1, "AMLO"), [row(7, "Andrés Manuel López Obrador", "AMLO")], 7),
        (entidad(1, "Andrés Manuel López Obrador", alias=("AMLO",)), [row(7, "AMLO")], 7),
        (entidad(1, "Lula da Silva"), [row(7, "Luiz Inácio Lula da Silva", "Lula da Silva")], 7),
        # A casual way to call somebody proves nothing.
        (entidad(1, "Obrador"), [row(7, "Andrés Manuel López Obrador", "Obrador")], None),
        (entidad(1, "el presidente"), [row(7, "Gabriel Boric", "el presidente")], None),
        (entidad(1, "el presidente chileno"), [row(7, "Gabriel Boric", "el presidente chileno")], None),
        (entidad(1, "Juan Pablo"), [row(7, "Juan Pablo Castañón", "Juan Pablo")], None),
        # Two people may have the same alias.
        (
            entidad(1, "Andrés Manuel López Obrador", alias=("López Obrador",)),
            [row(7, "Pío López Obrador", "López Obrador")],
            None,
        ),
        (entidad(1, "Codelco", ORGANIZACION), [row(7, "Corporación del Cobre", "Codelco")], 7),
        (entidad(1, "Banco Central", INSTITUCION), [row(7, "Banco Central de Chile", "Banco Central")], None),
        (entidad(1, "Hacienda", INSTITUCION), [row(7, "Ministerio de Hacienda", "Hacienda")], None),
        (entidad(1, "Chile", INSTITUCION), [row(7, "Gobierno de Chile", "Chile")], None),
        (entidad(1, "Santiago", LUGAR), [row(7, "Santiago de Chile", "Santiago")], None),
        (entidad(1, "INE", INSTITUCION), [row(7, "Instituto Nacional Electoral", "INE")], None),
        (entidad(1, "INE", INSTITUCION, ("Instituto Nacional Electoral",)),
         [row(7, "Instituto Nacional Electoral", "INE"), row(8, "Instituto de Estadística", "INE")], 7),
        (entidad(1, "Instituto Nacional de Estadística", INSTITUCION, ("INE",)),
         [row(7, "Instituto Nacional Electoral", "INE")], None),
    ],
)  # fmt: skip
def test_the_row_is_the_one_that_no_other_could_be(
    wanted: Entidad, rows: list[Candidato], expected: int | None
) -> None:
    assert link(wanted, *rows) == expected


def test_more_rows_than_were_looked_at_leave_only_the_one_of_that_name() -> None:
    assert link(entidad(1, "Juan Pérez"), row(7, "Juan Pérez García"), complete=False) is None
    assert link(entidad(1, "Juan Pérez"), row(7, "Juan Pérez", exact=True), complete=False) == 7


def test_two_entidades_of_one_article_never_share_a_row() -> None:
    found = Candidatos((row(7, "Juan Pérez"),))
    both = [entidad(1, "Juan Pérez García"), entidad(2, "Juan Pérez López"), entidad(3, "Ana Ruiz")]
    others = {3: Candidatos((row(9, "Ana Ruiz Gil"),))}
    assert choose_links(both, {1: found, 2: found, **others}, 0.85) == {3: 9}

    exact = Candidatos((row(7, "Juan Pérez", exact=True),))
    mixed = [entidad(1, "Juan Pérez García"), entidad(2, "Juan Pérez")]
    assert choose_links(mixed, {1: found, 2: exact}, 0.85) == {2: 7}


def test_an_entidad_without_candidates_is_new() -> None:
    assert choose_links([entidad(1, "Ana Ruiz")], {}, 0.85) == {}


@pytest.mark.parametrize("nombre", ["", " ", "...", "—", "«»", "de la", "Dr.", "el", "()", '""', "y", "1"])
@pytest.mark.parametrize("tipo", list(TipoEntidad))
def test_names_of_nothing_prove_nothing(tipo: TipoEntidad, nombre: str) -> None:
    for other in ("Juan Pérez", "Ministerio de Salud", "ONU", "...", ""):
        if other != nombre:
            assert compare_entidades(tipo, (nombre, ()), (other, ())).kind is not Kind.SAME


@pytest.mark.parametrize("tipo", list(TipoEntidad))
@pytest.mark.parametrize(
    "nombre", ["(" * 5_000, "a b " * 5_000, '"' * 5_000, "x" * 20_000, "J." * 5_000, "12.345." * 3_000]
)
def test_hostile_names_are_compared_all_the_same(tipo: TipoEntidad, nombre: str) -> None:
    compare_entidades(tipo, (nombre, (nombre,) * 50), ("Juan Pérez", (nombre + "x",) * 50))
