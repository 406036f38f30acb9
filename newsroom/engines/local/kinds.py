"""Guesses what kind of thing a name is: first from its own words, then from the words around it."""

from dataclasses import dataclass

from newsroom.engines.local.names import Name
from newsroom.language.gazetteer import find_places
from newsroom.language.lists import folded, lowered
from newsroom.language.verbs import is_common_word, read_finite
from newsroom.language.word_classes import (
    head_kind,
    is_first_name,
    is_geographic,
    is_office,
    is_surname,
    is_title,
    offices,
    titles,
)
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import Tokens

_MAX_ACRONYM = 8
_DOUBTFUL = 4
_VERY_DOUBTFUL = 2
_KNOWN_AS = ("conocido", "conocida", "apodado", "apodada")
_PLACE_PREPOSITIONS = frozenset(("en", "desde", "hasta", "hacia"))


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind, and how sure it is: 1 (a default) to 10 (the name's own words say so)."""

    tipo: TipoEntidad
    weight: int


def guess_kinds(tokens: Tokens, names: list[Name]) -> list[tuple[Name, Guess]]:
    """Returns each mention with its likeliest kind. A doubtful one gets the kind of the names in its list."""
    found = [(name, guess_kind(tokens, name)) for name in names]
    for place in range(1, len(found)):
        (before, sure), (name, guess) = found[place - 1], found[place]
        between = tokens.loose[before.last] if name.first - before.last == 1 else ""
        # A comma may begin an apposition instead of a list. So only a name without a kind of its own follows
        # the one before a comma. From the third name on it is a list: «Mexicali, Ensenada, Rosarito».
        row = between == "," and place > 1 and _is_listed_with(tokens, found[place - 2], found[place - 1])
        doubtful = guess.weight <= (_DOUBTFUL if row or between in ("y", "e", "o") else _VERY_DOUBTFUL)
        listed = between in ("y", ",", "e", "o") and doubtful
        if listed and sure.weight > _DOUBTFUL and guess.tipo is not sure.tipo:
            found[place] = (name, Guess(sure.tipo, guess.weight + 1))
    return found


def _is_listed_with(tokens: Tokens, one: tuple[Name, Guess], other: tuple[Name, Guess]) -> bool:
    joined = other[0].first - one[0].last == 1 and tokens.loose[one[0].last] == ","
    return joined and one[1].tipo is other[1].tipo


def guess_kind(tokens: Tokens, name: Name) -> Guess:
    """Returns the likeliest kind of one mention."""
    return _by_own_words(tokens, name) or _by_surroundings(tokens, name) or _by_default(tokens, name)


def _words(tokens: Tokens, name: Name) -> list[str]:
    return [tokens.loose[i] for i in range(name.first, name.last) if tokens.is_word(i)]


def _by_own_words(tokens: Tokens, name: Name) -> Guess | None:
    words = _words(tokens, name)
    by_list = _by_list(tokens, name, words)
    if by_list is not None:
        return by_list
    announced = _announced(tokens, name)
    if announced is not None:
        # «La discoteca Jet Club» says what it is, «el caso Jet Club» only what happened there.
        return Guess(announced, 3 if announced is TipoEntidad.EVENTO else 12)
    if _holds_office(tokens, name):
        return Guess(TipoEntidad.PERSONA, 9)
    kind = head_kind(words)
    named = is_first_name(words[0]) and len(words) > 1
    person = named and (is_surname(words[-1]) or name.last - name.first == len(words) == 2)
    if kind is not None and (len(words) > 1 or kind is not TipoEntidad.LUGAR) and not person:
        return Guess(kind, 8 if len(words) > 1 else 6)
    if any(word in folded("organismos", "finales_organizacion") for word in words[1:]):
        return Guess(TipoEntidad.ORGANIZACION, 8)
    if find_places(" ".join(words)):
        return Guess(TipoEntidad.LUGAR, 7)
    if (name.office is not None and not _is_part_of_office(tokens, name)) or (
        is_first_name(words[0]) and len(words) > 1
    ):
        return Guess(TipoEntidad.PERSONA, 8)
    return _by_shape(tokens, name, words)


def _holds_office(tokens: Tokens, name: Name) -> bool:
    """Returns whether an office or a title stands right before the name: «la senadora Laguna»."""
    before = tokens.verbatim[name.first - 1] if name.first else ""
    listed = name.known is not None and name.known.tipo is not TipoEntidad.LUGAR
    if head_kind(_words(tokens, name)) in (TipoEntidad.ORGANIZACION, TipoEntidad.INSTITUCION):
        return False
    person = before.islower() and (before in offices() or before in titles())
    return (
        person and not listed and tokens.verbatim[name.first].lower() not in lowered("personas", "carteras")
    )


def _by_list(tokens: Tokens, name: Name, words: list[str]) -> Guess | None:
    """Returns the kind of a known name, unless it is a person or a club with the name of a place."""
    if name.known is None:
        return None
    if _is_club(tokens, name, words):
        return Guess(TipoEntidad.ORGANIZACION, 9)
    if name.known.tipo is TipoEntidad.LUGAR and is_first_name(words[0]) and name.office is not None:
        return None
    ambiguous = len(words) == 1 and (is_first_name(words[0]) or is_surname(words[0]))
    return Guess(name.known.tipo, 5 if ambiguous else 9)


def _is_club(tokens: Tokens, name: Name, words: list[str]) -> bool:
    """Returns whether a city's name stands for its club. A city has no article; «el Barcelona» is a club."""
    if name.known is None or name.known.tipo is not TipoEntidad.LUGAR or not name.first:
        return False
    if tokens.loose[name.first - 1] not in ("el", "del", "al"):
        return False
    found = find_places(" ".join(words))
    return (
        bool(found) and found[0].level == "ciudad" and not any(p.level in ("region", "pais") for p in found)
    )


def _announced(tokens: Tokens, name: Name) -> TipoEntidad | None:
    """Returns the kind that the noun directly before the name states: «grupo Carlos Patiño»."""
    index = name.first - 1
    if index > 0 and tokens.verbatim[index] == '"':
        index -= 1
    if index < 0 or not tokens.verbatim[index][0].islower():
        return None
    word = tokens.loose[index]
    known_as = word == "como" and index > 0 and tokens.loose[index - 1] in _KNOWN_AS
    if word == "alias" or known_as:
        return TipoEntidad.PERSONA
    return head_kind([word]) if word in folded("organismos", "nombran") else None


def _is_part_of_office(tokens: Tokens, name: Name) -> bool:
    return tokens.loose[name.first - 1] in ("de", "del", "la", "los", "las") if name.first else False


def _by_shape(tokens: Tokens, name: Name, words: list[str]) -> Guess | None:
    first = tokens.verbatim[name.first]
    if (
        len(words) > 1
        and words[0] in folded("lengua", "articulos")
        and tokens.verbatim[name.first - 1] == '"'
    ):
        return Guess(TipoEntidad.PERSONA if words[0] in ("el", "la") else TipoEntidad.ORGANIZACION, 4)
    if len(words) == 1 and any(char.isupper() for char in first[1:]) and not first.isupper():
        return Guess(TipoEntidad.ORGANIZACION, 6)
    if any(word in folded("organismos", "adjetivos") for word in words[1:]):
        return Guess(TipoEntidad.ORGANIZACION, 6)
    if len(words) > 1 and is_geographic(words[0]):
        return Guess(TipoEntidad.LUGAR, 6)
    hyphened = len(words) > 1 and all(tokens.verbatim[i].isupper() for i in range(name.first, name.last, 2))
    glued = hyphened and all(tokens.verbatim[i] == "-" for i in range(name.first + 1, name.last, 2))
    if glued or (len(words) == 1 and first.isupper() and 2 <= len(first) <= _MAX_ACRONYM):
        return Guess(TipoEntidad.ORGANIZACION, 5)
    if 1 < len(words) <= 5 and any(is_surname(word) or is_first_name(word) for word in words):
        return Guess(TipoEntidad.PERSONA, 6)
    return None


def _by_surroundings(tokens: Tokens, name: Name) -> Guess | None:
    before = tokens.loose[name.first - 1] if name.first else ""
    head = _lower_head_before(tokens, name.first)
    if head is not None:
        return Guess(head, 7)
    if before == "(" and len(_words(tokens, name)) == 1:
        return Guess(TipoEntidad.ORGANIZACION, 3)
    if before in _PLACE_PREPOSITIONS:
        return Guess(TipoEntidad.LUGAR, 6)
    if _has_saying_beside(tokens, name):
        return Guess(TipoEntidad.PERSONA, 5)
    plain = name.last - name.first == 1 and _is_noun(tokens.verbatim[name.first].lower())
    if before in ("el", "la", "los", "las", "del", "al") and not plain:
        return Guess(TipoEntidad.ORGANIZACION, 3)
    if before in ("por", "con", "segun") and len(_words(tokens, name)) == 1:
        common = _is_noun(tokens.verbatim[name.first].lower())
        return Guess(TipoEntidad.ORGANIZACION if common else TipoEntidad.PERSONA, 2)
    return None


def _lower_head_before(tokens: Tokens, index: int) -> TipoEntidad | None:
    """Returns the kind that a noun before the name announces: «río Bravo», «la empresa Odebrecht»."""
    place = index - 1
    if place >= 0 and tokens.loose[place] in ("de", "del"):
        kind = head_kind([tokens.loose[place - 1]]) if place else None
        return kind if kind is TipoEntidad.LUGAR else None
    if place >= 0 and (is_office(tokens.verbatim[place].lower()) or is_title(tokens.verbatim[place].lower())):
        return TipoEntidad.PERSONA
    return head_kind([tokens.loose[place]]) if place >= 0 and tokens.verbatim[place][0].islower() else None


def _has_saying_beside(tokens: Tokens, name: Name) -> bool:
    for index in (name.last, name.first - 1):
        if 0 <= index < len(tokens):
            finite = read_finite(tokens.verbatim[index].lower())
            if finite is not None and finite[0] in lowered("verbos", "decir"):
                return True
    return False


def _is_noun(word: str) -> bool:
    """Returns whether the dictionary has a word other than as a verb. So «Pelé» is a name."""
    return is_common_word(word) and read_finite(word) is None


def _by_default(tokens: Tokens, name: Name) -> Guess:
    words = _words(tokens, name)
    if len(words) == 1:
        if is_first_name(words[0]) or is_surname(words[0]):
            return Guess(TipoEntidad.PERSONA, 4)
        if _is_noun(tokens.verbatim[name.first].lower()):
            return Guess(TipoEntidad.CONCEPTO, 1)
        after_de = name.first > 0 and tokens.loose[name.first - 1] == "de"
        return Guess(TipoEntidad.ORGANIZACION if after_de else TipoEntidad.PERSONA, 1)
    if len(words) <= 4 and not any(is_common_word(word) for word in words):
        return Guess(TipoEntidad.PERSONA, 3)
    plain = all(
        _is_noun(tokens.verbatim[i].lower()) for i in range(name.first, name.last) if tokens.is_word(i)
    )
    return Guess(TipoEntidad.CONCEPTO if plain else TipoEntidad.ORGANIZACION, 2)
