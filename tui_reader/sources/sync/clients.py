"""Makes the client of an account by its kind; the module of a protocol is imported only where it is used."""

from __future__ import annotations

from importlib import import_module

from tui_reader.sources.sync.client import SyncClient

_CLIENTS = {
    "google-reader": ("google_reader", "GoogleReaderClient"),
    "miniflux": ("miniflux", "MinifluxClient"),
    "fever": ("fever", "FeverClient"),
}


def new_client(kind: str, address: str, user: str, password: str) -> SyncClient:
    """Return a client for an account of a kind; nothing is sent yet."""
    module, name = _CLIENTS[kind]
    client: SyncClient = getattr(import_module(f"tui_reader.sources.sync.{module}"), name)(address, user, password)
    return client
