"""Reading ``sources.toml``, and editing it without losing comments or unknown keys."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from tui_reader.errors import UsageError
from tui_reader.model.weights import Weight
from tui_reader.subscriptions.edit import add_subscriptions, change_subscription, remove_subscriptions, restore_weights
from tui_reader.subscriptions.subscription import (
    Subscription,
    display_name,
    find_subscription,
    load_subscriptions,
    passwords_exposed,
    source_key,
    split_credentials,
    with_credentials,
)

A = "https://a.example/feed"
B = "https://b.example/feed"
FULL = Subscription(
    location=A,
    title='The "A" [x]',
    folder=("News", "Far"),
    paused=True,
    topics=("Rain", "Snow"),
    auth=("me", "secret"),
    every=3600,
    weight=Weight.MORE,
    apart=True,
    full_text=True,
    selector="div.text > p",
    account="home",
    attributes=(("htmlUrl", "https://a.example/"), ("{urn:x}b", "c")),
)
HAND_WRITTEN = f"""\
# mine
[[source]]
location = "/old"  # gone since May

# the second
[[source]]
title = "A"
note = "to be read on Sundays"
location = "https://me:p%40ss@a.example/feed"

[[source]]
location = "{B}"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "sources.toml"


def written(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


# -- reading ---------------------------------------------------------------------


def test_a_missing_file_has_no_sources(file: Path) -> None:
    assert load_subscriptions(file) == []


def test_a_file_with_locations_only_is_read(file: Path) -> None:
    written(file, '[[source]]\nlocation = "/a"\n[[source]]\nlocation = "/b c"\n')
    assert load_subscriptions(file) == [Subscription("/a"), Subscription("/b c")]


def test_all_fields_are_read(file: Path) -> None:
    written(
        file,
        '[[source]]\nlocation = "github:o/r@main"\ntitle = "R\\u202e"\nfolder = "One"\npaused = false\n'
        'topics = ["T"]\nauth = { user = "me" }\nevery = 60\nattributes = { a = "b" }\nmore = 1\n',
    )
    assert load_subscriptions(file) == [
        Subscription("github:o/r@main", "R⟨RLO⟩", ("One",), False, ("T",), ("me", ""), 60, (("a", "b"),))
    ]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("title = 3", "title must be a name"),
        ("folder = [1]", "folder must be"),
        (f"folder = {['x'] * 32}", "31 levels of folders"),
        ('paused = "yes"', "paused must be true or false"),
        ("topics = true", "topics must be a list"),
        ('auth = "me:secret"', "auth must be"),
        ('auth = { user = "me", pass = "secret" }', "auth must be"),
        ("every = 59", "every must be"),
        ("every = true", "every must be"),
        ('every = "1h"', "every must be"),
        ("attributes = { a = 1 }", "attributes must be"),
        ('weight = "most"', "weight must be"),
        ("weight = 2", "weight must be"),
        ('apart = "yes"', "apart must be true or false"),
        ("selector = 1", "selector must be a CSS selector"),
    ],
)
def test_a_wrong_type_is_an_error_that_names_file_and_source(file: Path, line: str, wanted: str) -> None:
    written(file, f'[[source]]\nlocation = "https://me:secret@a.example/feed"\n{line}\n')
    with pytest.raises(UsageError) as caught:
        load_subscriptions(file)
    assert str(caught.value).startswith(f"{file}: {A}: ")
    assert wanted in str(caught.value)
    assert "secret" not in str(caught.value).partition(" must be ")[0]


@pytest.mark.parametrize(
    "text",
    [
        'source = "/a"',
        "source = [1]",
        "[[source]]\ntitle = 'x'",
        "[[source]]\nlocation = ''",
        "[[source]]\nlocation = 'https://'",
        "[[source]]\nlocation = 'https://a b'",
        "[[source]]\nlocation = 'github:o'",
        "[[source]]\nlocation = 'github:../..@x y'",
        "[[source",
    ],
)
def test_an_invalid_file_is_refused_and_not_changed(file: Path, text: str) -> None:
    written(file, text)
    with pytest.raises(UsageError, match=str(file)):
        load_subscriptions(file)
    with pytest.raises(UsageError, match=str(file)):
        add_subscriptions(file, [Subscription(A)])
    assert file.read_text() == text
    assert list(file.parent.iterdir()) == [file]


