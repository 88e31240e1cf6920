"""Declarations: raw trade rows of any layout become one table that keeps both sides.

`tidy` reads and refuses row by row; `settle` then looks across rows: duplicates, what may be added up, and
masses that were computed from values. Rows in = rows out + quarantined, always.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from graphs import rows
from graphs.faults import Fault, split, unreadable
from graphs.flags import Flag, raised
from graphs.periods import LAST_YEAR, known_from
from graphs.settling import EXPORTS, duplicates, settle, world_gaps
from graphs.tables import Declarations, Reporting

__all__ = ["RAW_COLUMNS", "Tidied", "duplicates", "reporting", "settle", "tidy", "world_gaps"]

# What a reader of files may hand over; anything absent is null.
RAW_COLUMNS = (
    "period",
    "year",
    "flow_code",
    "flow_name",
    "reporter_iso",
    "reporter_code",
    "partner_iso",
    "partner_code",
    "partner2_iso",
    "partner2_code",
    "commodity",
    "classification",
    "type_code",
    "customs",
    "mode",
    "quantity_unit_code",
    "quantity_unit",
    "quantity",
    "mass",
    "value",
    "cif_value",
    "fob_value",
    "is_mass_estimated",
    "is_quantity_estimated",
    "estimation_flag",
    "published",
    "surplus",
)
LAG_DAYS: Mapping[str, tuple[int, int]] = {"comtrade": (365, 120), "baci": (395, 395)}
DEFAULT_LAG_DAYS = (365, 120)
NOT_A_PAIR = ("world", "group")
SPECIAL_PARTNER = "XX"
# Reporters whose imports UN Comtrade holds FOB in every row of 2018-2024 (CIF empty, FOB equal to the value).
FOB_IMPORTERS = ("BMU", "CAN", "MEX", "PLW", "ZAF")
AMOUNTS = {
    "value": "value_usd",
    "cif_value": "cif_value_usd",
    "fob_value": "fob_value_usd",
    "mass": "mass_kg",
    "quantity": "quantity",
}
_STRING = pl.String()
_CODES = (
    (("period", "year"), {"period_": pl.Int32()}, rows.read_period),
    (("flow_code", "flow_name"), {"flow": _STRING}, rows.read_flow),
    (("reporter_iso", "reporter_code"), {"reporter": _STRING, "reporter_kind": _STRING}, rows.read_area),
    (("partner_iso", "partner_code"), {"partner": _STRING, "partner_kind": _STRING}, rows.read_area),
    (("partner2_iso", "partner2_code"), {"partner2": _STRING}, rows.read_second_area),
    (("commodity",), {"commodity_": _STRING}, rows.read_commodity),
    (("classification",), {"hs_revision": _STRING}, rows.read_revision),
    (("customs",), {"customs_": _STRING}, rows.read_customs),
    (("mode",), {"mode_": pl.Int32()}, rows.read_mode),
    (("quantity_unit_code", "quantity_unit"), {"unit": _STRING}, rows.read_unit),
    (("type_code",), {"type_": _STRING}, rows.read_type),
)


@dataclass(frozen=True)
class Tidied:
    """Rows that can be used (schema Declarations) and rows that cannot, with reasons (schema Quarantine)."""

    declarations: pl.DataFrame
    quarantine: pl.DataFrame


def tidy(raw: pl.DataFrame, *, source: str, file: str, raw_sha256: str) -> Tidied:
    """Read raw rows with the columns of RAW_COLUMNS and `raw_row` (numbered here if absent).

    Duplicates inside the file are settled here too; `is_counted` is final only after `settle`.
    """
    staged = _read_amounts(_read_codes(_complete(raw)))
    read, refused = split(staged, _faults(staged), source=source, file=file, raw_sha256=raw_sha256)
    good = _assemble(read, source, raw_sha256)
    repeated = duplicates(good, {raw_sha256: file})
    if repeated.height:
        good = good.join(repeated, on="raw_row", how="anti")
    return Tidied(Declarations.cast(good), pl.concat([refused, repeated]))


def reporting(declarations: pl.DataFrame) -> pl.DataFrame:
    """Who reported imports (M) or exports (X) at all in a period, with the number of counted rows."""
    direction = pl.when(pl.col("flow").cast(pl.String).is_in(EXPORTS)).then(pl.lit("X")).otherwise(pl.lit("M"))
    return Reporting.cast(
        declarations.lazy()
        .group_by("source", "reporter", "period", direction.alias("direction"))
        .agg(pl.col("is_counted").sum().cast(pl.UInt32).alias("rows"), pl.col("known_from").min())
        .sort("source", "reporter", "period", "direction")
        .collect()
    )


def _complete(raw: pl.DataFrame) -> pl.DataFrame:
    """All columns of RAW_COLUMNS and `raw_row`."""
    missing = [pl.lit(None, pl.String).alias(name) for name in RAW_COLUMNS if name not in raw.columns]
    numbered = raw if "raw_row" in raw.columns else raw.with_row_index("raw_row", offset=1)
    return numbered.with_columns(pl.col("raw_row").cast(pl.UInt32), *missing).select("raw_row", *RAW_COLUMNS)


def _read_codes(raw: pl.DataFrame) -> pl.DataFrame:
    frame = raw
    for inputs, outputs, read in _CODES:
        frame = rows.translate(frame, inputs, outputs, read)
    return frame


def _read_amounts(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts as float64 beside the cells they came from; NaN of an optional amount means not declared."""
    text = [name for name in AMOUNTS if frame.schema[name] == pl.String]
    plain = frame.with_columns(rows.amount_cell(name) for name in text)
    read = plain.with_columns(
        pl.col(name).cast(pl.Float64, strict=False).alias(target + "_") for name, target in AMOUNTS.items()
    )
    return read.with_columns(pl.col(target + "_").fill_nan(None) for name, target in AMOUNTS.items() if name != "value")


