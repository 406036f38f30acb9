"""Finds the role of each entidad in a hecho, from its place in the sentence and from the verb."""

from collections.abc import Sequence

from newsroom.engines.local.told import Told
from newsroom.language.lists import lowered
from newsroom.language.verbs import Verb
from newsroom.models.extraccion import CitasYDatos, Entidad
from newsroom.models.respuestas import HechoEntidadRespuesta
from newsroom.models.vocabulario import RolEnHecho, TipoEntidad, TipoHecho

_WEIGHTS = {
    RolEnHecho.PROTAGONISTA: 8, RolEnHecho.DECLARANTE: 8, RolEnHecho.VICTIMA: 8, RolEnHecho.AGRESOR: 8,
    RolEnHecho.ORGANIZADOR: 7, RolEnHecho.AFECTADO: 7, RolEnHecho.PARTICIPANTE: 6, RolEnHecho.UBICACION: 5,
}  # fmt: skip
_MENTIONED = 4
_NEAR_TOKENS = 8
_NEIGHBOUR_CHARS = 600
_DYING = ("morir", "fallecer", "perecer")


def find_all_roles(told: Sequence[Told], found: CitasYDatos) -> list[HechoEntidadRespuesta]:
    """Returns the roles in all hechos. The speaker of «Agregó que ...» is that of the hecho before."""
    roles: list[HechoEntidadRespuesta] = []
    speaker: int | None = None
    last_end = 0
    for tale in told:
        own = find_roles(tale, found)
        speaking = [role.entidad_id for role in own if role.tipo_relacion is RolEnHecho.DECLARANTE]
        near = tale.hecho.offset_inicio - last_end < _NEIGHBOUR_CHARS
        if not speaking and speaker is not None and near and _goes_on(tale):
            own = [role for role in own if role.entidad_id != speaker]
            own.append(_state(tale.hecho.id, speaker, RolEnHecho.DECLARANTE))
            speaking = [speaker]
        roles.extend(own)
        speaker, last_end = (speaking[0] if speaking else None), tale.hecho.offset_fin
    return roles


def _goes_on(told: Told) -> bool:
    """Returns whether a declaration begins with its verb, so that its subject is in the sentence before."""
    main = told.main_verb()
    return told.hecho.tipo_hecho is TipoHecho.DECLARACION and main is not None and main.first <= 1


def find_roles(told: Told, found: CitasYDatos) -> list[HechoEntidadRespuesta]:
    """Returns one role for each entidad that the hecho names or quotes."""
    speakers = {
        cita.entidad_id
        for cita in found.citas_textuales
        if cita.hecho_id == told.hecho.id and cita.entidad_id is not None
    }
    subject = told.subject()
    roles: dict[int, RolEnHecho] = {}
    for first, _, entidad in told.named:
        if entidad.id not in roles:
            roles[entidad.id] = _role(told, first, entidad, subject, speakers)
    for speaker in sorted(speakers):
        roles.setdefault(speaker, RolEnHecho.DECLARANTE)
    return [_state(told.hecho.id, number, role) for number, role in roles.items()]


def _state(hecho: int, entidad: int, role: RolEnHecho) -> HechoEntidadRespuesta:
    return HechoEntidadRespuesta(
        hecho_id=hecho,
        entidad_id=entidad,
        tipo_relacion=role,
        relevancia_en_hecho=_WEIGHTS.get(role, _MENTIONED),
    )


def _role(told: Told, first: int, entidad: Entidad, subject: int | None, speakers: set[int]) -> RolEnHecho:
    if entidad.tipo is TipoEntidad.LUGAR:
        located = first == 0 or told.preposition_before(first) in ("en", "desde", "hasta", "hacia", "de")
        return RolEnHecho.UBICACION if located else RolEnHecho.MENCIONADO
    declared = told.hecho.tipo_hecho is TipoHecho.DECLARACION and not speakers
    if entidad.id in speakers or (first == subject and declared):
        return RolEnHecho.DECLARANTE
    main = told.main_verb()
    if main is None:
        return RolEnHecho.MENCIONADO
    return _harm(told, main, first, first == subject) or _act(main, first == subject)


def _act(main: Verb, is_subject: bool) -> RolEnHecho:
    if not is_subject:
        return RolEnHecho.MENCIONADO
    if main.lemma in lowered("verbos", "organizar"):
        return RolEnHecho.ORGANIZADOR
    return (
        RolEnHecho.PARTICIPANTE if main.lemma in lowered("verbos", "participar") else RolEnHecho.PROTAGONISTA
    )


def _harm(told: Told, main: Verb, first: int, is_subject: bool) -> RolEnHecho | None:
    """Returns whether an entidad harms or is harmed, by the verb and its voice; None if neither."""
    if main.lemma in _DYING:
        return RolEnHecho.VICTIMA if is_subject else None
    hurts = main.lemma in lowered("verbos", "agredir")
    if not hurts and main.lemma not in lowered("verbos", "afectar"):
        return None
    harmed = RolEnHecho.VICTIMA if hurts else RolEnHecho.AFECTADO
    preposition = told.preposition_before(first)
    if main.is_passive:
        agent = preposition == "por" and hurts
        return harmed if is_subject else RolEnHecho.AGRESOR if agent else None
    if is_subject:
        return RolEnHecho.AGRESOR if hurts else RolEnHecho.PROTAGONISTA
    is_object = preposition in ("a", "al") and main.last <= first <= main.last + _NEAR_TOKENS
    return harmed if is_object else None
