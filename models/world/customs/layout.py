"""Rows in the layout of UN Comtrade's programming interface: 47 columns, with descriptions (includeDesc)."""

import polars as pl

from graphs.commodities import density_of, family_of, title_of
from graphs.countries import WORLD as WORLD_CODE
from graphs.countries import name_of
from models.world.customs.editions import edition_name
from models.world.customs.forms import RESIDUALS
from models.world.customs.totals import WORLD

COLUMNS: dict[str, pl.DataType] = {
    "typeCode": pl.String(), "freqCode": pl.String(), "refPeriodId": pl.Int32(), "refYear": pl.Int32(),
    "refMonth": pl.Int32(), "period": pl.String(), "reporterCode": pl.Int32(), "reporterISO": pl.String(),
    "reporterDesc": pl.String(), "flowCode": pl.String(), "flowDesc": pl.String(), "partnerCode": pl.Int32(),
    "partnerISO": pl.String(), "partnerDesc": pl.String(), "partner2Code": pl.Int32(), "partner2ISO": pl.String(),
    "partner2Desc": pl.String(), "classificationCode": pl.String(), "classificationSearchCode": pl.String(),
    "isOriginalClassification": pl.Boolean(), "cmdCode": pl.String(), "cmdDesc": pl.String(), "aggrLevel": pl.Int32(),
    "isLeaf": pl.Boolean(), "customsCode": pl.String(), "customsDesc": pl.String(), "mosCode": pl.String(),
    "motCode": pl.Int32(), "motDesc": pl.String(), "qtyUnitCode": pl.Int32(), "qtyUnitAbbr": pl.String(),
    "qty": pl.Float64(), "isQtyEstimated": pl.Boolean(), "altQtyUnitCode": pl.Int32(), "altQtyUnitAbbr": pl.String(),
    "altQty": pl.Float64(), "isAltQtyEstimated": pl.Boolean(), "netWgt": pl.Float64(),
    "isNetWgtEstimated": pl.Boolean(), "grossWgt": pl.Float64(), "isGrossWgtEstimated": pl.Boolean(),
    "cifvalue": pl.Float64(), "fobvalue": pl.Float64(), "primaryValue": pl.Float64(),
    "legacyEstimationFlag": pl.Int32(), "isReported": pl.Boolean(), "isAggregate": pl.Boolean(),
}  # fmt: skip
"""Names, order and types of a recorded answer."""
ANNUAL = 52
"""`refMonth` of a year."""
FLOWS = {"M": "Import", "X": "Export", "RX": "Re-export"}
KILOGRAM, CUBIC_METRE, NO_UNIT = (8, "kg"), (12, "m³"), (-1, "N/A")
PACKING = 1.04
"""Gross over net mass."""


def in_layout(offices: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """COLUMNS of all rows, sorted by reporter, period, flow, code and partner."""
    habits = offices.select("reporter", "adds_lines", "counts_volume", "weighs_gross", "states_both")
    ordered = rows.sort("reporter", "year", "month", "flow", "digits", "commodity", "partner")
    frame = ordered.join(habits, on="reporter", how="left", maintain_order="left")
    frame = frame.with_columns(_period(), *_areas(offices), *_goods(frame), *_values(), *_marks())
    frame = frame.with_columns(*_quantities(frame)).with_columns(*_constants())
    return frame.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())


def _period() -> pl.Expr:
    year, month = pl.col("year").cast(pl.String), pl.col("month").cast(pl.String).str.zfill(2)
    return pl.when(pl.col("month") == 0).then(year).otherwise(pl.concat_str(year, month)).alias("period")


def _areas(offices: pl.DataFrame) -> list[pl.Expr]:
    """Codes and names of reporter and partner."""
    codes = dict(zip(offices["reporter"], offices["country"], strict=True))
    codes |= {number: code for code, number in RESIDUALS.items()} | {WORLD: WORLD_CODE}
    names = {number: name_of(code) for number, code in codes.items()}
    names |= dict(zip(offices["reporter"], offices["name"], strict=True))
    found = []
    for end in ("reporter", "partner"):
        number = pl.col(end)
        found.append(number.alias(f"{end}Code"))
        found.append(number.replace_strict(codes, return_dtype=pl.String).alias(f"{end}ISO"))
        found.append(number.replace_strict(names, return_dtype=pl.String).alias(f"{end}Desc"))
    return found


def _goods(rows: pl.DataFrame) -> list[pl.Expr]:
    """Code and title, by code and number of digits."""
    listed = rows.select("commodity", "digits").unique().rows()
    codes = {code * 10 + digits: f"{code:0{digits}d}" if digits else "TOTAL" for code, digits in listed}
    titles = {key: title_of(code) for key, code in codes.items()}
    key = pl.col("commodity") * 10 + pl.col("digits")
    return [
        key.replace_strict(codes, return_dtype=pl.String).alias("cmdCode"),
        key.replace_strict(titles, return_dtype=pl.String).alias("cmdDesc"),
        pl.col("digits").alias("aggrLevel"),
        (pl.col("digits") == 6).alias("isLeaf"),
        edition_name().alias("classificationCode"),
    ]


