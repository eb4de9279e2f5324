"""Bodies in all shapes in which pages are written, each with the words that have to be on the screen, in order."""

# ruff: noqa: E501 - a body is easier to read on few lines

from __future__ import annotations

from typing import NamedTuple


class Body(NamedTuple):
    """A body and its words: as a feed has it (HTML), or as a file of a collection (Markdown)."""

    text: str
    words: str


FEED = {
    "paragraphs": Body(
        "<p>It rained on<br>Monday,<br/>all day.</p><div>Nobody said <em>so</em> out <b>loud</b>.</div>Then it stopped.",
        "It rained on Monday, all day. Nobody said so out loud. Then it stopped.",
    ),
    "powers and indices": Body(
        "<p>Of 2<sup>16</sup> drops of H<sub>2</sub>O, a<sub>i</sub> fell at 10<sup>-3</sup> m, the 2<sup>nd</sup> "
        "on SO<sub>4</sub><sup>2-</sup>, as C<sub>n+1</sub>.</p>",
        "Of 2^16 drops of H₂O, a_i fell at 10^-3 m, the 2nd on SO₄^(2-), as C_(n+1).",
    ),
    "quotations": Body(
        "<p>He said <q>it <q>may</q> rain</q>, in <cite>The Cloud</cite>.</p>"
        "<blockquote><p>It may.</p><blockquote>It will.</blockquote><footer>— Ann Ode</footer></blockquote><p>So it did.</p>",
        "He said “it ‘may’ rain”, in The Cloud. It may. It will. — Ann Ode So it did.",
    ),
    "formulas": Body(
        "<p>Here <math><mi>x</mi><mo>=</mo><mfrac><mi>p</mi><mn>2</mn></mfrac></math> and "
        "<math><semantics><mrow><mi>k</mi></mrow><annotation encoding='application/x-tex'>k^2</annotation></semantics>"
        "</math> and <img class='latex' alt='a+b' src='/latex.php?a'> hold.</p>",
        "Here x=p/2 and k^2 and a+b hold.",
    ),
    "footnotes": Body(
        "<p>Rain falls.<sup id='r1'><a href='#fn1'>1</a></sup> It dries<sup><a href='#fn2'>2</a></sup> too.</p>"
        "<ol class='footnotes'><li id='fn1'><p>Mostly down. <a href='#r1'>↩</a></p></li>"
        "<li id='fn2'>Later. <a href='#r2'>↩</a></li></ol>",
        "Rain falls. It dries too. 1. Mostly down. ↩ 2. Later. ↩",
    ),
    "lists that count": Body(
        "<p>In order:</p><ol start='7'><li>seven<ol type='a'><li>first</li><li>second</li></ol></li><li>eight</li></ol>"
        "<ol reversed><li>two</li><li>one</li></ol><ol><li value='5'>five</li><li>six</li></ol>",
        "In order: 7. seven a. first b. second 8. eight 2. two 1. one 5. five 6. six",
    ),
    "lists in lists": Body(
        "<ul><li><p>drop</p><p>of rain</p></li><li>flake<ul><li>of snow<ul><li>wet</li></ul></li></ul>melts</li><li></li></ul>"
        "<dl><dt>fog</dt><dd>a cloud</dd><dd>on the ground</dd></dl>",
        "drop of rain flake of snow wet melts fog a cloud on the ground",
    ),
    "a table": Body(
        "<table><caption>Rain in mm</caption><thead><tr><th>Town</th><th align='right'>May</th></tr></thead>"
        "<tbody><tr><td>Harbour</td><td>81</td></tr><tr><td>Bridge<br>End</td><td><b>9</b></td></tr></tbody></table><p>All of it.</p>",
        "Rain in mm Town May Harbour 81 Bridge End 9 All of it.",
    ),
    "a layout": Body(
        "<table><tr><td><img src='/a.png' alt='A gull'></td><td><p>The gull speaks.</p><p>At length.</p></td></tr></table>",
        "image: A gull The gull speaks. At length.",
    ),
    "code": Body(
        "<p>Run <code>rain --hard</code> or press <kbd>R</kbd>:</p>"
        "<pre><code class='language-python'>def rain(n):\n    return n * <span class='mi'>2</span>  # twice\n</code></pre><p>Done.</p>",
        "Run rain --hard or press R: def rain(n): return n * 2 # twice Done.",
    ),
    "code with numbers of lines": Body(
        "<div class='highlight'><table><tr><td class='gutter'><pre>1\n2</pre></td>"
        "<td class='code'><pre>let rain = 1;\nfall(rain);</pre></td></tr></table></div>",
        "let rain = 1; fall(rain);",
    ),
    "figures": Body(
        "<figure><picture><source srcset='/w.webp 2x'><img src='/w.jpg' alt='A wave'></picture>"
        "<figcaption>The wave, by <a href='/ann'>Ann</a></figcaption></figure>"
        "<figure><img data-src='/late.jpg' src='data:image/gif;base64,R0' alt='Late'><noscript><img src='/late.jpg' alt='Late'>"
        "</noscript><figcaption>It came late.</figcaption></figure>"
        "<img srcset='/s.jpg 1x, /m.jpg 2x' alt='Sizes'>",
        "image: A wave The wave, by Ann image: Late It came late. image: Sizes",
    ),
    "videos": Body(
        "<p>See:</p><video poster='/p.jpg' title='The flood'><source src='/f.mp4'>Your browser cannot play it.</video>"
        "<iframe src='https://www.youtube.com/embed/x1' title='The river'></iframe><audio src='/a.mp3'></audio><p>End.</p>",
        "See: The flood The river audio End. image https://a.example/p.jpg",
    ),
    "text beside pictures": Body(
        "<h2><img src='/i.png' alt='Sun'> Weather</h2><p><img src='/l.png' alt='Left' align='left'>Rain on the left, "
        "<img src='/r.png'> snow on the right.</p><ul><li><img src='/d.png' alt='Drop'> a drop</li></ul>"
        "<p><a href='/x'><img src='/x.png' alt='Ex'> and words</a> beside.</p>"
        "<blockquote><img src='/q.png' alt='Quoted'> a quote</blockquote>",
        "image: Sun Weather image: Left Rain on the left, image snow on the right. image: Drop a drop "
        "image: Ex and words beside. image: Quoted a quote",
    ),
    "emphasis beside letters": Body(
        "<p><b>Note:</b>it <i>may</i><i>(or may not)</i>rain<em>.</em>Then <b><code>stop</code></b><code>()</code>.</p>"
        "<p><b>雨。</b>次の</p>",
        "Note:it may(or may not)rain.Then stop(). 雨。次の",
    ),
    "linked pictures": Body(
        "<p><a href='/large'><img src='/s.png' alt='A gull'></a>The gull speaks <a href='/b'><img src='/b.png'></a>"
        "of <a href='/c'><img src='/c.png'></a></p>",
        "image: A gull The gull speaks image of image",
    ),
    "emoji": Body(
        "<p>Rain <img class='emoji' alt='☔' src='/2614.png'> and <img src='https://s.w.org/emoji/72x72/1f32b.png' alt='🌫'>"
        " <img src='/e/1f327.png' class='wp-smiley'>!</p>",
        "Rain ☔ and 🌫 🌧!",
    ),
    "what opens": Body(
        "<details><summary>Why it rains</summary><p>It has <abbr title='Low Cloud'>LC</abbr>.</p></details>"
        "<ruby>雲<rp>(</rp><rt>kumo</rt><rp>)</rp></ruby>",
        "Why it rains It has LC (Low Cloud). 雲(kumo)",
    ),
    "headings and links": Body(
        "<h1>The <a href='/r'>river</a></h1><p>Read <a href='/a'>this</a>, <a href='/b'>that</a> and "
        "<a href='https://a.example/x'>https://a.example/x</a> (<a href='/a'>again</a>).</p><hr><h4>Below</h4>",
        "The river Read this, that and https://a.example/x (again). Below",
    ),
    "broken HTML": Body(
        "<p>one <b>two <i>three</b> four</i><div>five<p>six</div><li>seven<td>eight</table> <zz:o>nine</zz:o></p></p> ten < eleven",
        "one two three four five six seven · eight nine ten < eleven",
    ),
    "a comic": Body(
        "<img src='/comic.png' alt='A stick figure stands in the rain.' title='It could be worse: sleet.'>",
        "image: A stick figure stands in the rain. – It could be worse: sleet.",
    ),
    "characters": Body(
        "<p>a*b*c _d_ `e` [f](g) 1 &lt; 2 &amp;amp; #h</p><p>1. not a list</p><p>- nor this</p><p># nor that | here</p>",
        "a*b*c _d_ `e` [f](g) 1 < 2 &amp; #h 1. not a list - nor this # nor that | here",
    ),
    "old markup": Body(
        "<center><font color='red'>Red</font> <u>under</u> <tt>typed</tt></center><marquee>moves</marquee> "
        "<strike>gone</strike> <ins>new</ins> <del>old</del> <small>small</small> <mark>marked</mark>",
        "Red under typed moves gone new old small marked",
    ),
    "a form": Body(
        "<p>Before</p><ul><li><input type='checkbox' checked> done</li><li><input type='checkbox'> to do</li></ul>"
        "<fieldset><legend>Choice</legend><label>Rain</label></fieldset><p>After</p>",
        "Before [x] done [ ] to do Choice Rain After",
    ),
}

