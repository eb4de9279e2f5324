"""Keeps every process of the campaign on this machine: random keys can subscribe to anything."""

from __future__ import annotations

import ipaddress
import sys


def _only_loopback(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in {"localhost", "None"}:
        return
    try:
        inside = ipaddress.ip_address(name).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OSError(f"the campaign asks nobody outside of this machine: {name}")


sys.addaudithook(_only_loopback)
