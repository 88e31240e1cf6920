import os
import shutil
import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import DamagedFile, HomeError, InputError, SchemaError
from graphs.schema import EDGE_TABLES, NODES
from pipelines import ledger
from pipelines import run as module
from pipelines.analysis import Analysis
from pipelines.assets import alerts
from pipelines.graph_store import drawn, open_store
from pipelines.home import FOLDERS, PARTITIONED, Home
from pipelines.housekeeping import only_run
from pipelines.run import CheckOutcome, RunReport, run
from tests.pipelines import small_trade

MADE_BY_OTHERS = {"judgements", "company_judgements", "comtrade"}
OF_SHIPS = {name for name, folder in FOLDERS.items() if folder.startswith("shipping/")}
"""Tables by file or by day of positions, of which there are none here."""


def unmet(report: RunReport) -> list[CheckOutcome]:
    """Checks that did not pass."""
    return [one for one in report.checks if not one.passed]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RunReport]:
    """A home after its first run, and what that run said."""
    folder = tmp_path_factory.mktemp("finished")
    data = small_trade.write(folder / "trade.csv", small_trade.rows())
    home = Home.open(folder / "home", create=True)
    return folder, run(home, Analysis(data=(str(data),), only_data=True))


@pytest.fixture
def again(finished: tuple[Path, RunReport], tmp_path: Path) -> Callable[..., tuple[Home, RunReport]]:
    """Run a copy of that home again over other rows."""

    def rerun(table: list[tuple[object, ...]] | None = None, **more: object) -> tuple[Home, RunReport]:
        shutil.copytree(finished[0] / "home", tmp_path / "home")
        data = small_trade.write(tmp_path / "trade.csv", small_trade.rows() if table is None else table)
        home = Home.open(tmp_path / "home")
        return home, run(home, Analysis(data=(str(data),), only_data=True, **more))  # type: ignore[arg-type]

    return rerun


def tables(report: RunReport) -> dict[str, set[str | None]]:
    found: dict[str, set[str | None]] = {}
    for table, partition in report.made:
        found.setdefault(table, set()).add(partition)
    return found


def test_a_first_run_makes_every_table_once(finished: tuple[Path, RunReport]) -> None:
    folder, report = finished
    home = Home.open(folder / "home")
    assert len(report.made) == len(set(report.made))
    assert set(tables(report)) == set(FOLDERS) - MADE_BY_OTHERS - OF_SHIPS
    assert tables(report)["declarations"] == {str(year) for year in small_trade.YEARS}
    assert tables(report)["flows"] == {"gold", "nickel", "tin"}
    assert all(home.has(table) for table in set(FOLDERS) - MADE_BY_OTHERS - OF_SHIPS)
    assert home.scan("alerts").collect().height > 0
    assert unmet(report) == []
    assert {one.name for one in report.checks} >= {
        "rows_in_are_rows_out",
        "ranks_have_no_ties",
        "every_cause_was_faced",
        "store_equals_frames",
        "edges_end_at_nodes",
    }
    assert any("isNetWgtEstimated" in note for note in report.notes)


def test_a_second_run_makes_nothing_and_touches_nothing(again: Callable[..., tuple[Home, RunReport]]) -> None:
    # The copied file has the same bytes under another name of its folder: only bytes count.
    home, report = again()
    assert report.made == []
    assert report.skipped > 0
    assert report.checks == []
    before = {file: file.stat().st_mtime_ns for file in home.path.rglob("*.parquet")}
    run(home)
    assert {file: file.stat().st_mtime_ns for file in home.path.rglob("*.parquet")} == before


