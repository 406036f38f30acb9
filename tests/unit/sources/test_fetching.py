"""One address fetched: safely, politely, bounded; whatever stands in the way is one line."""

import asyncio
import gzip
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from newsroom.sources import fetching
from newsroom.sources.fetching import Fetched, Fetcher, FetchFailed, Patience
from tests.site import Page, Site

QUICK = Patience(connect_s=2, silence_s=0.3, whole_s=0.6)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


async def fetch(url: str, *conditions: str | None, **options: Any) -> Fetched:
    async with Fetcher(**{"allow_private": True, "delay_s": 0, **options}) as fetcher:
        return await fetcher.fetch(url, *conditions)


async def refused(url: str, **options: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await fetch(url, **options)
    assert "\n" not in str(caught.value)
    return caught.value


def as_public(*hosts: str) -> Any:
    """Returns a resolver that takes this machine for the internet, but only under these names."""

    async def resolve(host: str, _port: int) -> list[str]:
        return ["127.0.0.1"] if host in hosts else ["169.254.169.254"]

    return resolve


async def test_a_page_comes_with_what_is_said_of_it(site: Site) -> None:
    site.pages["/a"] = Page(
        "<p>ñ</p>", etag='"1"', headers={"Last-Modified": "Wed, 15 May 2024 10:00:00 GMT"}
    )
    found = await fetch(f"{site.url}/a#parte")
    assert found == Fetched(
        f"{site.url}/a",
        "<p>ñ</p>".encode(),
        "text/html; charset=utf-8",
        '"1"',
        "Wed, 15 May 2024 10:00:00 GMT",
    )
    assert site.asked == ["/robots.txt", "/a"]
    assert "noticias" in site.headers[1]["User-Agent"]


async def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    site.pages["/a"] = Page("<p>ñ</p>", etag='"1"')
    found = await fetch(f"{site.url}/a", '"1"', "Wed, 15 May 2024 10:00:00 GMT")
    assert (found.not_modified, found.body) == (True, b"")
    assert site.headers[1]["If-None-Match"] == '"1"'
    assert site.headers[1]["If-Modified-Since"] == "Wed, 15 May 2024 10:00:00 GMT"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0"])
async def test_this_machine_is_not_asked(site: Site, host: str) -> None:
    exc = await refused(f"http://{host}:{site.port}/", allow_private=False)
    assert exc.lasting
    assert "not an address of the public internet (NOTICIAS_FETCH_PRIVATE=true allows it)" in str(exc)
    assert site.asked == []


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "http://interno.example/"]
)
async def test_a_redirect_into_a_private_network_is_not_followed(
    site: Site, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The site itself counts as public, under its name alone.
    from newsroom.sources import addresses

    def is_public(address: str) -> bool:
        return address == "127.0.0.1" and resolved[-1] == "medio.example"

    resolved: list[str] = []

    async def resolve(host: str, _port: int) -> list[str]:
        resolved.append(host)
        return ["127.0.0.1"] if host in ("medio.example", "127.0.0.1") else ["169.254.169.254"]

    monkeypatch.setattr(addresses, "is_public", is_public)
    site.pages["/a"] = Page(status=302, headers={"Location": target})
    exc = await refused(f"http://medio.example:{site.port}/a", allow_private=False, resolve=resolve)
    assert exc.lasting
    assert "not an address of the public internet" in str(exc)
    assert site.asked == ["/robots.txt", "/a"]


async def test_a_name_that_answers_differently_the_second_time_gains_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsroom.sources import addresses

    answers = iter([["93.184.216.34"], ["127.0.0.1"]])

    async def resolve(_host: str, _port: int) -> list[str]:
        return next(answers)

    reached: list[str] = []

    async def no_network(_self: Any, request: Any) -> Any:
        reached.append(request.url.host)
        raise httpx.ConnectError("no network in tests")

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", no_network)
    exc = await refused("http://medio.example/a", allow_private=False, resolve=resolve)
    assert "no network in tests" in str(exc)
    assert reached == ["93.184.216.34"], "the address that was checked, and it was looked up once"
    assert addresses.is_public("93.184.216.34")


async def test_the_next_address_of_a_name_is_tried_if_one_takes_no_connection(site: Site) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    site.pages["/a"] = Page("<p>sí</p>")
    found = await fetch(f"http://medio.example:{site.port}/a", resolve=resolve)
    assert found.body == "<p>sí</p>".encode()
    assert set(site.hosts) == {f"medio.example:{site.port}"}


async def test_two_hosts_at_one_address_do_not_share_a_connection(site: Site) -> None:
    site.pages["/a"] = Page("a")
    async with Fetcher(allow_private=True, delay_s=0, resolve=as_public("a.example", "b.example")) as fetcher:
        for host in ("a.example", "b.example"):
            await fetcher.fetch(f"http://{host}:{site.port}/a")
        pool: Any = fetcher._transport._inner._pool
        assert pool.connections == []
    assert site.hosts == [f"{host}:{site.port}" for host in ("a.example",) * 2 + ("b.example",) * 2]


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://medio.example/a", "http://", "http://[::1", "http://a:99999/", "hola"],
)
async def test_only_web_addresses_are_fetched(url: str) -> None:
    exc = await refused(url)
    assert exc.lasting
    assert "not an http or https address" in str(exc)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://x/", "http://[::1", "//"])
