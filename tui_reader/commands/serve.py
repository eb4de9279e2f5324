"""``news-tui serve``: show the reader in a browser."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tui_reader.errors import NewsError

if TYPE_CHECKING:
    from argparse import Namespace

    from tui_reader.web.gate import PublicAddress


def serve(arguments: Namespace) -> int:
    """Serve the reader until a signal ends it; raises :class:`NewsError` if it cannot be served."""
    if find_spec("aiohttp") is None or find_spec("textual_serve") is None:
        raise NewsError("the reader in a browser needs the extra “serve”: pip install 'news-tui[serve]'")
    _check(arguments)
    from tui_reader.web.gate import Gate, is_loopback, names_of_this_machine, public_address
    from tui_reader.web.server import Server, run

    public = public_address(arguments.public_url) if arguments.public_url else None
    is_private = is_loopback(arguments.host) and (public is None or is_loopback(public.host))
    password = _password(arguments.password_command, os.environ)
    made = "" if password or is_private else secrets.token_urlsafe(15)
    gate = Gate(password or made, () if is_private else names_of_this_machine(), public)

    def started(port: int) -> None:
        print(f"The reader is at {_address(arguments.host, port, public)} · Ctrl+C ends it")
        if made:
            print(f"Its password, until then: {made}")
        if not is_private and not gate.is_encrypted:
            print("What is sent can be read on the way: for more than a network of your own, see docs/serve.md")

    asyncio.run(run(Server(_reader(arguments), gate), arguments.host, arguments.port, started))
    return 0


def _check(arguments: Namespace) -> None:
    """Raise :class:`NewsError` for what would end each reader at its start."""
    from tui_reader.config import folders
    from tui_reader.subscriptions.selection import select_sources
    from tui_reader.subscriptions.views import find_view, load_views

    here = folders()
    select_sources(arguments.sources, here)
    if arguments.view:
        find_view(load_views(here.views), arguments.view)


def _reader(arguments: Namespace) -> list[str]:
    """Return the command that starts a reader."""
    from tui_reader.ui.worker_process import PROGRAM

    options = ["--offline"] if arguments.offline else []
    if arguments.view:
        options.append(f"--view={arguments.view}")
    return [*PROGRAM, "tui_reader", "read", *options, "--", *arguments.sources]


def _password(command: str, environ: Mapping[str, str]) -> str:
    """Return the password that ``command`` prints, or else the one in the environment; empty if there is none.

    Raises :class:`NewsError` if the command prints none.
    """
    from tui_reader.web.visitor import PASSWORD

    if not command:
        return environ.get(PASSWORD, "")
    from tui_reader.pipeline.passwords import read_password, split_command

    return read_password(split_command(command))


def _address(host: str, port: int, public: PublicAddress | None) -> str:
    """Return the address to open: ``host`` may stand for all addresses of this machine."""
    if public is not None:
        return f"{public.origin}/"
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - no address to listen on
        import socket

        host = socket.gethostname()
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
