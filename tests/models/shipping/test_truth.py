"""What ships are said to have done in a small world, against what they did."""

import polars as pl
import pytest

from tests.models.shipping.worlds import (
    call_spells,
    encounter_spells,
    entangled,
    gap_spells,
    share,
    small_ships,
    vessel_of,
)  # fmt: skip
from tests.models.world.shipping.seas import small

LEAST = 0.95


def test_port_calls_are_found_and_no_others() -> None:
    true, told = call_spells(small(), small_ships())
    assert len(true) > 30
    assert share(told, true) >= LEAST
    assert share(true, told) >= LEAST


def test_gaps_are_found_with_both_their_reports_and_no_others() -> None:
    true, told = gap_spells(small(), small_ships())
    assert len(true) > 5
    assert len(told & true) / len(told) >= LEAST
    assert len(told & true) / len(true) >= LEAST


@pytest.mark.parametrize("seed", [1, 3])
def test_silences_from_one_identity_to_another_are_found_too(seed: int) -> None:
    """In these worlds the ship that borrowed an identity was silent just when it changed to it, or back."""
    true, told = gap_spells(small(seed), small_ships(seed))
    assert told == true
    handed = small_ships(seed).vessel_events.filter(pl.col("kind") == "gap", pl.col("other_track").is_not_null())
    assert handed.height == 1


def test_encounters_are_found_and_no_others() -> None:
    true, told = encounter_spells(small(), small_ships())
    assert true
    assert share(told, true) >= LEAST
    assert share(true, told) >= LEAST


def test_two_ships_on_one_identity_are_two_tracks_and_no_gap_is_called_on_them() -> None:
    world, found = small(), small_ships()
    shared = set(world.collisions["mmsi"])
    assert shared
    assert set(found.vessels.filter("is_split")["mmsi"]) == shared
    collisions = found.vessel_events.filter(pl.col("kind") == "identity_collision")
    assert collisions.height == world.collisions.height
    assert collisions["confidence"].min() > 0.8, "both ships are heard often"
    true, told = gap_spells(world, found)
    assert {gap for gap in told if gap[0] in entangled(world)} <= true
    assert set(vessel_of(world, found).values()) >= entangled(world)
