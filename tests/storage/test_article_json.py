"""Articles as the feed store keeps them."""

from __future__ import annotations

import pytest

from tui_reader.errors import StoreError
from tui_reader.model.article import Article
from tui_reader.model.links import Enclosure, Links, Provider
from tui_reader.storage.article_json import article_from_json, article_to_json


def test_an_article_comes_back_as_it_was() -> None:
    article = Article(
        "Title",
        links=Links(web="https://a.example/1"),
        provider=Provider("Ann", "a.example"),
        video="https://a.example/1.mp4",
        author="Ann Ode",
        comments="https://talk.example/1",
        enclosures=(Enclosure("audio", "https://a.example/1.mp3"), Enclosure("pdf", "https://a.example/1.pdf")),
    )
    assert article_from_json(article_to_json(article)) == article


def test_a_recording_that_was_stored_as_a_video_is_audio() -> None:
    article = article_from_json('{"title": "Talk", "kind": "audio", "video": "https://a.example/1.mp3"}')
    assert (article.video, article.enclosures) == (None, (Enclosure("audio", "https://a.example/1.mp3"),))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"title": "t", "enclosures": [1]}', '{"title": "t", "links": 3}'])
def test_what_is_no_article_is_an_error(text: str) -> None:
    with pytest.raises(StoreError):
        article_from_json(text)
