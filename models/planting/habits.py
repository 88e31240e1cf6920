"""What new amounts are drawn from: a pair's own ups and downs, its prices and how its two sides differ."""

import polars as pl

from models.planting.market import KEY, PAIR

PAST = 7
"""Years before a scheme in which the usual amount of a pair is looked up."""
FAMILY = ["source", "family"]


def with_amounts(
    plan: pl.DataFrame, rows: pl.DataFrame, offices: pl.DataFrame, reporters: pl.DataFrame, markets: pl.DataFrame
) -> pl.DataFrame:
    """Years of the plan with the amounts declared there (null: none) and what the pair is used to.

    rows: of `market.annual`. offices: of `offices.offices`. reporters, markets: of `market.heard`. Adds x_value,
    x_mass, m_value, m_mass and `is_row`; for each side whether its mass is estimated, whether its amounts are whole
    numbers and whether it is heard that year; `usual_x`, `usual_m` (geometric mean of the years before), `x_price`,
    `m_price` (USD per kg, the pair's median), `residual` (log change to the year before over the root of two, of a year
    drawn at random), `mirror` (log M / X of such a year, the family's for pairs without any), `price_sd`.
    """
    found = rows.select(
        *KEY, "x_value", "x_mass", "m_value", "m_mass", "exporter_reported", "importer_reported", is_row=pl.lit(True),
        x_estimated=pl.col("is_export_mass_estimated"), m_estimated=pl.col("is_import_mass_estimated"),
    )  # fmt: skip
    plan = plan.join(found, on=KEY, how="left", maintain_order="left")
    plan = _usual(_heard(plan, reporters, markets), rows)
    habits = _habits(rows.join(plan.select(PAIR).unique(), on=PAIR, how="semi"))
    plan = plan.join(habits, on=PAIR, how="left", maintain_order="left").join(
        _mirrors(rows), on=FAMILY, how="left", maintain_order="left"
    )
    mirrors = pl.when(pl.col("mirrors").list.len() > 0).then("mirrors").otherwise("family_mirrors")
    plan = plan.with_columns(
        residual=_drawn(pl.col("residuals"), "u_amount"),
        mirror=_drawn(mirrors, "u_mirror").clip("mirror_low", "mirror_high"),
        price_sd=pl.col("price_sd").fill_null(0.0),
    )
    dropped = ["residuals", "mirrors", "family_mirrors", "mirror_low", "mirror_high"]
    return _whole(plan.drop(dropped), offices)


def _heard(plan: pl.DataFrame, reporters: pl.DataFrame, markets: pl.DataFrame) -> pl.DataFrame:
    """Whether each end is heard: as its row says, else where it reported and the market holds its side from anyone."""
    plan = plan.join(markets, on=["source", "commodity", "period"], how="left", maintain_order="left")
    for end, held in (("exporter", "exports_held"), ("importer", "imports_held")):
        mine = reporters.rename({"country": end}).with_columns(is_known=pl.lit(True))
        plan = plan.join(mine, on=["source", "period", end], how="left", maintain_order="left")
        known = pl.col("is_known").fill_null(False) & pl.col(held).fill_null(False)
        plan = plan.with_columns(pl.coalesce(f"{end}_reported", known).alias(f"{end}_heard")).drop("is_known")
    return plan.drop("exports_held", "imports_held", "exporter_reported", "importer_reported").with_columns(
        pl.col("is_row").fill_null(False)
    )


def _usual(plan: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Geometric mean of either side's amounts in the last years before the scheme."""
    keys = [*PAIR, "first_year"]
    spells = plan.select(keys).unique()
    before = rows.join(spells, on=PAIR, how="inner").filter(
        pl.col("period") < pl.col("first_year"), pl.col("period") >= pl.col("first_year") - PAST
    )
    usual = before.sort(KEY).group_by(keys, maintain_order=True).agg(
        usual_x=pl.col("x_value").log().mean().exp(), usual_m=pl.col("m_value").log().mean().exp()
    )  # fmt: skip
    return plan.join(usual, on=keys, how="left", maintain_order="left")


def _habits(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each pair: lists of residuals and of log M / X, median prices and the spread of prices."""
    log_value, x_price = pl.col("value_usd").log(), pl.col("x_value") / pl.col("x_mass")
    m_price = pl.col("m_value") / pl.col("m_mass")
    change = pl.col("price").log().diff().over(PAIR)
    rows = rows.sort(KEY).with_columns(price=pl.coalesce(x_price, m_price), x_price=x_price, m_price=m_price)
    return (
        rows.with_columns(residual=log_value.diff().over(PAIR) / 2**0.5, price_change=change / 2**0.5)
        .group_by(PAIR, maintain_order=True)
        .agg(
            pl.col("x_price", "m_price").median(),
            residuals=pl.col("residual").drop_nulls(),
            mirrors=(pl.col("m_value") / pl.col("x_value")).log().drop_nulls(),
            # The middle change, not the mean: single faults of a weight do not make a price restless.
            price_sd=pl.col("price_change").abs().median(),
        )
    )


def _mirrors(rows: pl.DataFrame) -> pl.DataFrame:
    """Log M / X of a family, and the range that nine in ten of them lie in."""
    both = rows.filter(pl.col("x_value").is_not_null(), pl.col("m_value").is_not_null()).sort(KEY)
    ratio = (pl.col("m_value") / pl.col("x_value")).log()
    return both.group_by(FAMILY, maintain_order=True).agg(
        family_mirrors=ratio, mirror_low=ratio.quantile(0.05), mirror_high=ratio.quantile(0.95)
    )


def _drawn(values: pl.Expr, place: str) -> pl.Expr:
    """Element of a list at a place between 0 and 1; 0 for an empty or missing list."""
    at = (pl.col(place) * values.list.len()).floor().cast(pl.Int64)
    return pl.when(values.list.len() > 0).then(values.list.get(at, null_on_oob=True)).fill_null(0.0)


def _whole(plan: pl.DataFrame, offices: pl.DataFrame) -> pl.DataFrame:
    """Whether either side writes whole numbers: that of the row itself, else that of the office in this year."""
    for side, end in (("x", "exporter"), ("m", "importer")):
        mine = offices.filter(pl.col("side") == side).select(
            "source", "period", pl.col("country").alias(end),
            pl.col("is_whole_value").alias(f"{side}_office_value"),
            pl.col("is_whole_mass").alias(f"{side}_office_mass"),
        )  # fmt: skip
        plan = plan.join(mine, on=["source", "period", end], how="left", maintain_order="left").with_columns(
            pl.coalesce(pl.col(f"{side}_{what}") % 1 == 0, f"{side}_office_{what}", pl.lit(True)).alias(
                f"{side}_whole_{what}"
            )
            for what in ("value", "mass")
        )
    return plan.drop([f"{side}_office_{what}" for side in "xm" for what in ("value", "mass")])
