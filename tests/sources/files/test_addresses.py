"""The addresses of pages are built as the documentation of each site generator has them."""

from __future__ import annotations

import pickle
from collections.abc import Mapping

import pytest

from tui_reader.sources.files.addresses.page_links import with_page_links
from tui_reader.sources.files.addresses.site import SiteAddresses, archived_site, site_addresses


def site_of(files: Mapping[str, str]) -> SiteAddresses:
    return site_addresses(lambda name: files[name].encode() if name in files else None)


def address(files: Mapping[str, str], path: str, fields: Mapping[str, object] = {}) -> str | None:
    """Return the address of a file of a site; other addresses that lead to it come after a space each."""
    addresses = site_of(files).addresses
    assert addresses is not None
    found = pickle.loads(pickle.dumps(addresses)).of(path, fields, "", str(fields.get("title", "")))
    return None if found is None else " ".join((found.url, *found.aliases))


JEKYLL = "url: https://e.org\n"
QUARTO = "project: {render: ['*.md', '!etc/']}\nwebsite:\n  site-url: https://e.org\n"


@pytest.mark.parametrize(
    ("config", "path", "fields", "expected"),
    [
        ("", "_posts/2020-01-02-a.md", {}, "https://e.org/2020/01/02/a.html"),
        ("", "_posts/2020-01-02-Some_Thing 'x'.md", {}, "https://e.org/2020/01/02/Some_Thing-'x'.html"),
        ("", "_posts/2020-01-02-größe.md", {}, "https://e.org/2020/01/02/gr%C3%B6%C3%9Fe.html"),
        ("", "_posts/2020-01-02-a.md", {"date": "2020-01-05"}, "https://e.org/2020/01/05/a.html"),
        ("", "_posts/2020-01-02-a.md", {"date": "2020-01-05 22:00:00 -0500"}, "https://e.org/2020/01/06/a.html"),
        (
            "timezone: America/New_York",
            "_posts/2020-01-02-a.md",
            {"date": "2020-01-05 22:00:00 -0500"},
            "https://e.org/2020/01/05/a.html",
        ),
        ("", "_posts/2020-01-02-a.md", {"slug": "b c"}, "https://e.org/2020/01/02/b-c.html"),
        ("", "_posts/2020-01-02-a.md", {"categories": "X y"}, "https://e.org/x/y/2020/01/02/a.html"),
        ("", "_posts/2020-01-02-a.md", {"category": "X y"}, "https://e.org/x%20y/2020/01/02/a.html"),
        ("", "k/_posts/2020-01-02-a.md", {"categories": ["z"]}, "https://e.org/k/z/2020/01/02/a.html"),
        ("", "_posts/k/2020-01-02-a.md", {}, "https://e.org/2020/01/02/a.html"),
        ("permalink: pretty", "_posts/2020-01-02-a.md", {}, "https://e.org/2020/01/02/a/"),
        ("languages: [en, de]", "_posts/2020-01-02-a.md", {"lang": "de"}, "https://e.org/de/2020/01/02/a.html"),
        ("languages: [en, de]", "_posts/2020-01-02-a.md", {"lang": "en"}, "https://e.org/2020/01/02/a.html"),
        ("languages: [en, de]", "_i18n/de/_posts/2020-01-02-a.md", {}, "https://e.org/de/2020/01/02/a.html"),
        ("permalink: ordinal", "_posts/2020-02-01-a.md", {}, "https://e.org/2020/032/a.html"),
        ("permalink: weekdate", "_posts/2020-02-01-a.md", {}, "https://e.org/2020/W05/Sat/a.html"),
        ("permalink: none", "_posts/2020-01-02-a.md", {}, "https://e.org/a.html"),
        ("permalink: /b/:year/:i_month_:i_day/:slug", "_posts/2020-01-02-A.b.md", {}, "https://e.org/b/2020/1_2/a-b"),
        (
            "permalink: /:slugified_categories/:title/",
            "_posts/2020-01-02-a.md",
            {"category": "C++ x"},
            "https://e.org/c-x/a/",
        ),
        ("permalink: /:nothing/", "_posts/2020-01-02-a.md", {}, None),
        ("baseurl: /b", "_posts/2020-01-02-a.md", {"permalink": "/x/:title/"}, "https://e.org/b/x/a/"),
        (
            "",
            "_posts/2020-01-02-a.md",
            {"permalink": "/x/", "redirect_from": ["/old", "https://other.org/"]},
            "https://e.org/x/ https://e.org/old",
        ),
        ("collections: {til: {output: true}}", "_til/go/a.md", {}, "https://e.org/til/go/a.html"),
        ("collections: {til: {output: true, permalink: /t/:name/}}", "_til/go/A b.md", {}, "https://e.org/t/a-b/"),
        ("collections: {til: {output: false}}", "_til/a.md", {}, None),
        (
            "defaults: [{scope: {path: '', type: posts}, values: {permalink: '/p/:title/'}}]",
            "_posts/2020-01-02-a.md",
            {},
            "https://e.org/p/a/",
        ),
        (
            "defaults: [{scope: {path: '_posts/x'}, values: {permalink: '/p/:title/'}}]",
            "_posts/2020-01-02-a.md",
            {},
            "https://e.org/2020/01/02/a.html",
        ),
        ("", "notes/a.md", {}, "https://e.org/notes/a.html"),
        ("permalink: pretty", "notes/index.md", {}, "https://e.org/notes/"),
        ("", "_posts/no-date.md", {}, None),
    ],
)
def test_jekyll(config: str, path: str, fields: Mapping[str, object], expected: str | None) -> None:
    assert address({"_config.yml": JEKYLL + config}, path, fields) == expected


