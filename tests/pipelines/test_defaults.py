"""Roads that cannot be had are told of, and hold up no run."""

from pathlib import Path

import pytest
from rich.progress import Progress

from graphs.errors import FetchError
from pipelines.commands.fetch import Question, fetch
from pipelines.home import Home
from pipelines.run import _fetch_defaults
from pipelines.sources import geopolrisk
from pipelines.workspace import Workspace

NOTHING_ASKED = Question((), (), None, None, False)


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real pip that knows no index, and trade data that are there already."""
    (tmp_path / "wheels").mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    there = Home.open(tmp_path / "home", create=True)
    file = tmp_path / "trade.whl"
    file.write_bytes(b"trade")
    entry = Workspace(there).archive.put(file, source="geopolrisk", query="x", licence="-", citation="-")
    monkeypatch.setattr(geopolrisk, "fetch", lambda *_: entry)


def test_a_run_goes_on_without_roads_and_says_so(offline: None, tmp_path: Path) -> None:
    (note,) = _fetch_defaults(Workspace(Home.open(tmp_path / "home")), Progress(disable=True))
    assert note.startswith("pip could not download scgraph_data 2.0.0")
    assert note.endswith("until then ways over land are straight lines, marked as estimated")


def test_who_asks_for_the_data_learns_that_roads_did_not_come(offline: None, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="scgraph_data"):
        fetch(Home.open(tmp_path / "home"), None, NOTHING_ASKED)


def test_only_data_fetches_nothing(offline: None, tmp_path: Path) -> None:
    fetch(Home.open(tmp_path / "home"), True, NOTHING_ASKED)
