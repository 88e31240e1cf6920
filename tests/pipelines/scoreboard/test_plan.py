"""A measurement counts as whole only where it leaves nothing of the protocol out."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.scoreboard import protocol
from pipelines.scoreboard.cubes import BACI_FILE, CUBES, DECLARED
from pipelines.scoreboard.plan import Plan, plan


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder that holds every cube by name."""
    for name in (*DECLARED.values(), BACI_FILE):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return tmp_path


def whole(data: Path | None, worlds: int | None = None, plantings: int | None = None, size="medium") -> Plan:
    return plan(Path("cache"), data, worlds, plantings, size, 1)


def test_the_whole_protocol_is_whole(data: Path) -> None:
    made = whole(data)
    assert made.is_whole
    assert [one.seed for one in made.tests] == list(protocol.TEST_WORLDS)
    assert set(made.planted_tests) == set(CUBES)
    assert whole(data, 20, 20).is_whole


@pytest.mark.parametrize("less", [{"worlds": 19}, {"plantings": 19}, {"plantings": 0}, {"size": "small"}])
def test_fewer_worlds_plantings_or_smaller_worlds_are_a_part(data: Path, less: dict[str, int]) -> None:
    assert not whole(data, **less).is_whole


def test_without_real_trade_or_one_of_its_cubes_it_is_a_part(data: Path) -> None:
    assert not whole(None).is_whole
    (data / DECLARED["nickel"]).unlink()
    assert not whole(data).is_whole


def test_other_seeds_are_not_the_protocol_s(data: Path) -> None:
    made = whole(data)
    moved = tuple(replace(one, seed=one.seed - 1000) for one in made.tests)
    assert not replace(made, tests=moved).is_whole
