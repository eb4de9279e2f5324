"""The address of a page of a site, and the value that makes it: it goes to the processes that read articles."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tui_reader.model.fingerprint import fingerprint
from tui_reader.model.urls import domain_of, safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.files.addresses.page import Page, Rules

_PLAIN_PATH = re.compile(r"[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*")
_SAFE = "-._~!$&'()*+,;=:@/%"
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:/\S*)?")
_NO_HOSTS = re.compile(
    r"(?:localhost|0\.0\.0\.0|127(?:\.\d+){3}|\[::1\]|[\w.-]+\.(?:local|localhost|test|invalid))(?:$|[:/])"
)
_LONGEST_PATH = 2000  # characters


class Address(NamedTuple):
    """The address of a page, and others that lead to it."""

    url: str
    aliases: tuple[str, ...] = ()


class Addresses(NamedTuple):
    """The addresses of the pages of a site: its own, its title, and how its generator makes the path of a page.

    ``folder`` is where the site is in the collection, such as the first folder
    of an archive; empty for the collection itself.
    """

    base: str
    title: str
    rules: Rules
    folder: str = ""

    def of(self, path: str, fields: Mapping[str, object], date: str = "", title: str = "") -> Address | None:
        """Return the address of the file at ``path`` with these ``fields``; ``None`` if it cannot be told.

        ``date`` and ``title`` are those of its article.
        """
        if self.folder:
            if not path.startswith(f"{self.folder}/"):
                return None
            path = path[len(self.folder) + 1 :]
        *folders, name = path.split("/")
        stem, dot, ending = name.rpartition(".")
        lower = {name.lower(): value for name, value in fields.items() if isinstance(name, str)}
        page = Page(tuple(folders), stem or name, dot + ending if stem else "", lower, date, title)
        place = self.rules.place(page)
        if place is None:
            return None
        base = place.base or self.base
        url = _joined(base, place.path)
        if url is None:
            return None
        aliases = (_joined(base, alias) for alias in place.aliases)
        return Address(url, tuple(dict.fromkeys(alias for alias in aliases if alias and alias != url)))

    def domain(self) -> str:
        """Return the host of the site."""
        return domain_of(self.base)

    def stamp(self) -> int:
        """Return a number that changes with what the addresses depend on beside the files themselves; never 0."""
        return fingerprint(repr(self).encode(errors="surrogatepass")) % ((1 << 31) - 1) + 1


def _joined(base: str, path: str) -> str | None:
    """Return the address of a path; ``None`` for one that is no address, or that of another site."""
    if path.startswith(("http://", "https://")):
        url = safe_url(path)
        return url if url and domain_of(url) == domain_of(base) else None
    if len(path) > _LONGEST_PATH:
        return None
    if not _PLAIN_PATH.fullmatch(path):
        from urllib.parse import quote

        path = quote(path, safe=_SAFE, errors="replace")
    return safe_url(f"{base.rstrip('/')}/{path.lstrip('/')}")


def web_address(text: str) -> str:
    """Return the address of a site as its configuration gives it, empty if it is none that others can open."""
    text = text.strip()
    if text.startswith("//"):
        text = f"https:{text}"
    if "://" not in text:
        if not _HOST.fullmatch(text):
            return ""
        text = f"https://{text}"
    if _NO_HOSTS.match(text.partition("://")[2]):
        return ""
    return (safe_url(text) or "").rstrip("/")
