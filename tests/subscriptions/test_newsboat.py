"""Rules of newsboat mean the same as queries, or are refused with a reason."""

from __future__ import annotations

import time

import pytest

from tui_reader.errors import SourceError
from tui_reader.model.expression import to_text
from tui_reader.model.expression_parser import parse
from tui_reader.model.user_commands import pipes_of
from tui_reader.subscriptions.newsboat.config_file import read_config
from tui_reader.subscriptions.newsboat.filter_language import FeedTags, translate
from tui_reader.subscriptions.newsboat.keys import key_name
from tui_reader.subscriptions.newsboat.lines import MAX_BYTES, lines_of
from tui_reader.subscriptions.newsboat.patterns import Untranslatable
from tui_reader.subscriptions.newsboat.urls_file import read_urls
from tui_reader.subscriptions.subscription import Subscription

TAGS = FeedTags(frozenset({"news", "fun"}), frozenset({"linux", "fun"}))


@pytest.mark.parametrize(
    ("rule", "query"),
    [
        ('title =~ "Gentoo"', "title:Gentoo"),
        ("title =~ 'Gentoo'", "title:Gentoo"),
        ('title =~ "Black Friday"', 'title:"Black Friday"'),
        ('title =~ "crypto|bitcoin|NFT"', "title:crypto OR title:bitcoin OR title:NFT"),
        (r'title =~ "\\bAI\\b"', 'title:"AI"'),
        ('title =~ "[[:<:]]AI[[:>:]]"', 'title:"AI"'),
        ('title =~ "(web|micro)site"', "title:website OR title:microsite"),
        ('title =~ "colou?r"', "title:colour OR title:color"),
        ('title =~ "[Ww]indows"', "title:windows"),
        ('title =~ ".*Sponsored.*"', "title:Sponsored"),
        (r'title =~ "foo\\.bar"', 'title:"foo bar"'),
        ('title !~ "linux"', "-title:linux"),
        ('title # "daily"', 'title:"daily"'),
        ('content =~ "advert"', "text:advert"),
        ('unread = "yes"', "is:unread"),
        ('unread == "no"', "is:read"),
        ('tags # "news"', "folder:news"),
        ('tags # "linux"', "topic:linux"),
        ('tags # "fun"', "folder:fun OR topic:fun"),
        ('tags !# "news"', "-folder:news"),
        ('feedtitle = "The Paper"', 'source:"The Paper"'),
        ('rssurl =~ "paper.example"', "source:paper.example"),
        ("age < 3", "age:<3d"),
        ("age <= 3", "age:<4d"),
        ("age > 3", "age:>=4d"),
        ("age between 0:10", "age:<11d"),
        ("age between 2:4", "age:>=2d age:<5d"),
        ('enclosure_type =~ "audio/"', "has:audio"),
        ('enclosure_url != ""', "has:audio OR has:video"),
        ('unread = "yes" and title =~ "rust"', "is:unread title:rust"),
        # Newsboat reads operators from the right.
        (
            'unread = "yes" and title =~ "rust" or title =~ "go"',
            "is:unread (title:rust OR title:go)",
        ),
        (
            '( title =~ "rust" or title =~ "go" ) and tags # "news"',
            "(title:rust OR title:go) folder:news",
        ),
    ],
)
def test_a_rule_becomes_a_query_that_can_be_typed(rule: str, query: str) -> None:
    found = translate(rule, TAGS).expression
    assert to_text(found) == query
    assert parse(query) == found


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ('author =~ "Frank"', "does not find authors"),
        ('flags # "a"', "flags are not imported"),
        ('tags # "sport"', "no feed has the tag ‘sport’"),
        ("unread_count > 0", "‘unread_count’ has no counterpart"),
        ('title =~ "[a-z]+[0-9]"', "stands for many characters"),
        ('title =~ "(ab)+"', "repeats something"),
        ('title =~ "ab{2,3}"', "repeats something"),
        ('title =~ ".*"', "matches everything"),
        ('title =~ "!!!"', "has no letter or digit"),
        ('title =~ "(foo"', "unmatched parenthesis"),
        ('title =~ "foo', "is not understood"),
        ('title =~ "a" and', "it ends too early"),
        ('( title =~ "a"', "it ends too early"),
        ('title = "a" "b"', '‘"b"’ was not expected'),
        ("age < 99999999", "is no number of days"),
        ("(" * 100 + 'title = "a"' + ")" * 100, "nested too deeply"),
        ('title =~ "' + "(a|b)" * 10 + '"', "more than 32 texts"),
        ('title = "' + "a" * 5000 + '"', "longer than 4,000 characters"),
    ],
)
def test_what_no_query_can_mean_is_refused_with_the_reason(rule: str, reason: str) -> None:
    with pytest.raises(Untranslatable) as refused:
        translate(rule, TAGS)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "rule", ['title =~ "^Ad:"', 'title =~ "foo.*bar"', 'title = "Exactly this"', 'title !~ "good"', 'tags = "news"']
)
def test_what_finds_more_is_marked(rule: str) -> None:
    assert translate(rule, TAGS).finds_more


