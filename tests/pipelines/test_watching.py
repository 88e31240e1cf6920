"""A watched folder: every file once, whatever happens in between."""

import os
import shutil
import time
from pathlib import Path

import pytest

from pipelines import inventory
from pipelines.analysis import Analysis
from pipelines.archive import Archive
from pipelines.choice import Choice
from pipelines.home import Home
from pipelines.watching import REFUSED, SETTLE_S, SOURCE, TAKEN, Found, Watch
from tests.pipelines import small_ships

MAPPING = """[manifest]
name = "customs"
date_format = "%Y-%m-%d"
mass_unit = "kg"
licence = "open"
citation = "invented"

[columns]
shipper = "Shipper"
consignee = "Consignee"
mass = "Weight"
day = "Day"
"""
BILLS = "Shipper,Consignee,Weight,Day\nANNA LTD,BERTA SA,1000,2024-10-01\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    small_ships.write(made)
    return made


@pytest.fixture
def home(tmp_path: Path, folder: Path) -> Home:
    made = Home.open(tmp_path / "home", create=True)
    made.save_analysis(Analysis(only_data=True, watch=(str(folder),)))
    return made


def age(folder: Path, seconds: float = 60.0) -> None:
    """Every file changed so long ago."""
    for file in folder.rglob("*"):
        if file.is_file():
            os.utime(file, (time.time() - seconds,) * 2)


def take(home: Home) -> list[str]:
    """Takes all that wait; names of those taken or refused."""
    watch = Watch(home)
    told = [watch.take(one) for one in watch.waiting()]
    return [Path(one.query).name for one in told if one is not None]


def objects(home: Home) -> int:
    return sum(1 for one in (home.path / "archive" / "objects").rglob("*") if one.is_file())


def test_a_file_is_taken_once_it_lies_still(home: Home, folder: Path) -> None:
    assert take(home) == []
    newest = max(file.stat().st_mtime for file in folder.iterdir())
    assert Watch(home).waiting(newest + SETTLE_S - 0.01) == []
    assert len(Watch(home).waiting(newest + SETTLE_S + 0.01)) == small_ships.DAYS


def test_a_file_dated_in_the_future_is_taken_too(home: Home, folder: Path) -> None:
    age(folder)
    ahead = min(folder.iterdir())
    os.utime(ahead, (time.time() + 1e6, time.time() + 1e6))
    assert len(take(home)) == small_ships.DAYS


def test_each_file_is_taken_once_however_often_it_is_asked(home: Home, folder: Path) -> None:
    age(folder)
    assert len(take(home)) == small_ships.DAYS
    assert take(home) == []
    assert take(Home.open(home.path)) == []
    entries = Archive(home.archive_path).entries(SOURCE)
    assert len(entries) == len({one.sha256 for one in entries}) == objects(home) == small_ships.DAYS
    assert {one.details["status"] for one in entries} == {TAKEN}


def test_equal_bytes_under_another_name_are_one_file_to_read(home: Home, folder: Path) -> None:
    age(folder)
    take(home)
    shutil.copytree(folder, folder / "again")
    age(folder / "again")
    assert len(take(home)) == small_ships.DAYS
    assert objects(home) == small_ships.DAYS
    assert len(inventory.take(home).of("ais_marine")) == small_ships.DAYS


def test_a_file_that_left_the_folder_still_counts(home: Home, folder: Path) -> None:
    age(folder)
    take(home)
    before = inventory.take(home).files
    shutil.rmtree(folder)
    assert inventory.take(home).files == before
    assert take(home) == []


def test_a_file_that_grew_is_taken_anew_and_its_latest_version_is_read(home: Home, folder: Path) -> None:
    age(folder)
    take(home)
    file = folder / "AIS_2024_10_02.csv"
    file.write_text(file.read_text() + small_ships.lines(days=2)[-1] + "\n")
    age(folder, 40)
    assert take(home) == ["AIS_2024_10_01.csv", file.name, "AIS_2024_10_03.csv", "AIS_2024_10_04.csv"]
    assert objects(home) == small_ships.DAYS + 1
    files = inventory.take(home).of("ais_marine")
    assert len(files) == small_ships.DAYS
    sizes = {one.name: one.path.stat().st_size for one in files}
    assert sizes[file.name] == file.stat().st_size


def test_unfinished_hidden_and_empty_files_are_left_alone(home: Home, folder: Path) -> None:
    shutil.rmtree(folder)
    for name in (".hidden.csv", "a.csv.part", "b.tmp", "c.csv.crdownload", ".git/d.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("something")
    (folder / "empty.csv").touch()
    age(folder)
    assert take(home) == []


def test_a_stranger_is_refused_once_with_a_reason(home: Home, folder: Path) -> None:
    (folder / "strange.csv").write_text("a,b\n1,2\n")
    age(folder)
    assert "strange.csv" in take(home)
    assert take(home) == []
    row = Watch(home).table().filter(status=REFUSED).row(0, named=True)
    assert Path(row["path"]).name == "strange.csv"
    assert "fit no known table" in row["why"]
    assert row["sha256"] is None
    assert len(inventory.take(home).files) == small_ships.DAYS
    (folder / "strange.csv").write_text("a,b,c\n1,2,3\n")
    age(folder, 90)
    assert "strange.csv" in take(home)


def test_bills_that_came_before_their_mapping_are_tried_again(home: Home, folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "bills.csv").write_text(BILLS)
    age(folder)
    take(home)
    assert Watch(home).table()["status"].to_list() == [REFUSED]
    (folder / "bills.toml").write_text(MAPPING)
    os.utime(folder / "bills.toml", (time.time() - 60,) * 2)
    assert sorted(take(home)) == ["bills.csv", "bills.toml"]
    bills = inventory.take(home).of("manifest")
    mapping = inventory.take(home).of("manifest_mapping")
    assert [one.mapping for one in bills] == [one.sha256 for one in mapping]
    assert take(home) == []


def test_a_mapping_that_says_what_cannot_be_holds_nobody_up(home: Home, folder: Path) -> None:
    (folder / "bad.toml").write_text("[manifest]\nname = 3\n")
    age(folder)
    assert len(take(home)) == small_ships.DAYS + 1
    assert Watch(home).table().filter(status=REFUSED)["path"].str.ends_with("bad.toml").all()


def test_a_file_that_changes_or_goes_while_it_is_taken_waits_on(home: Home, folder: Path) -> None:
    age(folder)
    first, second, *_ = Watch(home).waiting()
    assert Watch(home).take(Found(first.path, first.size_bytes - 1, first.mtime_ns)) is None
    second.path.unlink()
    assert Watch(home).take(second) is None
    assert Archive(home.archive_path).entries(SOURCE) == []


def test_a_killed_copy_leaves_nothing_and_is_taken_by_the_next(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    age(folder)
    watch = Watch(home)
    waiting = watch.waiting()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Archive, "_record", killed)
    with pytest.raises(KeyboardInterrupt):
        watch.take(waiting[0])
    monkeypatch.undo()
    assert objects(home) == 1
    assert len(take(home)) == small_ships.DAYS
    assert objects(home) == small_ships.DAYS


def test_the_setting_names_folders_too(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = folder.parent / "other"
    monkeypatch.setenv("ORETRACE_WATCH", f"{folder}{os.pathsep}{other}")
    assert Watch(home).folders == (folder, other)
    chosen = Choice(watch=(str(folder),)).applied(Analysis())
    assert Analysis.from_json(chosen.to_json()).watch == (str(folder),)
