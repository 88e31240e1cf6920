"""Two-cycle: the same commodity goes out and comes back between the same two countries, year after year.

    round     = min(value i -> j, value j -> i)
    balance   = mean over the last three years of  round / max(value i -> j, value j -> i)
    statistic = (ln(round + 1 % of the pair's usual trade) - the same of the earlier round trip) * balance

The earlier round trip is the lower quartile over all earlier years in which the two traded the commodity in either
direction, the usual trade their median: in a short memory a carousel that turns for years soon passes for usual. The
unmatched amount is what goes round beyond the usual round trip, the median of the same years. A year with one
direction only is a year without a round trip, and one below a tenth of the usual trade is not judged. The smaller
direction counts, so neither may grow alone; what goes round comes back nearly whole, so balance weighs the rise.

The rise is not divided by its ordinary spread: rise times balance is a ratio without unit, and its null are the same
ratios of clean pairs. Divided, it found fewer of the round trips in two development worlds (average precision 0.12
against 0.30 and 0.26).

Carousels turn goods round to collect rebates or to move money; goods returned, repaired, stored, graded or refined
under contract do the same, and no source here tells them apart.
"""

import polars as pl

from models.flows.context import Context
from models.flows.parts import INTERVAL, answer, parts
from models.flows.structure.past import MINIMUM, interval, traded

SLIGHT = 0.01
"""A round trip below this share of the pair's usual trade is as good as none."""
TOLD = 0.1
"""Share of the pair's usual trade that must go round for the channel to speak."""
BALANCED_YEARS = 3
"""Years with trade in either direction over which balance is averaged."""
EARLIER = 0.25
"""Quantile of the earlier years from which a round trip rises."""
USUAL = 0.5
"""Quantile of the earlier years that is usual."""
MEMORY = 100
"""Years that are remembered: all that any source holds."""
TWO = ("source", "one", "other", "commodity")
SHOWN = ("value_usd", "back_usd", "earlier_round_usd", "usual_round_usd", "usual_trade_usd", "balance", *INTERVAL)


def two_cycle(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """The same goods go out and come back between two countries, more than they used to."""
    rows = traded(flows, context).with_columns(
        one=pl.min_horizontal("exporter", "importer"), other=pl.max_horizontal("exporter", "importer")
    )
    rows = rows.join(_rounds(rows), on=[*TWO, "period"], how="inner", maintain_order="left")
    rows = rows.with_columns(back_usd=pl.col("trade_usd") - pl.col("value_usd"))
    # One null row for both directions, which share their statistic.
    is_larger = pl.col("value_usd") > pl.col("back_usd")
    is_first = (pl.col("value_usd") == pl.col("back_usd")) & (pl.col("exporter") == pl.col("one"))
    rows = rows.with_columns(
        statistic=pl.col("rise") * pl.col("balance"),
        is_null=pl.col("is_clean") & (is_larger | is_first),
        **interval("round_usd", "usual_round_usd"),
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "two_cycle")


def _rounds(rows: pl.DataFrame) -> pl.DataFrame:
    """Years of two countries in which the commodity went both ways, with its balance and its rise."""
    out = pl.col("exporter") == pl.col("one")
    years = rows.group_by(*TWO, "period").agg(
        there_usd=pl.col("value_usd").filter(out).sum(), back_usd=pl.col("value_usd").filter(out.not_()).sum()
    )
    there, back = pl.col("there_usd"), pl.col("back_usd")
    years = years.sort(*TWO, "period").with_columns(round_usd=pl.min_horizontal(there, back), trade_usd=there + back)
    share = pl.col("round_usd") / pl.max_horizontal(there, back)
    years = years.with_columns(
        balance=share.rolling_mean(BALANCED_YEARS, min_samples=1).over(TWO),
        earlier_round_usd=_earlier("round_usd", EARLIER),
        usual_round_usd=_earlier("round_usd", USUAL),
        usual_trade_usd=_earlier("trade_usd", USUAL),
    )
    slight = SLIGHT * pl.col("usual_trade_usd")
    rise = (pl.col("round_usd") + slight).log() - (pl.col("earlier_round_usd") + slight).log()
    told = years.with_columns(rise=rise).filter(pl.col("round_usd") >= TOLD * pl.col("usual_trade_usd"))
    return told.drop("there_usd", "back_usd")


def _earlier(column: str, quantile: float) -> pl.Expr:
    """Quantile over all earlier years of the two countries, at least MINIMUM."""
    earlier = pl.col(column).shift(1)
    return earlier.rolling_quantile(quantile, "linear", window_size=MEMORY, min_samples=MINIMUM).over(TWO)
