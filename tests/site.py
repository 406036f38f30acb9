"""A web site on this machine: it answers as it is told, and notes what it was asked."""

import threading
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

HTML = "text/html; charset=utf-8"
XML = "application/rss+xml; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """An answer. With `etag` it answers 304 to who has it. `hang` never answers, `trickle` never ends it."""

    body: bytes | str = b""
    content_type: str = HTML
    status: int = 200
    etag: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    trickle: bool = False

    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


class Site:
    """Answers with `pages` by path, and 404 to anything else. `asked` are the paths in their order."""

    def __init__(self, pages: Mapping[str, Page] | None = None) -> None:
        self.pages: dict[str, Page] = dict(pages or {})
        self.asked: list[str] = []
        self.hosts: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._leaving = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def counted(self) -> Counter[str]:
        """Returns how often each path was asked for, robots.txt aside."""
        return Counter(path for path in self.asked if path != "/robots.txt")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._leaving.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.hosts.append(self.headers.get("Host", ""))
                site.headers.append(dict(self.headers.items()))
                self.close_connection = True
                with suppress(ConnectionError):
                    self._answer(site.pages.get(self.path, Page(status=404)))

            def _answer(self, page: Page) -> None:
                if page.hang:
                    site._leaving.wait()
                    return
                seen = page.etag is not None and self.headers.get("If-None-Match") == page.etag
                content = b"" if seen else page.content()
                self.send_response(304 if seen else page.status)
                headers = {"Content-Type": page.content_type, "Content-Length": str(len(content))}
                if page.etag is not None:
                    headers["ETag"] = page.etag
                if page.trickle:
                    headers["Content-Length"] = "1000000"
                for name, value in (headers | dict(page.headers)).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)
                while page.trickle and not site._leaving.wait(0.02):
                    self.wfile.write(b" ")

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler


def rss(site: str, *links: str, title: str = "Portada", body: str = "") -> str:
    """Returns an RSS feed with an item for each link; `body` is the whole text of each."""
    encoded = f"<content:encoded><![CDATA[{body}]]></content:encoded>" if body else ""
    items = "".join(
        f"<item><title>Titular {number}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>Wed, 15 May 2024 10:{number % 60:02}:00 GMT</pubDate>"
        f"<description>Un resumen.</description>{encoded}</item>"
        for number, link in enumerate(links)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title><link>{site}</link><language>es-cl</language>{items}</channel></rss>"
    )


def article_page(number: int, text: str) -> str:
    """Returns a page with an article of its own, and what stands around one."""
    paragraphs = "".join(f"<p>{part}</p>" for part in text.split("\n"))
    return (
        f'<!doctype html><html lang="es"><head><title>Titular {number} | El Sitio</title>'
        f'<meta property="og:type" content="article"><meta property="og:site_name" content="El Sitio"></head>'
        f"<body><nav><a href='/'>Inicio</a> <a href='/deportes'>Deportes</a></nav>"
        f"<article><h1>Titular {number}</h1>{paragraphs}</article>"
        f"<footer>Todos los derechos reservados</footer></body></html>"
    )
