"""Archives: every format is read, and unsafe or damaged ones are refused as a whole."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tui_reader.errors import SourceError
from tui_reader.sources.files import archive_limits as archives
from tui_reader.sources.files.archive import ArchiveCollection, open_archive
from tui_reader.sources.files.layout import MAX_FILE_BYTES, is_archive

FILES = {"site/_news/a.md": b"A", "site/_config.yml": b"title: T", "site/_news/b.md": b"B" * 5000}


def make_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def make_tar(path: Path, files: Mapping[str, bytes], *members: tarfile.TarInfo) -> Path:
    mode = {".gz": "w:gz", ".xz": "w:xz", ".bz2": "w:bz2"}.get(path.suffix, "w")
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for info in members:
            archive.addfile(info)
    return path


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def contents(path: Path) -> dict[str, bytes]:
    return {stamp.path: data for stamp, data in open_archive(path).members()}


def refusal(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        contents(path)
    assert str(caught.value).isprintable()
    return str(caught.value)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.txz", "a.tar.bz2", "A.ZIP"])
def test_every_archive_format_is_read(tmp_path: Path, name: str) -> None:
    make = make_zip if name.lower().endswith("zip") else make_tar
    unusual = {"./c.md": b"C", "e//f.md": b"F", "e/./g.md": b""}
    path = make(tmp_path / name, FILES | unusual | {"d.png": b"D", "folder.md/": b""})
    assert is_archive(name)
    assert contents(path) == FILES | {"c.md": b"C", "e/f.md": b"F", "e/g.md": b""}


def test_a_stamp_depends_on_the_contents(tmp_path: Path) -> None:
    first = [stamp for stamp, _ in open_archive(make_tar(tmp_path / "a.tar", FILES)).members()]
    second = [
        stamp for stamp, _ in open_archive(make_tar(tmp_path / "a.tar", FILES | {"site/_news/a.md": b"Z"})).members()
    ]
    assert [one == other for one, other in zip(first, second, strict=True)] == [False, True, True]


OUTSIDE = [
    "../x.md",
    "a/../../x.md",
    "/etc/x.md",
    "C:/x.md",
    "C:\\x.md",
    "\\x.md",
    "..\\x.md",
    "a\\..\\..\\x.md",
    "..",
    "/",
]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("make", [make_zip, make_tar])
def test_a_member_outside_of_the_archive_is_refused(tmp_path: Path, make: Callable[..., Path], name: str) -> None:
    path = make(tmp_path / ("a.zip" if make is make_zip else "a.tar.gz"), FILES | {name: b"x"})
    assert "lies outside" in refusal(path)


def test_a_name_in_a_zip_is_checked_beyond_a_nul(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", FILES | {"a.md#/../../x.md": b"x"})
    path.write_bytes(path.read_bytes().replace(b"a.md#/", b"a.md\0/"))
    assert "is refused" in refusal(path)


def test_a_name_with_dots_inside_the_archive_is_read(tmp_path: Path) -> None:
    assert contents(make_tar(tmp_path / "a.tar", {"a/../x..md": b"x", "...md": b"y"})) == {
        "a/../x..md": b"x",
        "...md": b"y",
    }


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
@pytest.mark.parametrize(("name", "target"), [("a/x.md", "/etc/passwd"), ("x.md", "../y.md"), ("a/b/x", "../../../y")])
def test_a_link_out_of_the_archive_is_refused(tmp_path: Path, kind: bytes, name: str, target: str) -> None:
    assert "leads out" in refusal(make_tar(tmp_path / "a.tar", FILES, link(name, target, kind)))


def test_links_in_a_zip_are_checked(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a/x.md")
    info.external_attr = 0o120777 << 16
    for target, inside in (("../y.md", True), ("../../y.md", False)):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("y.md", b"Y")
            archive.writestr(info, target)
        if inside:
            assert contents(tmp_path / "a.zip") == {"y.md": b"Y"}
        else:
            assert "leads out" in refusal(tmp_path / "a.zip")


def test_members_other_than_files_are_skipped(tmp_path: Path) -> None:
    odd = [link("in.md", "site/_news/a.md"), link("hard.md", "site/_news/a.md", tarfile.LNKTYPE)]
    odd += [
        link("pipe.md", "", tarfile.FIFOTYPE),
        link("device.md", "", tarfile.CHRTYPE),
        link("dir.md", "", tarfile.DIRTYPE),
    ]
    assert contents(make_tar(tmp_path / "a.tar", FILES, *odd)) == FILES


def test_a_large_member_is_cut_off(tmp_path: Path) -> None:
    size = MAX_FILE_BYTES + 5
    for path in (
        make_zip(tmp_path / "a.zip", {"a.md": bytes(size)}),
        make_tar(tmp_path / "a.tar.gz", {"a.md": bytes(size)}),
    ):
        assert len(contents(path)["a.md"]) == MAX_FILE_BYTES + 1


def test_decompression_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_ARCHIVE_BYTES", 100_000)
    many = {f"{number}.png": bytes(10_000) for number in range(11)}
    assert "unpacks to more than" in refusal(make_zip(tmp_path / "a.zip", many))
    assert "unpacks to more than" in refusal(make_tar(tmp_path / "a.tar.xz", many))
    # Data after the end of an archive is read for the checksum, but within the limit.
    (tmp_path / "b.tar.gz").write_bytes(gzip.compress(bytes(1_000_000)))
    assert "unpacks to more than" in refusal(tmp_path / "b.tar.gz")
    monkeypatch.setattr(archives, "MAX_MEMBERS", 10)
    empty = {f"{number}.png": b"" for number in range(11)}
    assert "more than 10 members" in refusal(make_zip(tmp_path / "a.zip", empty))
    assert "more than 10 members" in refusal(make_tar(tmp_path / "a.tar.xz", empty))


def test_a_member_with_a_wrong_size_is_damaged(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", {"a.md": bytes(1_000_000)})
    path.write_bytes(path.read_bytes().replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little")))
    assert "damaged" in refusal(path)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK])
def test_a_huge_tar_header_is_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = kind, 1024**3
    (tmp_path / "a.tar").write_bytes(info.tobuf() + bytes(100_000))
    assert "header of 1,073,741,824 bytes" in refusal(tmp_path / "a.tar")


def test_a_negative_size_is_refused(tmp_path: Path) -> None:
    block = bytearray(tarfile.TarInfo("x.md").tobuf())
    block[124:136] = b"\xff" * 11 + b"\x00"  # base 256, negative
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    (tmp_path / "a.tar").write_bytes(bytes(block) + bytes(10_240))
    assert "negative size" in refusal(tmp_path / "a.tar")


def test_an_encrypted_zip_is_refused(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "a.zip", FILES)
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(signature) + offset] |= 1  # the flag of an encrypted member
    path.write_bytes(data)
    assert "encrypted" in refusal(path)


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2"])
def test_a_truncated_archive_is_damaged(tmp_path: Path, name: str) -> None:
    make = make_zip if name == "a.zip" else make_tar
    path = make(tmp_path / name, {f"{number}.md": b"%d" % number * 300 for number in range(20)})
    whole = path.read_bytes()
    # Many programs accept a plain tar file that ends between two members.
    step = 97 if name == "a.tar" else max(1, len(whole) // 150)
    last = len(whole) - (10_240 if name == "a.tar" else 0)
    for length in range(0, last, step):
        if name == "a.tar" and length % 512 == 0 and length:
            continue
        path.write_bytes(whole[:length])
        assert "damaged" in refusal(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(["a.zip", "a.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2"]), st.data())
def test_a_damaged_archive_is_refused_or_read(tmp_path: Path, name: str, data: st.DataObject) -> None:
    path = (make_zip if name == "a.zip" else make_tar)(tmp_path / name, {"é" * 120 + ".md": b"A", "b/c.md": b"B" * 600})
    damaged = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(damaged)
    try:
        contents(path)
    except SourceError as error:
        assert str(error).isprintable()


@given(st.binary(max_size=600))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_random_contents_raise_only_source_errors(tmp_path: Path, data: bytes) -> None:
    for name, packed in {
        "a.tar": data,
        "a.tar.gz": gzip.compress(data),
        "a.tar.xz": lzma.compress(data),
        "a.zip": data,
    }.items():
        (tmp_path / name).write_bytes(packed)
        try:
            contents(tmp_path / name)
        except SourceError as error:
            assert str(error).isprintable()


def test_a_missing_archive_is_an_error(tmp_path: Path) -> None:
    gone = ArchiveCollection(str(tmp_path / "gone.zip"))
    with pytest.raises(SourceError):
        gone.stamp()
    with pytest.raises(SourceError):
        list(gone.members())


def test_control_characters_in_names_are_made_visible(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m.zip").write_bytes(b"no zip")
    assert "␛" in refusal(tmp_path / "a\x1b[31m.zip")
    assert "\\x1b" in refusal(make_tar(tmp_path / "a.tar", {"../a\x1b[31m.md": b""}))
