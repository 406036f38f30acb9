"""Quotations that the test puts into a text itself, so that it knows their offsets."""

import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.grounding import SourceText, Span
from tests.texts import read_news


def split_words(text: str) -> list[str]:
    return text.split()


FILLER = split_words(
    "según informó ayer la agencia tras una larga jornada en el congreso donde hubo quienes lo negaron"
)
QUOTABLE = split_words(
    "vamos a defender nuestra educación pública con firmeza porque ningún niño debería quedar fuera del "
    "salón mañana y los oficiales suficientes aún están aquí también político flores afirmación año"
)
OPENING, CLOSING = ["«", "“", '"', "'", "‘", "''", "<<"], ["»", "”", '"', "'", "’", "''", ">>"]
DASHES = ["-", "–", "—", "−", "--", "‑"]


def sentence(rng: random.Random, words: list[str]) -> list[str]:
    """Words with their punctuation, as a list of pieces to be separated by blanks."""
    pieces = [word + rng.choice(["", "", "", "", ",", ";", ":"]) for word in words]
    if len(pieces) > 5 and rng.random() < 0.4:
        at = rng.randrange(1, len(pieces) - 3)
        pieces[at] = f"“{pieces[at].rstrip(',;:')}”"
    if len(pieces) > 7 and rng.random() < 0.3:
        pieces[rng.randrange(1, 3)] += " —ya saben—"
    if len(pieces) > 6 and rng.random() < 0.3:
        pieces[-3] += "..."
    pieces[-1] = pieces[-1].rstrip(",;:")
    return pieces


def mangle(rng: random.Random, pieces: list[str]) -> str:
    """Returns the same words as another typesetter would write them."""
    gap = rng.choice(
        [[" "], [" ", "\u00a0"], [" ", "\n"], ["  ", "\t", " \u200b", "\r\n"], [" ", "\u2009", " \n "]]
    )
    text = "".join(piece + rng.choice(gap) for piece in pieces[:-1]) + pieces[-1]
    text = re.sub("“(.*?)”", lambda m: rng.choice(OPENING) + m[1] + rng.choice(CLOSING), text)
    text = re.sub("—", lambda _: rng.choice(DASHES), text)
    if rng.random() < 0.5:
        text = text.replace("...", "…")
    if rng.random() < 0.4:
        text = text.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ﬁ", rng.choice(["ﬁ", "fi"]))
    if rng.random() < 0.4:
        text = re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", lambda _: rng.choice(["", "", "\u00ad", "\u200d"]), text)
    if rng.random() < 0.3:
        text = re.sub(
            r"(?<=[a-z]{2})(?=[a-z]{3})", lambda _: rng.choice([""] * 9 + ["-\n", "\u00ad\n"]), text
        )
    return unicodedata.normalize(rng.choice(["NFC", "NFD"]), text)


def assert_sound(span: Span, text: str) -> None:
    assert 0 <= span.offset_inicio < span.offset_fin <= len(text)
    assert not unicodedata.combining(text[span.offset_inicio])
    assert span.offset_fin == len(text) or not unicodedata.combining(text[span.offset_fin])


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.untraced
def test_planted_quote_is_found_at_its_place_however_both_sides_are_typeset(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(400):
        pieces = sentence(rng, rng.sample(QUOTABLE, rng.randint(4, 14)))
        planted = mangle(rng, pieces)
        before = mangle(rng, sentence(rng, rng.choices(FILLER, k=rng.randint(1, 40)))) + rng.choice(
            [" “", " «", ": ", "\n"]
        )
        after = rng.choice(["”, ", ". ", "\n", "", "», "]) + mangle(
            rng, sentence(rng, rng.choices(FILLER, k=9))
        )
        text = before + planted + (after if after[:1] in "”.\n»" else " " + after)
        cita = (
            rng.choice(["", "", "«", "“", '"'])
            + mangle(rng, pieces)
            + rng.choice(["", "", ".", "”", '."', '".'])
        )
        span = SourceText(text).find_quote(cita)
        assert span is not None, (text, cita)
        assert_sound(span, text)
        # The final full stop is a part of the quotation if the text has it too.
        assert span.cut(text).rstrip(".") == planted.rstrip("."), (text, cita)
        assert span.offset_inicio == len(before)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.untraced
def test_quote_with_a_word_removed_changed_or_swapped_is_never_found(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(300):
        words = rng.sample(QUOTABLE, rng.randint(5, 14))
        text = f"{' '.join(FILLER)} “{mangle(rng, sentence(rng, words))}”, {' '.join(FILLER)}"
        at = rng.randrange(1, len(words) - 1)
        removed = words[:at] + words[at + 1 :]
        replaced = [*words[:at], "quizá", *words[at + 1 :]]
        swapped = [*words[: at - 1], words[at], words[at - 1], *words[at + 1 :]]
        other_case = [*words[:at], words[at].upper() if len(words[at]) > 1 else "Q", *words[at + 1 :]]
        cut_short = [*words[:-1], words[-1] + "mente"]
        elided = [*words[:at], rng.choice(["...", "…", "(...)", "[...]"]), *words[at + 1 :]]
        source = SourceText(text)
        for wrong in (removed, replaced, swapped, other_case, cut_short, elided):
            assert source.find_quote(mangle(rng, wrong)) is None, (text, wrong)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=80), data=st.data())
