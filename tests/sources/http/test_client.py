"""The HTTP client: limits, redirects, credentials, private networks, errors and downloads."""

from __future__ import annotations

import asyncio
import errno
import gzip
import io
import logging
import resource
import socket
import subprocess
import sys
import time
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import brotli  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.servers import PATIENCE, Handler, Loopback, Responder, page
from tui_reader.sources.http.client import Fetcher, NetLimits, Response
from tui_reader.sources.http.errors import ErrorKind, FetchError
from tui_reader.sources.http.request import PROJECT_ADDRESS, USER_AGENT
from tui_reader.sources.http.transport import resolve_host
from tui_reader.sources.http.url import parse_url, trusted_origins

QUICK = NetLimits(read_seconds=PATIENCE, retry_seconds=0.01, feed_bytes=1024**2)
FEED = b"<rss>" + b"news " * 1000 + b"</rss>"


async def get(*address: str, limits: NetLimits = QUICK, **more: object) -> Response:
    """Get the first address; all of them are the person's own."""
    async with Fetcher(limits) as fetcher:
        return await fetcher.get(address[0], trusted=address, **more)  # type: ignore[arg-type]


async def refused(*address: str, limits: NetLimits = QUICK, **more: object) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await get(*address, limits=limits, **more)
    return caught.value


async def test_a_response_has_status_headers_and_body(net: Loopback) -> None:
    site = net.site()
    address = site.page("/feed", FEED, kind="text/html; charset=latin-1", headers={"X-Odd": "caf\xe9"})
    response = await get(address)
    assert response[:2] == (address, 200)
    assert response.body == FEED, "a wrong content type is for others to judge"
    assert response.headers["content-type"] == "text/html; charset=latin-1"
    assert response.headers["x-odd"] == "caf\xe9"
    assert response.moved is None
    asked = site.requests[0].headers
    assert asked["user-agent"] == USER_AGENT
    assert PROJECT_ADDRESS in USER_AGENT
    assert "cookie" not in asked


async def test_a_conditional_request_gets_304(net: Loopback) -> None:
    site = net.site()
    address = site.page("/feed", FEED, etag='W/"caf\xe9, 1"')
    first = await get(address)
    again = await get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


async def test_an_unrequested_304_is_an_error(net: Loopback) -> None:
    assert (await refused(net.site().page("/feed", status=304))).status == 304


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
async def test_compressed_bodies_are_decompressed(net: Loopback, coding: str) -> None:
    site = net.site()
    assert (await get(site.page("/feed", FEED, coding=coding))).body == FEED
    assert coding in site.requests[0].headers["accept-encoding"]


async def test_unusual_compression_is_accepted(net: Loopback) -> None:
    site = net.site()
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {
        "/bare": ("deflate", bare.compress(FEED) + bare.flush()),
        "/members": ("x-gzip", gzip.compress(FEED[:99]) + gzip.compress(FEED[99:]) + bytes(512)),
    }
    for path, (coding, body) in packed.items():
        address = site.page(path, body, headers={"Content-Encoding": coding})
        assert (await get(address)).body == FEED, path


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("UTF-8", FEED),
        ("aws-chunked, identity", FEED),
        ("none", b"<rss/>"),
        ("gzip", FEED),
        ("br", b"\xef\xbb\xbf \n<?xml version='1.0'?>" + FEED),
        ("deflate", b'{ "version": 1}'),
        ("aws-chunked,gzip", gzip.compress(FEED)),
        ("gzip, gzip", gzip.compress(gzip.compress(FEED))),
        ("gzip, gzip", gzip.compress(FEED)),
        ("gzip", gzip.compress(gzip.compress(FEED))),
        ("gzip, br", brotli.compress(gzip.compress(FEED))),
        ("gzip", zlib.compress(FEED)),
        ("deflate", gzip.compress(FEED)),
        ("", gzip.compress(FEED)),
        ("", gzip.compress(gzip.compress(FEED))),
        ("", zlib.compress(FEED)),
        ("text/xml", gzip.compress(b"<rss/>")),
    ],
    ids=lambda value: value if isinstance(value, str) else "body",  # what is packed has the time in it
)
async def test_a_wrong_declaration_of_compression_is_corrected(net: Loopback, coding: str, body: bytes) -> None:
    found = (await get(net.site().page("/feed", body, headers={"Content-Encoding": coding}))).body
    assert b"<" in found[:30] or found.startswith(b"{")
    assert b"\x1f\x8b" not in found


