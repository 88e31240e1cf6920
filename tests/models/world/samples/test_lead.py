import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.samples.lead import AT_START, START_GA, carried, growth, ratios_of

RATIOS = st.tuples(st.floats(14, 22), st.floats(14.5, 16.5), st.floats(34, 42))


def test_growth_today_is_the_published_average_lead():
    # Stacey and Kramers 1975, table 6, age 0.
    assert growth([0.0])[0] == pytest.approx([18.700, 15.628, 38.63], abs=0.005)


def test_growth_begins_at_the_second_stage():
    assert growth([START_GA])[0] == pytest.approx(AT_START)


def test_older_lead_has_less_of_what_uranium_and_thorium_make():
    ages = growth(np.linspace(0.0, 3.5, 20))
    assert (np.diff(ages, axis=0) < 0).all()


def test_more_uranium_moves_the_first_two_ratios_and_more_thorium_the_third():
    plain, uranium, thorium = growth([1.0]), growth([1.0], mu=10.5, kappa=3.6), growth([1.0], kappa=4.2)
    assert (uranium[0, :2] > plain[0, :2]).all()
    assert thorium[0, :2] == pytest.approx(plain[0, :2])
    assert thorium[0, 2] > plain[0, 2]


@given(RATIOS, st.floats(1e-3, 1e6))
def test_what_is_carried_gives_its_ratios_back(ratios, lead):
    assert ratios_of(carried(np.array([lead]), np.array([ratios])))[0] == pytest.approx(ratios)


@given(RATIOS, RATIOS, st.floats(1e-3, 1e3), st.floats(1e-3, 1e3))
def test_a_mixture_lies_between_its_parts(first, second, lead, other):
    mixed = ratios_of(carried(np.array([lead, other]), np.array([first, second])).sum(axis=0))
    low, high = np.minimum(first, second), np.maximum(first, second)
    assert (mixed >= low - 1e-9).all()
    assert (mixed <= high + 1e-9).all()


def test_a_mixture_of_equal_amounts_of_lead_by_hand():
    # 204Pb is 1/(1+17+15+36) = 1/69 of the first and 1/(1+19+16+38) = 1/74 of the second.
    mixed = ratios_of(carried(np.array([1.0, 1.0]), np.array([[17.0, 15, 36], [19.0, 16, 38]])).sum(axis=0))
    assert mixed[0] == pytest.approx((17 / 69 + 19 / 74) / (1 / 69 + 1 / 74))
