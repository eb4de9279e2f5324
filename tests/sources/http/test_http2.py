"""HTTP/2, with servers that speak it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import h2.config
import h2.connection
import h2.events
import pytest

from tests.support.servers import CERTIFICATE
from tui_reader.sources.http.client import Fetcher, NetLimits
from tui_reader.sources.http.errors import ErrorKind, FetchError

FEED = b"<rss version='2.0'><channel><title>News</title></channel></rss>" * 2_000
QUICK = NetLimits(retry_seconds=0.01)


class Server:
    """Answers requests over HTTP/2 by their path: with the feed, never, or by ending the connection."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests: list[dict[str, str]] = []
        self.address = ""
        self.is_last = False  # whether the request before ends the connection

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.is_last = False
        http = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
        http.initiate_connection()
        unsent: dict[int, bytes] = {}
        try:
            while data := await reader.read(65536):
                for event in http.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        self._answer(http, event, unsent)
                for stream in [*unsent]:
                    self._send(http, stream, unsent)
                writer.write(http.data_to_send())
                await writer.drain()
                if self.is_last:
                    break
        except ConnectionError:
            pass
        writer.close()

    def _answer(
        self, http: h2.connection.H2Connection, event: h2.events.RequestReceived, unsent: dict[int, bytes]
    ) -> None:
        headers = {str(name): str(value) for name, value in event.headers or ()}
        self.requests.append(headers)
        self.is_last = headers[":path"] == "/end"
        if headers[":path"].startswith("/feed") and event.stream_id:
            if headers.get("if-none-match") == '"1"':
                http.send_headers(event.stream_id, [(":status", "304"), ("ETag", '"1"')], end_stream=True)
                return
            http.send_headers(event.stream_id, [(":status", "200"), ("etag", '"1"')])
            unsent[event.stream_id] = FEED
        elif headers[":path"] == "/gone" and event.stream_id:
            http.close_connection()

    @staticmethod
    def _send(http: h2.connection.H2Connection, stream: int, unsent: dict[int, bytes]) -> None:
        while size := min(len(unsent[stream]), http.local_flow_control_window(stream), http.max_outbound_frame_size):
            http.send_data(stream, unsent[stream][:size])
            unsent[stream] = unsent[stream][size:]
        if not unsent[stream]:
            http.end_stream(stream)
            del unsent[stream]


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    context.set_alpn_protocols(["h2"])
    made = Server()
    async with await asyncio.start_server(made.talk, "127.0.0.1", 0, ssl=context) as server:
        made.address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made


pytestmark = pytest.mark.usefixtures("certified")


async def test_requests_to_a_server_with_http2_share_a_connection() -> None:
    async with serving() as server, Fetcher(QUICK) as fetcher:
        addresses = [f"{server.address}/feed?{number}" for number in range(6)]
        trusted = (server.address,)
        answers = await asyncio.gather(*(fetcher.get(each, trusted=trusted) for each in addresses))
        again = await fetcher.get(addresses[0], headers={"if-none-match": '"1"'}, trusted=trusted)
    assert [answer.body for answer in answers] == [FEED] * 6
    assert (again.status, again.headers["etag"]) == (304, '"1"')
    assert server.connections == 1
    assert {request[":authority"] for request in server.requests} == {server.address.removeprefix("https://")}
    assert "host" not in server.requests[0]


async def test_a_limit_of_size_ends_only_one_request() -> None:
    async with serving() as server, Fetcher(QUICK) as fetcher:
        trusted = (server.address,)
        with pytest.raises(FetchError) as caught:
            await fetcher.get(f"{server.address}/feed", limit=1000, trusted=trusted)
        assert caught.value.kind is ErrorKind.TOO_LARGE
        assert (await fetcher.get(f"{server.address}/feed", trusted=trusted)).body == FEED


@pytest.mark.parametrize("path", ["/end", "/gone"])
async def test_a_connection_that_ends_is_replaced(path: str) -> None:
    async with serving() as server, Fetcher(QUICK) as fetcher:
        trusted = (server.address,)
        await fetcher.get(f"{server.address}/feed", trusted=trusted)
        with pytest.raises(FetchError) as caught:
            await fetcher.get(f"{server.address}{path}", trusted=trusted)
        assert caught.value.kind in {ErrorKind.REFUSED, ErrorKind.PROTOCOL}
        assert (await fetcher.get(f"{server.address}/feed", trusted=trusted)).body == FEED
    assert server.connections >= 2


async def test_a_server_that_never_answers_takes_too_long() -> None:
    async with serving() as server, Fetcher(NetLimits(read_seconds=0.2, retry_seconds=0.01)) as fetcher:
        with pytest.raises(FetchError) as caught:
            await fetcher.get(f"{server.address}/silence", trusted=(server.address,))
    assert caught.value.kind is ErrorKind.TIMEOUT
