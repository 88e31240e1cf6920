"""A tiny world by hand: eight countries, three families, one of everything that schemes and artefacts need."""

from datetime import date
from types import SimpleNamespace

import polars as pl

from models.world.config import WorldConfig
from models.world.forms import filled
from models.world.tables import Ban, Country, GoodsOrigin, Output, Price, Site, SiteMonth

CONFIG = WorldConfig(7, "small", countries=8, first_year=2012, families=("gold", "nickel", "timber"))
COUNTRIES = [f"XA{letter}" for letter in "ABCDEFGH"]
CODES = {"gold": "710812", "nickel": "260400", "timber": "440349"}
USD = {"710812": 50_000.0, "260400": 0.05, "440349": 0.2, "750210": 15.0}
SPIKES = (2018, 2019, 2022)
EVEN = [1 / 12] * 12


def good(exporter: str, importer: str, family: str, year: int, kg: float, **other: object) -> dict:
    """Legal goods, named by their ends unless told otherwise."""
    code = other.get("commodity", CODES[family])
    row = {
        "goods_id": f"goods:{exporter}:{importer}:{code}:{year}:{other.get('origin', exporter)}",
        "family": family, "commodity": code, "year": year, "origin": exporter, "exporter": exporter,
        "importer": importer, "mass_kg": kg, "contained_kg": 0.5 * kg, "value_usd": kg * USD[code],
        "mode": "air" if family == "gold" else "sea", "timing": EVEN,
        "is_reexport": False, **other,
    }  # fmt: skip
    return row


def trade() -> pl.DataFrame:
    """Producers XAA to XAC sell to all; the hub XAD sells on; XAE trades metal. Goods by way of XAH to XAG."""
    rows = []
    for year in CONFIG.years:
        for at, exporter in enumerate(COUNTRIES[:4]):
            for to, importer in enumerate(COUNTRIES):
                if importer == exporter:
                    continue
                for place, family in enumerate(CODES):
                    via = "XAH" if importer == "XAG" else None
                    kg = 1000.0 * (1 + at + 2 * to + place) * (1 + 0.05 * (year % 3)) * 10 ** (3 * (place > 0))
                    rows.append(good(exporter, importer, family, year, kg, via=via))
        rows += [
            good("XAD", importer, "gold", year, 800.0, origin="XAA", is_reexport=True) for importer in ("XAE", "XAF")
        ]
        rows.append(good("XAE", "XAF", "nickel", year, 4e6, commodity="750210", contained_kg=4e6))
    return filled(pl.DataFrame(rows, infer_schema_length=None))


def traded() -> SimpleNamespace:
    """Goods and origins: half from a mine, half artisanal."""
    goods = trade()
    half = [
        goods.select(
            "goods_id",
            origin_kind=pl.lit("site"),
            origin_id=pl.format("mine:{}:{}", "origin", pl.lit(kind)),
            share=pl.lit(0.5),
        )
        for kind in ("legal", "artisanal")
    ]
    return SimpleNamespace(goods=goods, origins=GoodsOrigin.validate(pl.concat(half), cast=True))


def sites() -> pl.DataFrame:
    """A legal mine and three illegal sites for each producer and family."""
    rows = [
        {
            "site_id": f"{kind}:{country}:{family}:{n}", "kind": kind, "family": family, "country": country,
            "deposit_id": f"deposit:{country}", "lon": 0.0, "lat": 0.0, "opened": date(2013, 1, 1), "closed": None,
            "permit_id": None, "in_protected": False, "processing": "none",
        }
        for country in COUNTRIES[:3]
        for family in CODES
        for kind, number in (("legal_mine", 1), ("illegal", 3))
        for n in range(number)
    ]  # fmt: skip
    return Site.validate(pl.DataFrame(rows), cast=True)


def site_months(sites: pl.DataFrame) -> pl.DataFrame:
    """Sites dig from March to October, more each year."""
    months = pl.DataFrame({"month": [date(year, m, 1) for year in CONFIG.years[1:] for m in range(3, 11)]})
    kg = pl.when(pl.col("family") == "gold").then(20.0).otherwise(200_000.0)
    rows = sites.select("site_id", "lon", "lat", "family").join(months, how="cross")
    rows = rows.with_columns(contained_kg=kg * (pl.col("month").dt.year() - 2010), area_ha=1.0, new_area_ha=0.1)
    return SiteMonth.validate(rows.select(SiteMonth.column_names()), cast=True)


def mined() -> SimpleNamespace:
    """Sites, prices that spike in three years, a ban on XAB's nickel ore, and one event of each kind."""
    dug = sites()
    months = [date(year, month, 1) for year in CONFIG.years for month in range(1, 13)]
    prices = [
        {"commodity": code, "month": one, "usd_per_kg": usd * (1.6 if one.year in SPIKES and one.month > 4 else 1.0)}
        for code, usd in USD.items()
        for one in months
    ]
    ban = {"country": "XAB", "codes": "2604", "start": date(2018, 1, 1), "end": None, "citation": "Decree 1 of 2017"}
    output = [
        {"country": country, "family": family, "year": year, "legal_kg": 1e8, "artisanal_kg": 1e7, "illegal_kg": 1e6}
        for country in COUNTRIES[:3] for family in CODES for year in CONFIG.years
    ]  # fmt: skip
    events = [
        ("strike", "gold", "XAA", 2015, 2015, "Miners stop work."),
        ("new_mine", "nickel", "XAC", 2016, 2018, "A mine opens."),
        ("price_spike", "timber", None, 2018, 2019, "Logs are dear."),
    ]
    named = ["kind", "family", "country", "first_year", "last_year", "description"]
    return SimpleNamespace(
        sites=dug,
        site_months=site_months(dug),
        prices=Price.validate(pl.DataFrame(prices), cast=True),
        bans=Ban.validate(pl.DataFrame([ban], schema_overrides={"end": pl.Date}), cast=True),
        output=Output.validate(pl.DataFrame(output), cast=True),
        events=pl.DataFrame(events, schema=named, orient="row"),
    )


def ground() -> SimpleNamespace:
    """Countries in a row along the equator, ten degrees apart."""
    rows = [
        {
            "country": code, "numeric": 900 + n, "name": code, "lon": 10.0 * n, "lat": 0.0, "area_km2": 1e5,
            "is_coastal": True, "population": 1e7, "gdp_usd": 1e10 * (n + 1), "governance": 0.0,
        }
        for n, code in enumerate(COUNTRIES)
    ]  # fmt: skip
    return SimpleNamespace(countries=Country.validate(pl.DataFrame(rows), cast=True))
