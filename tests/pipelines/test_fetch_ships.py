"""`oretrace fetch --ships` over HTTP against a server on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.archive import Archive
from pipelines.settings import Settings
from pipelines.sources.gfw_api import DATASETS, LICENCE, SOURCE
from tests.pipelines.gfw_server import TOKEN, Server, gap, meeting, running


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with running(Server({DATASETS["gap"]: [gap()], DATASETS["encounter"]: meeting()})) as one:
        monkeypatch.setenv("ORETRACE_GFW_URL", one.url)
        monkeypatch.setenv("ORETRACE_GFW_TOKEN", TOKEN)
        yield one


def fetch(home: Path, *days: str) -> int:
    return cli.main(["fetch", "--only-data", "--home", str(home), "--ships", *days])


def test_every_kind_of_event_is_asked_for_and_archived(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    assert fetch(home, "2024-10-01", "2024-10-07") == 0
    assert "Global Fishing Watch: 3 events of ships in the archive." in capsys.readouterr().err
    assert [one["datasets[0]"] for one in server.asked] == list(DATASETS.values())
    # The publisher's last day is the first that is not told.
    assert {(one["start-date"], one["end-date"]) for one in server.asked} == {("2024-10-01", "2024-10-08")}
    entries = Archive(home / "archive").entries(SOURCE)
    assert {one.licence for one in entries} == {LICENCE}
    assert fetch(home, "2024-10-01", "2024-10-07") == 0
    assert Archive(home / "archive").entries(SOURCE) == entries
    for file in home.rglob("*"):
        assert file.is_dir() or TOKEN.encode() not in file.read_bytes()
    assert TOKEN not in repr(Settings.read())


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2024-10-01", "yesterday"), "write both days like 2024-10-01"),
        (("2024-10-07", "2024-10-01"), "is later than"),
    ],
)
def test_days_that_are_none_are_one_sentence(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], days: tuple[str, str], said: str
) -> None:
    assert fetch(tmp_path / "home", *days) == 2
    error = capsys.readouterr().err
    assert said in error
    assert len(error.splitlines()) == 1
    assert server.asked == []


def test_without_a_token_it_says_where_to_put_one(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORETRACE_GFW_TOKEN")
    assert fetch(tmp_path / "home", "2024-10-01", "2024-10-02") == 2
    assert "ORETRACE_GFW_TOKEN" in capsys.readouterr().err


def test_a_wrong_token_is_told_without_showing_it(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORETRACE_GFW_TOKEN", "another-token-0123")
    assert fetch(tmp_path / "home", "2024-10-01", "2024-10-02") == 3
    error = capsys.readouterr().err
    assert "ORETRACE_GFW_TOKEN" in error
    assert "another-token-0123" not in error
