import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.world.scenes.growth import NEVER, Work, grow


def work(opened: list[int], new: list[int], resting: tuple[int, ...] = ()) -> Work:
    months = len(opened)
    working = np.array([at not in resting for at in range(months)])
    centre = np.full(months, 2.0)
    return Work(np.array(opened), np.array(new), centre, centre, working)


def test_a_row_of_ground_is_dug_from_its_best_end():
    suitability = np.array([[5.0, 4.0, 3.0, 2.0, 1.0]])
    months = work([2, 2, 3, 3], [2, 1, 1, 0], resting=(3,))
    grown = grow(Work(months.open_px, months.new_px, np.zeros(4), np.zeros(4), months.is_working), suitability, 1e6)
    assert grown.open[:, 0].astype(int).tolist() == [[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 1, 1, 1, 0]]
    assert grown.idle_months[2, 0].tolist() == [2, 0, 0, 0, NEVER]
    assert grown.idle_months[3, 0].tolist() == [3, 1, 1, 1, NEVER]


def test_work_stays_near_its_centre():
    grown = grow(work([9], [9]), np.zeros((20, 20)), 3.0)
    rows, columns = np.nonzero(grown.open[0])
    assert sorted(zip(rows.tolist(), columns.tolist(), strict=True)) == [(r, c) for r in (1, 2, 3) for c in (1, 2, 3)]


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)), min_size=1, max_size=25), st.integers(0, 2**32 - 1))
def test_open_ground_is_as_large_as_told(months, seed):
    suitability = np.random.default_rng(seed).standard_normal((8, 8))
    told = work([opened for opened, _ in months], [min(new, opened) for opened, new in months])
    grown = grow(told, suitability, 4.0)
    assert grown.open.sum(axis=(1, 2)).tolist() == told.open_px.tolist()
    assert np.array_equal(grown.idle_months == 0, grown.open)
    ever = grown.idle_months >= 0
    assert np.all(ever[1:] | ~ever[:-1])  # what was opened once stays known