FILES = {
    "HTML blocks": Body(
        '<div class="intro">\n<p>It <b>rained</b>.</p>\n\n<p>All day.</p>\n</div>\n\nThen *it* stopped.\n\n'
        "<blockquote>Nobody\nsaid so.</blockquote>\n<p>The end.</p>\n",
        "It rained. All day. Then it stopped. Nobody said so. The end.",
    ),
    "inline HTML": Body(
        "Of 2<sup>16</sup> drops of H<sub>2</sub>O,<br>press <kbd>R</kbd> and say <q>rain</q> "
        '<span class="x">**loudly**</span> <u>twice</u> <!-- not this -->now.\n',
        "Of 2^16 drops of H₂O, press R and say “rain” loudly twice now.",
    ),
    "highlight": Body(
        "Code:\n\n{% highlight ruby linenos %}\ndef rain(n)\n  n * 2 # <b>twice</b>\nend\n{% endhighlight %}\n\n"
        "Then {% raw %}{{ page.rain }}{% endraw %}.\n",
        "Code: def rain(n) n * 2 # <b>twice</b> end Then {{ page.rain }}.",
    ),
    "fences": Body(
        "```python\nx = {'a': 1}  # <i>one</i>\n```\n\n~~~\n$ rain | wc -l\n~~~\n\n    indented *code*\n\nand `{{ inline }}` <br> end\n",
        "x = {'a': 1} # <i>one</i> $ rain | wc -l indented *code* and {{ inline }} end",
    ),
    "notes": Body(
        "Rain falls.[^1] It dries[^late], see[^1].\n\n[^1]: Mostly *down*.\n[^late]: Later,\n    in the sun.\n\nThe end.\n",
        "Rain falls. It dries, see. The end. 1. Mostly down. 2. Later, in the sun.",
    ),
    "shortcodes": Body(
        '{{< figure src="/w.png" alt="A wave" caption="The **wave**" >}}\n\n{{< youtube x1 >}}\n\n'
        "{{% notice tip %}}\nBring an *umbrella*.\n{{% /notice %}}\n\n{{< highlight go >}}\nrain := 1\n{{< /highlight >}}\n"
        'See [the bridge]({{< ref "bridge.md" >}}).\n',
        "image: A wave The wave video Bring an umbrella. rain := 1 See the bridge.",
    ),
    "includes": Body(
        '{% include figure.html src="/w.png" caption="The wave at noon" %}\n\nRead [on]({% post_url 2020-01-01-rain %}) '
        "or [there]({{ site.baseurl }}/rain/).\n{: .lead}\n\n* TOC\n{:toc}\n\n## Rain {#rain}\n\n"
        "{% if page.x %}Shown.{% endif %}{% comment %}Not shown.{% endcomment %}\n",
        "image The wave at noon Read on or there. Rain Shown.",
    ),
    "lists and a table": Body(
        "4. four\n5. five\n   - under\n\n- [x] done\n- [ ] to do\n\n| Town | May |\n|:-----|----:|\n| Harbour | 81 |\n| A<br>B | `x\\|y` |\n",
        "4. four 5. five under [x] done [ ] to do Town May Harbour 81 A B x|y",
    ),
    "an HTML table": Body(
        "Before.\n\n<table>\n  <tr><th>Town</th><th>May</th></tr>\n\n  <tr><td>Harbour</td><td>81</td></tr>\n</table>\n\nAfter.\n",
        "Before. Town May Harbour 81 After.",
    ),
    "pictures": Body(
        '## ![Sun](/sun.png) Weather\n\n![Wave](/w.png "At noon") beside *the* wave, and <img src="/late.png" alt="Late"> too.\n\n'
        "- ![Drop](/d.png) a drop\n\n[![Linked](/l.png)](https://a.example/) words\n",
        "image: Sun Weather image: Wave – At noon beside the wave, and image: Late too. image: Drop a drop image: Linked words",
    ),
    "links": Body(
        "See [the river][r], [rain], <https://a.example/auto> and https://a.example/bare.\n\n"
        '[r]: https://a.example/river\n[rain]: <https://a.example/rain> "Rain"\n',
        "See the river, rain, https://a.example/auto and https://a.example/bare.",
    ),
    "Markdown in HTML": Body(
        '<div markdown="1">\nIt *rained*.\n\n- one\n- two\n</div>\n<aside markdown="block">\n**Aside**\n</aside>\nAnd on.\n',
        "It rained. one two Aside And on.",
    ),
    "terms": Body(
        "fog\n: a cloud\n: on the *ground*\n\nHTML is old.\n\n*[HTML]: HyperText Markup Language\n",
        "fog a cloud on the ground HTML is old. [HTML]: HyperText Markup Language",
    ),
    "scripts": Body(
        "One.\n\n<script>\nvar rain = 1;\n\nfall();\n</script>\n\n<style>\np { color: red }\n</style>\n\n<!-- a\n\ncomment -->\n\n"
        '<iframe src="https://www.youtube.com/embed/x" title="The flood"></iframe>\n\nTwo.\n',
        "One. The flood Two.",
    ),
    "no HTML at all": Body(
        "A `List<String>` or Map<String, Int> where a < b > c and x<y, <3, <not.a.tag>, AT&T &copy; &lt;b&gt;.\n",
        "A List<String> or Map<String, Int> where a < b > c and x<y, <3, <not.a.tag>, AT&T © <b>.",
    ),
    "formulas": Body(
        "Here $$x_1 * y_2 * z$$ holds:\n\n$$\na_1 + b_2\n$$\n\n<math><mi>x</mi><mo>=</mo><mn>1</mn></math>\n",
        "Here $$x_1 * y_2 * z$$ holds: $$ a_1 + b_2 $$ x=1",
    ),
    "deep": Body(
        "> one\n> > two\n> > > three\n> > > > - four\n> > > >   1. five\n> > > >      - six\n> > > >        > seven\n\neight\n",
        "one two three four 1. five six seven eight",
    ),
    "lazy pictures": Body(
        '<p><img class="lazy" data-src="https://a.example/l.jpg" alt="Late"/>\nText beside\n<video controls><source src="https://a.example/v.mp4"></video></p>\n\n'
        "<figure>\n\n![Wave](https://a.example/w.png)\n\n<figcaption>By <em>Ann</em></figcaption>\n</figure>\n",
        "image: Late Text beside video image: Wave By Ann",
    ),
}
