"""Cuts a sentence into its statements: «admitió la falta y prometió vacunas» is two hechos.

There are two places to cut. One is before a finite verb after «y», «e», «pero», «aunque» or a semicolon, if
it has the subject of the main verb. The other is a second «y que» in what somebody says. Each part can stand
alone: the words before the main verb are repeated in front of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from newsroom.engines.local.page import Page
from newsroom.language.lists import folded, lowered
from newsroom.language.sentences import Sentence
from newsroom.language.verbs import Verb, choose_main, is_subordinate

_MAX_PARTS = 3
_MAX_SUBJECT_CHARS = 140
_LEAST_TOKENS = 4
_JOINING = frozenset(("y", "e", "pero", "aunque"))
_OPENING = ("que", "quien", "quienes", "si", "cuando", "donde", "porque", "como")
_CLITICS = ("le", "les", "lo", "los", "la", "las", "me", "nos")
_WITH_PRONOUN = tuple(f"{ending}{clitic}" for ending in ("ar", "er", "ir") for clitic in _CLITICS)
_SHORTEST_INFINITIVE = 5
_WEIGHTY = ("decir", "declarar", "anunciar", "normar", "programar", "organizar")


@dataclass(frozen=True, slots=True)
class Statement:
    """One part of a sentence: its verb, its tokens `first:last`, and its words in the text's own spelling.

    `said` is the token of the «que» before reported words («anunció que ...»), None without one.
    """

    main: Verb
    first: int
    last: int
    content: str
    said: int | None


def split_statements(page: Page, sentence: Sentence) -> list[Statement]:
    """Returns the parts of a sentence in order. There is none without a finite verb outside quotations."""
    outside = [verb for verb in page.verbs(sentence) if not page.is_quoted(page.tokens.starts[verb.first])]
    main = choose_main(page.tokens, outside)
    if main is None:
        return []
    cuts = _find_cuts(page, sentence, main, outside)[: _MAX_PARTS - 1]
    ends = [cut.at for cut in cuts] + [sentence.last]
    parts = [
        Statement(
            main, sentence.first, ends[0], _words(page, sentence.first, ends[0]), _said(page, main, ends[0])
        )
    ]
    for cut, end in zip(cuts, ends[1:], strict=True):
        head = _words(page, sentence.first, cut.head) if cut.head > sentence.first else ""
        tail = _words(page, cut.begin, end)
        content = f"{head} {tail}" if head else tail[:1].upper() + tail[1:]
        said = _said(page, cut.verb, end) if cut.verb is not main else cut.begin
        parts.append(Statement(cut.verb, cut.begin, end, content, said))
    return parts


@dataclass(frozen=True, slots=True)
class _Cut:
    """A place to cut: the conjunction, the part's first token, its verb, the end of the repeated words."""

    at: int
    begin: int
    verb: Verb
    head: int


def _find_cuts(page: Page, sentence: Sentence, main: Verb, verbs: Sequence[Verb]) -> list[_Cut]:
    head = _subject_end(page, sentence, main)
    found = [cut for verb in verbs if (cut := _at_verb(page, sentence, main, verb, verbs, head)) is not None]
    found.extend(_at_second_that(page, sentence, main))
    kept: list[_Cut] = []
    for cut in sorted(found, key=lambda cut: cut.at):
        before = kept[-1].begin if kept else sentence.first
        if cut.at - before >= _LEAST_TOKENS and sentence.last - cut.begin >= _LEAST_TOKENS:
            kept.append(cut)
    return kept


def _subject_end(page: Page, sentence: Sentence, main: Verb) -> int | None:
    """Returns the token where the subject before the main verb ends; None if there is none to repeat."""
    last = main.first
    while last > sentence.first and page.tokens.loose[last - 1] in folded("lengua", "ante_verbo_principal"):
        last -= 1
    chars = page.tokens.starts[last] - sentence.start
    has_noun = any(page.tokens.has_letter(i) for i in range(sentence.first, last))
    sound = has_noun and not any(_spoils_subject(page, i, last) for i in range(sentence.first, last))
    return last if sound and chars <= _MAX_SUBJECT_CHARS else None


def _spoils_subject(page: Page, index: int, last: int) -> bool:
    """Returns whether the token at `index` shows that the words up to `last` are more than a subject.

    A quotation, a semicolon, an open «que» and an infinitive with pronouns («decirles») show it.
    """
    word = page.tokens.verbatim[index].lower()
    if page.is_quoted(page.tokens.starts[index]) or word == ";":
        return True
    if word in _OPENING:
        return "," not in page.tokens.verbatim[index:last]
    return word.endswith(_WITH_PRONOUN) and len(word) > _SHORTEST_INFINITIVE


def _at_verb(
    page: Page, sentence: Sentence, main: Verb, verb: Verb, verbs: Sequence[Verb], head: int | None
) -> _Cut | None:
    """Returns the cut before a verb that shares the main verb's subject, or None."""
    if verb.first <= main.last or head is None or verb.tense != main.tense or verb.is_first_person:
        return None
    begin = verb.first
    while begin > main.last and page.tokens.loose[begin - 1] in folded("lengua", "ante_verbo_principal"):
        begin -= 1
    conjunction = begin - 1
    if page.tokens.loose[conjunction] not in _JOINING or _is_plural(page, verb) != _is_plural(page, main):
        return None
    between = [other for other in verbs if main.last <= other.first < conjunction]
    rivals = any(other.tense == main.tense and is_subordinate(page.tokens, other) for other in between)
    weighty = any(verb.lemma in lowered("verbos", key) for key in _WEIGHTY)
    if rivals and not weighty:
        # The minister signed, not the main subject: «informó que el ministro viajó y firmó».
        return None
    comma = conjunction - 1
    at = comma if page.tokens.verbatim[comma] in (",", ";") else conjunction
    return _Cut(at, begin, verb, head)


def _is_plural(page: Page, verb: Verb) -> bool:
    return page.tokens.loose[verb.first].endswith("n")


def _at_second_that(page: Page, sentence: Sentence, main: Verb) -> list[_Cut]:
    """Returns the cuts at «y que» after a verb of saying: «precisó que abrirá ... y que comenzarán ...»."""
    words = page.tokens.loose
    if main.lemma not in lowered("verbos", "decir") | lowered("verbos", "anunciar"):
        return []
    if _said(page, main, sentence.last) is None:
        return []
    return [
        _Cut(index, index + 1, main, main.last)
        for index in range(main.last + 2, sentence.last - 1)
        if words[index] in ("y", "e")
        and words[index + 1] == "que"
        and not page.is_quoted(page.tokens.starts[index])
    ]


def _said(page: Page, verb: Verb, end: int) -> int | None:
    """Returns the token of the «que» after a verb of saying, a few words away at most, or None."""
    if verb.lemma not in lowered("verbos", "decir") | lowered("verbos", "anunciar"):
        return None
    for index in range(verb.last, min(end, verb.last + 12)):
        if page.tokens.loose[index] == "que":
            before = page.tokens.verbatim[index - 1]
            # A noun before «que» makes a relative clause: «recordó el fallo que la Corte dictó».
            noun = before.isalpha() and before.islower() and before not in lowered("lengua", "funcionales")
            return None if index > verb.last and noun and not _is_time(before) else index
    return None


def _is_time(word: str) -> bool:
    return word in lowered("lengua", "dias") | lowered("lengua", "momentos") | {"de"}


def _words(page: Page, first: int, last: int) -> str:
    """Returns the words of the tokens `first:last` with single blanks, without a full stop at the end."""
    return " ".join(page.text[page.tokens.starts[first] : page.tokens.ends[last - 1]].split())
