"""Folds the mentions of names into entidades, each with its full form, its aliases and its kind."""

from collections import Counter
from dataclasses import dataclass, field

from newsroom.engines.local.kinds import Guess, guess_kinds
from newsroom.engines.local.names import Name
from newsroom.language.gazetteer import find_places
from newsroom.language.lists import folded, lowered
from newsroom.language.verbs import is_common_word
from newsroom.language.word_classes import head_kind, is_first_name, is_office, is_surname, is_title
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import Tokens, strip_accents

_MAX_NAMESAKES = 60
_LONGEST_ACRONYM = 8
_DATELINE = [")", ".", "-"]
_BODIES = frozenset((TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION))
_SECRETARIA = "se"
_PORTFOLIO_HEADS = ("secretaria", "ministerio", "subsecretaria", "departamento")
_BEFORE_ALIAS = frozenset((",", "(", '"', "como", "conocido", "conocida", "tambien", "el", "la"))
_SMALL = folded("lengua", "particulas")


@dataclass(slots=True)
class Entity:
    """One thing that a text names.

    `name` is its fullest form and `aliases` are the other forms, verbatim. `mentions` are its places in
    order.
    """

    name: str
    tipo: TipoEntidad
    words: tuple[str, ...]
    aliases: list[str] = field(default_factory=list)
    mentions: list[Name] = field(default_factory=list)
    acronym: str = ""

    def forms(self) -> list[str]:
        """Returns the name and its aliases."""
        return [self.name, *self.aliases]


def fold_mentions(tokens: Tokens, names: list[Name]) -> list[Entity]:
    """Returns the entidades of the mentions, in the order of their first mention."""
    groups: dict[tuple[str, ...], list[tuple[Name, Guess]]] = {}
    for name, guess in guess_kinds(tokens, names):
        if not _is_office_complement(tokens, name) and not _is_dateline(tokens, name):
            groups.setdefault(_key(tokens, name), []).append((name, guess))
    surnames = {
        word
        for words, mentions in groups.items()
        if len(words) > 1 and any(guess.tipo is TipoEntidad.PERSONA for _, guess in mentions)
        for word in words[1:]
    }
    entities = [
        _make(tokens, words, mentions)
        for words, mentions in groups.items()
        if _is_worth(mentions) or (len(words) == 1 and words[0] in surnames)
    ]
    entities = _fold_aliases(tokens, _fold_acronyms(tokens, entities))
    entities = _fold_people(entities)
    entities = _fold_bodies(entities)
    named = [entity for entity in entities if not _is_generic(entity)]
    return sorted(named, key=lambda entity: entity.mentions[0].first)


def _is_generic(entity: Entity) -> bool:
    """Returns whether a name is a single word that names nothing, such as «la República»."""
    if len(entity.words) != 1:
        return False
    word = entity.words[0]
    if word in folded("organismos", "genericas"):
        return True
    listed = is_first_name(word) or is_surname(word) or entity.mentions[0].known is not None or entity.aliases
    sure = listed or entity.name.isupper() or head_kind([word]) is not None
    return not sure and all(name.begins and name.office is None for name in entity.mentions)


def _key(tokens: Tokens, name: Name) -> tuple[str, ...]:
    return tuple(tokens.loose[i] for i in range(name.first, name.last) if tokens.is_word(i))


def _text(tokens: Tokens, name: Name) -> str:
    return tokens.text[tokens.starts[name.first] : tokens.ends[name.last - 1]]


def _is_dateline(tokens: Tokens, name: Name) -> bool:
    """Returns whether a name is that of the agency in a dateline: «Santo Domingo, 10 jul (AC).-»."""
    behind = tokens.verbatim[name.last : name.last + 3]
    return name.first > 0 and tokens.verbatim[name.first - 1] == "(" and behind in (_DATELINE, _DATELINE[::2])


def _is_office_complement(tokens: Tokens, name: Name) -> bool:
    """Returns whether a name only completes an office: Economía in «ministra de Economía»."""
    if name.first < 2 or (name.known is not None and name.known.tipo is not TipoEntidad.INSTITUCION):
        return False
    index = name.first - 1
    while index > 0 and tokens.loose[index] in _SMALL:
        index -= 1
    if index == name.first - 1 or not (
        is_office(tokens.verbatim[index].lower()) or is_title(tokens.verbatim[index].lower())
    ):
        return False
    words = [tokens.verbatim[i].lower() for i in range(name.first, name.last) if tokens.is_word(i)]
    is_body = name.known is not None or head_kind(list(_key(tokens, name))) is not None
    # «director de la CIA» names the CIA, «presidenta del Congreso» the Congreso.
    if is_body and words[0] not in lowered("personas", "carteras"):
        return False
    fields = folded("personas", "carteras")
    return all(is_common_word(word) or strip_accents(word) in fields for word in words if word not in _SMALL)


