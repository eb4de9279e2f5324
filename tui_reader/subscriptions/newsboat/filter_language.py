"""Translates newsboat's filter expressions, of query feeds and ignore-article rules, to queries."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tui_reader.model.expression import Expression, Field, all_of, any_of, none_of
from tui_reader.named_tuple import NamedTuple
from tui_reader.subscriptions.newsboat.patterns import Translated, Untranslatable, translate_pattern

_LONGEST = 4000  # characters
_DEEPEST = 40
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*"|'[^']*')
        | (?P<number>-?\d+(?::-?\d+)?)
        | (?P<word>[A-Za-z_]+)
        | (?P<operator>==|=~|!=|!~|!\#|<=|>=|=|<|>|\#)
        | (?P<bracket>[()])
    )""",
    re.VERBOSE,
)
_SCHEME = re.compile(r"^\^?(?:\.\*)?(?:https?\??://)?")  # of an address that a pattern begins with
_NEGATED = {"!=": "=", "!~": "=~", "!#": "#"}
_ORDERS = {"<", "<=", ">", ">="}
_NOT_HERE = {
    "author": "a search does not find authors",
    "link": "a search does not find addresses; ‘provider:’ finds who published an article",
    "guid": "a search does not find identifiers",
    "date": "newsboat compares it as text; use ‘before:’ and ‘after:’",
    "flags": "flags are not imported; give articles tags and search for ‘tag:’",
    "description": "a search does not find descriptions of feeds",
}


class FeedTags(NamedTuple):
    """Where the feeds with a tag are now: in a folder of that name, or with it as a topic."""

    folders: frozenset[str]
    topics: frozenset[str]


class _Token(NamedTuple):
    kind: str
    text: str


def translate(expression: str, tags: FeedTags) -> Translated:
    """Return a query that means ``expression``; raises :class:`Untranslatable`.

    ``tags`` tells what became of the tags of feeds.
    """
    if len(expression) > _LONGEST:
        raise Untranslatable(f"it is longer than {_LONGEST:,} characters")
    reader = _Reader(_tokens(expression), tags)
    found = reader.expression(0)
    if reader.rest:
        raise Untranslatable(f"‘{reader.rest[0].text}’ was not expected")
    return found


