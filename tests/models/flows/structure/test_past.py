"""A number against its own earlier years."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.flows.structure.past import grown, studentised, traded, usual
from tests.models.flows.frames import context
from tests.models.flows.structure import slow


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 10), min_size=1, max_size=12))
def test_usual_is_the_median_of_the_last_five_earlier_years(values):
    rows = pl.DataFrame({"pair": ["A"] * len(values), "y": values}).with_columns(usual("y", ["pair"]).alias("usual"))
    expected = [slow.usual(values[:at]) for at in range(len(values))]
    assert rows["usual"].to_list() == pytest.approx(expected)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_spread_is_that_of_earlier_years_only(seed):
    rng = np.random.default_rng(seed)
    rows = pl.DataFrame(
        {
            "source": rng.choice(["one", "two"], 80),
            "period": rng.integers(2010, 2015, 80).astype(np.int32),
            "exporter": rng.choice(["A", "B", "C"], 80),
            "importer": rng.choice(["A", "B"], 80),
            "band": rng.integers(0, 3, 80),
            "change": [float(one) if rng.random() > 0.1 else None for one in rng.normal(0, 2, 80)],
        }
    )
    found = studentised(rows, "change")
    assert found.select(rows.columns).equals(rows)
    expected = slow.spreads(rows.to_dicts())
    assert found["spread"].to_list() == pytest.approx(expected)
    assert any(one is not None for one in expected)


def test_growth_is_measured_against_the_pair_the_market_and_the_spread():
    rows = traded(slow.table(*slow.noisy()), context())
    found = grown(rows)
    moves = []
    for row in rows.iter_rows(named=True):
        earlier = [
            np.log(one["value_usd"]) for one in rows.iter_rows(named=True)
            if (one["exporter"], one["importer"]) == (row["exporter"], row["importer"])
            and one["period"] < row["period"]
        ]  # fmt: skip
        expected = slow.usual(earlier)
        moves.append(row | {"change": None if expected is None else np.log(row["value_usd"]) - expected})
    moves = slow.less_shared(moves)
    expected = [
        move["change"] / spread if spread and move["change"] is not None else None
        for move, spread in zip(moves, slow.spreads(moves), strict=True)
    ]
    assert found["z"].to_list() == pytest.approx(expected)
