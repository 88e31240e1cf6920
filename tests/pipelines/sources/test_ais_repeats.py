"""Repetitions told by a table of numbers, held to a set of everything that came before."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.ais_repeats import Seen, key

START = datetime(2024, 10, 1, tzinfo=UTC)
Said = tuple[int, int, float | None]


def reports(said: list[Said]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "sender": pl.Series([one[0] for one in said], dtype=pl.Int64),
            "time": pl.Series([START + timedelta(seconds=one[1]) for one in said], dtype=pl.Datetime("us", "UTC")),
            "lon": pl.Series([one[2] for one in said], dtype=pl.Float64),
            "lat": pl.Series([one[2] for one in said], dtype=pl.Float64),
        }
    )


SAID = st.tuples(st.integers(1, 3), st.integers(0, 3), st.sampled_from([None, 0.0, 1.5]))


@given(st.lists(st.lists(SAID, max_size=30), max_size=6), st.sampled_from([2, 8, 1 << 10]))
def test_a_report_is_first_once_whatever_the_blocks(blocks: list[list[Said]], slots: int) -> None:
    seen, before = Seen(first_slots=slots), set[Said]()
    for block in blocks:
        expected = []
        for one in block:
            expected.append(one not in before)
            before.add(one)
        assert seen.first(reports(block)).to_list() == expected


def test_both_zeros_are_one_place_and_no_place_is_another() -> None:
    frame = reports([(1, 0, 0.0), (1, 0, -0.0), (1, 0, None), (1, 0, 5e-324)])
    assert Seen().first(frame).to_list() == [True, False, True, True]


def test_a_table_that_may_not_grow_still_tells_the_latest() -> None:
    seen = Seen(first_slots=4, most_slots=64)
    said = [(number, 0, 1.0) for number in range(1, 501)]
    for one in said:
        assert seen.first(reports([one])).to_list() == [True]
    assert len(seen.table) == 64
    # Half of the slots may be taken, so the latest 32 are told at least.
    assert seen.first(reports(said[-32:])).to_list() == [False] * 32


def test_numbers_of_reports_hardly_ever_meet() -> None:
    said = [(sender, second, degree / 4) for sender in range(40) for second in range(50) for degree in range(50)]
    keys = key(reports(said))
    assert len(np.unique(keys)) == len(said)
    assert (keys != 0).all()
    # Each of the 64 bits is set about half of the time.
    shares = [float(((keys >> np.uint64(bit)) & np.uint64(1)).mean()) for bit in range(64)]
    assert min(shares) > 0.49
    assert max(shares) < 0.51
