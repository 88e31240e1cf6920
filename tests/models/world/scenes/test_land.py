"""The land of a scene: seasons, river, what lies on it."""

from datetime import date

import numpy as np
import pytest

from models.world.scenes import look_alikes
from models.world.scenes.backgrounds import BIOMES, background, banks, river_water
from models.world.scenes.cover import abundances
from models.world.scenes.river import river, water
from models.world.scenes.seasons import seasons
from models.world.scenes.spectra import ENDMEMBERS

MONTHS = tuple(date(2018 + at // 12, at % 12 + 1, 1) for at in range(72))
SHAPE = (48, 48)
GREEN, DRY, SOIL, TURBID, CLEAR = (
    ENDMEMBERS.index(name) for name in ("green_vegetation", "dry_vegetation", "laterite", "turbid_water", "clear_water")
)


@pytest.fixture
def year():
    return seasons(np.random.default_rng(1), -12.0, MONTHS)


def test_it_rains_in_the_summer_of_each_hemisphere():
    for lat, wettest in ((-15.0, {12, 1, 2}), (15.0, {6, 7, 8})):
        found = seasons(np.random.default_rng(1), lat, MONTHS)
        assert MONTHS[int(np.argmax(found.wetness))].month in wettest
        assert MONTHS[int(np.argmax(found.dry))].month not in wettest


def test_years_differ_in_their_floods(year):
    peaks = year.level.reshape(6, 12).max(axis=1)
    assert peaks.std() > 0.05
    assert year.wetness.reshape(6, 12).std(axis=0).max() == pytest.approx(0.0, abs=1e-12)


def test_a_river_rises_over_its_banks_and_never_leaves_its_bed():
    course = river(np.random.default_rng(3), SHAPE, (24.0, 24.0), 4.0, 8.0)
    shares = water(course.height, np.array([0.0, 0.5, 1.0]))
    assert shares.sum(axis=(1, 2))[0] < shares.sum(axis=(1, 2))[1] < shares.sum(axis=(1, 2))[2]
    assert np.all(shares[:, course.distance_px < 1.5] > 0.9)
    assert course.distance_px.min() < 1


@pytest.mark.parametrize("kind", BIOMES)
def test_biomes_are_green_and_greenest_after_the_rains(kind, year):
    found = abundances(background(np.random.default_rng(1), kind, year, SHAPE), len(MONTHS), SHAPE)
    green = found[:, GREEN].mean(axis=(1, 2))
    assert green[int(np.argmax(year.greenness))] > green[int(np.argmin(year.greenness))]
    assert (0.55 if kind == "forest" else 0.3) < green.max() < 0.85


def test_a_bank_is_bare_at_low_water_and_flooded_at_high_water(year):
    rng = np.random.default_rng(3)
    course = river(rng, SHAPE, (24.0, 24.0), 6.0, 10.0)
    layers = [*river_water(course, year, 0.3), *banks(rng, course, year), *background(rng, "forest", year, SHAPE)]
    found = abundances(layers, len(MONTHS), SHAPE)
    wet = found[:, [TURBID, CLEAR]].sum(axis=(1, 2, 3))
    high, low = int(np.argmax(year.level)), int(np.argmin(year.level))
    assert wet[high] > 1.5 * wet[low]
    bare = 1 - found[:, [GREEN, DRY, TURBID, CLEAR, ENDMEMBERS.index("shade")]].sum(axis=1)
    assert bare[low].sum() > 2 * bare[high].sum()


def test_a_landslide_is_sudden_and_heals(year):
    layers = [
        *look_alikes.landslide(np.random.default_rng(1), year, SHAPE, (24.0, 24.0), 20),
        *background(np.random.default_rng(2), "forest", year, SHAPE),
    ]
    green = abundances(layers, len(MONTHS), SHAPE)[:, GREEN].sum(axis=(1, 2))
    before, after, later = green[8], green[20], green[68]  # the same month of the year
    assert after < 0.97 * before
    assert after + 0.15 * (before - after) < later < before - 0.15 * (before - after)


def test_fields_are_cleared_in_dry_months_and_cropped(year):
    starts = look_alikes.clearing_months(np.random.default_rng(1), year, 3)
    assert all(year.dry[start] > 0.8 for start in starts if start < len(MONTHS))
    assert np.diff(starts).tolist() == [12, 12]
    fields = look_alikes.farm(np.random.default_rng(1), year, SHAPE, (24.0, 24.0), [14])
    layers = [*fields, *background(np.random.default_rng(2), "forest", year, SHAPE)]
    found = abundances(layers, len(MONTHS), SHAPE)
    assert found[13, SOIL, 24, 24] < 0.1 < 0.4 < found[14, SOIL, 24, 24]
    later = found[20:32, GREEN, 24, 24]
    assert later.max() > 0.45
    assert later.min() < 0.25


def test_a_pond_hardly_changes(year):
    layers = [
        *look_alikes.pond(np.random.default_rng(1), year, SHAPE, (24.0, 24.0), 7.0),
        *background(np.random.default_rng(2), "savanna", year, SHAPE),
    ]
    area = abundances(layers, len(MONTHS), SHAPE)[:, [TURBID, CLEAR]].sum(axis=(1, 2, 3))
    assert area.min() > 40
    assert area.max() < 1.4 * area.min()
