"""What the goods of a chain carry, cost and may do: contained factors, prices, months without a ban."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphs.commodities import contained_factor
from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Mask
from models.world.parameters.trade import Chain, Stage

Range = tuple[float, float, float]
TENTHS = 2.5631
"""Log width of a range from 10th to 90th percentile in standard deviations."""
MID_MONTH = 15


@dataclass(frozen=True)
class Material:
    """Goods of the stages of a chain. Codes are counted (stage, 0) for the main one and (stage, 1) for the second."""

    factor: Floats
    """Kg of the basis in a kg of goods [stage, code, country of origin]."""
    usd_per_kg: Floats
    """Price of a kg of the basis [stage, code, year, month]."""
    is_open: Mask
    """No ban on the export of the main code [stage, year, month, country]."""


def material(
    config: WorldConfig, countries: list[str], prices: pl.DataFrame, bans: pl.DataFrame, chain: Chain
) -> Material:
    """What the stages of a chain carry, cost and may do."""
    chance = config.chance("trade", chain.family, "material")
    draws = chance.standard_normal((len(chain.stages), 2, len(countries)))
    factors = [
        [_factors(ranges(stage)[code], draws[number, code], config.trade.factor_sd) for code in (0, 1)]
        for number, stage in enumerate(chain.stages)
    ]
    paid = [[_prices(config, prices, chain, stage, code) for code in (0, 1)] for stage in chain.stages]
    closed = np.stack([closed_months(config, countries, bans, stage.commodity) for stage in chain.stages])
    return Material(np.array(factors), np.array(paid), ~closed)


def ranges(stage: Stage) -> tuple[Range, Range]:
    """Contained factors (low, mid, high) of the main and the second code of a stage."""
    first = stage.contained or _known(stage.commodity)
    return first, stage.second_contained or (_known(stage.second) if stage.second else first)


def _known(code: str) -> Range:
    found = contained_factor(code)
    if found is None:
        raise ValueError(f"no contained factor is known of {code}; give its stage one")
    return found


def _factors(span: Range, normal: Floats, spread: float) -> Floats:
    """One factor for each country: log-normal about the middle, held inside the range."""
    low, mid, high = span
    return np.asarray(np.clip(mid * np.exp(spread * np.log(high / low) / TENTHS * normal), low, high), dtype=np.float64)


def _prices(config: WorldConfig, prices: pl.DataFrame, chain: Chain, stage: Stage, code: int) -> Floats:
    """Price of the basis in goods of a code [year, month]; what is not listed is paid like the chain's last goods."""
    listed = set(prices["commodity"].unique())
    wanted = (stage.second or stage.commodity) if code else stage.commodity
    named = wanted if wanted in listed else chain.stages[-1].commodity
    mid = stage.second_contained[1] if code and stage.second_contained else _known(named)[1]
    path = prices.filter(pl.col("commodity") == named).sort("month")["usd_per_kg"].to_numpy()
    return path.reshape(len(config.years), 12) / mid * (1.0 if code else stage.payable)


def closed_months(config: WorldConfig, countries: list[str], bans: pl.DataFrame, code: str) -> Mask:
    """Months [year, month, country] in which a country bans the export of a code: those mostly covered."""
    closed = np.zeros((12 * len(config.years), len(countries)), dtype=bool)
    for ban in bans.iter_rows(named=True):
        if ban["country"] in countries and any(code.startswith(prefix) for prefix in ban["codes"].split()):
            start = (ban["start"].year - config.first_year) * 12 + ban["start"].month - 1
            start += ban["start"].day > MID_MONTH
            end = len(closed)
            if ban["end"] is not None:
                end = (ban["end"].year - config.first_year) * 12 + ban["end"].month - 1
                end += ban["end"].day > MID_MONTH
            closed[max(start, 0) : max(end, 0), countries.index(ban["country"])] = True
    return closed.reshape(len(config.years), 12, len(countries))