async def test_data_that_decompresses_to_compressed_data_for_ever_ends(net: Loopback) -> None:
    body = FEED
    for _ in range(9):
        body = gzip.compress(body)
    assert (await get(net.site().page("/feed", body))).body.startswith(b"\x1f\x8b")


async def test_every_layer_of_compression_is_within_the_limit(net: Loopback) -> None:
    # Zeros in many layers are small in the end, but large between two of them.
    body = gzip.compress(gzip.compress(bytes(3 * 1024**2)) + bytes(2 * 1024**2))
    assert (await refused(net.site().page("/feed", body))).kind is ErrorKind.TOO_LARGE


@pytest.mark.parametrize(
    ("coding", "body", "kind"),
    [
        ("gzip", b"neither gzip nor XML", ErrorKind.DAMAGED),
        ("br", b"\xff<rss/>" * 50, ErrorKind.DAMAGED),
        ("deflate", b"\xff" * 20, ErrorKind.DAMAGED),
        ("zstd", b"\x28\xb5\x2f\xfd" + FEED, ErrorKind.DAMAGED),
        ("gzip, gzip, gzip, gzip", b"", ErrorKind.DAMAGED),
        ("gzip", gzip.compress(b"") * 1100, ErrorKind.DAMAGED),
        ("gzip", gzip.compress(FEED)[:-9], ErrorKind.TRUNCATED),
        ("deflate", b"x", ErrorKind.TRUNCATED),
    ],
    ids=["no gzip", "no brotli", "no deflate", "unknown", "too often", "members", "cut gzip", "cut deflate"],
)
async def test_a_damaged_body_is_an_error(net: Loopback, coding: str, body: bytes, kind: ErrorKind) -> None:
    address = net.site().page("/feed", body, headers={"Content-Encoding": coding})
    assert (await refused(address)).kind is kind


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("b\xfccher.example", "xn--bcher-kva.example"),
        ("NEWS.example", "news.example"),
        ("xn--i-7iq.example", "xn--i-7iq.example"),
        ("xn--", "xn--"),
    ],
)
async def test_international_host_names_are_accepted(net: Loopback, typed: str, asked: str) -> None:
    site = net.site()
    site.page("/%C3%A4", FEED)

    async def resolve(host: str, port: int) -> list[str]:
        return [site.host] if host == asked else []

    address = site.url("/\xe4", host=typed)
    async with Fetcher(QUICK, resolve=resolve) as fetcher:
        assert (await fetcher.get(address, trusted=(address,))).body == FEED


@pytest.mark.parametrize("coding", ["gzip", "br"])
async def test_a_decompression_bomb_takes_no_memory(net: Loopback, coding: str) -> None:
    address = net.site().page("/bomb", bytes(100 * 1024**2), coding=coding)
    tracemalloc.start()
    error = await refused(address)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert error.kind is ErrorKind.TOO_LARGE
    assert "larger than 1 MB" in str(error)
    assert peak < 8 * 1024**2


@pytest.mark.parametrize("coding", ["", "gzip"])
async def test_an_endless_body_is_stopped_by_the_size_limit(net: Loopback, coding: str) -> None:
    site = net.site()
    assert (await refused(site.endless("/feed", coding=coding))).kind is ErrorKind.TOO_LARGE
    assert (await refused(site.endless("/none", piece=b"", coding="gzip"), limit=5000)).kind is ErrorKind.TOO_LARGE


async def test_a_call_can_set_its_limit(net: Loopback) -> None:
    address = net.site().page("/feed", FEED)
    assert (await get(address, limit=len(FEED))).body == FEED
    assert (await refused(address, limit=len(FEED) - 1)).kind is ErrorKind.TOO_LARGE


async def test_a_slow_body_is_read_within_the_time_limit(net: Loopback) -> None:
    site = net.site()
    assert (await get(site.slow("/feed", b"<rss/>", 0.005))).body == b"<rss/>"
    address = site.slow("/dripping", b"x" * 10_000, 0.01)
    error = await refused(address, limits=NetLimits(total_seconds=0.2))
    assert error.kind is ErrorKind.TIMEOUT
    assert site.paths().count("/dripping") == 1, "what took all its time gets no second"