def _values() -> list[pl.Expr]:
    """Imports CIF, some with FOB beside it, or FOB alone; exports FOB."""
    value = pl.col("value_usd")
    both = pl.col("is_fob").not_() & pl.col("states_both") & (pl.col("digits") > 0)
    bare = (value - pl.col("freight_usd")).round(3)
    return [
        value.alias("primaryValue"),
        pl.when(pl.col("is_fob").not_()).then(value).alias("cifvalue"),
        pl.when("is_fob").then(value).when(both).then(bare).alias("fobvalue"),
        pl.col("flow").alias("flowCode"),
        pl.col("flow").replace_strict(FLOWS, return_dtype=pl.String).alias("flowDesc"),
    ]


def _marks() -> list[pl.Expr]:
    """What is said of how a row came about."""
    is_annual = pl.col("month") == 0
    month = pl.when(is_annual).then(1).otherwise("month")
    summed = pl.col("adds_lines") | (pl.col("partner") == WORLD) | (pl.col("digits") < 6)
    estimated = pl.col("is_estimated") & (pl.col("mass_kg") > 0).fill_null(False)
    return [
        pl.when(is_annual).then(pl.lit("A")).otherwise(pl.lit("M")).alias("freqCode"),
        (pl.col("year") * 10000 + month * 100 + 1).alias("refPeriodId"),
        pl.col("year").alias("refYear"),
        pl.when(is_annual).then(ANNUAL).otherwise("month").alias("refMonth"),
        summed.alias("isAggregate"),
        summed.not_().alias("isReported"),
        estimated.alias("isNetWgtEstimated"),
        pl.col("mass_kg").alias("netWgt"),
    ]


def _quantities(rows: pl.DataFrame) -> list[pl.Expr]:
    """Wood in cubic metres where the office counts so, everything else in kilograms."""
    densities = {code: _density(code) for code in rows["cmdCode"].unique()}
    density = pl.col("cmdCode").replace_strict(densities, return_dtype=pl.Float64)
    is_volume = density.is_not_null() & pl.col("counts_volume")
    has_mass = (pl.col("mass_kg") > 0).fill_null(False)
    volume = (pl.col("mass_kg") / density).round(3)
    stated = has_mass & pl.col("isNetWgtEstimated").not_()

    def chosen(at: int) -> pl.Expr:
        wood = pl.when(is_volume).then(pl.lit(CUBIC_METRE[at])).otherwise(pl.lit(KILOGRAM[at]))
        return pl.when(has_mass).then(wood).otherwise(pl.lit(NO_UNIT[at]))

    flag = pl.when(pl.col("isNetWgtEstimated").not_()).then(0).when(is_volume).then(4).otherwise(6)
    return [
        chosen(0).alias("qtyUnitCode"),
        chosen(1).alias("qtyUnitAbbr"),
        pl.when(has_mass).then(pl.when(is_volume).then(volume).otherwise("mass_kg")).otherwise(0.0).alias("qty"),
        (pl.col("isNetWgtEstimated") & is_volume.not_()).alias("isQtyEstimated"),
        pl.when(stated).then(KILOGRAM[0]).otherwise(NO_UNIT[0]).alias("altQtyUnitCode"),
        pl.when(stated).then(pl.lit(KILOGRAM[1])).otherwise(pl.lit(NO_UNIT[1])).alias("altQtyUnitAbbr"),
        pl.when(stated).then("mass_kg").otherwise(0.0).alias("altQty"),
        pl.when(stated & pl.col("weighs_gross")).then((pl.col("mass_kg") * PACKING).round(0)).otherwise(0.0)
        .alias("grossWgt"),
        flag.alias("legacyEstimationFlag"),
    ]  # fmt: skip


def _density(code: str) -> float | None:
    """Kg per m3 of a wood code; other goods are weighed."""
    found = density_of(code) if family_of(code) == "timber" else None
    return found[1] if found else None


def _constants() -> list[pl.Expr]:
    same = {
        "typeCode": "C", "partner2Code": WORLD, "partner2ISO": WORLD_CODE, "partner2Desc": name_of(WORLD_CODE),
        "classificationSearchCode": "HS", "isOriginalClassification": True, "customsCode": "C00",
        "customsDesc": "TOTAL CPC", "mosCode": "0", "motCode": 0, "motDesc": "TOTAL MOT", "isAltQtyEstimated": False,
        "isGrossWgtEstimated": False,
    }  # fmt: skip
    return [pl.lit(value).alias(name) for name, value in same.items()]
