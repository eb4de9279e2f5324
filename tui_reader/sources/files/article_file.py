"""Makes an article of a file: finds what kind of metadata it has, and what its fields mean."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from tui_reader.errors import ArticleError
from tui_reader.model.article import Article
from tui_reader.model.text import clean_line
from tui_reader.model.urls import safe_url
from tui_reader.named_tuple import NamedTuple
from tui_reader.sources.article_fields import OWN_ADDRESSES, build_article, cut
from tui_reader.sources.files.field_names import is_unfilled, known_fields
from tui_reader.sources.files.front_matter import FrontMatter, begins_with_fence, read_front_matter
from tui_reader.sources.files.kinds.head import Head
from tui_reader.sources.files.languages import language_of
from tui_reader.sources.files.layout import MAX_FILE_BYTES, ending_of, is_draft_path, is_template_path

if TYPE_CHECKING:
    from tui_reader.sources.files.addresses.address import Addresses

_DATE_IN_PATH = re.compile(r"(?:^|/)((?:19|20)\d\d)(?:[/-](\d\d)[/-](\d\d)(?=[-_/ ])|-(\d\d?)-(\d\d?)(?=[-_ ]))")
_DATE_IN_NAME = re.compile(r"(\d{4}-\d\d?-\d\d?)(?:[-_ ]+|\Z)")
_UNFILLED = re.compile(rb"[{]{2}|<%")
_BLANK = re.compile(r"\A\s+")
_LATE_FENCE = re.compile(r"\s+---[ \t]*\n[^\n:]{1,100}:")
_LOOK = 4096  # characters in which the tag of a redirect is looked for
_REFRESH = re.compile(r"""<meta\b[^<>]{0,300}http-equiv\s*=\s*["']?refresh\b[^<>]{0,1000}>""", re.IGNORECASE)
_TAG = re.compile(r"(?is)<(?:script|style|title)\b.{0,2000}?</(?:script|style|title)\s*>|<[^<>]{0,1000}>")
# Tags of a title that is HTML. One that is about ``</div>`` or ``List<String>`` has none of them.
_TAGS = re.compile(r"</(?:abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u)\s*>", re.IGNORECASE)
_MISSING = re.compile(r"\b404\b|\bnot\b.{0,50}\bfound\b", re.IGNORECASE)
_REDIRECT_WORDS = 200  # characters that a page has that only leads to another one

REDIRECT = "it only leads to another page"
NOT_FOUND = "it is the page that a site shows for missing ones"
EMPTY = "it is empty"
DRAWING = "it is a drawing"
TEMPLATE = "it is a template that is not filled in"
BARE = {
    ".html": "it is HTML without front matter, or without a title and a date",
    ".htm": "it is HTML without front matter, or without a title and a date",
    ".txt": "it is a text without a title",
    ".rst": "it is reStructuredText without a title",
    ".org": "it is an Org file without a title",
}
"""Why a file of each kind is no article if it has no metadata; one of any other kind is."""


class LeftOut(ArticleError):
    """A file that is no article. That is no mistake, and told for all such files together."""


class ParsedFile(NamedTuple):
    """A parsed file: its article, and its related entries that were not known yet, by fingerprint.

    ``is_note`` says that it has no metadata, and so cannot say from when it is.
    """

    article: Article
    entries: Mapping[int, Article]
    is_note: bool = False


def parse_article(data: bytes, path: str, known: Container[int] = (), addresses: Addresses | None = None) -> ParsedFile:
    """Parse the file at ``path`` of a collection.

    ``known`` are the fingerprints of related entries that are stored already:
    they are in the article's ``related`` but not in ``entries``. ``addresses``
    are those of the pages of its site. Raises
    :class:`ArticleError`, with the line where there is one, and
    :class:`LeftOut` for a file that is no article.
    """
    if path.endswith(".excalidraw.md"):
        raise LeftOut(DRAWING)
    if begins_with_fence(data):
        try:
            found = read_front_matter(data, known)
        except ArticleError as error:
            if _is_unfilled_template(data, path):
                raise LeftOut(TEMPLATE) from error
            raise
        if found.notes and _is_unfilled_template(data, path):
            raise LeftOut(TEMPLATE)
        return _built(found, path, addresses)
    text = _text(data)
    if _LATE_FENCE.match(text) and (front := _late_front_matter(text, known)):
        return _built(front, path, addresses)
    head = _head(text, path)
    if head is None:
        raise LeftOut(BARE[ending_of(path)])
    return _built(FrontMatter(head.fields, head.body), path, addresses, spaced_tags=False)


