"""Files that only their owner can read, and that are replaced completely or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_PRIVATE = 0o077
_LONGEST_PREFIX = 40  # characters, so that the temporary name of a long one is not too long
_umask_before = -1


def keep_files_private() -> None:
    """Let whatever this process and its children create be for its owner only: folders 0700, files 0600."""
    global _umask_before  # noqa: PLW0603 - the umask is one per process, too
    _umask_before = os.umask(_PRIVATE)
    os.umask(_umask_before | _PRIVATE)


def umask_before() -> int:
    """Return the umask that the person has set, for programs of theirs that are started; -1 leaves it as it is."""
    return _umask_before


def is_for_others(mode: int) -> bool:
    """Return whether a file or folder with this ``mode`` can be used by others than its owner."""
    return mode & _PRIVATE != 0


def status_of(path: Path) -> os.stat_result | None:
    """Return the status of the file at ``path``, or ``None`` where there is none.

    Asking first whether it is there is not enough: another process may remove
    or rename it between the two questions.
    """
    try:
        return path.stat()
    except OSError:
        return None


def stamp_of(path: Path) -> tuple[int, ...]:
    """Return what changes when the file at ``path`` is written or replaced; empty where there is none."""
    status = status_of(path)
    return () if status is None else (status.st_ino, status.st_mtime_ns, status.st_size)


def write_atomically(path: Path, text: str, *, private: bool = False) -> None:
    """Replace the file at ``path`` with ``text``, completely or not at all, even if the power fails.

    A new file can be read by its owner only; one that is there keeps its mode
    unless it has to be ``private``. Raises :class:`OSError` that names the file.
    """
    with replaced(path, private=private) as file:
        file.write(text.encode())


@contextmanager
def replaced(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a file to write that replaces the one at ``path`` when the block has ended, as :func:`write_atomically`.

    If the block raises, nothing is replaced.
    """
    import tempfile

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:_LONGEST_PREFIX]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            if not private and path.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(path.stat().st_mode))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
        sync_folder(path.parent)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            error.filename = str(path)  # writing names no file, and the temporary one means nothing to anybody
        raise


def sync_folder(folder: Path) -> None:
    """Make sure that a file renamed in ``folder`` has its new name even if the power fails. Raises :class:`OSError`."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EROFS}:  # some file systems cannot, and need not, do this
            raise
    finally:
        os.close(handle)