@pytest.mark.parametrize(
    ("config", "path", "fields", "expected"),
    [
        ("", "content/posts/My Post.md", {}, "https://e.org/posts/my-post/"),
        ("", "content/posts/a/index.md", {}, "https://e.org/posts/a/"),
        ("", "content/posts/a/index.md", {"slug": "B"}, "https://e.org/posts/b/"),
        ("", "content/posts/_index.md", {}, None),
        ("", "README.md", {}, None),
        ("", "content/posts/über#1.md", {}, "https://e.org/posts/%C3%BCber%231/"),
        ("removePathAccents = true", "content/posts/über.md", {}, "https://e.org/posts/uber/"),
        ("disablePathToLower = true", "content/posts/A.md", {}, "https://e.org/posts/A/"),
        ("uglyURLs = true", "content/posts/a.md", {}, "https://e.org/posts/a.html"),
        ("", "content/posts/a.md", {"url": "/x/y"}, "https://e.org/x/y/"),
        ("", "content/posts/a.md", {"url": "x.html"}, "https://e.org/x.html"),
        (
            "",
            "content/posts/a.md",
            {"aliases": ["/old/", "b"]},
            "https://e.org/posts/a/ https://e.org/old/ https://e.org/posts/b",
        ),
        (
            "[permalinks]\nposts = '/:year/:month/:day/:title/'",
            "content/posts/a.md",
            {"title": "Hi, you & me", "Date": "2020-01-02T23:30:00-05:00"},
            "https://e.org/2020/01/02/hi-you-me/",
        ),
        (
            "[permalinks.page]\nposts = '/:section/:slug/'",
            "content/posts/a.md",
            {"title": "T"},
            "https://e.org/posts/t/",
        ),
        ("[permalinks]\nposts = '/b/:filename/'", "content/posts/x/a/index.md", {}, "https://e.org/b/a/"),
        (
            "[permalinks]\nposts = '/:sections[1:]/:slugorfilename'",
            "content/posts/x/y/a.md",
            {},
            "https://e.org/x/y/a/",
        ),
        ("[permalinks]\nposts = '/:nothing/'", "content/posts/a.md", {}, None),
        (
            "[frontmatter]\ndate = [':filename', ':default']",
            "content/posts/2020-01-02-a.md",
            {},
            "https://e.org/posts/a/",
        ),
        ("", "content/posts/2020-01-02-a.md", {}, "https://e.org/posts/2020-01-02-a/"),
        ("[languages.en]\n[languages.fr]", "content/posts/a.fr.md", {}, "https://e.org/fr/posts/a/"),
        ("[languages.en]\n[languages.fr]", "content/posts/a.md", {}, "https://e.org/posts/a/"),
        (
            "defaultContentLanguageInSubdir = true\n[languages.en]\n[languages.fr]\ncontentDir = 'content/fr'",
            "content/fr/posts/a.md",
            {},
            "https://e.org/fr/posts/a/",
        ),
    ],
)
def test_hugo(config: str, path: str, fields: Mapping[str, object], expected: str | None) -> None:
    assert address({"hugo.toml": f"baseURL = 'https://e.org/'\n{config}"}, path, fields) == expected


