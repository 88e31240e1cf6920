"""When offices published, and what they published first of years that they revised later.

`declared` is what stands today. The layout has no date: the list of releases is a table of its own, as UN Comtrade's
list of available data is. A first version holds fewer rows, and other values in some.
"""

from datetime import date

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.customs.draws import Draws, Vector
from models.world.customs.offices import offices

WORLD = 0
KEY = ("reporterCode", "refYear")
AMOUNTS = ("primaryValue", "cifvalue", "fobvalue", "netWgt", "qty", "altQty")


def releases(config: WorldConfig, countries: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """`reporterCode`, `refYear`, `firstReleased`, `lastReleased` of every published year; the two differ if revised.

    Days after the end of the year are lognormal, and longer for poorer offices.
    """
    customs = config.customs
    poverty = offices(config, countries).select("poverty", reporterCode="reporter")
    years = declared.select(KEY).unique().sort(KEY).join(poverty, on="reporterCode", how="left", maintain_order="left")
    key = [years[name].to_numpy() for name in KEY]
    draws = Draws.of(config, "releases")
    usual = customs.release_days * (0.5 + years["poverty"].to_numpy())
    first = usual * np.exp(customs.release_spread * draws.normal(*key))
    later = customs.revision_days * np.exp(customs.release_spread * draws.normal(*key, nth=1))
    is_revised = draws.uniform(*key, nth=2) < customs.revised
    return years.select(
        *KEY,
        _day(first).alias("firstReleased"),
        _day(first + np.where(is_revised, later, 0.0)).alias("lastReleased"),
    )


def _day(days: Vector) -> pl.Expr:
    """So many days after the end of the year."""
    return pl.date(pl.col("refYear"), 12, 31) + pl.duration(days=pl.lit(pl.Series(np.ceil(days).astype(np.int64))))


def superseded(config: WorldConfig, releases: pl.DataFrame, declared: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """First versions of the annual rows of single partners that stood on a day and were revised after it."""
    customs = config.customs
    open_then = releases.filter((pl.col("firstReleased") <= as_of) & (pl.col("lastReleased") > as_of))
    single = declared.filter(
        (pl.col("freqCode") == "A") & (pl.col("aggrLevel") == 6) & (pl.col("partnerCode") != WORLD)
    )
    rows = single.join(open_then.select(KEY), on=list(KEY), how="semi", maintain_order="left")
    flow = rows["flowCode"].replace_strict({"M": 0, "X": 1, "RX": 2}, return_dtype=pl.Int32)
    key = [rows[name].to_numpy() for name in (*KEY, "partnerCode")]
    key += [flow.to_numpy(), rows["cmdCode"].cast(pl.Int32).to_numpy()]
    draws = Draws.of(config, "revisions")
    change = customs.revision_spread * draws.normal(*key) * (draws.uniform(*key, nth=1) < customs.changed_rows)
    factor = pl.Series(np.exp(change))
    was_there = pl.Series(draws.uniform(*key, nth=2) >= customs.added_rows)
    return rows.with_columns((pl.col(name) * factor).round(3) for name in AMOUNTS).filter(was_there)
