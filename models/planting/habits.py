"""What new amounts are drawn from: a pair's own ups and downs, its prices and how its two sides differ."""

import polars as pl

from models.planting.market import KEY, PAIR
from models.planting.offices import FINEST, roundness

PAST = 7
"""Years before a scheme in which the usual amount of a pair is looked up."""
FAMILY = ["source", "family"]
LEAST_MIRRORS = 3
"""Mirrored years below which a pair's log M / X is drawn from its family's."""
MIRROR_NOISE = 0.03
"""Standard deviation of what is added to a drawn log M / X, so that no two are the same."""


def with_amounts(
    plan: pl.DataFrame, rows: pl.DataFrame, offices: pl.DataFrame, reporters: pl.DataFrame, markets: pl.DataFrame
) -> pl.DataFrame:
    """Years of the plan with the amounts declared there (null: none) and what the pair is used to.

    rows: of `market.annual`. offices: of `offices.offices`. reporters, markets: of `market.heard`. Adds x_value,
    x_mass, m_value, m_mass and `is_row`; for each side whether its mass is estimated, how round its amounts
    are and whether it is heard that year; `usual_x`, `usual_m` (geometric mean of the years before),
    `x_price`, `m_price` (USD per kg, the pair's median), `residual` (log change to the year before over the root of
    two, of a year drawn at random), `mirror` and `mass_mirror` (log M / X of such a year, the family's for pairs with
    few), `price_sd`.
    """
    found = rows.select(
        *KEY, "x_value", "x_mass", "m_value", "m_mass", "exporter_reported", "importer_reported", is_row=pl.lit(True),
        x_estimated=pl.col("is_export_mass_estimated"), m_estimated=pl.col("is_import_mass_estimated"),
    )  # fmt: skip
    plan = plan.join(found, on=KEY, how="left", maintain_order="left")
    plan = _usual(_heard(plan, reporters, markets), rows)
    ratios, family = _mirrors(rows.join(plan.select(FAMILY).unique(), on=FAMILY, how="semi"))
    mine = rows.join(plan.select(PAIR).unique(), on=PAIR, how="semi")
    plan = (
        plan.join(_habits(mine), on=PAIR, how="left", maintain_order="left")
        .join(ratios, on=PAIR, how="left", maintain_order="left")
        .join(family, on=FAMILY, how="left", maintain_order="left")
    )
    wobble = MIRROR_NOISE * pl.col("z_value")
    mirrors = {
        name: pl.when(pl.col(name).list.len() >= LEAST_MIRRORS).then(name).otherwise(f"family_{name}")
        for name in ("mirror", "mass_mirror")
    }
    plan = plan.with_columns(
        _drawn(pl.col("residuals"), "u_amount").alias("residual"),
        *((_drawn(which, "u_mirror") + wobble).alias(name) for name, which in mirrors.items()),
        pl.col("price_sd").fill_null(0.0),
    )
    return _stepped(plan.drop("residuals", "family_mirror", "family_mass_mirror"), offices)


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
    """One row for each pair: list of residuals, median prices and the spread of prices."""
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
            # The middle change, not the mean: single faults of a weight do not make a price restless.
            price_sd=pl.col("price_change").abs().median(),
        )
    )


def _mirrors(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Lists of log M / X in value (mirror) and in mass (mass_mirror) by pair and by family: the nine in ten of a family
    that lie in the middle, so that no fault of a unit is copied."""
    ratio = {
        name: (pl.col(f"m_{what}") / pl.col(f"x_{what}")).log() for name, what in
        (("mirror", "value"), ("mass_mirror", "mass"))
    }  # fmt: skip
    both = rows.sort(KEY).select(*KEY, "family", **ratio)
    middle = [
        pl.when(pl.col(name).is_between(pl.col(name).quantile(0.05), pl.col(name).quantile(0.95)).over(FAMILY))
        .then(name)
        .alias(name)
        for name in ratio
    ]
    both = both.with_columns(middle)
    lists = [pl.col(name).drop_nulls() for name in ratio]
    pairs = both.group_by(PAIR, maintain_order=True).agg(lists)
    return pairs, both.group_by(FAMILY, maintain_order=True).agg(one.name.prefix("family_") for one in lists)


def _drawn(values: pl.Expr, place: str) -> pl.Expr:
    """Element of a list at a place between 0 and 1; 0 for an empty or missing list."""
    at = (pl.col(place) * values.list.len()).floor().cast(pl.Int64)
    return pl.when(values.list.len() > 0).then(values.list.get(at, null_on_oob=True)).fill_null(0.0)


def _stepped(plan: pl.DataFrame, offices: pl.DataFrame) -> pl.DataFrame:
    """How round either side's amounts are: as the row's own (`x_value_round` and so on), else as one of its office's
    that year; never finer than all of these (`x_value_step`)."""
    steps = ["value_step", "mass_step", "value_steps", "mass_steps"]
    meant = ["value_meant", "mass_meant"]
    for side, end in (("x", "exporter"), ("m", "importer")):
        here = offices.filter(pl.col("side") == side)
        mine = here.select("source", "period", pl.col("country").alias(end), *steps)
        plan = plan.join(mine, on=["source", "period", end], how="left", maintain_order="left")
        plan = plan.join(_meant(here), on="source", how="left", maintain_order="left")
        for what in ("value", "mass"):
            own, office = roundness(pl.col(f"{side}_{what}")), pl.col(f"{what}_step").fill_null(1.0)
            one = _drawn(pl.col(f"{what}_steps"), "u_step").clip(lower_bound=FINEST)
            by_chance = (own == 10) & (pl.col("u_step") >= pl.col(f"{what}_meant"))
            plan = plan.with_columns(
                pl.when(by_chance).then(1.0).otherwise(pl.coalesce(own, one)).alias(f"{side}_{what}_round"),
                pl.when(own >= 1).then(office.clip(lower_bound=1.0)).when(own < 1).then(FINEST).otherwise(office)
                .alias(f"{side}_{what}_step"),
            )  # fmt: skip
        plan = plan.drop(*steps, *meant)
    return plan


def _meant(offices: pl.DataFrame) -> pl.DataFrame:
    """By source the probability that a nought at the end was meant: one amount in ten has it by chance."""
    shares = offices.group_by("source").agg(
        (pl.col(f"{what}_steps").list.explode() >= 10).mean().alias(f"{what}_meant") for what in ("value", "mass")
    )
    chance = pl.col("value_meant", "mass_meant")
    return shares.with_columns(((chance - 0.1) / (0.9 * chance)).clip(0.0, 1.0))
