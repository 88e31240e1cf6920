"""Strikes and large new mines: ordinary events that move a country's trade as a scheme would."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats
from models.world.mining.calendar import month_count, month_number, of_size
from models.world.mining.plan import Setting
from models.world.mining.prices import EVENT

MARKET = ("country", "family")
CALM_MONTHS = 30
"""Years of ordinary work before and after an incident, so that it can be told from them."""


@dataclass(frozen=True)
class Incidents:
    """The plan of legal mines with the new ones, activity of strikes, and the events (columns of EVENT)."""

    mines: pl.DataFrame
    strikes: pl.DataFrame
    """site_id, start, end (numbers of first and last month), factor."""
    events: pl.DataFrame


def incidents(config: WorldConfig, place: Setting, mines: pl.DataFrame) -> Incidents:
    """New mines first, then strikes elsewhere."""
    chance = config.chance("mining", "incidents")
    held = mines.join(
        place.permits.areas.select(
            "holder",
            permit_id="area_id",
            start=month_number("valid_from", config) + 1,
            end=month_number("valid_to", config).fill_null(month_count(config)),
        ),
        on="permit_id",
        how="left",
        maintain_order="left",
    )
    renewed, opened = _new_mines(config, held, chance)
    strikes, struck = _strikes(config, renewed, opened, chance)
    return Incidents(renewed.select(mines.columns), strikes, pl.concat([opened, struck]))


def _new_mines(
    config: WorldConfig, mines: pl.DataFrame, chance: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Mines whose opening is moved into the inner years and whose size makes it felt, and the events of all that
    open."""
    mining, months = config.mining, month_count(config)
    room = mines.with_columns(
        low=pl.max_horizontal(pl.col("start"), pl.lit(CALM_MONTHS)),
        high=pl.min_horizontal(pl.col("end"), pl.lit(months)) - CALM_MONTHS,
        old=(pl.col("opening") < 0).sum().over(MARKET) - (pl.col("opening") < 0),
        whole=pl.col("capacity").sum().over(MARKET),
    ).filter(pl.col("high") > pl.col("low"), pl.col("old") >= 1, pl.col("whole") <= mining.new_mine_largest_country)
    chosen = _some(room, of_size(config, mining.new_mines), chance)
    chosen = chosen.select(
        "site_id", *MARKET,
        new_opening=pl.Series(chance.integers(chosen["low"].to_numpy(), chosen["high"].to_numpy())),
        new_share=pl.Series(chance.uniform(*mining.new_mine_share, chosen.height)),
    )  # fmt: skip
    renewed = _renewed(config, mines, chosen)
    return renewed, _openings(config, renewed)


def _renewed(config: WorldConfig, mines: pl.DataFrame, chosen: pl.DataFrame) -> pl.DataFrame:
    """Mines with the new ones in their place; a country's capacity stays what it was, and the others share the rest."""
    together = mines.join(chosen.select(*MARKET, part="new_share"), on=MARKET, how="left", maintain_order="left").join(
        chosen.select("site_id", "new_opening"), on="site_id", how="left", maintain_order="left"
    )
    is_new, capacity = pl.col("new_opening").is_not_null(), pl.col("capacity")
    whole = capacity.sum().over(MARKET)
    others = capacity * (1 - pl.col("part")) * whole / (capacity * ~is_new).sum().over(MARKET)
    end = pl.when(pl.col("end") < month_count(config)).then("end")
    return together.with_columns(
        capacity=pl.when(is_new).then(pl.col("part") * whole).otherwise(others.fill_null(capacity)),
        opening=pl.coalesce("new_opening", "opening"),
        closing=pl.when(is_new).then(end).otherwise("closing"),
        ramp_months=pl.when(is_new).then(config.mining.new_mine_half_months).otherwise("ramp_months"),
    ).select(mines.columns)


