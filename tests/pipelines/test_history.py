"""What became of a flow: every replaced version of the alerts is kept, once, and says what changed."""

from pathlib import Path

import polars as pl
import pytest

from pipelines import cli, history
from pipelines.home import Home
from pipelines.housekeeping import sweep
from pipelines.memo import Memo
from tests.pipelines.small_home import ESTIMATED, GOLD, ONE_SIDED, alert, make_home, write
from tests.pipelines.test_cli_making import ALONE, ROWS
from tests.pipelines.test_cli_making import write as declare

FLOW = ONE_SIDED["flow_id"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


def replace_alerts(home: Home, *rows: dict) -> bool:
    """As a run does: keep what stands, then publish."""
    kept = history.keep(home)
    write(home, "alerts", list(rows))
    return kept


def test_nothing_is_kept_of_a_home_without_alerts(tmp_path: Path) -> None:
    assert not history.keep(Home.open(tmp_path / "home", create=True))
    assert history.versions(Home.open(tmp_path / "home")) == []


def test_a_version_is_kept_once_however_often_it_is_replaced_by_the_same(home: Home) -> None:
    assert history.keep(home)
    assert not history.keep(home)
    before = [one.path.name for one in history.versions(home)]
    assert len(before) == 1
    assert replace_alerts(home, alert(1, GOLD, "balance", 1, 0.01)) is False
    assert history.keep(home)
    assert [one.path.name for one in history.versions(home)][:1] == before


def test_what_came_back_is_kept_again_in_its_place(home: Home) -> None:
    first = alert(1, ONE_SIDED, "one_sided", 2, 0.01)
    second = alert(1, ONE_SIDED, "one_sided", 1, 0.05)
    for one in (first, second, first, second):
        write(home, "alerts", [one])
        history.keep(home)
    levels = history.of_flow(home, FLOW, with_present=False)["claim_level"].to_list()
    assert levels == [2, 1, 2, 1]


def test_alerts_are_kept_and_what_became_of_them_and_nothing_else(home: Home) -> None:
    write(
        home, "alerts", [alert(1, ONE_SIDED, "one_sided", 2, 0.01), alert(2, GOLD, "jump", 0, 0.9, is_selected=False)]
    )
    history.keep(home)
    write(home, "alerts", [alert(1, ESTIMATED, "jump", 1, 0.02),
                           alert(2, ONE_SIDED, "one_sided", 0, 0.4, is_selected=False),
                           alert(3, GOLD, "jump", 0, 0.9, is_selected=False)])  # fmt: skip
    history.keep(home)
    kept = [pl.read_parquet(one.path.path)["flow_id"].to_list() for one in history.versions(home)]
    assert kept == [[FLOW], [ESTIMATED["flow_id"], FLOW]]
    fallen = history.of_flow(home, FLOW, with_present=False)
    assert fallen.select("rank", "claim_level", "p_value", "is_selected").rows() == [
        (1, 2, 0.01, True), (2, 0, 0.4, False),
    ]  # fmt: skip


def test_a_crash_while_keeping_leaves_the_versions_before_and_is_swept_away(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.keep(home)
    whole = [one.path.name for one in history.versions(home)]
    write(home, "alerts", [alert(1, GOLD, "balance", 1, 0.01)])

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        history.keep(home)
    monkeypatch.undo()
    assert [one.path.name for one in history.versions(home)] == whole
    assert sweep(home)
    assert history.keep(home)


def test_the_lists_have_a_history_each(home: Home) -> None:
    write(home, "alerts", [alert(1, ONE_SIDED, "one_sided", 2, 0.01), alert(7, ONE_SIDED, "jump", 1, 0.03, "learned")])
    history.keep(home)
    found = history.of_flow(home, FLOW).filter(~pl.col("is_present"))
    assert found.select("list", "rank", "changed").rows() == [("agnostic", 1, "first"), ("learned", 7, "first")]


def say(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = cli.main([str(one) for one in arguments])
    return code, capsys.readouterr().out


@pytest.mark.slow
def test_a_revision_of_later_years_changes_nothing_as_of_an_earlier_day_and_both_results_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real home as of the end of 2018; then over a file revised from 2018 on; then as of its latest day."""
    monkeypatch.setenv("COLUMNS", "400")
    place, data = tmp_path / "home", declare(tmp_path / "nickel.csv", ROWS + ALONE)
    assert say(capsys, "run", "--home", place, "--only-data", "--data", data, "--as-of", "2018-12-31")[0] == 0
    home = Home.open(place)
    before = home.scan("alerts").collect()
    assert before["period"].max() == 2017
    top = before["flow_id"][0]
    mark_selected(home, top)  # so few quiet pairs make no alert
    declare(data, [one if one < "2018" else one.replace(",260400,", ",260400,7") for one in ROWS + ALONE])
    assert say(capsys, "run", "--home", place)[0] == 0
    assert home.scan("alerts").drop("is_selected").collect().equals(before.drop("is_selected"))
    assert history.versions(home) == []
    assert say(capsys, "run", "--home", place, "--as-of", "latest")[0] == 0
    told = history.of_flow(home, top).filter(pl.col("list") == "agnostic")
    assert told.select("is_present", "is_selected", "changed").rows() == [
        (False, True, "first"), (True, False, "as-of day, data"),
    ]  # fmt: skip
    code, out = say(capsys, "history", top, "--home", place, "--format", "csv")
    assert code == 0
    assert len(out.splitlines()) == history.of_flow(home, top).height + 1
    assert "as-of day, data" in say(capsys, "history", top, "--home", place)[1]
    assert "Scored before: rank 1 on the agnostic list" in say(capsys, "explain", top, "--home", place)[1]
    mark_selected(home, top)
    history.keep(home)
    monkeypatch.setattr(history, "SCORED", ())  # as if other code had scored them
    stamp_anew(home)
    assert history.of_flow(home, top).filter(pl.col("list") == "agnostic")["changed"].to_list()[-1] == "code"


def mark_selected(home: Home, flow_id: str) -> None:
    """Make an alert of a row, keeping what the file says of itself."""
    path, meta = home.table_path("alerts"), home.meta("alerts")
    rows = pl.read_parquet(path.path).with_columns(is_selected=pl.col("is_selected") | (pl.col("flow_id") == flow_id))
    rows.write_parquet(path.path, metadata={f"oretrace.{name}": text for name, text in meta.items()})


def stamp_anew(home: Home) -> None:
    """The same alerts as another code would stamp them."""
    path, meta = home.table_path("alerts"), {**home.meta("alerts"), **history.stamp(Memo(home))}
    pl.read_parquet(path.path).write_parquet(path.path, metadata={f"oretrace.{k}": v for k, v in meta.items()})


def test_a_flow_that_was_never_scored_has_no_history(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    code = cli.main(["history", "comtrade:XAA:XZZ:260400:2020", "--home", str(home.path)])
    assert code == 1
    assert "was scored in any kept version" in capsys.readouterr().err