def test_hugo_merges_the_files_of_a_configuration() -> None:
    files = {
        "config/_default/config.yaml": "baseURL: http://localhost/\n",
        "config/_default/permalinks.toml": "posts = '/p/:slug/'",
        "config/production/config.yaml": "baseurl: https://e.org/b\n",
    }
    assert address(files, "content/posts/a.md", {"slug": "x"}) == "https://e.org/b/p/x/"
    files |= {f"config/_default/languages.{code}.toml": f"contentDir = 'content/{code}'" for code in ("en", "pt-br")}
    assert address(files, "content/en/a.md") == "https://e.org/b/a/"
    assert address(files, "content/pt-br/a.md") == "https://e.org/b/pt-br/a/"
    assert address(files, "content/other/a.md") is None


@pytest.mark.parametrize(
    ("config", "path", "fields", "expected"),
    [
        ("", "content/blog/2020-01-02-Hello you.md", {}, "https://e.org/blog/hello-you/"),
        ("", "content/blog/2020-01-02_a/index.md", {}, "https://e.org/blog/a/"),
        ("", "content/blog/größe.md", {"aliases": ["old"]}, "https://e.org/blog/grosse/ https://e.org/old"),
        ("", "content/blog/мир.md", {}, None),
        ("slugify.paths = 'off'", "content/blog/A b.md", {}, "https://e.org/blog/A%20b/"),
        ("slugify.paths_keep_dates = true", "content/2020-01-02-a.md", {}, "https://e.org/2020-01-02-a/"),
        ("", "content/blog/a.md", {"slug": "B c"}, "https://e.org/blog/b-c/"),
        ("", "content/blog/a.md", {"path": "x/y"}, "https://e.org/x/y/"),
        ("[languages.fr]", "content/blog/a.fr.md", {}, "https://e.org/fr/blog/a/"),
        ("", "content/blog/_index.md", {}, None),
    ],
)
def test_zola(config: str, path: str, fields: Mapping[str, object], expected: str | None) -> None:
    assert address({"config.toml": f"base_url = 'https://e.org'\n{config}"}, path, fields) == expected