def _openings(config: WorldConfig, mines: pl.DataFrame) -> pl.DataFrame:
    """Events of all mines that open within the world and matter to their country, wanted or by chance."""
    part = pl.col("capacity") / pl.col("capacity").sum().over(MARKET)
    opened = mines.with_columns(part=part).filter(
        pl.col("opening") >= 0, pl.col("part") >= config.mining.new_mine_listed_share
    )
    first = config.first_year + pl.col("opening").floordiv(12)
    text = pl.format(
        "{} opens {} in {} and brings about {} % of the country's {}.",
        pl.col("holder").fill_null("A company"), "site_id", first, (100 * pl.col("part")).round().cast(pl.Int64),
        "family",
    )  # fmt: skip
    return _events(opened, "new_mine", first, (first + 1).clip(upper_bound=config.last_year), text)


def _strikes(
    config: WorldConfig, mines: pl.DataFrame, opened: pl.DataFrame, chance: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Strikes at mines that matter to their country, in countries without a new mine."""
    mining, months = config.mining, month_count(config)
    part = pl.col("capacity") / pl.col("capacity").sum().over(MARKET)
    room = mines.with_columns(
        low=pl.max_horizontal(pl.col("opening") + CALM_MONTHS, pl.lit(12)),
        high=pl.col("closing").fill_null(months) - CALM_MONTHS // 2,
    ).filter(part >= mining.strike_least_share, pl.col("high") > pl.col("low"))
    room = room.join(opened, on=MARKET, how="anti", maintain_order="left")
    chosen = _some(room, of_size(config, mining.strikes), chance)
    start = chance.integers(chosen["low"].to_numpy(), chosen["high"].to_numpy())
    length = chance.integers(mining.strike_months[0], mining.strike_months[1] + 1, chosen.height)
    struck = chosen.with_columns(
        start=pl.Series(start, dtype=pl.Int64),
        end=pl.Series(start + length - 1, dtype=pl.Int64),
        factor=pl.Series(chance.uniform(*mining.strike_factor, chosen.height)),
    )
    first, last = (config.first_year + pl.col(name).floordiv(12) for name in ("start", "end"))
    text = pl.format(
        "A strike of {} months at {} of {} from {}-{}: output nearly stops.",
        pl.col("end") - pl.col("start") + 1, "site_id", pl.col("holder").fill_null("a company"), first,
        (pl.col("start").mod(12) + 1).cast(pl.String).str.zfill(2),
    )  # fmt: skip
    return struck.select("site_id", "start", "end", "factor"), _events(struck, "strike", first, last, text)


def _some(room: pl.DataFrame, wanted: int, chance: np.random.Generator) -> pl.DataFrame:
    """At most one mine of a country and family, larger producers more often."""
    total = room.with_columns(whole=pl.col("capacity").sum().over(MARKET)).sort("site_id")
    keys = chance.random(total.height) ** (1 / np.sqrt(np.maximum(total["whole"].to_numpy(), 1e-12)))
    return (
        total.with_columns(key=pl.Series(keys))
        .sort("key", "site_id", descending=[True, False])
        .unique(MARKET, keep="first", maintain_order=True)
        .head(wanted)
    )


def _events(rows: pl.DataFrame, kind: str, first: pl.Expr, last: pl.Expr, text: pl.Expr) -> pl.DataFrame:
    chosen = rows.select(
        "family", "country", kind=pl.lit(kind), first_year=first, last_year=last, description=text
    ).select(pl.col(name).cast(dtype) for name, dtype in EVENT.items())
    return chosen.sort("country", "family", "first_year")


def strike_factor(config: WorldConfig, plan: pl.DataFrame, strikes: pl.DataFrame) -> Floats:
    """Activity under strikes [site, month]."""
    factor = np.ones((plan.height, month_count(config)))
    rows = plan.select("site_id").with_row_index("row")
    for one in strikes.join(rows, on="site_id", maintain_order="left").iter_rows(named=True):
        factor[one["row"], one["start"] : one["end"] + 1] = one["factor"]
    return factor
