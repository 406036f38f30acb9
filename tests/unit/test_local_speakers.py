"""Who speaks: a speaker only where the text attributes the quotation, never the nearest name."""

import pytest

from newsroom.cleaning import clean_text
from newsroom.engines.local.page import Page
from newsroom.engines.local.speakers import attribute_quotes
from newsroom.furniture import readable
from newsroom.grounding import SourceText, Span

SPEAKERS = [
    ("Rosa Aldana", "“El río no da más”, dijo ante los vecinos de Tumaco la bióloga Rosa Aldana."),
    (None, "El juez Pedro Lara investiga a Luis Campos. “Tengo miedo”, confesó una vecina del acusado."),
    ("Pedro Lara", "El juez Pedro Lara investiga a Luis Campos. “Hay pruebas”, sostuvo el magistrado."),
    (None, "La alcaldesa Inés Cano visitó el barrio. “Nos dejaron solos”, se quejaron los vecinos."),
    (
        "Inés Cano",
        "La alcaldesa Inés Cano visitó el barrio y habló con Julio Paz. “Vendremos cada mes”, prometió.",
    ),
    ("Julio Paz", "La alcaldesa Inés Cano visitó a Julio Paz, quien le pidió “agua para los niños”."),
    ("Teresa Gil", "Según ha explicado Teresa Gil, “no hay fecha todavía”."),
    ("Teresa Gil", "“No hay fecha todavía”, según explicó a la prensa Teresa Gil."),
    ("Ministerio de Salud", "El Ministerio de Salud informó en un comunicado que “no hay casos nuevos”."),
    ("Fiscalía", "La Fiscalía acusó a Mario Rey. “Cobró sobornos durante años”, señaló."),
    ("Mario Rey", "La Fiscalía acusó a Mario Rey. “Soy inocente y lo probaré”, respondió Rey en un video."),
    (None, "“Nos pegaron a todos”, relató a este diario uno de los detenidos, que pidió no ser nombrado."),
    ("Carla Soto", "“Nos pegaron a todos”, relató una de las detenidas, Carla Soto."),
    ("Carla Soto", "“Nos pegaron a todos”, relató, entre lágrimas, Carla Soto."),
    ("Carla Soto", "Carla Soto lo tiene claro: “No volveré a votar”."),
    (None, "La operación se llamó así por Mario Rey. Un testigo declaró: “Vi dos camiones en la noche”."),
    (None, "Fuentes del Gobierno de Ana Rey aseguran que “no hay marcha atrás”."),
    ("Ana Rey", "“No hay marcha atrás”, aseguró Ana Rey tras reunirse con el presidente Luis Gil."),
    (
        "Ana Rey",
        (
            "“No hay marcha atrás”, ha asegurado la portavoz del Gobierno, Ana Rey, quien "
            "ha criticado a Luis Gil."
        ),
    ),
    ("Luis Gil", "Ana Rey pidió la renuncia de Luis Gil. Este respondió: “No me voy a ir”."),
    ("Luis Gil", "Tras la reunión con Ana Rey, Luis Gil declaró: “Fue un buen encuentro”."),
    ("Luis Gil", "“Hay que bajar impuestos”, sostiene Luis Gil, rival de Ana Rey."),
    ("Ana Rey", "'Nadie nos ayudó en la riada', contó Ana Rey a Radio Sur."),
    ("Ana Rey", "Ana Rey (Partido Verde): “Pedimos una comisión de investigación”."),
    (None, "El presidente Luis Gil cerró el pacto. Así lo contó un asesor: “Fue de madrugada”."),
    (
        "Luis Gil",
        "«Es la hora de sumar», dice el candidato Luis Gil. Y remata: «El que venga será bienvenido».",
    ),
    (
        "Luis Gil",
        "«Es la hora de sumar», dice el candidato Luis Gil. «El que venga será bienvenido», agrega.",
    ),
    ("Luis Gil", "«Es la hora de sumar. El que venga será bienvenido», ha dicho Luis Gil este martes."),
    ("Eva Montes", "A juicio de la experta Eva Montes, “la sequía durará dos años”."),
    (
        "Eva Montes",
        (
            "El abogado de Luis Gil, Óscar Prat, no vino. Eva Montes, fiscal del caso, "
            "lamentó que “se burle de la justicia”."
        ),
    ),
    ("Óscar Prat", "“Mi cliente colabora con la justicia”, manifestó el abogado de Luis Gil, Óscar Prat."),
    (None, "“Mi cliente colabora con la justicia”, manifestó el abogado de Luis Gil."),
    (None, "“Mi hijo no hizo nada malo”, dijo la madre de Luis Gil."),
    ("Luis Gil", "Luis Gil escribió en su cuenta de X: “El juicio fue una farsa política”."),
    ("Luis Gil", "“El juicio fue una farsa política”, publicó en Facebook el exministro Luis Gil."),
    (
        "Rosa Vidal",
        (
            "El señor PRESIDENTE: Tiene la palabra doña Rosa Vidal.\nLa señora VIDAL: "
            "Gracias, presidente. No apoyaremos este presupuesto. (Rumores)."
        ),
    ),
    (
        "Tomás Cano",
        (
            "Interviene el diputado Tomás Cano.\nPRESIDENTA.- Se abre la sesión a las diez "
            "de la mañana.\nCANO.- Señora presidenta, este país merece otra cosa."
        ),
    ),
    (
        "Tomás Cano",
        (
            "Habla el senador Tomás Cano y la senadora Ana Rey.\nSr. CANO: La deuda creció "
            "durante su gobierno.\nSra. REY: Usted votó aquella deuda.\nSr. CANO: No es "
            "verdad y usted lo sabe."
        ),
    ),
    ("Ana Rey", "—¿Qué opina del paro?\nAna Rey dice: “No habrá acuerdo esta semana”."),
    (
        None,
        "El diputado Luis Gil votó a favor. “Es una vergüenza para todos”, gritó un hombre desde la tribuna.",
    ),
    ("Luis Gil", "Luis Gil no oculta su enfado. “Nos han mentido durante meses”, lamenta."),
    ("Eva Sol", "“Hay miedo en las calles”, asegura a EFE Eva Sol, vecina de Iztapalapa."),
    ("Eva Sol", "“Hay miedo en las calles”, asegura desde Quito la abogada Eva Sol."),
    ("Banco Central", "“La economía crecerá dos puntos”, indicó el Banco Central en su informe."),
    ("Corte Suprema", "La Corte Suprema, en un fallo dividido, sostuvo que “la ley es inconstitucional”."),
    (None, "Según el comunicado, “las obras durarán seis meses”."),
    (None, "Un portavoz de la Policía dijo que “no hay detenidos por ahora”."),
    (
        "Pablo Soto",
        "El vicepresidente, Pablo Soto, aseguró que no sabía nada. “Me enteré por la prensa”, insistió.",
    ),
    (
        "Pablo Soto",
        (
            "El vicepresidente, Pablo Soto, ha asegurado que no sabía nada. Además, ha "
            "dicho que “el pacto sigue en pie”."
        ),
    ),
    (
        "Lía Mora",
        "La rectora Lía Mora habló ante los alumnos de Juan Paz. “El presupuesto no alcanza”, les dijo.",
    ),
    ("Juan Paz", "“No alcanza el dinero”, dijo Lía Mora. Juan Paz le contestó: “Pida un crédito entonces”."),
    (None, "La acusación contra Juan Paz habla de “una red de sobornos”."),
    ("Juan Paz", '"El plan es malo", opinó Juan Paz, y añadió: "Lo diré en el Senado".'),
    ("Rosa Luz", "En palabras de Rosa Luz, “el barrio se muere”."),
    ("Rosa Luz", "Rosa Luz respondió con ironía a Juan Paz: “Que venga y lo vea”."),
    (None, "El barrio de Rosa Luz amaneció con pintadas: “Fuera los corruptos del barrio”."),
    ("Rosa Luz", '"Que venga y lo vea", le espetó a Juan Paz la alcaldesa Rosa Luz.'),
    (None, "“Que venga y lo vea”, rezaba una pancarta frente a la casa de Rosa Luz."),
    ("Rosa Luz", "La alcaldesa Rosa Luz pidió calma. “Vamos a revisar cada casa”, manifestó la edil."),
    (
        "Óscar Lago",
        "El sindicalista Óscar Lago criticó a la ministra Eva Sol. “Nadie nos consultó la medida”, reprochó.",
    ),
    (
        "Óscar Lago",
        "El sindicalista Óscar Lago, acompañado por Eva Sol, advirtió: “Iremos a la huelga en mayo”.",
    ),
    (
        "Óscar Lago",
        "Eva Sol cree que Óscar Lago miente. Lago, por su parte, replica: “Tengo los papeles firmados”.",
    ),
    ("Eva Sol", "Eva Sol, a quien Óscar Lago acusa de mentir, defiende que “todo es legal y público”."),
    (
        "Gobierno",
        "“No se subirán los impuestos”, señaló el Gobierno mediante un comunicado firmado por Eva Sol.",
    ),
    (
        None,
        (
            "“No me dejaron entrar al hospital”, cuenta Rosa, madre de dos niños. “Nos "
            "trataron como animales”, añade otra mujer."
        ),
    ),
]
"""The speaker of the last quotation of each text; None where the text does not name one."""


