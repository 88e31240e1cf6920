"""Which cases a measurement needs, and where it keeps them."""

import math
from dataclasses import dataclass
from pathlib import Path

from models.scoreboard import protocol
from models.scoreboard.names import WORLDS
from models.world.config import Size
from pipelines.scoreboard.cache import Wanted
from pipelines.scoreboard.cubes import CUBES, available

Cases = tuple[Wanted, ...]
SIZE: Size = "medium"
"""Size of the protocol's worlds."""


@dataclass(frozen=True)
class Plan:
    """A measurement."""

    cache: Path
    training: Cases
    calibration: Cases
    tests: Cases
    planted_training: dict[str, Cases]
    """By cube of real trade."""
    planted_tests: dict[str, Cases]
    processes: int

    @property
    def planted(self) -> Cases:
        """Plantings that teach, of all cubes."""
        return tuple(one for cases in self.planted_training.values() for one in cases)

    @property
    def cases(self) -> Cases:
        """All of them, worlds first."""
        planted = (one for cases in self.planted_tests.values() for one in cases)
        return (*self.training, *self.calibration, *self.tests, *self.planted, *planted)

    @property
    def is_whole(self) -> bool:
        """False for a measurement that was cut short: fewer or smaller worlds, fewer plantings or cubes."""
        sizes = {one.size for one in (*self.training, *self.calibration, *self.tests)}
        worlds = (self.training, protocol.TRAINING_WORLDS), (self.calibration, protocol.CALIBRATION_WORLDS), (
            self.tests, protocol.TEST_WORLDS
        )  # fmt: skip
        planted = (self.planted_training, protocol.TRAINING_PLANTINGS), (self.planted_tests, protocol.TEST_PLANTINGS)
        return (
            sizes == {SIZE}
            and all(_has(cases, seeds) for cases, seeds in worlds)
            and all(_has(cubes.get(cube, ()), seeds) for cubes, seeds in planted for cube in CUBES)
        )


def _has(cases: Cases, seeds: range) -> bool:
    return [one.seed for one in cases] == list(seeds)


def plan(cache: Path, data: Path | None, worlds: int | None, plantings: int | None, size: Size, processes: int) -> Plan:
    """The frozen protocol, or its first part: `worlds` and `plantings` test cases, with as large a part of the rest."""
    count = len(protocol.TEST_WORLDS) if worlds is None else worlds
    planted = len(protocol.TEST_PLANTINGS) if plantings is None else plantings
    cubes = available(data) if data and planted else ()

    def part_of(seeds: range, asked: int, whole: range) -> range:
        return seeds[: math.ceil(len(seeds) * min(asked, len(whole)) / len(whole))]

    def made(seeds: range) -> Cases:
        return tuple(Wanted(WORLDS, seed, size) for seed in part_of(seeds, count, protocol.TEST_WORLDS))

    def grown(seeds: range) -> dict[str, Cases]:
        chosen = part_of(seeds, planted, protocol.TEST_PLANTINGS)
        return {cube: tuple(Wanted(cube, seed, data=data or Path()) for seed in chosen) for cube in cubes}

    return Plan(
        cache,
        made(protocol.TRAINING_WORLDS),
        made(protocol.CALIBRATION_WORLDS),
        made(protocol.TEST_WORLDS),
        grown(protocol.TRAINING_PLANTINGS),
        grown(protocol.TEST_PLANTINGS),
        processes,
    )
