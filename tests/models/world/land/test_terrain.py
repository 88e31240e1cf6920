import numpy as np
import pytest

from models.world.land.sphere import EARTH_KM
from models.world.land.terrain import axes, fractal, sea_level, stretched
from models.world.parameters.geography import Extent, Geography
from tests.models.world.lands import by_hand, small, small_again


def test_a_third_of_the_map_is_land_and_its_edge_is_sea():
    land = small().terrain.is_land
    area = small().terrain.cell_area_km2
    assert area[land].sum() / area.sum() == pytest.approx(Geography().land_share, abs=0.03)
    assert not land[0].any()
    assert not land[-1].any()
    assert not land[:, 0].any()
    assert not land[:, -1].any()


def test_heights_of_land_are_those_of_a_planet():
    heights = small().terrain.elevation_m[small().terrain.is_land]
    assert 400 < heights.mean() < 900
    assert 3_000 < heights.max() < 9_000


def test_the_same_seed_gives_the_same_land_and_another_seed_another():
    again = small_again().terrain
    assert np.array_equal(again.elevation_m, small().terrain.elevation_m)
    assert np.array_equal(again.downstream, small().terrain.downstream)
    assert not np.array_equal(small(2).terrain.elevation_m, again.elevation_m)


def test_all_land_drains_and_mouths_carry_all_of_it():
    land = small().terrain
    flat = land.is_land.ravel()
    outlets = flat & (land.downstream < 0)
    assert land.upstream_cells[outlets].sum() == flat.sum()
    assert (land.upstream_cells[~flat] == 0).all()
    inside = np.flatnonzero(land.downstream >= 0)
    assert (land.elevation_m.ravel()[land.downstream[inside]] < land.elevation_m.ravel()[inside]).all()


def test_upstream_cells_of_a_hand_made_valley():
    land = by_hand([[9, 9, 9, 9], [9, 5, 3, -1], [9, 9, 9, 9]])
    # Rims beside the edge leave over it; the one behind runs into the valley.
    assert land.upstream_cells.reshape(3, 4)[1].tolist() == [1, 1, 2, 0]


def test_axes_hold_the_centres_of_cells():
    lons, lats = axes(Extent(2.0, 1.0, 1.0, 1))
    assert lons.tolist() == [-1.5, -0.5, 0.5, 1.5]
    assert lats.tolist() == [0.5, -0.5]


def test_areas_of_cells_add_up_to_the_sphere():
    lons, lats = axes(Extent(180.0, 90.0, 5.0, 1))
    whole = by_hand(np.zeros((2, 2)))
    world = type(whole)(lons, lats, np.zeros((len(lats), len(lons))), whole.downstream, whole.upstream_cells)
    assert world.cell_area_km2.sum() == pytest.approx(4 * np.pi * EARTH_KM**2)


def test_a_point_belongs_to_the_cell_around_it():
    land = small().terrain
    cells = np.array([0, 17, 4_321])
    lon, lat = land.centre_of(cells)
    quarter = land.cell_degrees / 4
    assert land.cell_of(lon + quarter, lat - quarter).tolist() == cells.tolist()
    assert land.cell_of(-999.0, 999.0) == 0


def test_noise_loses_power_with_wave_number_as_told():
    field = fractal(np.random.default_rng(0), (256, 256), 3.0)
    assert field.mean() == pytest.approx(0.0, abs=1e-9)
    assert field.std() == pytest.approx(1.0)
    power = np.abs(np.fft.fft2(field * np.outer(np.hanning(256), np.hanning(256)))) ** 2
    wave = np.hypot(np.fft.fftfreq(256)[:, None], np.fft.fftfreq(256)[None, :])
    some = (wave > 0.03) & (wave < 0.3)
    slope = np.polyfit(np.log(wave[some]), np.log(power[some]), 1)[0]
    assert slope == pytest.approx(-3.0, abs=0.25)


def test_sea_level_leaves_the_wanted_land():
    heights = np.arange(100.0).reshape(10, 10)
    level = sea_level(heights, np.zeros(10), 0.3)
    assert (heights > level).sum() == 29


def test_waters_without_a_way_out_become_lowland():
    relative = np.full((5, 5), -1.0)
    relative[1:4, 1:4] = 1.0
    relative[2, 2] = -0.5
    elevation = stretched(relative, 0.0, Geography())
    assert (elevation[1:4, 1:4] > 0).all()
    assert elevation[2, 2] == elevation[1:4, 1:4].min()
    assert (elevation < 0).sum() == 16
