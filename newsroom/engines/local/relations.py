"""Stage `relaciones`: who does what in each hecho, how hechos hang together, what contradicts, what matters."""

import re
from dataclasses import dataclass
from functools import cache

from newsroom.engines.base import Material
from newsroom.engines.local.importance import rate_hecho
from newsroom.engines.local.links import find_links
from newsroom.engines.local.rules import folded, groups, lowered
from newsroom.engines.local.verbs import Verb, find_verbs
from newsroom.models.extraccion import CitasYDatos, Elementos, Entidad, Hecho
from newsroom.models.respuestas import (
    ContradiccionRespuesta,
    HechoEntidadRespuesta,
    HechoRelacionadoRespuesta,
    ImportanciaRespuesta,
    RespuestaRelaciones,
)
from newsroom.models.vocabulario import RelacionHechos, RolEnHecho, TipoContradiccion, TipoEntidad, TipoHecho
from newsroom.tokens import Tokens, strip_accents, tokenize

_NEIGHBOUR_CHARS = 600
_PREPOSITIONS = folded("lengua", "preposiciones")


@dataclass(frozen=True)
class Told:
    """A hecho read again: its tokens, verbs, and where in it the entidades stand."""

    hecho: Hecho
    tokens: Tokens
    verbs: list[Verb]
    named: list[tuple[int, int, Entidad]]


def answer_relations(material: Material) -> RespuestaRelaciones:
    """Returns the relations among the elements of `material`; all ids are theirs."""
    elementos = material.elementos or Elementos()
    told = read_hechos(elementos)
    found = material.citas_y_datos or CitasYDatos()
    return RespuestaRelaciones(
        hecho_entidad=[role for tale in told for role in _roles(tale, found)],
        hecho_relacionado=_relate_hechos(told),
        entidad_relacion=find_links(told, elementos),
        contradicciones=_contradict(told, found),
        importancias=[_rate(tale, found) for tale in told],
    )


def read_hechos(elementos: Elementos) -> list[Told]:
    """Returns the hechos with the entidades that each names, in order."""
    forms: dict[str, list[tuple[tuple[str, ...], Entidad]]] = {}
    for entidad in elementos.entidades:
        for form in dict.fromkeys((entidad.nombre, *entidad.alias)):
            words = tuple(tokenize(form).loose)
            if words:
                forms.setdefault(words[0], []).append((words, entidad))
    for entries in forms.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return [_read(hecho, forms) for hecho in elementos.hechos]


def _read(hecho: Hecho, forms: dict[str, list[tuple[tuple[str, ...], Entidad]]]) -> Told:
    tokens = tokenize(hecho.contenido)
    named: list[tuple[int, int, Entidad]] = []
    index = 0
    while index < len(tokens):
        for words, entidad in forms.get(tokens.loose[index], ()):
            end = index + len(words)
            if tuple(tokens.loose[index:end]) == words and not tokens.verbatim[end - 1][0].islower():
                named.append((index, end, entidad))
                index = end - 1
                break
        index += 1
    return Told(hecho, tokens, find_verbs(tokens, 0, len(tokens)), named)


def _roles(told: Told, found: CitasYDatos) -> list[HechoEntidadRespuesta]:
    speakers = {cita.entidad_id for cita in found.citas_textuales if cita.hecho_id == told.hecho.id}
    roles: dict[int, HechoEntidadRespuesta] = {}
    subject = _subject(told)
    for first, last, entidad in told.named:
        if entidad.id in roles:
            continue
        role = _role(told, first, last, entidad, subject, entidad.id in speakers)
        weight = {
            RolEnHecho.PROTAGONISTA: 8,
            RolEnHecho.DECLARANTE: 8,
            RolEnHecho.VICTIMA: 8,
            RolEnHecho.AGRESOR: 8,
        }
        roles[entidad.id] = HechoEntidadRespuesta(
            hecho_id=told.hecho.id,
            entidad_id=entidad.id,
            tipo_relacion=role,
            relevancia_en_hecho=weight.get(role, 4),
        )
    return list(roles.values())


