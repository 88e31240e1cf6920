"""Positions of ships through a whole run: file by file, day by day, and all days together."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.shipping.fold import Part, Sailed
from pipelines import ship_queries
from pipelines.analysis import Analysis
from pipelines.archive import Archive
from pipelines.assets import ships as module
from pipelines.home import Home
from pipelines.memo import Memo
from pipelines.run import RunReport, run
from pipelines.workspace import Workspace
from tests.pipelines import gfw_server, moving_home, small_ships
from tests.pipelines.sources.ais_text_files import CORRUPT, MARINE, MARINE_FAULTS

TABLES = ("vessels", "port_calls", "voyages", "vessel_events", "carrying_capacity")
Made = dict[str, set[str | None]]


def read(home: Home, *data: Path) -> RunReport:
    return run(home, Analysis(data=tuple(map(str, data)), only_data=True))


def made(report: RunReport) -> Made:
    found: Made = {}
    for table, partition in report.made:
        found.setdefault(table, set()).add(partition)
    return found


def contents(home: Home, *tables: str) -> dict[str, str]:
    return {one: home.meta(one)["content"] for one in tables}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunReport]:
    """A folder with the files of four days and their home after its first run."""
    folder = tmp_path_factory.mktemp("ships")
    small_ships.write(folder / "ais")
    home = Home.open(folder / "home", create=True)
    return folder, read(home, folder / "ais", small_ships.write_places(folder / "places"))


@pytest.fixture
def again(finished: tuple[Path, RunReport], tmp_path: Path) -> Callable[[], tuple[Home, Path, Path]]:
    """A copy of that home, the folder of positions and the one of places."""

    def copied() -> tuple[Home, Path, Path]:
        for name in ("home", "ais", "places"):
            shutil.copytree(finished[0] / name, tmp_path / name)
        return Home.open(tmp_path / "home"), tmp_path / "ais", tmp_path / "places"

    return copied


def test_ships_without_any_trade_are_told(finished: tuple[Path, RunReport]) -> None:
    folder, report = finished
    home = Home.open(folder / "home")
    assert report.failed == []
    assert [one for one in report.checks if not one.passed] == []
    assert {one.name for one in report.checks} >= {"reports_in_are_reports_out", "every_day_was_read"}
    assert home.scan("alerts").collect().is_empty()
    assert home.partitions("vessel_positions") == [str(small_ships.day(one)) for one in range(small_ships.DAYS)]
    assert home.scan("vessels").collect().height == 5
    calls = home.scan("port_calls").collect()
    assert set(calls["place_id"]) == {"port:XAA:1", "port:XBB:1"}
    assert home.scan("voyages").collect().height == 5
    gaps = home.scan("vessel_events").filter(pl.col("kind") == "gap").collect()
    assert set(gaps["track_id"]) == {f"{small_ships.SILENT}:1"}
    assert made(report)["carrying_capacity"] == {None}


def test_a_second_run_makes_nothing(again: Callable[[], tuple[Home, Path, Path]]) -> None:
    home, ais, places = again()
    report = read(home, ais, places)
    assert report.made == []
    (ais / "AIS_2024_10_01.csv").rename(ais / "renamed.csv")
    assert made(read(home, ais, places)).keys() <= {"vessel_positions", "ais_coverage", "quarantine"}


def test_a_late_file_repeats_its_day_and_what_follows(again: Callable[[], tuple[Home, Path, Path]]) -> None:
    home, ais, places = again()
    late = [one for one in small_ships.reports(280_000_009) if one.split(",")[1].startswith("2024-10-03")]
    small_ships.write(ais / "late", late)
    found = made(read(home, ais, places))
    assert len(found["ais_read"]) == 1
    assert found["vessel_positions"] == {"2024-10-03"}
    assert found["vessel_state"] == {"2024-10-03", "2024-10-04"}
    assert "280000009:1" in set(home.scan("vessels").collect()["track_id"])
    files = home.meta("vessel_positions", "2024-10-03")["files"].split()
    assert len(files) == 2
    rows = home.scan("vessel_positions", ["2024-10-03"]).filter(pl.col("sender") == 280_000_009).collect()
    assert {home.meta("ais_read", files[one])["file"] for one in rows["raw_file"].unique()} == {"AIS_2024_10_03.csv"}


def test_a_file_that_left_takes_its_day_along(again: Callable[[], tuple[Home, Path, Path]]) -> None:
    home, ais, places = again()
    (ais / "AIS_2024_10_02.csv").unlink()
    report = read(home, ais, places)
    assert "2024-10-02" not in home.partitions("vessel_positions")
    assert made(report)["vessel_state"] == {"2024-10-03", "2024-10-04"}
    assert [one for one in report.checks if one.is_error and not one.passed] == []


def test_a_day_that_fails_is_named_and_the_others_go_on(
    again: Callable[[], tuple[Home, Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ais, places = again()
    before = contents(home, *TABLES)
    for one in home.partitions("vessel_positions"):
        home.table_path("vessel_positions", one).unlink()
    tries: list[date] = []
    real = module.one_a_time

    def failing(rows: pl.DataFrame) -> pl.DataFrame:
        tries.append(rows["day"][0])
        if rows["day"][0] == date(2024, 10, 2):
            raise MemoryError("no room for token=very-secret-thing")
        return real(rows)

    monkeypatch.setattr(module, "one_a_time", failing)
    report = read(home, ais, places)
    assert tries.count(date(2024, 10, 2)) == 3
    assert [(one.table, one.name, one.attempts) for one in report.failed] == [("vessel_positions", "2024-10-02", 3)]
    assert report.failed[0].sentence == "no room for token=***"
    assert home.partitions("vessel_positions") == ["2024-10-01", "2024-10-03", "2024-10-04"]
    failed = {one.name: one.sentence for one in report.checks if not one.passed}
    assert failed["every_day_was_read"] == "could not be made from what there is: day 2024-10-02"
    monkeypatch.setattr(module, "one_a_time", real)
    assert read(home, ais, places).failed == []
    assert contents(home, *TABLES) == before


def test_a_day_that_was_read_and_not_told_counts_as_not_read(
    again: Callable[[], tuple[Home, Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ais, places = again()
    late = [one for one in small_ships.reports(280_000_009) if one.split(",")[1].startswith("2024-10-02")]
    small_ships.write(ais / "late", late)
    real = module.sail_parts
    judged: list[list[date]] = []
    reckon = module.capacity

    def failing(reports: Iterator[Part], state: pl.DataFrame | None, shore: pl.DataFrame, day: date) -> Sailed:
        if day == date(2024, 10, 2):
            raise MemoryError("no room")
        return real(reports, state, shore, day)

    def reckoned(*tables: Any) -> pl.DataFrame:
        judged.append(list(tables[-1]))
        return reckon(*tables)

    monkeypatch.setattr(module, "capacity", reckoned)
    monkeypatch.setattr(module, "sail_parts", failing)
    report = read(home, ais, places)
    assert [one.name for one in report.failed] == ["2024-10-02"]
    # The new report stands among the positions, and nobody told it: what was told of the day before is no answer.
    assert "2024-10-02" in home.partitions("vessel_positions")
    told = ["2024-10-01", "2024-10-03", "2024-10-04"]
    assert ship_queries.days_read(home) == told
    for table in ("vessel_state", "day_calls", "day_events", "day_vessels"):
        assert home.partitions(table) == told
    assert [[one.isoformat() for one in days] for days in judged] == [told]
    assert {one.name for one in report.checks if not one.passed} == {"every_day_was_read"}
    monkeypatch.setattr(module, "sail_parts", real)
    assert read(home, ais, places).failed == []
    assert [one.isoformat() for one in judged[-1]] == home.partitions("vessel_positions")


def test_what_was_told_of_a_day_stays_where_its_positions_are_the_same(
    again: Callable[[], tuple[Home, Path, Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ais, places = again()
    (ais / "AIS_2024_10_02.csv").rename(ais / "renamed.csv")
    (ais / "renamed.csv").write_text((ais / "renamed.csv").read_text() + small_ships.lines(days=2)[-1] + "\n")

    def failing(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(module, "sail_parts", failing)
    assert [one.name for one in read(home, ais, places).failed] == ["2024-10-02"]
    assert len(ship_queries.days_read(home)) == small_ships.DAYS


def test_a_month_is_whole_where_each_of_its_days_was_told(tmp_path: Path) -> None:
    home = moving_home.make(tmp_path / "home")
    nothing, missing = pl.DataFrame({"sender": [1]}), date(2024, 10, 17)
    every = [date(2024, 10, 1 + one) for one in range(31)]
    for one in every:
        moving_home.put(home, "vessel_positions", [], str(one))
        if one != missing:
            moving_home.put(home, "vessel_state", nothing, str(one))
    memo = Memo(home)
    before = memo.inputs("carrying_capacity")
    assert not months(home).any()
    moving_home.put(home, "vessel_state", nothing, str(missing))
    assert memo.inputs("carrying_capacity") != before
    assert months(home).all()


def months(home: Home) -> pl.Series:
    """Whether October is whole, for each pair of countries."""
    tables = {name: home.scan(name).collect() for name in ("port_calls", "voyages", "vessels", "places")}
    rows: pl.DataFrame = module.carrying_capacity(workspace=Workspace(home), **tables)
    assert rows.height > 0
    return rows.filter(period=202410)["is_whole"]


def test_a_damaged_file_is_named_and_the_others_are_read(again: Callable[[], tuple[Home, Path, Path]]) -> None:
    home, ais, places = again()
    (ais / "empty.csv").write_text(f"{MARINE}\n")
    report = read(home, ais, places)
    assert [(one.table, one.name) for one in report.failed] == [("ais_read", "empty.csv")]
    assert "no rows" in report.failed[0].sentence
    assert "file empty.csv" in next(one.sentence for one in report.checks if one.name == "every_day_was_read")
    assert len(home.partitions("ais_read")) == small_ships.DAYS


def test_days_cut_by_sender_are_the_same(
    again: Callable[[], tuple[Home, Path, Path]], finished: tuple[Path, RunReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    home, ais, places = again()
    shutil.rmtree(home.path / "shipping")
    monkeypatch.setattr(module, "MOST_DAY_ROWS", 60)
    monkeypatch.setattr(module, "MOST_FOLD_ROWS", 50)
    report = read(home, ais, places)
    assert report.failed == []
    calm = Home.open(finished[0] / "home")
    assert contents(home, *TABLES) == contents(calm, *TABLES)
    for table in ("vessel_positions", "ais_coverage", "vessel_state", "day_calls", "day_events"):
        for part in calm.partitions(table):
            assert home.meta(table, part)["content"] == calm.meta(table, part)["content"]
    assert list(home.path.rglob("*.tmp*")) == []


@given(st.lists(st.integers(-5, 30), max_size=80), st.integers(1, 20))
def test_parts_hold_whole_senders_in_order_and_nothing_else(senders: list[int], most: int) -> None:
    rows = pl.DataFrame({"sender": senders, "row": range(len(senders))}, schema={"sender": pl.Int64, "row": pl.Int64})
    told = list(module.parts(rows.lazy(), most))
    assert told[-1][0] is None
    assert [until for until, _ in told[:-1]] == [one["sender"].max() for _, one in told[:-1]]
    together = pl.concat([one for _, one in told]).sort("row")
    assert together.equals(rows)
    largest = max((senders.count(one) for one in senders), default=0)
    for (_, one), (_, other) in pairwise(told):
        assert one["sender"].max() < other["sender"].min()
        assert one.height <= most + largest


def test_corrupt_rows_stand_in_the_quarantine_and_nowhere_else(again: Callable[[], tuple[Home, Path, Path]]) -> None:
    home, ais, places = again()
    faulty = [*MARINE_FAULTS.values()] * 3
    (ais / "faulty.csv").write_text("\n".join([MARINE, *faulty, small_ships.lines()[0]]) + "\n")
    report = read(home, ais, places)
    refused = pl.concat([home.scan("refused_ais", [one]).collect() for one in home.partitions("refused_ais")])
    assert refused.height == len(faulty)
    assert refused["reason"].is_not_null().all()
    assert set(refused["file"]) == {"faulty.csv"}
    passed = {one.name: one.passed for one in report.checks}
    assert passed["reports_in_are_reports_out"]
    positions = home.scan("vessel_positions").collect()
    assert int(CORRUPT) not in set(positions["sender"])
    for table in ("vessels", "port_calls", "vessel_events"):
        assert not home.scan(table).collect()["track_id"].str.contains(CORRUPT).any()


def test_published_events_stand_beside_our_own(again: Callable[[], tuple[Home, Path, Path]]) -> None:
    home, ais, places = again()
    server = gfw_server.Server({"public-global-gaps-events:latest": [gfw_server.gap()]})
    _, page = server.answer({"datasets[0]": "public-global-gaps-events:latest", "limit": "9", "offset": "0"},
                            f"Bearer {gfw_server.TOKEN}")  # fmt: skip
    Archive(home.archive_path).put(page, source="gfw", query="events gap", licence="none", citation="none")
    found = made(read(home, ais, places))
    assert found["gfw_events"] == {None}
    assert found["vessel_events"] == {None}
    assert "vessel_state" not in found
    told = home.scan("vessel_events").filter(pl.col("source") == "gfw").collect()
    assert told["event_id"].to_list() == ["gfw:g1"]
    assert "vessel_events" not in made(read(home, ais, places))
