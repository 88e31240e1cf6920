"""A number against its own earlier years, in units of how far such numbers ordinarily move.

    change = y - median(y of the last five earlier years on record) - change that the market shared that year
    spread = 1.2533 sqrt((s_exporter^2 + s_importer^2) / 2) * s_band / s_all
    z      = change / spread

s_g is the mean absolute change (each counted up to CAP) of group g in earlier years, blended with that of the whole
source by SHRINK rows. The same idea as models.flows.history, by running sums in place of medians: the structure
channels move over many more rows, most of them without a history. Size is a share of that year's trade in the
commodity, so that no statistic depends on the unit of value.
"""

import math
from collections.abc import Sequence

import polars as pl

from models.flows.clean import clean_pairs
from models.flows.context import Context
from models.flows.panel import PAIR
from models.flows.parts import INTERVAL, NORMAL_80
from models.flows.prices import MARKET

WINDOW = 5
"""Earlier years that make what is usual."""
MINIMUM = 3
"""Earlier years below which nothing is usual."""
SHRINK = 20.0
"""Rows of the whole source that a group's spread is blended with."""
ENOUGH = 20
"""Earlier changes of the source below which their spread is not known."""
CAP = 3.0
"""A change of a logarithm counts up to this: a factor of 20."""
FLOOR = 0.05
MEAN_TO_SD = math.sqrt(math.pi / 2)
BANDS = (-7, -1)
"""Powers of ten of a flow's share of that year's trade in the commodity that have a spread of their own."""
ENDS = ("exporter", "importer")


def traded(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Flows with a reconciled value, by pair and year, with `value_usd`, size `band` and `is_clean` (null pairs)."""
    flows = flows.with_columns(is_clean=clean_pairs(flows, context))
    known = flows.filter(pl.col("reconciled_value_usd") > 0, pl.col("exporter") != pl.col("importer"))
    value = pl.col("reconciled_value_usd")
    return known.sort(*PAIR, "period").with_columns(value_usd=value, band=band(value / value.sum().over(MARKET)))


def band(share: pl.Expr) -> pl.Expr:
    """Order of magnitude of a share of the market."""
    low, high = BANDS
    return share.log10().floor().clip(low, high).cast(pl.Int32)


def usual(column: str, keys: Sequence[str] = PAIR) -> pl.Expr:
    """Median of the last WINDOW earlier rows of the same keys, at least MINIMUM; rows must stand in time order."""
    return pl.col(column).shift(1).rolling_median(WINDOW, min_samples=MINIMUM).over(keys)


def shared(change: str) -> pl.Expr:
    """The change that the whole market shared that year: its median, shrunk towards none where few flows tell."""
    seen = pl.col(change).count().over(MARKET)
    return (pl.col(change).median().over(MARKET) * seen / (seen + SHRINK)).fill_null(0.0)


def studentised(rows: pl.DataFrame, change: str, groups: Sequence[str] = (*ENDS, "band")) -> pl.DataFrame:
    """Add `spread` and `z` of a change; null in the first years of a source, whose spread nobody knows.

    The last group scales, the ones before are averaged by their squares.
    """
    size = pl.col(change).abs().clip(upper_bound=CAP)
    moves = rows.filter(pl.col(change).is_finite()).select("source", "period", *groups, size=size)
    rows = _join(rows, _earlier(moves, []), [], "whole")
    rows = rows.with_columns(whole=pl.when(pl.col("whole_rows") >= ENOUGH).then("whole"))
    rows = rows.with_columns(pl.col("whole").clip(lower_bound=FLOOR))
    for group in groups:
        rows = _join(rows, _earlier(moves, [group]), [group], group_name(group))
    blended = {group: _blended(group_name(group)) for group in groups}
    *averaged, scaling = groups
    squares = sum((blended[group] ** 2 for group in averaged), pl.lit(0.0)) / max(len(averaged), 1)
    middle = squares.sqrt() if averaged else pl.col("whole")
    spread = (MEAN_TO_SD * middle * blended[scaling] / pl.col("whole")).clip(lower_bound=FLOOR)
    helpers = ["whole", "whole_rows", *(f"{group_name(one)}{end}" for one in groups for end in ("", "_rows"))]
    return rows.with_columns(spread=spread).with_columns(z=pl.col(change) / pl.col("spread")).drop(helpers)


def grown(rows: pl.DataFrame) -> pl.DataFrame:
    """Flows with their usual value, and the rise above it: `usual_value_usd`, `spread`, `z`."""
    rows = rows.with_columns(log_value=pl.col("value_usd").log())
    rows = rows.with_columns(usual_log_value=usual("log_value", PAIR))
    rows = rows.with_columns(
        usual_value_usd=pl.col("usual_log_value").exp(), change=pl.col("log_value") - pl.col("usual_log_value")
    )
    return studentised(rows.with_columns(pl.col("change") - shared("change")), "change")


def group_name(group: str) -> str:
    """Column of a group's own mean change."""
    return f"mean_{group}"


def _earlier(moves: pl.DataFrame, group: list[str]) -> pl.DataFrame:
    """Sum and number of the changes of a group in the years before each year in which anything moved."""
    keys = ["source", *group]
    years = moves.group_by(*keys, "period").agg(total=pl.col("size").sum(), rows=pl.len()).sort(*keys, "period")
    sums = [pl.col(name).cum_sum().over(keys).alias(name) for name in ("total", "rows")]
    # The sums up to a year speak from the year after it.
    return years.with_columns(sums).with_columns(pl.col("period") + 1)


def _join(rows: pl.DataFrame, sums: pl.DataFrame, group: list[str], name: str) -> pl.DataFrame:
    """Mean change and number of changes known before each row's year."""
    means = sums.with_columns((pl.col("total") / pl.col("rows")).alias(name), pl.col("rows").alias(f"{name}_rows"))
    keys = ["source", *group]
    # Years of groups are few: they are matched with the years before them, and the rows with them by equal keys.
    years = rows.select(*keys, "period").unique().sort("period")
    found = years.join_asof(
        means.drop("total", "rows").sort("period"), on="period", by=keys, strategy="backward", check_sortedness=False
    )
    return rows.join(found, on=[*keys, "period"], how="left", nulls_equal=True, maintain_order="left")


def _blended(name: str) -> pl.Expr:
    own, rows = pl.col(name).fill_null(0.0), pl.col(f"{name}_rows").fill_null(0)
    return (own * rows + SHRINK * pl.col("whole")) / (rows + SHRINK)


def interval(amount: str, expected: str) -> dict[str, pl.Expr]:
    """What an amount holds beyond the expected one: `gap_value_usd` and its 80 % interval, by the declarations' sd."""
    sd = pl.col("reconciled_log_sd").fill_null(0.0)

    def beyond(sds: float) -> pl.Expr:
        return (pl.col(amount) * (sds * sd).exp() - pl.col(expected)).clip(lower_bound=0.0)

    low, high = INTERVAL
    return {"gap_value_usd": beyond(0.0), low: beyond(-NORMAL_80), high: beyond(NORMAL_80)}
