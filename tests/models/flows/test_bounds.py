"""Bounds on ordinary flows hold for all lengths at once, on draws in which the truth is known."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.flows.bounds import simultaneous_bound, template, urn
from models.flows.calibrate import conformal


def drawn(tests, null_rows, signals, chance, shift=4.0):
    """Conformal p-values in rising order and whether each is of an ordinary flow."""
    statistics = chance.normal(size=tests)
    statistics[:signals] += shift
    p = conformal(statistics, chance.normal(size=null_rows))
    order = np.argsort(p, kind="stable")
    return p[order], order >= signals


@pytest.mark.parametrize(("tests", "null_rows", "signals"), [(100, 200, 0), (150, 150, 15), (200, 50, 10)])
def test_the_bound_holds_for_all_lengths_at_once_in_nine_of_ten_lists(tests, null_rows, signals):
    chance, lists = np.random.default_rng(1), 1500
    known = template(tests, null_rows, tests, chance)
    held = 0
    for _ in range(lists):
        p, is_ordinary = drawn(tests, null_rows, signals, chance)
        held += bool((np.cumsum(is_ordinary) <= known.bound(p)).all())
    # Three standard errors of a share of 0.9: over that many lists, and over the 999 draws behind the template.
    assert held / lists >= 0.9 - 3 * np.sqrt(0.09 / lists + 0.09 / 999)


def test_the_bound_holds_where_the_clean_rows_are_on_the_list_too():
    chance, lists = np.random.default_rng(9), 1000
    known = template(150, 100, 150, chance)
    held = 0
    for _ in range(lists):
        null = chance.normal(size=100)
        p = np.sort(conformal(np.concatenate([null, chance.normal(size=50)]), null))
        held += bool((np.arange(1, 151) <= known.bound(p)).all())
    assert held / lists >= 0.9 - 3 * np.sqrt(0.09 / lists + 0.09 / 999)


def test_with_a_large_null_the_bound_says_something():
    chance = np.random.default_rng(2)
    known = template(1000, 20_000, 50, chance)
    bounds = [known.bound(drawn(1000, 20_000, 50, chance)[0][:50])[49] for _ in range(20)]
    assert np.mean(bounds) < 15  # of 50 flows, of which about one is ordinary


def test_with_a_small_null_the_bound_is_the_list_itself():
    chance = np.random.default_rng(3)
    p, _ = drawn(14_000, 521, 50, chance)
    assert simultaneous_bound(p, 521, chance, most=50).tolist() == list(range(1, 51))


def test_the_bound_equals_the_slow_definition():
    chance = np.random.default_rng(4)
    p, _ = drawn(60, 200, 10, chance)
    fast = simultaneous_bound(p, 200, np.random.default_rng(5), most=60)
    known = template(60, 200, 60, np.random.default_rng(5))
    slow = []
    for k in range(1, 61):
        above = [sum(one > (x + 0.5) / 201 for one in p[:k]) for x in known.places]
        slow.append(min(k, *(a + b for a, b in zip(above, known.allowed, strict=True))))
    assert fast.tolist() == slow


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 2**16))
def test_the_bound_never_falls_rises_by_one_at_most_and_never_exceeds_the_list(tests, null_rows, seed):
    chance = np.random.default_rng(seed)
    p, _ = drawn(tests, null_rows, min(3, tests), chance)
    bound = simultaneous_bound(p, null_rows, chance, most=tests)
    steps = np.diff(bound, prepend=0)
    assert set(steps) <= {0, 1}
    assert (bound <= np.arange(1, tests + 1)).all()


def test_the_urn_fills_the_first_gap_as_polya_says():
    """P(no test beats any of n null rows) = n / (n + m) for m tests: all orders of n + m rows are alike."""
    first = urn(4, 6, np.array([1]), np.random.default_rng(6), 40_000)[:, 0]
    for count in range(5):
        expected = comb(4 - count + 5, 5) / comb(10, 6)
        assert np.mean(first == count) == pytest.approx(expected, abs=0.01)


def test_nothing_tested_gives_no_bound():
    assert simultaneous_bound(np.empty(0), 9, np.random.default_rng(0)).size == 0


def test_the_same_seed_gives_the_same_bound():
    p, _ = drawn(100, 300, 10, np.random.default_rng(7))
    one, other = (simultaneous_bound(p, 300, np.random.default_rng(8)) for _ in range(2))
    assert one.tolist() == other.tolist()
