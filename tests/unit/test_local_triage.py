"""Triage by rules: sports, show business and adverts are excluded, politics is not; scores from counts."""

from datetime import UTC, datetime

import pytest

from newsroom.engines.base import Material
from newsroom.engines.local.triage import answer_triage
from newsroom.models.respuestas import RespuestaTriaje
from newsroom.models.vocabulario import Exclusion, TipoArticulo


def triage(titular: str, texto: str, **fields: object) -> RespuestaTriaje:
    values: dict[str, object] = {
        "titular": titular,
        "medio": "El Correo del Sur",
        "pais_publicacion": "Perú",
        "fecha_publicacion": datetime(2024, 5, 15, tzinfo=UTC),
        "idioma": "es",
        "texto": texto,
    }
    return answer_triage(Material(**(values | fields)))  # type: ignore[arg-type]


def total(answer: RespuestaTriaje) -> int:
    return (
        answer.relevancia_geografica
        + answer.relevancia_tematica
        + answer.densidad_factual
        + answer.complejidad_relacional
        + answer.valor_informativo
    )


DISCARDED = [
    (
        Exclusion.DEPORTES,
        "Sporting Cristal golea y se mete en la final",
        "El delantero uruguayo Martín Cauteruccio marcó dos goles y Sporting Cristal venció 3-0 "
        "a Melgar en el "
        "estadio Alberto Gallardo. El entrenador elogió a sus jugadores: “El equipo fue muy "
        "superior”. El arquero "
        "visitante evitó una derrota mayor en la segunda mitad del partido de fútbol, correspondiente a la "
        "semifinal del torneo Apertura.",
    ),
    (
        Exclusion.DEPORTES,
        "La tenista chilena avanza en Roma",
        "La tenista ganó por 6-4 y 6-2 en su debut en el torneo de Roma. En cuartos de final "
        "jugará contra la "
        "número uno del mundo. “Mi saque funcionó muy bien”, comentó tras el partido de tenis, "
        "que duró una hora y "
        "veinte minutos. Es su mejor campaña desde que ganó su primera medalla.",
    ),
    (
        Exclusion.ENTRETENIMIENTO,
        "La cantante anuncia gira y nuevo álbum",
        "La cantante colombiana publicará en otoño su nuevo álbum y saldrá de gira con un "
        "concierto en Bogotá. "
        "El primer sencillo y su videoclip ya suman millones de visitas en Instagram. Sus fans celebraron la "
        "noticia, mientras la farándula comenta su romance con el actor de la telenovela del momento.",
    ),
    (
        Exclusion.PROMOCIONAL,
        "Las mejores ofertas de la semana",
        "Aprovecha los descuentos de hasta el 50 % en nuestra tienda. Consigue tu cupón con el "
        "código promocional "
        "y llévate un regalo por tiempo limitado. Oferta exclusiva para clientes: envío gratis "
        "en todos nuestros "
        "productos. No te pierdas las promociones del Black Friday y compra ya.",
    ),
    (
        Exclusion.ESTILO_DE_VIDA,
        "Receta fácil de bizcocho de limón",
        "Los ingredientes son harina, azúcar, huevos y limón. Mezcla dos cucharadas de aceite, "
        "lleva la masa al "
        "horno y deja que se dore. Un truco de chef: pasa la sartén por agua fría. El postre se "
        "sirve templado y "
        "en la cocina conviene tener a mano más recetas.",
    ),
    (
        Exclusion.PSEUDOCIENCIA,
        "Horóscopo de hoy: qué dicen los astros",
        "El horóscopo del zodiaco anuncia suerte para Escorpio y Sagitario. El tarot recomienda "
        "a Piscis evitar "
        "decisiones con la luna llena. La astróloga explica que Mercurio retrógrado afecta a las "
        "energías y los "
        "chakras de cada signo zodiacal.",
    ),
    (
        Exclusion.ECONOMIA_RUTINARIA,
        "El Ibex cierra la sesión con una subida del 0,4 %",
        "La bolsa española cerró la sesión bursátil con ganancias. El Ibex 35 sumó un 0,4 % y "
        "las acciones de los "
        "bancos lideraron las subidas. En Wall Street, el Dow Jones y el Nasdaq abrieron planos. El bitcoin "
        "retrocedió y el Brent cotizó a la baja, según los analistas. El dividendo de la eléctrica animó el "
        "índice bursátil.",
    ),
    (
        Exclusion.SUCESOS_COTIDIANOS,
        "Choque en la carretera deja dos lesionados",
        "Un automóvil y un camión protagonizaron un choque de madrugada en el kilómetro 12 de la "
        "carretera. El "
        "conductor, ebrio, perdió el control y el vehículo volcó. Una ambulancia trasladó a los "
        "lesionados y los "
        "bomberos retiraron los restos del accidente de tránsito. El percance provocó un embotellamiento.",
    ),
    (
        Exclusion.CIENCIA_TECNOLOGIA,
        "Un telescopio detecta un exoplaneta cercano",
        "Los científicos usaron el telescopio para observar una galaxia lejana y hallaron un "
        "exoplaneta del tamaño "
        "de Marte. El descubrimiento, un estudio publicado en la revista Nature, describe además "
        "un asteroide y "
        "un cometa. La NASA enviará otro cohete con un satélite.",
    ),
]

