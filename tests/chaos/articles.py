"""Articles of an invented country, and what each truly says: what the database is compared with."""

import random
import re
from dataclasses import dataclass
from typing import Any

COUNTRY = "Valdoria"
MARK = "Quimera"
"""A word that is in everything that the model invents, and in no article."""

_LAWS = ("pensiones", "vivienda", "aguas", "puertos", "minería", "transporte", "educación", "salud rural")
_BODIES = (
    "Senado de Valdoria", "Congreso de Valdoria", "Tribunal Supremo de Valdoria", "Asamblea Costera",
    "Consejo Provincial de Arnedo", "Banco Central de Valdoria",
)  # fmt: skip
_GIVEN = ("Rosa", "Ernesto", "Lucía", "Matías", "Carmen", "Julián", "Teresa", "Hugo", "Elvira", "Simón")
_FIRST = ("Bermellón", "Arizpe", "Ocaranza", "Villafaña", "Zubieta", "Quintanar", "Echenique", "Larrondo")
_SECOND = ("Mondragón", "Iturbide", "Sarmiento", "Bustamante", "Olavarría", "Peñalosa", "Ruelas")
_POSTS = ("ministra de Hacienda", "portavoz del Gobierno", "presidenta de la comisión", "alcalde")
_CITIES = ("Arnedo", "Puerto Lirio", "Valdelomar", "San Telmo", "Ribera Alta", "Monteclaro")
_FEELINGS = ("un paso decidido", "una deuda saldada", "un día de alivio", "un acuerdo difícil")
_FILLER = (
    "La sesión se prolongó hasta la madrugada y los grupos pidieron la palabra en varias ocasiones.",
    "Los vecinos siguieron el debate desde la plaza mayor, donde se instalaron pantallas.",
    "El texto pasa ahora a la imprenta oficial y entrará en vigor cuando se publique.",
    "Las organizaciones sociales recibieron la noticia con prudencia y anunciaron que seguirán atentas.",
    "Durante la mañana hubo reuniones discretas entre los equipos técnicos de ambas partes.",
)

_FOLIO = re.compile(r"expediente (\d{1,6})\b")


@dataclass(frozen=True)
class Planned:
    """An article and all that may be stored of it; `worthless` ones are discarded by the triage."""

    number: int
    articulo: dict[str, Any]
    hechos: tuple[tuple[str, str], ...]
    """(contenido, pasaje)"""
    entidades: tuple[tuple[str, str], ...]
    """(nombre, tipo)"""
    cita: str
    datos: tuple[tuple[int, str, str, str], ...]
    """(valor, indicador, unidad, pasaje)"""
    worthless: bool

    @property
    def url(self) -> str:
        return str(self.articulo["url"])

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Which entidad stands in which hecho, by place from 0."""
        return (0, 0), (1, 1), (1, 2)


def make_articles(count: int, seed: int) -> list[Planned]:
    """Returns `count` articles, the same for the same seed; some six in a hundred are worthless."""
    return [make_article(number, random.Random(f"{seed}|{number}")) for number in range(1, count + 1)]


def make_article(number: int, chance: random.Random) -> Planned:
    law, body, city = chance.choice(_LAWS), chance.choice(_BODIES), chance.choice(_CITIES)
    person = f"{chance.choice(_GIVEN)} {chance.choice(_FIRST)} {chance.choice(_SECOND)}"
    post = chance.choice(_POSTS)
    millions, people = chance.randrange(101, 999), chance.randrange(11_000, 98_000)
    grouped = f"{people:,}".replace(",", ".")
    cita = f"Es {chance.choice(_FEELINGS)} para Valdoria y el expediente {number} lo demuestra"
    voted = f"El {body} aprobó el martes la ley de {law} del expediente {number}."
    said = f"“{cita}”, dijo {person}, {post}, en {city}."
    cost = f"El plan costará {millions} millones de euros y alcanzará a {grouped} personas."
    filler = chance.sample(_FILLER, chance.randrange(1, len(_FILLER)))
    texto = "\n\n".join([f"{voted} {filler[0]}", said, cost, *filler[1:]])
    return Planned(
        number=number,
        articulo={
            "url": f"https://caos.test/{number}",
            "medio": "El Diario de Valdoria",
            "pais_publicacion": COUNTRY,
            "tipo_medio": "diario",
            "titular": f"Aprobada la ley de {law} (expediente {number})",
            "fecha_publicacion": "2024-05-15T10:00:00Z",
            "contenido_texto": texto,
        },
        hechos=((f"El {body} aprobó la ley de {law}", voted), (f"{person} habló en {city}", said)),
        entidades=((body, "INSTITUCION"), (person, "PERSONA"), (city, "LUGAR")),
        cita=cita,
        datos=(
            (millions * 1_000_000, "costo del plan", "euros", cost),
            (people, "personas alcanzadas", "personas", cost),
        ),
        worthless=chance.random() < 0.06,
    )


def read_folio(prompt: str) -> int:
    """Returns the number of the article that a question is about.

    Raises:
        ValueError: it names none.
    """
    # The headline stands in every stage's question, and first.
    found = _FOLIO.findall(prompt)
    if not found:
        raise ValueError(f"no folio in the question: {prompt[-200:]!r}")
    return int(found[0])
