"""Goods that are hidden while their price is high."""

import polars as pl

from models.world.schemes.acts import Acts, part, routes
from models.world.schemes.market import PAIR, Market
from models.world.schemes.stages import pair_stages
from models.world.tables import Goods, GoodsOrigin


def price_timed(cast: pl.DataFrame, market: Market) -> Acts:
    """Goods of months with a high price leave undeclared, at the usual price, or are declared only the year after."""
    plan = routes(cast).join(market.high, on=["commodity", "year"], how="inner").drop("first_year", "last_year")
    met = market.goods.drop("scheme_id").join(plan, on=[*PAIR, "year"], how="inner")
    then = pl.col("timing") * pl.col("months")
    met = met.with_columns(then=then, in_high=then.list.sum()).filter(pl.col("in_high") > 0)
    met = met.with_columns(
        share=pl.col("handled") * pl.col("force") * pl.col("in_high"), timing=pl.col("then") / pl.col("in_high")
    )
    by = pl.col("variant")
    acts = part(
        met,
        export_share=pl.when(by == "low").then(1.0).otherwise(0.0),
        export_value_factor=pl.when(by == "low").then("fall").otherwise(1.0),
    )
    late = met.filter(by == "late").select("scheme_id").unique()
    return Acts.both([acts, _declared_late(acts.goods.join(late, on="scheme_id", how="semi"), market)])


def _declared_late(goods: pl.DataFrame, market: Market) -> Acts:
    """Forms of the first months of the next year for goods that left long ago: declared, not moved."""
    early = pl.lit([1 / 3] * 3 + [0.0] * 9, dtype=pl.List(pl.Float64))
    rows = goods.filter(pl.col("year") < market.years.stop - 1).with_columns(
        goods_id=pl.concat_str("goods_id", pl.lit("late"), separator=":"),
        year=pl.col("year") + 1,
        timing=early,
        is_phantom=pl.lit(True),
        export_share=pl.lit(1.0),
        import_share=pl.lit(0.0),
    )
    origins = rows.select("goods_id", origin_kind=pl.lit("unrecorded"), origin_id="origin", share=pl.lit(1.0))
    return Acts(Goods.cast(rows), GoodsOrigin.cast(origins), Acts.none().parts)


def timed_stages(market: Market) -> pl.DataFrame:
    """Pairs with years of a high price. Actors begin in the first of them."""
    begin = market.years.start + market.rules.quiet_years
    high = market.high.filter(pl.col("year") >= begin).group_by("commodity").agg(
        high_from=pl.col("year").min(), high_to=pl.col("year").max()
    )  # fmt: skip
    rows = pair_stages(market).join(high, on="commodity", how="inner")
    first = pl.max_horizontal("first_year", "high_from")
    return rows.with_columns(first_year=first, latest_onset=first, last_year=pl.min_horizontal("last_year", "high_to"))
