"""Forks processes of ``news-tui`` from one that has imported all of it; ``forking`` asks it to."""

from __future__ import annotations

import atexit
import gc
import json
import os
import pkgutil
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, TextIO

from tests.support.forking import NUMBER

_LATE = (
    "anyio._backends._asyncio",
    "encodings.idna",
    "html.parser",
    "importlib.resources.readers",
    "lxml.etree",
    "multiprocessing.connection",
    "multiprocessing.popen_fork",
    "tarfile",
    "tomlkit",
    "tomllib",
    "zipfile",
)
"""What other packages import when they first use it."""


def main() -> None:
    """Serve at the socket whose number is the argument, until the other end of standard input is closed."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    _import_all()
    gc.collect()
    gc.freeze()  # a collection would touch, and so copy, all that is shared
    running: dict[int, tuple[int, socket.socket]] = {}  # processes and who asked for them, by the process's descriptor
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(listener, select.POLLIN)
    while True:
        for descriptor, _ in poll.poll():
            if descriptor == 0:
                return
            if descriptor in running:
                poll.unregister(descriptor)
                os.close(descriptor)
                _report(*running.pop(descriptor))
                continue
            channel, _ = listener.accept()
            request, files = _receive(channel)
            pid = os.fork()
            if pid == 0:
                inherited = [listener, channel, *(other for _, other in running.values())]
                for file in (*running, *(each.detach() for each in inherited)):
                    os.close(file)
                _become(request, files)
            for file in files:
                os.close(file)
            channel.sendall(NUMBER.pack(pid))
            process = os.pidfd_open(pid)
            running[process] = pid, channel
            poll.register(process, select.POLLIN)


def _import_all() -> None:
    import tui_reader

    os.environ["ESCDELAY"] = "10"  # Textual reads it once; the reader sets it before
    for module in pkgutil.walk_packages(tui_reader.__path__, "tui_reader."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in _LATE:
        import_module(name)
    del os.environ["ESCDELAY"]
    if threading.active_count() > 1:
        raise RuntimeError("a process with several threads cannot be forked")


def _receive(channel: socket.socket) -> tuple[dict[str, Any], list[int]]:
    data, files, _, _ = socket.recv_fds(channel, NUMBER.size, 3)
    (length,) = NUMBER.unpack(data)
    parts = bytearray()
    while len(parts) < length:
        parts += channel.recv(length - len(parts))
    return json.loads(parts), files


def _report(pid: int, channel: socket.socket) -> None:
    """Tell who asked for a process how it ended."""
    _, status = os.waitpid(pid, 0)
    with channel, suppress(OSError):  # perhaps nobody asks any more
        channel.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


# -- the process that was forked ---------------------------------------------------


def _become(request: Mapping[str, Any], files: list[int]) -> None:
    """Run ``news-tui`` as if it had been started with these words, variables and files, and end."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    if request["session"]:
        os.setsid()
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    if request["terminal"]:
        # As in a shell: what runs the tests may ignore signals.
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.login_tty(os.dup(0))
    sys.stdin, sys.stdout, sys.stderr = map(_stream, range(3), (sys.stdin, sys.stdout, sys.stderr))
    sys.argv = ["news-tui", *request["words"]]
    os._exit(_run())


def _stream(descriptor: int, old: TextIO) -> TextIO:
    """Open a standard stream as Python does at its start."""
    return open(
        descriptor,
        "w" if descriptor else "r",
        buffering=1 if descriptor == 2 or os.isatty(descriptor) else -1,
        encoding=old.encoding,
        errors=old.errors,
        closefd=False,
    )


def _run() -> int:
    """Run the command and everything that Python does at its end, but for taking apart what was imported."""
    from tui_reader.cli import main

    try:
        status = main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - as at the end of any program
        sys.excepthook(*sys.exc_info())
        status = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError as error:
        os.write(2, f"Exception ignored: {error!r}\n".encode())
        status = 120
    return status


if __name__ == "__main__":
    main()
