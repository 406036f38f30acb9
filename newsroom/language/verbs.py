"""Finds the verbs of a sentence. simplemma's dictionary gives the infinitive, the ending gives the tense."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import simplemma

from newsroom.language.lists import lowered, table
from newsroom.tokens import Tokens

_CACHED_WORDS = 100_000
# Decirlo, negarlos, haciéndose: the dictionary has no verbs with pronouns.
_CLITIC = re.compile(r"(?:[aeiáéí]r|ndo)(?:se|me|te|nos|lo|los|la|las|le|les){1,2}$")
_MAX_BETWEEN = 4
_SUBORDINATE = frozenset(
    ("que", "quien", "quienes", "donde", "cuando", "si", "cual", "cuales", "cuyo", "cuya", "como")
)
_OF_WHICH = ("cuyo", "cuya", "cuyos", "cuyas")
_INFINITIVE = ("ar", "er", "ir", "ír")


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb group: the tokens `first:last`, and the `lemma` of its main verb.

    `tense` is pasado, imperfecto, presente, futuro, condicional or subjuntivo.
    """

    first: int
    last: int
    lemma: str
    tense: str
    is_passive: bool = False
    is_first_person: bool = False


@lru_cache(maxsize=_CACHED_WORDS)
def lemmatize(word: str) -> str:
    """Returns the dictionary form of a lower-case Spanish word, or the word itself if it is unknown."""
    return simplemma.lemmatize(word, lang="es")


@lru_cache(maxsize=_CACHED_WORDS)
def is_common_word(word: str) -> bool:
    """Returns whether the dictionary has the lower-case word, or would have it if it listed adverbs."""
    return word.endswith("mente") or _CLITIC.search(word) is not None or simplemma.is_known(word, lang="es")


@lru_cache(maxsize=_CACHED_WORDS)
def read_finite(word: str) -> tuple[str, str] | None:
    """Returns infinitive and tense of a lower-case word that is a finite verb form, else None."""
    if word.isascii() and word.endswith(("o", "a")) and not simplemma.is_known(word, lang="es"):
        # A text without accents: «aprobo», «destinara».
        word = word[:-1] + ("ó" if word.endswith("o") else "á")
    if len(word) < 2 or word in lowered("verbos", "no_verbos") or word in lowered("personas", "cargos"):
        return None
    lemma = lemmatize(word)
    if word.endswith("es") and word[:-2] == lemma:
        # Hogares and militares are plurals of nouns that end like infinitives.
        return None
    if not lemma.endswith(_INFINITIVE) or lemma == word or word.endswith(("ndo", "ado", "ido", "ada", "ida")):
        return None
    if read_participle(word) is not None and word not in lowered("lengua", "preteritos"):
        return None
    if word.endswith(("ados", "idos", "adas", "idas", "arse", "erse", "irse")):
        return None
    tense = _read_tense(word)
    return None if tense is None else (lemma, tense)


def _read_tense(word: str) -> str | None:
    if word in lowered("lengua", "preteritos") or word.endswith(
        ("ó", "aron", "ieron", "yeron", "jeron", "jo", "uvo", "uso")
    ):
        return "pasado"
    if word.endswith(("rá", "rán", "rás", "remos", "ré")):
        return "futuro"
    if word.endswith(("ría", "rían")):
        return "condicional"
    if word.endswith(("aba", "aban", "ábamos", "ía", "ían", "íamos")) or word in ("era", "eran"):
        return "imperfecto"
    if word.endswith(("ara", "aran", "iera", "ieran", "iese", "iesen")):
        return "subjuntivo"
    if word.endswith(("é", "í")):
        return "pasado"
    return (
        "presente" if word.endswith(("a", "e", "an", "en", "mos", "s", "n", "á", "án", "oy", "y")) else None
    )


@cache
def _irregular_participles() -> dict[str, str]:
    return {str(form): str(verb) for verb, form in table("lengua")["participios"].items()}


@lru_cache(maxsize=_CACHED_WORDS)
def read_participle(word: str) -> str | None:
    """Returns the infinitive of a lower-case participle; None for any other word."""
    masculine = word.rstrip("s")
    masculine = masculine[:-1] + "o" if masculine.endswith("a") else masculine
    if masculine in _irregular_participles():
        return _irregular_participles()[masculine]
    if masculine.endswith("ado"):
        return masculine[:-3] + "ar"
    if masculine.endswith(("ido", "ído")):
        for ending in ("ir", "er"):
            if is_common_word(masculine[:-3] + ending):
                return masculine[:-3] + ending
    return None


