"""The documentation and the pictures match the program.

``python -m tests.test_docs`` writes the generated parts of ``docs/``: the tables
of keys, commands and options, and the list of modules.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from tui_reader.cli import main
from tui_reader.commands import COMMANDS
from tui_reader.config import Settings, load_settings
from tui_reader.model.progress import Progress
from tui_reader.model.urls import MAX_URL_LENGTH
from tui_reader.model.weights import Weights
from tui_reader.sources.files.archive_limits import MAX_ARCHIVE_BYTES, MAX_MEMBERS
from tui_reader.sources.files.article_file import parse_article
from tui_reader.sources.files.layout import MAX_FILE_BYTES
from tui_reader.sources.files.plain_yaml import MAX_DEPTH
from tui_reader.storage.connection import BUSY_SECONDS
from tui_reader.subscriptions.accounts import SERVERS, load_accounts
from tui_reader.subscriptions.subscription import Subscription, load_subscriptions
from tui_reader.subscriptions.topics import load_topics
from tui_reader.subscriptions.views import load_views
from tui_reader.ui.key_names import key_label, split_keys
from tui_reader.ui.keymap import Keymap
from tui_reader.ui.window_keys import EVERYWHERE, SHARED, WINDOWS

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PACKAGE = ROOT / "tui_reader"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

_OPTION = re.compile(r"^  (-\S.*?)(?: \{([^}]*)\})?(?: {2,}|\n {10,})(\S.*)$", re.MULTILINE)
_IMAGE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
_UPDATE = "run ‘python -m tests.test_docs’"

PAGES = (README, *sorted(DOCS.glob("*.md")), ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md")


def page(name: str) -> str:
    """Return the text of a page in docs/."""
    return (DOCS / name).read_text(encoding="utf-8")


def readme() -> str:
    return README.read_text(encoding="utf-8")


def every_page() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in PAGES)


def section(text: str, heading: str) -> str:
    """Return what is below ``heading``, up to the next heading of its level or a higher one."""
    level = len(heading) - len(heading.lstrip("#"))
    text = text[text.index(f"\n{heading}\n") + len(heading) + 2 :]
    end = re.search(rf"^#{{1,{level}}} ", _BLOCK.sub(lambda block: " " * len(block[0]), text), re.MULTILINE)
    return text[: end.start()] if end else text


def examples(mark: str) -> list[str]:
    """Return the code blocks of all pages that follow the mark ``<!-- mark -->``."""
    return re.findall(rf"<!-- {re.escape(mark)} -->\n```\w+\n(.*?)^```$", every_page(), re.MULTILINE | re.DOTALL)


# -- what is generated --------------------------------------------------------


def key_table() -> str:
    """Return every command of the keymap: group, keys, what it does, its name in the settings."""
    keymap = Keymap()
    lines = ["| | keys | what it does | name |", "|---|---|---|---|"]
    group = ""
    for command in keymap.commands:
        heading = f"**{command.group}**" if command.group != group else ""
        group = command.group
        keys = " ".join(f"`{label}`" for label in keymap.labels(command.id).split())
        lines.append(f"| {heading} | {keys} | {command.help} | `{command.id}` |")
    return "\n".join(lines)


def window_key_table() -> str:
    """Return the commands of each window beside those that all have: window, keys, what it does, its name."""
    lines = ["| window | keys | what it does | name |", "|---|---|---|---|"]
    for window, commands in WINDOWS.items():
        shown = f"`{window}`"
        for command in commands:
            if window == SHARED or command.id not in EVERYWHERE:
                keys = " ".join(f"`{key_label(key)}`" for key in split_keys(command.keys))
                lines.append(f"| {shown} | {keys} | {command.help} | `{command.id}` |")
                shown = ""
    return "\n".join(lines)


def usage_of(command: str) -> str:
    """Return a command with its positional arguments, such as ``news-tui add SOURCE...``."""
    usage = help_of(command).splitlines()[0].removeprefix("usage: ")
    while usage != (shorter := re.sub(r" \[-[^][]*\]", "", usage)):
        usage = shorter
    usage = re.sub(r"(\w+) \[\1 \.\.\.\]", r"\1...", usage)
    return usage.replace(" ...]", "...]")


def command_table() -> str:
    lines = ["| command | what it does |", "|---|---|"]
    return "\n".join(
        lines + [f"| `{usage_of(name)}` | {what[0].upper()}{what[1:]} |" for name, what in COMMANDS.items()]
    )


def help_of(command: str) -> str:
    """Return what ``news-tui COMMAND --help`` prints, without line breaks for a narrow terminal."""
    printed = io.StringIO()
    with mock.patch.dict(os.environ, {"COLUMNS": "400"}), contextlib.redirect_stdout(printed):
        try:
            main([command, "--help"])
        except SystemExit as end:
            assert end.code in {0, None}
    return printed.getvalue()


def option_table() -> str:
    lines = ["| command | option | what it does |", "|---|---|---|"]
    for command in COMMANDS:
        shown = f"`{command}`"
        for option, choices, what in _OPTION.findall(help_of(command)):
            if not option.startswith("-h"):
                chosen = " ".join(f"`{choice}`" for choice in choices.split(",") if choice)
                lines.append(f"| {shown} | `{option}` | {chosen}{': ' if chosen else ''}{what} |")
                shown = ""
    return "\n".join(lines)


def _summary(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    line = text.partition("\n")[0].rstrip(".")
    return re.sub(r":\w+:`(\w+)`", r"\1", line).replace("``", "")


def file_list() -> str:
    """Return every module with the first line of its docstring, folders after files."""
    lines = ["tui_reader/"]

    def add(folder: Path, indent: str) -> None:
        modules = sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")
        lines.extend(f"{indent}{path.name:<20} {_summary(path)}" for path in modules)
        for inside in sorted(path.parent for path in folder.glob("*/__init__.py")):
            lines.append(f"{indent}{inside.name + '/':<20} {_summary(inside / '__init__.py')}")
            add(inside, indent + "  ")

    add(PACKAGE, "  ")
    return "\n".join(["```text", *lines, "```"])


GENERATED: dict[str, tuple[str, Callable[[], str]]] = {
    "keys": ("configuration.md", key_table),
    "keys of windows": ("configuration.md", window_key_table),
    "commands": ("commands.md", command_table),
    "options": ("commands.md", option_table),
    "files": ("internals.md", file_list),
}
"""The generated parts: the mark around each, its page in docs/, and the function that generates it."""


def _part(mark: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {mark} -->\n)(.*?)(?=<!-- end of {mark} -->)", re.DOTALL)


def update() -> None:
    """Write every generated part."""
    for mark, (name, generate) in GENERATED.items():
        part = f"\n{generate()}\n\n"
        text = _part(mark).sub(lambda _, part=part: part, page(name))  # type: ignore[misc]
        (DOCS / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("mark", GENERATED)
def test_generated_parts_are_up_to_date(mark: str) -> None:
    name, generate = GENERATED[mark]
    found = _part(mark).search(page(name))
    assert found is not None, f"docs/{name} has lost its mark <!-- {mark} -->"
    assert found[0] == f"\n{generate()}\n\n", _UPDATE


# -- the first minute ---------------------------------------------------------


@pytest.mark.parametrize(
    ("mark", "what", "does"),
    [("run command", ".", ".venv/bin/news-tui"), ("test command", "--editable '.[dev]'", ".venv/bin/python -m tests")],
)
def test_each_command_installs_the_exact_versions_and_runs(mark: str, what: str, does: str) -> None:
    found = re.findall(rf"<!-- {mark} -->\n```\w*\n([^\n]+)\n```\n", readme())
    assert len(found) == 1
    exact = "PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt"
    assert found[0] == f"python3 -m venv .venv && {exact} .venv/bin/pip install {what} && {does}"


def test_the_readme_is_short_and_begins_with_a_picture() -> None:
    assert len(README.read_bytes()) <= 8192
    pictures = _IMAGE.findall(readme())
    assert pictures[0] == "screenshots/front-page.svg"
    assert readme().index(pictures[0]) < readme().index("run command")


# -- links ----------------------------------------------------------------------


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page, as GitHub makes them."""
    text = _BLOCK.sub("", path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_internal_link_and_picture_exists(path: Path) -> None:
    text = _BLOCK.sub("", path.read_text(encoding="utf-8"))
    for target in _IMAGE.findall(text):
        assert (path.parent / target).is_file(), target
    for target in _LINK.findall(text):
        if "://" not in target:
            name, _, anchor = target.partition("#")
            linked = (path.parent / name).resolve() if name else path
            assert linked.is_file(), target
            assert not anchor or anchor in anchors(linked), target


def test_the_readme_links_to_every_page() -> None:
    linked = set(_LINK.findall(readme()))
    assert {str(path.relative_to(ROOT)) for path in PAGES if path != README} <= linked


def test_every_picture_is_shown() -> None:
    shown = {Path(target).name for target in _IMAGE.findall(every_page())}
    assert shown == {path.name for path in (ROOT / "screenshots").iterdir() if path.suffix in {".svg", ".png"}}


# -- examples -------------------------------------------------------------------


def test_the_settings_shown_are_valid(tmp_path: Path) -> None:
    (example,) = examples("config.toml")
    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    settings = load_settings(file)
    assert settings.browser
    assert settings.theme in {"news-dark", "news-light"}
    keymap = Keymap(settings.keys)
    assert keymap.label("open_browser") == "o"


def test_the_settings_shown_are_the_defaults_and_complete(tmp_path: Path) -> None:
    (example,) = examples("config.toml")
    file = tmp_path / "config.toml"
    file.write_text(example, encoding="utf-8")
    shown, usual = load_settings(file), Settings()
    chosen = {"title", "theme", "browser", "keys", "weights", "pipes", "hooks", "language"}
    assert {name: getattr(shown, name) for name in Settings._fields if name not in chosen} == {
        name: getattr(usual, name) for name in Settings._fields if name not in chosen
    }
    assert shown.weights._replace(tiers={}) == usual.weights
    tables = tomllib.loads(example)
    assert set(Weights._fields) == {*tables["quality"], "tiers"}
    own = {"keys", "pipe", "hooks"}
    numbers = sum(len(tables[name]) for name in tables if isinstance(tables[name], dict) and name not in own)
    words = len(chosen | {"new_coverage", "pictures"})  # in no table
    assert numbers == len(Settings._fields) - words + len(tables["quality"]) + len(tables["tiers"])


def test_the_keys_shown_are_valid(tmp_path: Path) -> None:
    shown = examples("keys.toml")
    assert len(shown) == 2
    for example in shown:
        file = tmp_path / "config.toml"
        file.write_text(example, encoding="utf-8")
        Keymap(load_settings(file).keys)


def test_the_views_shown_are_valid(tmp_path: Path) -> None:
    (example,) = examples("views.toml")
    file = tmp_path / "views.toml"
    file.write_text(example, encoding="utf-8")
    assert [view.problem for view in load_views(file)] == ["", ""]


MARKED = {
    **dict.fromkeys(
        ("config.toml", "keys.toml", "sources.toml", "topics.toml", "views.toml", "accounts.toml"), "this module"
    ),
    "settings": "tests/test_recipes.py",
    "cron example": "tests/commands/test_digest.py",
    **dict.fromkeys(("newsboat urls", "newsboat config", "newsboat report"), "tests/commands/test_from_newsboat.py"),
}
"""The marks of the blocks that are no commands, and what tests each."""

UNMARKED = {
    ("search.md", "text"): "tests/commands/test_searching.py",
    ("sources.md", "markdown"): "this module",
    ("internals.md", "text"): "a picture, and the list of modules",
}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_example_is_tested(path: Path) -> None:
    """Blocks of commands run in tests/test_examples.py."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"(?:<!-- ([^\n]+) -->\n)?^( *)```(\w*)\n.*?^ *```$", text, re.MULTILINE | re.DOTALL)
    for mark, indent, language in found:
        assert not indent, f"{path.name}: a block in a list is not read"
        run = language == "sh"
        assert run or mark in MARKED or (path.name, language) in UNMARKED, f"{path.name}: {mark} {language}"


def test_the_sources_shown_are_valid(tmp_path: Path) -> None:
    (example,) = examples("sources.toml")
    file = tmp_path / "sources.toml"
    file.write_text(example, encoding="utf-8")
    *_, source = load_subscriptions(file)
    known = {"location", *(name for name in Subscription._fields if name != "attributes")}
    assert set(tomllib.loads(example)["source"][-1]) == known
    assert source.auth


def test_the_account_shown_is_valid(tmp_path: Path) -> None:
    (example,) = examples("accounts.toml")
    file = tmp_path / "accounts.toml"
    file.write_text(example, encoding="utf-8")
    (account,) = load_accounts(file)
    assert account.password_command


def test_the_kinds_of_accounts_are_all_named() -> None:
    table = page("sync.md").partition("\n## ")[0]
    assert set(re.findall(r"`([a-z-]+)`", table)) == set(SERVERS)


def test_the_topics_shown_are_valid(tmp_path: Path) -> None:
    shown = examples("topics.toml")
    assert shown
    for example in shown:
        file = tmp_path / "topics.toml"
        file.write_text(example, encoding="utf-8")
        assert all(topic.keywords for topic in load_topics(file))


def test_the_article_shown_is_valid() -> None:
    (example,) = re.findall(r"^```markdown\n(.*?)^```$", page("sources.md"), re.MULTILINE | re.DOTALL)
    parsed = parse_article(example.encode(), "2025-01-02-hello.md")
    assert parsed.article.title
    assert parsed.article.body
    assert parsed.article.notes == ()
    assert len(parsed.entries) == 1


def test_the_commands_shown_exist() -> None:
    """Subcommands and long options in code, in blocks as well as in sentences."""
    known = set(COMMANDS)
    shown = re.findall(r"news-tui ([a-z]+)(?=[\s`’])([^\n`’]*)", "\n".join(re.findall(r"`[^`\n]+`", every_page())))
    shown += re.findall(
        r"^(?:.*\| )?news-tui ([a-z]+)(?!\S)(.*)$", "\n".join(_BLOCK.findall(every_page())), re.MULTILINE
    )
    assert {command for command, _ in shown} == known
    for command, rest in shown:
        for option in re.findall(r"(?<=\s)--[a-z-]+", rest.partition("#")[0].partition("|")[0]):
            assert option in help_of(command), f"news-tui {command} {option}"


def test_every_json_key_is_described(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert main(["stories", "--json", "--limit", "1"]) == 0
    story = json.loads(capsys.readouterr().out)
    assert main(["topics", "--json"]) == 0
    topic = json.loads(capsys.readouterr().out.splitlines()[0])
    codes = re.findall(r"`([^`\n]+)`", section(page("commands.md"), "## JSON"))
    described = {word for code in codes for word in re.findall(r"\w+", code)}
    keys = {*story, *story["provider"], *story["related"][0], *topic, *Progress().as_json()}
    assert keys <= described, keys - described


@pytest.mark.parametrize(
    "text",
    [
        f"{MAX_FILE_BYTES // 1024**2} MB",
        f"{MAX_ARCHIVE_BYTES // 1024**3} GB",
        f"{MAX_MEMBERS:,} members",
        f"{MAX_DEPTH} levels",
        f"{MAX_URL_LENGTH:,} characters",
        f"{BUSY_SECONDS:.0f} seconds",
    ],
)
def test_the_limits_described_are_in_force(text: str) -> None:
    assert text in page("safety.md")


# -- how it is built ------------------------------------------------------------


def test_the_layers_described_are_checked() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    (layers,) = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    names = [layer.replace("tui_reader.", "").replace(" | ", ", ") for layer in layers]
    assert " → ".join(name for name in names if name != "__main__") in page("internals.md")


@pytest.mark.parametrize("path", [path for path in PAGES if path.name != "CHANGELOG.md"], ids=lambda path: path.name)
def test_files_named_in_the_docs_exist(path: Path) -> None:
    text = _BLOCK.sub("", path.read_text(encoding="utf-8"))
    folders = [ROOT, PACKAGE, PACKAGE / "sources" / "feeds"]
    for name in re.findall(r"`([\w./-]+)`", text):
        of_project = name.startswith((".ci/", "docs/", "screenshots/", "tests/", "tui_reader/", "ui/", "stories/"))
        if of_project or name.endswith((".py", ".tcss")):
            assert any((folder / name).exists() for folder in folders), name


def test_names_in_the_contributing_guide_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name, file in re.findall(r"`([A-Za-z_]+)`(?: or `\w+`)? (?:in|of) `(tui_reader/[\w/]+\.py)`", text):
        assert re.search(rf"\b{name}\b", (ROOT / file).read_text(encoding="utf-8")), f"{name} in {file}"


def test_every_dependency_has_its_reason() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    lines = [*PROJECT["project"]["dependencies"], *(line for name in extras if name != "dev" for line in extras[name])]
    needed = {re.split(r"[^\w-]", line)[0].lower() for line in lines}
    text = section(page("internals.md"), "## Dependencies")
    rows = re.findall(r"^\| \[([\w-]+)\]\([^)]+\) \| (.+?) \|", text, re.MULTILINE)
    assert {name.lower() for name, _ in rows} == needed
    assert all(len(reason) > 20 for _, reason in rows)


# -- the pictures -----------------------------------------------------------------


def words_of(svg: Path) -> list[str]:
    """Return the text of a picture, line by line, without colours and shapes."""
    lines: dict[float, list[str]] = {}
    for element in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(float(element.get("y", "0")), []).append("".join(element.itertext()))
    return ["".join(lines[y]).replace("\xa0", " ").rstrip() for y in sorted(lines)]


def test_the_pictures_are_up_to_date(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "screenshots" / "make.py", tmp_path],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    pictures = {path.name for path in tmp_path.iterdir()}
    # The picture of feeds is of sources that are not part of the project.
    assert pictures == {path.name for path in (ROOT / "screenshots").glob("*.svg")} - {"own-feeds.svg"}
    for name in sorted(pictures):
        now, kept = words_of(tmp_path / name), words_of(ROOT / "screenshots" / name)
        assert kept == now, f"{name} is out of date: run ‘python screenshots/make.py’"


# -- nothing of one machine ----------------------------------------------------------


def texts() -> Iterator[Path]:
    """Every text file of the project."""
    yield from (path for path in ROOT.iterdir() if path.suffix in {".md", ".toml"} or path.name == ".gitignore")
    for folder in ("tui_reader", "tests", "docs", "screenshots", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def test_no_path_of_this_machine_is_named() -> None:
    places = {str(ROOT), str(Path.home()), sys.prefix, "/" + "work", "/" + "root"} - {"/"}
    pattern = re.compile(r"(?<![\w.~/:-])(?:" + "|".join(map(re.escape, sorted(places))) + r")/")
    for path in texts():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found = pattern.search(text)
        assert found is None, f"{path.relative_to(ROOT)} names {found[0] if found else ''}"


if __name__ == "__main__":
    update()