def _late_front_matter(text: str, known: Container[int]) -> FrontMatter | None:
    """Return the front matter that stands below empty lines; ``None`` if it is a text between two rules."""
    try:
        return read_front_matter(text.lstrip().encode(errors="replace"), known)
    except ArticleError:
        return None


def _text(data: bytes) -> str:
    """Return the text of a file. Raises :class:`ArticleError` if it is too large or has none."""
    if len(data) > MAX_FILE_BYTES:
        raise ArticleError(f"larger than {MAX_FILE_BYTES // 1024**2} MB")
    text = data.decode(errors="replace").removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\n\t \0"):
        raise LeftOut(EMPTY)
    return text


def _head(text: str, path: str) -> Head | None:
    """Return the metadata of a file without YAML; none of them for a note, ``None`` for what is no article."""
    ending = ending_of(path)
    start = _BLANK.sub("", text[:_LOOK])[:3]
    if start == "+++":
        from tui_reader.sources.files.kinds import toml

        if head := toml.parse(text):
            return head
    if start.startswith("{"):
        from tui_reader.sources.files.kinds import json_object

        if head := json_object.parse(text):
            return head
    if ending == ".mdx" and "export" in text:
        from tui_reader.sources.files.kinds import mdx_export

        if head := mdx_export.parse(text):
            return head
    head = _own_head(text, ending)
    if head is None and ending not in BARE:
        return Head({}, text)
    return head


def _own_head(text: str, ending: str) -> Head | None:
    """Return the metadata that a file has in the way of its kind, if any."""
    if ending == ".rst":
        from tui_reader.sources.files.kinds import rst

        return rst.parse(text)
    if ending == ".org":
        from tui_reader.sources.files.kinds import org

        return org.parse(text)
    from tui_reader.sources.files.kinds import metadata_lines

    if head := metadata_lines.parse_nikola(text) or metadata_lines.parse(text):
        return head
    if ending in {".html", ".htm"}:
        from tui_reader.sources.files.kinds import html_page

        return html_page.parse(text)
    if ending == ".txt":
        from tui_reader.sources.files.headings import first_heading

        heading = first_heading(text)
        return Head({"title": heading.title}, heading.body) if heading else None
    return None


def _is_unfilled_template(data: bytes, path: str) -> bool:
    is_template = is_template_path(path) or "template" in path.casefold()
    return is_template and _UNFILLED.search(data[:_LOOK]) is not None


def _built(front: FrontMatter, path: str, addresses: Addresses | None, *, spaced_tags: bool = True) -> ParsedFile:
    """Return the article of a file with these fields and this body."""
    known = known_fields(front.fields, spaced_tags=spaced_tags)
    body = front.body
    if known.redirects_to or _is_redirect(front, body):
        raise LeftOut(REDIRECT)
    fields = known.fields
    name = _name(path)
    if name == "404" and _is_about_missing_pages(fields, front):
        raise LeftOut(NOT_FOUND)
    if known.about:
        fields["originalUrl"] = known.about
    is_template = is_template_path(path) or is_unfilled(fields.get("title"))
    body = _with_title(fields, body, name)
    if known.is_draft or is_draft_path(path) or is_template:
        fields["published"] = "false"
    if fields["date"] is None and (date := _DATE_IN_PATH.search(path) or _DATE_IN_PATH.search(known.own_path)):
        fields["date"] = "-".join(filter(None, date.groups()))
    aliases = _with_address(fields, front, path, addresses) if addresses else ()
    page = _page(fields, is_about_it=not known.about)
    if page:
        fields["images"] = [urljoin(page, address) for address in known.images]
    if addresses and body:
        from tui_reader.sources.files.addresses.page_links import with_page_links

        body = with_page_links(body, path, addresses)
    text = _plain(body, ending_of(path), page) if body.strip() else ""
    article = build_article(fields, file_name=name, body=text, related=tuple(front.related))
    if article.published is None and article.key.startswith("text:"):
        article = article.at_page(f"{article.key}#{path}")  # as that of any without address and date
    if known.about and not fields.get("webUrl"):
        # It is about that page, and not the page: two articles can be about one.
        article = article.at_page(f"text:{article.published}:{article.title}")
    title = fields.get("title")
    if isinstance(title, str) and _TAGS.search(title) and article.links.identity() is not None:
        # Without an address, the title is what the article is known by.
        article = article._replace(title=cut(clean_line(title, strip_tags=True)) or article.title)
    if front.notes or known.notes:
        article = article._replace(notes=(*front.notes, *known.notes, *article.notes))
    if aliases:
        article = article._replace(aliases=aliases)
    return ParsedFile(article, front.entries, is_note=not front.fields)


