"""Archives made to hang or fill a reader are refused at once, in little memory; real ones are read as before."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import struct
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sources.files.test_archive import FILES, contents, link, make_tar, make_zip, refusal
from tests.support.growth import assert_linear
from tui_reader.sources.files import archive_limits
from tui_reader.sources.files.addresses.config_files import is_config
from tui_reader.sources.files.archive import open_archive
from tui_reader.sources.files.archive_limits import Skipped

# Reads each archive it is given in turn; prints the messages, and the most memory it took (KB).
READ = """
import json, re, resource, sys
from pathlib import Path
from tui_reader.errors import SourceError
from tui_reader.sources.files.archive import open_archive

said = []
for name in sys.argv[1:]:
    try:
        said.append(str(sum(1 for _ in open_archive(Path(name)).members())))
    except SourceError as error:
        said.append(str(error))
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
if Path("/proc/self/status").exists():  # where the figure above begins with that of the process before
    most = int(re.search("VmHWM:[^0-9]*([0-9]+)", Path("/proc/self/status").read_text())[1])
print(json.dumps([said, most]))
"""
MOST_MEMORY = 200 * 1024  # KB


def read_apart(*paths: Path) -> tuple[list[str], int]:
    """Read archives in a process of their own; return what it said of each, and its memory in KB."""
    run = subprocess.run(
        [sys.executable, "-c", READ, *map(str, paths)], capture_output=True, text=True, check=True, timeout=120
    )
    said, memory = json.loads(run.stdout)
    return said, memory


def block(kind: bytes, data: bytes, name: str = "x") -> bytes:
    """Return a member of a tar with its data, whatever they are."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(data)
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(-len(data) % 512)


def record(name: str, value: str) -> bytes:
    rest = f" {name}={value}\n".encode()
    size = len(rest)
    while len(b"%d" % size) + len(rest) != size:
        size += 1
    return b"%d" % size + rest


def plain(text: bytes = b"---\ntitle: T\n---\n") -> bytes:
    return block(tarfile.REGTYPE, text, "a.md") + bytes(1024)


def tar(path: Path, *parts: bytes) -> Path:
    path.write_bytes(gzip.compress(b"".join(parts), 1) if path.suffix == ".gz" else b"".join(parts))
    return path