async def test_a_hanging_site_is_retried_once(net: Loopback) -> None:
    site = net.site()
    error = await refused(site.hang("/feed"), limits=NetLimits(read_seconds=0.1, retry_seconds=0.01))
    assert error.kind is ErrorKind.TIMEOUT
    assert "did not answer in time" in str(error)
    site.wait_for_requests(2)  # on a busy machine, the client gives up before the site has read the request
    assert site.paths() == ["/feed", "/feed"]


@pytest.mark.parametrize("body", [b"", FEED], ids=["at once", "later"])
async def test_a_truncated_body_is_an_error(net: Loopback, body: bytes) -> None:
    error = await refused(net.site().truncated("/feed", body))
    assert error.kind is ErrorKind.TRUNCATED


@pytest.mark.parametrize(
    ("status", "wait", "asked", "words"),
    [
        (401, None, 1, "a user name and a password"),
        (404, None, 1, "nothing at this address"),
        (410, None, 1, "gone for good"),
        (429, 120, 1, "asks us to wait"),
        (418, None, 1, "status 418"),
        (500, None, 1, "an error (500)"),
        (502, None, 2, "an error (502)"),
        (503, None, 2, "an error (503)"),
        (503, 600, 1, "an error (503)"),
        (504, 0, 2, "an error (504)"),
        (206, None, 1, "status 206"),
    ],
)
async def test_an_error_status_has_a_message(
    net: Loopback, status: int, wait: int | None, asked: int, words: str
) -> None:
    site = net.site()
    headers = {} if wait is None else {"Retry-After": str(wait)}
    error = await refused(site.page("/feed", b"no", status, headers=headers))
    assert (error.kind, error.status, error.retry_after) == (ErrorKind.STATUS, status, wait)
    assert words in str(error)
    assert len(site.requests) == asked


async def test_there_is_one_retry(net: Loopback) -> None:
    site = net.site()
    assert (await get(site.hang_up("/once", times=1, then=page(FEED)))).body == FEED
    assert (await refused(site.hang_up("/twice", times=2, then=page(FEED)))).kind is ErrorKind.REFUSED
    assert (await get(site.put("/busy", page(status=503), page(FEED)))).body == FEED