def _faults(frame: pl.DataFrame) -> list[Fault]:
    """Every test of a row, in the order in which a reader meets the columns."""
    surplus, long = pl.col("surplus"), "the row has more cells than the header; quote cells that hold the separator"
    tests = [Fault("surplus", surplus.is_not_null(), surplus.cast(pl.String), pl.lit(long))]
    for inputs, outputs, _ in _CODES:
        tests += unreadable(frame, inputs, outputs)
    for name, target in AMOUNTS.items():
        tests += _amount_faults(name, target + "_")
    empty = pl.all_horizontal(pl.col(target + "_").is_null() for target in AMOUNTS.values())
    nothing = "the row declares neither a value nor a mass nor a quantity; leave such rows out"
    return [*tests, Fault("value", empty, pl.lit(None, pl.String), pl.lit(nothing))]


def _amount_faults(name: str, target: str) -> list[Fault]:
    cell, read = pl.col(name).cast(pl.String), pl.col(target)
    text = cell.is_not_null() & read.is_null() & (cell.str.to_lowercase() != "nan")
    endless = f"{name} is not a finite number; leave the cell empty where nothing was declared"
    return [
        Fault(name, text, cell, pl.format("{} {} is not a number; write 1234.5", pl.lit(name), cell)),
        Fault(name, read.is_nan() | read.is_infinite(), cell, pl.lit(endless)),
        Fault(name, read < 0, cell, pl.format("{} {} is negative; correct it or leave it empty", pl.lit(name), cell)),
    ]


def _assemble(frame: pl.DataFrame, source: str, raw_sha256: str) -> pl.DataFrame:
    """Columns of Declarations from rows without fault."""
    exports = pl.col("flow").is_in(EXPORTS)
    settled = frame.with_columns(*_values(exports), *_masses(), pl.col("period_").alias("period")).with_columns(
        _basis(exports).alias("value_basis"), _known_from(source).alias("known_from")
    )
    reporter, partner = pl.col("reporter"), pl.col("partner")
    return settled.select(
        pl.lit(source).alias("source"),
        "reporter",
        "partner",
        "flow",
        pl.col("commodity_").alias("commodity"),
        "period",
        "partner2",
        pl.col("customs_").alias("customs"),
        pl.col("mode_").alias("mode"),
        "hs_revision",
        pl.when(exports).then(reporter).otherwise(partner).alias("exporter"),
        pl.when(exports).then(partner).otherwise(reporter).alias("importer"),
        "reporter_kind",
        "partner_kind",
        "value_usd",
        "value_basis",
        "cif_value_usd",
        "fob_value_usd",
        "mass_kg",
        pl.when(pl.col("mass_kg").is_not_null())
        .then("mass_estimated")
        .otherwise("quantity_estimated")
        .alias("is_mass_estimated"),
        "quantity",
        pl.col("unit").alias("quantity_unit"),
        (pl.col("partner_kind").is_in(NOT_A_PAIR) | (pl.col("reporter_kind") == "group")).not_().alias("is_counted"),
        _flags().alias("flags"),
        "known_from",
        pl.lit(raw_sha256).alias("raw_sha256"),
        "raw_row",
    )