def sparse_in_old_format(entries: int) -> bytes:
    """Return a sparse file of GNU tar with ``entries`` places where it has data, 21 in each block."""
    head = bytearray(block(tarfile.GNUTYPE_SPARSE, b""))
    head[482] = 1  # another block follows
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    place = b"00000000000\x0000000000000\x00"
    return bytes(head) + (place * 21 + b"\1" + bytes(7)) * (entries // 21)


def xz_that_asks_for_memory(data: bytes) -> bytes:
    """Return an xz file whose header asks for a dictionary of 3 GB."""
    packed = bytearray(lzma.compress(data))
    header_size = (packed[12] + 1) * 4
    assert packed[14:16] == b"\x21\x01"  # LZMA2, with one byte of properties
    packed[16] = 39
    packed[12 + header_size - 4 : 12 + header_size] = zlib.crc32(packed[12 : 12 + header_size - 4]).to_bytes(
        4, "little"
    )
    return bytes(packed)


def test_hostile_archives_are_refused_at_once_and_in_little_memory(tmp_path: Path) -> None:
    digits = b"7" * 1_000_000
    many = "".join(f"{number},{number}," for number in range(60_000))
    shared = b"".join(block(tarfile.XGLTYPE, record(f"k{number}", "v")) for number in range(3_000))
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[0] * 6, *[0] * 3, 1, *[0] * 4, 0, 0) + b"a"
    list_size = len(entry) * 2_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, list_size, 0, 0)
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 2_000_000, 2_000_000, list_size, 0)
    (tmp_path / "members.zip").write_bytes(
        entry * 2_000_000 + end_64 + struct.pack("<4sLQL", b"PK\6\7", 0, list_size, 1) + end
    )
    (tmp_path / "dictionary.tar.xz").write_bytes(xz_that_asks_for_memory(plain()))
    (tmp_path / "streams.tar.gz").write_bytes(gzip.compress(b"") * 60_000)
    cases = {
        tar(tmp_path / "digits.tar.gz", block(tarfile.XHDTYPE, digits), plain()): "attributes",
        tar(tmp_path / "keyless.tar.gz", block(tarfile.XHDTYPE, b"9" * 18 + b" " + digits), plain()): "attributes",
        tar(tmp_path / "sparse.tar.gz", sparse_in_old_format(1_000_000), plain()): "a sparse file",
        tar(
            tmp_path / "sparse00.tar.gz",
            block(tarfile.XHDTYPE, record("GNU.sparse.size", "9") + record("GNU.sparse.numblocks", "1") * 20_000),
        ): "a sparse file",
        tar(tmp_path / "sparse01.tar.gz", block(tarfile.XHDTYPE, record("GNU.sparse.map", many))): "a sparse file",
        tar(
            tmp_path / "sparse10.tar.gz",
            block(tarfile.XHDTYPE, record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0")),
            block(tarfile.REGTYPE, b"99999999\n" + b"1\n" * 500_000, "a.md"),
        ): "a sparse file",
        tar(tmp_path / "global.tar.gz", shared, plain()): "global headers",
        tar(tmp_path / "globals.tar.gz", block(tarfile.XGLTYPE, record("k", "v" * 900_000)), plain()): "header of",
        tar(tmp_path / "names.tar.gz", block(tarfile.XGLTYPE, record("path", "same.md")), plain()): "one name",
        tar(tmp_path / "name.tar.gz", block(tarfile.GNUTYPE_LONGNAME, b"n" * 1_000_000), plain()): "header of",
        tmp_path / "dictionary.tar.xz": "too much memory",
        tmp_path / "streams.tar.gz": "compressed streams",
        tmp_path / "members.zip": "more than 500,000 members",
    }
    said, memory = read_apart(*cases)
    for words, expected in zip(said, cases.values(), strict=True):
        assert expected in words
        assert " is refused: " in words or " is damaged" in words
    assert memory < MOST_MEMORY


def test_a_large_archive_takes_little_memory(tmp_path: Path) -> None:
    zeros = bytes(8 * 1024 * 1024 + 100)
    files = {f"{number}.md": zeros for number in range(4)}
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    large = tar(tmp_path / "a.tar.gz", *(block(tarfile.REGTYPE, data, name) for name, data in files.items()))
    said, memory = read_apart(large, tmp_path / "b.zip")
    assert said == ["4", "4"]
    assert memory < MOST_MEMORY


def test_the_attributes_of_a_member_are_read_in_linear_time(tmp_path: Path) -> None:
    def read(records: str) -> None:
        tar(tmp_path / "a.tar", block(tarfile.XHDTYPE, records.encode()), plain())
        contents(tmp_path / "a.tar")

    assert_linear(read, "6 a=b\n", 160_000)


def test_all_headers_together_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_limits, "_MAX_HEADERS_BYTES", 5_000)
    attributes = block(tarfile.XHDTYPE, record("comment", "x" * 900))
    assert contents(tar(tmp_path / "a.tar", attributes * 5, plain()))
    assert "headers have more than" in refusal(tar(tmp_path / "a.tar", attributes * 6, plain()))


