"""The balance of each country, family and year, added up over the stages."""

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints
from models.world.parameters.trade import Chain
from models.world.trade.supply import Year

SIDES = ("mined", "imported", "from_stock", "exported", "consumed", "lost", "to_stock")


def balance(config: WorldConfig, countries: list[str], chain: Chain, hubs: Ints, years: list[Year]) -> pl.DataFrame:
    """Rows of Supply. Scrap comes out of goods in use: it counts as from stock; so does what waits at hubs."""
    places = len(countries)
    sums = np.zeros((len(SIDES), len(config.years), places))
    for one in years:
        sums[:, one.year] += _stage(chain, hubs, one, places)
    index = pl.DataFrame(
        {
            "country": np.tile(np.array(countries, dtype=object), len(config.years)),
            "family": pl.repeat(chain.family, len(config.years) * places, eager=True),
            "year": np.repeat(np.arange(config.first_year, config.last_year + 1), places),
        }
    )
    return index.with_columns(pl.Series(f"{name}_kg", values.ravel()) for name, values in zip(SIDES, sums, strict=True))


def _stage(chain: Chain, hubs: Ints, one: Year, places: int) -> Floats:
    """Sides of the balance of one stage [side, country]."""
    source = chain.stages[one.stage].source
    imported = one.direct.sum(axis=0) + one.hub.onward.sum(axis=(0, 1)) + one.resold.bought(places)
    exported = one.direct.sum(axis=1) + one.resold.sold(places)
    imported[hubs] += one.hub.between.sum(axis=(0, 1))
    exported[hubs] += one.hub.between.sum(axis=(1, 2)) + one.hub.onward.sum(axis=(1, 2))
    drawn, stored = one.drawn + (source == "scrap") * one.fresh, one.stored.copy()
    drawn[hubs] += one.hub.waited.sum(axis=1)
    stored[hubs] += one.hub.waits.sum(axis=1)
    mined = (source == "mined") * one.fresh
    return np.stack([mined, imported, drawn, exported, one.used, one.lost, stored])
