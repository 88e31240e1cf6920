import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.customs.draws import Draws
from models.world.customs.sums import added

NUMBERS = np.arange(200_000)
CONFIG = WorldConfig.sized("small", 3)


def test_a_number_depends_on_its_keys_alone() -> None:
    draws = Draws.of(CONFIG, "test")
    every_tenth = draws.uniform(NUMBERS[::10], 7)
    assert (draws.uniform(NUMBERS, 7)[::10] == every_tenth).all()


def test_purposes_seeds_keys_and_their_order_give_other_numbers() -> None:
    draws = Draws.of(CONFIG, "test")
    first = draws.uniform(NUMBERS, 1)
    others = [
        draws.uniform(1, NUMBERS),
        draws.uniform(NUMBERS, 2),
        draws.uniform(NUMBERS, 1, nth=1),
        Draws.of(CONFIG, "other").uniform(NUMBERS, 1),
        Draws.of(WorldConfig.sized("small", 4), "test").uniform(NUMBERS, 1),
    ]
    for other in others:
        # Independent uniform numbers of this count are correlated by less than 0.0022 in two cases of three.
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.01


def test_uniform_and_normal_numbers_have_their_moments() -> None:
    draws = Draws.of(CONFIG, "test")
    uniform, normal = draws.uniform(NUMBERS), draws.normal(NUMBERS)
    assert uniform.min() > 0
    assert uniform.max() < 1
    np.testing.assert_allclose(np.quantile(uniform, (0.1, 0.5, 0.9)), (0.1, 0.5, 0.9), atol=0.005)
    np.testing.assert_allclose((normal.mean(), normal.std()), (0, 1), atol=0.01)


def test_a_tail_widens_the_ends_more_than_the_middle() -> None:
    draws = Draws.of(CONFIG, "test")
    plain, heavy = (np.quantile(draws.heavy(tail, NUMBERS), (0.75, 0.99)) for tail in (0.0, 0.75))
    assert heavy[0] / plain[0] < 1.05
    assert heavy[1] / plain[1] > 1.5


def test_sums_are_the_same_to_the_last_bit_in_any_order() -> None:
    chance = np.random.default_rng(0)
    keys = {"a": chance.integers(0, 5, 5000), "b": chance.integers(0, 3, 5000)}
    frame = pl.DataFrame({**keys, "v": np.exp(chance.normal(0, 9, 5000))})
    once = added(frame, ["a", "b"], ["v"])
    assert once.equals(added(frame.sample(fraction=1.0, shuffle=True, seed=1), ["a", "b"], ["v"]))
    assert once.height == 15
    np.testing.assert_allclose(once["v"].sum(), frame["v"].sum())


def test_sums_of_nothing_are_nothing() -> None:
    frame = pl.DataFrame({"a": [1], "v": [2.0]}).clear()
    assert added(frame, ["a"], ["v"]).equals(frame)
