"""The statistical offices: how each declares, and in which years it publishes at all."""

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.customs.draws import Draws, Vector

EDITIONS = (("H0", 1992), ("H1", 1996), ("H2", 2002), ("H3", 2007), ("H4", 2012), ("H5", 2017), ("H6", 2022))
"""Editions of the Harmonized System and the year each came into force."""
POOR_FACTOR = 2.0
"""The poorest office is so many times as likely as a middling one to be late, silent or absent."""


def offices(config: WorldConfig, countries: pl.DataFrame) -> pl.DataFrame:
    """One row per country (`reporter`, its number) with its habits; sorted by number."""
    customs = config.customs
    found = countries.select("country", "name", "lon", "lat", "population", "gdp_usd", "governance",
                             reporter=pl.col("numeric").cast(pl.Int32)).sort("reporter")  # fmt: skip
    number = found["reporter"].to_numpy()

    def drawn(purpose: str) -> Vector:
        return Draws.of(config, f"office {purpose}").uniform(number)

    poverty = _poverty(found)
    draws = Draws.of(config, "office threshold")
    threshold = customs.threshold_usd * np.exp(customs.threshold_spread * draws.normal(number))
    flags = {
        "names_origin": drawn("origin") < customs.origin_importers,
        "is_special": drawn("special trade") < customs.special_trade,
        "shows_reexports": drawn("re-exports") < customs.reexports_published,
        "values_fob": drawn("fob") < customs.fob_importers,
        "states_both": drawn("both values") < customs.cif_and_fob,
        "whole_usd": drawn("whole usd") < customs.whole_usd,
        "whole_kg": drawn("whole kg") < customs.whole_kg,
        "is_fiscal": drawn("fiscal") < customs.fiscal,
        "is_monthly": drawn("monthly") < customs.monthly,
        "adds_lines": drawn("national lines") < customs.national_lines,
        "counts_volume": drawn("volume") < customs.other_quantity,
        "weighs_gross": drawn("gross") < customs.gross_mass,
        "shows_headings": drawn("headings") < customs.headings,
    }
    lag = np.searchsorted(np.cumsum(customs.edition_lag)[:-1], drawn("edition"), side="right")
    return found.with_columns(
        *(pl.Series(name, values) for name, values in flags.items()),
        pl.Series("edition_lag", lag.astype(np.int32)),
        pl.Series("threshold_usd", np.minimum(threshold, 5e3)),
        pl.Series("poverty", poverty),
    )


def _poverty(countries: pl.DataFrame) -> Vector:
    """Rank of want of income and stability, 0 to 1."""
    income = np.log(countries["gdp_usd"].to_numpy() / np.maximum(countries["population"].to_numpy(), 1.0) + 1.0)
    order = (_standard(income) + _standard(countries["governance"].to_numpy())).argsort().argsort()
    rank: Vector = 1.0 - (order + 0.5) / len(order)
    return rank


def _standard(values: Vector) -> Vector:
    spread = float(values.std())
    standard: Vector = (values - values.mean()) / (spread or 1.0)
    return standard


def reporting(config: WorldConfig, offices: pl.DataFrame) -> pl.DataFrame:
    """`reporter`, `year` of what is published, sorted: without offices that never report, begin late, end, pause or
    have not got as far."""
    customs = config.customs
    number, years = offices["reporter"].to_numpy(), np.array(config.years)
    fold = POOR_FACTOR ** (2 * offices["poverty"].to_numpy() - 1)
    draws = Draws.of(config, "reporting")
    never = draws.uniform(number, nth=0) < customs.never_reports * fold
    span = max(len(years) // 2, 1)
    late = draws.uniform(number, nth=1) < customs.late_start * fold
    first = years[0] + late * (1 + (draws.uniform(number, nth=2) * span).astype(int))
    ends = draws.uniform(number, nth=3) < customs.early_end * fold
    last = np.where(ends, years[-1] - (draws.uniform(number, nth=4) * span).astype(int), years[-1] + 1)
    office, year = np.meshgrid(number, years, indexing="ij")
    pause = draws.uniform(office, year, nth=5) < customs.gap_years * fold[:, None]
    for age, share in enumerate(customs.late_years):
        # One draw for all ages: an office that lacks the year before lacks the last as well.
        pause |= (year == years[-1] - age) & (draws.uniform(number, nth=6) < share * fold)[:, None]
    published = ~pause & ~never[:, None] & (year >= first[:, None]) & (year <= last[:, None])
    frame = pl.DataFrame({"reporter": office[published], "year": year[published]})
    return frame.cast({"reporter": pl.Int32, "year": pl.Int32}).sort("reporter", "year")


def edition_of(year: pl.Expr, lag: pl.Expr) -> pl.Expr:
    """Edition in which an office publishes a year, as a number: 0 for H0. Lags count from the year of the edition."""
    age = [(year - lag >= start).cast(pl.Int32) for _, start in EDITIONS[1:]]
    return pl.sum_horizontal(age).cast(pl.Int32)
