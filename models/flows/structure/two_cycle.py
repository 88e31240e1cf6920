"""Two-cycle: the same commodity goes out and comes back between the same two countries in one year.

    round     = min(value i -> j, value j -> i)
    statistic = rise of ln(round + 1 % of the pair's usual trade) above its usual level, in units of its spread

The usual round trip is the median over the last five years in which the two traded the commodity in either direction;
a year with one direction only is a year without a round trip, and one below a tenth of the usual trade is not judged.
The smaller direction counts, so neither may grow alone. Carousels turn goods round to collect rebates or to move
money; goods returned, repaired, stored, graded or refined under contract do the same, and no source here tells them
apart.
"""

import polars as pl

from models.flows.context import Context
from models.flows.parts import answer, parts
from models.flows.prices import MARKET
from models.flows.structure.past import band, interval, shared, studentised, traded, usual

SLIGHT = 0.01
"""A round trip below this share of the pair's usual trade is as good as none."""
TOLD = 0.1
"""Share of the pair's usual trade that must go round for the channel to speak."""
TWO = ("source", "one", "other", "commodity")


def two_cycle(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The same goods go out and come back between two countries in one year, more than they used to."""
    rows = traded(flows, context).with_columns(
        pl.col("value_usd").sum().over(MARKET).alias("market_usd"),
        one=pl.min_horizontal("exporter", "importer"),
        other=pl.max_horizontal("exporter", "importer"),
    )
    rows = rows.join(_rounds(rows), on=[*TWO, "period"], how="inner", maintain_order="left")
    rows = rows.with_columns(
        pl.col("change") - shared("change"),
        band=band(pl.col("round_usd") / pl.col("market_usd")),
        back_usd=pl.col("trade_usd") - pl.col("value_usd"),
    )
    rows = studentised(rows, "change")
    # One null row for both directions, which share their statistic.
    is_larger = pl.col("value_usd") > pl.col("back_usd")
    is_first = (pl.col("value_usd") == pl.col("back_usd")) & (pl.col("exporter") == pl.col("one"))
    rows = rows.with_columns(statistic=pl.col("z"), **interval("round_usd", "usual_round_usd")).with_columns(
        is_null=pl.col("is_clean") & (is_larger | is_first)
    )
    shown = ("value_usd", "back_usd", "usual_round_usd", "usual_trade_usd", "spread", "gap_low_usd", "gap_high_usd")
    return answer(rows.with_columns(parts({name: pl.col(name) for name in shown})), "two_cycle")


def _rounds(rows: pl.DataFrame) -> pl.DataFrame:
    """Years of two countries in which the commodity went both ways, with the round trip and what was usual before."""
    out = pl.col("exporter") == pl.col("one")
    years = rows.group_by(*TWO, "period").agg(
        there_usd=pl.col("value_usd").filter(out).sum(), back_usd=pl.col("value_usd").filter(out.not_()).sum()
    )
    years = years.sort(*TWO, "period").with_columns(
        round_usd=pl.min_horizontal("there_usd", "back_usd"), trade_usd=pl.col("there_usd") + pl.col("back_usd")
    )
    years = years.with_columns(usual_round_usd=usual("round_usd", TWO), usual_trade_usd=usual("trade_usd", TWO))
    slight = SLIGHT * pl.col("usual_trade_usd")
    change = (pl.col("round_usd") + slight).log() - (pl.col("usual_round_usd") + slight).log()
    return (
        years.filter(pl.col("round_usd") >= TOLD * pl.col("usual_trade_usd"))
        .with_columns(change=change)
        .drop("there_usd", "back_usd")
    )
