"""Schemes that move money: goods that never move, and goods that go round."""

import polars as pl

from models.world.schemes.acts import Acts, routes, ship, within, without_site
from models.world.schemes.market import PAIR, Market
from models.world.schemes.spells import MONTHS


def beside_trade(cast: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Rows for `ship` beside a pair's legal trade: a share of its mean year, in kg of the basis, in each year."""
    means = market.pairs.select(*PAIR, "mass_kg")
    rows = routes(cast).join(means, on=PAIR, how="inner").join(market.terms.contents, on="commodity", how="inner")
    kg = pl.col("mass_kg") * pl.col("contained") * pl.col("handled") * pl.col("force")
    even = pl.lit([1 / MONTHS] * MONTHS, dtype=pl.List(pl.Float64))
    rows = rows.with_columns(contained_kg=kg, origin=pl.col("exporter"), timing=even)
    return rows.drop("mass_kg", "contained")


def phantom_export(cast: pl.DataFrame, market: Market) -> Acts:
    """Exports are declared, for a rebate or to bring in money, and never move. Nobody declares the import."""
    rows = beside_trade(cast, market).with_columns(is_phantom=pl.lit(True), import_share=pl.lit(0.0))
    goods = ship(rows, market.terms)
    return Acts(goods, without_site(goods, "unrecorded"), Acts.none().parts)


def round_tripping(cast: pl.DataFrame, market: Market) -> Acts:
    """The same goods go out and come back several times a year, dearer at each passage; both sides declare them.

    In its n-th passage the declared value is (1 + markup)^n of the true one; a year's row holds the mean of its own.
    """
    low, high = market.rules.carousel_rounds
    rounds = (low + pl.col("draw") * (high - low)).round()
    rows = beside_trade(cast, market).with_columns(pl.col("contained_kg") * rounds, rounds=rounds)
    step = 1 + within(market.rules.carousel_markup)
    # Passages out are 0, 2, 4, ...: the mean of a geometric series. Passages back are one step dearer.
    out = (step.pow(2 * rounds) - 1) / (step.pow(2) - 1) / rounds
    there = ship(rows.with_columns(export_value_factor=out, import_value_factor=out), market.terms)
    back = rows.with_columns(
        exporter="importer",
        importer="exporter",
        import_partner="importer",
        export_value_factor=out * step,
        import_value_factor=out * step,
    )
    goods = pl.concat([there, ship(back, market.terms)])
    return Acts(goods, without_site(goods, "stock"), Acts.none().parts)
