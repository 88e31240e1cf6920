import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.scenes.cover import Group, Layer, abundances, recipe
from models.world.scenes.spectra import ENDMEMBERS

SHAPE = (3, 4)
SAND, SOIL, WATER = (ENDMEMBERS.index(name) for name in ("quartz_sand", "laterite", "clear_water"))


def layer(share: float, **mix: float) -> Layer:
    return Layer(np.full((1, *SHAPE), share), recipe(**mix))


def test_recipes_sum_to_1_and_know_no_negative_share():
    mixed = recipe(quartz_sand=3.0, laterite=np.array([1.0, -2.0]))
    assert mixed[:, SAND].tolist() == [0.75, 1.0]
    assert mixed[:, SOIL].tolist() == [0.25, 0.0]


def test_layers_take_their_share_of_what_those_above_left():
    found = abundances([layer(0.5, clear_water=1), layer(0.5, quartz_sand=1), layer(0.1, laterite=1)], 2, SHAPE)
    assert found.shape == (2, len(ENDMEMBERS), *SHAPE)
    assert found[1, [WATER, SAND, SOIL], 2, 3].tolist() == [0.5, 0.25, 0.25]


def test_a_group_keeps_to_its_outline():
    inside = Group(np.full((1, *SHAPE), 0.5), [layer(0.5, clear_water=1), layer(1.0, quartz_sand=1)])
    found = abundances([inside, layer(1.0, laterite=1)], 1, SHAPE)
    assert found[0, [WATER, SAND, SOIL], 0, 0].tolist() == [0.25, 0.25, 0.5]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_abundances_are_shares(shares, outline, seed):
    rng = np.random.default_rng(seed)
    mixes = [{name: float(rng.random()) for name in ENDMEMBERS} for _ in shares]
    layers = [layer(share, **mix) for share, mix in zip(shares, mixes, strict=True)]
    found = abundances([Group(np.full((1, *SHAPE), outline), layers), *layers], 1, SHAPE)
    assert found.min() >= 0
    assert found.sum(axis=1) == pytest.approx(np.ones((1, *SHAPE)), abs=1e-5)
