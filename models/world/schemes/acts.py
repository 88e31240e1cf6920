"""Tools of all schemes: strength by year, goods taken from legal trade, and goods that come on top."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from models.world.forms import AMOUNTS, filled
from models.world.schemes.market import Market
from models.world.schemes.terms import Terms
from models.world.tables import Goods, GoodsOrigin

ROUTE = ("exporter", "importer", "commodity", "year")


@dataclass(frozen=True)
class Acts:
    """What schemes do to the goods of the world."""

    goods: pl.DataFrame
    """New rows (Goods), each with its scheme."""
    origins: pl.DataFrame
    """Origins of goods that come on top (GoodsOrigin); parts of legal goods inherit theirs."""
    parts: pl.DataFrame
    """goods_id, from_goods_id, share: new rows that were part of legal goods."""

    @classmethod
    def none(cls) -> "Acts":
        """Nothing happens."""
        return cls(Goods.create_empty(), GoodsOrigin.create_empty(), _parts())

    @classmethod
    def both(cls, acts: Sequence["Acts"]) -> "Acts":
        """Several acts as one."""
        if not acts:
            return cls.none()
        return cls(*(pl.concat([getattr(one, name) for one in acts]) for name in ("goods", "origins", "parts")))


def _parts() -> pl.DataFrame:
    return pl.DataFrame(schema={"goods_id": pl.String, "from_goods_id": pl.String, "share": pl.Float64})


def routes(cast: pl.DataFrame) -> pl.DataFrame:
    """A row for each scheme, importer and year, with `force` = strength x min(1, (years since onset + 1) / (ramp + 1))
    and `weight`, the importer's share (the first takes most)."""
    rows = cast.with_columns(
        year=pl.int_ranges("first_year", pl.col("last_year") + 1, dtype=pl.Int32),
        weight=pl.col("importers").list.eval(1 / pl.int_range(1, pl.len() + 1)),
    )
    rows = rows.with_columns(weight=pl.col("weight").list.eval(pl.element() / pl.element().sum()))
    rows = rows.explode("importers", "weight", empty_as_null=False).explode("year", empty_as_null=False)
    done = (pl.col("year") - pl.col("first_year") + 1) / (pl.col("ramp_years") + 1)
    return rows.rename({"importers": "importer"}).with_columns(force=pl.col("strength") * done.clip(upper_bound=1.0))


def within(span: tuple[float, float], place: str = "draw") -> pl.Expr:
    """A number in a range at the place drawn for the scheme."""
    return span[0] + (span[1] - span[0]) * pl.col(place)


def take(plan: pl.DataFrame, market: Market, **forms: pl.Expr) -> Acts:
    """Part of the legal goods of each route becomes goods of the scheme. `plan`: routes with `share`, the part taken.
    `forms`: what is declared of it."""
    met = market.goods.drop("scheme_id").join(plan.drop("family"), on=ROUTE, how="inner", suffix="_plan")
    return part(met, **forms)


def part(met: pl.DataFrame, **forms: pl.Expr) -> Acts:
    """The `share` of each of these goods that becomes goods of `scheme_id`, and what is declared of it."""
    rows = met.filter(pl.col("share") > 0).rename({"goods_id": "from_goods_id"})
    rows = rows.with_columns(pl.col(name) * pl.col("share") for name in AMOUNTS)
    rows = rows.with_columns(goods_id=pl.concat_str("scheme_id", "from_goods_id", separator=":"), **forms)
    goods = Goods.cast(rows.select(Goods.column_names()))
    return Acts(goods, GoodsOrigin.create_empty(), rows.select(_parts().columns))


def ship(rows: pl.DataFrame, terms: Terms, plan: str = "scheme_id") -> pl.DataFrame:
    """Goods on top of legal trade: mass, value and mode of rows that have the id of their plan, family, commodity,
    exporter, importer, origin, year, contained_kg, timing and draw, and what their forms declare."""
    label = pl.concat_str(plan, "exporter", "importer", "commodity", "year", separator=":")
    rows = rows.with_columns(goods_id=label).join(terms.contents, on="commodity", how="inner")
    rows = _priced(rows.with_columns(mass_kg=pl.col("contained_kg") / pl.col("contained")), terms)
    return filled(_carried(rows, terms)).sort("goods_id")


def _priced(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Value at the unit value of legal goods, a little off: the plan's own draw places it."""
    nearest = terms.unit_values.sort("year")
    rows = rows.sort("year").join_asof(nearest, on="year", by="commodity", strategy="nearest", check_sortedness=False)
    off = (terms.value_spread * 2 * (pl.col("draw") - 0.5)).exp()
    return rows.filter(pl.col("usd_per_kg").is_not_null()).with_columns(
        value_usd=pl.col("mass_kg") * pl.col("usd_per_kg") * off
    )


def _carried(rows: pl.DataFrame, terms: Terms) -> pl.DataFrame:
    """Mode of the pair, else of the importer, else by air for gold and by sea for the rest."""
    pairs = terms.modes.filter(pl.col("exporter").is_not_null())
    anywhere = terms.modes.filter(pl.col("exporter").is_null()).drop("exporter").rename({"mode": "mode_anywhere"})
    rows = rows.join(pairs, on=["family", "exporter", "importer"], how="left")
    rows = rows.join(anywhere, on=["family", "importer"], how="left")
    other = pl.when(pl.col("family") == "gold").then(pl.lit("air")).otherwise(pl.lit("sea"))
    return rows.with_columns(mode=pl.coalesce("mode", "mode_anywhere", other))


def from_zone(cast: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Rows for `ship`: the share of each zone's output that the scheme moves in each year, to each importer."""
    rows = routes(cast).join(market.zone_years, on=["zone_id", "year"], how="inner")
    kg = pl.col("contained_kg") * pl.col("force") * pl.col("weight")
    return rows.with_columns(contained_kg=kg, origin=pl.col("exporter"))


def dug(goods: pl.DataFrame, rows: pl.DataFrame, market: Market) -> pl.DataFrame:
    """Origins of shipped goods: the sites of their zone. `rows`: what was shipped, with scheme_id and zone_id."""
    zones = rows.select("scheme_id", "zone_id").unique()
    met = goods.select("goods_id", "scheme_id", "year").join(zones, on="scheme_id", how="inner")
    met = met.join(market.zone_sites, on=["zone_id", "year"], how="inner")
    return GoodsOrigin.cast(
        met.select("goods_id", origin_kind=pl.lit("site"), origin_id=pl.col("site_id"), share=pl.col("share"))
    )


def without_site(goods: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Origins of goods that come from a country's stock or from nowhere known."""
    return GoodsOrigin.cast(
        goods.select("goods_id", origin_kind=pl.lit(kind), origin_id=pl.col("origin"), share=pl.lit(1.0))
    )
