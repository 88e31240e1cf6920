from dataclasses import replace

import numpy as np
import pytest

from models.world.parameters.scenes import Scenes
from models.world.scenes import optical
from models.world.scenes.spectra import CENTRES_NM, ENDMEMBERS, FINE, optical_library

PARAMETERS = Scenes()
CENTRES = np.array(CENTRES_NM)


def pure(material: str, months: int = 1, side: int = 4) -> np.ndarray:
    shares = np.zeros((months, len(ENDMEMBERS), side, side), dtype=np.float32)
    shares[:, ENDMEMBERS.index(material)] = 1.0
    return shares


@pytest.mark.parametrize("material", ENDMEMBERS)
def test_a_pure_pixel_is_its_endmember_times_its_variation(material):
    varied = optical.variation(np.random.default_rng(1), PARAMETERS, (4, 4), 0.5)
    seen = optical.reflectance(pure(material), optical_library(), optical.factors(varied, CENTRES))
    spectrum = optical_library()[ENDMEMBERS.index(material)]
    expected = spectrum[:, None, None] * varied.brightness * (1 + varied.tilt * (CENTRES - 832.8)[:, None, None] / 1000)
    assert seen[0] == pytest.approx(expected, rel=1e-5)


def test_variation_is_as_stated():
    varied = optical.variation(np.random.default_rng(1), PARAMETERS, (300, 300), 0.0)
    assert np.std(np.log(varied.brightness)) == pytest.approx(PARAMETERS.brightness_sd, rel=0.1)
    assert np.std(varied.tilt) == pytest.approx(PARAMETERS.tilt_sd, rel=0.1)


def test_blur_leaves_even_ground_as_it_is():
    ground = np.full((2, 10, 20, 20), 0.3, dtype=np.float32)
    parameters = replace(PARAMETERS, margin=4)
    seen = optical.blurred(ground, parameters, np.array([[0.3, -0.7], [1.0, 0.0]]))
    assert seen.shape == (2, 10, 12, 12)
    assert seen == pytest.approx(np.full(seen.shape, 0.3), rel=1e-5)


def test_a_shift_moves_the_image_down_and_right():
    ground = np.zeros((2, 10, 21, 21), dtype=np.float32)
    ground[:, :, 10, 10] = 1.0
    seen = optical.blurred(ground, replace(PARAMETERS, margin=5), np.array([[0.0, 0.0], [1.0, -1.0]]))
    peaks = [np.unravel_index(np.argmax(seen[month, 0]), seen.shape[2:]) for month in (0, 1)]
    assert [tuple(int(at) for at in peak) for peak in peaks] == [(5, 5), (6, 4)]
    assert seen[1, 0, 1:, :-1] == pytest.approx(seen[0, 0, :-1, 1:], abs=1e-5)
    assert seen.sum(axis=(2, 3)) == pytest.approx(np.ones((2, 10)), rel=1e-3)


def test_bands_of_20_m_are_blurred_more():
    ground = np.zeros((1, 10, 21, 21), dtype=np.float32)
    ground[:, :, 10, 10] = 1.0
    peak = optical.blurred(ground, replace(PARAMETERS, margin=5), np.zeros((1, 2)))[0].max(axis=(1, 2))
    coarse = [band for band in range(10) if band not in FINE]
    assert peak[list(FINE)].min() > 2 * peak[coarse].max()


def test_misregistration_lies_between_0_and_1_pixel():
    lengths = np.hypot(*optical.shifts(np.random.default_rng(1), PARAMETERS, 4000).T)
    assert 0 <= lengths.min() < 0.1
    assert 0.8 < lengths.max() <= 1
    assert lengths.mean() == pytest.approx(PARAMETERS.shift_mean_px, abs=0.02)


def test_noise_is_as_stated_and_clouds_are_white():
    quiet = replace(PARAMETERS, gain_sd=0.0, haze_sd=0.0)
    ground = np.full((1, 10, 200, 200), 0.25, dtype=np.float32)
    none, half = np.zeros((1, 200, 200)), np.full((1, 200, 200), 0.5)
    clear = optical.through_air(np.random.default_rng(1), quiet, ground, none, none)
    assert clear.mean(axis=(0, 2, 3)) == pytest.approx(np.full(10, 0.25), abs=1e-4)
    assert clear.std(axis=(0, 2, 3)) == pytest.approx(np.full(10, 0.0015 + 0.008 * 0.25), rel=0.02)
    veiled = optical.through_air(np.random.default_rng(1), quiet, ground, half, none).mean(axis=(0, 2, 3))
    assert veiled[0] > 0.35
    dark = optical.through_air(np.random.default_rng(1), quiet, ground, none, 2 * half).mean(axis=(0, 2, 3))
    assert dark == pytest.approx(0.25 * (1 - np.array(optical.SHADOW_LOSS)), abs=1e-3)


def test_numbers_are_reflectance_times_10000_and_0_is_no_data():
    seen = np.array([[[[0.12344, -0.2]]]])
    assert optical.stored(seen, np.array([[[False, False]]])).tolist() == [[[[1234, 1]]]]
    assert optical.stored(seen, np.array([[[True, False]]])).tolist() == [[[[0, 1]]]]
