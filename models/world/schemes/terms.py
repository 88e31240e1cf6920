"""How goods are usually traded: what new goods take their price, content and mode from."""

from dataclasses import dataclass

import polars as pl

from graphs.commodities import contained_factor
from models.world.parameters.schemes import Schemes
from models.world.totals import totals


@dataclass(frozen=True)
class Terms:
    """How goods are usually traded: what new goods take their price, content and mode from."""

    unit_values: pl.DataFrame
    """commodity, year, usd_per_kg of legal goods."""
    contents: pl.DataFrame
    """commodity, contained: kg of the basis in one kg of legal goods."""
    modes: pl.DataFrame
    """family, exporter (null: anywhere), importer, mode that carries most."""
    value_spread: float
    """See `parameters.schemes`."""


def terms(rules: Schemes, goods: pl.DataFrame) -> Terms:
    """Terms of legal trade."""
    return Terms(unit_values(goods), _contents(goods, rules), carriers(goods), rules.value_spread)


def unit_values(goods: pl.DataFrame) -> pl.DataFrame:
    """USD per kg of each commodity and year, all legal goods together."""
    keys = ["commodity", "year"]
    sums = totals(goods.sort("goods_id"), keys, "value_usd", "mass_kg")
    return sums.select(*keys, usd_per_kg=pl.col("value_usd") / pl.col("mass_kg"))


def _contents(goods: pl.DataFrame, rules: Schemes) -> pl.DataFrame:
    """Contained over mass of legal goods; where none are traded, the usual factor of the code."""
    sums = totals(goods.sort("goods_id"), ["commodity"], "contained_kg", "mass_kg")
    seen = sums.select("commodity", contained=pl.col("contained_kg") / pl.col("mass_kg"))
    usual = pl.DataFrame(
        [(code, (contained_factor(code) or (1.0, 1.0, 1.0))[1]) for code in rules.raw.values()],
        schema={"commodity": pl.String, "contained": pl.Float64},
        orient="row",
    )
    return pl.concat([seen, usual.join(seen, on="commodity", how="anti")]).sort("commodity")


def carriers(goods: pl.DataFrame) -> pl.DataFrame:
    """The mode that carries most of a family between two countries, and into one from anywhere (exporter null)."""
    keys = ["family", "exporter", "importer"]
    rows = goods.sort("goods_id").with_columns(pl.col("mode").cast(pl.String))
    sums = totals(rows, [*keys, "mode"], "value_usd")
    into = totals(sums, ["family", "importer", "mode"], "value_usd")
    both = pl.concat([sums, into.with_columns(exporter=pl.lit(None, dtype=pl.String)).select(sums.columns)])
    most = both.sort(*keys, "value_usd", "mode", descending=[False, False, False, True, False])
    return most.unique(keys, keep="first", maintain_order=True).drop("value_usd")