async def test_a_network_that_is_gone_for_a_moment_is_tried_again(
    net: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect = asyncio.SelectorEventLoop.sock_connect
    failures = iter([OSError(errno.ENETUNREACH, "Network is unreachable")])

    async def connect_later(*arguments: Any) -> None:
        for failure in failures:
            raise failure
        await connect(*arguments)

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", connect_later)
    assert (await get(net.site().page("/feed", FEED))).body == FEED


async def test_a_refused_connection_is_an_error() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        error = await refused(f"http://127.0.0.1:{unused.getsockname()[1]}/feed")
    assert error.kind is ErrorKind.REFUSED


async def test_a_server_of_another_protocol_is_an_error() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(b"220 mail.example ESMTP\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await refused(f"http://127.0.0.1:{port}/")).kind is ErrorKind.PROTOCOL
        assert (await refused(f"https://127.0.0.1:{port}/")).kind is ErrorKind.TLS


async def test_redirects_are_followed_and_permanent_ones_reported(net: Loopback) -> None:
    site = net.site()
    site.page("/end", FEED)
    site.redirect("/temporary", "end", 302)
    site.redirect("/moved", site.url("/temporary#part"), 308)
    response = await get(site.redirect("/feed", "/moved", 301))
    assert (response.url, response.body) == (site.url("/end"), FEED)
    assert response.moved == site.url("/temporary")
    assert site.connections == 1, "one connection serves the whole way"
    site.redirect("/later", "/moved", 307)
    assert (await get(site.url("/later"))).moved is None


async def test_endless_redirects_are_an_error(net: Loopback) -> None:
    site = net.site()
    site.page("/0", FEED)
    for number in range(1, 9):
        site.redirect(f"/{number}", f"/{number - 1}")
    assert (await get(site.url("/5"))).body == FEED
    error = await refused(site.url("/6"))
    assert (error.kind, "more than 5" in str(error)) == (ErrorKind.REDIRECTS, True)
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    error = await refused(site.url("/a"))
    assert (error.kind, "circle" in str(error)) == (ErrorKind.REDIRECTS, True)


ODDITIES = ["//", ":", "@", "[", "]", "%", "xn--", "a", "127.1", "::1", "..", "?", "#", "http:", "\\", "\x00", "é"]


@given(st.text() | st.lists(st.sampled_from(ODDITIES)).map("".join))
def test_random_addresses_raise_only_fetch_errors(text: str) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    async def ask(address: str) -> None:
        async with Fetcher(QUICK, resolve=resolve) as fetcher:
            await fetcher.get(address)

    for address in (text, f"https://{text}"):
        with pytest.raises(FetchError):
            asyncio.run(ask(address))


@pytest.mark.parametrize(
    "to", ["ftp://news.example/", "file:///etc/passwd", "javascript:1", "http://", "http://a:b:c/"]
)
async def test_a_redirect_to_another_scheme_is_an_error(net: Loopback, to: str) -> None:
    assert (await refused(net.site().redirect("/feed", to))).kind is ErrorKind.REDIRECTS


@pytest.mark.parametrize("address", ["", "news.example", "ftp://news.example/", "file:///etc/passwd", "http://a b/"])
async def test_an_invalid_address_is_an_error(address: str) -> None:
    assert (await refused(address)).kind is ErrorKind.ADDRESS


async def test_only_a_trusted_origin_may_be_in_a_private_network(net: Loopback) -> None:
    mine, other = net.site(), net.site("127.0.0.2")
    mine.page("/feed", FEED)
    mine.redirect("/around", "/feed")
    mine.redirect("/away", other.page("/secret", b"inside"))
    async with Fetcher(QUICK) as fetcher:
        trusted = (mine.url("/around"),)
        assert (await fetcher.get(trusted[0], trusted=trusted)).body == FEED
        # Named by a feed, or led to by one; the open connection must not be used either.
        for named, mine_too in [
            (mine.url("/feed"), ()),
            (other.url("/secret"), trusted),
            (mine.url("/away"), trusted),
            (f"http://localhost:{mine.port}/feed", trusted),
            (f"http://2130706433:{mine.port}/feed", trusted),
            (f"http://[::ffff:127.0.0.1]:{mine.port}/feed", trusted),
        ]:
            with pytest.raises(FetchError, match="private network") as caught:
                await fetcher.get(named, trusted=mine_too)
            assert caught.value.kind is ErrorKind.PRIVATE
    assert other.requests == []
    assert mine.paths() == ["/around", "/feed", "/away"]


async def test_a_host_is_resolved_once_and_checked(net: Loopback) -> None:
    site = net.site("127.0.0.3")
    site.page("/feed", FEED)
    resolved: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        resolved.append(host)
        return ["127.0.0.3"]

    address = site.url("/feed", host="news.example")
    async with Fetcher(QUICK, resolve=resolve) as fetcher:
        with pytest.raises(FetchError, match=r"news\.example is in a private network"):
            await fetcher.get(address)
        assert site.connections == 0
        assert (await fetcher.get(address, trusted=(address,))).body == FEED
    assert resolved == ["news.example"] * 2, "once for each connection"
    assert site.requests[0].headers["host"] == f"news.example:{site.port}"


async def test_the_next_address_of_a_host_is_tried(net: Loopback) -> None:
    site = net.site("127.0.0.3")
    address = site.page("/feed", FEED).replace("127.0.0.3", "news.example")

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.4", "127.0.0.3"]

    async with Fetcher(QUICK, resolve=resolve) as fetcher:
        assert (await fetcher.get(address, trusted=(address,))).body == FEED


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (socket.EAI_AGAIN, ErrorKind.OFFLINE),
        (socket.EAI_FAIL, ErrorKind.OFFLINE),
        (socket.EAI_NONAME, ErrorKind.NAME),
    ],
)
async def test_an_unresolved_name_is_an_error(number: int, kind: ErrorKind) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror(number, "no")

    async with Fetcher(QUICK, resolve=resolve) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get("https://news.example/feed")
    assert caught.value.kind is kind


