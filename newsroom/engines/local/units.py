"""Finds the unit of a figure: the one written beside it, or the one that the text named just before."""

from decimal import Decimal
from functools import cache

from newsroom.engines.local.page import Page
from newsroom.language.gazetteer import demonyms
from newsroom.language.lists import folded, groups, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.word_classes import is_office
from newsroom.numbers import NumberMention
from newsroom.tokens import strip_accents

_STEM = 4
_REACH = 3
_MILLION = Decimal(10) ** 6
PEOPLE = "personas"
_JOINING = (["y"], ["e"], ["a"], ["o"], ["u"], ["-"], ["hasta"])
_AGAINST = (["a"], ["contra"], ["-"])
_FOR_OR_AGAINST = (["a", "favor"], ["en", "contra"], ["en", "blanco"])
_OF_THEM = (["de", "ellos"], ["de", "ellas"])


def is_base(value: Decimal) -> bool:
    """Returns whether a number is what a rate is counted by: 100, 1.000, 100.000 inhabitants."""
    return value >= 100 and value == Decimal(10) ** value.adjusted()


@cache
def _units_by_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    """Returns the words of each unit by their first word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for unit, names in groups("cifras", "unidades").items():
        for name in names:
            words = tuple(strip_accents(name).split())
            found.setdefault(words[0], []).append((words, unit))
    return {word: sorted(entry, key=lambda pair: -len(pair[0])) for word, entry in found.items()}


class Units:
    """Finds the units of a page's figures in order. A figure without a unit can take the one named before it.

    `seen` holds the units found so far, with their sentences.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._by_start = {page.token_at(number.offset_inicio): number for number in page.numbers}
        self._seen: list[tuple[Sentence, str, bool]] = []

    def find(self, number: NumberMention, sentence: Sentence) -> tuple[str | None, int]:
        """Returns the unit of a number, None if nothing is counted, and the token behind the unit."""
        after = self._page.token_at(number.offset_fin)
        unit, end = self._written(number, after, sentence)
        if unit is None:
            unit, end = self._carried(number, after, sentence), after
        return unit, end

    def note(self, sentence: Sentence, unit: str, number: NumberMention) -> None:
        """Remembers the unit of a figure that was kept."""
        self._seen.append((sentence, unit, number.moneda is not None))

    def _written(self, number: NumberMention, after: int, sentence: Sentence) -> tuple[str | None, int]:
        words = self._page.tokens.loose
        if number.es_porcentaje:
            return "porcentaje", after + (1 if words[after : after + 1] == ["%"] else 2)
        if number.moneda is not None:
            # A «$» alone is the currency of the text's country.
            moneda = self._page.style.dollar if number.moneda == "$" else number.moneda
            return moneda, self._behind_currency(number, after)
        index = after
        if index < sentence.last and words[index] == "de" and number.multiplicador > 1:
            index += 1
        glued = self._page.text[number.offset_fin : self._page.tokens.ends[after - 1]]
        unit, end = self._named(index, sentence, glued)
        per = end + 1 + (words[end + 1 : end + 2] == ["cada"])
        base = self._by_start.get(per) if words[end : end + 1] == ["por"] else None
        if base is not None and is_base(base.valores[0]):
            # «12 homicidios por 100.000 habitantes» is a rate.
            noun = self._page.token_at(base.offset_fin)
            return f"por {base.texto} {self._page.tokens.verbatim[min(noun, len(words) - 1)]}", noun + 1
        if unit is None and after - 1 >= sentence.first:
            unit = self._before(number, sentence)
        return unit, end

    def _before(self, number: NumberMention, sentence: Sentence) -> str | None:
        """Returns the unit that stands before the number («magnitud 6,4»), or votes: «por 38 a 35»."""
        words, first = self._page.tokens.loose, self._page.token_at(number.offset_inicio)
        named = first - 1 - (words[first - 1] == "de")
        if named >= sentence.first and words[named] in folded("cifras", "unidades_antes"):
            return words[named]
        after = self._page.token_at(number.offset_fin)
        if folded("cifras", "votaciones").isdisjoint(words[sentence.first : sentence.last]):
            return None
        if words[after : after + 2] in _FOR_OR_AGAINST:
            return "votos"
        other = self._by_start.get(after + 1) if words[after : after + 1] in _AGAINST else None
        if other is None and words[first - 1 : first] in _AGAINST:
            other = next(
                (n for n in self._page.numbers if self._page.token_at(n.offset_fin) == first - 1), None
            )
        if other is None or other.es_fecha or other.es_porcentaje or other.moneda is not None:
            return None
        return "votos"

    def _named(self, index: int, sentence: Sentence, glued: str = "") -> tuple[str | None, int]:
        words = self._page.tokens.loose
        index = self._behind_whole(index, sentence)
        if index + 1 < sentence.last and words[index] in folded("cifras", "antes_de_unidad"):
            # The noun may follow an article or a verb: «elevó a 18.760 los casos», «61 son mexicanos».
            index += 1
        for place in range(index - bool(glued), min(index + _REACH, sentence.last)):
            word = strip_accents(glued) if place < index else words[place]
            for unit_words, unit in _units_by_word().get(word, ()):
                end = place + len(unit_words)
                if (word, *words[place + 1 : end]) == unit_words:
                    return unit, end
            if place >= index and word not in folded("cifras", "adjetivos_antepuestos"):
                # The first noun ends the search, or «tres ejes generales» would count generals.
                break
        return self._counted_noun(index, sentence)

    def _behind_whole(self, index: int, sentence: Sentence) -> int:
        """Returns the token of the noun behind a second number, else `index`.

        Examples: «41 de los 52 pagos», «10 y 2.500 salarios».
        """
        words = self._page.tokens.loose
        if words[index : index + 1] == ["de"] and words[index + 1 : index + 2] in (["los"], ["las"]):
            whole = self._by_start.get(index + 2)
            return index + 2 if whole is None else self._page.token_at(whole.offset_fin)
        other = self._by_start.get(index + 1) if words[index : index + 1] in _JOINING else None
        if other is not None and index + 1 < sentence.last and not (other.es_porcentaje or other.moneda):
            behind = self._page.token_at(other.offset_fin)
            return behind + (other.multiplicador > 1 and words[behind : behind + 1] == ["de"])
        return index

    def _behind_currency(self, number: NumberMention, after: int) -> int:
        """Returns the token behind the currency's name or sign if it follows the number, else `after`."""
        words = self._page.tokens.loose
        index = after + 1 if words[after : after + 1] == ["de"] else after
        stem = strip_accents(number.moneda or "")[:_STEM]
        named = index < len(words) and (words[index] in "€$£" or words[index].startswith(stem))
        return index + 1 if named else after

    def _counted_noun(self, index: int, sentence: Sentence) -> tuple[str | None, int]:
        """Returns the plural noun after the number as its unit («12 aviones»), and the token behind it."""
        if index >= sentence.last:
            return None, index
        raw = self._page.tokens.verbatim[index]
        word = raw.lower()
        if self._page.tokens.loose[index] in demonyms() or _is_of_people(word):
            return PEOPLE, index + 1
        if word in lowered("cifras", "unidades_propias"):
            return word, index + 1
        plain = word.isalpha() and raw[0].islower() and len(word) > 3 and word.endswith("s")
        if not plain or word in lowered("lengua", "funcionales") or word in lowered("lengua", "vacias"):
            return None, index
        return word, index + 1

    def _carried(self, number: NumberMention, after: int, sentence: Sentence) -> str | None:
        """Returns the unit of an earlier figure, or None: «nueve votos contra cuatro»."""
        words, first = self._page.tokens.loose, self._page.token_at(number.offset_inicio)
        before = words[first - 1] if first > sentence.first else ""
        if not self._seen or number.parece_anio or number.es_fecha:
            return None
        where, unit, is_money = self._seen[-1]
        counts = not is_money and unit != "porcentaje"
        if counts and where.last >= sentence.first - 1 and self._is_compared(first, after):
            return unit
        if before not in ("otros", "otras") and not self._stands_alone(after, sentence):
            return None
        if number.multiplicador >= _MILLION:
            money = {unit for _, unit, is_money in self._seen if is_money}
            return next(iter(money)) if len(money) == 1 else None
        total = words[max(0, first - 2) : first] == ["total", "de"]
        follows = total or before == "," or before in folded("cifras", "tras_elipsis")
        return unit if where is sentence and follows and counts else None

    def _is_compared(self, first: int, after: int) -> bool:
        """Returns whether the words say that the same is counted: «190 de ellos», «frente a los 700»."""
        words = self._page.tokens.loose
        lead = f" {' '.join(words[max(0, first - 5) : first])} "
        marks = folded("cifras", "desde") | folded("cifras", "frente_a")
        parts = words[after : after + 2] in _OF_THEM or words[max(0, first - 3) : first - 1] in _OF_THEM
        return parts or any(lead.endswith((f" {mark} ", f" {mark} los ", f" {mark} las ")) for mark in marks)

    def _stands_alone(self, after: int, sentence: Sentence) -> bool:
        if after + 1 in self._by_start and self._page.tokens.verbatim[after] == ",":
            # The number is a first guess at the next one: «120, 150 mil millones».
            return False
        if after >= sentence.last or not self._page.tokens.is_word(after):
            return True
        return self._page.tokens.loose[after] in folded("cifras", "ante_elipsis")


def _is_of_people(word: str) -> bool:
    """Returns whether a plural names people by what they do: ministros, exfuncionarios, activistas."""
    base = word.removeprefix("ex")
    if not word.endswith("s"):
        return False
    listed = base in groups("cifras", "unidades")[PEOPLE]
    return listed or is_office(word) or is_office(base) or word.endswith("istas")
