from datetime import date

import numpy as np
import pytest

from models.world.parameters.scenes import Scenes
from models.world.scenes.clouds import Sky, classes, delivered, displacement_px, sky
from models.world.scenes.scene import CLEAR, CLOUD, SHADOW, THIN, UNSEEN

PARAMETERS = Scenes()
MONTHS = 300
DAYS = tuple(date(1990 + at // 12, at % 12 + 1, 15) for at in range(MONTHS))


@pytest.fixture(scope="module")
def heaven() -> Sky:
    return sky(np.random.default_rng(1), PARAMETERS, np.arange(MONTHS) % 2.0, -5.0, DAYS, 32)


def test_some_months_are_clear_and_some_all_cloud(heaven):
    share = (heaven.opacity >= 0.5).mean(axis=(1, 2))
    assert np.mean(share < 0.05) > 0.15
    assert np.mean(share > 0.95) > 0.1
    assert 0.5 * (PARAMETERS.cloud_dry + PARAMETERS.cloud_wet) == pytest.approx(share.mean(), abs=0.05)
    assert heaven.opacity.min() >= 0
    assert heaven.opacity.max() <= 1


def test_the_wet_season_is_cloudier():
    shares = [
        (sky(np.random.default_rng(1), PARAMETERS, np.full(MONTHS, wet), -5.0, DAYS, 16).opacity > 0.5).mean()
        for wet in (0.0, 0.5, 1.0)
    ]
    assert shares[0] + 0.1 < shares[1] < shares[2] - 0.1


def test_shadows_fall_away_from_the_morning_sun():
    """At half past ten the sun stands in the south-east of Europe and in the north-east of South Africa."""
    down, right = displacement_px(50.0, (date(2020, 3, 21),), np.array([1000.0]), 10.0)
    assert down[0] < 0 > right[0]
    down, right = displacement_px(-30.0, (date(2020, 6, 21),), np.array([1000.0]), 10.0)
    assert down[0] > 0 > right[0]


def test_a_shadow_is_as_far_as_the_height_over_the_tangent_of_the_elevation():
    """At the equator on an equinox the sun stands 67.5 degrees high at half past ten: 1000 m / tan 67.5 = 414 m."""
    down, right = displacement_px(0.0, (date(2020, 3, 21),), np.array([1000.0]), 10.0)
    assert abs(down[0]) <= 1
    assert right[0] == pytest.approx(-41, abs=1)


def test_classes_follow_opacity_and_shade():
    over = Sky(np.array([[[0.0, 0.6, 0.2, 0.0, 0.9]]]), np.array([[[0.0, 0.5, 0.5, 0.9, 0.0]]]))
    unseen = np.array([[[False, False, False, False, True]]])
    assert classes(over, unseen).tolist() == [[[CLEAR, CLOUD, THIN, SHADOW, UNSEEN]]]


def test_errors_of_the_mask_have_the_stated_rates(heaven):
    truth = classes(heaven, np.zeros(heaven.opacity.shape, dtype=bool))
    none, every = np.zeros(truth.shape, dtype=bool), np.ones(truth.shape, dtype=bool)
    made = {
        name: delivered(np.random.default_rng(2), PARAMETERS, truth, bright, dark)
        for name, bright, dark in (("plain", none, none), ("bright", every, none), ("dark", none, every))
    }
    plain = made["plain"]
    assert np.mean(plain[truth == CLOUD] != CLOUD) == pytest.approx(PARAMETERS.omission, abs=0.015)
    assert np.mean(np.isin(plain[truth == THIN], (CLEAR, SHADOW))) < PARAMETERS.thin_omission
    assert np.mean(plain[truth == SHADOW] == CLEAR) < PARAMETERS.shadow_omission
    open_sky = (truth == CLEAR).all(axis=(1, 2))
    assert open_sky.sum() > 20
    assert np.mean(plain[open_sky] == CLOUD) == pytest.approx(PARAMETERS.commission, abs=0.01)
    assert np.mean(made["bright"][open_sky] == CLOUD) == pytest.approx(PARAMETERS.bright_commission, abs=0.03)
    assert np.mean(made["dark"][open_sky] == SHADOW) == pytest.approx(PARAMETERS.dark_commission, abs=0.02)


def test_the_mask_is_wider_than_the_cloud():
    truth = np.zeros((1, 11, 11), dtype=np.uint8)
    truth[0, 5, 5] = CLOUD
    sure = Scenes(omission=0.0, commission=0.0, buffer_px=2)
    none = np.zeros(truth.shape, dtype=bool)
    found = delivered(np.random.default_rng(1), sure, truth, none, none)
    rows, columns = np.nonzero(found[0] == CLOUD)
    assert (rows.min(), rows.max(), columns.min(), columns.max(), len(rows)) == (3, 7, 3, 7, 25)
