import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.sums import total, whole

SIZES = st.floats(1e-6, 1e12)


@given(st.lists(st.tuples(st.integers(0, 3), SIZES), min_size=1, max_size=80), st.randoms())
def test_row_order_changes_no_bit(rows, chance):
    shuffled = list(rows)
    chance.shuffle(shuffled)
    sums = []
    for one in (rows, shuffled):
        frame = pl.DataFrame(one, schema={"group": pl.Int64, "value": pl.Float64}, orient="row")
        for engine in ("in-memory", "streaming"):
            added = frame.lazy().group_by("group").agg(total(pl.col("value")), whole(pl.col("value")).alias("whole"))
            sums.append(added.sort("group").collect(engine=engine))
    assert all(one.equals(sums[0]) for one in sums)
    for group, found, _ in sums[0].iter_rows():
        assert found == pytest.approx(math.fsum(value for key, value in rows if key == group), rel=1e-12)


@pytest.mark.parametrize(
    ("values", "known", "complete"),
    [([1.0, None, 2.5], 3.5, None), ([None, None], None, None), ([0.0], 0.0, 0.0), ([2.0, 1.0], 3.0, 3.0)],
)
def test_what_is_missing_is_not_zero(values, known, complete):
    frame = pl.DataFrame({"group": "a", "value": pl.Series(values, dtype=pl.Float64)})
    found = frame.group_by("group").agg(known=total(pl.col("value")), complete=whole(pl.col("value")))
    assert found.select("known", "complete").row(0) == (known, complete)
