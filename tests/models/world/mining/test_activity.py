"""Activity of sites by month."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.mining.activity import activity
from models.world.mining.plan import PLAN

CONFIG = WorldConfig.sized("small", 7)
MONTHS = 12 * 13
LEVEL = np.ones((3, MONTHS))


def plan(**values: object) -> pl.DataFrame:
    """One gold site of each kind at 10 N, open from month 20 to month 100."""
    rows = {
        "site_id": ["a", "b", "c"], "kind": ["legal_mine", "artisanal", "illegal"], "family": ["gold"] * 3,
        "lat": [10.0] * 3, "opening": [20] * 3, "closing": [100] * 3, "ramp_months": [6.0] * 3, **values,
    }  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"closing": PLAN["closing"]})


def quiet(**values: object) -> WorldConfig:
    settings = {"activity_sd": (0.0,) * 3, "season_amplitude": (0.0,) * 3, "raids_per_year": 0.0, "legal_growth": 0.0}
    return replace(CONFIG, mining=replace(CONFIG.mining, **{**settings, **values}))  # type: ignore[arg-type]


def test_sites_work_between_opening_and_closing_only() -> None:
    share = activity(CONFIG, plan(), LEVEL)
    assert share.shape == (3, MONTHS)
    assert (share[:, :20] == 0).all()
    assert (share[:, 101:] == 0).all()
    assert (share[:, 20:101] > 0).all()


def test_growth_is_logistic() -> None:
    share = activity(quiet(), plan(closing=[None] * 3), LEVEL)[0]
    # Half of full activity six months after opening; 1 / (1 + e^3) at opening, almost full after 30 months.
    assert share[26] == pytest.approx(0.5)
    assert share[20] == pytest.approx(0.047426, rel=1e-4)
    assert share[50] == pytest.approx(1.0, abs=1e-4)


def test_price_moves_sites_by_the_elasticity_of_their_kind() -> None:
    ratio = activity(CONFIG, plan(), 2.0 * LEVEL)[:, 60] / activity(CONFIG, plan(), LEVEL)[:, 60]
    assert ratio == pytest.approx([2**0.08, 2**0.5, 2.0])


def test_work_is_highest_in_the_dry_season_of_the_hemisphere() -> None:
    config = quiet(season_amplitude=(0.3, 0.3, 0.3))
    north, south = activity(config, plan(), LEVEL)[0], activity(config, plan(lat=[-10.0] * 3), LEVEL)[0]
    # Month 72 is January, month 78 July.
    assert north[72] == pytest.approx(1.3, abs=1e-3)
    assert north[78] == pytest.approx(0.7, abs=1e-3)
    assert south[78] == pytest.approx(1.3, abs=1e-3)


def test_raids_idle_illegal_zones_only() -> None:
    many = plan(kind=["illegal", "artisanal", "legal_mine"])
    share = activity(quiet(raids_per_year=3.0), many, LEVEL)[:, 60:100]
    assert share[0].min() == pytest.approx(0.1, rel=1e-3)
    assert share[0].max() == pytest.approx(1.0, rel=1e-3)
    assert share[1:].min() > 0.99


def test_noise_has_the_spread_of_the_kind() -> None:
    many = pl.concat([plan(opening=[-300] * 3, closing=[None] * 3)] * 40)
    config = quiet(activity_sd=CONFIG.mining.activity_sd)
    logs = np.log(activity(config, many, LEVEL)).reshape(40, 3, MONTHS)
    assert logs.std(axis=(0, 2)) == pytest.approx([0.08, 0.25, 0.35], rel=0.1)
    later, before = logs[:, :, 1:].ravel(), logs[:, :, :-1].ravel()
    assert np.corrcoef(later, before)[0, 1] == pytest.approx(0.7, abs=0.05)


def test_legal_output_grows() -> None:
    share = activity(quiet(legal_growth=0.02), plan(opening=[-300] * 3, closing=[None] * 3), LEVEL)
    assert share[0, 132] / share[0, 12] == pytest.approx(np.exp(0.02 * 10))
    assert share[1, 132] == pytest.approx(share[1, 12])
