"""A watched folder: every file once, whatever happens in between."""

import errno
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from pipelines import inventory
from pipelines.analysis import Analysis
from pipelines.archive import Archive
from pipelines.choice import Choice
from pipelines.home import Home
from pipelines.run import run
from pipelines.watching import REFUSED, SETTLE_S, SOURCE, TAKEN, WAITS, Found, Watch
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


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Files that the system opens for nobody, as a lost drive or missing rights would have it."""
    names: set[Path] = set()
    real = Path.open

    def opened(path: Path, *args: Any, **more: Any) -> Any:
        if path in names:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, *args, **more)

    monkeypatch.setattr(Path, "open", opened)
    return names


def test_a_file_that_cannot_be_opened_waits_and_is_tried_again(home: Home, folder: Path, locked: set[Path]) -> None:
    age(folder)
    file = folder / "AIS_2024_10_02.csv"
    locked.add(file)
    assert take(home) == ["AIS_2024_10_01.csv", "AIS_2024_10_03.csv", "AIS_2024_10_04.csv"]
    watch = Watch(home)
    assert watch.waiting() == []
    (why,) = watch.shut.values()
    assert why == f"{file} cannot be opened (Permission denied) and waits: it is tried again at every look"
    row = watch.table().filter(status=WAITS).row(0, named=True)
    assert (row["path"], row["why"], row["sha256"], row["taken"]) == (str(file), why, None, None)
    # Rights change neither its size nor its time.
    locked.clear()
    assert take(home) == [file.name]
    assert take(home) == []
    assert objects(home) == small_ships.DAYS


def test_a_file_that_shuts_while_it_is_taken_waits_too(home: Home, folder: Path, locked: set[Path]) -> None:
    age(folder)
    watch = Watch(home)
    first, *_ = watch.waiting()
    locked.add(first.path)
    assert watch.take(first) is None
    assert list(watch.shut) == [first]
    assert Archive(home.archive_path).entries(SOURCE) == []


def test_a_new_version_that_cannot_be_opened_leaves_the_old_one_in_use(
    home: Home, folder: Path, locked: set[Path]
) -> None:
    age(folder)
    take(home)
    before = inventory.take(home).files
    file = folder / "AIS_2024_10_02.csv"
    age(folder, 90)
    locked.add(file)
    watch = Watch(home)
    for one in watch.waiting():
        watch.take(one)
    rows = watch.table().filter(path=str(file))
    assert rows["status"].to_list() == [TAKEN, WAITS]
    assert [one.sha256 for one in inventory.take(home).files] == [one.sha256 for one in before]


def test_a_mapping_that_cannot_be_opened_holds_nobody_up(home: Home, folder: Path, locked: set[Path]) -> None:
    (folder / "bills.toml").write_text(MAPPING)
    age(folder)
    locked.add(folder / "bills.toml")
    assert len(take(home)) == small_ships.DAYS


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1"])
def test_a_damaged_file_is_refused_and_does_not_wait(home: Home, folder: Path, head: bytes) -> None:
    (folder / "damaged").write_bytes(head + bytes(range(256)))
    age(folder)
    assert "damaged" in take(home)
    assert Watch(home).table().filter(status=REFUSED).height == 1
    assert take(home) == []


def test_a_run_tells_what_could_not_be_opened_and_makes_the_rest(home: Home, folder: Path, locked: set[Path]) -> None:
    age(folder)
    small_ships.write_places(folder)
    age(folder)
    locked.add(folder / "AIS_2024_10_02.csv")
    report = run(home)
    assert [one for one in report.notes if "cannot be opened (Permission denied) and waits" in one]
    assert "2024-10-02" not in home.partitions("vessel_positions")
    assert home.scan("watched").filter(status=WAITS).collect().height == 1
    assert ("watched", None) not in run(home).made
    locked.clear()
    assert ("vessel_positions", "2024-10-02") in run(home).made
    assert home.scan("watched").filter(status=WAITS).collect().is_empty()


def test_a_file_put_back_with_its_old_time_takes_the_place_of_the_wrong_one(home: Home, folder: Path) -> None:
    age(folder)
    file = folder / "AIS_2024_10_02.csv"
    kept = folder.parent / "kept.csv"
    shutil.copy2(file, kept)
    take(home)
    right = inventory.take(home).of("ais_marine")
    file.write_text(file.read_text().partition("\n")[0] + "\n" + small_ships.lines(days=2)[-1] + "\n")
    os.utime(file, (time.time() - 60,) * 2)
    assert take(home) == [file.name]
    shutil.copy2(kept, file)
    assert take(home) == [file.name]
    assert [one.sha256 for one in inventory.take(home).of("ais_marine")] == [one.sha256 for one in right]
    assert take(home) == []


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