def _values(exports: pl.Expr) -> list[pl.Expr]:
    """Primary value, else the one the direction is valued in; a CIF or FOB of 0 beside a value is not declared."""
    cif, fob = pl.col("cif_value_usd_"), pl.col("fob_value_usd_")
    fallback = pl.when(exports).then(pl.coalesce(fob, cif)).otherwise(pl.coalesce(cif, fob))
    value = pl.col("value_usd_").fill_null(fallback)
    parts = {"cif_value_usd": cif, "fob_value_usd": fob}
    return [value.alias("value_usd"), *(_zero_is_missing(one, value).alias(name) for name, one in parts.items())]


def _masses() -> list[pl.Expr]:
    """Mass and quantity, 0 beside a value being missing; estimation by its own column, else by the legacy bits."""
    value = pl.coalesce("value_usd_", "cif_value_usd_", "fob_value_usd_")
    bits = rows.cell("estimation_flag").cast(pl.Int32, strict=False)
    return [
        _zero_is_missing(pl.col("mass_kg_"), value).alias("mass_kg"),
        _zero_is_missing(pl.col("quantity_"), value).alias("quantity"),
        pl.coalesce(rows.truth("is_mass_estimated"), (bits & 4) != 0).alias("mass_estimated"),
        pl.coalesce(rows.truth("is_quantity_estimated"), (bits & 2) != 0).alias("quantity_estimated"),
    ]


def _zero_is_missing(amount: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when((amount == 0) & (value > 0)).then(None).otherwise(amount)


def _basis(exports: pl.Expr) -> pl.Expr:
    """FOB for exports; for imports what the row itself says, else what the reporter is known to use."""
    cif, fob, value = pl.col("cif_value_usd"), pl.col("fob_value_usd"), pl.col("value_usd")
    says_fob = cif.is_null() & fob.is_not_null() & (fob == value)
    known_fob = cif.is_null() & fob.is_null() & pl.col("reporter").is_in(FOB_IMPORTERS)
    return pl.when(exports | says_fob | known_fob).then(pl.lit("FOB")).otherwise(pl.lit("CIF"))


def _known_from(source: str) -> pl.Expr:
    """Publication date where the row states one, else the end of the period plus the source's lag."""
    annual, monthly = LAG_DAYS.get(source, DEFAULT_LAG_DAYS)
    published = pl.col("published").cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    lagged = pl.when(pl.col("period_") > LAST_YEAR).then(known_from(monthly, "period_"))
    return pl.coalesce(published, lagged.otherwise(known_from(annual, "period_")))


def _flags() -> pl.Expr:
    kind, commodity, partner = pl.col("partner_kind"), pl.col("commodity_"), pl.col("partner")
    tests = {
        Flag.WORLD: kind == "world",
        Flag.GROUP: (kind == "group") | (pl.col("reporter_kind") == "group"),
        Flag.RESIDUAL: kind == "residual",
        Flag.SELF: partner == pl.col("reporter"),
        Flag.MASS_ESTIMATED: pl.col("mass_kg").is_not_null() & pl.col("mass_estimated"),
        Flag.NO_MASS: pl.col("mass_kg").is_null(),
        Flag.FOB_IMPORT: (pl.col("value_basis") == "FOB") & pl.col("flow").is_in(EXPORTS).not_(),
        Flag.SPECIAL_CODE: commodity.str.starts_with("99") | (partner == SPECIAL_PARTNER),
    }
    return raised(tests)