def test_display_name_has_no_password_or_control_characters(file: Path) -> None:
    assert display_name(FULL) == 'The "A" [x]'
    (source,) = load_subscriptions(written(file, '[[source]]\nlocation = "https://me:secret@a.example/feed"\n'))
    assert display_name(source) == A
    assert source.auth == ("me", "secret")
    assert "secret" not in repr(source)
    assert display_name(Subscription("/a\x1bb")) == "/a␛b"


@pytest.mark.parametrize(
    ("address", "bare", "auth"),
    [
        ("https://me:p%40%2F@a.example:8/f?x=@", "https://a.example:8/f?x=@", ("me", "p@/")),
        ("HTTPS://token@a.example", "HTTPS://a.example", ("token", "")),
        ("https://a:b:c@d@a.example/f", "https://a.example/f", ("a", "b:c@d")),
        ("https://@a.example/f", "https://a.example/f", None),
        ("https://a.example/@me", "https://a.example/@me", None),
        ("/home/me@work", "/home/me@work", None),
        ("github:o/r@me", "github:o/r@me", None),
    ],
)
def test_credentials_are_split_from_an_address_and_joined_again(
    address: str, bare: str, auth: tuple[str, str] | None
) -> None:
    assert split_credentials(address) == (bare, auth)
    assert split_credentials(with_credentials(Subscription(bare, auth=auth))) == (bare, auth)


def test_spellings_of_one_source_have_one_key(tmp_path: Path) -> None:
    assert source_key("http://www.a.example/feed/") == source_key("https://a.example/feed")
    assert source_key("github:O/R@Main") == source_key("github:o/r@Main") != source_key("github:o/r@main")
    assert source_key("/A") != source_key("/a")
    assert find_subscription([Subscription("/a"), FULL], "https://me:other@a.example/feed/") is FULL
    assert find_subscription([FULL], B) is None


# -- writing ---------------------------------------------------------------------


def test_added_sources_are_read_back(file: Path) -> None:
    assert add_subscriptions(file, [FULL, Subscription("/b")]) == [FULL, Subscription("/b")]
    assert load_subscriptions(file) == [FULL, Subscription("/b")]


def test_a_source_is_added_once(file: Path) -> None:
    add_subscriptions(file, [Subscription(A, "First")])
    assert add_subscriptions(file, [Subscription(A + "/"), Subscription(B), Subscription(B)]) == [Subscription(B)]
    assert [source.title for source in load_subscriptions(file)] == ["First", ""]


def test_comments_order_and_unknown_keys_are_preserved(file: Path) -> None:
    written(file, HAND_WRITTEN)
    add_subscriptions(file, [Subscription("/new")])
    assert file.read_text() == HAND_WRITTEN + '\n[[source]]\nlocation = "/new"\n'
    remove_subscriptions(file, ["/new", "/never"])
    assert file.read_text().strip() == HAND_WRITTEN.strip()
    change_subscription(file, B, title="B")
    assert file.read_text().strip() == f'{HAND_WRITTEN}title = "B"'


def test_an_inline_array_is_rewritten_as_tables(file: Path) -> None:
    written(file, f'source = [{{ location = "/a", note = "x" }}, {{ location = "{B}" }}]\n')
    change_subscription(file, B, paused=True)
    assert load_subscriptions(file) == [Subscription("/a"), Subscription(B, paused=True)]
    assert 'note = "x"' in file.read_text()


def test_the_last_source_can_be_removed(file: Path) -> None:
    add_subscriptions(file, [FULL])
    remove_subscriptions(file, [A])
    assert load_subscriptions(file) == []
    add_subscriptions(file, [FULL])
    assert load_subscriptions(file) == [FULL]


def test_every_field_can_be_changed_and_reset(file: Path) -> None:
    plain = Subscription(A, attributes=FULL.attributes)
    add_subscriptions(file, [plain, Subscription(B)])
    before = file.read_text()
    changed = change_subscription(
        file,
        A,
        title=FULL.title,
        folder=FULL.folder,
        paused=True,
        topics=FULL.topics,
        auth=FULL.auth,
        every=FULL.every,
        weight=FULL.weight,
        apart=FULL.apart,
        full_text=FULL.full_text,
        selector=FULL.selector,
        account=FULL.account,
    )
    assert changed == FULL
    assert load_subscriptions(file) == [FULL, Subscription(B)]
    assert (
        change_subscription(
            file,
            A,
            title="",
            folder=(),
            paused=False,
            topics=(),
            auth=None,
            every=None,
            weight=Weight.NORMAL,
            apart=False,
            full_text=False,
            selector="",
            account="",
        )
        == plain
    )
    assert file.read_text() == before


