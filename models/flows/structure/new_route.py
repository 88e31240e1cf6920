"""New route: two countries trade a commodity for the first time in years, and at once a lot of it.

A route is new where the pair has no trade in the five years before, in a source that covers those years. For its
size y = ln(value / that year's trade in the commodity),

    expected  = m_exporter + m_importer - m,     statistic = (y - expected) / s

with m and s the mean and sd of all earlier new routes of the source's commodity and m_exporter, m_importer the means
of this exporter's and this importer's earlier ones, blended with m by SHRINK routes. Most new routes are samples and
trial orders. A feature: trade begins for good reasons too, when mines open, and wars, sanctions and prices turn it.
"""

import polars as pl

from models.flows.context import Context
from models.flows.panel import PAIR
from models.flows.parts import answer, parts
from models.flows.prices import MARKET
from models.flows.structure.past import traded

ABSENT = 5
"""Years without trade that make a route new."""
ENOUGH = 30
"""Earlier new routes of a commodity below which none can be called large."""
SHRINK = 10.0
GOODS = ("source", "commodity")
SHOWN = ("value_usd", "expected_value_usd", "log_spread", "earlier_routes", "is_declared_by_one_side")


def new_route(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Two countries that had not traded these goods for five years begin with far more than new partners do."""
    rows = traded(flows, context).with_columns(
        first_period=pl.col("period").min().over(*GOODS),
        last_traded=pl.col("period").shift(1).over(PAIR),
        log_share=(pl.col("value_usd") / pl.col("value_usd").sum().over(MARKET)).log(),
    )
    since = pl.coalesce("last_traded", pl.col("first_period") - 1)
    rows = _expected(rows.filter(pl.col("period") - since > ABSENT))
    market = pl.col("value_usd").log() - pl.col("log_share")
    expected = pl.col("expected_log_share") + market
    rows = rows.with_columns(
        statistic=(pl.col("log_share") - pl.col("expected_log_share")) / pl.col("log_spread"),
        expected_value_usd=expected.exp(),
        is_declared_by_one_side=(
            (pl.col("export_value_usd").fill_null(0.0) > 0) != (pl.col("import_value_usd").fill_null(0.0) > 0)
        ),
        is_null=pl.col("is_clean"),
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "new_route")


def _expected(rows: pl.DataFrame) -> pl.DataFrame:
    """Add expected_log_share, log_spread and earlier_routes, from earlier years; null before there are ENOUGH."""
    for group, name in (((), "all"), (("exporter",), "exporter"), (("importer",), "importer")):
        rows = _earlier(rows, [*GOODS, *group], name)
    mean = pl.col("all_sum") / pl.col("all_rows")
    variance = pl.col("all_squares") / pl.col("all_rows") - mean**2
    known = pl.col("all_rows") >= ENOUGH

    def blended(name: str) -> pl.Expr:
        total, count = pl.col(f"{name}_sum"), pl.col(f"{name}_rows")
        return (total + SHRINK * mean) / (count + SHRINK)

    return rows.with_columns(
        expected_log_share=pl.when(known).then(blended("exporter") + blended("importer") - mean),
        log_spread=pl.when(known & (variance > 0)).then(variance.sqrt()),
        earlier_routes=pl.col("all_rows"),
    )


def _earlier(rows: pl.DataFrame, keys: list[str], name: str) -> pl.DataFrame:
    """Number, sum and squares of the earlier new routes of a group, strictly before each row's year."""
    size = pl.col("log_share")
    years = rows.group_by(*keys, "period").agg(rows=pl.len(), sum=size.sum(), squares=(size**2).sum())
    years = years.sort(*keys, "period").with_columns(
        pl.col(part).cum_sum().shift(1, fill_value=0).over(keys).alias(f"{name}_{part}")
        for part in ("rows", "sum", "squares")
    )
    wanted = [*keys, "period", *(f"{name}_{part}" for part in ("rows", "sum", "squares"))]
    return rows.join(years.select(wanted), on=[*keys, "period"], how="left", maintain_order="left")
