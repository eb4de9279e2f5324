"""The commands on real collections, if they are beside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Home

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
AZURE = CORPUS / "azure-2020.tar.xz"
POWERAPPS = CORPUS / "powerapps.tar.xz"
SEEDS = CORPUS / "seeds"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


def needs(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


def test_azure(home: Home) -> None:
    source = needs(AZURE)
    (line,) = home.lines("index", source)
    assert line.startswith("2,653 articles, 318 stories · 2,662 files read, 0 gone · ")
    found = home.objects("stories", source)
    assert len(found) == 318
    assert found[0]["heat"] == 2837
    assert len(found[0]["related"]) == 137
    assert all(entry["title"] and entry["provider"]["name"] for entry in found[0]["related"])
    topics = {topic["name"]: topic["stories"] for topic in home.objects("topics", source)}
    assert (topics["AI"], topics["IoT"], topics["Databases"]) == (29, 25, 23)
    assert len(home.lines("stories", source, "--topic", "ai")) == 29
    assert len(home.lines("stories", source, "--folded")) == 2653


def test_powerapps(home: Home) -> None:
    source = needs(POWERAPPS)
    (line,) = home.lines("index", source)
    # 428 of the files are shown, and they are 425 pages.
    assert line.startswith("670 articles, 425 stories · 674 files read, 0 gone · ")
    assert home.objects("stories", source, "--limit", "1")[0]["heat"] == 189


def test_seeds(home: Home) -> None:
    source = needs(SEEDS)
    (line,) = home.lines("index", source)
    assert line.startswith("3 articles, ")