def _is_worth(mentions: list[tuple[Name, Guess]]) -> bool:
    """Returns whether a name is more than a common noun in upper case."""
    return any(guess.tipo is not TipoEntidad.CONCEPTO or guess.weight > 1 for _, guess in mentions)


def _make(tokens: Tokens, words: tuple[str, ...], mentions: list[tuple[Name, Guess]]) -> Entity:
    votes: Counter[TipoEntidad] = Counter()
    for _, guess in mentions:
        votes[guess.tipo] += guess.weight
    spellings = Counter(_text(tokens, name) for name, _ in mentions)
    mixed = [text for text in spellings if not text.isupper()] or list(spellings)
    best = max(mixed, key=lambda text: spellings[text])
    return Entity(best, votes.most_common(1)[0][0], words, [], [name for name, _ in mentions])


def _absorb(full: Entity, part: Entity) -> None:
    generic = full.tipo is TipoEntidad.NORMATIVA and part.words[0] in folded("organismos", "genericas")
    for form in part.forms() if not (generic and len(part.words) == 1) else ():
        if form != full.name and form not in full.aliases:
            full.aliases.append(form)
    full.mentions = sorted((*full.mentions, *part.mentions), key=lambda name: name.first)


def _fold_acronyms(tokens: Tokens, entities: list[Entity]) -> list[Entity]:
    """Returns the entidades with acronyms folded into the full names beside them.

    Examples: «Secretaría de la Defensa Nacional (Sedena)», «IMSS (Instituto Mexicano ...)».
    """
    ending = {name.last: entity for entity in entities for name in entity.mentions}
    gone: set[int] = set()
    for entity in entities:
        for name in entity.mentions:
            opening = name.first - 1
            if opening < 1 or id(entity) in gone:
                continue
            beside = ending.get(name.first)
            glued = beside is not None and "".join(entity.words) == _initials(beside.words)
            outer = beside if glued else ending.get(opening) if tokens.verbatim[opening] == "(" else None
            if outer is None or outer is entity or id(outer) in gone or not (glued or _closes(tokens, name)):
                continue
            long, short = (outer, entity) if len(outer.words) > len(entity.words) else (entity, outer)
            acronym = "".join(short.words)
            abbreviates = (len(short.words) == 1 or short.name.isupper()) and _abbreviates(
                acronym, long.words
            )
            given = short is entity and tokens.verbatim[name.last] == ")" and _is_given(long, short)
            if abbreviates or given:
                long.acronym = short.name
                if long.tipo is TipoEntidad.CONCEPTO:
                    # A thing that has initials is a body that acts: «Fuerza Regional (FR)».
                    long.tipo = TipoEntidad.ORGANIZACION
                _absorb(long, short)
                gone.add(id(short))
                break
    return [entity for entity in entities if id(entity) not in gone]


def _fold_aliases(tokens: Tokens, entities: list[Entity]) -> list[Entity]:
    """Returns the entidades with nicknames folded into the person before: «Pedro Rey, alias "El Topo"»."""
    ending = {name.last: entity for entity in entities for name in entity.mentions}
    gone: set[int] = set()
    for entity in entities:
        for name in entity.mentions:
            index = name.first - 1
            while index > 0 and tokens.loose[index] in folded("lengua", "apodan") | _BEFORE_ALIAS:
                index -= 1
            words = tokens.loose[index + 1 : name.first]
            bearer = ending.get(index + 1)
            if bearer is None or bearer is entity or bearer.tipo is not TipoEntidad.PERSONA:
                continue
            if folded("lengua", "apodan") & set(words) and id(bearer) not in gone:
                _absorb(bearer, entity)
                gone.add(id(entity))
                break
    return [entity for entity in entities if id(entity) not in gone]


def _closes(tokens: Tokens, name: Name) -> bool:
    return name.last < len(tokens) and tokens.verbatim[name.last] in (")", ",", ";")


def _is_given(long: Entity, short: Entity) -> bool:
    """Returns whether a bracket after a body holds its acronym, perhaps in another language (FBI)."""
    if long.tipo not in _BODIES or short.tipo not in _BODIES or len(long.words) < 2 or len(short.words) > 1:
        return False
    if len(short.name) > _LONGEST_ACRONYM or not short.name.isalpha():
        return False
    return short.name.isupper() or (short.name[0].isupper() and short.words[0][0] == long.words[0][0])


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[0] for word in words if word not in _SMALL)


