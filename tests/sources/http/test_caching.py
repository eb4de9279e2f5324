"""HTTP caching: when a source is due, and conditional requests."""

from __future__ import annotations

import json
from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_reader.sources.http.caching import (
    REFRESH_EVERY,
    FetchState,
    after_failure,
    after_success,
    conditional_headers,
    is_due,
    moved_address,
    parse_retry_after,
)
from tui_reader.sources.http.redaction import redact_url

DAY = 86_400
NOW = 1_800_000_000.0
NEVER = FetchState()


def success(
    state: FetchState = NEVER,
    headers: dict[str, str] | None = None,
    *,
    status: int = 200,
    ttl: float | None = None,
    every: float = REFRESH_EVERY,
    moved: str | None = None,
) -> FetchState:
    return after_success(state, status=status, headers=headers or {}, now=NOW, ttl=ttl, every=every, moved=moved)


def failure(state: FetchState = NEVER, status: int | None = 500, retry_after: float | None = None) -> FetchState:
    return after_failure(state, "it broke", now=NOW, status=status, retry_after=retry_after)


@pytest.mark.parametrize(
    ("headers", "ttl", "wait"),
    [
        ({}, None, 1800),
        ({"cache-control": "max-age=7200"}, None, 7200),
        ({"cache-control": "public, Max-Age = 7200, must-revalidate"}, None, 7200),
        ({"cache-control": "s-maxage=7200"}, None, 1800),
        ({"cache-control": "max-age=60"}, None, 1800),
        ({"cache-control": "max-age=7200", "age": "3000"}, None, 4200),
        ({"cache-control": "max-age=7200", "expires": formatdate(NOW + 9999)}, None, 7200),
        ({"cache-control": "no-cache, max-age=7200"}, None, 1800),
        ({"cache-control": "max-age=" + "9" * 5000}, None, DAY),
        ({"expires": formatdate(NOW + 7200, usegmt=True)}, None, 7200),
        ({"expires": formatdate(NOW + 99_999), "date": formatdate(NOW + 90_000)}, None, 9999),
        ({"expires": "0"}, None, 1800),
        ({"expires": formatdate(NOW - 7200)}, None, 1800),
        ({}, 60, 3600),
        ({}, 1e9, DAY),
        ({}, -5, 1800),
        ({"cache-control": "max-age=7200"}, 60, 7200),
        ({"cache-control": "max-age=31536000"}, None, DAY),
    ],
)
def test_when_a_source_is_due_next(headers: dict[str, str], ttl: float | None, wait: float) -> None:
    state = success(headers=headers, ttl=ttl)
    assert state.next_due == NOW + wait
    assert not is_due(state, NOW + wait - 1)
    assert is_due(state, NOW + wait)
    assert is_due(state, NOW, force=True)


def test_the_interval_can_be_longer_than_a_day() -> None:
    state = success(every=7 * DAY)
    assert state.next_due == NOW + 7 * DAY
    assert not is_due(state, NOW + 6 * DAY, every=7 * DAY)
    assert is_due(state, NOW, every=1800), "set to less since"


def test_a_time_stored_by_a_wrong_clock_is_ignored() -> None:
    assert is_due(FetchState(next_due=NOW + 2 * DAY, held_until=NOW + 2 * DAY), NOW)
    assert is_due(FetchState(next_due=float("nan")), NOW)


def test_failures_back_off_up_to_a_day_until_a_success() -> None:
    state, waits = success(headers={"etag": '"1"'}), []
    for _ in range(30):
        state = failure(state)
        waits.append(state.next_due - NOW)
    assert waits[:7] == [1800, 3600, 7200, 14400, 28800, 57600, DAY]
    assert set(waits[7:]) == {DAY}
    assert (state.failures, state.last_error, state.failing_since) == (30, "it broke", NOW)
    assert state.etag == '"1"'
    after = success(state)
    assert (after.failures, after.last_error, after.failing_since, after.last_success) == (0, "", 0, NOW)


def test_retry_after_is_respected_and_only_429_resists_force() -> None:
    busy = failure(status=503, retry_after=7200)
    assert busy.next_due == NOW + 7200
    assert is_due(busy, NOW, force=True)
    held = failure(status=429, retry_after=7200)
    assert not is_due(held, NOW + 7199, force=True)
    assert is_due(held, NOW + 7200, force=True)
    assert failure(status=429, retry_after=1e9).held_until == NOW + DAY
    assert failure(status=429).held_until == NOW + 1800, "a site that names no time gets the usual one"
    brief = failure(status=429, retry_after=10)
    assert is_due(brief, NOW + 10, force=True)
    assert not is_due(brief, NOW + 10)


