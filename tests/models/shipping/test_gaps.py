"""Silences, beside a slow reference."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.shipping.gaps import silences

HOUR = 3_600
ROW = st.tuples(st.integers(1, 3), st.integers(0, 60 * HOUR), st.booleans())


def found(rows: list[tuple[int, int, float, float]]) -> set[tuple[int, int, int]]:
    arrays = [np.array(column) for column in zip(*rows, strict=True)]
    frame = silences(
        arrays[0].astype(np.int64), arrays[1].astype(np.int64), arrays[2].astype(float), arrays[3].astype(float)
    )
    return set(frame.select("sender", "began_s", "ended_s").iter_rows())


@given(st.lists(ROW, min_size=1, max_size=30))
def test_gaps_are_those_of_the_slow_reference(rows: list[tuple[int, int, bool]]) -> None:
    times = defaultdict(set)
    for sender, seconds, _ in rows:
        times[sender].add(seconds)
    slow = {
        (sender, one, other)
        for sender, heard in times.items()
        for one, other in zip(sorted(heard)[:-1], sorted(heard)[1:], strict=True)
        if other - one >= 8 * HOUR
    }
    nan = float("nan")
    assert found([(sender, s, 0.5 if has else nan, 0.5 if has else nan) for sender, s, has in rows]) == slow


def test_a_silence_of_just_eight_hours_is_a_gap() -> None:
    assert found([(1, 0, 0.0, 0.0), (1, 8 * HOUR, 0.1, 0.0)]) == {(1, 0, 8 * HOUR)}
    assert not found([(1, 0, 0.0, 0.0), (1, 8 * HOUR - 1, 0.1, 0.0)])


def test_no_gap_between_two_ships_and_none_hidden_by_the_other() -> None:
    # The second ship is heard for two hours only, the first falls silent while it is.
    first = [(1, HOUR * at, 0.05 * at, 0.0) for at in (*range(5), *range(16, 20))]
    second = [(1, HOUR * at + 60, 60.0, 10.0) for at in range(5, 12)]
    assert found([*first, *second]) == {(1, 4 * HOUR, 16 * HOUR)}


def test_a_gap_ends_where_the_ship_was_placed() -> None:
    nan = float("nan")
    rows = [
        (1, 0, 1.0, 2.0),
        (1, HOUR, nan, nan),
        (1, 20 * HOUR, nan, nan),
        (1, 21 * HOUR, 3.0, 4.0),
        (1, 22 * HOUR, 3.1, 4.0),
    ]
    arrays = [np.array(column) for column in zip(*rows, strict=True)]
    one = silences(*arrays).row(0, named=True)
    assert (one["began_s"], one["ended_s"]) == (HOUR, 20 * HOUR)
    assert (one["lon"], one["lat"], one["lon_end"], one["lat_end"]) == (1.0, 2.0, 3.0, 4.0)