KEPT = [
    (
        "Fiscalía imputa a la cúpula de la federación de fútbol por sobornos",
        "La Fiscalía imputó este martes al presidente de la Federación Paraguaya de Fútbol, "
        "Roberto Salas, por "
        "presuntos sobornos y lavado de dinero en contratos del estadio nacional. El juez Andrés "
        "Ruiz ordenó el "
        "allanamiento de la sede. “Hay pruebas de corrupción”, dijo el fiscal general, Emilio "
        "Rolón, en Asunción. "
        "La ministra de Justicia anunció que el Gobierno reclamará 12 millones de dólares de "
        "fondos públicos.",
    ),
    (
        "El Congreso aprueba la reforma de pensiones",
        "El Senado de Chile aprobó ayer en Valparaíso la reforma de pensiones por 28 votos a "
        "favor y 12 en contra. "
        "El presidente Gabriel Boric dijo que la ley “salda una deuda con los jubilados”. La "
        "oposición, encabezada "
        "por la senadora Luz Ebensperger, anunció que acudirá al Tribunal Constitucional. El "
        "costo fiscal será de "
        "2.000 millones de dólares al año, según el Ministerio de Hacienda.",
    ),
    (
        "El Gobierno lleva al Parlamento la ley del cine",
        "El Consejo de Ministros aprobó el proyecto de ley que regula los subsidios al cine, con "
        "un presupuesto de "
        "100 millones de euros. El ministro de Cultura, Ernest Urtasun, defendió en el Congreso "
        "de los Diputados "
        "que la norma protege el empleo de actores y guionistas. El PP votará en contra de la reforma.",
    ),
    (
        "Protesta en Lima por los feminicidios",
        "Miles de mujeres marcharon el sábado en Lima para exigir justicia por los 63 "
        "feminicidios registrados este "
        "año, según la Defensoría del Pueblo. La congresista Ruth Luque reclamó al Gobierno un "
        "plan contra la "
        "violencia. La Policía detuvo a cinco manifestantes ante el Congreso.",
    ),
    (
        "El Banco Central sube la tasa de interés",
        "El Banco Central de Colombia subió la tasa de interés al 12,5 % para frenar la "
        "inflación, que llegó al "
        "9,2 % en abril. El ministro de Hacienda, Ricardo Bonilla, criticó la decisión y "
        "advirtió de que habrá más "
        "desempleo y pobreza. El FMI respaldó la medida.",
    ),
    (
        "Detenido un alcalde por presuntos vínculos con el narcotráfico",
        "La Policía Nacional detuvo al alcalde de Durán, Luis Chonillo, por presuntos vínculos con el crimen "
        "organizado. La Fiscalía General del Estado de Ecuador pidió prisión preventiva. El "
        "presidente Daniel Noboa "
        "decretó el estado de excepción en Guayas por 60 días tras 14 homicidios.",
    ),
]


