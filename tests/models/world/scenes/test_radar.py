from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.world.parameters.scenes import Scenes
from models.world.scenes.radar import acquired, backscatter, speckle
from models.world.scenes.seasons import seasons
from models.world.scenes.spectra import ENDMEMBERS

PARAMETERS = Scenes()
MONTHS = tuple(date(2020 + at // 12, at % 12 + 1, 1) for at in range(48))


@pytest.mark.parametrize("looks", [1.0, 4.4, 12.0])
@pytest.mark.parametrize("correlation", [0.0, 0.4])
def test_speckle_has_the_stated_number_of_looks(looks, correlation):
    factors = speckle(np.random.default_rng(1), looks, correlation, (20, 150, 150))
    assert factors.mean() == pytest.approx(1.0, rel=0.01)
    assert factors.mean() ** 2 / factors.var() == pytest.approx(looks, rel=0.03)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.4, 0.6])
def test_speckle_of_neighbours_is_alike(correlation):
    factors = speckle(np.random.default_rng(1), 20.0, correlation, (20, 150, 150))
    logs = np.log(factors)
    for axis in (1, 2):
        first, second = np.delete(logs, 0, axis).ravel(), np.delete(logs, -1, axis).ravel()
        assert np.corrcoef(first, second)[0, 1] == pytest.approx(correlation, abs=0.02)
    assert np.corrcoef(logs[:, :, :5].ravel(), logs[:, :, 5:10].ravel())[0, 1] == pytest.approx(0.0, abs=0.03)


def mean_db(material: str) -> np.ndarray:
    """Mean backscatter of VV and VH over time."""
    shares = np.zeros((len(MONTHS), len(ENDMEMBERS), 24, 24), dtype=np.float32)
    shares[:, ENDMEMBERS.index(material)] = 1.0
    year = seasons(np.random.default_rng(2), -8.0, MONTHS)
    return 10 * np.log10(backscatter(np.random.default_rng(1), PARAMETERS, shares, year).mean(axis=(0, 2, 3)))


def test_forest_is_brighter_than_bare_ground_and_that_than_water():
    forest, soil, lake = (mean_db(name) for name in ("green_vegetation", "laterite", "clear_water"))
    assert np.all(forest > soil + 2)
    assert np.all(soil > lake + 2)
    assert forest[0] - forest[1] == pytest.approx(5.5, abs=1)


def test_months_without_acquisition_are_no_data():
    mean = np.full((500, 2, 4, 4), 0.1)
    seen = acquired(np.random.default_rng(1), replace(PARAMETERS, radar_gap_chance=0.1), mean)
    gone = np.isnan(seen).all(axis=(1, 2, 3))
    assert seen.dtype == np.float32
    assert gone.mean() == pytest.approx(0.1, abs=0.04)
    assert np.all(seen[~gone] > 0)