@pytest.mark.parametrize(("speaker", "text"), SPEAKERS)
def test_the_last_quotation_is_attributed_to_its_speaker_or_to_nobody(speaker: str | None, text: str) -> None:
    page = Page(clean_text(readable(text)), None, "España")
    said = attribute_quotes(page)[-1]
    assert (said.entity.name if said.entity is not None else None) == speaker


GROUNDED = [
    ("“No habrá pacto”, dijo Ana Rey.", "Ana Rey", "dijo Ana Rey"),
    ("“No habrá pacto”, dijo la ministra.", "Ana Rey", "dijo"),
    ("“No habrá pacto”, ha subrayado.", "Ana Rey", "subrayado"),
    ("Según Ana Rey, “no habrá pacto”.", "Ana Rey", "Ana Rey"),
    ("Ana Rey: “No habrá pacto”.", "Ana Rey", "Ana Rey"),
    ("Ana Rey es tajante. “No habrá pacto”.", "Ana Rey", "Ana Rey"),
    (
        "“No habrá pacto”, dijo en un acto la diputada Ana Rey.",
        "Ana Rey",
        "dijo en un acto la diputada Ana Rey",
    ),
    ("La respuesta de Rey fue esta: “No habrá pacto”.", "Ana Rey", "Rey"),
    ("“No habrá pacto”, dijo a Luis Gil este martes.", "Ana Rey", "dijo"),
    ("R. “No habrá pacto”, ni hoy ni mañana.", "Ana Rey", "R."),
    ("“No habrá pacto”, dijo Luis Gil.", "Ana Rey", None),
    ("“No habrá pacto”, lamentó una vecina de Ana Rey.", "Marta Sol", None),
    ("“No habrá pacto”, dijo uno de los asesores.", "Ana Rey", None),
    ("“No habrá pacto” es el lema de la marcha.", "Ana Rey", None),
    ("“No habrá pacto”, respondió Gil a la prensa.", "Ana Rey", None),
]


@pytest.mark.parametrize(("text", "speaker", "words"), GROUNDED)
def test_a_speaker_of_any_engine_needs_words_that_attribute(
    text: str, speaker: str, words: str | None
) -> None:
    start = text.index("o habrá pacto") - 1
    found = SourceText(text).find_attribution(Span(start, start + 14), [speaker], ["Luis Gil"])
    assert (found.cut(text) if found is not None else None) == words
