"""Triage keeps or discards by what a text is about, and no text because of its language."""

from datetime import UTC, datetime

import pytest

from newsroom.engines.base import Material
from newsroom.engines.local.triage import answer_triage
from newsroom.language.detection import detect_language
from newsroom.models.extraccion import Puntuaciones
from newsroom.models.vocabulario import Decision
from newsroom.stages.triage import decide

ARTICLES = [
    (
        False,
        "La pareja Ruiz-Soto conquista el torneo de pádel de Rosario",
        (
            "Ruiz y Soto ganaron la final por 6-4 y 7-5 ante la pareja favorita. El "
            "partido duró dos horas. Los campeones sumaron su tercer título de la "
            "temporada y subieron en el ranking. El público llenó la cancha y aplaudió "
            "cada punto del encuentro."
        ),
    ),
    (
        False,
        "Remontada en el ring: Maidana noquea en el octavo round",
        (
            "El boxeador argentino ganó por nocaut en el octavo asalto y retuvo el "
            "cinturón. El púgil mexicano cayó dos veces. La pelea se disputó en Las Vegas "
            "ante doce mil aficionados. El campeón dijo que quiere la revancha."
        ),
    ),
    (
        False,
        "La selección de voleibol femenino vence a Perú y avanza a semifinales",
        (
            "El equipo ganó en tres sets con parciales de 25-18, 25-20 y 25-22. La "
            "capitana sumó quince puntos. El entrenador destacó el bloqueo y el saque. El "
            "sábado jugará la semifinal del campeonato sudamericano."
        ),
    ),
    (
        False,
        "Los mejores memes del apagón en redes sociales",
        (
            "Los usuarios llenaron las redes sociales de memes tras el corte. El más "
            "viral muestra a un perro con una vela. Otro video se hizo viral en TikTok y "
            "divirtió a los internautas. Mira aquí los memes más divertidos."
        ),
    ),
    (
        False,
        "Horóscopo de hoy: qué le espera a tu signo",
        (
            "Aries: en el amor, sorpresas. Tauro: cuida tu dinero. Géminis: buena vibra "
            "en el trabajo. Número de la suerte: 7. Los planetas favorecen a Leo y a "
            "Virgo. El tarot recomienda calma a Piscis."
        ),
    ),
    (
        False,
        "Cocinan la empanada más grande del mundo y logran un récord Guinness",
        (
            "Unos 200 cocineros prepararon la empanada más grande del mundo y entraron en "
            "el libro Guinness. El récord mundial anterior era de otra ciudad. Los "
            "asistentes la probaron gratis con música y baile."
        ),
    ),
    (
        False,
        "Verdú gana la etapa reina y se viste de líder",
        (
            "El ciclista atacó a cinco kilómetros de la meta y dejó atrás al pelotón. El "
            "corredor colombiano se vistió con el maillot de líder. Mañana se corre la "
            "contrarreloj. El equipo controló la carrera y el sprint final."
        ),
    ),
    (
        True,
        "El Gobierno prohíbe el concierto de la cantante Alba Ríos por sus críticas al presidente",
        (
            "El Ministerio de Cultura prohibió el concierto de la cantante, que denunció "
            "censura. La diputada Rosa Lara pidió explicaciones en el Congreso. La "
            "Fiscalía abrió una investigación contra la artista por un video. La "
            "Defensoría del Pueblo dijo que se vulnera la libertad de expresión."
        ),
    ),
    (
        True,
        "El actor Luis Mora será candidato a la alcaldía de Guayaquil",
        (
            "El actor y presentador anunció su candidatura por el Partido Liberal en las "
            "elecciones de febrero. El Consejo Electoral aprobó la lista. El Gobierno "
            "criticó la postulación y la oposición la celebró ante el Congreso."
        ),
    ),
    (
        True,
        "El Congreso investiga los contratos del Mundial de clubes",
        (
            "La comisión del Congreso investiga los contratos por 20 millones de dólares "
            "que el Gobierno firmó con la federación de futbol. La Fiscalía imputó al "
            "ministro de Deportes por corrupción. El estadio costó el doble de lo "
            "presupuestado."
        ),
    ),
    (
        True,
        "Condenan a la federación de tenis por desviar fondos públicos",
        (
            "El tribunal condenó al presidente de la federación a seis años de prisión "
            "por malversación de fondos públicos. La jueza ordenó devolver 3 millones de "
            "euros al Ministerio de Educación. El fiscal pidió además la inhabilitación."
        ),
    ),
    (
        False,
        "Kasparina y Duda firman tablas en la ronda final del torneo de ajedrez",
        (
            "La gran maestra georgiana y el campeón polaco firmaron tablas en la novena "
            "ronda. El torneo de ajedrez terminó con triple empate. El desempate rápido "
            "se jugará el domingo. El público siguió las partidas en el tablero gigante."
        ),
    ),
    (
        False,
        "Doblete de Ocampo en la victoria del equipo tapatío",
        (
            "El equipo tapatío venció 3-1 con un doblete del delantero. El guardameta "
            "atajó un penal en el segundo tiempo. El entrenador movió el banquillo y el "
            "rival no reaccionó. El sábado visitará la cancha del líder de la tabla de "
            "posiciones."
        ),
    ),
    (
        False,
        "La actriz Paula Ríos se casa en una boda de ensueño",
        (
            "La actriz se casó con su novio en una boda con famosos. El vestido fue de "
            "una diseñadora italiana. Los fans celebraron en Instagram. La pareja viajará "
            "de luna de miel."
        ),
    ),
]