async def test_a_redirect_to_something_else_is_refused(site: Site, target: str) -> None:
    site.pages["/a"] = Page(status=301, headers={"Location": target})
    await refused(f"{site.url}/a")
    assert site.counted() == {"/a": 1}


async def test_redirects_are_followed_up_to_five_and_never_in_a_circle(site: Site) -> None:
    for number in range(9):
        site.pages[f"/{number}"] = Page(status=302, headers={"Location": f"/{number + 1}"})
    site.pages["/9"] = Page("al fin")
    site.pages["/x"] = Page(status=302, headers={"Location": "/y"})
    site.pages["/y"] = Page(status=302, headers={"Location": "/x"})

    found = await fetch(f"{site.url}/4")
    assert (found.url, found.body) == (f"{site.url}/9", b"al fin")
    for path in ("/3", "/x"):
        exc = await refused(f"{site.url}{path}")
        assert str(exc) == f"{site.url}{path}: redirects in a circle or too often"
        assert exc.lasting
    assert site.counted()["/x"] == 1


async def test_a_body_of_40_mb_is_not_read_to_its_end(site: Site) -> None:
    site.pages["/a"] = Page(b"x" * 40_000_000)
    exc = await refused(f"{site.url}/a")
    assert str(exc).endswith("more than 20000000 bytes")
    assert exc.lasting


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_a_bomb_is_unpacked_only_so_far(
    site: Site, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 100_000)
    zeros = bytes(50_000_000)
    packed = gzip.compress(zeros) if encoding == "gzip" else zlib.compress(zeros)
    assert len(packed) < 100_000
    site.pages["/a"] = Page(packed, headers={"Content-Encoding": encoding})
    site.pages["/b.xml.gz"] = Page(packed, content_type="application/octet-stream")
    assert str(await refused(f"{site.url}/a")).endswith("more than 100000 bytes")
    if encoding == "gzip":
        assert str(await refused(f"{site.url}/b.xml.gz")).endswith("more than 100000 bytes unpacked")


async def test_packed_bodies_and_packed_files_are_unpacked(site: Site) -> None:
    body = "<p>año</p>".encode()
    raw = zlib.compressobj(wbits=-15)
    site.pages["/gzip"] = Page(gzip.compress(body), headers={"Content-Encoding": "gzip"})
    site.pages["/deflate"] = Page(zlib.compress(body), headers={"Content-Encoding": "deflate"})
    site.pages["/raw"] = Page(raw.compress(body) + raw.flush(), headers={"Content-Encoding": "deflate"})
    site.pages["/file"] = Page(gzip.compress(body), content_type="application/gzip")
    for path in ("/gzip", "/deflate", "/raw", "/file"):
        assert (await fetch(f"{site.url}{path}")).body == body


@pytest.mark.parametrize(
    ("encoding", "words"), [("br", "packed as br"), ("gzip", "broken where it is packed")]
)
async def test_a_body_that_is_packed_otherwise_is_refused(site: Site, encoding: str, words: str) -> None:
    site.pages["/a"] = Page(b"\x0b\x02\x80hola\x03", headers={"Content-Encoding": encoding})
    exc = await refused(f"{site.url}/a")
    assert words in str(exc)


@pytest.mark.parametrize("page", [Page(hang=True), Page("<p>", trickle=True)], ids=["silent", "slow"])
async def test_a_site_that_never_ends_its_answer_is_given_up(site: Site, page: Page) -> None:
    site.pages["/a"] = page
    begun = time.monotonic()
    exc = await refused(f"{site.url}/a", patience=QUICK)
    assert time.monotonic() - begun < 5
    assert (str(exc), exc.lasting) == (f"{site.url}/a: no answer in time", False)


async def test_a_site_that_is_away_may_come_back() -> None:
    with Site() as gone:
        pass
    exc = await refused(f"{gone.url}/a", patience=QUICK)
    assert not exc.lasting


