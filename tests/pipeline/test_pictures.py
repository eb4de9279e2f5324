"""Decode pictures from strangers within limits, and keep them within a size."""

from __future__ import annotations

import os
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest

pytest.importorskip("textual_image", reason="the extra “images” is not installed")

from PIL import Image

from tui_reader.pipeline.pictures import MAX_PIXELS, NoPicture, PictureCache, decode, named_sources, small_picture
from tui_reader.subscriptions.edit import add_subscriptions
from tui_reader.subscriptions.subscription import Subscription


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    file = BytesIO()
    Image.new(mode, size, 90 if mode in {"L", "P"} else (200, 90, 30, 120)[: len(mode)]).save(file, kind, **options)
    return file.getvalue()


def png_that_declares(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes that says to have this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + body + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP"])
def test_the_formats_of_the_web_are_decoded(kind: str) -> None:
    assert decode(picture(kind)).size == (64, 48)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no format"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", "no format"),
        (picture()[:60], "damaged"),
        (picture("JPEG", (640, 480))[:-400], "damaged"),
        (png_that_declares(60_000, 60_000), "too many"),
        (png_that_declares(100, MAX_PIXELS // 100 + 1), "too many"),
        (picture(size=(1, 1)), "too small"),
        (picture(size=(600, 8)), "too small"),
    ],
)
def test_what_is_no_picture_to_show_is_told_as_such(data: bytes, why: str) -> None:
    with pytest.raises(NoPicture, match=why):
        decode(data)


def test_any_damage_is_told_and_nothing_else_happens() -> None:
    for kind in ("PNG", "JPEG", "GIF", "WEBP"):
        whole = picture(kind)
        for at in range(0, len(whole), 7):
            damaged = whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]
            try:
                decode(damaged)
            except NoPicture as error:
                assert str(error).startswith("The picture")


def test_a_kept_picture_is_small_upright_and_tells_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "where it was taken"
    kept = small_picture(picture("JPEG", (3000, 1000), exif=exif))
    with Image.open(BytesIO(kept)) as found:
        assert found.size == (533, 1600)
        assert not found.getexif()
    assert b"where it was taken" not in kept
    assert decode(small_picture(picture(mode="RGBA"))).mode == "RGBA"


def test_the_picture_that_was_not_shown_for_longest_makes_room(tmp_path: Path) -> None:
    cache = PictureCache(tmp_path / "pictures", 1000)
    for age, name in enumerate("abc"):
        cache.put(name, name.encode() * 300)
        (path,) = [each for each in (tmp_path / "pictures").iterdir() if each.read_bytes() == name.encode() * 300]
        os.utime(path, (1_000_000 + age,) * 2)
    assert cache.get("a") == b"a" * 300  # which is used again now
    cache.put("d", b"d" * 300)
    assert [name for name in "abcd" if cache.get(name)] == ["a", "d"]
    cache.put("e", b"e" * 1001)
    assert cache.get("e") is None
    # Another reader finds what is there, and the limit holds for it too.
    cache = PictureCache(tmp_path / "pictures", 700)
    cache.put("f", b"f" * 300)
    assert sum(each.stat().st_size for each in (tmp_path / "pictures").iterdir()) <= 700


def test_a_cache_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cache = PictureCache(tmp_path / "file" / "pictures", 1000)
    cache.put("a", b"a")
    assert cache.get("a") is None


def test_only_sources_that_the_user_named_may_be_in_a_private_network(tmp_path: Path) -> None:
    path, own, found = tmp_path / "sources.toml", "http://nas.local/feed", "http://box.local/feed"
    add_subscriptions(path, [Subscription(own), Subscription(found, only_public=True)])
    assert named_sources(path, [own, found, "/a/folder", "https://unknown.example/feed"]) == (own,)
    assert named_sources(path, []) == ()
    path.write_text("not toml")
    assert named_sources(path, [own]) == ()
