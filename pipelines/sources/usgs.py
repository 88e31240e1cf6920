"""USGS Mineral Commodity Summaries: mine output by country, the world data csv of 2025 and the long csv of 2026.

Public domain. Citation: U.S. Geological Survey, Mineral Commodity Summaries. Mine production is used where the
summaries give it; by-products (bismuth, cadmium, ...) are counted at the refinery. World totals and "other
countries" are left out. W (withheld), NA and s (less than half a unit) are not known; a dash is zero.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import polars as pl

from graphs import countries
from graphs.errors import LayoutError
from graphs.production import Produced, tidy_production
from pipelines.sources import reading
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.layouts import normal
from pipelines.sources.recognise import Layout, recognise

SOURCE = "usgs"
UNKNOWN = ("W", "NA", "XX", "s", "na")
ZERO = ("—", "-", "–")
NAMES = {
    "burma": "MMR",
    "congo (brazzaville)": "COG",
    "congo (kinshasa)": "COD",
    "côte d’ivoire": "CIV",
    "korea, north": "PRK",
    "korea, republic of": "KOR",
    "turkey": "TUR",
}
# The 2025 csv says "metric tons" where its own chapter, the 2026 csv and World Mining Data count thousands.
SLIPPED_2025 = ("Sand and gravel (industrial)", "Titanium Mineral Concentrates")
NOT_A_COUNTRY = r"(?i)^(world total|other countries)"


def parse(path: Path | str) -> Produced:
    """Production of a summaries csv. Raises DamagedFile or LayoutError."""
    file = Path(path)
    layout = recognise(file)
    if layout.kind != "usgs" or layout.container != "csv":
        raise LayoutError(f"{file} is a table of {layout.kind}, not of the USGS Mineral Commodity Summaries")
    table = _table(layout)
    long = _of_2026(table) if "statistics" in table.columns else _of_2025(table)
    listed = long.filter(pl.col("country").str.contains(NOT_A_COUNTRY).not_())
    notes = (f"{file.name}: {long.height - listed.height} world totals and rows of other countries left out",)
    return tidy_production(
        _coded(_mined(listed)), source=SOURCE, file=file.name, raw_sha256=sha256_of(file), notes=notes
    )


def _table(layout: Layout) -> pl.DataFrame:
    """All columns as trimmed text under their normal names, with `row`."""
    encoded = {"separator": layout.separator, "encoding": layout.encoding}
    raw = reading.table(layout.path, layout.path.name, layout.headers, **encoded)
    trimmed = raw.rename(normal).with_columns(pl.all().str.replace_all("\u00a0", " ").str.strip_chars())
    return trimmed.with_row_index("row", offset=1)


def _of_2025(table: pl.DataFrame) -> pl.DataFrame:
    """One column per year: PROD_2023, and PROD_EST_ 2024, an estimate."""
    years = [name for name in table.columns if re.fullmatch(r"prod(est)?\d{4}", name)]
    if not years:
        raise LayoutError("the USGS table has no column PROD_<year>; expected the world data csv of 2025")
    long = table.unpivot(years, index=["row", "commodity", "country", "type", "unitmeas", "prodnotes"])
    slipped = pl.col("commodity").is_in(SLIPPED_2025) & (pl.col("unitmeas") == "metric tons")
    estimated = pl.col("variable").str.contains("est") | pl.concat_str(
        pl.col("type", "prodnotes").fill_null("").str.to_lowercase(), separator=" "
    ).str.contains("estimated")
    return long.select(
        "row",
        "country",
        pl.col("commodity").alias("mineral"),
        pl.col("type").alias("part"),
        pl.when(slipped).then(pl.lit("thousand metric tons")).otherwise(pl.col("unitmeas")).alias("unit"),
        pl.col("variable").str.extract(r"(\d{4})").alias("year"),
        pl.col("value").alias("amount"),
        estimated.alias("is_estimated"),
    )


def _of_2026(table: pl.DataFrame) -> pl.DataFrame:
    """Long rows; those rounded to the world total repeat others."""
    world = pl.col("section").str.contains("World") & (pl.col("statistics") == "Production")
    return table.filter(world & pl.col("statisticsdetail").str.contains("rounded").not_()).select(
        "row",
        "country",
        pl.col("commodity").alias("mineral"),
        pl.col("statisticsdetail").alias("part"),
        "unit",
        "year",
        pl.col("value").alias("amount"),
        pl.col("notes").fill_null("").str.starts_with("Estimated").alias("is_estimated"),
    )


def _mined(long: pl.DataFrame) -> pl.DataFrame:
    """Mine output where a mineral has any, else what it is counted by; iron content apart from iron ore."""
    mined = pl.col("part").str.contains(r"(?i)\bmine p")
    content = (pl.col("mineral") == "Iron Ore") & pl.col("part").str.contains("(?i)iron content")
    return long.filter(mined | mined.any().over("mineral").not_()).with_columns(
        pl.when(content).then(pl.lit("Iron")).otherwise(pl.col("mineral")).alias("mineral")
    )


def _coded(long: pl.DataFrame) -> pl.DataFrame:
    """Rows for `tidy_production`: countries by code where their name is known, amounts without separators."""
    listed = long["country"].unique().to_list()
    codes = {name: code_of(name) for name in listed if name}
    value = pl.col("amount").str.replace_all(",", "")
    number = pl.when(value.is_in(ZERO)).then(pl.lit("0")).when(value.is_in(UNKNOWN).not_()).then(value)
    quality = pl.when(pl.col("is_estimated")).then(pl.lit("estimated")).otherwise(pl.lit("reported"))
    return long.with_row_index("raw_row", offset=1).select(
        "raw_row",
        "mineral",
        pl.col("country").replace(codes),
        "year",
        number.alias("amount"),
        "unit",
        quality.alias("quality"),
        "part",
    )


def code_of(name: str) -> str:
    """Area code of a country as the summaries name it; the name itself where none is known."""
    plain = name.casefold().replace("\u2019", "’")
    if plain in NAMES:
        return NAMES[plain]
    return _by_name().get(re.sub(r"\s*\(.*", "", plain), name)


@cache
def _by_name() -> Mapping[str, str]:
    import pycountry  # here, so that importing this module stays cheap

    official = {one.name.casefold(): one.alpha_3 for one in pycountry.countries}
    common = {one.common_name.casefold(): one.alpha_3 for one in pycountry.countries if hasattr(one, "common_name")}
    return {**official, **common, **{one.name.casefold(): one.code for one in countries.areas().values()}}
