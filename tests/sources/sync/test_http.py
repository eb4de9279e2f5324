"""Requests to the server of an account: what is sent, and each failure as a sentence with its problem."""

from __future__ import annotations

import gzip

import pytest

from tests.support.servers import Handler, Loopback, Site, page
from tui_reader.sources.http.request import USER_AGENT
from tui_reader.sources.sync import http
from tui_reader.sources.sync.errors import SyncError, SyncProblem
from tui_reader.sources.sync.http import Reply, SyncHttp, TooLongError


async def fetch(address: str, path: str = "/api") -> Reply:
    client = SyncHttp(address)
    try:
        return await client.get(path)
    finally:
        await client.close()


async def refused(address: str, path: str = "/api") -> SyncError:
    with pytest.raises(SyncError) as caught:
        await fetch(address, path)
    return caught.value


async def test_forms_json_and_queries_are_sent_as_written(site: Site) -> None:
    site.page("/api", b'{"a": 1}', kind="application/json", coding="gzip")
    client = SyncHttp(site.url("/"))
    await client.post("/api", [("T", "x y"), ("i", "1"), ("i", "ü")], params=[("output", "json")])
    reply = await client.send_json("POST", "/api", {"ids": [1]}, {"X-Key": "k"})
    await client.close()
    assert reply.json() == {"a": 1}
    first, second = site.requests
    assert (first.path, first.body) == ("/api?output=json", b"T=x+y&i=1&i=%C3%BC")
    assert second.body == b'{"ids":[1]}'
    assert second.headers["x-key"] == "k"
    assert second.headers["user-agent"] == USER_AGENT


async def test_no_cookie_is_kept(site: Site) -> None:
    site.page("/api", b"{}", headers={"Set-Cookie": "session=1"})
    client = SyncHttp(site.url())
    await client.get("/api")
    await client.get("/api")
    await client.close()
    assert "cookie" not in site.requests[1].headers


@pytest.mark.parametrize(
    ("status", "problem", "words"),
    [
        (302, SyncProblem.VERSION, "sends us to https://other.example; give the account that address"),
        (400, SyncProblem.PROTOCOL, "does not accept a request (400)"),
        (401, SyncProblem.PASSWORD, "create an API password"),
        (404, SyncProblem.VERSION, "no such API on the server (404)"),
        (429, SyncProblem.RATE_LIMIT, "asks us to wait"),
        (500, SyncProblem.DOWN, "reports an error (500)"),
        (503, SyncProblem.DOWN, "is down for maintenance (503)"),
    ],
)
async def test_statuses_are_told_in_words(site: Site, status: int, problem: SyncProblem, words: str) -> None:
    headers = {"Location": "https://name:secret@other.example/x", "Retry-After": "120"}
    site.page("/api", b"", status, headers=headers)
    error = await refused(site.url())
    assert error.problem is problem
    assert words in str(error)
    assert "secret" not in str(error)
    assert error.retry_after == (120 if status in {429, 500, 503} else None)


async def test_a_status_with_a_meaning_is_an_answer(site: Site) -> None:
    site.page("/api", b"gone", 410)
    client = SyncHttp(site.url())
    reply = await client.get("/api", also={410})
    await client.close()
    assert reply.text() == "gone"
    with pytest.raises(SyncError):
        reply.check()


async def test_answers_that_are_too_long_cut_off_or_damaged(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "_MAX_BYTES", 1024**2)
    site.endless("/endless")
    site.endless("/bomb", bytes(1024**2), "gzip")
    for path in ("/endless", "/bomb"):
        error = await refused(site.url(), path)
        assert isinstance(error, TooLongError)
        assert str(error) == "the server's answer is longer than 1 MB"
    site.truncated("/cut", b"[1, 2")
    assert (await refused(site.url(), "/cut")).problem is SyncProblem.DOWN
    site.page("/half", gzip.compress(b"{}" * 1000)[:-9], headers={"Content-Encoding": "gzip"})
    assert (await refused(site.url(), "/half")).problem is SyncProblem.DOWN
    site.page("/damaged", b"\x1f\x8b" + b"no gzip" * 20, headers={"Content-Encoding": "gzip"})
    assert (await refused(site.url(), "/damaged")).problem is SyncProblem.PROTOCOL


@pytest.mark.parametrize("body", [b"<html>", b"", b"[" * 100_000, b"\xff\xfe", b"[" + b"1" * 5000 + b"]"])
def test_what_is_no_json_is_told(body: bytes) -> None:
    with pytest.raises(SyncError, match="not valid JSON") as caught:
        Reply(200, {}, body).json()
    assert caught.value.problem is SyncProblem.PROTOCOL


def test_a_byte_that_is_no_text_spoils_no_answer() -> None:
    assert Reply(200, {}, b'{"title": "a\xffb\tc"}').json() == {"title": "a\ufffdb\tc"}


async def test_a_certificate_that_nobody_vouches_for(net: Loopback) -> None:
    error = await refused(net.site(tls=True).url())
    assert error.problem is SyncProblem.CERTIFICATE
    assert "SSL_CERT_FILE" in str(error)


@pytest.mark.usefixtures("certified")
async def test_the_certificate_of_ones_own_authority(net: Loopback) -> None:
    secure = net.site(tls=True)
    secure.page("/api", b"[]")
    assert (await fetch(secure.url())).json() == []


async def test_servers_that_do_not_answer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def hang_up(handler: Handler) -> None:
        handler.close_connection = True

    site.put("/gone", hang_up)
    assert (await refused(site.url(), "/gone")).problem is SyncProblem.DOWN
    monkeypatch.setattr(http, "_WHOLE_SECONDS", 0.05)
    site.hang("/slow")
    assert "did not answer in time" in str(await refused(site.url(), "/slow"))
    site.stopped.set()
    site.stop()
    assert "cannot be reached" in str(await refused(site.url()))


@pytest.mark.parametrize("address", ["ftp://example.org", "example.org", "https://name:port"])
async def test_what_is_no_address(address: str) -> None:
    error = await refused(address)
    assert error.problem is SyncProblem.VERSION
    assert "address" in str(error)


async def test_a_page_instead_of_an_api_is_no_crash(site: Site) -> None:
    site.put("/api", page(b"<html>", kind="text/html"))
    reply = await fetch(site.url())
    with pytest.raises(SyncError, match="check the address"):
        reply.json()
