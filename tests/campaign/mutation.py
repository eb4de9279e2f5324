"""Changes an input at random, as damage and hostile hands do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

TOKENS = re.compile(rb"<[^<>]*>|&[#\w]*;|[\w.-]+|\s+|[^\w\s]", re.DOTALL)
"""The pieces of an input: tags, entities, words, spaces and single characters."""

MAX_BYTES = 200_000

_ODD = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\x1b[2J", "\u202e".encode(), "\U000e0041".encode(), b"\xed\xa0\x80",
    b"&#0;", b"&#xD800;", b"&#99999999999;", b"&amp;amp;", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x>",
    b'"', b"'", b"\\", b"\\ud800", b"\\u0000", b"%00", b"%s", b"../", b"//", b"http://[::1", b"javascript:x", b"data:,",
    b"9" * 400, b"-1", b"1e999", b"NaN", b"null", b"true", b"{}", b"[]", b"[" * 2000, b"{\"a\":" * 2000, b"<b>" * 2000,
    b"- " * 500, b"    " * 500, b"a" * 5000, "é".encode() * 3000, b"0000-00-00", b"9999-12-31T23:59:60+99:99",
)  # fmt: skip


def mutated(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return ``data`` after one to eight changes; pieces of ``others`` are mixed in."""
    for _ in range(random.randint(1, 8)):
        data = random.choice(_CHANGES)(random, data, others)[:MAX_BYTES]
    return data


def _slice(random: Random, data: bytes) -> slice:
    start = random.randint(0, len(data))
    return slice(start, min(len(data), start + int(random.expovariate(1 / 40))))


def _insert_odd(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(_ODD) + data[at:]


def _replace_with_odd(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    cut = _slice(random, data)
    return data[: cut.start] + random.choice(_ODD) + data[cut.stop :]


def _flip(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(random.randint(1, 10)):
        if changed:
            changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _delete(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    cut = _slice(random, data)
    return data[: cut.start] + data[cut.stop :]


def _repeat(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    cut = _slice(random, data)
    return data[: cut.start] + data[cut] * random.choice((2, 3, 100)) + data[cut.stop :]


def _truncate(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return data[: random.randint(0, len(data))]


def _splice(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    return data[: random.randint(0, len(data))] + other[random.randint(0, len(other)) :]


def _swap_tokens(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    tokens = TOKENS.findall(data)
    if len(tokens) > 1:
        one, other = random.sample(range(len(tokens)), 2)
        tokens[one], tokens[other] = tokens[other], tokens[one]
    return b"".join(tokens)


def _recode(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    encoding = random.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "shift_jis", "utf-7"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


_CHANGES: tuple[Callable[[Random, bytes, Sequence[bytes]], bytes], ...] = (
    _insert_odd, _insert_odd, _replace_with_odd, _replace_with_odd, _flip, _flip, _delete, _delete, _repeat, _truncate,
    _splice, _swap_tokens, _swap_tokens, _recode,
)  # fmt: skip