def _main(told: Told) -> Verb | None:
    for verb in told.verbs:
        if verb.first == 0 or told.tokens.loose[verb.first - 1] not in (
            "que",
            "quien",
            "donde",
            "cuando",
            "si",
        ):
            return verb
    return told.verbs[0] if told.verbs else None


def _subject(told: Told) -> int | None:
    """Returns the token where the subject of the main verb begins, if it is a named entidad."""
    main = _main(told)
    if main is None:
        return None
    for first, _, entidad in told.named:
        if (
            entidad.tipo not in (TipoEntidad.LUGAR, TipoEntidad.NORMATIVA)
            and first < main.first
            and not _after_preposition(told, first)
        ):
            return first
    for first, _, entidad in told.named:
        if entidad.tipo is TipoEntidad.PERSONA and first < main.first and not _after_preposition(told, first):
            return first
    behind = [
        first
        for first, _, entidad in told.named
        if main.last <= first <= main.last + 6
        and entidad.tipo is not TipoEntidad.LUGAR
        and not _after_preposition(told, first)
    ]
    return behind[0] if behind and main.lemma in lowered("verbos", "decir") else None


def _after_preposition(told: Told, index: int) -> bool:
    index -= 1
    steps = 0
    while index >= 0 and steps < 4:
        word = told.tokens.loose[index]
        if word in _PREPOSITIONS:
            return True
        if word not in ("el", "la", "los", "las") and word not in lowered("personas", "cargos"):
            return False
        index -= 1
        steps += 1
    return False


def _role(
    told: Told, first: int, last: int, entidad: Entidad, subject: int | None, speaks: bool
) -> RolEnHecho:
    main = _main(told)
    if entidad.tipo is TipoEntidad.LUGAR:
        before = told.tokens.loose[first - 1] if first else ""
        return (
            RolEnHecho.UBICACION
            if before in ("en", "desde", "hasta", "hacia", "de") or first == 0
            else RolEnHecho.MENCIONADO
        )
    if speaks or (first == subject and told.hecho.tipo_hecho is TipoHecho.DECLARACION):
        return RolEnHecho.DECLARANTE
    if main is not None and (harm := _harm(told, main, first, last, subject)) is not None:
        return harm
    if first == subject and main is not None:
        if main.lemma in lowered("verbos", "organizar"):
            return RolEnHecho.ORGANIZADOR
        return (
            RolEnHecho.PARTICIPANTE
            if main.lemma in lowered("verbos", "participar")
            else RolEnHecho.PROTAGONISTA
        )
    return RolEnHecho.MENCIONADO


def _harm(told: Told, main: Verb, first: int, last: int, subject: int | None) -> RolEnHecho | None:
    """Returns who harms and who is harmed, by the verb and its voice."""
    before = told.tokens.loose[first - 1] if first else ""
    agent = before == "por" or (
        before in ("el", "la") and first > 1 and told.tokens.loose[first - 2] == "por"
    )
    hurts = main.lemma in lowered("verbos", "agredir")
    if hurts or main.lemma in lowered("verbos", "afectar"):
        harmed = RolEnHecho.VICTIMA if hurts else RolEnHecho.AFECTADO
        if main.is_passive:
            return harmed if first == subject else (RolEnHecho.AGRESOR if agent and hurts else None)
        if first == subject:
            return RolEnHecho.AGRESOR if hurts else RolEnHecho.PROTAGONISTA
        return harmed if before in ("a", "al") and first > main.first and first - main.last <= 8 else None
    if main.lemma in ("morir", "fallecer", "perecer") and first == subject:
        return RolEnHecho.VICTIMA
    return None


