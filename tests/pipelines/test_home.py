import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from graphs.errors import HomeError
from pipelines import home as home_module
from pipelines.analysis import Analysis, ComtradeChoice
from pipelines.home import Home, read_meta
from pipelines.parquet import write_table


def test_a_new_home_is_made_only_when_asked(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="run `oretrace run` first"):
        Home.open(tmp_path / "a")
    assert not (tmp_path / "a").exists()
    made = Home.open(tmp_path / "a", create=True)
    assert Home.open(tmp_path / "a").path == made.path == tmp_path / "a"
    assert made.archive_path.path == str(tmp_path / "a" / "archive")
    assert made.dagster_path == tmp_path / "a" / "dagster"


def test_the_environment_names_home_and_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_HOME", str(tmp_path / "b"))
    monkeypatch.setenv("ORETRACE_DATA_URL", "memory://oretrace-test-home")
    found = Home.open(create=True)
    assert found.path == tmp_path / "b"
    assert str(found.table_path("alerts")) == "memory://oretrace-test-home/alerts/alerts.parquet"
    assert (tmp_path / "b" / "home.json").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"format": 99}', "newer oretrace .format 99"),
        ('{"format": 0}', "old format 0, which cannot be upgraded"),
        ('{"format": "1"}', "states no format"),
        ("{", "cannot be read"),
        ("[1]", "does not hold a json object"),
    ],
)
def test_a_home_of_another_format_is_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "home.json").write_text(text)
    for create in (False, True):
        with pytest.raises(HomeError, match=sentence) as caught:
            Home.open(tmp_path, create=create)
        assert "\n" not in str(caught.value)
    assert (tmp_path / "home.json").read_text() == text


def test_an_older_home_is_upgraded_step_by_step_by_a_run_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Home.open(tmp_path, create=True).save_analysis(Analysis(only_data=True))

    def to_two(home: Home) -> None:
        home.save_analysis(Analysis(data=("moved",), only_data=home.analysis.only_data))

    def to_three(home: Home) -> None:
        raise RuntimeError("killed here")

    monkeypatch.setattr(home_module, "FORMAT", 3)
    monkeypatch.setattr(home_module, "UPGRADES", {1: to_two, 2: to_three})
    with pytest.raises(HomeError, match="run `oretrace run` once to upgrade"):
        Home.open(tmp_path)
    with pytest.raises(RuntimeError):
        Home.open(tmp_path, create=True)
    # The finished step is kept, the one that failed is tried again.
    assert json.loads((tmp_path / "home.json").read_text())["format"] == 2
    monkeypatch.setattr(home_module, "UPGRADES", {2: lambda home: None})
    upgraded = Home.open(tmp_path, create=True)
    assert upgraded.analysis == Analysis(data=("moved",), only_data=True)
    # The tables wait for the run that asked for the upgrade.
    assert not upgraded.is_current
    assert json.loads((tmp_path / "home.json").read_text())["format"] == 3


def test_tables_of_another_version_are_not_read_until_a_run_has_renewed_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Home.open(tmp_path, create=True)
    assert Home.open(tmp_path).is_current
    monkeypatch.setattr(home_module, "tables_version", lambda: "a later one")
    with pytest.raises(HomeError, match="another version of oretrace: run `oretrace run` to renew it"):
        Home.open(tmp_path)
    home = Home.open(tmp_path, create=True)
    home.begin_run()
    monkeypatch.undo()
    # A run that was killed half-way leaves the home closed to the earlier version too.
    with pytest.raises(HomeError, match="another version"):
        Home.open(tmp_path)
    home = Home.open(tmp_path, create=True)
    home.finish_run()
    assert Home.open(tmp_path).is_current


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(HomeError, match="not an oretrace home"):
        Home.open(tmp_path, create=True)
    with pytest.raises(HomeError, match="not an oretrace home"):
        Home.open(tmp_path / "thesis.txt", create=True)
    assert [one.name for one in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_analysis_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    assert home.analysis == Analysis()
    kept = Analysis(
        data=("/data/a.csv",),
        only_data=True,
        as_of=date(2024, 6, 30),
        comtrade=ComtradeChoice(("260400",), ("IDN",), (2020, 2021)),
    )
    home.save_analysis(kept)
    assert Home.open(tmp_path).analysis == kept


@pytest.mark.parametrize(
    "text", ['{"colour": 1}', '{"as_of": "soon"}', '{"comtrade": {"moon": 1}}', '{"comtrade": 3}', "{}x"]
)
def test_a_damaged_analysis_is_named(tmp_path: Path, text: str) -> None:
    home = Home.open(tmp_path, create=True)
    (tmp_path / "analysis.json").write_text(text)
    with pytest.raises(HomeError, match=r"analysis\.json"):
        _ = home.analysis


def test_partitions_are_scanned_together_or_by_name(tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    with pytest.raises(HomeError, match="run `oretrace run` first"):
        home.scan("flows")
    for family in ("tin", "gold"):
        table = pl.DataFrame({"family": [family]})
        write_table("flows", table, home.table_path("flows", family), schema=None, meta={"code": family})
    (home.table_path("flows", "gold").parent / ".lead.parquet.1.tmp").write_bytes(b"half")
    assert home.partitions("flows") == ["gold", "tin"]
    assert home.scan("flows").collect()["family"].to_list() == ["gold", "tin"]
    assert home.scan("flows", ["tin"]).collect()["family"].to_list() == ["tin"]
    assert home.meta("flows", "gold")["code"] == "gold"
    assert home.meta("flows", "lead") == {}
    found = [home.has("flows"), home.has("flows", "tin"), home.has("flows", "lead"), home.has("alerts")]
    assert found == [True, True, False, False]
    with pytest.raises(HomeError, match="no flows"):
        home.scan("flows", ["lead"])


def test_a_table_is_named_with_its_partition_or_without(tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    for table, partition in (("alerts", "gold"), ("flows", None), ("flow", None)):
        with pytest.raises(HomeError):
            home.table_path(table, partition)


def test_a_file_that_is_no_parquet_has_no_memo(tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    file = home.table_path("alerts")
    file.parent.mkdir()
    for content in (b"", b"PAR1", b"PAR1" + b"\x00" * 64):
        file.write_bytes(content)
        assert read_meta(file) == {}
