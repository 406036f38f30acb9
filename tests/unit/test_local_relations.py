"""Relations: roles by grammar, ties between entidades, connectives, contradictions, importance."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from newsroom.engines.base import Material
from newsroom.engines.local.relations import answer_relations
from newsroom.models.extraccion import (
    CitasYDatos,
    CitaTextual,
    DatoCuantitativo,
    Elementos,
    Entidad,
    Hecho,
)
from newsroom.models.respuestas import RespuestaRelaciones
from newsroom.models.vocabulario import CategoriaDato, TipoEntidad, TipoHecho

MATERIAL = Material("t", "m", "Perú", datetime(2024, 5, 15, tzinfo=UTC), "es", "")


def entidad(number: int, nombre: str, tipo: str = "PERSONA", **more: object) -> Entidad:
    return Entidad(id=number, nombre=nombre, tipo=TipoEntidad(tipo), offset_inicio=0, offset_fin=1, **more)


def relate(
    hechos: list[str | tuple[str, str]],
    entidades: list[Entidad],
    citas: list[CitaTextual] | None = None,
    datos: list[DatoCuantitativo] | None = None,
) -> RespuestaRelaciones:
    told = []
    for number, item in enumerate(hechos, start=1):
        kind, contenido = item if isinstance(item, tuple) else ("SUCESO", item)
        told.append(
            Hecho(
                id=number,
                contenido=contenido,
                tipo_hecho=TipoHecho(kind),
                etiquetas=("cifra", "muertos"),
                offset_inicio=number * 100,
                offset_fin=number * 100 + 90,
            )
        )
    material = replace(
        MATERIAL,
        elementos=Elementos(hechos=tuple(told), entidades=tuple(entidades)),
        citas_y_datos=CitasYDatos(citas_textuales=tuple(citas or ()), datos_cuantitativos=tuple(datos or ())),
    )
    return answer_relations(material)


@pytest.mark.parametrize(
    ("kind", "contenido", "expected"),
    [
        (
            "SUCESO",
            "La Policía detuvo a Juan Paz en Lima",
            {1: "protagonista", 2: "afectado", 3: "ubicacion"},
        ),
        ("SUCESO", "Juan Paz fue asesinado por el Clan del Golfo", {2: "victima", 4: "agresor"}),
        ("SUCESO", "El Clan del Golfo atacó a Juan Paz", {4: "agresor", 2: "victima"}),
        ("DECLARACION", "Juan Paz dijo que la Policía mintió", {2: "declarante", 1: "mencionado"}),
        ("EVENTO", "La Policía organizó una marcha en Lima", {1: "organizador", 3: "ubicacion"}),
        ("EVENTO", "Juan Paz participó en el foro de Lima", {2: "participante", 3: "ubicacion"}),
        ("SUCESO", "Juan Paz murió en Lima", {2: "victima", 3: "ubicacion"}),
        ("SUCESO", "El ministro se reunió con Juan Paz", {2: "mencionado"}),
    ],
)
def test_roles(kind: str, contenido: str, expected: dict[int, str]) -> None:
    names = [
        entidad(1, "Policía", "INSTITUCION"),
        entidad(2, "Juan Paz"),
        entidad(3, "Lima", "LUGAR"),
        entidad(4, "Clan del Golfo", "ORGANIZACION"),
    ]
    found = relate([(kind, contenido)], names)
    assert {role.entidad_id: role.tipo_relacion.value for role in found.hecho_entidad} == expected


def test_who_is_quoted_declares_even_where_the_sentence_does_not_name_him() -> None:
    cita = CitaTextual(id=1, cita="No iré", entidad_id=1, hecho_id=1, offset_inicio=0, offset_fin=6)
    found = relate([("DECLARACION", "“No iré”, declaró")], [entidad(1, "Ana Rey")], [cita])
    assert [(r.entidad_id, r.tipo_relacion.value) for r in found.hecho_entidad] == [(1, "declarante")]


def test_a_declaration_without_subject_goes_on_with_the_speaker_before() -> None:
    found = relate(
        [("DECLARACION", "Ana Rey dijo que habrá fondos"), ("DECLARACION", "Agregó que el plazo es corto")],
        [entidad(1, "Ana Rey")],
    )
    assert [(r.hecho_id, r.tipo_relacion.value) for r in found.hecho_entidad] == [
        (1, "declarante"),
        (2, "declarante"),
    ]


@pytest.mark.parametrize(
    ("contenido", "expected"),
    [
        ("Ana Rey, esposa de Juan Paz, viajó", "casado_con"),
        ("Ana Rey, hija de Juan Paz, viajó", "familiar_de"),
        ("Ana Rey, sucesora de Juan Paz, viajó", "sucesor_de"),
        ("Ana Rey, rival de Juan Paz, viajó", "opositor_a"),
        ("Ana Rey sustituyó a Juan Paz", "sucesor_de"),
        ("Ana Rey y Juan Paz viajaron", None),
        ("Ana Rey criticó la ley y después llegó Juan Paz", None),
    ],
)
def test_ties_between_people(contenido: str, expected: str | None) -> None:
    found = relate([contenido], [entidad(1, "Ana Rey"), entidad(2, "Juan Paz")])
    ties = [
        (t.entidad_origen_id, t.entidad_destino_id, t.tipo_relacion.value) for t in found.entidad_relacion
    ]
    assert ties == ([] if expected is None else [(1, 2, expected)])


@pytest.mark.parametrize(
    ("descripcion", "expected"),
    [
        ("presidente de la CGT", "miembro_de"),
        ("portavoz de la CGT", "empleado_de"),
        ("expresidente de la CGT", None),
        ("presidente de Chile", None),
        (None, None),
    ],
)
def test_an_office_ties_its_holder_to_the_body(descripcion: str | None, expected: str | None) -> None:
    names = [entidad(1, "Juan Paz", descripcion=descripcion), entidad(2, "CGT", "ORGANIZACION")]
    found = relate(["Juan Paz llegó tarde"], names)
    assert [tie.tipo_relacion.value for tie in found.entidad_relacion] == ([expected] if expected else [])


def test_subsidiary() -> None:
    names = [entidad(1, "Enel Chile", "ORGANIZACION"), entidad(2, "Enel", "ORGANIZACION")]
    found = relate(["Enel Chile, filial de Enel, cortó el servicio"], names)
    assert [tie.tipo_relacion.value for tie in found.entidad_relacion] == ["subsidiaria_de"]


def test_connectives_relate_a_hecho_to_the_one_before() -> None:
    found = relate(
        ["El río se desbordó", "Por ello, la Policía evacuó el barrio", "El alcalde durmió bien"],
        [entidad(1, "Policía", "INSTITUCION")],
    )
    assert [
        (r.hecho_origen_id, r.hecho_destino_id, r.tipo_relacion.value) for r in found.hecho_relacionado
    ] == [(2, 1, "consecuencia")]


def _dato(number: int, hecho: int, valor: int) -> DatoCuantitativo:
    return DatoCuantitativo(
        id=number,
        hecho_id=hecho,
        indicador="muertos",
        categoria=CategoriaDato.CONFLICTO,
        valor=Decimal(valor),
        unidad="personas",
        offset_inicio=0,
        offset_fin=1,
    )


def test_two_values_of_one_thing_contradict_only_where_the_words_disagree() -> None:
    disputed = ["El Gobierno cuenta 12 muertos", "Sin embargo, la Cruz Roja cuenta 30 muertos"]
    datos = [_dato(1, 1, 12), _dato(2, 2, 30)]
    found = relate(disputed, [], datos=datos)  # type: ignore[arg-type]
    assert [
        (c.hecho_principal_id, c.hecho_contradictorio_id, c.tipo.value) for c in found.contradicciones
    ] == [(1, 2, "valor")]
    plain = ["El lunes hubo 12 muertos", "El martes hubo 30 muertos"]
    assert relate(plain, [], datos=datos).contradicciones == []  # type: ignore[arg-type]


def test_a_denial_contradicts_what_it_denies() -> None:
    found = relate(
        ["La Policía dijo que hubo un muerto", "La Policía negó después el muerto"],
        [entidad(1, "Policía", "INSTITUCION")],
    )
    assert [c.tipo.value for c in found.contradicciones] == ["contenido"]


def test_importance_grows_with_weight_and_says_why() -> None:
    found = relate(
        [
            ("NORMATIVA", "El Congreso aprobó el estado de excepción tras la masacre"),
            ("CONCEPTO", "El mate es una bebida"),
        ],
        [entidad(1, "Congreso", "INSTITUCION")],
    )
    high, low = found.importancias
    assert high.importancia >= 8
    assert low.importancia <= 2
    assert high.motivos is not None
    assert "norma" in high.motivos
    assert "estado de excepción" in high.motivos


def test_without_elements_there_is_nothing() -> None:
    empty = answer_relations(MATERIAL)
    assert empty == RespuestaRelaciones(
        hecho_entidad=[], hecho_relacionado=[], entidad_relacion=[], contradicciones=[], importancias=[]
    )


TIES = [
    ("La senadora Ana Rey, del opositor Partido Verde, votó", "PERSONA", "Partido Verde", "miembro_de"),
    ("La economista Ana Rey, de la consultora Faro Sur, lo negó", "PERSONA", "Faro Sur", "empleado_de"),
    ("La jueza Ana Rey, del Tribunal de Lima, falló", "PERSONA", "Tribunal de Lima", "miembro_de"),
    (
        "Ana Rey, profesora de la Universidad del Sur, calcula el costo",
        "PERSONA",
        "Universidad del Sur",
        "empleado_de",
    ),
]


@pytest.mark.parametrize(("contenido", "kind", "body", "tie"), TIES)
def test_appositions_tie_people_to_bodies(contenido: str, kind: str, body: str, tie: str) -> None:
    tipo = "INSTITUCION" if body.startswith(("Tribunal", "Universidad")) else "ORGANIZACION"
    found = relate([contenido], [entidad(1, "Ana Rey", kind), entidad(2, body, tipo)])
    assert [
        (r.entidad_origen_id, r.entidad_destino_id, r.tipo_relacion.value) for r in found.entidad_relacion
    ] == [(1, 2, tie)]


@pytest.mark.parametrize(
    ("hechos", "tipo", "expected"),
    [
        (
            ["Ana Rey rechazó los cargos", "Su esposo, el empresario Luis Paz, se entregó"],
            "PERSONA",
            (2, 1, "casado_con"),
        ),
        (
            ["Ana Rey dice que no se irá", "Su antecesor, Luis Paz, dimitió"],
            "PERSONA",
            (2, 1, "predecesor_de"),
        ),
        (
            ["La Red Andina convocó una vigilia", "Su presidenta, Luis Paz, lo explicó"],
            "ORGANIZACION",
            (2, 1, "miembro_de"),
        ),
        (["Nadie dijo nada", "Su esposo, el empresario Luis Paz, se entregó"], "PERSONA", None),
    ],
)
def test_a_possessive_refers_to_the_subject_before(
    hechos: list[str], tipo: str, expected: tuple[int, int, str] | None
) -> None:
    first = "Red Andina" if tipo == "ORGANIZACION" else "Ana Rey"
    found = relate(list(hechos), [entidad(1, first, tipo), entidad(2, "Luis Paz")]).entidad_relacion
    ties = [(r.entidad_origen_id, r.entidad_destino_id, r.tipo_relacion.value) for r in found]
    assert ties == ([expected] if expected else [])


def test_reactions_answer_the_lead_and_replies_the_hecho_before() -> None:
    entidades = [entidad(1, "Ana Rey"), entidad(2, "Luis Paz"), entidad(3, "Rosa Gil")]
    found = relate(
        [
            "Ana Rey anunció un plan",
            "Luis Paz criticó el plan",
            "Rosa Gil respondió que es bueno",
            "Ana Rey celebró",
        ],
        entidades,
    ).hecho_relacionado
    assert [(r.hecho_origen_id, r.hecho_destino_id, r.tipo_relacion.value) for r in found] == [
        (2, 1, "respuesta_a"),
        (3, 2, "respuesta_a"),
    ]