def _abbreviates(short: str, words: tuple[str, ...]) -> bool:
    """Returns whether a folded acronym can stand for the words: they have its letters in order."""
    letters = short
    if short[0] != next((word[0] for word in words if word not in _SMALL), ""):
        if short == _initials(words)[-len(short) :]:
            return True
        if not short.startswith(_SECRETARIA):
            return False
        # Sedena can stand behind «Defensa Nacional»: its «se» is the Secretaría.
        letters = short[len(_SECRETARIA) :]
    text = iter("".join(words))
    return all(letter in text for letter in letters)


def _fold_people(entities: list[Entity]) -> list[Entity]:
    """Returns the entidades with surnames, first names and initials folded into the fuller person.

    If several people fit, it is the one named last before.
    """
    people = sorted(
        (e for e in entities if e.tipo is TipoEntidad.PERSONA), key=lambda entity: -len(entity.words)
    )
    by_word = _index(people)
    gone: set[int] = set()
    for part in sorted(entities, key=lambda entity: len(entity.words)):
        foldable = part.tipo is TipoEntidad.PERSONA or (
            len(part.words) == 1 and (part.mentions[0].known is None or _is_town(part))
        )
        if not foldable:
            continue
        candidates = by_word.get(part.words[0], ()) or by_word.get(f"={part.words[0]}", ())
        fuller = [
            full for full in candidates if full is not part and id(full) not in gone and _is_part(part, full)
        ]
        if fuller:
            _absorb(_nearest(fuller, part), part)
            gone.add(id(part))
    return [entity for entity in entities if id(entity) not in gone]


def _index(entities: list[Entity]) -> dict[str, list[Entity]]:
    """Returns the entidades by each of their words, and by their initials with «=» in front."""
    found: dict[str, list[Entity]] = {}
    for entity in entities:
        for key in {*entity.words, f"={_initials(entity.words)}"}:
            entries = found.setdefault(key, [])
            if len(entries) < _MAX_NAMESAKES:
                entries.append(entity)
    return found


def _is_town(part: Entity) -> bool:
    """Returns whether a place has a name that is also a surname: Burgos and Santander, not Argentina."""
    found = find_places(part.name)
    return part.tipo is TipoEntidad.LUGAR and bool(found) and found[0].level in ("ciudad", "region")


def _is_part(part: Entity, full: Entity) -> bool:
    if len(full.words) <= len(part.words):
        return False
    if len(part.words) == 1 and len(part.words[0]) >= 3 and part.words[0] == _initials(full.words):
        return True
    size = len(part.words)
    places = [i for i in range(len(full.words) - size + 1) if full.words[i : i + size] == part.words]
    if not places:
        return len(part.words) == 2 and part.words[0] == full.words[0] and part.words[1] in full.words
    # A second first name alone is too weak to mean the person: «María» for José María Rey.
    return bool(places) and (
        size > 1 or places[0] == 0 or not is_first_name(part.words[0]) or len(full.words) == 2
    )


def _nearest(fuller: list[Entity], part: Entity) -> Entity:
    at = part.mentions[0].first
    before = [full for full in fuller if full.mentions[0].first < at]
    if not before:
        return min(fuller, key=lambda full: full.mentions[0].first)
    return max(before, key=lambda full: max(name.first for name in full.mentions if name.first < at))


def _fold_bodies(entities: list[Entity]) -> list[Entity]:
    """Returns the entidades with «la Fiscalía» folded into «Fiscalía General de la República».

    It needs a single such body in the text.
    """
    kinds = (TipoEntidad.INSTITUCION, TipoEntidad.NORMATIVA, TipoEntidad.ORGANIZACION)
    bodies = [entity for entity in entities if entity.tipo in kinds]
    by_word = _index(bodies)
    gone: set[int] = set()
    for part in sorted(bodies, key=lambda entity: len(entity.words)):
        candidates = (*by_word.get(part.words[0], ()), *by_word.get(f"={part.words[0]}", ()))
        longer = {id(full): full for full in candidates if id(full) not in gone and _shortens(part, full)}
        if len(longer) == 1:
            _absorb(next(iter(longer.values())), part)
            gone.add(id(part))
    return [entity for entity in entities if id(entity) not in gone]


def _shortens(part: Entity, full: Entity) -> bool:
    """Returns whether a body's name is the beginning or the initials of another one's."""
    size = len(part.words)
    if full is part or len(full.words) <= size:
        return False
    if size == 1 and len(part.words[0]) > 1 and part.words[0] == _initials(full.words):
        return True
    if size > 1 and full.words[0] in _PORTFOLIO_HEADS and full.words[-size:] == part.words:
        return True
    begins = full.words[:size] == part.words
    return begins and (size > 1 or head_kind(list(part.words)) is not None)
