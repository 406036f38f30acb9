"""No text becomes markup: a CommonMark reader reads back the same text."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsroom.reporting.markdown import MAX_CELL_CHARS, MAX_ROWS, bullets, escape, link, plain, table

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = st.text(alphabet=st.sampled_from(list("\\`*_{}[]()#+-.!|~$<>&;:/@=\"' \n\tahtpsw1")), max_size=60)
PIECES = st.lists(
    st.sampled_from(
        ["```", "mermaid", "\n", "<script>", "&lt;", "&#60;", "https://", "www.", "a@b.co", "](", "![", "|",
         "\\", "javascript:", "[x]: ", "---", "- ", "1. ", "> ", "\u202e", "\u0000", "\u2066",
         "\u200b", "a", " "]
    ),
    max_size=12,
).map("".join)  # fmt: skip
HOSTILE = st.one_of(st.text(max_size=80), MARKUP, PIECES)
# The readers of the UIs (marked, remark-gfm) make a link of this anywhere in a text.
ADDRESS = re.compile(r"(?i)(https?|ftp)://|www\.\w|[-.\w+]@[-\w]+\.|mailto:\S|xmpp:\S")


def shown(tokens: list[Token]) -> str:
    """Returns the text of inline tokens, and checks that they are only text."""
    inner = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inner} <= {"text", "text_special"}
    return "".join(child.content for child in inner)


@settings(deadline=None)
@given(HOSTILE)
@example("<img src=x onerror=alert(1)>")
@example("[x](javascript:alert(1)) ![y](http://z)")
@example("\\`\\*a\\*\\` &copy; &#x3c;b&#x3e;")
@example("```mermaid\ngraph TD; A-->B\n```")
def test_any_text_comes_back_as_text_from_a_paragraph_a_cell_and_a_list(text: str) -> None:
    written = escape(text)
    assert "<" not in written
    assert ">" not in written
    documents = (
        f"Título: {written} fin",
        table(["a", "b"], [[written, "fin"]]),
        bullets([written, "fin"], 2),
        f"# {written}\n\nfin",
    )
    for document in documents:
        tokens = READER.parse(document)
        kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
        blocks = {
            "paragraph",
            "heading",
            "bullet_list",
            "list_item",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
        }
        assert kinds <= {"inline"} | blocks
        text_shown = shown(tokens).replace("\u2060", "")
        assert plain(text) in text_shown


@settings(deadline=None)
@given(HOSTILE)
def test_no_address_in_a_text_is_one_afterwards(text: str) -> None:
    rendered = shown(READER.parse(f"Título: {escape(text)} fin"))
    assert not ADDRESS.search(rendered)


@settings(deadline=None)
@given(st.text(max_size=2000), st.integers(min_value=2, max_value=300))
def test_plain_text_is_one_line_of_what_can_be_seen_and_short(text: str, limit: int) -> None:
    line = plain(text, limit)
    assert len(line) <= limit
    assert line.isprintable()
    assert line == line.strip()


def test_a_long_text_ends_in_an_ellipsis_and_costs_no_more() -> None:
    assert plain("a" * 10_000_000) == "a" * (MAX_CELL_CHARS - 1) + "…"
    assert plain(" " * 10_000_000 + "a").endswith("…")


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://ejemplo.test/a?b=1&c=2#d", "https://ejemplo.test/a?b=1&c=2#d"),
        ("http://ejemplo.test:8080/ñandú", "http://ejemplo.test:8080/%C3%B1and%C3%BA"),
        ("https://peñalolén.test/", "https://xn--pealoln-gya1e.test/"),
        ("https://ejemplo.test/a>b<c)|[d](e)", "https://ejemplo.test/a%3Eb%3Cc%29%7C%5Bd%5D%28e%29"),
        ("https://ejemplo.test/a%20b", "https://ejemplo.test/a%20b"),
        ("https://ejemplo.test/&copy;", "https://ejemplo.test/&copy%3B"),
    ],
)
def test_an_address_of_the_web_becomes_a_link_to_just_that(url: str, target: str) -> None:
    tokens = READER.parse(table(["a"], [[link(url)]]))
    opened = [child for token in tokens for child in token.children or [] if child.type == "link_open"]
    assert [child.attrGet("href") for child in opened] == [target]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "ftp://a.test", "https://", "https://bueno.test@malo.test/",
     "sha256:abc", "https://[::1", "https://" + "a" * 2000, "//a.test/b", "https://a..b/", ""],
)  # fmt: skip
def test_anything_else_is_text(url: str) -> None:
    assert link(url) == escape(url)


@settings(deadline=None)
@given(HOSTILE.map(lambda text: "https://ejemplo.test/" + text))
def test_no_link_holds_more_than_its_address(url: str) -> None:
    tokens = READER.parse(f"Fuente: {link(url)} fin")
    inner = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inner} <= {"text", "text_special", "link_open", "link_close"}
    for child in inner:
        if child.type == "link_open":
            assert str(child.attrGet("href")).startswith("https://ejemplo.test")


def test_a_long_table_is_cut_and_says_so() -> None:
    written = table(["n"], [[str(n)] for n in range(MAX_ROWS + 3)])
    assert written.count("\n| ") == MAX_ROWS + 1
    assert written.endswith("… y 3 más.")
    assert "más" not in table(["n"], [["1"]])
