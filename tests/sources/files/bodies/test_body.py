"""Bodies in every kind of markup become plain Markdown, in linear time, and lose no word."""

from __future__ import annotations

import re

import pytest

from tests.support.growth import assert_linear
from tui_reader.sources.files.bodies.body import plain_body

PAGE = "https://cloud.example/2024/rain"

RST = [
    ("*Rain* on **us**, ``a *b*``, H\\ :sub:`2`\\ O.", "*Rain* on **us**, `a *b*`, H₂O."),
    ("`the river </r>`_ and River_ and `River`_\n\n.. _River: /r",
     "[the river](https://cloud.example/r) and [River](https://cloud.example/r) and [River](https://cloud.example/r)"),
    ("`a`__ `b`__\n\n__ /a\n__ /b", "[a](https://cloud.example/a) [b](https://cloud.example/b)"),
    ("|now| and |then|\n\n.. |now| replace:: the **9th**", "the **9th** and \\|then\\|"),
    ("Wet [#]_ and [1]_ and [#]_.\n\n.. [#] Very.\n.. [1] Quite.\n.. [#] So.",
     "Wet ² and ¹ and ³.\n\n² Very.\n\n¹ Quite.\n\n³ So."),
    ("=====\nCloud\n=====\n\na\n\nSky\n---\n\nSea\n---\n\n----\n\nb",
     "## Cloud\n\na\n\n### Sky\n\n### Sea\n\n---\n\nb"),
    ("- a\n\n  b\n- c\n\n  1. d\n  #. e", "- a\n\n  b\n- c\n  1. d\n  2. e"),
    ("- a\n\n..\n\n   Said.\n\n..\n   Not said.", "- a\n\n> Said."),
    ("See |map| |map2|.\n\n.. |map| image:: /m.png\n   :alt: A map\n.. |map2| image:: /n.png",
     "See ![A map](https://cloud.example/m.png) ![](https://cloud.example/n.png)."),
    ("A. Turing\nwas here.", "A. Turing was here."),
    ("a::\n\n  x *y*\n\n    z\n\nb ::\n\n> q", "a:\n\n```\nx *y*\n\n  z\n```\n\nb\n\n```\n> q\n```"),
    ("term\n  What it is.\n\n:field: value", "**term**\n\n- What it is.\n\n**field**\n\n- value"),
    ("| a\n| b\n\n  said", "a  \nb\n\n> said"),
    (".. code-block:: python\n   :linenos:\n\n   if x:\n       y", "```python\nif x:\n    y\n```"),
    (".. note:: Wet.\n\n   - a", "> **Note**\n>\n> Wet.\n>\n> - a"),
    (".. figure:: /r.png\n   :alt: A river\n\n   It rises.", "![A river](https://cloud.example/r.png)\n\nIt rises."),
    (".. youtube:: abc", "[video](https://www.youtube.com/watch?v=abc)"),
    (".. versionadded:: 3.2 of rain", "*New in version 3.2* of rain"),
    (".. raw:: html\n\n   <b>x</b>\n\n.. raw:: latex\n\n   no", "**x**"),
    (".. made-up:: Words of it\n   :opt: no\n\n   All of them.", "**Words of it**\n\nAll of them."),
    (".. a comment\n   of two lines\n\n..\n   and one more\n\nb", "b"),
    ("+---+----+\n| a | b  |\n+===+====+\n| 1 | 2  |\n|   | 3  |\n+---+----+", "| a | b |\n| --- | --- |\n| 1 | 2 3 |"),
    ("=== ==\na   b\n=== ==\n1   2\n    3\n4   5\n=== ==", "| a | b |\n| --- | --- |\n| 1 | 2 3 |\n| 4 | 5 |"),
    (".. csv-table:: T\n   :header: a,b\n\n   1,\"2,3\"", "T\n\n| a | b |\n| --- | --- |\n| 1 | 2,3 |"),
    (".. list-table::\n\n   * - a\n     - b\n   * - 1\n     - 2", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    (":pep:`8`, :doc:`the river <r>`, :py:func:`~os.x`, :made:`up`",
     "[PEP 8](https://peps.python.org/pep-0008/), the river, `os.x`, up"),
]  # fmt: skip

ORG = [
    ("*Rain* /on/ +us+ =a *b*= ~c~ 2*3*4 a/b/c H_{2}O snake_case_name",
     "**Rain** *on* ~~us~~ `a *b*` `c` 2\\*3\\*4 a/b/c H₂O snake_case_name"),
    ("[[/r][the\nriver]] [[file:r.png]] [[id:1][there]] https://a.example/.",
     "[the river](https://cloud.example/r) ![](https://cloud.example/2024/r.png) there [https://a.example/](https://a.example/)."),
    ("* TODO [#A] Cloud :wet:\n:PROPERTIES:\n:ID: 1\n:END:\n# no\nRain.\n** Sky\nBlue.",
     "## Cloud\n\nRain.\n\n### Sky\n\nBlue."),
    ("* \nA\n* COMMENT No\nno\n** no\n* Yes\nyes\n* No :noexport:\nno", "A\n\n## Yes\n\nyes"),
    ("#+begin_src python -n\n  x = 1\n  ,* y\n#+end_src", "```python\nx = 1\n* y\n```"),
    ("#+BEGIN_QUOTE\nRain.\n#+END_QUOTE\n#+begin_verse\na\nb\n#+end_verse", "> Rain.\n\n> a  \n> b"),
    ("- a\n  more\n  - b\n- [X] c\n\n1) d\n2) e", "- a more\n  - b\n- ☑ c\n\n1. d\n2. e"),
    ("- rain :: falls\n- sun :: shines", "**rain**\n\n- falls\n\n**sun**\n\n- shines"),
    ("| a | b |\n|---+---|\n| 1 | 2 |", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    (": x\n:   y\n-----\nz", "```\nx\n  y\n```\n\n---\n\nz"),
    ("Wet[fn:1], very[fn:: so].\n\n[fn:1] Quite.", "Wet¹, very².\n\n¹ Quite.\n\n² so"),
    (":not a drawer:\nstays", ":not a drawer: stays"),
    (":open:\nnever closed", ":open: never closed"),
]  # fmt: skip

MDX = [
    ("import A from 'a'\nimport {\n  B,\n} from 'b'\n\nexport const c = {\n  d: 1,\n}\n\n# Rain\n\nimport duties rose.",
     "# Rain\n\nimport duties rose."),
    ("{/* no */}Wet {x.y} and {'dry'}, `{z}` $a_{b}$", "Wet  and dry, `{z}` $a_{b}$"),
    ('<Callout title="Careful">\n    Rain *falls*.\n\n    - a\n      - b\n</Callout>\n\nand',
     "**Careful**\n\nRain *falls*.\n\n- a\n  - b\n\nand"),
    ("Press <Kbd>x</Kbd>, see <Link to='/r'>the *river*</Link>, a \\< b.",
     "Press x, see [the *river*](https://cloud.example/r), a \\< b."),
    ('<Figure src="/r.png" alt="A river" caption="It rises." />',
     "![A river](https://cloud.example/r.png)\n\nIt rises."),
    ('<Card href="/r" title="River" description="Wet." />', "[**River**](https://cloud.example/r)\n\nWet."),
    ("<div className='x' style={{color: 'red'}}>a **b**</div>", "a **b**"),
    ("```js\nimport x from 'y'\n<A />\n```", "```js\nimport x from 'y'\n<A />\n```"),
]  # fmt: skip

MARKDOWN = [
    (":::note[So *wet*]\nRain.\n\n```\n:::\n```\n:::\nafter",
     "> **So *wet***\n>\n> Rain.\n>\n> ```\n> :::\n> ```\n\nafter"),
    ("::: warning\na\n:::\n\n::: tip Do this\nb\n:::", "> **Warning**\n>\n> a\n\n> **Do this**\n>\n> b"),
    ('!!! note "Wet"\n    Rain.\n\n        code\n\nafter', "> **Wet**\n>\n> Rain.\n>\n>     code\n\nafter"),
    ("> [!WARNING]\n> Rain.", "> **Warning**\n>\n> Rain."),
    ('::: {.callout-tip title="Wet"}\na\n:::', "> **Wet**\n>\n> a"),
    ("::alert{type='info'}\na\n::\n\nb", "> a\n\nb"),
    ("```{note} Wet\nRain.\n```", "> **Wet**\n>\n> Rain."),
    ("```{r plot, echo=FALSE}\n#| label: x\ny <- 1\n```", "```r\ny <- 1\n```"),
    ("[[Rain]], [[Rain|it]], [[Rain#Summer]], ![[r.png|300]], ![[Rain]]",
     "Rain, it, Rain \\> Summer, ![](https://cloud.example/2024/r.png), Rain"),
    ("[[1]] [[a]](/a) `[[b]]` %%no%%==lit== ==lit== 1==2", "[[1]] [[a]](/a) `[[b]]` %%no%%==lit== **lit** 1==2"),
    ("[[Rain]] fell. ^a1b2c3\n%%\nno\n%%\n", "Rain fell.\n\n"),
    ("Time: 10:30::40 and ::b\n\n```\n:::note\n[[x]]\n```", "Time: 10:30::40 and ::b\n\n```\n:::note\n[[x]]\n```"),
]  # fmt: skip

CELLS = [
    ("```{r, echo=FALSE}\na\n```\n\n```{r}\n#| label: x\n#| include: false\nb\n```\n\n```{=html}\n<b>c</b>\n```\n\n"
     "```{r}\n#| label: x\nd\n```", "**c**\n\n```r\nd\n```"),
]  # fmt: skip

TEXT = [
    ("It rained on *us* all day long, and then the whole\nnight, see https://a.example/.\n\nshort\nlines\n\n"
     "    a   b\n      c",
     "It rained on \\*us\\* all day long, and then the whole night, see [https://a.example/](https://a.example/).\n\n"
     "short  \nlines\n\n```\n    a   b\n      c\n```"),
]  # fmt: skip


def _cases() -> list[object]:
    kinds = {".rst": RST, ".org": ORG, ".mdx": MDX, ".md": MARKDOWN, ".qmd": CELLS, ".txt": TEXT}
    return [
        pytest.param(ending, text, markdown, id=f"{ending}-{at}")
        for ending, cases in kinds.items()
        for at, (text, markdown) in enumerate(cases)
    ]


@pytest.mark.parametrize(("ending", "text", "markdown"), _cases())
def test_a_body_is_shown_as_its_site_shows_it(ending: str, text: str, markdown: str) -> None:
    shown = plain_body(text, ending, PAGE)
    assert re.sub(r"\n(>?[ ]?\n)+(?=\n)", "\n", f"\n{shown}").strip("\n") == markdown.strip("\n")


@pytest.mark.parametrize(
    ("ending", "pieces"),
    [
        (".rst", ["*a ", "`a ", "**a ", "``a ", ":a:`", "a_ ", "_a", "[a]_", "`a <", "|a ", "a\n=\n\n", "a\n  b\n",
                  "- a\n\n",
                  "1. a\n", ":a: b\n", ".. a::\n", ".. |a|::\n", ".. _a:\n", "a::\n\n", "+-+\n", " \n", "== ==\n"]),
        (".org", ["*a ", "/a ", "=a ", "[[", "[fn:: a", "^{", "@@html:", "{{{", "<2024-01-01 ", "* a\n", "- a\n",
                  "1. a\n\n",
                  "- a :: b\n", "#+begin_a\n", ":a:\n", "|a\n", ": a\n"]),
        (".mdx", ["{", "{`", "<A ", "<a b={", '<a b="', "import {\n\n", "export const a\n", "`", "$", "<A>\n", "</A>",
                  "<Link>",
                  "- a\n  b\n"]),
        (".md", [":::note\n", "::: ", "!!! a\n    ", "> [!a]\n", "[[", "[[a|", "![[a", "==a", "%%a", "%%\na\n", " ^a\n",
                 "```{note}\n", "::a\n", "```{r}\n#| a\n"]),
        (".qmd", ["```{r}\n#| a\n", "```{r}\n", "```{=html}\n"]),
        (".txt", ["https://", "a   b   c\n", "- a\n", "    a\n"]),
    ],
)  # fmt: skip
def test_bodies_take_linear_time(ending: str, pieces: list[str]) -> None:
    for piece in pieces:
        assert_linear(lambda text: plain_body(text, ending), piece, 8000 // len(piece))


@pytest.mark.parametrize("ending", [".rst", ".org"])
def test_deep_nesting_loses_no_word(ending: str) -> None:
    text = "".join(f"{' ' * (2 * depth)}- word{depth}\n\n" for depth in range(200))
    shown = plain_body(text, ending)
    assert [depth for depth in range(200) if f"word{depth}" not in shown] == []