@pytest.mark.parametrize(
    ("config", "path", "fields", "expected"),
    [
        ("", "content/a.md", {"Title": "Hello, World – again"}, "https://e.org/hello-world-again.html"),
        ("", "content/a.md", {"Slug": "x"}, "https://e.org/x.html"),
        ("SLUGIFY_SOURCE = 'basename'", "content/a_b.md", {"title": "T"}, "https://e.org/a_b.html"),
        (
            "ARTICLE_URL = '{date:%Y}/{date:%b}/{slug}/'",
            "content/a.md",
            {"title": "T", "date": "2020-02-03"},
            "https://e.org/2020/Feb/t/",
        ),
        (
            "ARTICLE_SAVE_AS = '{category}/{slug}/index.html'",
            "content/Big Things/a.md",
            {"title": "T"},
            "https://e.org/big-things/t/",
        ),
        ("ARTICLE_URL = '{slug.__class__}'", "content/a.md", {"title": "T"}, "https://e.org/%7Bslug.__class__%7D"),
        ("ARTICLE_URL = '{date:%Y}/{slug}'", "content/2020-02-03-a.md", {"title": "T"}, "https://e.org/2020/t"),
        ("FILENAME_METADATA = r'(?P<slug>[a-z-]+)_x'", "content/b-c_x.md", {"title": "T"}, "https://e.org/b-c.html"),
        (
            "SLUG_REGEX_SUBSTITUTIONS = [(r'C\\+\\+', 'cpp'), (r'\\s', '-')]",
            "content/a.md",
            {"title": "On C++"},
            "https://e.org/on-cpp.html",
        ),
        ("", "content/pages/a.md", {"title": "T"}, "https://e.org/pages/t.html"),
        ("", "content/a.md", {"title": "T", "lang": "fr"}, "https://e.org/t-fr.html"),
        ("", "content/a.md", {"title": "T", "save_as": "x/index.html"}, "https://e.org/x/"),
        ("", "content/a.md", {"title": "日本"}, None),
    ],
)
def test_pelican(config: str, path: str, fields: Mapping[str, object], expected: str | None) -> None:
    publish = "from pelicanconf import *\nHOST = 'e.org'\nSITEURL = 'https://' + HOST\nX = open('/etc/passwd').read()\n"
    assert address({"pelicanconf.py": f"SITEURL = ''\n{config}", "publishconf.py": publish}, path, fields) == expected


