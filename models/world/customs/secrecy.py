"""What an office does not tell: confidential partners, and what the artefacts of a whole office hide.

`confidentiality` puts exports under "areas n.e.s.": those to its partner, or those to every partner. `reporter_break`
does so with both directions: the office published its trade without countries. `reporter_stops` leaves out everything.
Without any artefact some offices hide the largest partner of a commodity, or the commodity itself, for some years.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from models.world.config import WorldConfig
from models.world.customs.draws import Draws
from models.world.customs.forms import AMOUNTS, ROW, UNSPECIFIED
from models.world.customs.lines import families, keys
from models.world.customs.sums import added

CELL = ("is_export", "reporter", "commodity")
OPEN, NAMELESS, WITHHELD = 0, 1, 2
NOT_SPECIFIED = 999999
"""Code of commodities that are not specified according to kind."""
SPELL_YEARS = 6
"""Years for which a cell stays secret."""
Marks = NDArray[np.bool_]


def touched(offices: pl.DataFrame, artefacts: pl.DataFrame, kind: str, rows: pl.DataFrame) -> Marks:
    """True for rows of an office and year that an artefact of this kind covers: its family, its partner."""
    numbers = dict(zip(offices["country"], offices["reporter"], strict=True))
    family = families(rows)
    hit = pl.lit(False)
    for one in artefacts.filter(pl.col("kind").cast(pl.String) == kind).iter_rows(named=True):
        test = pl.col("reporter") == numbers[one["country"]]
        test &= pl.col("year").is_between(one["first_year"], one["last_year"])
        if one["family"] is not None:
            test &= pl.lit(family == one["family"])
        if one["partner"] is not None and "partner" in rows.columns:
            test &= pl.col("partner") == numbers[one["partner"]]
        hit |= test
    marks: Marks = rows.with_columns(hit=hit)["hit"].to_numpy()
    return marks


def still_reporting(offices: pl.DataFrame, artefacts: pl.DataFrame, reporting: pl.DataFrame) -> pl.DataFrame:
    """`reporter`, `year` without the years of offices that stopped altogether."""
    whole = artefacts.filter(pl.col("family").is_null())
    stopped = touched(offices, whole, "reporter_stops", reporting.with_columns(commodity=pl.lit(0, pl.Int32)))
    return reporting.filter(pl.Series(~stopped))


def with_secrets(
    config: WorldConfig, offices: pl.DataFrame, artefacts: pl.DataFrame, rows: pl.DataFrame
) -> pl.DataFrame:
    """Rows with secret partners under "areas n.e.s.", and `is_withheld` for those that only the world total holds."""
    told = rows.filter(pl.Series(~touched(offices, artefacts, "reporter_stops", rows)))
    suppressed = pl.Series(
        _spells(config, "suppressed", told, config.customs.suppressed) & told["is_export"].to_numpy()
    )
    hidden = touched(offices, artefacts, "confidentiality", told) & told["is_export"].to_numpy()
    hidden |= touched(offices, artefacts, "reporter_break", told)
    secret = np.where(hidden, NAMELESS, _secret(config, told))
    nameless = pl.when(pl.Series(secret == NAMELESS)).then(pl.lit(UNSPECIFIED, pl.Int32)).otherwise("partner")
    code = pl.when(suppressed).then(pl.lit(NOT_SPECIFIED, pl.Int32)).otherwise("commodity")
    is_withheld = pl.Series(secret == WITHHELD)
    marked = told.with_columns(nameless.alias("partner"), code.alias("commodity"), is_withheld=is_withheld)
    return added(marked, (*ROW, "is_withheld"), AMOUNTS)


def _secret(config: WorldConfig, rows: pl.DataFrame) -> NDArray[np.int64]:
    """OPEN, NAMELESS or WITHHELD: in some cells, for a spell of years, the year's largest partner is confidential."""
    largest = rows.select(pl.col("value_usd") == pl.col("value_usd").max().over(*CELL, "year")).to_series().to_numpy()
    how = Draws.of(config, "secrets").uniform(*keys(rows, CELL), nth=2)
    kind = np.where(how < config.customs.withheld, WITHHELD, NAMELESS)
    return np.where(_spells(config, "secrets", rows, config.customs.secret) & largest, kind, OPEN)


def _spells(config: WorldConfig, purpose: str, rows: pl.DataFrame, share: float) -> Marks:
    """True in a share of all cells, each for a spell of years."""
    draws, cell = Draws.of(config, purpose), keys(rows, CELL)
    start = config.first_year + np.floor(draws.uniform(*cell, nth=1) * len(config.years))
    age = rows["year"].to_numpy() - start
    marks: Marks = (draws.uniform(*cell) < share) & (age >= 0) & (age < SPELL_YEARS)
    return marks