def test_any_answer_has_sound_offsets_into_the_text_as_received(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    cita = data.draw(st.one_of(st.just(text[start : start + 20]), st.text(max_size=20)))
    source = SourceText(text)
    near = Span(start, min(len(text), start + 1))
    for span in (
        source.find_quote(cita),
        source.find_quote(cita, near),
        source.find_passage(cita),
        source.find_name(cita),
    ):
        if span is not None:
            assert_sound(span, text)
    for mention in source.numbers:
        assert_sound(mention.span, text)
        assert mention.texto == mention.span.cut(text)


@settings(max_examples=300, deadline=None)
@given(
    before=st.text("aáñ \n.,“”", max_size=20),
    words=st.lists(st.text("abcáéñ", min_size=1, max_size=6), min_size=1, max_size=8),
    after=st.text("aáñ \n.,“”", max_size=20),
)
def test_words_between_blanks_are_always_found_and_exactly_covered(
    before: str, words: list[str], after: str
) -> None:
    quote = " ".join(words)
    text = f"{before} {quote} {after}"
    span = SourceText(text).find_quote(quote)
    assert span is not None
    assert span.cut(text).split() == words
    near = Span(len(before) + 1, len(before) + 1 + len(quote))
    assert SourceText(text).find_quote(quote, near=near) == near


@pytest.mark.parametrize(
    ("text", "cita"),
    [
        ("El soldado llegó", "sol"),
        ("El soldado llegó", "dado"),
        ("El sol\u00addado llegó", "sol"),
        ("El sol-\ndado llegó", "sol"),
        ("El cafe\u0301 está frío", "cafe"),
        ("Costó 3,5 millones", "Costó 3"),
        ("Llegó a las 10:30", "a las 10"),
        ("Vamos a ganar", "vamos a ganar"),
        ("Vamos a ganar", "Vamos a ganar..."),
        ("Vamos a ganar", "Vamos ... ganar"),
        ("Vamos a ganar", "Vamos (...) ganar"),
        ("Vamos, a ganar", "Vamos a ganar"),
        ("Vamos a ganar", "“...”"),
        ("Vamos a ganar", ""),
        ("Vamos a ganar", "  "),
        ("Fueron 1.200", "1.200"),
        ("", "Vamos"),
        ("Según el canon", "Segun el canon"),
        ("año", "ano"),
    ],
)
def test_not_a_quotation(text: str, cita: str) -> None:
    assert SourceText(text).find_quote(cita) is None


@pytest.mark.parametrize(
    ("text", "cita", "found"),
    [
        ("Dijo “Vamos… a ganar”.", "Vamos... a ganar", "Vamos… a ganar"),
        ("Dijo: Vamos (...) a ganar", "Vamos (…) a ganar", "Vamos (...) a ganar"),
        ("El pacto político-\nsocial sigue", "pacto político-social", "pacto político-\nsocial"),
        ("El pacto político-\nsocial sigue", "pacto político- social sigue", "pacto político-\nsocial sigue"),
        ("La presi-\ndente habló", "La presidente habló", "La presi-\ndente habló"),
        ("El «cambio» viene ya", "El cambio viene ya", "El «cambio» viene ya"),
        ("El « cambio » viene ya", "El “cambio” viene ya", "El « cambio » viene ya"),
        ("Es un ‘no’ rotundo", 'Es un "no" rotundo', "Es un ‘no’ rotundo"),
        ("“¿Qué haremos?”, dijo", "“¿Qué haremos?”", "¿Qué haremos?"),
        ("“Sí” y “No” dijo", "“Sí” y “No”", "“Sí” y “No”"),
        ("“Es el fin”, dijo", "Es el fin.", "Es el fin"),
        ("“Es el fin.” Dijo", "Es el fin.", "Es el fin."),
        ("\ud83d\ude00 hola \ud800 mundo", "hola \ud800 mundo", "hola \ud800 mundo"),
        ("coche-bomba", "bomba", "bomba"),
    ],
)
def test_typesetting_is_folded(text: str, cita: str, found: str) -> None:
    span = SourceText(text).find_quote(cita)
    assert span is not None
    assert span.cut(text) == found


def test_exact_copy_is_preferred_to_an_earlier_one_that_is_typeset_otherwise() -> None:
    text = "Dijo: un «gran» día. Repitió: un “gran” día."
    assert SourceText(text).find_quote("un “gran” día") == Span(30, 43)


def test_nearest_occurrence_is_chosen() -> None:
    text = "hola mundo. " * 50
    source = SourceText(text)
    for place in range(0, 600, 12):
        wanted = Span(place, place + 10)
        assert source.find_quote("hola mundo", near=wanted) == wanted
        assert source.find_quote("hola mundo", near=Span(place + 1, place + 4)) == wanted
        assert source.find_passage("Hola Mundo", near=wanted) == wanted


def test_every_quoted_sentence_of_the_news_is_found_again_at_its_place_after_mangling() -> None:
    rng = random.Random(5)
    count = 0
    for news in read_news():
        # Each quotation stands there twice, as in a text with its summary.
        text = "\n\n".join([news["contenido_texto"]] * 2)
        source = SourceText(text)
        for match in re.finditer('[“‘"«]([^“”‘’"«»]{12,}?[^“”‘’"«»\\s])[”’"»]', text):
            for sentence_ in re.finditer(r"[^.!?\s](?:[^.!?]|\.(?=\d)){10,}", match[1]):
                quoted = sentence_.group().rstrip(" ,;:.\n")
                start = match.start(1) + sentence_.start()
                place = Span(start, start + len(quoted))
                found = source.find_quote(mangle(rng, quoted.split()), near=place)
                assert found == place, quoted
                count += 1
    assert count > 200
