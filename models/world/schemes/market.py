"""What somebody with a plan knows of the world: pairs that trade, zones that dig, prices, bans, hubs."""

from dataclasses import dataclass

import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.mined import Mined
from models.world.parameters.schemes import Schemes
from models.world.schemes.spells import MONTHS, zoned
from models.world.schemes.terms import Terms, terms
from models.world.totals import totals
from models.world.traded import Traded

PAIR = ("family", "commodity", "exporter", "importer")
KM_PER_DEGREE = 111.2


@dataclass(frozen=True)
class Market:
    """The stage of all schemes."""

    rules: Schemes
    terms: Terms
    size: str
    """Of the world."""
    years: range
    goods: pl.DataFrame
    """Legal goods that their country of origin exports itself: those that actors can bend."""
    pairs: pl.DataFrame
    """PAIR, traded_years, first_year, last_year, mass_kg and value_usd of a mean year."""
    sells: pl.DataFrame
    """commodity, exporter, importer: what moves legally between whom, re-exports included."""
    zones: pl.DataFrame
    """zone_id, family, country, first_year, last_year: illegal sites that one scheme may draw on together."""
    zone_years: pl.DataFrame
    """zone_id, year, contained_kg, timing (twelve shares)."""
    zone_sites: pl.DataFrame
    """zone_id, year, site_id, share."""
    buyers: pl.DataFrame
    """family, importer, bought: the largest importers, in USD a year."""
    hubs: pl.DataFrame
    """family, hub, passed: the countries with the largest re-exports, in USD a year."""
    high: pl.DataFrame
    """commodity, year, months (twelve numbers, 1 where the price is high), fall (usual price over the highest)."""
    banned: pl.DataFrame
    """country, commodity, year."""
    output: pl.DataFrame
    """country, family, year, counted_kg."""
    near: pl.DataFrame
    """country, other, km between seats of government, nearest first."""


def market(config: WorldConfig, ground: Ground, mined: Mined, traded: Traded) -> Market:
    """Everything that schemes look at, summed once."""
    rules, goods = config.schemes, traded.goods
    own = goods.sort("goods_id").filter(
        pl.col("scheme_id").is_null(), ~pl.col("is_reexport"), pl.col("origin") == pl.col("exporter"),
        pl.col("mass_kg") > 0,
    )  # fmt: skip
    zones, zone_years, zone_sites = zoned(config, mined.sites, mined.site_months)
    return Market(
        rules=rules,
        terms=terms(rules, goods),
        size=config.size,
        years=config.years,
        goods=own,
        pairs=_pairs(own),
        sells=goods.select("commodity", "exporter", "importer").unique().sort("commodity", "exporter", "importer"),
        zones=zones,
        zone_years=zone_years,
        zone_sites=zone_sites,
        buyers=_largest(goods, "importer", rules.buyers).rename({"value_usd": "bought"}),
        hubs=_largest(goods.filter(pl.col("is_reexport")), "exporter", rules.hubs).rename(
            {"exporter": "hub", "value_usd": "passed"}
        ),
        high=_high(mined.prices, rules),
        banned=banned(mined.bans, own, config),
        output=mined.output.select("country", "family", "year", counted_kg=pl.col("legal_kg") + pl.col("artisanal_kg")),
        near=distances(ground.countries),
    )


def _pairs(goods: pl.DataFrame) -> pl.DataFrame:
    """What each pair trades, over the years in which it does. Goods come sorted."""
    years = goods.select(*PAIR, "year").unique().group_by(PAIR)
    spans = years.agg(traded_years=pl.len(), first_year=pl.col("year").min(), last_year=pl.col("year").max())
    sums = totals(goods, PAIR, "mass_kg", "value_usd").join(spans, on=PAIR, how="inner", maintain_order="left")
    return sums.with_columns(pl.col("mass_kg", "value_usd") / pl.col("traded_years"))


def _largest(goods: pl.DataFrame, side: str, number: int) -> pl.DataFrame:
    """family, country on this side and its trade a year; the largest of each family."""
    years = max(goods["year"].n_unique(), 1)
    sums = totals(goods.sort("goods_id"), ["family", side], "value_usd").with_columns(pl.col("value_usd") / years)
    ordered = sums.sort("family", "value_usd", side, descending=[False, True, False])
    return ordered.group_by("family", maintain_order=True).head(number)


def _high(prices: pl.DataFrame, rules: Schemes) -> pl.DataFrame:
    """Years with months whose price stands above the mean of the months before."""
    before = (
        pl.col("usd_per_kg")
        .shift(1)
        .rolling_mean(rules.price_window_months, min_samples=rules.price_least_months)
        .over("commodity", order_by="month")
    )
    rows = prices.sort("commodity", "month").with_columns(fall=before / pl.col("usd_per_kg"))
    is_high = (pl.col("fall") * rules.price_rise <= 1).fill_null(False)
    rows = rows.with_columns(year=pl.col("month").dt.year(), is_high=is_high.cast(pl.Float64))
    years = rows.group_by("commodity", "year", maintain_order=True).agg(months="is_high", fall=pl.col("fall").min())
    return years.filter(pl.col("months").list.len() == MONTHS, pl.col("months").list.max() > 0)


def banned(bans: pl.DataFrame, goods: pl.DataFrame, config: WorldConfig) -> pl.DataFrame:
    """country, commodity, year of bans that cover most of the year: codes that are traded, or into which goods go."""
    years = pl.DataFrame({"year": list(config.years)}, schema={"year": pl.Int32})
    rules = config.schemes
    listed_codes = {*rules.raw.values(), *(code for codes in rules.other_codes.values() for code in codes)}
    codes = pl.Series("commodity", sorted(listed_codes | set(goods["commodity"])))
    listed = bans.with_columns(prefix=pl.col("codes").str.split(" ")).explode("prefix", empty_as_null=False)
    rows = listed.join(codes.to_frame(), how="cross").filter(pl.col("commodity").str.starts_with(pl.col("prefix")))
    rows = rows.join(years, how="cross")
    first, last = pl.date(pl.col("year"), 1, 1), pl.date(pl.col("year"), 12, 31)
    start, end = pl.max_horizontal(first, "start"), pl.min_horizontal(last, pl.col("end").fill_null(last))
    share = ((end - start).dt.total_days() + 1).clip(lower_bound=0) / ((last - first).dt.total_days() + 1)
    keys = ["country", "commodity", "year"]
    rows = rows.with_columns(share=share).sort(*keys, "start")
    in_force = totals(rows, keys, "share").filter(pl.col("share") >= rules.banned_share)
    return in_force.select(keys)


def distances(countries: pl.DataFrame) -> pl.DataFrame:
    """Great-circle km between seats of government."""
    one = countries.select("country", "lon", "lat")
    pairs = one.join(one.rename({"country": "other"}), how="cross", suffix="_other")
    rows = pairs.filter(pl.col("country") != pl.col("other"))
    lat, lat_other = pl.col("lat").radians(), pl.col("lat_other").radians()
    cosine = (
        lat.sin() * lat_other.sin()
        + lat.cos() * lat_other.cos() * (pl.col("lon") - pl.col("lon_other")).radians().cos()
    )
    km = cosine.clip(-1.0, 1.0).arccos().degrees() * KM_PER_DEGREE
    return rows.select("country", "other", km=km).sort("country", "km", "other")
