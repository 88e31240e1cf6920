import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.flows.history import MINIMUM, REACH, THRESHOLD, WINDOW, changes, middle, size_band
from models.flows.panel import Panel
from tests.models.flows.frames import flow, flows


def panel_of(values):
    """A panel with one pair per row of values; every cell exists."""
    rows = [flow(f"E{p}", f"I{p}", 2000 + t, 1.0) for p in range(len(values)) for t in range(len(values[0]))]
    return Panel.of(flows(*rows))


def run(values, usd=1e6):
    matrix = np.array(values, float)
    return changes(panel_of(values), matrix, np.full(matrix.shape, usd))


def slow_median(series, z, scale):
    """The obvious reference: walk the years, keep the clean ones, take the median of the last five."""
    kept, waiting, out = [], [], []
    for t, value in enumerate(series):
        window = [v for year, v in kept[-WINDOW:] if year >= t - REACH]
        out.append(float(np.median(window)) if len(window) >= MINIMUM else np.nan)
        if np.isnan(value):
            continue
        if abs(z[t]) > THRESHOLD:
            waiting = [*waiting, value][-3:]
            if len(waiting) == 3 and max(waiting) - min(waiting) <= THRESHOLD * scale[t]:
                kept += [(t, v) for v in waiting]
                waiting = []
        else:
            kept.append((t, value))
            waiting = []
    return out


def test_median_of_the_last_five_clean_years_leaves_out_the_year_out_of_line():
    noise = [[0.1, -0.1, 0.05, 0.0, 0.1, -0.05, 0.0, 0.1]] * 30
    series = [0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0]
    change = run([series, *noise])
    assert change.z[0, 5] > THRESHOLD
    assert change.median[0, 6] == 0.0
    assert change.years[0, 6] == 5


def test_no_history_no_judgement():
    change = run([[0.0, 0.0, 9.0, 0.0]] * 5)
    assert np.isnan(change.z[:, :MINIMUM]).all()


def test_a_level_that_holds_three_years_becomes_the_pairs_own():
    noise = [[0.1, -0.1] * 6] * 30
    change = run([[0.0] * 5 + [4.0] * 7, *noise])
    assert (change.z[0, 5:8] > THRESHOLD).all()
    assert change.median[0, 8] == 4.0
    assert abs(change.z[0, 9]) < 1


@pytest.mark.parametrize("seed", range(5))
def test_median_equals_the_slow_reference(seed):
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 0.2, (12, 15))
    values[rng.random(values.shape) < 0.2] = np.nan
    values[rng.random(values.shape) < 0.05] += 5
    values[0, 6:] += 4
    change = run(values.tolist())
    for pair in range(12):
        expected = slow_median(values[pair], change.z[pair], change.scale[pair])
        np.testing.assert_allclose(change.median[pair], expected)


def test_later_years_never_change_an_earlier_score():
    rng = np.random.default_rng(1)
    values = rng.normal(0, 0.3, (10, 12))
    early = run(values[:, :8].tolist())
    full = run(values.tolist())
    np.testing.assert_array_equal(early.z, full.z[:, :8])


@given(st.floats(-5, 5))
def test_shifting_a_pair_as_a_whole_changes_no_score(shift):
    rng = np.random.default_rng(2)
    values = rng.normal(0, 0.3, (6, 10))
    moved = values.copy()
    moved[3] += shift
    np.testing.assert_allclose(run(values.tolist()).z, run(moved.tolist()).z, atol=1e-9)


def test_size_bands_are_orders_of_magnitude():
    usd = np.array([0.0, 9_999.0, 10_000.0, 1e6, 5e8, 1e12, np.nan])
    assert size_band(usd).tolist() == [0, 0, 1, 3, 5, 5, 0]


@given(st.lists(st.lists(st.one_of(st.just(np.nan), st.floats(-9, 9)), min_size=5, max_size=5), min_size=1))
def test_the_middle_is_the_median_of_the_known_values(rows):
    values = np.array(rows)
    known = values[np.isfinite(values).any(axis=1)]
    assert middle(known).tolist() == np.nanmedian(known, axis=1).tolist()