@cache
def _connectives() -> list[tuple[str, RelacionHechos]]:
    pairs = [
        (strip_accents(phrase), RelacionHechos(kind))
        for kind, phrases in groups("relaciones", "conectivos").items()
        for phrase in phrases
    ]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _relate_hechos(told: list[Told]) -> list[HechoRelacionadoRespuesta]:
    """Relates a hecho to the one before it where its first words say how; nothing is guessed."""
    found: list[HechoRelacionadoRespuesta] = []
    for before, after in zip(told, told[1:], strict=False):
        if after.hecho.offset_inicio - before.hecho.offset_fin > _NEIGHBOUR_CHARS:
            continue
        beginning = strip_accents(after.hecho.contenido[:60]).lstrip('«“" ')
        for phrase, kind in _connectives():
            if beginning.startswith(phrase) and not beginning[len(phrase) : len(phrase) + 1].isalnum():
                found.append(
                    HechoRelacionadoRespuesta(
                        hecho_origen_id=after.hecho.id,
                        hecho_destino_id=before.hecho.id,
                        tipo_relacion=kind,
                        fuerza_relacion=6,
                        descripcion_relacion=f"Empieza con «{after.hecho.contenido[: len(phrase)]}»",
                    )
                )
                break
    return found


_NEGATED = re.compile(r"\b(?:" + "|".join(
    re.escape(strip_accents(word)) for word in ("negó", "desmintió", "niega", "desmiente", "es falso", "no es cierto", "refutó")
) + r")\b")  # fmt: skip


def _contradict(told: list[Told], found: CitasYDatos) -> list[ContradiccionRespuesta]:
    """Returns two values of one indicator for one time and place, and denials that follow what they deny."""
    by_id = {tale.hecho.id: tale.hecho for tale in told}
    contradictions: list[ContradiccionRespuesta] = []
    datos = [d for d in found.datos_cuantitativos if d.hecho_id in by_id]
    for place, one in enumerate(datos):
        for other in datos[place + 1 : place + 40]:
            same = (
                strip_accents(one.indicador) == strip_accents(other.indicador) and one.unidad == other.unidad
            )
            if not same or one.valor == other.valor or one.hecho_id == other.hecho_id:
                continue
            if not _disputes(by_id[one.hecho_id or 0], by_id[other.hecho_id or 0]):
                continue
            contradictions.append(
                ContradiccionRespuesta(
                    hecho_principal_id=one.hecho_id or 0,
                    hecho_contradictorio_id=other.hecho_id or 0,
                    tipo=TipoContradiccion.VALOR,
                    grado=3,
                    descripcion=f"{one.indicador}: {one.valor} frente a {other.valor} {one.unidad}",
                )
            )
    return contradictions + _denials(told)


def _disputes(one: Hecho, other: Hecho) -> bool:
    """Tells whether two hechos speak of one time and place, and one of them sets itself against the other."""
    if one.fecha != other.fecha or one.pais != other.pais or one.ciudad != other.ciudad:
        return False
    text = strip_accents(other.contenido)
    marks = (
        "sin embargo",
        "en cambio",
        "por el contrario",
        "cifra",
        "contradice",
        "pero segun",
        "no obstante",
        "eleva",
        "reduce",
        "frente a",
        "segun",
    )
    return any(mark in text for mark in marks)


def _denials(told: list[Told]) -> list[ContradiccionRespuesta]:
    found: list[ContradiccionRespuesta] = []
    for before, after in zip(told, told[1:], strict=False):
        if after.hecho.offset_inicio - before.hecho.offset_fin > _NEIGHBOUR_CHARS:
            continue
        if not _NEGATED.search(strip_accents(after.hecho.contenido)):
            continue
        shared = {e.id for _, _, e in before.named} & {e.id for _, _, e in after.named}
        words = set(before.hecho.etiquetas) & set(after.hecho.etiquetas)
        if shared and words:
            found.append(
                ContradiccionRespuesta(
                    hecho_principal_id=before.hecho.id,
                    hecho_contradictorio_id=after.hecho.id,
                    tipo=TipoContradiccion.CONTENIDO,
                    grado=3,
                    descripcion="El segundo hecho niega lo que dice el primero",
                )
            )
    return found


def _rate(told: Told, found: CitasYDatos) -> ImportanciaRespuesta:
    datos = [d for d in found.datos_cuantitativos if d.hecho_id == told.hecho.id]
    rating = rate_hecho(told.hecho, [entidad for _, _, entidad in told.named], datos)
    return ImportanciaRespuesta(hecho_id=told.hecho.id, importancia=rating.grade, motivos=rating.reasons)
