"""Plain rungs against slow obvious counts."""

import numpy as np
import polars as pl
import pytest

from models.flows.history import size_band
from models.ladder.baselines import MINIMUM, Mean3, Persistence, zero_shares
from models.ladder.cells import cells
from models.ladder.gravity import with_gravity
from models.ladder.rung import LEVELS
from tests.models.flows.frames import baci, flows
from tests.models.ladder.trade import drawn


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    return with_gravity(cells(drawn(11, countries=12, share=0.8)))


def everything(found: pl.DataFrame) -> np.ndarray:
    return np.ones(found.height, bool)


def test_quantiles_are_those_of_earlier_misses_in_the_size_band(found: pl.DataFrame) -> None:
    said = Persistence().forecast(found, everything(found)).quantiles
    rows = found.select("year", "log_value", "last_log_value").to_dicts()
    bands = size_band(np.exp([row["last_log_value"] or 0.0 for row in rows]))
    misses = [
        (row["year"], band, row["log_value"] - row["last_log_value"])
        for row, band in zip(rows, bands, strict=True)
        if row["log_value"] is not None and row["last_log_value"] is not None
    ]
    narrow = 0
    for place in range(0, found.height, 17):
        row = rows[place]
        earlier = [miss for year, _, miss in misses if year < row["year"]]
        alike = [miss for year, band, miss in misses if year < row["year"] and band == bands[place]]
        if row["last_log_value"] is None or len(earlier) < MINIMUM:
            assert np.isnan(said[place]).all()
            continue
        narrow += len(alike) >= MINIMUM
        expected = row["last_log_value"] + np.quantile(alike if len(alike) >= MINIMUM else earlier, LEVELS)
        assert said[place] == pytest.approx(expected)
    assert narrow > 10


def test_the_mean_counts_zeros_and_leaves_out_what_is_unknown() -> None:
    usd = {2000: 90.0, 2001: 30.0, 2003: 60.0}
    rows = [baci("XAA", "XBB", year, value, value) for year, value in usd.items()]
    rows += [baci("XCC", "XDD", year, 10.0, 1.0) for year in range(2000, 2006) if year != 2002]
    pair = cells(flows(*rows)).filter(pl.col("exporter") == "XAA")
    mean = pl.mean_horizontal(pl.col(f"log_lag_{lag}").exp() - 1.0 for lag in (1, 2, 3))
    # 2002 holds no flow of anyone, so that it is unknown, and 2004 and 2005 are zeros.
    assert pair.select(mean).to_series().to_list() == pytest.approx([None, 90.0, 60.0, 60.0, 45.0, 30.0])
    assert Mean3().lacking() is None


def test_the_mean_of_three_is_the_middle_of_its_rung(found: pl.DataFrame) -> None:
    said = Mean3().forecast(found, everything(found)).quantiles
    rows = found.with_row_index("place").filter(pl.col("year") == 2010, pl.col("last_log_value").is_not_null())
    log_mean = []
    for row in rows.to_dicts():
        known = [np.expm1(row[f"log_lag_{lag}"]) for lag in (1, 2, 3) if row[f"log_lag_{lag}"] is not None]
        log_mean.append(np.log(np.mean(known)) if sum(known) > 0 else row["last_log_value"])
    offset = said[rows["place"].to_numpy()] - np.array(log_mean)[:, None]
    bands = size_band(np.exp(rows["last_log_value"].to_numpy()))
    for band in np.unique(bands):
        assert np.ptp(offset[bands == band], axis=0) == pytest.approx(0.0, abs=1e-9)


def test_zero_shares_are_counted_in_earlier_years_of_the_same_pattern(found: pl.DataFrame) -> None:
    said = zero_shares(found)
    rows = found.to_dicts()

    def pattern(row: dict) -> tuple:
        traded = tuple((row[f"log_lag_{lag}"] or 0.0) > 0 for lag in (1, 2, 3))
        gap = row["gap_years"] or 0.0
        return traded if any(traded) else (gap > 5, gap > 10)

    counted = [(row["year"], pattern(row), row["value_usd"] == 0) for row in rows if not row["is_first"]]
    for place in range(0, found.height, 13):
        row = rows[place]
        earlier = [(kind, zero) for year, kind, zero in counted if year < row["year"]]
        if row["is_first"] or len(earlier) < MINIMUM:
            assert np.isnan(said[place])
            continue
        overall = (sum(zero for _, zero in earlier) + 1) / (len(earlier) + 2)
        alike = [zero for kind, zero in earlier if kind == pattern(row)]
        assert said[place] == pytest.approx((sum(alike) + overall) / (len(alike) + 1))


def test_unwanted_cells_and_first_years_get_nothing(found: pl.DataFrame) -> None:
    wanted = (found["year"] == 2009).to_numpy()
    said = Persistence().forecast(found, wanted).quantiles
    spoken = np.isfinite(said).all(axis=1)
    assert spoken.any()
    assert not spoken[~wanted | found["is_first"].to_numpy()].any()


def test_a_trade_too_small_to_learn_from_is_left_alone() -> None:
    small = with_gravity(cells(flows(*(baci("XAA", "XBB", year, 10.0, 1.0) for year in range(2000, 2010)))))
    said = Persistence().forecast(small, everything(small))
    assert np.isnan(said.quantiles).all()
    assert np.isnan(said.p_zero).all()
