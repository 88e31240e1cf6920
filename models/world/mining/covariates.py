"""What changes in countries by year: GDP, population, governance.

log GDP         random walk with the country's own mean growth, its own shocks and those of the world
log population  steady growth, faster in poor countries
governance      random walk, as measured: a score in standard normal units
"""

import numpy as np
import polars as pl

from models.world import tables
from models.world.config import WorldConfig
from models.world.land.sphere import Floats


def country_years(config: WorldConfig, countries: pl.DataFrame) -> pl.DataFrame:
    """Covariates of each country and year (schema CountryYear); the first year is what `countries` says."""
    chance, mining = config.chance("mining", "covariates"), config.mining
    held = countries.sort("country")
    years, count = len(config.years), held.height
    growth = chance.normal(mining.gdp_growth, mining.gdp_growth_spread, (count, 1))
    own = chance.normal(0.0, mining.gdp_shock_sd, (count, years))
    shocks = own + chance.normal(0.0, mining.world_shock_sd, years)
    gdp = held["gdp_usd"].to_numpy()[:, None] * np.exp(_walk(growth + shocks))
    wealth = held["gdp_usd"].to_numpy() / np.maximum(held["population"].to_numpy(), 1.0)
    poverty = 1.0 - np.argsort(np.argsort(wealth, kind="stable"), kind="stable") / max(count - 1, 1)
    slowest, fastest = mining.population_growth
    steps = np.repeat((slowest + (fastest - slowest) * poverty)[:, None], years, axis=1)
    people = held["population"].to_numpy()[:, None] * np.exp(_walk(steps))
    score = held["governance"].to_numpy()[:, None] + _walk(
        chance.normal(0.0, mining.governance_step_sd, (count, years))
    )
    frame = pl.DataFrame(
        {
            "country": np.repeat(held["country"].to_numpy(), years),
            "year": np.tile(np.arange(config.first_year, config.last_year + 1), count),
            "gdp_usd": gdp.ravel(),
            "population": people.ravel(),
            "governance": score.ravel(),
        }
    )
    return tables.CountryYear.validate(frame, cast=True)


def _walk(steps: Floats) -> Floats:
    """Sum of the steps before each year: 0 in the first."""
    return np.cumsum(steps, axis=1) - steps[:, :1]