async def test_name_resolution_has_a_timeout() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    async with Fetcher(NetLimits(connect_seconds=0.05), resolve=resolve) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get("https://news.example/feed")
    assert caught.value.kind is ErrorKind.OFFLINE


async def test_ip_addresses_are_not_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("looked up")

    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", refuse)
        assert await resolve_host("127.0.0.1", 80) == ["127.0.0.1"]
    with pytest.raises((OSError, UnicodeError)):
        await resolve_host("a" * 70, 80)


@pytest.mark.parametrize(
    ("address", "other", "is_trusted"),
    [
        ("http://home.example/feed", "https://home.example/feed", True),
        ("http://home.example/feed", "https://home.example:443/feed", True),
        ("https://home.example/feed", "http://home.example/feed", False),
        ("http://home.example:8080/feed", "https://home.example/feed", False),
        ("http://home.example/feed", "https://home.example:8443/feed", False),
    ],
)
def test_a_private_site_may_move_to_tls_on_the_usual_port(address: str, other: str, is_trusted: bool) -> None:
    mine, theirs = parse_url(address), parse_url(other)
    assert mine is not None
    assert theirs is not None
    assert (theirs.origin in trusted_origins(mine)) == is_trusted


def test_a_name_server_that_hangs_does_not_keep_a_program_from_ending() -> None:
    program = """
import asyncio, socket, threading
from tui_reader.sources.http.transport import resolve_host

async def give_up():
    try:
        await asyncio.wait_for(resolve_host("news.example", 80), 0.01)
    except TimeoutError:
        print("no answer")

socket.getaddrinfo = lambda *_, **__: threading.Event().wait()
asyncio.run(give_up())
"""
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)
    assert done.stdout == b"no answer\n"


