"""Names of Spanish news: their places, kinds and aliases, and the offices that the text gives people."""

from datetime import date

import pytest

from newsroom.engines.local.geography import choose_place, country_code, locate
from newsroom.engines.local.page import Page
from newsroom.models.vocabulario import TipoEntidad


def page(text: str, pais: str = "España") -> Page:
    return Page(text, date(2024, 5, 15), pais)


def kinds(text: str) -> dict[str, str]:
    return {entity.name: entity.tipo.value for entity in page(text).entities}


P, O, I, L = "PERSONA", "ORGANIZACION", "INSTITUCION", "LUGAR"  # noqa: E741
E, N, C = "EVENTO", "NORMATIVA", "CONCEPTO"

TABLE = [
    ("El presidente de Chile, Gabriel Boric, viajó a Lima.", {"Chile": L, "Gabriel Boric": P, "Lima": L}),
    (
        "La ministra de Salud, Carolina Darias, habló en Las Palmas de Gran Canaria.",
        {"Carolina Darias": P, "Las Palmas de Gran Canaria": L},
    ),
    (
        "El Ministerio de Hacienda y Crédito Público negó el recorte.",
        {"Ministerio de Hacienda y Crédito Público": I},
    ),
    (
        "La Corte Suprema de Justicia de la Nación anuló el Decreto 70/2023.",
        {"Corte Suprema de Justicia de la Nación": I, "Decreto 70/2023": N},
    ),
    ("Según la CEPAL, la pobreza bajó en Honduras.", {"CEPAL": I, "Honduras": L}),
    (
        "Juan Pérez y María López fundaron la empresa Andina.",
        {"Juan Pérez": P, "María López": P, "Andina": O},
    ),
    ("El diputado del PRI Rubén Moreira votó en contra.", {"PRI": O, "Rubén Moreira": P}),
    ("Ardieron bosques junto al río Paraná.", {"río Paraná": L}),
    ("La Alianza por los Derechos Humanos protestó.", {"Alianza por los Derechos Humanos": O}),
    ("Lo investiga el Buró Federal de Investigaciones (FBI).", {"Buró Federal de Investigaciones": I}),
    ("El Juzgado Tercero de Distrito de Puebla falló.", {"Juzgado Tercero de Distrito de Puebla": I}),
    ("La Coordinadora Campesina por la Vida marchó.", {"Coordinadora Campesina por la Vida": O}),
    ("La Unión de Trabajadores de la Luz paró.", {"Unión de Trabajadores de la Luz": O}),
    ("Perderá US$ 40 millones, Q148 millones y 12 francos CFA.", {}),
    ("Lo relató desde San José Martha Picado.", {"San José": L, "Martha Picado": P}),
    ("Beatriz Olivera habló. Olivera, que dirige el banco, calló.", {"Beatriz Olivera": P}),
    ("Los Montes de María están en paz.", {"Montes de María": L}),
    ("El jefe de la Región Policial número 6 habló.", {"Región Policial": I}),
    (
        "La Ley de Amnistía llegó al Congreso de los Diputados.",
        {"Ley de Amnistía": N, "Congreso de los Diputados": I},
    ),
    ("El huracán Otis golpeó Acapulco.", {"Otis": E, "Acapulco": L}),
    ("En Bogotá, la alcaldesa Claudia López firmó el acuerdo.", {"Bogotá": L, "Claudia López": P}),
    ("La Universidad de Buenos Aires publicó el estudio.", {"Universidad de Buenos Aires": I}),
    ("Detuvieron a Ovidio Guzmán, del Cártel de Sinaloa.", {"Ovidio Guzmán": P, "Cártel de Sinaloa": O}),
    ("El Salvador y los Estados Unidos negocian.", {"El Salvador": L, "Estados Unidos": L}),
    ("El ministerio de Economía confirmó la cifra.", {"ministerio de Economía": I}),
    ("Human Rights Watch denunció torturas en Nicaragua.", {"Human Rights Watch": O, "Nicaragua": L}),
    ("El partido Morena ganó en Oaxaca.", {"Morena": O, "Oaxaca": L}),
    ("Volvió alias Iván Mordisco al Cauca.", {"Iván Mordisco": P, "Cauca": L}),
    ("El Real Madrid venció al Barcelona.", {"Real Madrid": O, "Barcelona": O}),
    (
        "La Fiscalía Especializada en Delitos Electorales investiga.",
        {"Fiscalía Especializada en Delitos Electorales": I},
    ),
    ("Murió Pedro Sánchez Pérez-Castejón en Madrid.", {"Pedro Sánchez Pérez-Castejón": P, "Madrid": L}),
    ("Lo confirmó el general José Luis O'Higgins Ríos.", {"José Luis O'Higgins Ríos": P}),
    ("La Guerra Civil dejó huella.", {"Guerra Civil": E}),
    (
        "El Plan Nacional de Desarrollo incluye el Tren Maya.",
        {"Plan Nacional de Desarrollo": C, "Tren Maya": C},
    ),
    ("Murieron dos guardias en el penal de Litoral.", {"Litoral": L}),
    ("El diputado de Junts Eduard Pujol se equivocó.", {"Junts": O, "Eduard Pujol": P}),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_names_and_kinds(text: str, expected: dict[str, str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ayer llovió mucho. Mañana hará sol. Nadie lo esperaba.",
        "Según fuentes oficiales, hubo acuerdo. Además, no habrá recortes.",
        "Negarlos sería peor. Últimamente nadie habla.",
        "GRAN OFERTA DE LA SEMANA EN TIENDAS",
        "La ministra de Economía no respondió.",
    ],
)
def test_a_capital_alone_is_no_name(text: str) -> None:
    assert kinds(text) == {}


def test_later_forms_become_aliases_of_the_fullest() -> None:
    found = page(
        "La Secretaría de la Defensa Nacional (Sedena) informó. Andrés Manuel López Obrador "
        "habló. López Obrador "
        "dijo que la Sedena cumplió. AMLO agradeció a la Secretaría."
    ).entities
    by_name = {entity.name: entity for entity in found}
    assert by_name["Secretaría de la Defensa Nacional"].aliases == ["Sedena", "Secretaría"]
    assert set(by_name["Andrés Manuel López Obrador"].aliases) == {"López Obrador", "AMLO"}
    assert len(found) == 2


def test_two_people_with_one_surname_stay_apart() -> None:
    found = page("Xavier Hernández y Laura Hernández discreparon. Laura Hernández se fue.").entities
    assert {entity.name for entity in found} == {"Xavier Hernández", "Laura Hernández"}


def test_a_town_that_is_a_surname_is_the_person_named_before() -> None:
    found = page("El congresista Juan Burgos protestó. Burgos pidió la palabra.", "Perú").entities
    assert [(entity.name, entity.aliases) for entity in found] == [("Juan Burgos", ["Burgos"])]


@pytest.mark.parametrize(
    ("text", "person", "descripcion"),
    [
        ("El presidente de Argentina, Javier Milei, viajó.", "Javier Milei", "presidente de Argentina"),
        ("Ana Rey, ministra de Salud, renunció.", "Ana Rey", "ministra de Salud"),
        ("Renunció el alcalde Luis Soto.", "Luis Soto", "alcalde"),
        ("Carlos Aceves, dirigente de la CTM, asistió.", "Carlos Aceves", "dirigente de la CTM"),
        ("La diputada Ana Rey, el senador Juan Paz y otros votaron.", "Ana Rey", "diputada"),
    ],
)
def test_what_the_text_says_a_person_is(text: str, person: str, descripcion: str) -> None:
    assert page(text).descriptions[person] == descripcion


def test_a_city_of_two_countries_is_the_one_of_the_outlet_or_of_the_region_behind_it() -> None:
    def country(text: str, pais: str) -> str:
        read = page(text, pais)
        place = choose_place(read, read.mentions[0])
        assert place is not None
        return place.pais

    assert country("En Córdoba llovió.", "Argentina") == "AR"
    assert country("En Córdoba llovió.", "España") == "ES"
    assert country("En Buenos Aires, Cauca, hubo un ataque.", "Colombia") == "CO"
    assert country_code("México") == "MX"
    assert country_code("Estados Unidos") == country_code("EE. UU.") == "US"


def test_places_of_a_sentence() -> None:
    read = page("Los peruanos votaron en Arequipa y en Piura.", "Perú")
    where = locate(read, read.sentences[0])
    assert where.pais == ("Perú",)
    assert set(where.region) | set(where.ciudad) == {"Arequipa", "Piura"}


def test_every_name_is_verbatim_in_the_text() -> None:
    text = TABLE[2][0] + "\n" + " ".join(row[0] for row in TABLE)
    read = page(text)
    for entity in read.entities:
        assert all(form in text for form in entity.forms())
        assert isinstance(entity.tipo, TipoEntidad)
