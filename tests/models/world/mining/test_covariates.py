"""Country years of the world."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.mining.covariates import country_years
from tests.models.world.mining_ground import tiny_ground

CONFIG = WorldConfig.sized("small", 3)
COUNTRIES = tiny_ground(CONFIG.families).countries


def test_the_first_year_is_that_of_the_ground() -> None:
    first = country_years(CONFIG, COUNTRIES).filter(pl.col("year") == CONFIG.first_year)
    for name in ("gdp_usd", "population", "governance"):
        assert first[name].to_numpy() == pytest.approx(COUNTRIES[name].to_numpy())


def test_without_chance_growth_is_steady_and_the_poor_have_more_children() -> None:
    steady = replace(
        CONFIG.mining, gdp_growth=0.02, gdp_growth_spread=0.0, gdp_shock_sd=0.0, world_shock_sd=0.0,
        governance_step_sd=0.0, population_growth=(0.0, 0.03),
    )  # fmt: skip
    years = country_years(replace(CONFIG, mining=steady), COUNTRIES).filter(pl.col("year") == CONFIG.last_year)
    grown = years["gdp_usd"].to_numpy() / COUNTRIES["gdp_usd"].to_numpy()
    assert grown == pytest.approx(np.exp(0.02 * 12))
    # GDP per head falls from XAA (20,000 USD) over XAB (6,667) and XAC (2,500) to XAD (1,000).
    people = years["population"].to_numpy() / COUNTRIES["population"].to_numpy()
    assert people == pytest.approx(np.exp(np.array([0.0, 0.01, 0.02, 0.03]) * 12))
    assert years["governance"].to_list() == pytest.approx([1.0, 0.2, -0.4, -1.2])