@pytest.mark.parametrize("layout", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_layout_of_a_tar_is_read_as_python_reads_it(tmp_path: Path, layout: int) -> None:
    names = ["a.md", "b/" + "n" * 90 + ".md", "d" * 60 + "/" + "e" * 60 + "/c.md", "ünï.md"]
    if layout != tarfile.USTAR_FORMAT:
        names += ["f" * 300 + ".md", "日本/" * 60 + "g.md"]
    with tarfile.open(tmp_path / "a.tar", "w", format=layout) as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size, info.uid, info.mtime = len(name), 5_000_000_000 if layout == tarfile.PAX_FORMAT else 7, 1.5
            archive.addfile(info, io.BytesIO(name.encode()[: len(name)]))
    with tarfile.open(tmp_path / "a.tar") as archive:
        expected = {each.name: archive.extractfile(each).read() for each in archive}  # type: ignore[union-attr]
    assert contents(tmp_path / "a.tar") == expected
    assert list(expected) == names


def test_the_global_header_of_git_is_read(tmp_path: Path) -> None:
    comment = block(tarfile.XGLTYPE, record("comment", "0" * 40), "pax_global_header")
    assert contents(tar(tmp_path / "a.tar.gz", comment, plain(b"text"))) == {"a.md": b"text"}


def test_a_size_in_base_256_and_a_size_in_attributes_are_read(tmp_path: Path) -> None:
    large = bytearray(block(tarfile.REGTYPE, b"four", "a.md"))
    large[124:136] = b"\x80" + bytes(10) + b"\x04"
    large[148:156] = b" " * 8
    large[148:156] = b"%06o\0 " % sum(large[:512])
    named = block(tarfile.XHDTYPE, record("path", "b.md") + record("size", "2")) + block(tarfile.REGTYPE, b"xy", "no")
    assert contents(tar(tmp_path / "a.tar", bytes(large), named, bytes(1024))) == {"a.md": b"four", "b.md": b"xy"}


def test_a_zip_that_is_written_as_a_stream_or_with_large_sizes_is_read(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        """A file that cannot go back, so that zipfile writes sizes after the data."""

        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, data: object) -> int:
            self.data += bytes(data)  # type: ignore[call-overload]
            return len(bytes(data))  # type: ignore[call-overload]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ü.md", "streamed " * 1_000)
        with archive.open("b.md", "w", force_zip64=True) as member:
            member.write(b"large")
    (tmp_path / "a.zip").write_bytes(b"#!/bin/sh\n" + pipe.data + b"")
    assert contents(tmp_path / "a.zip") == {"ü.md": b"streamed " * 1_000, "b.md": b"large"}


def test_an_entry_of_a_zip_in_64_bits_is_read(tmp_path: Path) -> None:
    """Some tools write ZIP64 attributes for small files, too."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.md", "text")
    data = (tmp_path / "a.zip").read_bytes()
    start = data.index(b"PK\1\2")
    entry = bytearray(data[start : start + 46])
    entry[20:28] = b"\xff" * 8
    entry[42:46] = b"\xff" * 4
    entry[30:32] = (28).to_bytes(2, "little")
    extra = struct.pack("<2H3Q", 1, 24, 4, 4, 0)
    end = bytearray(data[-22:])
    end[12:16] = (46 + 4 + 28).to_bytes(4, "little")
    (tmp_path / "a.zip").write_bytes(data[:start] + entry + b"a.md" + extra + end)
    assert contents(tmp_path / "a.zip") == {"a.md": b"text"}


def patched_list(path: Path, name: bytes, offset: int, value: bytes) -> None:
    """Change bytes of the entry called ``name`` in a zip's list of members."""
    data = bytearray(path.read_bytes())
    start = data.rindex(name, 0, data.rindex(b"PK\5\6")) - 46
    assert data[start : start + 4] == b"PK\1\2"
    data[start + offset : start + offset + len(value)] = value
    path.write_bytes(data)


def test_members_of_a_zip_that_overlap_are_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.md": os.urandom(500), "b.md": b"B"})
    whole = path.read_bytes()
    patched_list(path, b"b.md", 42, bytes(4))  # the same place as the first
    assert "overlap" in refusal(path)
    path.write_bytes(whole)
    patched_list(path, b"b.md", 42, (100).to_bytes(4, "little"))  # inside of the first
    assert "overlap" in refusal(path)
    path.write_bytes(whole)
    patched_list(path, b"b.md", 42, (4_000_000).to_bytes(4, "little"))
    assert "not inside" in refusal(path)


def test_a_zip_with_more_members_than_it_says_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_limits, "MAX_MEMBERS", 10)
    path = make_zip(tmp_path / "a.zip", {f"{number}.md": b"" for number in range(11)})
    data = bytearray(path.read_bytes())
    data[-14:-10] = b"\1\0\1\0"
    path.write_bytes(data)
    assert "more than 10 members" in refusal(path)


def test_a_nul_in_a_name_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.md_../../b.md": b"A"})
    path.write_bytes(path.read_bytes().replace(b"a.md_", b"a.md\0"))
    assert "NUL" in refusal(path)
    assert "NUL" in refusal(tar(tmp_path / "a.tar", block(tarfile.XHDTYPE, record("path", "a.md\0b")), plain()))


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_packed_by_another_method_says_so(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as archive:
        archive.writestr("a.md", "text" * 100)
    assert "pack it anew" in refusal(tmp_path / "a.zip")


@pytest.mark.parametrize("change", [lambda data: data[:40] + b"X" + data[41:], lambda data: data[:-3]])
def test_damage_in_a_member_is_found(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.md", "stored as it is")
    (tmp_path / "a.zip").write_bytes(change((tmp_path / "a.zip").read_bytes()))
    assert "damaged" in refusal(tmp_path / "a.zip")


def test_articles_that_are_links_are_told(tmp_path: Path) -> None:
    path = make_tar(tmp_path / "a.tar", FILES, link("site/_news/c.md", "a.md"), link("site/logo.png", "a.png"))
    skipped: list[Skipped] = []
    assert len(list(open_archive(path).members(skipped))) == len(FILES)
    assert [each.path for each in skipped] == ["site/_news/c.md"]
    assert "not followed" in skipped[0].reason


def test_the_configurations_of_many_sites_take_little_memory(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(200):
            packed.writestr(f"{number}/package.json", b" " * 400_000)
    found = open_archive(tmp_path / "a.zip").named(is_config, lambda _: False)
    assert "0/package.json" in found
    assert sum(map(len, found.values())) < 40 * 1024**2