def test_one_changed_row_repeats_only_what_hangs_on_it(again: Callable[..., tuple[Home, RunReport]]) -> None:
    table = small_trade.rows()
    at = next(i for i, row in enumerate(table) if row[0] == 2015 and row[4] == "260900" and row[3] == "X")
    table[at] = (*table[at][:5], 1234567.89, *table[at][6:])
    _, report = again(table)
    found = tables(report)
    # Every row carries the hash of its file, so all years are settled again; only tin says something new.
    assert found["declarations"] == {str(year) for year in small_trade.YEARS}
    assert found["flows"] == {"tin"}
    assert found["statistics"] == {"tin"}
    assert "governance" not in found
    assert "reporting" in found  # asked again since a year changed; it says the same, so no other family follows
    assert found["measures"] == {"tin"}
    assert "Flow" in found["graph_nodes"]
    assert not {"Port", "Vessel", "Company"} & found["graph_nodes"]
    assert not {"places", "legs", "vessels", "companies"} & set(found)
    # The pooled null belongs to all families.
    assert found["scores"] == {"gold", "nickel", "tin"}


def test_a_family_that_left_the_data_leaves_the_tables(again: Callable[..., tuple[Home, RunReport]]) -> None:
    home, _ = again(small_trade.rows(codes=("710812",), years=small_trade.YEARS[:6]))
    for table in sorted(PARTITIONED - OF_SHIPS - {"comtrade", "declarations", "graph_nodes", "graph_edges"}):
        assert home.partitions(table) == ["gold"]
    assert home.partitions("graph_nodes") == sorted(NODES)
    assert home.partitions("graph_edges") == sorted(EDGE_TABLES)
    assert home.scan("graph_nodes", ["Commodity"]).collect()["code"].to_list() == ["710812"]
    assert {file.name for file in home.gallery_path.glob("*.html")} == set(home.scan("views").collect()["file"])
    assert home.partitions("declarations") == [str(year) for year in small_trade.YEARS[:6]]
    assert set(home.scan("alerts").collect()["family"]) == {"gold"}


def test_later_knowledge_stays_out(again: Callable[..., tuple[Home, RunReport]]) -> None:
    home, report = again(as_of=date(2017, 1, 1))
    assert "flows" not in tables(report)
    found = home.scan("alerts").collect()
    # 2015 was known a year after its end, on 2016-12-30; 2016 was not yet.
    assert found["period"].max() == 2015
    assert home.scan("graph_nodes", ["Flow"]).collect()["year"].max() == 2015
    assert set(home.scan("measures").collect()["year"]) == {2015}
    assert set(found["as_of"]) == {date(2017, 1, 1)}