def find_verbs(tokens: Tokens, first: int, last: int) -> list[Verb]:
    """Returns the finite verb groups among the tokens `first:last`, in order."""
    words = [tokens.verbatim[index].lower() for index in range(first, last)]
    verbs: list[Verb] = []
    place = 0
    while place < len(words):
        verb = _read_group(words, place, first) if _may_be_verb(tokens, words, place, first) else None
        if verb is not None:
            verbs.append(verb)
            place = verb.last - first
        else:
            place += 1
    return verbs


def _may_be_verb(tokens: Tokens, words: Sequence[str], place: int, first: int) -> bool:
    word = tokens.verbatim[first + place]
    if not word[0].isalpha() or (word[0].isupper() and place > 0 and words[place - 1].isalpha()):
        return False
    # A noun follows an article, a preposition or a possessive: «el anuncia» is not Spanish.
    return place == 0 or words[place - 1] not in lowered("lengua", "ante_sustantivo")


def _read_group(words: Sequence[str], place: int, first: int) -> Verb | None:
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    tense = "pasado" if word in ("ha", "han", "he", "has", "hemos", "había", "habían") else None
    is_first = word in ("he", "hemos", "voy", "vamos") or word.endswith("mos")
    if word in lowered("lengua", "haber") and (lemma := read_participle(following)):
        passive = (
            following in lowered("lengua", "ser")
            and place + 2 < len(words)
            and read_participle(words[place + 2])
        )
        end = place + 3 if passive else place + 2
        return Verb(
            first + place, first + end, passive or lemma, tense or _read_tense(word) or "pasado",
            bool(passive), is_first,
        )  # fmt: skip
    if (
        word in lowered("lengua", "ir")
        and following == "a"
        and place + 2 < len(words)
        and words[place + 2].endswith(_INFINITIVE)
    ):
        return Verb(first + place, first + place + 3, words[place + 2], "futuro", False, is_first)
    finite = read_finite(word)
    if finite is None:
        return None
    if finite[0] == "dar" and following == "a" and words[place + 2 : place + 3] == ["conocer"]:
        return Verb(first + place, first + place + 3, "anunciar", finite[1], False, is_first)
    if word in lowered("lengua", "ser") and (participle := read_participle(following)):
        return Verb(first + place, first + place + 2, participle, finite[1], True, is_first)
    return Verb(first + place, first + place + 1, *finite, False, is_first)


def choose_main(tokens: Tokens, verbs: Sequence[Verb]) -> Verb | None:
    """Returns the first verb outside a subordinate clause, else the first verb; None without verbs."""
    return next((verb for verb in verbs if not is_subordinate(tokens, verb)), verbs[0] if verbs else None)


def is_subordinate(tokens: Tokens, verb: Verb) -> bool:
    """Returns whether «que», «quien» or «cuando» stands before a verb. Only small words may be between."""
    if any(word in _OF_WHICH for word in tokens.loose[max(0, verb.first - _MAX_BETWEEN) : verb.first]):
        # After «cuya» a noun stands between: «cuya misión visitó Bata».
        return True
    for index in range(verb.first - 1, max(-1, verb.first - 1 - _MAX_BETWEEN), -1):
        if tokens.loose[index] in _SUBORDINATE:
            return True
        if tokens.verbatim[index].lower() not in lowered("lengua", "ante_verbo"):
            return False
    return False


def is_saying(word: str) -> bool:
    """Returns whether a word is a finite form of a verb of saying."""
    return _is_form(word, "decir") or word in lowered("verbos", "decir_formas")


def may_say(word: str) -> bool:
    """Returns whether a word beside a quotation is a form of a verb that says who speaks."""
    return is_saying(word) or _is_form(word, "decir_con_cita")


def _is_form(word: str, key: str) -> bool:
    lower, verbs = word.lower(), lowered("verbos", key)
    finite = read_finite(lower)
    return lower in verbs or (finite is not None and finite[0] in verbs)
