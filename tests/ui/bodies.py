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
