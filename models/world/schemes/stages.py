"""Where schemes could be: pairs of countries that trade, and illegal zones with somebody who buys."""

from collections.abc import Mapping

import polars as pl

from models.world.schemes.market import Market

STAGE: Mapping[str, type[pl.DataType]] = {
    "family": pl.String,
    "commodity": pl.String,
    "exporter": pl.String,
    "importer": pl.String,
    "hub": pl.String,
    "third": pl.String,
    "zone_id": pl.String,
    "first_year": pl.Int32,
    "latest_onset": pl.Int32,
    "last_year": pl.Int32,
    "weight": pl.Float64,
}
"""What a scheme could stand on: goods, both ends, a hub, a third country whose name is used, an illegal zone, the
years in which it is possible, and how likely it is chosen."""
TRADED_SHARE = 0.7
"""Share of its span in which a pair must have traded to count as one that trades."""
PAIR_POWER = 0.5
"""How much more likely actors choose a larger pair: weight = value to this power."""
BUYER_POWER = 0.5
"""The same for buyers of illegal goods, who are many and small as well as few and large."""
KNOWN = 5.0
"""How much rather illegal goods go where legal ones go already, among which they are one more delivery."""
UNSET = ("hub", "third", "zone_id")


def pair_stages(market: Market) -> pl.DataFrame:
    """Pairs that trade, whose own goods can be bent."""
    span, rules = pl.col("last_year") - pl.col("first_year") + 1, market.rules
    least = pl.max_horizontal(TRADED_SHARE * span, pl.lit(rules.least_traded_years))
    pairs = market.pairs.filter(pl.col("traded_years") >= least, pl.col("value_usd") >= rules.least_value_usd)
    return pairs.with_columns(
        [pl.lit(None, dtype=pl.String).alias(name) for name in UNSET],
        latest_onset=pl.col("last_year"),
        weight=pl.col("value_usd").pow(PAIR_POWER),
    )


def zone_stages(market: Market) -> pl.DataFrame:
    """Illegal zones and importers of what they dig."""
    raw = {family: code for family, code in market.rules.raw.items() if code in market.terms.unit_values["commodity"]}
    zones = market.zones.filter(pl.col("family").is_in(list(raw)))
    rows = zones.join(market.buyers, on="family", how="inner").filter(pl.col("country") != pl.col("importer"))
    rows = rows.rename({"country": "exporter"}).with_columns(
        commodity=pl.col("family").replace_strict(raw, default=None, return_dtype=pl.String),
        hub=pl.lit(None, dtype=pl.String),
        third=pl.lit(None, dtype=pl.String),
        latest_onset=pl.col("last_year"),
    )
    return known(rows, market, "exporter").with_columns(weight=pl.col("bought").pow(BUYER_POWER) * pl.col("known"))


def known(rows: pl.DataFrame, market: Market, seller: str) -> pl.DataFrame:
    """Rows with `known`, KNOWN where the importer buys the same legal goods of the seller and 1 elsewhere."""
    sells = market.sells.rename({"exporter": seller}).with_columns(known=pl.lit(KNOWN))
    rows = rows.join(sells, on=["commodity", seller, "importer"], how="left")
    return rows.with_columns(pl.col("known").fill_null(1.0))


def halved(stages: list[pl.DataFrame]) -> pl.DataFrame:
    """Stages of several sorts, each sort as likely as the others."""
    columns = list(STAGE)
    sums = [float(one["weight"].to_numpy().sum()) for one in stages]
    return pl.concat(
        [one.select(*columns[:-1], pl.col("weight") / whole) for one, whole in zip(stages, sums, strict=True)]
    )
