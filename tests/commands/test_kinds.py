"""Folders of writing on the command line: what is listed, what is left out, and what is told of that."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import Home

POST = "---\ntitle: Weekly notes {n}\ndate: 2024-01-{n:02}\n---\nThe same few words about the same few things.\n"
FILES = {
    "_config.yml": "title: A blog\n",
    **{f"_posts/2024-01-{n:02}-notes.md": POST.format(n=n) for n in (1, 8, 9)},
    "_posts/toml.md": '+++\ntitle = "In TOML"\ndate = 2024-02-01\n[taxonomies]\ntags = ["a b"]\n+++\n',
    "_posts/mine.mdx": "---\ntitle: In MDX\npubDate: Jan 16 2024\n---\n",
    "_posts/draft.md": "---\ntitle: Not yet\ndate: 2024-02-02\ndraft: true\n---\n",
    "_drafts/idea.md": "# An idea\n",
    "_posts/moved.md": "---\nredirect_to: /elsewhere/\n---\n",
    "_posts/gone.md": "---\nlayout: redirect\n---\n",
    "_posts/book.adoc": "= A book\n",
    "_posts/bad.md": '+++\ntitle = "never closed\n+++\n',
}


def test_a_blog_of_many_kinds_is_listed_and_what_is_not_is_told(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    blog = tmp_path / "blog"
    for path, text in FILES.items():
        (blog / path).parent.mkdir(parents=True, exist_ok=True)
        (blog / path).write_text(text)
    done = home.run("index", "-v", blog)
    assert "7 articles, 5 stories" in done.stdout
    assert [line.removeprefix(f"{blog}/_posts/") for line in done.stderr.splitlines()] == [
        "bad.md:2: not valid TOML: Illegal character '\\n'",
        "book.adoc: files that end in ‘.adoc’ are not read",
        "gone.md: it only leads to another page, like one other file",
    ]
    listed = {story["title"]: story for story in home.objects("stories", blog)}
    assert {"In TOML", "In MDX", "Weekly notes 1", "Weekly notes 8", "Weekly notes 9"} == listed.keys()
    assert listed["In MDX"]["publishedDateTime"] == "2024-01-16T00:00:00Z"
    folded = {story["title"] for story in home.objects("stories", "--folded", blog) if not story["published"]}
    assert folded == {"Not yet", "An idea"}
    # A file that becomes a redirect takes its article with it.
    (blog / "_posts" / "mine.mdx").write_text("---\nredirect_to: /there/\n---\n")
    assert "6 articles, 4 stories" in home.run("index", blog).stdout