def _tokens(expression: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    expression = expression.rstrip()
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None or match.lastgroup is None:
            raise Untranslatable(f"‘{expression[at : at + 20].strip()}’ is not understood")
        tokens.append(_Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return tokens


class _Reader:
    """Reads the tokens of an expression; as newsboat does, ``a and b or c`` is ``a and (b or c)``."""

    def __init__(self, tokens: list[_Token], tags: FeedTags) -> None:
        self.rest = tokens
        self._tags = tags

    def expression(self, depth: int) -> Translated:
        if depth > _DEEPEST:
            raise Untranslatable("it is nested too deeply")
        left = self._operand(depth)
        if not self.rest or self.rest[0].text not in {"and", "or"}:
            return left
        join = all_of if self._next("word").text == "and" else any_of
        right = self.expression(depth + 1)
        return Translated(
            join([left.expression, right.expression]),
            tuple(dict.fromkeys((*left.finds_more, *right.finds_more))),
            left.finds_less or right.finds_less,
        )

    def _operand(self, depth: int) -> Translated:
        if self.rest and self.rest[0].text == "(":
            self._next("bracket")
            found = self.expression(depth + 1)
            if self._next("bracket").text != ")":
                raise Untranslatable("a parenthesis is missing")
            return found
        name = self._next("word").text
        operator = self._next("word", "operator").text
        value = self._next("text", "number")
        text = _unquoted(value.text) if value.kind == "text" else value.text
        plain = _NEGATED.get(operator, operator)
        found = self._condition(name, plain, text)
        return found if plain == operator else _negated(found)

    def _next(self, *kinds: str) -> _Token:
        if not self.rest:
            raise Untranslatable("it ends too early")
        token = self.rest.pop(0)
        if token.kind not in kinds:
            raise Untranslatable(f"‘{token.text}’ was not expected")
        return token

    def _condition(self, name: str, operator: str, value: str) -> Translated:
        if name in _NOT_HERE:
            raise Untranslatable(f"‘{name}’: {_NOT_HERE[name]}")
        if name not in _CONDITIONS:
            raise Untranslatable(f"‘{name}’ has no counterpart")
        return _CONDITIONS[name](operator, value, self._tags)


def _unquoted(text: str) -> str:
    return re.sub(r"\\([\"\\])", r"\1", text[1:-1])


def _negated(found: Translated) -> Translated:
    """Return the opposite: what found less finds more now."""
    more = ("words are found where they begin, not inside of others",) if found.finds_less else ()
    return Translated(none_of(found.expression), more, bool(found.finds_more))


# -- conditions: each returns what a field, an operator and a value mean ---------------


def _texts(field: str) -> Callable[[str, str, FeedTags], Translated]:
    def condition(operator: str, value: str, _: FeedTags) -> Translated:
        if operator == "=~":
            return translate_pattern(value, field)
        if operator in {"=", "==", "#"}:
            whole = translate_pattern(re.sub(r"[^\w\s]", " ", value) + "\\b", field)
            more = () if operator == "#" else ("it is found in longer ones too",)
            return whole._replace(finds_more=(*whole.finds_more, *more), finds_less=False)
        raise Untranslatable(f"‘{operator}’ compares texts")

    return condition


def named_by_pattern(field: str, pattern: str) -> Expression:
    """Return what has one of the names that a pattern lists. Raises :class:`Untranslatable` for any other pattern."""
    whole = pattern.strip("^$ ")
    if whole.startswith("(") and whole.endswith(")"):
        whole = whole[1:-1]
    names = [re.sub(r"\\([./:-])", r"\1", _SCHEME.sub("", name.removesuffix(".*"))) for name in whole.split("|")]
    if not all(re.fullmatch(r"[\w :/.-]*\w[\w :/.-]*", name) for name in names):
        raise Untranslatable(f"‘{pattern}’ is a pattern, and ‘{field}:’ takes a name")
    return any_of([Field(field, "=", name.strip()) for name in dict.fromkeys(names)])


def _name(field: str, value: str, operator: str) -> Translated:
    if operator not in {"=", "==", "=~"} or not value.strip("^$ "):
        raise Untranslatable(f"‘{operator}’ compares names")
    return Translated(named_by_pattern(field, value) if operator == "=~" else Field(field, "=", value.strip("^$ ")))


def _tags(operator: str, value: str, tags: FeedTags) -> Translated:
    if operator not in {"#", "=", "=="}:
        raise Untranslatable("tags are compared otherwise than with ‘#’")
    places = [Field("folder", "=", value)] if value in tags.folders else []
    places += [Field("topic", "=", value)] if value in tags.topics else []
    if not places:
        raise Untranslatable(f"no feed has the tag ‘{value}’")
    more = () if operator == "#" else ("feeds with other tags too",)
    return Translated(any_of(places), more)


def _unread(operator: str, value: str, _: FeedTags) -> Translated:
    if operator not in {"=", "=="} or value not in {"yes", "no"}:
        raise Untranslatable('‘unread’ is "yes" or "no"')
    return Translated(Field("is", "=", "unread" if value == "yes" else "read"))


def _age(operator: str, value: str, _: FeedTags) -> Translated:
    """Translate whole days: an age of 3 is from three days to less than four."""
    low, _colon, high = value.partition(":")
    if not low.isdecimal() or (operator == "between") != high.isdecimal() or max(len(low), len(high)) > len("99999"):
        raise Untranslatable(f"‘age {operator} {value}’ is no number of days")
    first, last = int(low), int(high or low)
    since: Mapping[str, int | None] = {"<": None, "<=": None, ">": first + 1, ">=": first, "=": first, "==": first}
    until: Mapping[str, int | None] = {"<": first, "<=": first + 1, ">": None, ">=": None}
    begin, end = (first, last + 1) if operator == "between" else (since.get(operator), until.get(operator, last + 1))
    parts: list[Expression] = [Field("age", ">=", f"{begin}d")] if begin else []
    parts += [Field("age", "<", f"{end}d")] if end is not None else []
    if not parts:
        raise Untranslatable("‘age’ leaves nothing out")
    return Translated(all_of(parts))


def _enclosure(operator: str, value: str, _: FeedTags) -> Translated:
    audio, video = Field("has", "=", "audio"), Field("has", "=", "video")
    if operator == "=" and not value:  # negated, this is ‘!= ""’, any file
        return Translated(none_of(any_of([audio, video])), ("files that are neither audio nor video",))
    kinds = [field for field in (audio, video) if field.value in value]
    if operator == "=~" and kinds:
        return Translated(any_of(kinds))
    raise Untranslatable("of files, a search finds audio and video")


_CONDITIONS: Mapping[str, Callable[[str, str, FeedTags], Translated]] = {
    "title": _texts("title"),
    "content": _texts("text"),
    "feedtitle": lambda operator, value, _: _name("source", value, operator),
    "rssurl": lambda operator, value, _: _name("source", value, operator),
    "feedlink": lambda operator, value, _: _name("source", value, operator),
    "tags": _tags,
    "unread": _unread,
    "age": _age,
    "enclosure_url": _enclosure,
    "enclosure_type": _enclosure,
}