@pytest.mark.parametrize(
    ("status", "lasting"),
    [(404, True), (410, True), (403, False), (401, False), (429, False), (500, False), (503, False)],
)
async def test_a_refusal_is_told_with_its_code(site: Site, status: int, lasting: bool) -> None:
    site.pages["/a"] = Page(status=status)
    exc = await refused(f"{site.url}/a")
    assert f"/a: answered {status} " in str(exc)
    assert exc.lasting is lasting
    assert exc.retry_after_s is None


async def test_a_host_that_wants_to_be_left_alone_is(site: Site) -> None:
    site.pages["/a"] = Page(status=429, headers={"Retry-After": "120"})
    site.pages["/b"] = Page("b")
    async with Fetcher(allow_private=True, delay_s=0) as fetcher:
        with pytest.raises(FetchFailed) as first:
            await fetcher.fetch(f"{site.url}/a")
        with pytest.raises(FetchFailed, match="left alone") as second:
            await fetcher.fetch(f"{site.url}/b")
    assert (first.value.retry_after_s, first.value.lasting, second.value.lasting) == (120, False, False)
    assert 100 < (second.value.retry_after_s or 0) <= 120
    assert site.counted() == {"/a": 1}


async def test_the_moment_of_a_retry_is_read_too(site: Site) -> None:
    moment = datetime.now(UTC) + timedelta(minutes=10)
    site.pages["/a"] = Page(status=503, headers={"Retry-After": format_datetime(moment, usegmt=True)})
    site.pages["/b"] = Page(status=503, headers={"Retry-After": "mañana"})
    assert 590 < ((await refused(f"{site.url}/a")).retry_after_s or 0) <= 600
    assert (await refused(f"{site.url}/b")).retry_after_s is None


async def test_robots_txt_is_obeyed_and_read_once(site: Site) -> None:
    site.pages["/robots.txt"] = Page(
        "User-agent: *\nDisallow: /privado/\n\nUser-agent: noticias\nDisallow: /x\n"
    )
    site.pages["/privado/a"] = site.pages["/b"] = site.pages["/x"] = Page("x")
    async with Fetcher(allow_private=True, delay_s=0) as fetcher:
        await fetcher.fetch(f"{site.url}/b")
        await fetcher.fetch(f"{site.url}/privado/a")  # the lines for us count, not those for everybody
        with pytest.raises(FetchFailed, match=r"robots\.txt does not want it read") as caught:
            await fetcher.fetch(f"{site.url}/x")
    assert caught.value.lasting
    assert site.asked == ["/robots.txt", "/b", "/privado/a"]


async def test_a_host_without_robots_txt_allows_everything_and_one_that_is_ill_nothing(site: Site) -> None:
    site.pages["/a"] = Page("a")
    for status in (404, 403, 200):
        site.pages["/robots.txt"] = Page(status=status)
        assert (await fetch(f"{site.url}/a")).body == b"a"
    site.pages["/robots.txt"] = Page(status=503)
    exc = await refused(f"{site.url}/a")
    assert ("robots.txt: answered 503" in str(exc), exc.lasting) == (True, False)


async def test_a_robots_txt_elsewhere_counts_and_an_endless_one_does_not(site: Site) -> None:
    site.pages["/a"] = Page("a")
    site.pages["/robots.txt"] = Page(status=301, headers={"Location": "/r"})
    site.pages["/r"] = Page("User-agent: *\nDisallow: /")
    assert (await refused(f"{site.url}/a")).lasting
    site.pages["/r"] = Page(status=301, headers={"Location": "/robots.txt"})
    assert (await fetch(f"{site.url}/a")).body == b"a"
    site.pages["/robots.txt"] = Page("#" * 600_000)
    assert (await fetch(f"{site.url}/a")).body == b"a"


async def test_a_host_gets_one_request_at_a_time_with_a_pause_between(site: Site) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 7\n")
    for number in range(3):
        site.pages[f"/{number}"] = Page("x")
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    async with Fetcher(allow_private=True, delay_s=2, pause=pause) as fetcher:
        await asyncio.gather(*(fetcher.fetch(f"{site.url}/{number}") for number in range(3)))
    assert site.asked[0] == "/robots.txt"
    assert len(waited) == 3
    assert 1.9 < waited[0] <= 2, "the robots.txt was not read yet"
    assert all(6.9 < seconds <= 7 for seconds in waited[1:])


async def test_an_immoderate_crawl_delay_is_bounded(site: Site) -> None:
    site.pages["/robots.txt"] = Page("User-agent: *\nCrawl-delay: 86400\n")
    site.pages["/a"] = Page("x")
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    async with Fetcher(allow_private=True, delay_s=0, pause=pause) as fetcher:
        for _ in range(2):
            await fetcher.fetch(f"{site.url}/a")
    assert len(waited) == 1
    assert waited[0] <= fetching.MAX_CRAWL_DELAY_S
