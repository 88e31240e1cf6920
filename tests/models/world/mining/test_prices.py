"""Prices of the world."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.mining.prices import EVENT, Metals, metals, pressure, prices
from models.world.parameters.mining import Mining

CONFIG = WorldConfig.sized("small", 3)


def without_spikes(config: WorldConfig) -> WorldConfig:
    return replace(config, mining=replace(config.mining, spikes=(0, 0, 0)))


def test_every_product_has_a_price_in_every_month() -> None:
    found = prices(CONFIG, metals(CONFIG))
    codes = [code for family in CONFIG.families for code, _, _ in CONFIG.mining.mineral(family).products]
    assert sorted(found["commodity"].unique().to_list()) == sorted(codes)
    assert found.group_by("commodity").len()["len"].unique().to_list() == [12 * 13]


def test_an_ore_fetches_its_content_times_the_payable_share() -> None:
    quiet = replace(CONFIG, mining=replace(CONFIG.mining, product_noise_sd=0.0))
    path = metals(quiet)
    ore = prices(quiet, path).filter(pl.col("commodity") == "260400")["usd_per_kg"].to_numpy()
    assert ore == pytest.approx(path.usd_per_kg[CONFIG.families.index("nickel")] * 0.012 * 0.25)


def test_prices_stay_near_their_long_run_level() -> None:
    paths = [metals(without_spikes(WorldConfig.sized("small", seed))).usd_per_kg for seed in range(30)]
    level = np.exp(np.log(np.stack(paths)).mean(axis=(0, 2)))
    assert level == pytest.approx([50_000, 17, 0.2], rel=0.25)


def test_without_chance_prices_stand_still() -> None:
    still = tuple(replace(one, price_volatility=0.0) for one in Mining().minerals)
    config = replace(CONFIG, mining=replace(CONFIG.mining, minerals=still, price_jumps_per_year=0.0, spikes=(0, 0, 0)))
    assert metals(config).usd_per_kg == pytest.approx(np.repeat([[50_000.0], [17.0], [0.2]], 156, axis=1))


def test_a_spike_is_an_event_that_rises_and_falls_back() -> None:
    with_spikes, quiet = metals(CONFIG), metals(without_spikes(CONFIG))
    event = with_spikes.spikes.row(0, named=True)
    family = CONFIG.families.index(event["family"])
    ratio = (with_spikes.usd_per_kg / quiet.usd_per_kg)[family]
    peak = int(ratio.argmax())
    assert 1.7 <= ratio[peak] <= 2.6
    assert CONFIG.first_year + (peak - 3) // 12 == event["first_year"]
    assert ratio[: peak - 3] == pytest.approx(1.0)
    assert np.log(ratio[peak + 5]) == pytest.approx(np.log(ratio[peak]) / 2)
    others = np.delete(with_spikes.usd_per_kg / quiet.usd_per_kg, family, axis=0)
    assert others == pytest.approx(1.0)
    assert event["country"] is None


def test_pressure_is_the_mean_of_the_months_before() -> None:
    path = Metals(("gold",), np.array([[1.0, 1.0, 2.0, 4.0, 4.0]]), np.array([2.0]), pl.DataFrame(schema=EVENT))
    # Means of two months before: 1, 1, 1, 1.5, 3; the first month stands for those before it.
    assert pressure(path, months=2)[0] == pytest.approx([0.5, 0.5, 0.5, 0.75, 1.5])