def _with_address(fields: dict[str, object], front: FrontMatter, path: str, addresses: Addresses) -> tuple[str, ...]:
    """Give an article the address that its site has it at, unless it names one; return others that lead to it."""
    if any(front.fields.get(name) for name in OWN_ADDRESSES):
        return ()
    found = addresses.of(path, front.fields, str(fields["date"] or ""), str(fields.get("title") or ""))
    if found is None:
        return ()
    from tui_reader.sources.files.addresses.page_links import aliases_of

    aliases = aliases_of(path, found, addresses)
    if fields.get("webUrl"):
        return (found.url, *aliases)
    fields["webUrl"] = found.url
    fields.setdefault("provider", {"name": addresses.title, "domain": addresses.domain()})
    return aliases


def _page(fields: Mapping[str, object], *, is_about_it: bool) -> str:
    """Return the address that the links and pictures of an article are relative to."""
    names = ("originalUrl", "webUrl", "ampWebUrl") if is_about_it else ("webUrl", "originalUrl")
    return next((str(fields[name]) for name in names if fields.get(name)), "")


def _is_redirect(front: FrontMatter, body: str) -> bool:
    """Return whether a page does nothing but lead to another one."""
    target = front.fields.get("redirect")
    if isinstance(target, str) and not safe_url(target) and not body.strip():
        return True  # a place on its own site; a whole address is what a text is about
    if len(body) > _LOOK or not _REFRESH.search(body):
        return False
    return len("".join(_TAG.sub("", body).split())) < _REDIRECT_WORDS


def _is_about_missing_pages(fields: Mapping[str, object], front: FrontMatter) -> bool:
    """Return whether a file called 404 is no note of that number: a site has its own page for missing ones there."""
    said = (fields.get("title"), *(front.fields.get(name) for name in ("layout", "permalink", "url")))
    return any(isinstance(each, (str, int)) and _MISSING.search(str(each)) for each in said)


def _name(path: str) -> str:
    """Return the name that an article has by its file; the index of a folder has that of the folder."""
    folder, _, name = path.rpartition("/")
    stem = name.removesuffix(name[len(name) - len(ending_of(name)) :])
    before, dot, last = stem.rpartition(".")
    stem = before if dot and language_of(last) else stem
    if stem.casefold() in {"index", "readme"} and folder:
        return folder.rpartition("/")[2]
    return stem


def _with_title(fields: dict[str, object], body: str, name: str) -> str:
    """Give an article without a title one by its first heading, its name or its first words; return its body."""
    title = fields.get("title")
    if isinstance(title, (str, int, float)) and str(title).strip():
        return body
    from tui_reader.sources.article_fields import first_paragraph, first_words, plain_words
    from tui_reader.sources.files.headings import first_heading

    heading = first_heading(body)
    if heading and (line := plain_words(heading.title)):
        fields["title"] = line
        return heading.body
    words = name[date.end() :] if (date := _DATE_IN_NAME.match(name)) else name
    if title == "" or (words and not any(char.isalpha() for char in words)):
        fields["title"] = first_words(first_paragraph(body)) or name  # a short post, whose name is a number
    elif not words:
        fields["title"] = name  # a day's note
    elif " " in words or words != words.casefold():
        fields["title"] = words  # written for people, as the names of notes are
    else:
        fields["title"] = clean_line(words.replace("-", " ").replace("_", " ")).capitalize()
    return body


def _plain(text: str, ending: str, address: str) -> str:
    # Most collections have no bodies: what they need is imported for those that do.
    from tui_reader.sources.files.bodies.body import plain_body

    return plain_body(text, ending, address)
