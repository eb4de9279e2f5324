"""What fetching one source has come to."""

from __future__ import annotations

from tui_reader.model.text import visible
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.http.redaction import redact_url
from tui_reader.subscriptions.subscription import Subscription

OFFLINE = "there is no network connection; stored articles can still be read"


class FetchResult(NamedTuple):
    """The result of fetching one source, or of a part of what an account has.

    ``new`` counts articles. ``changed`` is true if anything in the feed store
    is new or different. ``failure`` is a sentence, empty on success; one
    without a ``location`` is not about one source. ``moved`` is the address
    that replaces the one of the source. Of an account, ``others`` are the
    sources with something new or different, and ``subscribed`` says that the
    list of sources has changed.
    """

    location: str
    new: int = 0
    changed: bool = False
    failure: str = ""
    moved: str = ""
    others: frozenset[str] = frozenset()
    subscribed: bool = False


def with_name(subscription: Subscription, reason: str) -> str:
    """Return ``reason`` with the name of its source in front, unless it starts with that."""
    name = visible(subscription.title or redact_url(subscription.location))
    return reason if reason.startswith(name) else f"{name}: {reason}"