def test_feeds_have_their_tags_titles_and_passwords() -> None:
    lines = lines_of(
        b"""# my feeds
https://paper.example/feed news "~The Paper"
https://me:secret@club.example/rss "two words" linux !
https://paper.example/feed
exec:~/bin/feed.sh
"filter:~/bin/f.sh:https://a.example/"
file:///var/log/feed.xml
query:Unread:"unread = \\"yes\\""
"query:Linux News:tags # \\"linux\\"" special
gopher://old.example/
""",
        "urls",
    )
    urls = read_urls(lines)
    assert urls.feeds == (
        Subscription("https://paper.example/feed", "The Paper", ("news",)),
        Subscription("https://club.example/rss", folder=("two words",), topics=("linux",), auth=("me", "secret")),
    )
    assert urls.repeated == 1
    assert [(each.name, each.expression) for each in urls.queries] == [
        ("Unread", '"unread'),  # newsboat reads it so too: the whole of it has to be in quotes
        ("Linux News", 'tags # "linux"'),
    ]
    assert [(note.line.number, note.words[:12]) for note in urls.refused] == [
        (5, "is a command"),
        (6, "is a command"),
        (7, "is a file: ‘"),
        (10, "is no addres"),
    ]
    assert [note.line.number for note in urls.notes] == [3]


def test_lines_are_split_as_newsboat_does() -> None:
    (line,) = lines_of(b'ignore-article "*" "title =~ \\"a b\\"" # why\n\n#comment\n', "config")
    assert line.words == ("ignore-article", "*", 'title =~ "a b"')
    (line,) = lines_of(b"reload-time 60#minutes\n", "config", is_config=True)
    assert line.words == ("reload-time", "60")
    (line,) = lines_of(b"https://paper.example/feed#top\n", "urls")
    assert line.words == ("https://paper.example/feed#top",)
    lines = list(lines_of(b"macro k open; \\\n reload\nmax-items 1\nreload-time 6\\\r\n0\\", "config", is_config=True))
    assert [(line.number, line.words) for line in lines] == [
        (1, ("macro", "k", "open;", "reload")),
        (3, ("max-items", "1")),
        (4, ("reload-time", "60")),
    ]
    assert [line.words for line in lines_of(b"https://a.example/\\\nb\\", "urls")] == [
        ("https://a.example/\\",),
        ("b\\",),
    ]
    (line,) = lines_of(b"browser `which firefox`\n", "config")
    assert line.runs_command
    with pytest.raises(SourceError, match="larger than 4 MB"):
        list(lines_of(b"x" * (MAX_BYTES + 1), "urls"))


