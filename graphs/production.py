"""Mine output: rows of any published table become kilograms of a family's basis, with an interval.

The interval is lognormal: 10th and 90th percentile are `mass_kg` x exp(-+1.2816 s). The spread s of a reported
figure is 5 %, of a provisional or unmarked one 10 %, of an estimate 20 %, so that a mixed country keeps the 10 %
that the supply balance assumes. Parts that are added up share their error: their bounds add.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from graphs import rows
from graphs.commodities import density_of, family_named, production_of
from graphs.errors import UnknownCode
from graphs.faults import Fault, split, unreadable
from graphs.flags import Flag, raised
from graphs.periods import known_from
from graphs.rows import Cell, Read
from graphs.sums import total
from graphs.tables import Production
from graphs.units import to_kg

LAG_DAYS = 365
SPREAD: Mapping[str, float] = {"reported": 0.05, "provisional": 0.10, "unmarked": 0.10, "estimated": 0.20}
Z90 = 1.2815515655446004
COLUMNS = ("raw_row", "mineral", "country", "year", "amount", "unit", "quality")
KEY = ["source", "country", "commodity", "year", "basis"]


@dataclass(frozen=True)
class Produced:
    """Output (schema Production), rows that cannot be used (schema Quarantine), sentences on what was left out."""

    production: pl.DataFrame
    quarantine: pl.DataFrame
    notes: tuple[str, ...]


def tidy_production(
    raw: pl.DataFrame, *, source: str, file: str, raw_sha256: str, notes: tuple[str, ...] = ()
) -> Produced:
    """Rows with the columns of COLUMNS: `amount` number, text or null, `quality` a key of SPREAD.

    A null amount means not known and gives no row; 0 means that nothing was mined. Minerals that feed no family
    are left out and named in a note. Several rows of one mineral, country and year are added up and flagged, unless
    a column `part` tells them apart (rutile, ilmenite).
    """
    text = raw.with_columns(pl.col("mineral", "country", "unit").cast(pl.String).str.strip_chars())
    if "part" not in text.columns:
        text = text.with_columns(pl.lit("").alias("part"))
    cells = rows.amount_cell("amount") if text.schema["amount"] == pl.String else pl.col("amount")
    text = text.with_columns(cells.alias("as_given"), cells.cast(pl.Float64, strict=False).alias("amount"))
    for inputs, outputs, read in _CODES:
        text = rows.translate(text, inputs, outputs, read)
    good, refused = split(text, _faults(text), source=source, file=file, raw_sha256=raw_sha256)
    apart = good.filter(pl.col("commodity").is_null())["mineral"].unique().sort().to_list()
    if apart:
        notes = (*notes, f"{file}: {', '.join(apart)} feed no code family and were left out")
    used = good.filter(pl.col("commodity").is_not_null() & pl.col("amount").is_not_null())
    return Produced(_add_up(used, source, raw_sha256), refused, notes)


def _read_mineral(name: Cell, unit: Cell) -> Read:
    """Family, basis and kg per unit; nulls for a mineral that feeds no family."""
    if name is None or unit is None:
        raise UnknownCode("a mineral and its unit must be given")
    feeds = production_of(name)
    if feeds is None:
        return (None, None, None)
    return feeds.family, feeds.basis, feeds.factor * to_kg(1.0, unit, _density(feeds.family))


def _density(family: str) -> float | None:
    """Kg per m3 of a family's goods, for minerals counted by volume."""
    listed = [density_of(code) for code in family_named(family).codes]
    return next((one[1] for one in listed if one), None)


def _read_country(code: Cell) -> Read:
    return rows.read_area(code, None)[:1]


_CODES = (
    (("mineral", "unit"), {"commodity": pl.String(), "basis": pl.String(), "kg": pl.Float64()}, _read_mineral),
    (("country",), {"code": pl.String()}, _read_country),
    (("year",), {"period": pl.Int32()}, lambda cell: rows.read_period(cell, None)),
)


def _faults(frame: pl.DataFrame) -> list[Fault]:
    amount, given = pl.col("amount"), pl.col("as_given")
    bad = (given.is_not_null() & amount.is_null()) | (amount < 0) | amount.is_finite().not_()
    wrong = pl.lit("production is negative or no number; leave the cell empty where unknown")
    codes = [one for inputs, outputs, _ in _CODES for one in unreadable(frame, inputs, outputs)]
    return [*codes, Fault("production", bad, given.cast(pl.String), wrong)]


def _add_up(used: pl.DataFrame, source: str, raw_sha256: str) -> pl.DataFrame:
    spread = pl.col("quality").replace_strict(SPREAD, return_dtype=pl.Float64)
    mass = pl.col("amount") * pl.col("kg")
    by_mineral = (
        used.with_columns(mass.alias("mass_kg"), spread.alias("spread"), pl.lit(source).alias("source"))
        .rename({"country": "as_named", "code": "country", "year": "as_dated", "period": "year"})
        .group_by([*KEY, "mineral", "part"])
        .agg(
            total(pl.col("mass_kg")),
            total(pl.col("mass_kg") * (-Z90 * pl.col("spread")).exp()).alias("mass_low_kg"),
            total(pl.col("mass_kg") * (Z90 * pl.col("spread")).exp()).alias("mass_high_kg"),
            (pl.len() > 1).alias("is_double"),
            (pl.col("quality") == "provisional").any().alias("is_provisional"),
        )
    )
    tests = {
        Flag.DUPLICATE_PRODUCTION: pl.col("is_double").any(),
        Flag.PROVISIONAL: pl.col("is_provisional").any(),
    }
    totals = by_mineral.group_by(KEY).agg(
        total(pl.col("mass_kg", "mass_low_kg", "mass_high_kg")), raised(tests).alias("flags")
    )
    dated = totals.with_columns(
        known_from(LAG_DAYS, "year").alias("known_from"), pl.lit(raw_sha256).alias("raw_sha256")
    )
    return Production.cast(dated.select(Production.column_names()).sort(KEY))


def merge(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Output of several files as one table; where two give the same key, the later file stands."""
    together = pl.concat(tables)
    return Production.cast(together.unique(KEY, keep="last", maintain_order=True).sort(KEY))
