"""Strata by hand: what a learned score is compared with."""

import numpy as np
import polars as pl
import pytest

from models.flows.calibrate import conformal, null_pool, p_values
from models.flows.matching import UNMATCHED, named, renoised, stratum
from models.flows.mirror import mirror_gap
from tests.models.flows.frames import AS_OF, baci, context, flow, flows


@pytest.mark.parametrize(
    ("row", "number", "words"),
    [
        (baci("XAA", "XBB", 2020, 9e5, None), 1, "tin, reconciled, below 1 M USD"),
        (baci("XAA", "XBB", 2020, 1e6, None), 2, "tin, reconciled, from 1 M USD"),
        (flow("XAA", "XBB", 2020, None, 9e5), 3, "tin, one side, below 1 M USD"),
        (flow("XAA", "XBB", 2020, 2e6, 0.0), 4, "tin, one side, from 1 M USD"),
        (flow("XAA", "XBB", 2020, 1e5, 9e5), 5, "tin, both sides, below 1 M USD"),
        (flow("XAA", "XBB", 2020, 1e5, 5e6), 6, "tin, both sides, from 1 M USD"),
    ],
)
def test_sides_and_size_make_the_stratum(row, number, words):
    assert flows(row).select(stratum())["stratum"].to_list() == [number]
    assert named("tin", number) == words


def test_a_studentised_statistic_needs_no_stratum():
    assert named("tin", UNMATCHED) == "tin"
    assert flows().select(stratum()).schema == {"stratum": pl.UInt8}


def test_a_null_is_spread_to_the_tests_and_never_drawn_in():
    null, tests = np.linspace(-1, 1, 41), np.linspace(-3, 3, 41)
    assert renoised(null, tests).tolist() == pytest.approx((3 * null).tolist())
    assert renoised(tests, null).tolist() == tests.tolist()
    assert renoised(null[:10], tests).tolist() == null[:10].tolist()


def noisy_offices(seed):
    """Ordinary trade of offices that differ sixteenfold in noise, small flows twice as noisy as large ones."""
    chance = np.random.default_rng(seed)
    noise = np.exp(chance.uniform(np.log(0.05), np.log(0.8), (2, 10)))
    rows = []
    for exporter, importer in np.ndindex(10, 10):
        size, usual = 10 ** chance.uniform(4, 8), chance.normal(0.1, 0.2)
        spread = np.sqrt((noise[0, exporter] ** 2 + noise[1, importer] ** 2) / 2) * (2 if size < 1e6 else 1)
        for year in range(2005, 2020):
            exports = size * np.exp(chance.normal(0, 0.2))
            imports = exports * np.exp(usual + spread * chance.normal())
            rows.append(flow(f"Q{exporter}", f"R{importer}", year, exports, imports))
    return mirror_gap(flows(*rows), context()).with_columns(
        family=pl.lit("nickel"), as_of=pl.lit(AS_OF), stratum=pl.lit(0, dtype=pl.UInt8)
    )


def test_p_of_ordinary_flows_is_valid_however_unlike_the_offices_are():
    """On the clean rows and, as the null is re-noised, on those of noisy offices, where it would not be otherwise."""
    clean, noisy, blind = [], [], []
    for seed in range(6):
        rows = noisy_offices(seed)
        scores = p_values(rows, null_pool(rows.lazy())).join(rows.select("flow_id", "is_null"), on="flow_id")
        for found, is_clean in ((clean, True), (noisy, False)):
            found.append((scores.filter(is_null=is_clean)["p_value"] <= 0.1).mean())
        null, others = (rows.filter(is_null=one)["statistic"].to_numpy() for one in (True, False))
        blind.append((conformal(others, null) <= 0.1).mean())
    assert np.mean(blind) > 0.13
    for found in (clean, noisy):
        assert np.mean(found) <= 0.1 + 3 * np.std(found) / np.sqrt(len(found))
