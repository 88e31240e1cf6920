"""A world from its config to a folder of files: data as a user could have them, truth beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from inspect import getsource
from pathlib import Path
from time import perf_counter

from models.world.build import STEPS as PARTS
from models.world.build import World, build, scenes_of
from models.world.config import WorldConfig
from pipelines.code_version import code_version
from pipelines.world import (
    ais_files,
    described,
    folder,
    map_files,
    readme,
    scene_files,
    table_files,
    trade_files,
    truth_files,
    truth_readme,
)
from pipelines.world.truth import FOLDER as TRUTH

WRITING = ("Writing tables", "Writing positions", "Writing scenes", "Hashing")
STEPS = (*PARTS, *WRITING)
"""What happens, in order."""
TRADE, AIS = "data/trade/", "data/ais/"
"""Where declarations and positions lie in a world."""
WRITERS = (ais_files, map_files, readme, scene_files, table_files, trade_files, truth_files, truth_readme)
"""Modules that decide the bytes of a world beside those that make it."""


@dataclass(frozen=True)
class Written:
    """A world on disk."""

    path: Path
    sha256: str
    """Hash of names and bytes of all files."""
    files: int
    seconds: float | None
    """Null where the world stood there already."""


def write_world(config: WorldConfig, out: Path, progress: Callable[[str], None] = lambda step: None) -> Written:
    """Build a world into `out`, or leave the same world that stands there as it is.

    Raises InputError where something else stands there. `progress` hears each of STEPS as it begins.
    """
    if (found := stands(config, out)) is not None:
        return found
    began = perf_counter()
    with folder.building(out) as staged:
        world = build(config, progress)
        _tables(staged, world, progress)
        progress(WRITING[2])
        scene_files.write(staged / "data" / "scenes", staged / TRUTH / "scenes", scenes_of(world))
        progress(WRITING[3])
        made = _described(staged, config)
        described.write(staged, made)
    return Written(out, made.sha256, made.files, perf_counter() - began)


def stands(config: WorldConfig, out: Path) -> Written | None:
    """The same world where it stands at `out` already. Raises InputError where something else does."""
    if not folder.standing(out, config, code()) or (found := described.read(out)) is None:
        return None
    return Written(out, found.sha256, found.files, None)


@cache
def code() -> str:
    """Version of the code that makes worlds and writes them."""
    return code_version(build, *(getsource(one) for one in WRITERS))


def _described(root: Path, config: WorldConfig) -> described.Description:
    hashed = folder.hashes(root, folder.files_of(root))
    below = ({name.removeprefix(one): h for name, h in hashed.items() if name.startswith(one)} for one in (TRADE, AIS))
    return described.Description(described.plain(config), code(), folder.content_hash(hashed), len(hashed), *below)


def _tables(root: Path, world: World, progress: Callable[[str], None]) -> None:
    progress(WRITING[0])
    data = root / "data"
    trade_files.write(data / "trade", world.declared)
    table_files.write(data, world)
    maps = data / "map"
    maps.mkdir()
    for name, rows in {
        "countries": world.ground.outlines.join(world.ground.countries, on="country", maintain_order="left"),
        "rivers": world.ground.reaches,
        "areas": world.ground.areas,
    }.items():
        map_files.write(maps / f"{name}.geojson", rows)
    truth_files.write(root / TRUTH, world)
    (data / "README.md").write_text(readme.text(world.config), encoding="utf-8")
    progress(WRITING[1])
    ais_files.write(data / "ais", world.sailed.positions)
