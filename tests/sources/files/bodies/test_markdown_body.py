"""Bodies of files become plain Markdown: HTML, template tags, notes and terms, in linear time."""

from __future__ import annotations

import pytest

from tests.support.growth import assert_linear_in
from tui_reader.sources.files.article_file import parse_article
from tui_reader.sources.files.bodies.markdown_body import plain_markdown

PAGE = "https://cloud.example/2024/rain"


@pytest.mark.parametrize(
    "text",
    [
        "# Rain\n\nIt *rained* on [the river](/r), a < b and <https://cloud.example/>.\n",
        "a\\*b  \nc\n\n- d\n* e\n\n[r]: /r 'R'\n",
    ],
)
def test_plain_markdown_stays_as_it_is_written(text: str) -> None:
    assert plain_markdown(text, PAGE) == text


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("<b>Rain</b> on [it](/r)", "**Rain** on [it](https://cloud.example/r)"),
        ("{% highlight c %}\nint a; {{ b }}\n{% endhighlight %}", "```c\nint a; {{ b }}\n```"),
        ("```html\n<b>{% raw %}</b>\n```\n\n<i>x</i>", "```html\n<b>{% raw %}</b>\n```\n\n*x*"),
        ("`{% include x %}` and {% include x %}", "`{% include x %}` and"),
        ("{{</* figure */>}}", "{{\\< figure \\>}}"),
        ("{{ page.title }}{{ 'a' | upcase }} {{ amount }}", "a {{ amount }}"),
        ("[a]({{ site.baseurl }}/a) [b]({% link b.md %})", "[a](https://cloud.example/a) b"),
        ('{{< figure src="/a.png" title="A" >}}', "![](https://cloud.example/a.png)\n\nA"),
        ('{% image "a/b.png" "two words" %}', "![two words](https://cloud.example/2024/a/b.png)"),
        ("{% gist ann/1 %}", "[code](https://gist.github.com/ann/1)"),
        ("{% unclosed\n\n<b>x</b>", "{% unclosed\n\n**x**"),
        ("a{: .b}\n{: .c}\n\n# d {#d}", "a\n\n# d"),
        ("<div>\n\n    <p>a</p>\n\n</div>", "a"),
        ("<div>\n{{ page.a }}\n\n\t<p>a</p>\n\n</div>", "a"),
        ("a {.b}\n\n{.c #d}\n", "a"),
        ('# a {.b c="d"}\n\n[e](/f){.g} [h _i_]{#j} `[k]{.l}`', "# a\n\n[e](https://cloud.example/f) h *i* `[k]{.l}`"),
        ("```\n{{</* a */>}}\n```\n\n{{%/* b */%}} `{{</* c */>}}`", "```\n{{< a >}}\n```\n\n{{% b %}} `{{< c >}}`"),
        ("![a](/b.png){width=70%}", "![a](https://cloud.example/b.png)"),
        ("[{% image '/a.png' 'two words' %}](/b)", "[![two words](https://cloud.example/a.png)](https://cloud.example/b)"),
        ("<figure>\n<img\n src=/a.png>\n</figure>\n*b*", "![](https://cloud.example/a.png)\n\n*b*"),
        ("a*.* b**,** `c*.*`\n\n```\nd*.*\n```", "a. b, `c*.*`\n\n```\nd*.*\n```"),
        ("x $$a_1*b*c_2$$ <i>y</i>", "x $$a_1\\*b\\*c_2$$ *y*"),
        ("a[^n] b[^n]\n\n[^n]: c", "a¹ b¹\n\n---\n\n1. c"),
        ("<pre class='brush: sql'>a</pre>", "```sql\na\n```"),
        ("<pre><code class='language-c++'>b</code></pre>", "```c++\nb\n```"),
    ],
)  # fmt: skip
def test_what_a_site_shows_is_kept(text: str, markdown: str) -> None:
    assert plain_markdown(text, PAGE) == markdown


def test_the_excerpt_of_a_file_is_the_text_that_a_reader_sees() -> None:
    article = parse_article(b"---\ntitle: Rain\n---\n<p>It <b>rained</b> 2*3 times.</p>\n\n<p>And on.</p>\n", "a.md")
    assert article.article.excerpt == "It rained 2*3 times."


@pytest.mark.parametrize(
    "piece",
    ["{%", "{{ a", "{{<", "{% raw %}", "`{{a}}", "```\n", "<div>\n    <p>", "<!--", "<a ", "[^a]", "> ", "[", "$$a",
     "{:", "a\n: b\n\n", "* a\n{:toc\n", "<img ", "</a>\n*", "{.a ", "{{</* ", "[a]{.b ", "# a {.b ", "a*.", "a**,"],
)  # fmt: skip
def test_conversion_takes_linear_time(piece: str) -> None:
    assert_linear_in(lambda text: plain_markdown(f"<b>{text}"), lambda size: piece * size, 8000 // len(piece))
