"""A world's folder appears whole or not at all, and is known by one hash."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from graphs.errors import InputError
from models.world.config import WorldConfig
from pipelines.world import described, folder
from pipelines.world.described import Description
from tests.conftest import REPOSITORY

CONFIG = WorldConfig.sized("small", 1)
CODE = "code"


def fill(root: Path, config: WorldConfig = CONFIG, text: str = "one") -> str:
    """A world of one file; returns its hash."""
    for part in ("data", "truth"):
        (root / part).mkdir()
    (root / "data" / "a.csv").write_text(text)
    hashed = folder.hashes(root, folder.files_of(root))
    sha256 = folder.content_hash(hashed)
    described.write(root, Description(described.plain(config), CODE, sha256, len(hashed), {"a.csv": "aa"}))
    return sha256


def made(out: Path, **more) -> str:
    with folder.building(out) as staged:
        return fill(staged, **more)


def test_a_config_is_told_in_plain_values() -> None:
    told = described.plain(CONFIG)
    assert (told["seed"], told["size"], told["families"]) == (1, "small", ["gold", "nickel", "timber"])
    assert told["schemes"]["strengths"] == [0.25, 0.5, 1.0]
    assert isinstance(told["schemes"]["instances"], dict)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    sha256 = made(tmp_path / "w")
    made_from = Description(described.plain(CONFIG), CODE, sha256, 1, {"a.csv": "aa"})
    assert described.read(tmp_path / "w") == made_from
    assert described.read(tmp_path) is None
    described.write(tmp_path / "w", replace(made_from, ais={"AIS_2024_10_01.csv": "bb"}))
    assert described.read(tmp_path / "w").ais == {"AIS_2024_10_01.csv": "bb"}


def test_a_world_of_which_no_hashes_of_positions_were_kept_is_read(tmp_path: Path) -> None:
    made(tmp_path / "w")
    file = tmp_path / "w" / described.FILE
    told = json.loads(file.read_text())
    del told["ais"]
    file.write_text(json.dumps(told))
    assert described.read(tmp_path / "w").ais == {}
    file.write_text(json.dumps(told | {"ais": 5}))
    with pytest.raises(InputError, match="cannot be read"):
        described.read(tmp_path / "w")


def test_the_hash_is_that_of_names_and_bytes_and_not_of_the_place(tmp_path: Path) -> None:
    one, two = made(tmp_path / "one"), made(tmp_path / "two")
    assert one == two
    assert made(tmp_path / "three", text="other") != one
    (tmp_path / "two" / "data" / "a.csv").rename(tmp_path / "two" / "data" / "b.csv")
    assert folder.content_hash(folder.hashes(tmp_path / "two", folder.files_of(tmp_path / "two"))) != one


def test_the_same_world_stands_and_another_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "w"
    assert not folder.standing(out, CONFIG, CODE)
    out.mkdir()
    assert not folder.standing(out, CONFIG, CODE)  # an empty folder is free
    made(out)
    assert folder.standing(out, CONFIG, CODE)
    with pytest.raises(InputError, match="holds a world of size small, seed 1: remove it, or name another folder"):
        folder.standing(out, WorldConfig.sized("small", 2), CODE)
    with pytest.raises(InputError, match="size small, seed 1, made by another version: remove it"):
        folder.standing(out, CONFIG, "other code")
    with pytest.raises(InputError, match="size small, seed 1, made by another version: remove it"):
        folder.standing(out, replace(CONFIG, version="another"), CODE)


def breaks(out: Path) -> None:
    """A build that fails half-way."""
    with folder.building(out) as staged:
        (staged / "half.csv").write_text("half")
        raise RuntimeError("in the middle")


@pytest.mark.parametrize("content", ["notes.txt", None])
def test_what_is_no_world_stays_as_it_is(tmp_path: Path, content: str | None) -> None:
    out = tmp_path / "w"
    if content:
        out.mkdir()
        (out / content).write_text("mine")
    else:
        out.write_text("mine")
    with pytest.raises(InputError, match="is no training world and stays as it is"):
        folder.standing(out, CONFIG, CODE)


@pytest.mark.parametrize("text", ['{"config": ', "[]", '{"config": {}, "sha256": "a", "files": 1}'])
def test_a_damaged_description_is_told(tmp_path: Path, text: str) -> None:
    made(tmp_path / "w")
    (tmp_path / "w" / described.FILE).write_text(text)
    with pytest.raises(InputError, match="cannot be read: remove the folder and build the world again"):
        folder.standing(tmp_path / "w", CONFIG, CODE)


def test_an_error_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "w"
    with pytest.raises(RuntimeError, match="in the middle"):
        breaks(out)
    assert list(out.parent.iterdir()) == []


def test_a_killed_build_leaves_nothing_in_its_place_and_the_next_one_tidies_up(tmp_path: Path) -> None:
    out = tmp_path / "w"
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom pipelines.world.folder import building\n"
        f"with building(Path({str(out)!r})) as staged:\n"
        "    (staged / 'half.csv').write_text('half')\n    print('ready', flush=True)\n    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", code], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    # While the other is at work its folder is left alone.
    with pytest.raises(RuntimeError, match="in the middle"):
        breaks(out)
    assert (out.with_name(f".w.{child.pid}.tmp") / "half.csv").exists()
    child.kill()
    child.wait()
    child.stdout.close()
    assert not out.exists()
    made(out)
    assert [one.name for one in tmp_path.iterdir()] == ["w"]
