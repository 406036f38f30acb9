"""Reads one source: what is new in it, each new article with its text."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsroom.inputs import Problem
from newsroom.intake.articles import Draft, Shapes, drafts_of
from newsroom.intake.files import read_bytes
from newsroom.intake.formats.pages import read_page
from newsroom.models.articulo import Articulo
from newsroom.models.identity import bound_identity
from newsroom.sources.fetching import Fetched, Fetcher, FetchFailed
from newsroom.sources.listing import Entry, NoListing, kind_of, read_listing
from newsroom.sources.table import Fuente

Known = Callable[[list[str]], Awaitable[Collection[str]]]
"""Returns which of these identities need no reading: stored, refused for good, or being read."""

MAX_NEW = 100
"""How many new entries of a source are read in one look; the next look takes the others."""

MAX_LOOK_S = 900.0
"""After so many seconds of one look, its other entries are left for the next."""

MAX_SITEMAPS = 20
MAX_DEPTH = 2
# If so many pages in a row cannot be had, the site is away or does not want us now.
MAX_FAILED_IN_A_ROW = 3

# What the page knows better than the feed; everything else the feed knows better.
_OF_THE_PAGE = ("contenido_texto", "contenido_html", "idioma")
_NO_ARTICLE = ("application/pdf", "application/zip", "image/", "video/", "audio/", "font/")


@dataclass(frozen=True)
class Refused:
    """An entry of a source that is no article, or whose page cannot be had. `lasting`: never try it again."""

    identidad: str
    reason: str
    lasting: bool


@dataclass
class Found:
    """What one look at a source found.

    `listed` is how many entries the source has, `more` whether new ones are left for the next look. `error`
    is why the look failed, empty if it did not.
    """

    articulos: list[Articulo] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    listed: int = 0
    more: bool = False
    not_modified: bool = False
    etag: str | None = None
    last_modified: str | None = None
    error: str = ""
    retry_after_s: float | None = None


async def read_fuente(
    fuente: Fuente,
    fetcher: Fetcher,
    known: Known,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    limit: int = MAX_NEW,
) -> Found:
    """Returns the new articles of a source. What stands in the way of all of them is `error`, not raised.

    Args:
        fuente: the source.
        fetcher: fetches its list and the pages of its entries.
        known: says which entries need no reading.
        etag, last_modified: what the source said at the last look that was read to its end.
        limit: how many new entries are read at most.

    Raises:
        StoreUnavailable, StoreRejected: what `known` raises.
    """
    found = Found()
    try:
        page = await fetcher.fetch(fuente.address, etag, last_modified)
        if page.not_modified:
            return Found(not_modified=True, etag=etag, last_modified=last_modified)
        entries, is_index = await _list_entries(page, fuente, fetcher)
    except FetchFailed as exc:
        return Found(error=str(exc), retry_after_s=exc.retry_after_s)
    except NoListing as exc:
        return Found(error=f"{fuente.address}: {exc}")
    if not is_index:
        # An index stays the same while the sitemaps that it lists change.
        found.etag, found.last_modified = page.etag, page.last_modified
    found.listed = len(entries)
    needless = set(await known([bound_identity(entry.url) for entry in entries]))
    new = [entry for entry in entries if bound_identity(entry.url) not in needless]
    found.more = len(new) > limit
    await _read_entries(new[:limit], fuente, fetcher, found)
    return found


async def _list_entries(page: Fetched, fuente: Fuente, fetcher: Fetcher) -> tuple[list[Entry], bool]:
    """Returns the entries of a source, and whether it is an index of sitemaps.

    Raises:
        NoListing: there is nothing that can be read.
        FetchFailed: no sitemap of an index can be had.
    """
    listing = await asyncio.to_thread(read_listing, page.body, page.url, fuente.clase)
    entries = {entry.url: entry for entry in listing.entries}
    waiting = [(address, 1) for address in listing.sitemaps]
    failure: Exception | None = None
    read = 0
    while waiting and read < MAX_SITEMAPS:
        address, depth = waiting.pop(0)
        read += 1
        try:
            inner = await fetcher.fetch(address)
            below = await asyncio.to_thread(read_listing, inner.body, inner.url, "sitemap")
        except (FetchFailed, NoListing) as exc:
            failure = failure or exc
            continue
        for entry in below.entries:
            entries.setdefault(entry.url, entry)
        if depth < MAX_DEPTH:
            waiting += [(inner_address, depth + 1) for inner_address in below.sitemaps]
    if failure is not None and not entries:
        raise failure
    return list(entries.values()), bool(listing.sitemaps)


async def _read_entries(entries: list[Entry], fuente: Fuente, fetcher: Fetcher, found: Found) -> None:
    """Adds the article of each entry to `found`, or why there is none.

    When the site asks to be left alone, or several pages in a row cannot be had, the rest is left for the
    next look.
    """
    failed = 0
    until = time.monotonic() + MAX_LOOK_S
    for entry in entries:
        if time.monotonic() > until:
            found.more = True
            return
        try:
            item = await _read_entry(entry, fuente, fetcher)
        except FetchFailed as exc:
            failed = 0 if exc.lasting else failed + 1
            if exc.retry_after_s is None:
                found.refused.append(Refused(bound_identity(entry.url), str(exc), exc.lasting))
            if exc.retry_after_s is not None or failed == MAX_FAILED_IN_A_ROW:
                found.more, found.retry_after_s = True, exc.retry_after_s
                found.error = "" if found.articulos else str(exc)
                return
            continue
        failed = 0
        if isinstance(item, Articulo):
            found.articulos.append(item)
        else:
            found.refused.append(Refused(bound_identity(entry.url), str(item), lasting=True))


async def _read_entry(entry: Entry, fuente: Fuente, fetcher: Fetcher) -> Articulo | Problem:
    """Returns the article of an entry, with the text of its page where the source has none.

    Raises:
        FetchFailed: the page cannot be had.
    """
    fields = {**entry.fields, **fuente.known()}
    if fuente.texto_de_la_pagina or not entry.is_whole:
        page = await fetcher.fetch(entry.url)
        drafts = await asyncio.to_thread(lambda: list(read_address(page)))
        draft = drafts[0] if drafts else Problem(page.url, "a page without an article in it")
        if isinstance(draft, Problem):
            return draft
        of_the_page = {name: value for name, value in draft.fields.items() if name in _OF_THE_PAGE}
        fields = {**draft.fields, **fields, **of_the_page, "metadata": _metadata(draft.fields, fields)}
    return await asyncio.to_thread(Draft(entry.url, "source", fields, "").build)


def read_address(page: Fetched) -> Iterator[Draft | Problem]:
    """Yields what a fetched address says: the article of a page, or each article of a feed or a JSON file."""
    if page.content_type.lower().startswith(_NO_ARTICLE):
        kind = page.content_type.partition(";")[0]
        yield Problem(page.url, f"{kind[:60]}, no article; save it and give the file")
        return
    is_page = kind_of(page.body) == "page" or "text/html" in page.content_type
    records = read_page(page.body, page.url, url=page.url) if is_page else read_bytes(page.body, page.url)
    for record in records:
        yield from drafts_of(record, Shapes())


def _metadata(*said: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for fields in said:
        merged.update(fields.get("metadata") or {})
    return merged


async def fetch_articulos(url: str, *, allow_private: bool) -> list[Articulo | Problem]:
    """Returns the article at an address (of a feed: all of them), or one line that says why there is none."""
    async with Fetcher(allow_private=allow_private) as fetcher:
        try:
            page = await fetcher.fetch(url)
        except FetchFailed as exc:
            return [Problem(url, str(exc).removeprefix(f"{url}: "))]
    drafts = read_address(page)
    return [draft.build() if isinstance(draft, Draft) else draft for draft in drafts]
