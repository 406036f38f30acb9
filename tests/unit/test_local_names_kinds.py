"""Names of the kinds that real texts have: particles, nicknames, norms, a person behind a body, furniture."""

import pytest

from newsroom.cleaning import clean_text
from newsroom.engines.local.page import Page
from newsroom.furniture import readable

NAMES = [
    ("Nuria del Carmen Pozo declaró ayer ante la jueza.", {"Nuria del Carmen Pozo": "PER"}, [], []),
    (
        "La pediatra Delmira de los Ángeles Tuñón presentó el plan.",
        {"Delmira de los Ángeles Tuñón": "PER"},
        [],
        [],
    ),
    ("Habló Ixchel de la Cruz Pat, vocera de la comunidad.", {"Ixchel de la Cruz Pat": "PER"}, [], []),
    ("El maestro Joel de Jesús Arrieta pidió justicia.", {"Joel de Jesús Arrieta": "PER"}, [], []),
    ("La Ley N° 27444 regula el procedimiento, dijo el ministro.", {"Ley N° 27444": "NOR"}, [], []),
    (
        "Citó el Decreto Supremo N.º 014-2021-MINAM en su carta.",
        {"Decreto Supremo N.º 014-2021-MINAM": "NOR"},
        [],
        [],
    ),
    ("Aprobó el Real Decreto-ley 5/2023 ayer.", {"Real Decreto-ley 5/2023": "NOR"}, [], []),
    ("La Ley Orgánica 3/2018 protege los datos.", {"Ley Orgánica 3/2018": "NOR"}, [], []),
    ("La Resolución núm. 12-2024 fue anulada.", {"Resolución núm. 12-2024": "NOR"}, [], []),
    (
        "La viceministra de Comercio Exterior Lidia Ramos viajó a Lima.",
        {"Lidia Ramos": "PER"},
        [],
        ["Comercio Exterior Lidia Ramos"],
    ),
    (
        "El director del Ministerio de Salud Omar Paz renunció.",
        {"Ministerio de Salud": "INS", "Omar Paz": "PER"},
        [],
        [],
    ),
    (
        "La presidenta del Consejo Nacional Electoral Diana Atamaint habló.",
        {"Consejo Nacional Electoral": "INS", "Diana Atamaint": "PER"},
        [],
        [],
    ),
    (
        "El juez del Tribunal Supremo Pablo Llarena archivó la causa.",
        {"Tribunal Supremo": "INS", "Pablo Llarena": "PER"},
        [],
        [],
    ),
    (
        "El magistrado de la Corte Suprema Wilber Ponce votó en contra.",
        {"Corte Suprema": "INS", "Wilber Ponce": "PER"},
        [],
        [],
    ),
    ("La concejala Dana Ruiz protestó. Dana Ruiz volvió al pleno.", {"Dana Ruiz": "PER"}, [], []),
    ("La alcaldesa Abril Zamora firmó. Zamora dijo que no.", {"Abril Zamora": "PER"}, [], []),
    ("La exdiputada Rosa Díez criticó el pacto. Díez pidió elecciones.", {"Rosa Díez": "PER"}, [], []),
    ("El fiscal Andrés Mendoza apeló. Mendoza presentó pruebas.", {"Andrés Mendoza": "PER"}, ["Mendoza"], []),
    ("La activista América Ruiz fue detenida.", {"América Ruiz": "PER"}, [], []),
    ("El senador Israel Peña viajó. Peña votó.", {"Israel Peña": "PER"}, [], []),
    ("Chile exportó más cobre.", {"Chile": "LUG"}, [], []),
    ("El obispo Domingo Santos ofició la misa.", {"Domingo Santos": "PER"}, [], []),
    (
        "Se cita a Salas, Carolina Beatriz (DNI 20.111.222) por el expediente.",
        {"Salas, Carolina Beatriz": "PER"},
        [],
        [],
    ),
    (
        "Detuvieron a Pedro Lima, alias “El Topo”, en Quito. El Topo huía.",
        {"Pedro Lima": "PER"},
        ["El Topo"],
        [],
    ),
    ("Rubén Rocha, alias 'Popeye', confesó el crimen.", {"Rubén Rocha": "PER"}, ["Popeye"], []),
    ('La boxeadora Nélida "La Tigra" Ríos será candidata.', {'Nélida "La Tigra" Ríos': "PER"}, [], []),
    ("El presidente Luiz da Costa ganó. Da Costa agradeció.", {"Luiz da Costa": "PER"}, ["Da Costa"], []),
    (
        "Lo publicó el Boletín Oficial del Estado BOE este lunes.",
        {"Boletín Oficial del Estado": ""},
        ["BOE"],
        [],
    ),
    (
        "La Corte Interamericana de Derechos Humanos (CorteIDH) falló. La CorteIDH citó al Estado.",
        {"Corte Interamericana de Derechos Humanos": ""},
        ["CorteIDH"],
        [],
    ),
    (
        "Según la Secretaría de Agricultura, Ganadería y Pesca hay sequía.",
        {"Secretaría de Agricultura, Ganadería y Pesca": "INS"},
        [],
        [],
    ),
    ("El PP y Vox votaron juntos.", {"PP": "ORG", "Vox": "ORG"}, [], []),
    (
        "El Partido Liberal y Partido Nacional firmaron.",
        {"Partido Liberal": "ORG", "Partido Nacional": "ORG"},
        [],
        [],
    ),
    ("“Podemos ganar las elecciones”, dijo el candidato.", {}, [], ["Podemos"]),
    ("Podemos votará en contra de la ley.", {"Podemos": "ORG"}, [], []),
    ("Unidos somos más fuertes, dijo el alcalde.", {}, [], ["Unidos"]),
    (
        "The president said on Wednesday that the law was approved by the Senate.",
        {},
        [],
        ["Wednesday", "The"],
    ),
    (
        "WASHINGTON (AP) — The Senate voted on Thursday.\nEl Senado de Estados Unidos votó el jueves.",
        {},
        [],
        ["Thursday"],
    ),
    (
        (
            "El incendio en la discoteca Club Náutico dejó diez muertos. El dueño del "
            "Club Náutico huyó. El caso Club Náutico sigue abierto."
        ),
        {"Club Náutico": "LUG"},
        [],
        [],
    ),
    (
        "La marcha #BastaYa llenó la plaza, según @SomosPueblo y la Policía.",
        {},
        [],
        ["BastaYa", "SomosPueblo"],
    ),
    ("El ministro publicó en https://t.co/XyZ12aB su renuncia.", {}, [], ["XyZ12aB"]),
    ("Vea [la ley](#H1159634) y el [artículo 3](https://ley.test/x#A3) de la norma.", {}, [], ["H1159634"]),
    ("La Ley 21.600 crea el servicio. La Ley entra en vigor en mayo.", {"Ley 21.600": "NOR"}, [], ["Ley"]),
    ("La Embajada de Cuba cerró.", {"Embajada de Cuba": "INS"}, [], []),
    ("SE RESUELVE:\nArtículo 1.- Nombrar a la señora Rosa Lara.", {}, [], ["SE RESUELVE"]),
    ("El movimiento Make Peace Now convocó la marcha.", {"Make Peace Now": "ORG"}, [], []),
    ("La abogada Inmaculada Concepción Pérez apeló.", {"Inmaculada Concepción Pérez": "PER"}, [], []),
    ("Guadalupe Victoria Ríos asumió el cargo.", {"Guadalupe Victoria Ríos": "PER"}, [], []),
    ("El presidente de Nicaragua viajó.", {"Nicaragua": "LUG"}, [], []),
]
"""Text, names with the beginning of their kind, aliases, and what must be neither."""


@pytest.mark.parametrize(("text", "names", "aliases", "absent"), NAMES)
def test_names_of_each_kind(text: str, names: dict[str, str], aliases: list[str], absent: list[str]) -> None:
    entities = Page(clean_text(readable(text)), None, "México").entities
    kinds = {entity.name: entity.tipo.value for entity in entities}
    assert all(kinds.get(name, "").startswith(kind) and name in kinds for name, kind in names.items())
    assert set(aliases) <= {alias for entity in entities for alias in entity.aliases}
    assert not set(absent) & {form for entity in entities for form in entity.forms()}
