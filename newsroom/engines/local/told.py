"""Reads a hecho again for its relations: its words, its verbs, and the places of the entidades in it."""

from dataclasses import dataclass

from newsroom.language.lists import folded, lowered
from newsroom.language.verbs import Verb, choose_main, find_verbs
from newsroom.language.word_classes import is_office
from newsroom.models.extraccion import Elementos, Entidad, Hecho
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import Tokens, tokenize

_BEHIND_TOKENS = 7
_Forms = dict[str, list[tuple[tuple[str, ...], Entidad]]]


@dataclass(frozen=True)
class Told:
    """A hecho with its tokens, its verbs, and each name in it as (first token, token behind, entidad)."""

    hecho: Hecho
    tokens: Tokens
    verbs: list[Verb]
    named: list[tuple[int, int, Entidad]]

    def main_verb(self) -> Verb | None:
        """Returns the first verb outside a subordinate clause, else the first."""
        return choose_main(self.tokens, self.verbs)

    def preposition_before(self, index: int) -> str:
        """Returns the preposition before a name, if only articles and offices stand between; else empty."""
        index -= 1
        for _ in range(6):
            if index < 0:
                break
            word = self.tokens.loose[index]
            if word in folded("lengua", "preposiciones"):
                return word
            if word not in folded("lengua", "articulos") and not is_office(
                self.tokens.verbatim[index].lower()
            ):
                break
            index -= 1
        return ""

    def subject(self) -> int | None:
        """Returns the token where the subject of the main verb begins, if it is a named entidad."""
        main = self.main_verb()
        if main is None:
            return None
        acting = [
            (first, entidad)
            for first, _, entidad in self.named
            if entidad.tipo not in (TipoEntidad.LUGAR, TipoEntidad.NORMATIVA, TipoEntidad.CONCEPTO)
            and not self.preposition_before(first)
        ]
        before = [(first, entidad) for first, entidad in acting if first < main.first]
        people = [first for first, entidad in before if entidad.tipo is TipoEntidad.PERSONA]
        if before:
            return people[0] if people else before[0][0]
        reach = range(main.last, min(len(self.tokens), main.last + _BEHIND_TOKENS))
        stop = next((index for index in reach if self.tokens.loose[index] == "que"), reach.stop)
        behind = [first for first, _ in acting if main.last <= first < stop]
        return behind[0] if behind and main.lemma in lowered("verbos", "decir") else None


def read_hechos(elementos: Elementos) -> list[Told]:
    """Returns the hechos with the entidades that each names, in order."""
    forms: _Forms = {}
    for entidad in elementos.entidades:
        for form in dict.fromkeys((entidad.nombre, *entidad.alias)):
            words = tuple(tokenize(form).loose)
            if words:
                forms.setdefault(words[0], []).append((words, entidad))
    for entries in forms.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return [_read(hecho, forms) for hecho in elementos.hechos]


def _read(hecho: Hecho, forms: _Forms) -> Told:
    tokens = tokenize(hecho.contenido)
    named: list[tuple[int, int, Entidad]] = []
    index = 0
    while index < len(tokens):
        match = _match(tokens, index, forms)
        if match is None:
            index += 1
            continue
        end, entidad = match
        named.append((index, end, entidad))
        index = end
    return Told(hecho, tokens, find_verbs(tokens, 0, len(tokens)), named)


def _match(tokens: Tokens, index: int, forms: _Forms) -> tuple[int, Entidad] | None:
    for words, entidad in forms.get(tokens.loose[index], ()):
        end = index + len(words)
        proper = not tokens.verbatim[min(end, len(tokens)) - 1][0].islower()
        if tuple(tokens.loose[index:end]) == words and proper:
            return end, entidad
    return None
