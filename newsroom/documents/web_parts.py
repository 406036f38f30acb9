"""Cuts a large HTML page into pages of bounded size, so that extracting its text stays linear."""

from collections.abc import Iterable, Iterator

from lxml.html import Element, HtmlElement

# trafilatura's time grows with the square of the elements that it gets at once: 8 s for 20,000.
MAX_ELEMENTS = 1_500
_MAX_DEPTH = 200
_MAX_RUN = 200
_KEPT_WHOLE = {"table", "p", "pre", "nav", "footer", "header", "aside", "form", "script", "style", "svg"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "big", "br", "cite", "code", "em", "font", "i", "ins", "mark", "q", "s"),
    *("small", "span", "strong", "sub", "sup", "time", "tt", "u", "var"),
}
_SENTENCES = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dd", "blockquote", "q", "sup", "sub"),
    *("b", "strong", "i", "em", "u", "span", "font", "cite"),
}


def find_container(page: HtmlElement) -> HtmlElement:
    """Returns the element that holds the content: the only <main>, or the whole body.

    trafilatura reads only the first <article>, and outside of one it loses headings. So everything goes into
    one <article>, and each <article> of the page becomes a division. This changes `page`.
    """
    mains = list(page.iter("main"))
    for element in list(page.iter("article", "main")):
        element.tag = "div"
    for link in list(page.iter("a")):
        parent = link.getparent()
        # trafilatura takes links for signs of a menu. But a law links to laws, within its sentences.
        if parent is not None and parent.tag in _SENTENCES:
            link.tag = "span"
    return mains[0] if len(mains) == 1 else page


def cut_page(container: HtmlElement) -> Iterator[HtmlElement]:
    """Yields the content as whole pages with one <article>, of about `MAX_ELEMENTS` elements at most."""
    pending: list[HtmlElement] = []
    held = 0
    for unit in _units(container, 0):
        size = _count(unit)
        if pending and held + size > MAX_ELEMENTS:
            yield _page_of(pending)
            pending, held = [], 0
        pending.append(unit)
        held += size
    if pending:
        yield _page_of(pending)


def _units(element: HtmlElement, depth: int) -> Iterator[HtmlElement]:
    """Yields the parts of an element that are small enough, in order. Loose words become paragraphs."""
    run = _Run(element.text)
    for child in list(element):
        tail, child.tail = child.tail, None
        if not isinstance(child.tag, str):
            run.say(tail)
        elif child.tag in _INLINE and _count(child) < _MAX_RUN:
            if child.tag == "br" and run.is_full:
                yield from run.close()
            run.append(child)
            run.say(tail)
        else:
            yield from run.close()
            if depth < _MAX_DEPTH and child.tag not in _KEPT_WHOLE and _count(child) >= MAX_ELEMENTS:
                yield from (_within(child, part) for part in _units(child, depth + 1))
            else:
                yield child
            run.say(tail)
    yield from run.close()


class _Run:
    """A paragraph that is made of the words and inline elements beside blocks."""

    def __init__(self, text: str | None) -> None:
        self._paragraph: HtmlElement = Element("p")
        self._paragraph.text = text

    @property
    def is_full(self) -> bool:
        return len(self._paragraph) >= _MAX_RUN

    def append(self, child: HtmlElement) -> None:
        self._paragraph.append(child)

    def say(self, text: str | None) -> None:
        if text and len(self._paragraph):
            self._paragraph[-1].tail = (self._paragraph[-1].tail or "") + text
        elif text:
            self._paragraph.text = (self._paragraph.text or "") + text

    def close(self) -> Iterable[HtmlElement]:
        """Returns the paragraph if it is not empty, and begins another."""
        done = self._paragraph
        self._paragraph = Element("p")
        return [done] if any(text.strip() for text in done.itertext()) else []


def _count(element: HtmlElement) -> int:
    """Returns the number of elements in `element` with itself, counted up to `MAX_ELEMENTS`."""
    return sum(1 for _ in zip(range(MAX_ELEMENTS), element.iter(), strict=False))


def _within(parent: HtmlElement, part: HtmlElement) -> HtmlElement:
    """Returns `part` in a copy of its parent's tag, with the class and id that show whether it is a menu."""
    shell: HtmlElement = Element(parent.tag, dict(parent.attrib))
    shell.append(part)
    return shell


def _page_of(units: list[HtmlElement]) -> HtmlElement:
    page: HtmlElement = Element("html")
    body, article = Element("body"), Element("article")
    page.append(body)
    body.append(article)
    article.extend(units)
    return page