async def test_credentials_are_sent_to_their_host_only(net: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mine, other = net.site(), net.site("127.0.0.2")
    address = mine.redirect("/feed", "/next").replace("127.0.0.1", "me%40home:s3cret@127.0.0.1")
    mine.redirect("/next", other.url("/back").replace("127.0.0.2", "mallory:x@127.0.0.2"))
    other.redirect("/back", mine.page("/end", FEED))
    response = await get(address, other.url(), headers={"X-Key": "k3y", "Accept": "text/x"})
    assert [asked.headers.get("authorization") for asked in mine.requests] == ["Basic bWVAaG9tZTpzM2NyZXQ="] * 3
    assert [asked.headers.get("x-key") for asked in mine.requests] == ["k3y"] * 3
    assert "authorization" not in other.requests[0].headers
    assert "x-key" not in other.requests[0].headers
    assert other.requests[0].headers["accept"] == "text/x"
    other.page("/back", status=404)
    error = await refused(address, other.url())
    assert other.url("/back") in str(error)
    shown = f"{response!r} {error} {error!r} {caplog.text}"
    for secret in ("s3cret", "bWVA", "me%40", "k3y", "mallory"):
        assert secret not in shown
    assert "s3cret" not in str(await refused("ftp://me:s3cret@news.example/feed"))


async def test_credentials_can_be_given_separately(net: Loopback) -> None:
    site = net.site()
    await get(site.page("/feed", FEED), auth=("me", "s3:cret"))
    assert site.requests[0].headers["authorization"] == "Basic bWU6czM6Y3JldA=="


async def test_the_sites_that_were_asked_last_keep_a_connection(net: Loopback) -> None:
    sites = [net.site() for _ in range(18)]
    addresses = [site.page("/feed", FEED) for site in sites]
    async with Fetcher(replace(QUICK, max_concurrent=16)) as fetcher:
        for address in (*addresses, addresses[-1], addresses[2], addresses[0]):
            await fetcher.get(address, trusted=(address,))
    assert [site.connections for site in sites] == [2, *[1] * 17]


async def test_cookies_are_not_stored(net: Loopback) -> None:
    site = net.site()
    address = site.page("/feed", FEED, headers={"Set-Cookie": "who=me; Path=/"})
    async with Fetcher(QUICK) as fetcher:
        for _ in range(2):
            await fetcher.get(address, trusted=(address,))
    assert all("cookie" not in asked.headers for asked in site.requests)
    assert site.connections == 1, "one connection serves both"


async def test_proxies_in_the_environment_are_ignored(net: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.9:9")
    assert (await get(net.site().page("/feed", FEED))).body == FEED


async def test_concurrent_requests_per_host_are_limited(net: Loopback) -> None:
    site = net.site()
    address = site.crowd("/feed", too_many=4)
    async with Fetcher(NetLimits(max_concurrent_per_host=3)) as fetcher:
        answers = await asyncio.gather(*(fetcher.get(f"{address}?{n}", trusted=(address,)) for n in range(12)))
    assert [answer.body for answer in answers] == [b"in"] * 12
    assert site.most_concurrent == 3


async def test_concurrent_requests_are_limited(net: Loopback) -> None:
    site = net.site("127.0.0.5")
    site.crowd("/feed", too_many=6)

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.5"]

    addresses = [site.url("/feed", host=f"n{n}.example") for n in range(12)]
    async with Fetcher(NetLimits(max_concurrent=5), resolve=resolve) as fetcher:
        await asyncio.gather(*(fetcher.get(each, trusted=(each,)) for each in addresses))
    assert len(site.requests) == 12
    assert site.most_concurrent == 5


async def test_fewer_requests_run_where_the_system_allows_few_open_files(
    net: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    site = net.site("127.0.0.5")
    site.crowd("/feed", too_many=8)

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.5"]

    def refuse(*_: object) -> None:
        raise ValueError("not allowed to raise it")

    addresses = [site.url("/feed", host=f"n{n}.example") for n in range(12)]
    with monkeypatch.context() as patch:
        patch.setattr("resource.getrlimit", lambda _: (110, 110))
        patch.setattr("resource.setrlimit", refuse)
        async with Fetcher(NetLimits(max_concurrent=64), resolve=resolve) as fetcher:
            await asyncio.gather(*(fetcher.get(each, trusted=(each,)) for each in addresses))
    assert site.most_concurrent == 7
    # Where it may, it raises the limit itself, far enough for all.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(128, soft), hard))
    try:
        async with Fetcher(NetLimits(max_concurrent=64)):
            assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 2 * 64
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_no_site_gets_more_than_four_requests_at_a_time(net: Loopback) -> None:
    """As everybody fetches who has set nothing: four to one host, 64 in all."""
    site = net.site("127.0.0.6")

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.6"]

    one_host = [site.url(f"/one?{number}", host="news.example") for number in range(12)]
    many_hosts = [site.url("/many", host=f"n{number}.example") for number in range(80)]
    for path, addresses, most in (("/one", one_host, 4), ("/many", many_hosts, 64)):
        site.most_concurrent = 0
        site.crowd(path, too_many=most + 1)
        async with Fetcher(resolve=resolve) as fetcher:
            await asyncio.gather(*(fetcher.get(each, trusted=(each,)) for each in addresses))
        assert site.most_concurrent == most


async def test_all_the_steps_of_a_fetch_share_its_time(net: Loopback) -> None:
    site = net.site()

    def slowly(answer: Responder) -> Responder:
        def wait(handler: Handler) -> None:
            time.sleep(0.3)
            answer(handler)

        return wait

    for number in range(5):
        site.put(f"/{number}", slowly(page(status=302, headers={"Location": f"/{number + 1}"})))
    error = await refused(site.url("/0"), limits=NetLimits(total_seconds=0.8))
    assert error.kind is ErrorKind.TIMEOUT
    site.put("/busy", slowly(page(status=503)))
    error = await refused(site.url("/busy"), limits=NetLimits(total_seconds=0.5, retry_seconds=0))
    assert error.kind is ErrorKind.TIMEOUT, "the second attempt has what the first one left"


async def test_a_short_wait_that_a_site_asks_for_is_heeded(net: Loopback) -> None:
    site = net.site()
    asked: list[float] = []

    def answer(handler: Handler) -> None:
        asked.append(time.monotonic())
        page(status=503, headers={"Retry-After": "1"})(handler) if len(asked) == 1 else page(FEED)(handler)

    assert (await get(site.put("/feed", answer))).body == FEED
    assert asked[1] - asked[0] >= 1


async def test_a_move_from_https_to_http_is_not_for_good(net: Loopback, certified: None) -> None:
    secure, plain = net.site(tls=True), net.site("127.0.0.2")
    plain.page("/feed", FEED)
    secure.page("/end", FEED)
    secure.redirect("/down", plain.url("/feed"), 301)
    response = await get(secure.redirect("/feed", "/down", 301), plain.url())
    assert (response.body, response.moved) == (FEED, secure.url("/down"))
    plain.redirect("/up", secure.url("/end"), 301)
    assert (await get(plain.url("/up"), secure.url())).moved == secure.url("/end")


async def test_a_certificate_that_nobody_vouches_for_is_refused(net: Loopback) -> None:
    site = net.site(tls=True)
    error = await refused(site.page("/feed", FEED))
    assert (error.kind, site.requests) == (ErrorKind.TLS, [])
    assert "certificate cannot be verified" in str(error)


async def test_waiting_for_other_requests_does_not_count(net: Loopback) -> None:
    site = net.site()
    slow = [site.slow(f"/{n}", b"news!", 0.05) for n in range(6)]
    async with Fetcher(NetLimits(max_concurrent_per_host=1, total_seconds=1)) as fetcher:
        answers = await asyncio.gather(*(fetcher.get(each, trusted=(each,)) for each in slow))
    assert [answer.body for answer in answers] == [b"news!"] * 6


async def test_a_cancelled_fetch_frees_its_slot(net: Loopback) -> None:
    site = net.site()
    hanging, address = site.hang("/hang"), site.page("/feed", FEED)
    async with Fetcher(NetLimits(max_concurrent=1)) as fetcher:
        task = asyncio.create_task(fetcher.get(hanging, trusted=(hanging,)))
        await asyncio.to_thread(site.wait_for_requests, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await fetcher.get(address, trusted=(address,))).body == FEED


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def download(address: str, path: Path, limits: NetLimits = QUICK, **more: object) -> Response:
    async with Fetcher(limits) as fetcher:
        return await fetcher.download(address, path, trusted=(address,), **more)  # type: ignore[arg-type]


async def test_a_download_is_stored_completely(net: Loopback, tmp_path: Path) -> None:
    site, path = net.site(), tmp_path / "news.zip"
    body = bytes(range(256)) * 20_000
    response = await download(site.page("/news.zip", body, etag='"1"'), path)
    assert (path.read_bytes() == body, response.body) == (True, b"")
    assert site.requests[0].headers["accept-encoding"] == "identity"
    again = await download(site.url("/news.zip"), path, headers={"if-none-match": '"1"'})
    assert (again.status, path.read_bytes() == body) == (304, True)
    assert files(tmp_path) == [path]


async def test_a_failed_download_changes_nothing(net: Loopback, tmp_path: Path) -> None:
    site, path = net.site(), tmp_path / "news.zip"
    path.write_bytes(b"old")
    for address, kind in [
        (site.truncated("/cut", FEED), ErrorKind.TRUNCATED),
        (site.page("/none", status=404), ErrorKind.STATUS),
        (site.endless("/endless"), ErrorKind.TOO_LARGE),
    ]:
        with pytest.raises(FetchError) as caught:
            await download(address, path, limit=1024**2)
        assert caught.value.kind is kind
    assert (path.read_bytes(), files(tmp_path)) == (b"old", [path])
    with pytest.raises(FetchError, match="cannot be stored") as caught:
        await download(site.page("/news.zip", FEED), tmp_path / "none" / "news.zip")
    assert caught.value.kind is ErrorKind.DISK


async def test_a_retried_download_starts_over(net: Loopback, tmp_path: Path) -> None:
    site, path = net.site(), tmp_path / "news.zip"
    await download(site.hang_up("/news.zip", times=1, then=page(FEED)), path)
    assert path.read_bytes() == FEED


async def test_a_compressed_archive_stays_compressed(net: Loopback, tmp_path: Path) -> None:
    site = net.site()
    archive = gzip.compress(io.BytesIO(FEED).getvalue())
    for name, stored in (("news.tar.gz", archive), ("news.tar", FEED)):
        address = site.page(f"/{name}", archive, headers={"Content-Encoding": "gzip"})
        await download(address, tmp_path / name)
        assert (tmp_path / name).read_bytes() == stored
