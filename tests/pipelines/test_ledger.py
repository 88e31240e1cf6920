"""Judgements: appended, never lost, and what they do to the claim level."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import HomeError, InputError
from graphs.tables import Judgements
from pipelines import ledger
from pipelines.home import Home

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home", create=True)


def judgements(*rows: tuple[str, str, str]) -> pl.DataFrame:
    """Rows of (alert_id, reviewer, verdict), a minute apart."""
    full = [(alert, NOON + timedelta(minutes=at), who, what, None) for at, (alert, who, what) in enumerate(rows)]
    return pl.DataFrame(full, schema=ledger.SCHEMA, orient="row")


def test_the_table_is_the_one_described() -> None:
    assert dict(ledger.SCHEMA) == {name: column.dtype for name, column in Judgements.columns().items()}


def test_a_new_home_has_none(home: Home) -> None:
    assert ledger.read(home).is_empty()


def test_appending_keeps_all_that_was_there(home: Home) -> None:
    ledger.append(home, "agnostic:a", reviewer=" Ada ", verdict="undecided", note="  ", now=NOON)
    ledger.append(home, "agnostic:a", reviewer="Ada", verdict="explained", note="transit", now=NOON)
    found = ledger.read(home)
    assert found["reviewer"].to_list() == ["Ada", "Ada"]
    assert found["verdict"].to_list() == ["undecided", "explained"]
    assert found["note"].to_list() == [None, "transit"]
    # Two judgements at one moment keep their order.
    assert found["judged_at"][0] == NOON
    assert found["judged_at"][1] > NOON
    assert Judgements.is_valid(found)


@pytest.mark.parametrize(
    ("reviewer", "verdict", "sentence"),
    [("  ", "explained", "give --reviewer NAME"), ("Ada", "maybe", "none of implausible, explained, undecided")],
)
def test_what_is_no_judgement_is_refused(home: Home, reviewer: str, verdict: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        ledger.append(home, "agnostic:a", reviewer=reviewer, verdict=verdict)
    assert ledger.read(home).is_empty()


def test_a_damaged_file_is_never_overwritten(home: Home) -> None:
    path = Path(home.table_path("judgements").path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not a table")
    with pytest.raises(HomeError, match="restore this file from a copy"):
        ledger.append(home, "agnostic:a", reviewer="Ada", verdict="explained")
    assert path.read_bytes() == b"not a table"


def test_several_processes_at_once_lose_nothing(home: Home) -> None:
    script = (
        "import sys; from pipelines import ledger; from pipelines.home import Home\n"
        "home = Home.open(sys.argv[1])\n"
        "for at in range(5): ledger.append(home, f'agnostic:{at}', reviewer=sys.argv[2], verdict='undecided')"
    )
    command = [sys.executable, "-c", script, str(home.path)]
    running = [subprocess.Popen([*command, name]) for name in ("Ada", "Bo", "Cy")]
    assert [one.wait(timeout=60) for one in running] == [0, 0, 0]
    found = ledger.read(home)
    assert found.group_by("reviewer").len().sort("reviewer").rows() == [("Ada", 5), ("Bo", 5), ("Cy", 5)]
    assert found["judged_at"].is_sorted()
    assert found["judged_at"].n_unique() == 15


@pytest.mark.parametrize(
    ("rows", "reviewed"),
    [
        ([("a", "Ada", "implausible"), ("a", "Bo", "implausible")], ["a"]),
        ([("a", "Ada", "implausible"), ("a", "Ada", "implausible")], []),  # one person twice
        ([("a", "Ada", "implausible"), ("b", "Bo", "implausible")], []),  # two alerts
        ([("a", "Ada", "implausible"), ("a", "Bo", "undecided")], []),
        ([("a", "Ada", "implausible"), ("a", "Bo", "implausible"), ("a", "Bo", "explained")], []),  # Bo thought again
        ([("a", "Ada", "implausible"), ("a", "Bo", "implausible"), ("a", "Cy", "explained")], []),  # Cy knows a reason
        ([("a", "Ada", "implausible"), ("a", "Bo", "implausible"), ("a", "Cy", "undecided")], ["a"]),
    ],
)
def test_two_reviewers_and_no_explanation_make_a_review(rows: list[tuple[str, str, str]], reviewed: list[str]) -> None:
    assert ledger.reviewed(judgements(*rows)) == reviewed


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("XYZ"), st.sampled_from(["implausible", "explained"])))
)
def test_one_explanation_that_stands_prevents_a_review(rows: list[tuple[str, str, str]]) -> None:
    last = {(alert, who): what for alert, who, what in rows}
    for alert in ledger.reviewed(judgements(*rows)):
        verdicts = [what for (about, _), what in last.items() if about == alert]
        assert verdicts.count("implausible") >= 2
        assert "explained" not in verdicts


def test_judgements_about_a_flow_whatever_the_day() -> None:
    rows = judgements(
        ("agnostic:comtrade:A:B:1:2020:2024-01-01", "Ada", "explained"),
        ("agnostic:comtrade:A:B:1:2020:2025-01-01", "Bo", "explained"),
        ("agnostic:comtrade:A:B:1:20201:2025-01-01", "Cy", "explained"),
        ("learned:comtrade:A:B:1:2020:2025-01-01", "Di", "explained"),
    )
    assert ledger.about(rows, "agnostic", "comtrade:A:B:1:2020")["reviewer"].to_list() == ["Ada", "Bo"]