def test_changed_code_repeats_its_table_and_what_follows(
    again: Callable[..., tuple[Home, RunReport]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = module.codes()
    monkeypatch.setattr(module, "codes", lambda: {**before, "causes": "changed"})
    _, report = again()
    # The others of its stage follow; alerts only if what they are made of says something else.
    assert set(tables(report)) == {"causes", "ranked"}


def test_a_table_that_went_missing_is_made_again(
    again: Callable[..., tuple[Home, RunReport]],
) -> None:
    home, _ = again()
    content = home.meta("flows", "tin")["content"]
    home.table_path("flows", "tin").unlink()
    home.table_path("alerts").write_bytes(b"PAR1 cut off")
    assert tables(run(home)) == {"flows": {"tin"}, "alerts": {None}}
    assert home.meta("flows", "tin")["content"] == content


def test_bad_input_is_one_sentence_and_changes_nothing(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home", create=True)
    with pytest.raises(InputError, match="nothing to analyse"):
        run(home, Analysis(only_data=True))
    with pytest.raises(DamagedFile, match="does not exist"):
        run(home, Analysis(data=(str(tmp_path / "absent.csv"),), only_data=True))
    useless = [(2010, "QQQ", "XAB", "X", "260400", 1.0, 1.0)]
    data = small_trade.write(tmp_path / "useless.csv", useless)
    with pytest.raises(InputError, match=r"none .* can be used; the first of 1 reasons, in useless\.csv: row 1"):
        run(home, Analysis(data=(str(data),), only_data=True))
    assert home.scan("quarantine").collect().height == 1
    assert not home.has("alerts")


def test_a_table_that_breaks_its_schema_leaves_the_last_version(
    again: Callable[..., tuple[Home, RunReport]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, order = module.codes(), alerts.order
    monkeypatch.setattr(module, "codes", lambda: {**before, "alerts": "changed"})
    monkeypatch.setattr(alerts, "order", lambda ranked: order(ranked).with_columns(alert_id=pl.lit("same")))
    with pytest.raises(
        SchemaError, match="table alerts: 234 rows break the rule 'primary_key', first at alert_id same"
    ):
        again()
    kept = Home.open(tmp_path / "home").scan("alerts").collect()
    assert kept["alert_id"].n_unique() == kept.height == 234


def test_an_interrupted_run_says_so(
    again: Callable[..., tuple[Home, RunReport]], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, order = module.codes(), alerts.order

    def interrupted(ranked: pl.LazyFrame) -> pl.DataFrame:
        signal.raise_signal(signal.SIGINT)
        return order(ranked)

    monkeypatch.setattr(module, "codes", lambda: {**before, "alerts": "changed"})
    monkeypatch.setattr(alerts, "order", interrupted)
    with pytest.raises(KeyboardInterrupt):
        again()


def test_one_run_at_a_time(tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    with only_run(home), pytest.raises(HomeError, match="another run is at work"), only_run(home):
        pass
    with only_run(home):
        pass


def test_half_written_files_of_dead_processes_are_swept(tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    folder = home.path / "tidy" / "flows"
    folder.mkdir(parents=True)
    dead, alive = folder / ".gold.parquet.999999999.tmp", folder / f".tin.parquet.{os.getppid()}.tmp"
    kept = folder / "gold.parquet"
    for file in (dead, alive, kept):
        file.write_bytes(b"half")
    with pytest.raises(InputError):
        run(home, Analysis(only_data=True))
    assert not dead.exists()
    assert alive.exists()
    assert kept.exists()


@pytest.mark.slow
def test_archive_and_tables_may_lie_on_an_object_store(
    finished: tuple[Path, RunReport], s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Home.open(finished[0] / "home")
    monkeypatch.setenv("ORETRACE_DATA_URL", f"{s3}/{tmp_path.name}")
    home = Home.open(tmp_path / "home", create=True)
    analysis = Analysis(data=(str(finished[0] / "trade.csv"),), only_data=True)
    report = run(home, analysis)
    assert report.made == finished[1].made
    assert unmet(report) == []
    assert home.meta("alerts")["content"] == here.meta("alerts")["content"]
    assert list(home.path.rglob("*.parquet")) == []
    assert run(Home.open(home.path)).made == []
    smaller = small_trade.write(tmp_path / "trade.csv", small_trade.rows(codes=("710812",)))
    run(home, Analysis(data=(str(smaller),), only_data=True))
    assert home.partitions("flows") == ["gold"]


def test_a_store_that_lost_its_graph_is_filled_again(again: Callable[..., tuple[Home, RunReport]]) -> None:
    home, report = again()
    assert report.made == []
    shutil.rmtree(home.store_path)
    report = run(home)
    assert report.made == [("graph_store", None)]
    with open_store(home).view() as view:
        assert view.snapshot == drawn(home).snapshot
    assert unmet(report) == []


def test_a_page_that_was_removed_is_written_again(again: Callable[..., tuple[Home, RunReport]]) -> None:
    home, _ = again()
    page = home.gallery_path / home.scan("views").collect()["file"][0]
    before = page.read_bytes()
    page.unlink()
    assert run(home).made == [("views", None)]
    assert page.read_bytes() == before


def test_what_people_judged_comes_onto_the_pages(again: Callable[..., tuple[Home, RunReport]]) -> None:
    home, _ = again()
    alert = home.scan("alerts").filter("is_selected").head(1).collect()["alert_id"].item()
    ledger.append(home, alert, reviewer="Ada", verdict="undecided", note=None)
    assert run(home).made == [("views", None)]
