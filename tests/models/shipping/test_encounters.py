"""Ships near each other, beside a slow reference that compares all with all."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphs.sphere import distance_km
from models.shipping.encounters import joined, near, runs
from models.shipping.rules import RULES

POINT = st.tuples(
    st.sampled_from("abcd"), st.integers(0, 3), st.sampled_from((-180.0, 179.999, 0.0, 0.004)),
    st.sampled_from((0.0, 0.004, 0.0046, 60.0)),
)  # fmt: skip


def frame(points: list[tuple[str, int, float, float]]) -> pl.DataFrame:
    once = {(track, step): (lon, lat) for track, step, lon, lat in points}
    rows = [(track, step, *where, 1.0) for (track, step), where in sorted(once.items(), key=lambda one: one[0][::-1])]
    return pl.DataFrame(rows, schema=["track", "step", "lon", "lat", "kn"], orient="row")


@given(st.lists(POINT, min_size=1, max_size=25))
def test_pairs_are_those_of_the_slow_reference(points: list[tuple[str, int, float, float]]) -> None:
    rows = frame(points)
    told = rows.select("track", "step", "lon", "lat").rows()
    slow = {
        (one[0], other[0], one[1])
        for one in told
        for other in told
        if one[0] < other[0] and one[1] == other[1] and distance_km(*one[2:], *other[2:]) <= RULES.encounter_km
    }
    assert set(near(rows, RULES).select("track", "other", "step").rows()) == slow


def pairs(*steps: int) -> pl.DataFrame:
    names = ["track", "other", "step", "lon", "lat", "km", "kn"]
    return pl.DataFrame([("a", "b", step, 0.0, 0.0, 0.1, 1.0) for step in steps], schema=names, orient="row")


def test_one_missing_step_is_bridged_and_two_are_not() -> None:
    assert runs(pairs(1, 2, 4, 5), RULES).select("began_step", "ended_step").rows() == [(1, 5)]
    assert runs(pairs(1, 2, 5, 6), RULES).select("began_step", "ended_step").rows() == [(1, 2), (5, 6)]


@given(st.sets(st.integers(0, 40), min_size=1), st.integers(1, 39))
def test_steps_cut_at_midnight_are_joined_again(steps: set[int], midnight: int) -> None:
    today, tomorrow = (sorted(one for one in steps if (one >= midnight) == later) for later in (False, True))
    parts = [runs(pairs(*part), RULES) for part in (today, tomorrow) if part]
    assert joined(pl.concat(parts), RULES).equals(runs(pairs(*sorted(steps)), RULES))
