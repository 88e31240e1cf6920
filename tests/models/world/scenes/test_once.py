"""The sensors that come once: hyperspectral cube and drone."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from models.world.parameters.scenes import Scenes
from models.world.scenes.drone import SURFACES, mosaic, surfaces
from models.world.scenes.hyperspectral import ABSORBED_NM, bands_nm, cube
from models.world.scenes.optical import Variation
from models.world.scenes.place import Square
from models.world.scenes.spectra import DRONE_CENTRES_NM, DRONE_WIDTHS_NM, ENDMEMBERS, library, reflectance

PARAMETERS = Scenes()
SQUARE = Square(32633, 500_000.0, 100_000.0, 10.0, 24)
DAY = date(2024, 2, 3)
EVEN = Variation(np.ones((24, 24)), np.zeros((24, 24)))


def mixed(side: int = 24) -> np.ndarray:
    """Vegetation on the left, sand on the right, half of each in between."""
    shares = np.zeros((len(ENDMEMBERS), side, side), dtype=np.float32)
    sand = np.repeat([0.0, 0.5, 1.0], side // 3).astype(np.float32)
    shares[ENDMEMBERS.index("quartz_sand")] = sand
    shares[ENDMEMBERS.index("green_vegetation")] = 1 - sand
    return shares


def test_bands_are_100_to_150_and_avoid_the_air():
    centres = bands_nm(PARAMETERS.cube_step_nm)
    assert 100 <= len(centres) <= 150
    assert (centres[0], centres[-1]) == (400.0, 2448.0)
    assert not any(low <= one <= high for one in centres for low, high in ABSORBED_NM)


def test_a_cube_pixel_is_the_mean_of_nine():
    quiet = replace(PARAMETERS, cube_snr=(1e9, 1e9))
    made = cube(np.random.default_rng(1), quiet, mixed(), EVEN, SQUARE, DAY)
    assert made.reflectance.shape == (len(made.wavelengths_nm), 8, 8)
    assert made.transform == (30.0, 0.0, 500_000.0, 0.0, -30.0, 100_000.0)
    leaf = reflectance("green_vegetation", made.wavelengths_nm)
    usual = np.abs(made.wavelengths_nm - 705) > 60  # the red edge is curved within a band
    assert made.reflectance[usual, 0, 0] / 1e4 == pytest.approx(leaf[usual], rel=0.03, abs=1e-3)
    sand = 1e4 * library(made.wavelengths_nm, np.full(len(made.wavelengths_nm), 16.0))[ENDMEMBERS.index("quartz_sand")]
    assert made.reflectance[:, 0, 7] == pytest.approx(sand, abs=1)
    # rows 6 to 8 of the third column: two thirds pure leaf, one third half sand (columns 6, 7 leaf, 8 mixed)
    assert made.reflectance[60, 0, 2] == pytest.approx(
        (5 * made.reflectance[60, 0, 0].astype(float) + made.reflectance[60, 0, 7]) / 6, abs=1.5
    )


def test_noise_of_the_cube_is_as_stated():
    even = Variation(np.ones((240, 240)), np.zeros((240, 240)))
    shares = np.zeros((len(ENDMEMBERS), 240, 240), dtype=np.float32)
    shares[ENDMEMBERS.index("quartz_sand")] = 1.0
    made = cube(np.random.default_rng(1), PARAMETERS, shares, even, replace(SQUARE, pixels=240), DAY)
    for wavelength, snr in zip((550.0, 2200.0), PARAMETERS.cube_snr, strict=True):
        band = made.reflectance[np.argmin(np.abs(made.wavelengths_nm - wavelength))] / 1e4
        assert np.sqrt(0.3 * band.mean()) / band.std() == pytest.approx(snr, rel=0.1)


def test_surfaces_fill_pixels_by_their_abundance():
    drawn, seen = surfaces(np.random.default_rng(1), mixed(), np.ones((4, 24, 24)), 20)
    bare = (drawn == list(SURFACES).index("bare")).reshape(480, 24, 20).mean(axis=(0, 2))
    assert bare[:6].tolist() == [0.0] * 6
    assert bare[18:].tolist() == [1.0] * 6
    assert bare[8:16].mean() == pytest.approx(0.5, abs=0.04)
    spectra = library(np.array(DRONE_CENTRES_NM), np.array(DRONE_WIDTHS_NM))
    expected = [spectra[ENDMEMBERS.index(name)] for name in ("green_vegetation", "quartz_sand")]
    assert seen[:, :, :140].mean(axis=(1, 2)) == pytest.approx(expected[0], rel=0.03)
    assert seen.mean(axis=(1, 2)) == pytest.approx((expected[0] + expected[1]) / 2, rel=0.03)


def test_grounds_stay_mixed():
    shares = np.zeros((len(ENDMEMBERS), 6, 6), dtype=np.float32)
    shares[[ENDMEMBERS.index("laterite"), ENDMEMBERS.index("clay")]] = 0.5
    drawn, seen = surfaces(np.random.default_rng(1), shares, np.ones((4, 6, 6)), 20)
    spectra = library(np.array(DRONE_CENTRES_NM), np.array(DRONE_WIDTHS_NM))
    assert set(drawn.ravel().tolist()) == {list(SURFACES).index("bare")}
    ratios = seen / ((spectra[ENDMEMBERS.index("laterite")] + spectra[ENDMEMBERS.index("clay")]) / 2)[:, None, None]
    assert np.allclose(ratios, ratios[:1], rtol=1e-4)  # light alone differs


def test_panels_give_the_calibration_back():
    made, truth = mosaic(np.random.default_rng(1), PARAMETERS, mixed(), EVEN, SQUARE, 120, DAY)
    assert made.numbers.shape == (4, 240, 240)
    assert len(made.panels) == len(PARAMETERS.panels)
    for band in range(4):
        seen = [
            made.numbers[band, one.row : one.row + one.side, one.column : one.column + one.side].mean()
            for one in made.panels
        ]
        gain, offset = np.polyfit([one.reflectance[band] for one in made.panels], seen, 1)
        assert gain == pytest.approx(truth.gain[band], rel=0.01)
        assert offset == pytest.approx(truth.offset[band], abs=100)


def test_numbers_are_calibrated_reflectance():
    made, truth = mosaic(np.random.default_rng(3), PARAMETERS, mixed(), EVEN, SQUARE, 120, DAY)
    spectra = library(np.array(DRONE_CENTRES_NM), np.array(DRONE_WIDTHS_NM))
    lower = made.numbers[:, 120:]  # away from the panels
    sand = lower[:, truth.surface[120:] == list(SURFACES).index("bare")].mean(axis=1)
    expected = spectra[ENDMEMBERS.index("quartz_sand")] * truth.gain + truth.offset
    assert sand == pytest.approx(expected, rel=0.03)


def test_the_mosaic_lies_in_the_middle_and_a_little_off():
    made, truth = mosaic(np.random.default_rng(1), PARAMETERS, mixed(), EVEN, SQUARE, 120, DAY)
    _, _, left, _, _, top = made.transform
    assert (left - truth.shift_m[0], top - truth.shift_m[1]) == pytest.approx((500_060.0, 99_940.0))
    assert max(abs(one) for one in truth.shift_m) <= PARAMETERS.drone_shift_m


def test_bright_ground_is_bright_for_the_drone_too():
    varied = Variation(np.repeat([1.0, 1.5], 12)[None].repeat(24, axis=0), np.zeros((24, 24)))
    shares = np.zeros((len(ENDMEMBERS), 24, 24), dtype=np.float32)
    shares[ENDMEMBERS.index("clay")] = 1.0
    made, truth = mosaic(np.random.default_rng(1), PARAMETERS, shares, varied, SQUARE, 240, DAY)
    seen = (made.numbers[0, 100:] - truth.offset[0]) / truth.gain[0]
    assert seen[:, 280:].mean() / seen[:, :200].mean() == pytest.approx(1.5, rel=0.02)