def test_a_source_that_is_gone_is_requested_only_by_force() -> None:
    state = failure(status=410)
    assert state.stopped
    assert not is_due(state, NOW + 30 * DAY)
    assert is_due(state, NOW, force=True)
    assert failure(state).stopped
    assert not success(state).stopped


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", 120),
        (" 0 ", 0),
        (formatdate(NOW + 90, usegmt=True), 90),
        (formatdate(NOW - 90), 0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_a_number_or_a_date(value: str, wait: float | None) -> None:
    assert parse_retry_after({"retry-after": value}, NOW) == wait


def test_validators_are_sent_back_unchanged() -> None:
    headers = {"etag": ' W/"caf\xe9"', "last-modified": "Yesterday, about noon"}
    state = success(headers=headers)
    assert conditional_headers(state) == {"if-none-match": ' W/"caf\xe9"', "if-modified-since": "Yesterday, about noon"}
    assert conditional_headers(success(state, status=304)) == conditional_headers(state)
    assert conditional_headers(success(state, {"etag": '"2"'}, status=304))["if-none-match"] == '"2"'
    assert conditional_headers(success(state)) == {}, "an answer without them takes them back"
    assert conditional_headers(success(headers={"etag": "x" * 5000})) == {}


def test_two_permanent_redirects_move_a_source() -> None:
    old, new = "https://old.example/feed", "https://new.example/feed"
    once = success(moved=new)
    assert moved_address(old, once) is None
    assert moved_address(old, success(once, status=304, moved=new)) == new
    for between in (success(once), success(once, moved="https://other.example/"), failure(once)):
        assert moved_address(old, success(between, moved=new)) is None


def test_credentials_stay_on_their_origin() -> None:
    old = "https://me:pw@old.example/feed"
    assert (
        moved_address(old, FetchState(moved_to="https://old.example/b", moved_times=2)) == "https://me:pw@old.example/b"
    )
    for moved in ("https://new.example/b", "http://old.example/b", "https://old.example:444/b"):
        assert moved_address(old, FetchState(moved_to=moved, moved_times=2)) == moved


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:pw@news.example:8443/a?b=c#d", "https://news.example:8443/a?b=c#d"),
        ("https://token@news.example/", "https://news.example/"),
        ("https://me:p@w@news.example/", "https://news.example/"),
        ("https://me:p/w@news.example/feed", "https://news.example/feed"),
        ("https://me:p?w@news.example/feed", "https://news.example/feed"),
        ("me:pw@news.example/feed", "news.example/feed"),
        ("//me:pw@news.example/feed", "//news.example/feed"),
        ("https://news.example/@me", "https://news.example/@me"),
        ("https://news.example:80/@me:x@y", "https://news.example:80/@me:x@y"),
        ("https://[::1]:80/@me", "https://[::1]:80/@me"),
        ("https://news.example/a?n=1&access_token=x&key=y#z", "https://news.example/a?n=1&access_token=…&key=…#z"),
        ("https://news.example?AppId=1&AppKey=x", "https://news.example?AppId=1&AppKey=…"),
        ("https://news.example/a?monkey=y&page=2", "https://news.example/a?monkey=y&page=2"),
        ("", ""),
    ],
)
def test_redacted_addresses_have_no_secrets(address: str, shown: str) -> None:
    assert redact_url(address) == shown


def test_the_state_survives_json() -> None:
    state = failure(success(headers={"etag": '"1"'}, moved="https://new.example/"), status=410)
    assert FetchState.from_json(json.loads(json.dumps(state.as_json()))) == state
    odd = {"etag": 5, "failures": True, "stopped": "yes", "next_due": None, "unknown": 1, "last_success": 12.5}
    assert FetchState.from_json(odd) == FetchState(last_success=12.5)


@pytest.mark.parametrize("damaged", ["", "{", "[]", "null", "[" * 50_000, '{"last_success": 1e999}', '{"etag": NaN}'])
def test_a_damaged_state_is_that_of_a_source_never_requested(damaged: str) -> None:
    assert FetchState.from_text(damaged) == FetchState()


_VALUES = st.one_of(
    st.text(max_size=40), st.from_regex(r"(max-age=)?[0-9]{0,20}", fullmatch=True), st.just("Mon, 1 Jan")
)


@given(
    st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age", "retry-after", "etag"]), _VALUES),
    st.none() | st.floats(allow_nan=False),
)
def test_headers_cannot_change_the_wait_beyond_its_limits(headers: dict[str, str], ttl: float | None) -> None:
    assert REFRESH_EVERY <= success(headers=headers, ttl=ttl).next_due - NOW <= DAY
    wait = parse_retry_after(headers, NOW)
    assert wait is None or wait >= 0
    assert REFRESH_EVERY <= failure(retry_after=wait).next_due - NOW <= DAY
