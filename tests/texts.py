"""Long Spanish texts for the tests: bulletins that the team wrote, laws and minutes that a generator writes.

A generated text knows where its sentences end. The same arguments always give the same text.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from newsroom.evaluation.gold import read_gold_set

DATA = Path(__file__).parent / "data"

_WHO = (
    "El ayuntamiento", "La autoridad competente", "El Consejo de Aguas", "La persona titular de la licencia",
    "El Dr. Gómez Farías", "La Sra. Ruiz de la Torre", "El Tribunal de Cuentas", "Cada comunidad de regantes",
    "La Secretaría", "El órgano que dictó el acto", "La Dirección de EE. UU. y Canadá", "J. A. Pérez Prado",
    "Quien solicite el permiso", "La Comisión Permanente", "El registro a que se refiere el art. 12",
)  # fmt: skip
_DOES = (
    "resolverá", "publicará en su sede", "revisará cada año", "no podrá delegar", "comunicará por escrito",
    "archivará", "someterá a consulta", "inscribirá", "entregará sin coste", "limitará",
)  # fmt: skip
_WHAT = (
    "las solicitudes de uso", "el inventario de los pozos", "la memoria económica", "los planos de la obra",
    "el reparto de los caudales", "las cuentas del ejercicio anterior", "toda cesión de derechos",
    "el informe previsto en el núm. 4", "los expedientes abiertos", "la tarifa de los servicios públicos",
)  # fmt: skip
_HOW = (
    "en el plazo de {n} días", "antes de las 10.30 del día {n}", "con un límite de {n}.500 euros",
    "salvo lo dispuesto en el artículo {n}", "cuando lo pida el {n} % de los vecinos",
    "previa audiencia de los interesados", "sin perjuicio de terceros", "por mayoría de dos tercios",
    "conforme a la Ley {n}/1998", "aunque exceda de 3,5 hectáreas",
)  # fmt: skip
_TOPICS = (
    "Objeto", "Ámbito de aplicación", "Competencias", "Plazos", "Registro de pozos", "Tarifas", "Recursos",
    "Infracciones leves", "Sanciones", "Cesión de derechos", "Consulta pública", "Publicidad", "Inspección",
)  # fmt: skip
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_SPEAKERS = (
    "EL PRESIDENTE", "LA SECRETARIA", "EL SEÑOR IBARRA LUNA", "LA SEÑORA PONCE REY", "EL DIPUTADO OCAÑA",
    "LA MINISTRA DE AGUAS", "EL SEÑOR QUINTANA (don Luis)",
)  # fmt: skip
_SAID = (
    "Gracias, señor presidente", "No comparto lo que aquí se ha dicho", "Pido que conste en acta",
    "¿Quién pagará las obras del canal", "Lo repito: el agua no espera", "Tengo {n} cartas de los vecinos",
    "El Sr. Ibarra habló de {n} millones y eran {n}.200", "Vamos a votar el dictamen en sus términos",
    "¡No es verdad", "Señorías, miren la página {n} del informe",
)  # fmt: skip


@dataclass
class Made:
    """A text and what is known of it, as offsets.

    `starts` and `ends` are those of its sentences and headings; `headings_alone` have a line of their own.
    """

    texto: str = ""
    starts: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)
    headings: list[int] = field(default_factory=list)
    headings_alone: set[int] = field(default_factory=set)

    def say(self, words: str, gap: str) -> None:
        self.starts.add(len(self.texto))
        self.texto += words
        self.ends.add(len(self.texto))
        self.texto += gap

    def head(self, line: str) -> None:
        self.headings.append(len(self.texto))
        self.headings_alone.add(len(self.texto))
        self.say_line(line)

    def say_line(self, line: str) -> None:
        self.say(line, "\n\n")


def make_sentence(rng: random.Random) -> str:
    how = [part.format(n=rng.randint(2, 90)) for part in rng.sample(_HOW, rng.randint(1, 4))]
    return f"{rng.choice(_WHO)} {rng.choice(_DOES)} {rng.choice(_WHAT)}, {', '.join(how)}."


def make_law(articles: int, seed: int = 1, marks: str = "") -> Made:
    """Returns a law in títulos, capítulos and artículos; `marks` ("## ") stands before each heading."""
    rng = random.Random(f"law|{articles}|{seed}")
    law = Made()
    # Without a mark the title of a law is a line as any other.
    (law.head if marks else law.say_line)(f"{marks}LEY DE AGUAS Y RIEGOS")
    say_paragraph(law, rng)
    titulo = capitulo = 0
    for number in range(1, articles + 1):
        if number == 1 or rng.random() < 0.04:
            titulo, capitulo = titulo + 1, 0
            law.head(f"{marks}TÍTULO {_ROMAN[(titulo - 1) % len(_ROMAN)]}")
        if rng.random() < 0.15:
            law.head(f"{marks}CAPÍTULO {_ROMAN[capitulo % len(_ROMAN)]}")
            capitulo += 1
        law.head(f"{marks}Artículo {number}. {rng.choice(_TOPICS)}")
        for _ in range(rng.choice((1, 1, 2, 3, 6))):
            say_paragraph(law, rng)
    law.head(f"{marks}DISPOSICIÓN FINAL")
    say_paragraph(law, rng)
    return law


def say_paragraph(made: Made, rng: random.Random) -> None:
    count = rng.randint(1, 5)
    for last in [False] * (count - 1) + [True]:
        made.say(make_sentence(rng), "\n\n" if last else " ")


def make_minutes(speeches: int, seed: int = 1) -> Made:
    """Returns stenographic minutes: each speech begins with its speaker's name in capitals and a colon."""
    rng = random.Random(f"minutes|{speeches}|{seed}")
    minutes = Made()
    speaker = ""
    for _ in range(speeches):
        speaker = rng.choice([name for name in _SPEAKERS if name != speaker])
        minutes.headings.append(len(minutes.texto))
        label = f"{speaker}: "
        for last in [False] * rng.choice((0, 1, 3, 8, 40)) + [True]:
            words = rng.choice(_SAID).format(n=rng.randint(2, 90))
            close = "?" if words.startswith("¿") else "!" if words.startswith("¡") else "."
            said = f"{words}{close}" if rng.random() < 0.5 else make_sentence(rng)
            minutes.say(label + said, "\n\n" if last or rng.random() < 0.1 else " ")
            label = ""
    return minutes


def read_bulletins() -> list[dict[str, Any]]:
    """Returns the bulletins of `data/textos`: headline, outlet, country, date of publication, text."""
    bulletins: list[dict[str, Any]] = yaml.safe_load((DATA / "textos" / "boletines.yaml").read_text("utf-8"))
    return bulletins


def read_news() -> Iterator[dict[str, Any]]:
    """Yields the bulletins and those articles of the gold set that are news in Spanish."""
    yield from read_bulletins()
    for gold in read_gold_set(DATA / "gold"):
        articulo = gold.esperado.articulo
        if articulo.idioma == "es" and gold.is_wanted:
            yield articulo.model_dump(mode="json")
