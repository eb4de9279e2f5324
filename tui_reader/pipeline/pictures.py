"""Fetches the pictures of stories, decodes them within limits, and keeps them on disk for the next time."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from tui_reader.errors import NewsError
from tui_reader.private_files import status_of
from tui_reader.sources.http.client import Fetcher, NetLimits
from tui_reader.sources.http.errors import AttemptError, FetchError
from tui_reader.sources.locations import is_remote
from tui_reader.subscriptions.subscription import load_subscriptions

MAX_BYTES = 8 * 1024**2
"""The largest picture that is fetched."""

MAX_PIXELS = 40_000_000
"""The most pixels that are decoded: 160 MB of memory. Small files can declare any number of them."""

LIMITS = NetLimits(connect_seconds=5, read_seconds=10, total_seconds=20, max_concurrent=4, max_concurrent_per_host=2)
"""Of a picture: nobody waits for it."""

_KEPT_SIDE = 1600  # pixels of the longer side of a picture that is kept
_SMALLEST = 24  # pixels; a picture with a shorter side is a dot that counts readers, or an icon
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP")
_TRIMMED = 0.8  # of the limit, so that not every picture makes room anew


class NoPicture(NewsError):
    """There is no picture to show. The message says why."""


class PictureCache:
    """The folder of the pictures that were shown, up to a size; the one that was not shown for longest goes first."""

    def __init__(self, folder: Path, limit: int) -> None:
        """``limit`` is in bytes."""
        self._folder = folder
        self._limit = limit
        self._size = -1  # of all files; not known yet

    def get(self, url: str) -> bytes | None:
        """Return a picture that was kept, and note that it is used."""
        path = self._path(url)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return data

    def put(self, url: str, data: bytes) -> None:
        """Keep a picture. Where nothing can be written, it is fetched again the next time."""
        if len(data) > self._limit:
            return
        path = self._path(url)
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".", dir=self._folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(name).replace(path)
            finally:
                Path(name).unlink(missing_ok=True)
            self._make_room(len(data))

    def _make_room(self, added: int) -> None:
        if self._size >= 0:
            self._size += added
            if self._size <= self._limit:
                return
        now = time.time()
        found = sorted(
            (status.st_mtime, status.st_size, path)
            for path in self._folder.iterdir()
            # What another reader is writing has a name of its own, and is left to it for an hour.
            if (status := status_of(path)) and (not path.name.startswith(".") or now - status.st_mtime > 3600)
        )
        self._size = sum(size for _, size, _ in found)
        if self._size <= self._limit:
            return
        for _, size, path in found:
            if self._size <= _TRIMMED * self._limit:
                break
            path.unlink(missing_ok=True)
            self._size -= size

    def _path(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode(errors="surrogatepass")).hexdigest()


def named_sources(path: Path, locations: Sequence[str]) -> tuple[str, ...]:
    """Return those sources in ``sources.toml`` that the user named: their hosts may be in a private network."""
    if not any(is_remote(location) for location in locations):
        return ()
    try:
        known = load_subscriptions(path)
    except NewsError:
        return ()  # the reader says so
    return tuple(each.location for each in known if each.location in locations and not each.only_public)


async def fetch_picture(fetcher: Fetcher, url: str, trusted: tuple[str, ...] = ()) -> bytes:
    """Fetch a picture; only the hosts of ``trusted`` may be in a private network. Raises :class:`NoPicture`."""
    try:
        response = await fetcher.get(url, headers={"accept": "image/*"}, limit=MAX_BYTES, trusted=trusted)
    except FetchError as error:
        cause = error.__cause__
        raise NoPicture(f"No picture: {cause.message if isinstance(cause, AttemptError) else error}") from error
    return response.body


def small_picture(data: bytes) -> bytes:
    """Return a picture as it is kept: its first frame, upright, without anything but pixels, and no larger than needed.

    Raises :class:`NoPicture`.
    """
    picture = decode(data)
    picture.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
    kept = BytesIO()
    if picture.mode == "RGB":
        picture.save(kept, "JPEG", quality=85)
    else:
        picture.save(kept, "PNG")
    return kept.getvalue()


def decode(data: bytes) -> Image.Image:
    """Decode a picture, as RGB or RGBA. Raises :class:`NoPicture`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of pixels, which are counted here, and of odd metadata
            picture = Image.open(BytesIO(data), formats=_FORMATS)
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise NoPicture(f"The picture has too many pixels: {width:,} by {height:,}")
            if min(width, height) < _SMALLEST:
                raise NoPicture("The picture is too small to be seen")
            picture.draft("RGB", (_KEPT_SIDE, _KEPT_SIDE))
            has_alpha = picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info
            return ImageOps.exif_transpose(picture).convert("RGBA" if has_alpha else "RGB")
    except UnidentifiedImageError as error:
        raise NoPicture("The picture is in no format that can be shown") from error
    except (OSError, ValueError, SyntaxError, EOFError, ArithmeticError, LookupError, TypeError) as error:
        # What Pillow raises for damaged files is as varied as they are.
        raise NoPicture("The picture is damaged") from error
    except Image.DecompressionBombError as error:
        raise NoPicture("The picture has too many pixels") from error
    except MemoryError as error:
        raise NoPicture("The picture takes too much memory") from error
