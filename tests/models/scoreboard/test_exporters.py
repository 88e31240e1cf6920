import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scoreboard.exporters import DRAWS, LEVEL, SEED, upper_p


def slow(owner: list[int]) -> list[float]:
    """The same by drawing whole exporters and counting rows one by one, for every number of null rows."""
    exporters = max(owner) + 1
    times = np.random.default_rng(SEED).multinomial(exporters, np.full(exporters, 1 / exporters), size=DRAWS)
    found: list[float] = []
    for far in range(len(owner) + 1):
        drawn = [(1 + sum(one[who] for who in owner[:far])) / (1 + sum(one[who] for who in owner)) for one in times]
        p = max((1 + far) / (len(owner) + 1), float(np.quantile(drawn, LEVEL)))
        found.append(max([p, *found[-1:]]))
    return found


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30).map(lambda drawn: [*drawn, *range(5)]))
def test_p_of_every_number_of_rows_as_slowly_counted(owner):
    places, p = upper_p(np.array(owner))
    assert places.tolist() == list(range(len(owner) + 1))
    assert p == pytest.approx(slow(owner))


def test_the_fewer_exporters_hold_the_null_the_larger_p():
    rows = 2000
    few, many = (upper_p(np.random.default_rng(1).permutation(rows) % count) for count in (5, 500))
    by_one = upper_p(np.repeat(np.arange(20), rows // 20))
    at = np.searchsorted(few[0], 20)
    plain = (1 + few[0][at]) / (rows + 1)
    assert plain < many[1][at] < by_one[1][at]
    assert many[1][at] < 1.5 * plain < 1.9 * plain < by_one[1][at]
    assert all((np.diff(p) >= 0).all() for _, p in (few, many, by_one))


def test_one_exporter_tells_no_spread_and_none_tells_nothing():
    places, p = upper_p(np.zeros(9, dtype=np.int64))
    assert p == pytest.approx((1 + places) / 10)
    empty = upper_p(np.empty(0, dtype=np.int64))
    assert [one.tolist() for one in empty] == [[0], [1.0]]
