import math

import polars as pl
import pytest

from models.scoreboard.alone import ppml_residual, raw_gap, standardised_gap

FLOWS = pl.DataFrame(
    {
        "commodity": ["1", "1", "1"],
        "export_value_usd": [100.0, None, 1000.0],
        "import_value_usd": [150.0, 500.0, None],
        "reconciled_value_usd": [math.e, 1.0, None],
        "log_fitted": [3.0, 0.5, 1.0],
    }
)


def test_a_silent_side_counts_as_zero_in_the_raw_gap():
    assert raw_gap(FLOWS).to_list() == [50.0, 500.0, 1000.0]


def test_standardised_gap_by_hand():
    logs = [math.log(1150 / 1100), math.log(1.5), math.log(1000 / 2000)]
    middle = logs[0]
    off = [abs(one - middle) for one in logs]
    spread = 1.4826 * sorted(off)[1]
    assert standardised_gap(FLOWS).to_list() == pytest.approx([one / spread for one in off])


def test_the_residual_is_unknown_where_the_value_is():
    assert ppml_residual(FLOWS).to_list() == [2.0, 0.5, None]
