"""Legal mines: one under each permit that is worked, at the largest of its deposits."""

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.mining.calendar import month_count, month_number
from models.world.mining.endowment import country_shares
from models.world.mining.plan import Setting, as_plan, sizes
from models.world.mining.tenure import NOWHERE, permit_of

LEAST_MONTHS = 36
"""A permit that is valid for less time than this within the world opens no mine."""
BEFORE_MONTHS = 180
"""Mines at work when the world begins opened at most this long before."""


def legal_mines(config: WorldConfig, place: Setting) -> pl.DataFrame:
    """One mine under each worked permit, at the largest of its deposits (columns of PLAN)."""
    chance, mining = config.chance("mining", "mines"), config.mining
    mines = _worked(config, place, chance)
    mines = _lives(config, mines, chance).filter(pl.col("opening").is_not_null())
    mines = mines.with_columns(
        contained_kg=pl.col("contained_kg") * pl.col("standing"),
        weight=pl.col("contained_kg").sqrt() * pl.col("standing") * sizes(mining.size_spread[0], mines.height, chance),
        in_protected=pl.Series(place.protected.is_inside(mines["lon"].to_numpy(), mines["lat"].to_numpy())),
        ramp_months=mining.ramp_months[0],
        processing=pl.Series(_legal_processing(mines, chance), dtype=pl.String),
    )
    shares = country_shares(config, mines, "legal")
    mines = mines.drop("share").join(shares, on=["country", "family"], how="left", maintain_order="left")
    part = pl.col("weight") / pl.col("weight").sum().over("country", "family")
    mines = mines.with_columns(capacity=pl.col("share") * part)
    return as_plan(mines.rename({"area_id": "permit_id"}), "legal_mine", "mine")


def _worked(config: WorldConfig, place: Setting, chance: np.random.Generator) -> pl.DataFrame:
    """The largest deposit under each permit that is worked, with the permit's area_id, first and last month."""
    over = place.deposits.with_columns(area=pl.Series(permit_of(place.deposits, place.permits)))
    largest = (
        over.filter(pl.col("area") != NOWHERE)
        .sort("contained_kg", "deposit_id", descending=[True, False])
        .unique("area", keep="first", maintain_order=True)
        .sort("deposit_id")
    )
    permits = place.permits.areas.select(
        "area_id",
        area=pl.int_range(pl.len()),
        start=month_number("valid_from", config) + 1,
        end=month_number("valid_to", config),
    )
    mines = largest.join(permits, on="area", how="left", maintain_order="left")
    old, young = config.mining.worked_permits
    worked = pl.when(pl.col("start") < 0).then(old).otherwise(young)
    return mines.filter(pl.Series(chance.random(mines.height)) < worked)


def _lives(config: WorldConfig, mines: pl.DataFrame, chance: np.random.Generator) -> pl.DataFrame:
    """Add opening and closing, both within the permit, and the standing of the mine: its size relative to one that
    works all the time. A null opening where the permit leaves too little time."""
    mining, months = config.mining, month_count(config)
    start = mines["start"].to_numpy()
    end = mines["end"].fill_null(months + 1).to_numpy()
    is_old = (chance.random(mines.height) < mining.opened_before) & (start < 0)
    lead = chance.integers(3, BEFORE_MONTHS, mines.height)
    early = np.maximum(start, -lead)
    first = np.maximum(start, 0)
    room = np.minimum(end, months) - first
    later = first + (chance.random(mines.height) * 0.7 * np.maximum(room, 1)).astype(np.int64)
    opening = np.where(is_old, early, later)
    closes = chance.random(mines.height) < mining.closing_mines
    left = np.maximum(np.minimum(end, months) - np.maximum(opening, 0), 1)
    early_end = np.maximum(opening, 0) + (left * chance.uniform(0.4, 1.0, mines.height)).astype(np.int64)
    closing = np.where(closes, early_end, end)
    young = np.where(opening < 0, 1.0, mining.young_size)
    return mines.with_columns(
        standing=pl.Series(young * np.where(closing < months, mining.closing_size, 1.0)),
        opening=pl.when(pl.Series(room >= LEAST_MONTHS)).then(pl.Series(opening)),
        closing=pl.when(pl.Series(closing < months)).then(pl.Series(closing)),
    )


def _legal_processing(mines: pl.DataFrame, chance: np.random.Generator) -> list[str]:
    """Cyanide for hard gold ore, gravity for placers, tin and coltan, none for what is only dug or felled."""
    draws = chance.random(mines.height)
    names = []
    for family, host, draw in zip(mines["family"], mines["host"], draws, strict=True):
        if family == "gold":
            names.append("gravity" if host == "placer" or draw < 0.1 else "cyanide")
        else:
            names.append("gravity" if family in ("tin", "tantalum") else "none")
    return names