@pytest.mark.parametrize(("topic", "titular", "texto"), DISCARDED)
def test_topics_that_are_not_covered_are_excluded(topic: Exclusion, titular: str, texto: str) -> None:
    assert triage(titular, texto).exclusion is topic


@pytest.mark.parametrize(("titular", "texto"), KEPT)
def test_public_affairs_are_kept_and_score_enough_to_be_processed(titular: str, texto: str) -> None:
    answer = triage(titular, texto)
    assert answer.exclusion is None
    assert total(answer) >= 17


def test_a_section_is_a_hint_and_not_a_verdict() -> None:
    _, titular, texto = DISCARDED[0]
    assert triage(titular, texto, seccion="Deportes").exclusion is Exclusion.DEPORTES
    titular, texto = KEPT[0]
    assert triage(titular, texto, seccion="Deportes").exclusion is None


def test_what_a_public_body_publishes_is_public_affairs() -> None:
    texto = (
        "Amigas y amigos: hoy inauguramos el estadio de béisbol. Felicito al equipo, a los jugadores y a la "
        "afición. El deporte es salud y por eso el gobierno seguirá apoyando."
    )
    assert triage("Inauguración del estadio", texto, medio="Presidencia de la República").exclusion is None


def test_countries_and_themes_are_those_of_the_text() -> None:
    answer = triage(*KEPT[1])
    assert answer.paises[0] == "Chile"
    assert "política y gobierno" in answer.temas
    assert answer.relevancia_geografica == 5


def test_news_from_elsewhere_is_less_relevant() -> None:
    texto = (
        "El parlamento de Japón aprobó en Tokio el presupuesto. El primer ministro dijo que "
        "Corea del Sur y China "
        "seguirán negociando con Japón."
    )
    assert triage("Japón aprueba su presupuesto", texto, pais_publicacion="Japón").relevancia_geografica <= 2


@pytest.mark.parametrize(
    ("genre", "titular", "texto", "fields"),
    [
        (
            TipoArticulo.ENTREVISTA,
            "“No me voy a callar”",
            "P: ¿Por qué renunció?\nR: Porque no había diálogo con el ministro.\nP: ¿Volvería?\nR: Nunca.",
            {},
        ),
        (
            TipoArticulo.ENTREVISTA,
            "Habla la rectora",
            "La rectora recibe a este diario.\n¿Qué le pide al Gobierno?\nMás presupuesto y menos trámites.\n"
            "¿Habrá huelga?\nSi no hay respuesta, sí.\n¿Cuándo?\nEn junio.",
            {},
        ),
        (TipoArticulo.OPINIÓN, "La deriva", "Creo que el país necesita otra cosa.", {"es_opinion": True}),
        (TipoArticulo.OPINIÓN, "La deriva", "El país necesita otra cosa.", {"seccion": "Opinión"}),
        (TipoArticulo.ANÁLISIS, "Análisis: qué se juega el Gobierno", "La votación abre dos escenarios.", {}),
        (TipoArticulo.CRÓNICA, "Crónica de un día sin agua", "El barrio despertó sin agua.", {}),
        (TipoArticulo.NOTICIA, "Renuncia el ministro", "El ministro renunció ayer.", {}),
    ],
)
def test_genre(genre: TipoArticulo, titular: str, texto: str, fields: dict[str, object]) -> None:
    assert triage(titular, texto, **fields).tipo_articulo is genre


def test_opinion_never_scores_high_in_facts() -> None:
    answer = triage(*KEPT[1], es_opinion=True)
    assert answer.densidad_factual <= 2
    assert answer.valor_informativo <= 2


def test_scores_stay_within_their_scale_on_an_almost_empty_text() -> None:
    answer = triage("Nada", "Nada que decir.")
    assert total(answer) >= 5
    assert answer.exclusion is None
    assert answer.justificacion
