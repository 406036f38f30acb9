"""Says of a single word in a sentence whether it is a capital, an office, a place or an unknown word."""

from newsroom.language.gazetteer import Known, match_known
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import is_common_word
from newsroom.language.word_classes import head_kind, is_first_name, is_office, is_surname, is_title
from newsroom.models.vocabulario import TipoEntidad
from newsroom.tokens import Tokens


class Capitals:
    """Answers questions about the words of one sentence, by their token."""

    def __init__(self, tokens: Tokens, sentence: Sentence) -> None:
        self.tokens = tokens
        self.first, self.last = sentence.first, sentence.last

    def word(self, index: int) -> str:
        """Returns a token without case and accents."""
        return self.tokens.loose[index]

    def raw(self, index: int) -> str:
        """Returns a token as it is written."""
        return self.tokens.verbatim[index]

    def is_capital(self, index: int) -> bool:
        """Returns whether a word begins in upper case. 20N counts too."""
        # Unicode has symbols that are upper case and no letters: 🅰.
        if not self.first <= index < self.last or not self.tokens.is_word(index):
            return False
        raw = self.raw(index)
        return raw[0].isupper() or (raw[0].isdigit() and len(raw) > 1 and raw[1:].isupper() and raw.isalnum())

    def is_acronym(self, index: int) -> bool:
        """Returns whether a word is all upper case."""
        return self.raw(index).isupper() and len(self.raw(index)) > 1

    def is_title(self, index: int) -> bool:
        """Returns whether an office or a form of address stands here, in any case, before another word."""
        lower = self.raw(index).lower()
        if not (is_office(lower) or is_title(lower)):
            return False
        if not self.is_capital(index):
            return True
        if self._heads_a_body(index):
            return False
        return self.known(index) is None and not (
            is_first_name(self.word(index)) and self.is_capital(index + 1)
        )

    def _heads_a_body(self, index: int) -> bool:
        """Returns whether a word that can be an office is a body here: «la Coordinadora Campesina»."""
        following = index + 1
        if head_kind([self.word(index)]) is None or not self.is_capital(following):
            return False
        person = is_first_name(self.word(following)) or is_surname(self.word(following))
        return self.is_common(following) and not person

    def known(self, index: int) -> tuple[Known, int] | None:
        """Returns the known name that begins here, with the token behind it, or None."""
        return match_known(self.tokens, index, self.last)

    def known_end(self, index: int) -> int:
        """Returns the token behind the known name that begins here, or behind the word."""
        known = self.known(index)
        return known[1] if known is not None else index + 1

    def is_place(self, index: int) -> bool:
        """Returns whether a known place begins here."""
        known = self.known(index)
        return known is not None and known[0].tipo is TipoEntidad.LUGAR

    def is_common(self, index: int) -> bool:
        """Returns whether the dictionary has the word."""
        return is_common_word(self.raw(index).lower())

    def is_unknown(self, index: int) -> bool:
        """Returns whether no list or dictionary has the word, such as Quilichao."""
        word = self.word(index)
        listed = is_first_name(word) or is_surname(word) or self.is_common(index)
        return not listed and self.known(index) is None

    def connector(self, index: int, joining: frozenset[str]) -> int | None:
        """Returns the token behind the longest joining words at `index`, or None."""
        words = self.tokens.loose
        for size in (3, 2, 1):
            if index + size < self.last and " ".join(words[index : index + size]) in joining:
                return index + size
        return None
