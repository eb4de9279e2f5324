"""Articles as JSON objects, as the feed store keeps them: by the names of their fields, so that fields can be added."""

from __future__ import annotations

import json
from collections.abc import Container
from typing import Any

from tui_reader.errors import StoreError
from tui_reader.model.article import Article
from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.named_tuple import NamedTuple

# Notes are stored with the source, the key of the page beside the article.
_NOT_STORED = ("notes", "key", "cached_page_ids")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _defaults(kind: type[NamedTuple], without: Container[str] = ()) -> list[tuple[int, str, object]]:
    """Return the fields of a named tuple, each with its place and what it has if it is not stored."""
    defaults = kind._field_defaults
    return [(at, name, defaults.get(name, _NO_DEFAULT)) for at, name in enumerate(kind._fields) if name not in without]


_NO_DEFAULT = object()
_ARTICLE = _defaults(Article, _NOT_STORED)
_LINKS = _defaults(Links)
_PROVIDER = _defaults(Provider)


def article_to_json(article: Article) -> str:
    """Return an article as a JSON object, without the fields that have their default values."""
    fields = _without_defaults(article, _ARTICLE)
    if "links" in fields:
        fields["links"] = _without_defaults(article.links, _LINKS)
    if "provider" in fields:
        fields["provider"] = _without_defaults(article.provider, _PROVIDER)
    return _ENCODER.encode(fields)


def article_from_json(text: str) -> Article:
    """Return the article in a JSON object; ignore fields that it does not know.

    Raises :class:`StoreError`.
    """
    try:
        fields = _known(Article, json.loads(text))
        fields["links"] = Links(**_known(Links, fields.get("links", {})))
        fields["provider"] = Provider(**_known(Provider, fields.get("provider", {})))
        fields["enclosures"] = tuple(Enclosure(*each) for each in fields.get("enclosures", ()))
        if fields.get("kind") == "audio" and (address := fields.pop("video", None)):
            # Stored when whatever can be played was called a video.
            fields["enclosures"] = (Enclosure("audio", address), *fields["enclosures"])
        return Article(**fields)
    except (ValueError, TypeError, AttributeError) as error:
        raise StoreError(f"a fetched article can no longer be read: {error}") from error


def _without_defaults(values: NamedTuple, fields: list[tuple[int, str, object]]) -> dict[str, Any]:
    """Return the ``fields`` of a named tuple that do not have their default values."""
    return {name: values[at] for at, name, default in fields if values[at] != default}


def _known(kind: type[NamedTuple], fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields that a named tuple has, with the lists that JSON makes of tuples as tuples again."""
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in fields.items()
        if name in kind._fields
    }
