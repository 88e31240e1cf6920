"""The forms that traders hand in at both borders, as each office books them: whose partner, which year, at what value.

Nothing is in error yet. What is here differs from the truth by what traders write (the declared fields of goods) and
by rules: origin or seller, transit, special trade, free zones, freight and time. Imports of a world's first year lack
what left before it, and what arrives after its last year is in no table.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.world.config import WorldConfig
from models.world.customs import freight
from models.world.customs.draws import Draws, Vector
from models.world.customs.freight import MONTHS, Months
from models.world.customs.sums import added

RESIDUALS = {"_X": 899, "XX": 839, "X1": 837, "X2": 838, "S19": 490}
"""Partners that are no country, with their numbers."""
UNSPECIFIED, FREE_ZONES = RESIDUALS["_X"], RESIDUALS["X2"]
LINE = ("is_export", "reporter", "partner", "commodity")
ROW = (*LINE, "year")
AMOUNTS = ("value_usd", "mass_kg", "reexport_usd", "freight_usd")
"""`reexport_usd` and `freight_usd` are the parts of the value that are re-exports and freight."""
_ENDS = ("origin", "exporter", "importer", "via", "export_partner", "import_partner")


@dataclass(frozen=True)
class Forms:
    """All forms, in no order that matters."""

    rows: pl.DataFrame
    """ROW and AMOUNTS, with the position of the months of each (`goods`, `later`)."""
    departures: Months
    """Shares of each goods by month of departure, `[goods, 12]`."""
    arrivals: Months
    """Shares by month of arrival, `[goods, 17]`."""

    def months(self, wanted: pl.DataFrame) -> Months:
        """Value by month of the reporter's year `[rows, 12]` of some of the rows."""
        values = np.zeros((wanted.height, MONTHS))
        goods, later = wanted["goods"].to_numpy(), wanted["later"].to_numpy()
        exports = wanted["is_export"].to_numpy()
        values[exports] = self.departures[goods[exports]]
        now, then = ~exports & ~later, ~exports & later
        values[now] = self.arrivals[goods[now], :MONTHS]
        values[then, : self.arrivals.shape[1] - MONTHS] = self.arrivals[goods[then], MONTHS:]
        shares = values / np.maximum(values.sum(axis=1, keepdims=True), 1e-300)
        by_month: Months = shares * wanted["value_usd"].to_numpy()[:, None]
        return by_month


def forms(config: WorldConfig, offices: pl.DataFrame, goods: pl.DataFrame) -> Forms:
    """Forms of both sides of all goods."""
    numbered = _numbered(offices, goods)
    departures = numbered["timing"].explode().to_numpy().reshape(-1, MONTHS)
    arriving = freight.arrivals(departures, freight.months_under_way(config, numbered))
    exports = _exports(config, offices, numbered)
    imports = _imports(config, offices, numbered)
    rows = [_yearly(offices, exports, departures), _yearly(offices, imports, arriving)]
    return Forms(pl.concat(rows), departures, arriving)


