"""Published bans on the export of ores and logs, and what they do to mines at home."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from models.world import tables
from models.world.config import WorldConfig
from models.world.land.sphere import Floats
from models.world.mining.calendar import month_count, of_size

MINISTRIES = ("Ministry of Mines", "Ministry of Trade", "Council of State", "Ministry of Industry")
PER_FAMILY = 2
SMALLEST = 8
"""Producers up to this rank ban exports: important ones, that have a smelter to gain. No family loses its only one."""
LONGEST_YEARS = 5
COLUMNS = {"country": pl.String, "codes": pl.String, "start": pl.Date, "end": pl.Date, "citation": pl.String}


def bans(config: WorldConfig, mines: pl.DataFrame) -> pl.DataFrame:
    """Bans by producers of the raw good (schema Ban); one country bans one good."""
    chance, mining = config.chance("mining", "bans"), config.mining
    codes = {family: mining.mineral(family).ban for family in config.families if mining.mineral(family).ban}
    producers = (
        mines.filter(pl.col("family").is_in(list(codes)))
        .group_by("country", "family")
        .agg(pl.col("capacity").sum().round(12))
        .with_columns(rank=pl.col("capacity").rank("ordinal", descending=True).over("family", order_by="country"))
        .filter(pl.col("rank") <= SMALLEST, pl.len().over("family") > 1)
        .sort("family", "country")
    )
    mixed = producers[chance.permutation(producers.height)].unique("country", keep="first", maintain_order=True)
    fair = mixed.filter(pl.int_range(pl.len()).over("family") < PER_FAMILY).head(of_size(config, mining.bans))
    rows = [_ban(config, codes[one["family"]], one, chance) for one in fair.iter_rows(named=True)]
    return tables.Ban.validate(pl.DataFrame(rows, schema=COLUMNS).sort("country", "codes"), cast=True)


def _ban(config: WorldConfig, codes: str, producer: dict[str, str], chance: np.random.Generator) -> dict[str, object]:
    """A ban from the inner years of the world, to its end or for two to five years."""
    year = int(chance.integers(config.first_year + 4, config.last_year - 3))
    start = date(year, 1, 1) + timedelta(days=int(chance.integers(0, 300)))
    stays = chance.random() < config.mining.ban_stays
    end = start + timedelta(days=int(365 * chance.uniform(2, LONGEST_YEARS)))
    ministry, number = MINISTRIES[chance.integers(len(MINISTRIES))], chance.integers(2, 180)
    goods = "logs" if producer["family"] == "timber" else f"unprocessed {producer['family']}"
    return {
        "country": producer["country"],
        "codes": codes,
        "start": start,
        "end": None if stays or end.year > config.last_year else end,
        "citation": f"Decree {number}/{year} of the {ministry} of {producer['country']} on the export of {goods}",
    }


def ban_factor(config: WorldConfig, plan: pl.DataFrame, held: pl.DataFrame) -> Floats:
    """Activity under bans [site, month]: legal mines of the banned good work less until smelters stand at home."""
    factor = np.ones((plan.height, month_count(config)))
    steps = config.mining.ban_output
    families = {config.mining.mineral(family).ban: family for family in config.families}
    rows = plan.with_row_index("row")
    for ban in held.iter_rows(named=True):
        hit = rows.filter(
            pl.col("kind") == "legal_mine",
            pl.col("country") == ban["country"],
            pl.col("family") == families[ban["codes"]],
        )["row"].to_numpy()
        start = _month(config, ban["start"])
        end = _month(config, ban["end"]) if ban["end"] else month_count(config)
        for year, step in enumerate(steps):
            factor[hit, min(start + 12 * year, end) : min(start + 12 * (year + 1), end)] = step
    return factor


def _month(config: WorldConfig, day: date) -> int:
    return (day.year - config.first_year) * 12 + day.month - 1
