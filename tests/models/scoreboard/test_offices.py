import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scoreboard.offices import SHRINK, less_office


def flows(offices: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame({
        "source": ["comtrade"] * len(offices),
        "exporter": [exporter for exporter, _ in offices],
        "period": [period for _, period in offices],
    })  # fmt: skip


def test_a_year_that_stands_out_as_a_whole_is_taken_off_by_hand():
    rows = flows([("CMR", 2014)] * 3 + [("CMR", 2013)] * 3)
    found = less_office(rows, np.array([8.0, 9.0, 20.0, 0.0, 1.0, 2.0]))
    # Medians: 9 of that year, 5 of all; three flows weigh 3 / 23.
    taken = 3 / (3 + SHRINK) * (9 - 5)
    assert found == pytest.approx([8 - taken, 9 - taken, 20 - taken, 0.0, 1.0, 2.0])


def test_what_is_not_known_stays_so_and_counts_nowhere():
    rows = flows([("CMR", 2014)] * 3 + [("CMR", 2013)] * 2)
    known = less_office(rows.filter(np.array([True, True, False, True, True])), np.array([8.0, 9.0, 0.0, 1.0]))
    found = less_office(rows, np.array([8.0, 9.0, np.nan, 0.0, 1.0]))
    assert found[[0, 1, 3, 4]] == pytest.approx(known)
    assert np.isnan(found[2])
    assert np.isnan(less_office(rows, np.full(5, np.nan))).all()
    assert less_office(rows.head(0), np.empty(0)).size == 0


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(2010, 2012), st.floats(-9, 9)), min_size=1, max_size=40))
def test_nothing_rises_and_the_order_inside_an_office_stays(drawn):
    rows = flows([(exporter, period) for exporter, period, _ in drawn])
    score = np.array([one for _, _, one in drawn])
    found = less_office(rows, score)
    assert (found <= score).all()
    less = pl.DataFrame({"office": rows["exporter"] + rows["period"].cast(pl.String), "less": score - found})
    assert (less.group_by("office").agg(pl.col("less").max() - pl.col("less").min())["less"] < 1e-9).all()
