"""Makes plain Markdown of the body of a file, by the ending of its name."""

from __future__ import annotations


def plain_body(text: str, ending: str, address: str = "") -> str:
    """Return a body as Markdown without HTML, which reads as the page of the site does.

    ``ending`` is that of the file, such as ``.rst``, in lower case; ``address``
    is that of the page: its links may be relative to it. What a kind needs is
    imported for a file of it.
    """
    if ending not in {".rst", ".org", ".txt", ".html", ".htm"}:
        from tui_reader.sources.files.bodies.markdown_body import plain_markdown

        return plain_markdown(_as_markdown(text, ending), address)
    from tui_reader.sources.html.markdown import html_to_markdown

    return html_to_markdown(_as_html(text, ending), address)


def _as_markdown(text: str, ending: str) -> str:
    from tui_reader.sources.files.bodies.admonitions import has_admonitions, without_admonitions
    from tui_reader.sources.files.bodies.wiki_links import without_wiki_links

    if ending == ".mdx":
        from tui_reader.sources.files.bodies.mdx import without_components

        text = without_components(text)
    elif ending in {".qmd", ".rmd"}:
        from tui_reader.sources.files.bodies.cells import shown_cells

        text = shown_cells(text)
    if has_admonitions(text):
        text = without_admonitions(text)
    return without_wiki_links(text)


def _as_html(text: str, ending: str) -> str:
    if ending == ".rst":
        from tui_reader.sources.files.bodies.restructured_text import rst_to_html

        return rst_to_html(text)
    if ending == ".org":
        from tui_reader.sources.files.bodies.org import org_to_html

        return org_to_html(text)
    if ending == ".txt":
        from tui_reader.sources.files.bodies.plain_text import text_to_html

        return text_to_html(text)
    from tui_reader.sources.files.bodies.templates import without_templates

    return without_templates(text)
