"""Starts processes of ``news-tui`` that need not import it, which takes a fifth of the work.

They are forks of a process that has imported all of it, ``fork_server``. Such a
process has arguments, an environment, a folder, files and a session of its own,
takes signals and ends with a status, as any other; only its start is not that
of the installed command. Tests of the start start that.
"""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

NUMBER = struct.Struct("i")
"""How the length of a request, the number of a process, and its status are sent."""

_ROOT = Path(__file__).parents[2]
_ADDRESS = "NEWS_TUI_FORK_SERVER"  # the variable by which processes of the tests know where the server listens
_AT_START = ("LANG", "LC_", "PYTHON", "ESCDELAY", "TEXTUAL")
"""How variables begin that are read only at the start: with other values than the server's, nothing is forked."""
_VARIABLES = {"LANG": "C.UTF-8"}


class _Server:
    """A server that starts when it is first asked for, once it may."""

    def __init__(self) -> None:
        self.allowed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def start(self) -> str | None:
        """Start the server unless one runs; return where it listens, or ``None`` where nothing is to be forked."""
        if self.allowed and _ADDRESS not in os.environ:
            self._folder = tempfile.TemporaryDirectory(prefix="news-tui-fork-")
            address = f"{self._folder.name}/socket"
            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(address)
                listener.listen(64)
                number = listener.fileno()
                command = [sys.executable, "-m", "tests.support.fork_server", str(number)]
                variables = {
                    "PATH": os.environ["PATH"],
                    "HOME": self._folder.name,
                    "PYTHONPATH": str(_ROOT),
                } | _VARIABLES
                # It ends with the pipe.
                self._process = subprocess.Popen(
                    command, cwd=_ROOT, env=variables, stdin=subprocess.PIPE, pass_fds=[number]
                )
            os.environ[_ADDRESS] = address
        return os.environ.get(_ADDRESS)

    def stop(self) -> None:
        """End the server; the processes go on."""
        self.allowed = False
        if self._process is not None and self._folder is not None:
            del os.environ[_ADDRESS]
            self._process.terminate()  # a process that was forked here may hold the pipe open
            self._process.communicate()
            self._folder.cleanup()


_server = _Server()


@contextmanager
def forking() -> Iterator[None]:
    """Let :class:`Forked` fork within the block."""
    _server.allowed = sys.platform == "linux"
    try:
        yield
    finally:
        _server.stop()


def share_server() -> None:
    """Start the server now, for processes that inherit the environment."""
    _server.start()


def program(command: Sequence[str]) -> str:
    """Return a program by which a shell runs :class:`Forked` with the arguments that it is given."""
    address = _server.start()
    variables = {} if address is None else {_ADDRESS: address}
    return f"""#!{sys.executable} -IS
import os, sys
sys.path.insert(0, {str(_ROOT)!r})
os.environ |= {variables!r}
from tests.support.forking import Forked
with Forked(sys.argv[1:], [*{list(command)!r}, *sys.argv[1:]]) as process:
    sys.exit(process.wait())
"""


def _read_at_start(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[name] for name in environment if name.startswith(_AT_START) and name != "PYTHONPATH"}


class Forked(subprocess.Popen[Any]):
    """A process of ``news-tui`` with ``words`` as arguments; of ``command`` where it cannot be forked.

    ``options`` are those of ``Popen``, except for a few that nobody needs.
    With ``terminal``, standard input becomes the controlling terminal.
    """

    def __init__(self, words: Sequence[str], command: Sequence[str], *, terminal: bool = False, **options: Any) -> None:
        self._request = {
            "words": list(words),
            "terminal": terminal,
            "session": options.get("start_new_session", False),
        }
        self._channel: socket.socket | None = None
        self._lock = Lock()
        super().__init__(command, **options)

    # ``Popen`` calls this, and always with these arguments first; there is no public place to fork in another way.
    def _execute_child(self, args: Any, executable: Any, preexec_fn: Any, close_fds: Any, pass_fds: Any,
                       cwd: Any, env: Mapping[str, str] | None, startupinfo: Any, creationflags: Any, shell: Any,
                       p2cread: int, p2cwrite: int, c2pread: int, c2pwrite: int, errread: int, errwrite: int,
                       *rest: Any) -> None:  # fmt: skip
        environment = dict(os.environ if env is None else env)
        address = _server.start()
        if address is None or _read_at_start(environment) != _VARIABLES:
            pipes = (p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)
            first = (args, executable, preexec_fn, close_fds, pass_fds, cwd, env, startupinfo, creationflags, shell)
            super()._execute_child(*first, *pipes, *rest)  # type: ignore[misc]
            return
        environment.pop(_ADDRESS, None)
        self._request |= {"environment": environment, "folder": os.fspath(cwd or Path.cwd())}
        data = json.dumps(self._request).encode()
        files = [own if own >= 0 else place for place, own in enumerate((p2cread, c2pwrite, errwrite))]
        self._channel = socket.socket(socket.AF_UNIX)
        self._channel.connect(address)
        socket.send_fds(self._channel, [NUMBER.pack(len(data))], files)
        self._channel.sendall(data)
        self.pid = self._receive()
        self._child_created = True
        self._close_pipe_fds(p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite)  # type: ignore[attr-defined]

    def poll(self) -> int | None:
        """Return the status of the process, or ``None`` if it runs."""
        if self._channel is None:
            return super().poll()
        with self._lock:
            if self.returncode is None and self._is_ready(0):
                self.returncode = self._receive()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the process and return its status."""
        if self._channel is None:
            return super().wait(timeout)
        self._is_ready(timeout)  # stays ready afterwards: the server has closed its end
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(self.args, timeout or 0)
        return status

    def _is_ready(self, timeout: float | None) -> bool:
        poll = select.poll()
        poll.register(self._channel or -1, select.POLLIN)
        return bool(poll.poll(None if timeout is None else max(timeout, 0) * 1000))

    def _receive(self) -> int:
        data = self._channel.recv(NUMBER.size) if self._channel is not None else b""
        assert data, "the fork server has ended"
        (number,) = NUMBER.unpack(data)
        return int(number)

    def __del__(self) -> None:
        if self._channel is not None:
            self.poll()
            self._channel.close()
        super().__del__()


def run(
    words: Sequence[str], command: Sequence[str], timeout: float, **options: Any
) -> subprocess.CompletedProcess[Any]:
    """Run :class:`Forked` to its end, as :func:`subprocess.run` does."""
    with Forked(words, command, **options) as process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            raise
        return subprocess.CompletedProcess(process.args, process.wait(), output, errors)