@pytest.mark.parametrize(("kept", "titular", "texto"), ARTICLES)
def test_sports_memes_and_records_out_politics_in(kept: bool, titular: str, texto: str) -> None:
    material = Material(titular, "El Diario", "México", datetime(2024, 6, 1, tzinfo=UTC), "es", texto)
    answer = answer_triage(material)
    scores = Puntuaciones(**{name: getattr(answer, name) for name in Puntuaciones.model_fields})
    assert (decide(scores.total, answer.exclusion) is not Decision.DESCARTAR) is kept


LANGUAGES = [
    (
        "ca",
        (
            "El president del Govern ha presentat aquest divendres els comptes de l'any "
            "que ve amb els sindicats."
        ),
    ),
    (
        "ca",
        (
            "L'alcaldessa de Girona va anunciar ahir que l'ajuntament obrirà dues escoles "
            "noves al setembre amb ajuts."
        ),
    ),
    (
        "ca",
        (
            "La consellera de Salut diu que les llistes d'espera s'han reduït respecte de "
            "l'any passat, però els metges ho neguen."
        ),
    ),
    (
        "gl",
        (
            "O presidente da Xunta anunciou onte que o goberno galego destinará 30 "
            "millóns de euros á mellora das estradas."
        ),
    ),
    (
        "gl",
        (
            "A alcaldesa de Lugo dixo que non haberá máis recortes no transporte e pediu "
            "unha reunión coa conselleira."
        ),
    ),
    (
        "gl",
        (
            "Os veciños de Vigo protestaron contra o peche do ambulatorio e reclaman máis "
            "médicos para a parroquia."
        ),
    ),
    (
        "eu",
        (
            "Eusko Jaurlaritzak gaur aurkeztu du datorren urteko aurrekontua, eta 15.000 "
            "milioi euro izango ditu guztira."
        ),
    ),
    (
        "eu",
        "Lehendakariak esan du ez dela zergarik igoko, baina sindikatuek greba deitu dute datorren asterako.",
    ),
    (
        "pt",
        (
            "O presidente do Brasil assinou nesta sexta-feira um acordo para a compra de "
            "gás natural com a Bolívia até 2035."
        ),
    ),
    (
        "pt",
        (
            "O governo português aprovou o orçamento com os votos da direita e a oposição "
            "criticou os cortes na educação."
        ),
    ),
    (
        "es",
        (
            "El presidente de la Generalitat de Catalunya firmó ayer con la Xunta de "
            "Galicia un convenio de 30 millones."
        ),
    ),
    (
        "es",
        (
            "Junts per Catalunya y Esquerra Republicana votaron no a los presupuestos del "
            "Govern en el Parlament."
        ),
    ),
    (
        "es",
        (
            "El Congreso aprobo la ley de mineria informal, informo la presidenta de la "
            "comision, y destinara 80 millones."
        ),
    ),
    (
        "es",
        (
            "Eusko Alkartasuna y EH Bildu pidieron al lehendakari que convoque elecciones "
            "en Euskadi antes de junio."
        ),
    ),
    (
        "es",
        (
            "A la salida, el alcalde y los vecinos no hablaron; o se van o se quedan, "
            "dijo a los medios la edil de Vigo."
        ),
    ),
]


@pytest.mark.parametrize(("idioma", "texto"), LANGUAGES)
def test_neighbours_of_spanish_are_told_from_it(idioma: str, texto: str) -> None:
    assert detect_language(texto, "es") == idioma
