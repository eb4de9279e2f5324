"""Makes 40 web pages in the shapes of real ones, each with the sentences of its article and those around it known."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from html import escape
from itertools import count
from typing import NamedTuple

_NOUNS = [
    "harbour",
    "council",
    "ferry",
    "engineer",
    "valley",
    "bakery",
    "museum",
    "railway",
    "teacher",
    "orchard",
    "hospital",
    "bridge",
    "library",
    "farmer",
    "festival",
    "factory",
    "theatre",
    "mountain",
    "reservoir",
    "airport",
    "market",
    "cathedral",
    "laboratory",
    "island",
    "parliament",
    "village",
]
_VERBS = [
    "opened",
    "rejected",
    "repaired",
    "discovered",
    "measured",
    "welcomed",
    "postponed",
    "explained",
    "studied",
    "planted",
    "closed",
    "rebuilt",
    "celebrated",
    "published",
    "described",
    "questioned",
    "inspected",
    "photographed",
    "restored",
    "abandoned",
]
_ADJECTIVES = [
    "northern",
    "old",
    "quiet",
    "famous",
    "wooden",
    "unusual",
    "expensive",
    "tiny",
    "ancient",
    "modern",
    "flooded",
    "crowded",
    "forgotten",
    "careful",
    "narrow",
    "bright",
    "municipal",
    "reluctant",
]
_ENDS = (
    "after a long debate that nobody had expected to take so many weeks",
    "although the weather was worse than in any other year on record",
    "because there was no money left for anything else at the time",
    "while hundreds of people watched from the other side of the river",
    "and said that more would follow before the end of the summer",
    "which surprised even those who had worked there for most of their lives",
    "so that children can go there again without crossing the main road",
    "as the minutes of the meeting show, which were made public on Friday",
)
_OFFERS = (
    "Sign up for our {} newsletter and get the best of it every morning",
    "Follow us for more {} news, pictures and stories from your region",
    "Share this {} story with your friends and family right now",
    "Read more about the {} guide that everybody is talking about this week",
    "Subscribe today and save on your {} membership for a whole year",
    "Ten {} places that you should see before they disappear for good",
    "Our partners offer {} deals that are only available for a short time",
    "We use {} cookies to improve your experience on all of our pages",
    "All rights reserved by the {} publishing company and its licensors",
    "Log in to comment on {} topics or create a free account in seconds",
)


class WebPage(NamedTuple):
    """A page: ``article`` are the sentences to be found in it, ``rest`` those that are not part of the article."""

    name: str
    address: str
    html: str
    title: str
    article: tuple[str, ...]
    rest: tuple[str, ...]


class Maker:
    """Makes sentences, and notes which are of the article and which are not."""

    def __init__(self, name: str) -> None:
        self.random = random.Random(name)  # the same page each time
        self.article: list[str] = []
        self.rest: list[str] = []
        self._used: set[str] = set()
        self.title = self.sentence(" ".join).rstrip(".")

    def sentence(self, _: object = None) -> str:
        """Return a sentence that no other is like."""
        pick = self.random.choice
        while True:
            text = f"The {pick(_ADJECTIVES)} {pick(_NOUNS)} {pick(_VERBS)} the {pick(_ADJECTIVES)} {pick(_NOUNS)} {pick(_ENDS)}."
            if text not in self._used:
                self._used.add(text)
                return text

    def s(self, number: int = 1) -> str:
        """Return some sentences of the article, as HTML."""
        made = [self.sentence() for _ in range(number)]
        self.article += made
        return escape(" ".join(made))

    def short(self, words: str) -> str:
        """Return a short sentence of the article with these words in it."""
        text = (
            f"{words} of the {self.random.choice(_ADJECTIVES)} {self.random.choice(_NOUNS)} number {len(self.article)}."
        )
        self.article.append(text)
        return escape(text)

    def p(self, number: int = 1, each: int = 3, tag: str = "p", attributes: str = "") -> str:
        """Return some paragraphs of the article."""
        space = f" {attributes}" if attributes else ""
        return "\n".join(f"<{tag}{space}>{self.s(each)}</{tag}>" for _ in range(number))

    def r(self) -> str:
        """Return a sentence that is not of the article."""
        while True:
            text = f"{self.random.choice(_OFFERS)}.".format(
                f"{self.random.choice(_ADJECTIVES)} {self.random.choice(_NOUNS)}"
            )
            if text not in self._used:
                self._used.add(text)
                self.rest.append(text)
                return escape(text)

    def menu(self, number: int = 5) -> str:
        """Return a list of links to other places."""
        names = ("Home", "World", "Science", "Sport", "Culture", "Weather", "Jobs", "Contact", "About us")[:number]
        return "<ul>" + "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in names) + "</ul>"

    def others(self, number: int = 4, tag: str = "li") -> str:
        """Return links to other articles."""
        return "".join(f'<{tag}><a href="/other/{n}">{self.r()}</a></{tag}>' for n in range(number))

    def comments(self, number: int = 3) -> str:
        """Return what readers say."""
        said = []
        for at in range(number):
            text = self.sentence()
            self.rest.append(text)
            said.append(f'<li class="comment"><b class="comment-author">Reader {at}</b><p>{escape(text)}</p></li>')
        return f'<section id="comments" class="comments-area"><h3>Comments</h3><ol>{"".join(said)}</ol></section>'


def _document(m: Maker, body: str, *, head: str = "", site: str = "The Daily Example", attributes: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(m.title)} | {site}</title>'
        f'<meta name="viewport" content="width=device-width">{head}<script>var a = "<p>not a text</p>";</script>'
        f"<style>.a {{ color: red }}</style></head><body {attributes}>\n{body}\n</body></html>"
    )


def _around(m: Maker, main: str) -> str:
    """Put an article between the usual things."""
    return f"""
