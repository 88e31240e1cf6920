"""Trade for tests: of a small world, made once, and of two countries by hand."""

from functools import cache

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.mined import Mined, mined
from models.world.parameters.trade import Stage, Trade
from models.world.trade.gravity import Market
from models.world.trade.hubs import Passage
from models.world.trade.resale import Resold
from models.world.trade.supply import Year
from models.world.traded import Traded, traded
from tests.models.world import lands


@cache
def small(seed: int = 1) -> tuple[WorldConfig, Mined, Traded]:
    config = WorldConfig.sized("small", seed)
    land = lands.small(seed)
    dug = mined(config, land)
    return config, dug, traded(config, land, dug)


def balance(supply: pl.DataFrame) -> pl.DataFrame:
    """In and out of each row of Supply."""
    return supply.select(
        "country",
        "family",
        "year",
        came=pl.sum_horizontal("mined_kg", "imported_kg", "from_stock_kg"),
        went=pl.sum_horizontal("exported_kg", "consumed_kg", "lost_kg", "to_stock_kg"),
    )


def market(places: int = 3, hubs: tuple[int, ...] = (), stage: Stage | None = None, **parameters: float) -> Market:
    """A market of equal countries without bans, at 1000 USD a kg."""
    return Market(
        stage or Stage("750210", "refined"),
        Trade(**parameters),  # type: ignore[arg-type]
        0,
        np.array(hubs, dtype=np.int64),
        np.log(np.full(places, 1 / places)),
        np.ones(places),
        1000.0,
    )


def no_passage(hubs: int, places: int) -> Passage:
    flat, deep = np.zeros((hubs, places)), np.zeros((hubs, places, places))
    return Passage(flat, np.zeros((hubs, places, hubs)), flat, flat, deep)


def no_resale() -> Resold:
    none = np.zeros(0, dtype=np.int64)
    return Resold(none, none, none, np.zeros(0))


def year(stage: int, fresh: list[float], direct: list[list[float]], **other: list[float]) -> Year:
    """A stage in year 0 of countries without hubs, all of them refiners; what is not given is zero."""
    sent, made = np.array(direct, dtype=float), np.array(fresh, dtype=float)
    zero = np.zeros_like(made)
    parts = {name: np.array(values, dtype=float) for name, values in other.items()}
    drawn = parts.get("drawn", zero)
    return Year(
        stage,
        0,
        made,
        drawn,
        np.zeros(len(made), dtype=bool),
        made - sent.sum(axis=1),
        sent,
        no_passage(0, len(made)),
        no_resale(),
        parts.get("stored", zero),
        parts.get("refined", zero),
        parts.get("lost", zero),
        parts.get("used", zero),
    )
