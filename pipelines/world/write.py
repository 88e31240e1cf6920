"""A world from its config to a folder of files: data as a user could have them, truth beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from models.world.build import STEPS as PARTS
from models.world.build import World, build, scenes_of
from models.world.config import WorldConfig
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
)
from pipelines.world.truth import FOLDER as TRUTH

WRITING = ("Writing tables", "Writing positions", "Writing scenes", "Hashing")
STEPS = (*PARTS, *WRITING)
"""What happens, in order."""


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
    if folder.standing(out, config) and (found := described.read(out)):
        return Written(out, found["sha256"], found["files"], None)
    began = perf_counter()
    with folder.building(out) as staged:
        world = build(config, progress)
        _tables(staged, world, progress)
        progress(WRITING[2])
        scene_files.write(staged / "data" / "scenes", staged / TRUTH / "scenes", scenes_of(world))
        progress(WRITING[3])
        files = folder.files_of(staged)
        sha256 = folder.content_hash(staged, files)
        described.write(staged, config, sha256, len(files))
    return Written(out, sha256, len(files), perf_counter() - began)


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