def test_an_unknown_source_cannot_be_changed(file: Path) -> None:
    add_subscriptions(file, [Subscription(A)])
    with pytest.raises(UsageError, match="not one of your sources"):
        change_subscription(file, B, paused=True)
    restore_weights(file, [(B, "more"), (A, "less"), (A, "heavy")])  # what nobody knows is left out
    assert [(each.location, each.weight) for each in load_subscriptions(file)] == [(A, Weight.LESS)]


@pytest.mark.parametrize(
    ("new", "keeps"),
    [
        ("https://a.example/new", True),
        ("https://a.example:444/new", False),
        ("https://evil.example/new", False),
        ("http://a.example/new", False),
    ],
)
def test_a_moved_source_keeps_its_password_only_on_the_same_origin(file: Path, new: str, keeps: bool) -> None:
    written(file, '[[source]]\nlocation = "https://me:secret@a.example/feed"\n')
    moved = change_subscription(file, A, location=new)
    assert moved == Subscription(new, auth=("me", "secret") if keeps else None)
    assert load_subscriptions(file) == [moved]
    assert ("secret" in file.read_text()) is keeps


def test_a_password_is_kept_on_an_upgrade_to_https(file: Path) -> None:
    add_subscriptions(file, [Subscription("http://a.example/feed", auth=("me", "secret"))])
    assert change_subscription(file, "http://a.example/feed", location=A).auth == ("me", "secret")


def test_a_source_can_move_with_new_credentials(file: Path) -> None:
    add_subscriptions(file, [FULL])
    assert change_subscription(file, A, location="https://you:new@b.example/feed").auth == ("you", "new")
    assert change_subscription(file, B, location=A, auth=("me", "third")).auth == ("me", "third")
    assert load_subscriptions(file)[0].location == A


def test_a_source_cannot_move_to_the_location_of_another(file: Path) -> None:
    add_subscriptions(file, [Subscription(A), Subscription(B)])
    with pytest.raises(UsageError, match="already one of your sources"):
        change_subscription(file, A, location=B + "/")
    assert len(load_subscriptions(file)) == 2


# -- the file --------------------------------------------------------------------


def test_the_file_is_private_and_an_exposed_one_is_detected(file: Path) -> None:
    before = os.umask(0)
    try:
        add_subscriptions(file, [Subscription(A)])
        assert not passwords_exposed(file, load_subscriptions(file))
        file.chmod(0o644)
        assert not passwords_exposed(file, load_subscriptions(file))  # no password in it
        change_subscription(file, A, auth=("me", "secret"))
        assert mode(file) == 0o600
        file.chmod(0o640)
        assert passwords_exposed(file, load_subscriptions(file))
        change_subscription(file, A, title="A")
        assert mode(file) == 0o600
    finally:
        os.umask(before)


def test_a_symbolic_link_stays_a_link(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "news.toml"
    written(kept, "# mine\n")
    file.parent.mkdir()
    file.symlink_to(kept)
    add_subscriptions(file, [Subscription(A)])
    assert file.is_symlink()
    assert load_subscriptions(kept) == [Subscription(A)]


def test_concurrent_edits_lose_nothing(file: Path) -> None:
    threads = [
        threading.Thread(target=add_subscriptions, args=(file, [Subscription(f"https://a.example/{number}")]))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_subscriptions(file)) == 8


def test_a_source_that_an_account_has_too_becomes_one_of_it(file: Path) -> None:
    add_subscriptions(file, [Subscription(A, title="Mine"), Subscription(B, account="work")])
    assert add_subscriptions(file, [Subscription(A, account="home"), Subscription(B, account="home")]) == []
    assert [(each.title, each.account) for each in load_subscriptions(file)] == [("Mine", "home"), ("", "work")]
    change_subscription(file, A, account="")
    assert load_subscriptions(file)[0] == Subscription(A, title="Mine")