@pytest.mark.parametrize(
    ("files", "path", "fields", "expected"),
    [
        (
            {"conf.py": "SITE_URL = 'https://e.org/'\nPOSTS = (('posts/*.md', 'blog', 'post.tmpl'),)"},
            "posts/x/A b.md",
            {},
            "https://e.org/blog/x/a-b/",
        ),
        (
            {"_config.yml": "url: https://e.org\nroot: /b/\nnew_post_name: :year-:month-:day-:title.md"},
            "source/_posts/x/2020-01-02-a.md",
            {"alias": "/old/"},
            "https://e.org/b/2020/01/02/x/a/ https://e.org/b/old/",
        ),
        (
            {"_config.yml": "url: https://e.org\npublic_dir: p\npermalink: :category/:name.html"},
            "source/_posts/x/a.md",
            {"categories": ["b", "c"]},
            "https://e.org/b/c/a.html",
        ),
        (
            {
                "docusaurus.config.js": "const baseUrl =\n  'https://no.org/edit';\n"
                "export default { url: 'https://e.org', baseUrl: '/' }"
            },
            "blog/a.md",
            {},
            "https://e.org/blog/a",
        ),
        ({".eleventy.js": "", "CNAME": "e.org\n"}, "posts/2020-01-02-a.md", {}, "https://e.org/posts/2020-01-02-a/"),
        (
            {"eleventy.config.js": "dir: { input: 'src' }", "package.json": '{"homepage": "https://e.org/b/"}'},
            "src/a/a.md",
            {},
            "https://e.org/b/a/",
        ),
        (
            {
                ".eleventy.js": "",
                "_data/metadata.json": '{"url": "https://e.org/blog"}',
                "posts/posts.json": '{"permalink": "/blog/{{ title | slug }}/"}',
            },
            "posts/2020-01-02-a.md",
            {"title": "Hello you"},
            "https://e.org/blog/hello-you/",
        ),
        ({".eleventy.js": "", "CNAME": "e.org"}, "a.md", {"permalink": "{{ anything }}/"}, None),
        ({".eleventy.js": "", "CNAME": "e.org"}, "a.md", {"permalink": "false"}, None),
        (
            {
                "astro.config.mjs": "// site: 'https://no.org'\nexport default { site: 'https://e.org', base: '/b' }",
                "src/pages/blog/[...slug].astro": "await getCollection('posts')",
            },
            "src/content/posts/A b/index.md",
            {},
            "https://e.org/b/blog/a-b/",
        ),
        ({"astro.config.mjs": "site: 'https://e.org'"}, "src/content/posts/a.md", {}, None),
        (
            {"docusaurus.config.js": "const u = 'https://e.org'; x = { url: u, baseUrl: '/b/' }"},
            "blog/2020-01-02-a/index.md",
            {},
            "https://e.org/b/blog/2020/01/02/a",
        ),
        (
            {"docusaurus.config.ts": "url: 'https://e.org', trailingSlash: true, blog: { routeBasePath: '/' }"},
            "blog/a.md",
            {"slug": "x"},
            "https://e.org/x/",
        ),
        ({"docusaurus.config.js": "url: 'https://e.org'"}, "docs/01-a/02-b.md", {}, "https://e.org/docs/a/b"),
        ({".vitepress/config.mts": "sitemap: { hostname: 'https://e.org' }"}, "a/b.md", {}, "https://e.org/a/b.html"),
        (
            {"nuxt.config.ts": "{ $env: { site: { url: 'http://localhost' } }, site: { url: 'https://e.org' } }"},
            "content/1.blog/2.a.md",
            {},
            "https://e.org/blog/a",
        ),
        ({"mkdocs.yml": "site_url: https://e.org\nx: !!python/name:a.b"}, "docs/a/index.md", {}, "https://e.org/a/"),
        ({"_quarto.yml": QUARTO}, "posts/a/index.qmd", {}, "https://e.org/posts/a/index.html"),
        ({"_quarto.yml": QUARTO}, "posts/A b.md", {}, "https://e.org/posts/A%20b.html"),
        ({"_quarto.yml": QUARTO}, "_parts/a.md", {}, None),
        ({"_quarto.yml": QUARTO}, "posts/a.txt", {}, None),
        ({"_quarto.yml": QUARTO}, "etc/a.md", {}, None),
    ],
)
def test_other_generators(
    files: Mapping[str, str], path: str, fields: Mapping[str, object], expected: str | None
) -> None:
    assert address(files, path, fields) == expected


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"_config.yml": "title: Only a title\n"},
        {"_config.yml": "url: http://localhost:4000\n"},
        {"hugo.toml": "baseURL = '/'\n"},
        {"config.toml": "title = 'anything'\n"},
        {"package.json": '{"homepage": "https://e.org"}'},
        {".eleventy.js": "", "package.json": '{"homepage": "https://github.com/o/r#readme"}'},
        {"pelicanconf.py": "SITEURL = open('x').read()"},
        {"pelicanconf.py": f"SITEURL = 'https://e.org'\nFILENAME_METADATA = '{'a?' * 50}{'a' * 50}'"},
        {"pelicanconf.py": f"SITEURL = 'https://e.org'\nFILENAME_METADATA = '{'(a|a)' * 50}'"},
        {"pelicanconf.py": "SITEURL = 'https://e.org'\nSLUG_REGEX_SUBSTITUTIONS = [('(a+)+b', '')]"},
    ],
)
def test_where_nothing_says_so_there_is_no_address(files: Mapping[str, str]) -> None:
    found = site_of(files)
    assert found.addresses is None
    assert not found.troubles


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("_config.yml", "title: x\nurl: ]", 2),
        ("hugo.toml", "baseURL = 'x'\nx =", 2),
        ("config.json", '{"baseURL":\n x}', 2),
        ("pelicanconf.py", "A = 1\nB = (", 2),
        ("_config.yml", "a: [" + "[" * 100, 1),
        ("hugo.toml", f"{'a.' * 100_000}b = 1", 1),
        ("hugo.toml", "[x]\n[" + '"a b".' * 40_000 + "c]", 2),
        ("hugo.toml", f"a = 1\nb = {'9' * 5_000}", 2),
        ("hugo.toml", f"a = {'[' * 100_000}", 1),
        ("hugo.toml", "a = 1\nb = 2024-02-30", 2),
        ("pelicanconf.py", f"A = {'-' * 100_000}1", 0),
        ("config.json", "[" * 100_000, 0),
        ("config.json", f'{{"baseURL": {"9" * 5_000}}}', 0),
    ],
)
def test_a_configuration_that_cannot_be_read_is_told(name: str, text: str, line: int) -> None:
    found = site_of({name: text})
    assert found.addresses is None
    assert [(trouble.path, trouble.line) for trouble in found.troubles] == [(name, line)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hugo.toml", '"""' + '\\"""' * 60_000),
        ("docusaurus.config.js", "/* *" * 60_000),
        ("docusaurus.config.js", "`" + "\\`" * 120_000),
        ("nuxt.config.ts", "site: {" * 30_000),
        ("pelicanconf.py", "A = {'x': 1}\n" + "A = {A: A}\n" * 100),
        ("_config.yml", "url: https://e.org\ndefaults: &a [1]\n" + "b: *a\n" * 30_000),
        ("config.json", '{"baseURL": "https://e\\ud800.org", "permalinks": {"\\ud800": "/:\\ud800/"}}'),
    ],
)
def test_a_hostile_configuration_takes_no_longer_than_it_is_long(name: str, text: str) -> None:
    found = site_of({name: text})
    if found.addresses:
        found.addresses.of("content/posts/a.md", {})


def test_a_site_in_the_first_folder_of_an_archive() -> None:
    found = archived_site({"repo-main/_config.yml": b"url: https://e.org", "repo-main/docs/CNAME": b"no.org"})
    assert found.addresses is not None
    address = found.addresses.of("repo-main/_posts/2020-01-02-a.md", {})
    assert address is not None
    assert address.url == "https://e.org/2020/01/02/a.html"
    assert found.addresses.of("other/_posts/2020-01-02-a.md", {}) is None


@pytest.mark.parametrize(
    ("files", "path", "text", "expected"),
    [
        (
            {"_config.yml": JEKYLL},
            "_posts/2020-01-03-b.md",
            "[a]({% post_url 2020-01-02-a %}) [c]({% link _posts/2020-01-04-c.md %})",
            "[a](https://e.org/2020/01/02/a.html) [c](https://e.org/2020/01/04/c.html)",
        ),
        (
            {"hugo.toml": "baseURL = 'https://e.org'"},
            "content/posts/b.md",
            """[a]({{< ref "a.md#x" >}}) [c]({{% relref "/notes/c" %}}) [d](../d/index.md)""",
            "[a](https://e.org/posts/a/#x) [c](https://e.org/notes/c/) [d](https://e.org/d/)",
        ),
        (
            {"config.toml": "base_url = 'https://e.org'"},
            "content/posts/b.md",
            "[a](@/notes/2020-01-02-a.md#x)",
            "[a](https://e.org/notes/a/#x)",
        ),
        (
            {"mkdocs.yml": "site_url: https://e.org"},
            "docs/a/b.md",
            "[up](../c.md) [out](../../../c.md) [web](https://x.org/c.md)\n\n```\n[code](c.md)\n```\n",
            "[up](https://e.org/c/) [out](../../../c.md) [web](https://x.org/c.md)\n\n```\n[code](c.md)\n```\n",
        ),
        (
            {"pelicanconf.py": "SITEURL = 'https://e.org'"},
            "content/b.md",
            "[a](a.md)",
            "[a](a.md)",
        ),
        ({"hugo.toml": "baseURL = 'https://e.org'"}, "content/a.md", "say {static}/x.png", "say {static}/x.png"),
        (
            {"pelicanconf.py": "SITEURL = 'https://e.org'\nARTICLE_URL = 'p/{slug}'\nSLUGIFY_SOURCE = 'basename'"},
            "content/k/a.md",
            "[a]({filename}/k/b.md#c) `d <|filename|e.rst>`_ ![f]({static}/images/g.png) [h]({attach}i.pdf)",
            "[a](https://e.org/p/b#c) `d <https://e.org/p/e>`_ "
            "![f](https://e.org/images/g.png) [h](https://e.org/k/i.pdf)",
        ),
    ],
)
def test_links_to_the_files_of_other_pages(files: Mapping[str, str], path: str, text: str, expected: str) -> None:
    addresses = site_of(files).addresses
    assert addresses is not None
    assert with_page_links(text, path, addresses) == expected