def test_settings_become_lines_of_the_config_file_and_nothing_is_run() -> None:
    config = read_config(
        lines_of(
            b"""browser "firefox --new-tab %u"
auto-reload yes
reload-time 60
max-items 100
keep-articles-days 30
show-read-feeds no
bind-key j next articlelist
bind-key ^R reload-all
bind-key x pb-delete podboat
bind-key Z edit-flags
macro o set browser "mpv %u"; open-in-browser; set browser "firefox %u"
macro p set browser "/usr/bin/mpv --no-video %u >/dev/null 2>&1 &"; open-in-browser-and-mark-read -- "listen"
macro q set browser "echo %u >> queue"; open-in-browser
macro k open; reload; quit
color background white black
include ~/.newsboat/colors
browser "w3m %u | less"
pager `rm -rf /`
ttrss-login me
""",
            "config",
        )
    )
    assert config.settings == {
        "": {"browser": "firefox --new-tab %s"},
        "refresh": {"every": 60},
        "keep": {"articles": 100, "days": 30},
        "sidebar": {"read_feeds": "hide"},
        "pipe": {
            "mpv": {"command": "mpv {url}", "input": "none", "terminal": True, "key": "o"},
            "mpv-p": {"command": "/usr/bin/mpv --no-video {url}", "input": "none", "key": "p"},
        },
    }
    assert config.keys == {"down": ["j"], "refresh_all": ["ctrl+r"], "tags": ["Z"]}
    assert [note.line.number for note in config.refused] == [9, 13, 14, 15, 17, 18, 19]
    assert "commands are never run" in config.refused[5].words


def test_what_the_page_about_newsboat_answers_is_not_called_unknown() -> None:
    lines = b"""bind-key x quit
bind-key y reload
unbind-key x
unbind-key ENTER
show-read-articles yes
show-read-articles no
bind-key z open
"""
    config = read_config(lines_of(lines, "config"))
    assert config.keys == {"close": [], "refresh": ["y"], "open": ["z"]}
    words = {note.line.number: note.words for note in config.refused}
    assert sorted(words) == [1, 3, 4, 6]
    assert "an empty value takes a command's keys away" in words[3] == words[4]
    assert "‘Unread’ in the topics" in words[6]
    assert [note.line.number for note in config.done] == [2, 5, 7]
    assert words[1] == "line 3 is about the same, and the last one counts"
    assert read_config(lines_of(b"bind-key x quit\nunbind-key -a\n", "config")).keys == {}


def test_keys_have_the_names_of_the_config_file() -> None:
    names = {"j": "j", "G": "G", "^F": "ctrl+f", "ENTER": "enter", "SPACE": "space", "F5": "f5", ";": "semicolon"}
    assert {key: key_name(key) for key in names} == names
    assert key_name("whatever") == ""


def test_a_macro_of_a_key_that_moves_in_lists_gets_another() -> None:
    config = read_config(lines_of(b'macro j set browser "mpv %u"; open-in-browser\n', "config"))
    (pipe,) = pipes_of({"pipe": config.settings["pipe"]}, "config.toml")
    assert (pipe.arguments, pipe.key) == (("mpv", "{url}"), "")


def test_a_macro_that_throws_its_output_away_often_is_read_at_once() -> None:
    line = f'macro o set browser "mpv %u {"&>/dev/null" * 25} x"; open-in-browser'
    start = time.thread_time()
    (refused,) = read_config(lines_of(line.encode(), "config")).refused
    assert time.thread_time() - start < 1
    assert "needs a shell" in refused.words


def test_of_two_macros_with_one_key_the_last_has_it() -> None:
    macros = b'macro o set browser "mpv %u" ; open-in-browser\nmacro o set browser "w3m %u" ; open-in-browser\n'
    config = read_config(lines_of(macros, "config", is_config=True))
    pipes = pipes_of(config.settings, "config.toml")
    assert [(pipe.name, pipe.key) for pipe in pipes] == [("mpv", ""), ("w3m", "o")]