<header><a class="logo" href="/">The Daily Example</a><nav>{m.menu(7)}</nav></header>
{main}
<aside class="sidebar"><h3>Most read</h3><ul>{m.others()}</ul><p class="newsletter">{m.r()}</p></aside>
<footer><p>{m.r()}</p><nav>{m.menu()}</nav></footer>"""


# -- news ------------------------------------------------------------------------


def news(m: Maker) -> str:
    main = f"""<main><article><header><h1>{m.title}</h1><p class="byline">By Ann Example</p><time>1 May</time></header>
    <figure><img src="/a.jpg" alt=""><figcaption>{m.s()}</figcaption></figure>{m.p(2)}<div class="ad">{m.r()}</div>
    <h2>{m.short("The beginning")}</h2>{m.p(2)}<blockquote><p>{m.s()}</p></blockquote>{m.p(2)}
    <ul class="share"><li><a href="#">{m.r()}</a></li></ul></article></main>"""
    return _document(m, _around(m, main))


def news_with_links_inside(m: Maker) -> str:
    main = f"""<div class="page"><div class="story-body"><h1>{m.title}</h1>{m.p(2)}
    <div class="related-inline"><strong>Read also:</strong> {m.others(2, "div")}</div>{m.p(2)}
    <aside class="promo"><h4>More on this</h4><ul>{m.others(3)}</ul></aside>{m.p(3)}
    <div class="newsletter-box"><form><label>{m.r()}</label><input type="email"></form></div>{m.p(1)}</div></div>"""
    return _document(m, _around(m, main))


def news_in_div_soup(m: Maker) -> str:
    text = "".join(f'<div class="c3 x{n}"><div>{m.s(3)}</div></div>' for n in range(6))
    return _document(
        m,
        f"""<div id="top"><div class="m">{m.menu(8)}</div></div><div id="wrap"><div class="l"><h1>{m.title}</h1>{text}
    </div><div class="r"><div class="b">{m.others(5, "div")}</div></div></div><div id="bottom">{m.r()}</div>""",
    )


def brief(m: Maker) -> str:
    return _document(m, _around(m, f"<main><article><h1>{m.title}</h1>{m.p(1, 3)}</article></main>"))


def sports_report(m: Maker) -> str:
    rows = "".join(f"<tr><td>{m.short('Home side')}</td><td>{n}</td></tr>" for n in range(3))
    main = f"""<main><article><h1>{m.title}</h1>{m.p(3)}<table class="results"><thead><tr><th>Side</th><th>Goals</th></tr>
    </thead><tbody>{rows}</tbody></table>{m.p(2)}</article></main>"""
    return _document(m, _around(m, main))


def interview(m: Maker) -> str:
    talk = "".join(f"<p><strong>{m.s()}</strong></p><p>{m.s(2)}</p>" for _ in range(5))
    return _document(
        m, _around(m, f'<article class="post"><h1>{m.title}</h1><p class="intro">{m.s(2)}</p>{talk}</article>')
    )


def opinion_with_comments(m: Maker) -> str:
    main = f'<main><article><h1>{m.title}</h1><div class="article-body">{m.p(5)}</div></article>{m.comments(6)}</main>'
    return _document(m, _around(m, main))


def live_blog(m: Maker) -> str:
    posts = "".join(
        f'<div class="live-post" id="p{n}"><time>1{n}:00</time><h3>{m.short("News")}</h3><p>{m.s(2)}</p></div>'
        for n in range(7)
    )
    main = (
        f'<main><h1>{m.title}</h1><div class="summary"><p>{m.s(2)}</p></div><div class="live-blog">{posts}</div></main>'
    )
    return _document(m, _around(m, main))


def listicle(m: Maker) -> str:
    items = "".join(
        f'<h2>{n}. {m.short("Place")}</h2><img src="/{n}.jpg" alt=""><p>{m.s(2)}</p>' for n in range(8, 0, -1)
    )
    return _document(m, _around(m, f'<article class="listicle"><h1>{m.title}</h1><p>{m.s(2)}</p>{items}</article>'))


def gallery(m: Maker) -> str:
    slides = "".join(
        f'<figure class="slide"><img src="/{n}.jpg" alt="Picture {n}"><figcaption>{m.s(2)}</figcaption></figure>'
        for n in range(6)
    )
    return _document(
        m, _around(m, f'<main><h1>{m.title}</h1><p class="lead">{m.s(2)}</p><div class="gallery">{slides}</div></main>')
    )


def paywall_teaser(m: Maker) -> str:
    main = f"""<main><article><h1>{m.title}</h1><div class="teaser">{m.p(2)}</div><div class="paywall"><h3>Go on reading</h3>
    <p>{m.r()}</p><p>{m.r()}</p><button>Subscribe</button></div></article></main>"""
    return _document(
        m, _around(m, main), head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>'
    )


def cookie_wall(m: Maker) -> str:
    wall = f"""<div id="consent" class="cookie-banner modal" role="dialog"><h2>Your privacy</h2><p>{m.r()}</p><p>{m.r()}</p>
    <button>Accept all</button></div>"""
    return _document(m, wall + _around(m, f"<main><article><h1>{m.title}</h1>{m.p(4)}</article></main>"))


def amp_page(m: Maker) -> str:
    head = '<link rel="canonical" href="/1"><script async src="https://cdn.ampproject.org/v0.js"></script>'
    body = f"""<amp-sidebar layout="nodisplay"><nav>{m.menu()}</nav></amp-sidebar><article class="amp-article"><h1>{m.title}</h1>
    <amp-img src="/a.jpg" width="4" height="3"></amp-img>{m.p(4)}<amp-ad type="x"></amp-ad></article>
    <div class="related">{m.others(4, "p")}</div><footer>{m.r()}</footer>"""
    return _document(m, body, head=head)


def press_release(m: Maker) -> str:
    main = f"""<div id="content" class="govuk-main"><nav class="breadcrumb">{m.menu(3)}</nav><h1>{m.title}</h1>
    <dl class="meta"><dt>From:</dt><dd>Ministry of Examples</dd><dt>Published</dt><dd>1 May 2026</dd></dl>
    <div class="govspeak">{m.p(3)}<h2>{m.short("Further details")}</h2><ul><li>{m.s()}</li><li>{m.s()}</li><li>{m.s()}</li></ul>
    {m.p(2)}</div><div class="feedback"><p>{m.r()}</p></div></div>"""
    return _document(m, f"<header>{m.menu()}</header>{main}<footer><p>{m.r()}</p></footer>")


# -- blogs and their programs --------------------------------------------------------


def wordpress(m: Maker) -> str:
    return _document(
        m,
        f"""<div id="page" class="site"><header id="masthead" class="site-header"><nav class="main-navigation">{m.menu(6)}</nav></header>
    <div id="content"><main id="main"><article id="post-7" class="post type-post hentry"><header class="entry-header">
    <h1 class="entry-title">{m.title}</h1><div class="entry-meta">Posted on <time>May 1</time> by <a href="/a">ann</a></div></header>
    <div class="entry-content">{m.p(3)}<h2 class="wp-block-heading">{m.short("A second part")}</h2>
    <figure class="wp-block-image"><img src="/a.jpg" alt=""><figcaption>{m.s()}</figcaption></figure>{m.p(2)}
    <div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3><ul><li>{m.r()}</li></ul></div>
    <div id="jp-relatedposts"><h3>Related</h3>{m.others(3, "p")}</div></div><footer class="entry-footer">Posted in Things</footer>
    </article>{m.comments()}</main></div><aside id="secondary" class="widget-area"><section class="widget"><h2>Recent Posts</h2>
    <ul>{m.others(5)}</ul></section></aside><footer class="site-footer">{m.r()}</footer></div>""",
        attributes='class="single single-post"',
    )


def ghost(m: Maker) -> str:
    return _document(
        m,
        f"""<div class="gh-site"><header class="gh-head">{m.menu()}</header><main class="site-main"><article class="gh-article post">
    <header class="gh-article-header"><h1 class="gh-article-title">{m.title}</h1><p class="gh-article-excerpt">{m.s()}</p></header>
    <section class="gh-content gh-canvas">{m.p(3)}<div class="kg-card kg-callout-card"><div class="kg-callout-text">{m.s()}</div></div>
    <hr>{m.p(2)}</section></article><section class="gh-subscribe"><h2>{m.r()}</h2><p>{m.r()}</p></section>
    <section class="gh-readmore"><h2>Read more</h2>{m.others(3, "article")}</section></main><footer>{m.r()}</footer></div>""",
    )


def substack(m: Maker) -> str:
    box = f'<div class="subscription-widget-wrap"><p>{m.r()}</p><form><input type="email"><button>Subscribe</button></form></div>'
    return _document(
        m,
        f"""<div id="entry"><div class="main-menu">{m.menu(3)}</div><div class="single-post"><article class="typography newsletter-post post">
    <div class="post-header"><h1 class="post-title">{m.title}</h1><h3 class="subtitle">{m.s()}</h3></div>
    <div class="available-content"><div class="body markup">{m.p(3)}{box}{m.p(2)}<blockquote><p>{m.s()}</p></blockquote>{m.p(1)}</div></div>
    <div class="post-footer"><p>{m.r()}</p></div></article></div>{m.comments(2)}<div class="footer">{m.r()}</div></div>""",
    )


def medium(m: Maker) -> str:
    text = "".join(f'<p id="{n:04x}" class="pw-post-body-paragraph abc de fg hi">{m.s(3)}</p>' for n in range(5))
    return _document(
        m,
        f"""<div id="root"><div class="a b c"><div class="k l"><a href="/">Sign up</a><a href="/">Sign in</a></div><article><div class="l">
    <section><div><div class="fj ab"><h1 class="pw-post-title">{m.title}</h1><div class="speechify">{m.menu(2)}</div>
    <figure class="paragraph-image"><img src="/a"><figcaption class="im">{m.s()}</figcaption></figure>{text}
    <pre class="om"><span>print("a")</span></pre><p class="pw-post-body-paragraph">{m.s(2)}</p></div></div></section></div></article>
    <div class="tags">{m.others(3, "div")}</div><div class="ab">{m.r()}</div></div></div>""",
    )


def hugo(m: Maker) -> str:
    return _document(
        m,
        f"""<header class="header"><nav class="nav">{m.menu(4)}</nav></header><main class="main"><article class="post-single">
    <header class="post-header"><h1 class="post-title">{m.title}</h1><div class="post-meta">May 1 · 4 min</div></header>
    <div class="toc"><details><summary>Table of Contents</summary><ul><li><a href="#a">One</a></li></ul></details></div>
    <div class="post-content">{m.p(2)}<h2 id="a">{m.short("Part")}<a hidden class="anchor" href="#a">#</a></h2>{m.p(2)}
    <div class="highlight"><pre><code class="language-go">func main() {{}}</code></pre></div>{m.p(1)}</div>
    <footer class="post-footer"><ul class="post-tags"><li><a href="/t">tag</a></li></ul><nav class="paginav">{m.others(2, "span")}</nav></footer>
    </article></main><footer class="footer"><span>{m.r()}</span></footer>""",
    )


def jekyll(m: Maker) -> str:
    return _document(
        m,
        f"""<header class="site-header"><div class="wrapper"><a class="site-title" href="/">Blog</a><nav>{m.menu(3)}</nav></div></header>
    <main class="page-content"><div class="wrapper"><article class="post h-entry"><header class="post-header"><h1 class="post-title p-name">
    {m.title}</h1><p class="post-meta"><time>May 1</time></p></header><div class="post-content e-content">{m.p(3)}
    <div class="language-ruby highlighter-rouge"><div class="highlight"><pre><code>puts 1</code></pre></div></div>{m.p(2)}
    <div class="footnotes"><ol><li id="fn:1"><p>{m.s()}</p></li></ol></div></div></article></div></main>
    <footer class="site-footer"><p>{m.r()}</p></footer>""",
    )


def blogspot(m: Maker) -> str:
    text = "<br /><br />".join(m.s(3) for _ in range(5))
    return _document(
        m,
        f"""<div class="tabs"><ul>{m.others(2)}</ul></div><div class="main section" id="main"><div class="blog-posts hfeed"><div class="post hentry">
    <h3 class="post-title entry-title">{m.title}</h3><div class="post-body entry-content">{text}<div style="clear: both;"></div></div>
    <div class="post-footer">Posted by Ann</div></div></div>{m.comments(2)}</div><div class="sidebar section"><h2>Archive</h2><ul>{m.others(4)}</ul></div>""",
    )


def drupal(m: Maker) -> str:
    return _document(
        m,
        f"""<div class="region region-header">{m.menu(6)}</div><div class="region region-content"><div class="node node--type-article">
    <h1>{m.title}</h1><div class="field field--name-field-lead"><div class="field__item">{m.s(2)}</div></div>
    <div class="field field--name-body"><div class="field__item">{m.p(4)}</div></div></div></div>
    <div class="region region-sidebar"><div class="block">{m.r()}</div><div class="view-content">{m.others(4, "div")}</div></div>
    <div class="region region-footer">{m.r()}</div>""",
    )


def plain_personal_page(m: Maker) -> str:
    return _document(m, f'<h1>{m.title}</h1><p><a href="/">home</a></p>{m.p(6)}<hr><address>ann@example.org</address>')


def old_page_with_tables(m: Maker) -> str:
    text = "<br><br>".join(m.s(3) for _ in range(5))
    return _document(
        m,
        f"""<table width="100%" border="0"><tr><td colspan="2" bgcolor="#ccc"><a href="/">Home</a> | <a href="/n">News</a></td></tr><tr>
    <td width="150" valign="top"><font size="1">{m.others(3, "p")}</font></td><td valign="top"><font face="Arial"><b>{m.title}</b><br><br>
    {text}</font></td></tr><tr><td colspan="2"><center>{m.r()}</center></td></tr></table>""",
    )


def newsletter(m: Maker) -> str:
    rows = "".join(
        f'<tr><td style="padding:0 20px"><h2>{m.short("Item")}</h2><p style="margin:0">{m.s(3)}</p></td></tr>'
        for _ in range(4)
    )
    return _document(
        m,
        f"""<table role="presentation" width="100%"><tr><td align="center"><table width="600"><tr><td><h1>{m.title}</h1></td></tr>{rows}
    <tr><td class="footer" style="font-size:10px"><p>{m.r()}</p><a href="/u">Unsubscribe</a></td></tr></table></td></tr></table>""",
    )


def podcast_notes(m: Maker) -> str:
    notes = "".join(f"<li>0{n}:00 {m.s()}</li>" for n in range(5))
    return _document(
        m,
        _around(
            m,
            f'<article class="episode"><h1>{m.title}</h1><audio src="/a.mp3"></audio><div class="show-notes">{m.p(2)}<ul>{notes}</ul></div></article>',
        ),
    )


# -- docs, code, science ----------------------------------------------------------------


def sphinx_docs(m: Maker) -> str:
    return _document(
        m,
        f"""<div class="related" role="navigation">{m.menu(3)}</div><div class="document"><div class="documentwrapper"><div class="bodywrapper">
    <div class="body" role="main"><section id="a"><h1>{m.title}<a class="headerlink" href="#a">¶</a></h1>{m.p(2)}
    <div class="admonition note"><p class="admonition-title">Note</p><p>{m.s()}</p></div><dl class="py function"><dt>open(path)</dt>
    <dd><p>{m.s(2)}</p></dd></dl><div class="highlight-python"><div class="highlight"><pre>open("a")</pre></div></div>{m.p(2)}</section></div>
    </div></div><div class="sphinxsidebar" role="navigation"><h3>Table of Contents</h3><ul>{m.others(4)}</ul></div></div>
    <div class="footer" role="contentinfo">{m.r()}</div>""",
    )


def mkdocs(m: Maker) -> str:
    return _document(
        m,
        f"""<header class="md-header">{m.menu(3)}</header><div class="md-container"><main class="md-main"><div class="md-sidebar md-sidebar--primary">
    <nav class="md-nav"><ul>{m.others(5)}</ul></nav></div><div class="md-content"><article class="md-content__inner md-typeset"><h1>{m.title}</h1>
    {m.p(2)}<h2 id="i">{m.short("Install")}</h2><pre><code>pip install example</code></pre>{m.p(1)}<ol><li><p>{m.s()}</p></li><li><p>{m.s()}</p></li></ol>
    {m.p(1)}</article></div></main></div><footer class="md-footer">{m.r()}</footer>""",
    )


def readme(m: Maker) -> str:
    return _document(
        m,
        f"""<div class="header-search">{m.menu(3)}</div><div class="Layout"><div class="Layout-main"><div class="file-navigation">{m.others(3, "div")}</div>
    <div id="readme"><article class="markdown-body entry-content"><h1>{m.title}</h1>{m.p(2)}<ul><li>{m.s()}</li><li>{m.s()}</li></ul>
    <pre>make install</pre>{m.p(2)}</article></div></div><div class="Layout-sidebar"><h2>About</h2><p>{m.r()}</p></div></div><footer>{m.r()}</footer>""",
    )


def changelog(m: Maker) -> str:
    parts = "".join(f"<h2>Version 1.{n}</h2><ul><li>{m.s()}</li><li>{m.s()}</li></ul>" for n in range(5))
    return _document(m, _around(m, f'<main><div class="content"><h1>{m.title}</h1>{m.p(1)}{parts}</div></main>'))


def question_and_answers(m: Maker) -> str:
    answers = "".join(
        f'<div class="answer"><div class="votecell">{n}</div><div class="post-text">{m.p(2, 2)}</div><div class="user-info">user{n}</div></div>'
        for n in range(3)
    )
    return _document(
        m,
        f"""<header>{m.menu(3)}</header><div id="content"><h1>{m.title}</h1><div class="question"><div class="post-text">{m.p(2)}
    <pre><code>x = 1</code></pre></div></div><div id="answers">{answers}</div></div><div id="sidebar"><h4>Linked</h4>{m.others(4, "div")}</div>
    <footer>{m.r()}</footer>""",
    )


def forum_thread(m: Maker) -> str:
    posts = "".join(
        f"""<div class="post" id="post{n}"><div class="postprofile"><b>member{n}</b><br>Posts: {n}</div><div class="postbody"><div class="content">{m.s(3)}</div></div></div>"""
        for n in range(5)
    )
    return _document(
        m,
        f'<div id="page-header">{m.menu(4)}</div><div id="page-body"><h2>{m.title}</h2>{posts}</div><div id="page-footer">{m.r()}</div>',
    )


def mailing_list(m: Maker) -> str:
    text = "\n\n".join(m.s(2).replace(" the ", " the\n", 1) for _ in range(5))
    return _document(
        m,
        f'<h1>{m.title}</h1><b>Ann Example</b> <i>Fri May 1 10:00:00 2026</i><ul><li>Next message: <a href="/n">{m.r()}</a></li></ul><hr><pre>{text}</pre><hr><a href="/">More information about the list</a>',
    )


def encyclopedia(m: Maker) -> str:
    return _document(
        m,
        f"""<div id="mw-page-base"></div><div id="content" class="mw-body"><h1 id="firstHeading">{m.title}</h1><div id="bodyContent">
    <div id="siteSub">From Examplepedia</div><div id="mw-content-text"><div class="mw-parser-output"><table class="infobox"><tr><th>Area</th><td>7 km²</td></tr></table>
    {m.p(2)}<div id="toc" class="toc"><ul><li><a href="#H">History</a></li></ul></div><h2><span class="mw-headline" id="H">History</span>
    <span class="mw-editsection">[edit]</span></h2>{m.p(3)}<h2>Economy</h2>{m.p(2)}</div></div></div></div><div id="mw-navigation">{m.menu(7)}</div>
    <div id="footer">{m.r()}</div>""",
    )


def preprint(m: Maker) -> str:
    return _document(
        m,
        f"""<div class="header-breadcrumbs">{m.menu(3)}</div><div id="content"><div id="abs"><div class="dateline">Submitted on 1 May 2026</div>
    <h1 class="title mathjax"><span class="descriptor">Title:</span>{m.title}</h1><div class="authors"><a href="/a">Ann Example</a>, <a href="/b">Bo Sample</a></div>
    <blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>{m.s(6)}</blockquote><div class="metatable"><table><tr>
    <td>Subjects:</td><td>Examples (ex.AM)</td></tr></table></div></div><div class="extra-services"><h2>Access Paper:</h2><ul><li><a href="/pdf">View PDF</a></li></ul>
    <p>{m.r()}</p></div></div><footer>{m.r()}</footer>""",
    )


def science_article(m: Maker) -> str:
    parts = "".join(
        f"<section><h2>{name}</h2>{m.p(2)}</section>" for name in ("Introduction", "Methods", "Results", "Discussion")
    )
    main = f"""<main><article><h1>{m.title}</h1><section class="abstract"><h2>Abstract</h2><p>{m.s(3)}</p></section>{parts}
    <section><h2>Notes</h2><ol><li>{m.s()}</li><li>{m.s()}</li></ol></section></article></main>"""
    return _document(m, _around(m, main))


def tutorial(m: Maker) -> str:
    steps = "".join(
        f'<h3>Step {n}</h3><p>{m.s(2)}</p><pre><code class="language-python">step({n})</code></pre>'
        for n in range(1, 6)
    )
    return _document(
        m, _around(m, f'<main><div class="tutorial-content"><h1>{m.title}</h1>{m.p(1)}{steps}{m.p(1)}</div></main>')
    )


# -- other ---------------------------------------------------------------------------


def recipe(m: Maker) -> str:
    things = "".join(f"<li>{m.short('Two spoons')}</li>" for _ in range(5))
    steps = "".join(f"<li>{m.s(2)}</li>" for _ in range(4))
    return _document(
        m,
        _around(
            m,
            f'<article class="recipe"><h1>{m.title}</h1>{m.p(2)}<h2>Ingredients</h2><ul class="ingredients">{things}</ul><h2>Method</h2><ol>{steps}</ol></article>',
        ),
    )


def review(m: Maker) -> str:
    main = f"""<article class="review"><h1>{m.title}</h1>{m.p(3)}<div class="verdict"><h3>Verdict</h3><p>{m.s(2)}</p></div>
    <div class="pros"><h4>Pros</h4><ul><li>{m.s()}</li><li>{m.s()}</li></ul></div><div class="buy-box"><p>{m.r()}</p></div>{m.p(1)}</article>"""
    return _document(m, _around(m, main))


def text_in_line_breaks(m: Maker) -> str:
    text = "<br><br>\n".join(m.s(3) for _ in range(6))
    return _document(m, _around(m, f'<div class="content"><h1>{m.title}</h1>{text}</div>'))


def author_box_below(m: Maker) -> str:
    main = f"""<main><article><h1>{m.title}</h1><div class="body">{m.p(5)}</div><div class="author-bio"><img src="/a.jpg" alt=""><p>{m.r()}</p></div>
    <section class="more-stories"><h3>More stories</h3>{m.others(5, "article")}</section></article></main>"""
    return _document(m, _around(m, main))


SHAPES: tuple[Callable[[Maker], str], ...] = (
    news, news_with_links_inside, news_in_div_soup, brief, sports_report, interview, opinion_with_comments, live_blog,
    listicle, gallery, paywall_teaser, cookie_wall, amp_page, press_release, wordpress, ghost, substack, medium, hugo,
    jekyll, blogspot, drupal, plain_personal_page, old_page_with_tables, newsletter, podcast_notes, sphinx_docs, mkdocs,
    readme, changelog, question_and_answers, forum_thread, mailing_list, encyclopedia, preprint, science_article,
    tutorial, recipe, review, author_box_below,
)  # fmt: skip


def web_pages() -> Iterator[WebPage]:
    """Yield all pages, the same each time."""
    numbers = count(1)
    for shape in SHAPES:
        maker = Maker(shape.__name__)
        html = shape(maker)
        address = f"https://example.org/{next(numbers)}"
        yield WebPage(shape.__name__, address, html, maker.title, tuple(maker.article), tuple(maker.rest))