def _numbered(offices: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """Goods sorted by id, countries and codes as numbers, with `goods`, `at_exporter`, `at_importer` and `km`."""
    numbers = dict(zip(offices["country"], offices["reporter"], strict=True)) | RESIDUALS
    frame = goods.sort("goods_id").with_row_index("goods")
    frame = frame.with_columns(
        *(pl.col(name).replace_strict(numbers, return_dtype=pl.Int32) for name in _ENDS),
        *(pl.col(name).cast(pl.Int32) for name in ("commodity", "export_commodity", "import_commodity")),
    )
    places = {number: at for at, number in enumerate(offices["reporter"])}
    start, end, over = (_places(frame[name], places) for name in ("exporter", "importer", "via"))
    km = freight.distances_km(offices)
    length = np.where(over < 0, km[start, end], km[start, over] + km[over, end])
    return frame.with_columns(
        pl.Series("at_exporter", start), pl.Series("at_importer", end), pl.Series("km", length)
    )  # fmt: skip


def _places(numbers: pl.Series, places: dict[int, int]) -> NDArray[np.int64]:
    return numbers.replace_strict(places, default=-1, return_dtype=pl.Int64).fill_null(-1).to_numpy()


def _keys(frame: pl.DataFrame, *names: str) -> list[NDArray[np.int64]]:
    return [frame[name].fill_null(0).to_numpy() for name in names]


def _exports(config: WorldConfig, offices: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """One row per goods as the exporter's office books it, FOB."""
    customs = config.customs
    through = Draws.of(config, "transit").uniform(*_keys(goods, "exporter", "via", "importer")) < customs.transit_named
    bond = _habit(offices, "is_special", goods["at_exporter"]) & goods["is_reexport"].to_numpy()
    share = goods["export_share"].to_numpy() * np.where(bond, 1 - customs.bonded, 1.0)
    value = goods["value_usd"].to_numpy() * goods["export_value_factor"].to_numpy() * share
    mass = goods["mass_kg"].to_numpy() * goods["export_mass_factor"].to_numpy() * share
    usual = pl.when(pl.Series(through) & pl.col("via").is_not_null()).then("via").otherwise("importer")
    return goods.select(
        "goods",
        "year",
        is_export=True,
        reporter="exporter",
        at="at_exporter",
        partner=pl.coalesce("export_partner", usual),
        commodity=pl.coalesce("export_commodity", "commodity"),
        value_usd=pl.Series(value),
        mass_kg=pl.Series(mass),
        reexport_usd=pl.Series(value * goods["is_reexport"].to_numpy()),
        freight_usd=pl.lit(0.0),
    )


def _imports(config: WorldConfig, offices: pl.DataFrame, goods: pl.DataFrame) -> pl.DataFrame:
    """One row per goods as the importer's office books it, CIF unless the office values FOB."""
    share = goods["import_share"].to_numpy() * _cleared(config, offices, goods)
    fob = goods["value_usd"].to_numpy() * goods["import_value_factor"].to_numpy() * share
    value = fob * freight.cif_over_fob(config, goods)
    mass = goods["mass_kg"].to_numpy() * goods["import_mass_factor"].to_numpy() * share
    return goods.select(
        "goods",
        "year",
        is_export=False,
        reporter="importer",
        at="at_importer",
        partner=pl.coalesce("import_partner", _seller_or_origin(config, offices, goods)),
        commodity=pl.coalesce("import_commodity", "commodity"),
        value_usd=pl.Series(value),
        mass_kg=pl.Series(mass),
        reexport_usd=pl.lit(0.0),
        freight_usd=pl.Series(value - fob),
    )


def _seller_or_origin(config: WorldConfig, offices: pl.DataFrame, goods: pl.DataFrame) -> pl.Expr:
    """Partner by the rule of the importer's office; free zones for some lines of re-exported goods."""
    customs = config.customs
    known = Draws.of(config, "origin known").uniform(*_keys(goods, "importer", "origin", "exporter"))
    origin = _habit(offices, "names_origin", goods["at_importer"]) & (known < customs.origin_known)
    zone = Draws.of(config, "free zones").uniform(*_keys(goods, "importer", "exporter", "commodity"))
    zone_ = (zone < customs.free_zone) & goods["is_reexport"].to_numpy() & ~origin
    rule = pl.when(pl.Series(origin)).then("origin").otherwise("exporter")
    return pl.when(pl.Series(zone_)).then(pl.lit(FREE_ZONES, pl.Int32)).otherwise(rule)


def _cleared(config: WorldConfig, offices: pl.DataFrame, goods: pl.DataFrame) -> Vector:
    """Share of each goods that leaves bond in the importer's country: 1 under general trade.

    Under special trade imports lack what is sold on from bond, in proportion to the year's imports of the family.
    """
    keys = ["office", "family", "year"]
    out = goods.filter("is_reexport").with_columns(pl.col("exporter").alias("office"))
    passed = added(out, keys, ["contained_kg"]).rename({"contained_kg": "out_kg"})
    imported = added(goods.with_columns(pl.col("importer").alias("office")), keys, ["contained_kg"])
    ratio = imported.join(passed, on=keys, how="left", maintain_order="left").with_columns(
        ratio=(pl.col("out_kg").fill_null(0.0) / pl.col("contained_kg")).clip(0.0, 1.0).fill_nan(0.0)
    )
    mine = goods.select(office="importer", family="family", year="year")
    share = mine.join(ratio, on=keys, how="left", maintain_order="left")["ratio"].to_numpy()
    special = _habit(offices, "is_special", goods["at_importer"])
    return np.where(special, 1 - config.customs.bonded * share, 1.0)


def _habit(offices: pl.DataFrame, name: str, places: pl.Series) -> NDArray[np.bool_]:
    habit: NDArray[np.bool_] = offices[name].to_numpy()[places.to_numpy()]
    return habit


def _yearly(offices: pl.DataFrame, rows: pl.DataFrame, months: Months) -> pl.DataFrame:
    """Each form in the office's year of departure or arrival; what falls into the next is a row by itself (`later`)."""
    shares = freight.by_year(months, _habit(offices, "is_fiscal", rows["at"]))
    parts = []
    for later in (False, True):
        share = shares[:, int(later)]
        amounts = [pl.col(name) * pl.Series(share) for name in AMOUNTS]
        part = rows.with_columns(pl.col("year") + int(later), *amounts, later=pl.lit(later))
        parts.append(part.filter((pl.Series(share) > 0) & (pl.col("value_usd") + pl.col("mass_kg") > 0)))
    return pl.concat(parts).select(*ROW, *AMOUNTS, "goods", "later")
