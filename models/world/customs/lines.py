"""Which rows an office has at all: silence, and what it books under another partner.

A line is what one office books with one partner in one commodity. Part of what goes wrong belongs to the line and
stays, part to the year.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr

from graphs.commodities import family_of
from models.world.config import WorldConfig
from models.world.customs.draws import Draws, Vector
from models.world.customs.forms import AMOUNTS, LINE, ROW, UNSPECIFIED
from models.world.customs.sums import added
from models.world.parameters.customs import OTHERS, SIZES_USD, ByFamily

GDP_POWER = 0.6
"""A wrong partner is drawn in proportion to GDP to this power: mistakes name countries that trade."""
LARGEST_STRAY = 0.3
"""Share of a row that a stray part never exceeds."""


def by_size(table: ByFamily, rows: pl.DataFrame) -> Vector:
    """A parameter given by family and size, for each row by the logarithm of its value."""
    family = families(rows).to_numpy()
    size = np.log10(np.maximum(rows["value_usd"].to_numpy(), 1.0))
    values: Vector = np.interp(size, np.log10(SIZES_USD), table[OTHERS])
    for name, shares in table.items():
        mine = family == name
        values[mine] = np.interp(size[mine], np.log10(SIZES_USD), shares)
    return values


def families(rows: pl.DataFrame) -> pl.Series:
    """Code family of each row."""
    named = {code: family_of(f"{code:06d}") for code in rows["commodity"].unique()}
    # Without rows there is nothing to replace, and the numbers would stay numbers.
    return rows["commodity"].replace_strict(named, return_dtype=pl.String).cast(pl.String)


def keys(rows: pl.DataFrame, names: tuple[str, ...] = ROW) -> list[NDArray[np.int64]]:
    """Columns as keys of random numbers."""
    return [rows[name].to_numpy() for name in names]


def lasting(
    draws: Draws, rows: pl.DataFrame, lasts: float | Vector, line_tail: float = 0.0, year_tail: float = 0.0
) -> Vector:
    """Standard normal numbers of which a share of the variance belongs to the line; heavier with tails."""
    line = draws.heavy(line_tail, *keys(rows, LINE))
    year = draws.heavy(year_tail, *keys(rows), nth=2)
    both: Vector = np.sqrt(lasts) * line + np.sqrt(1 - lasts) * year
    return both


def noticed(config: WorldConfig, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that the office has: small ones are missed more often, mostly for years on end."""
    customs = config.customs
    exports = rows["is_export"].to_numpy()
    silent = np.where(exports, by_size(customs.silent_exporter, rows), by_size(customs.silent_importer, rows))
    latent = lasting(Draws.of(config, "silence"), rows, customs.silence_lasts)
    return rows.filter(pl.Series(ndtr(latent) >= silent))


def misplaced(config: WorldConfig, offices: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Some lines are booked in part, or wholly, under another partner, always the same."""
    draws = Draws.of(config, "misplaced")
    line = keys(rows, LINE)
    is_hit = draws.uniform(*line) < by_size(config.customs.misplaced, rows)
    # Arcsine law: mostly nearly nothing or nearly all.
    share = is_hit * np.sin(np.pi / 2 * draws.uniform(*line, nth=1)) ** 2
    other = _drawn_partner(offices, draws.uniform(*line, nth=2))
    return _moved(rows, share, other)


def strayed(config: WorldConfig, offices: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """From some rows a small part strays to a random partner, in that year only; its grade is its own."""
    customs = config.customs
    draws, row = Draws.of(config, "strays"), keys(rows)
    is_hit = draws.uniform(*row) < by_size(customs.strays, rows)
    value = rows["value_usd"].to_numpy()
    part = customs.stray_usd * np.exp(customs.stray_spread * draws.normal(*row, nth=1))
    share = is_hit * np.minimum(part / np.maximum(value, 1.0), LARGEST_STRAY)
    weight = np.minimum(share * np.exp(_grade(config, rows, draws.normal(*row, nth=3))), LARGEST_STRAY)
    return _moved(rows, share, _drawn_partner(offices, draws.uniform(*row, nth=2)), weight)


def _grade(config: WorldConfig, rows: pl.DataFrame, normal: Vector) -> Vector:
    """Log of the mass by value of stray parts over that of their rows."""
    grades = config.customs.stray_grade
    family = families(rows)
    middle, spread = (
        family.replace_strict(
            {name: grade[at] for name, grade in grades.items()}, default=grades[OTHERS][at], return_dtype=pl.Float64
        ).to_numpy()
        for at in (0, 1)
    )
    grade: Vector = middle + spread * normal
    return grade


def unspecified(config: WorldConfig, rows: pl.DataFrame) -> pl.DataFrame:
    """A few rows name no country at all."""
    share = (Draws.of(config, "residual").uniform(*keys(rows)) < config.customs.residual).astype(float)
    return _moved(rows, share, np.full(rows.height, UNSPECIFIED))


def _drawn_partner(offices: pl.DataFrame, uniform: Vector) -> NDArray[np.int64]:
    weight = np.cumsum(np.maximum(offices["gdp_usd"].to_numpy(), 1.0) ** GDP_POWER)
    place = np.searchsorted(weight / weight[-1], uniform)
    partner: NDArray[np.int64] = offices["reporter"].to_numpy()[np.minimum(place, offices.height - 1)]
    return partner


def _moved(
    rows: pl.DataFrame, share: Vector, partner: NDArray[np.int64], mass_share: Vector | None = None
) -> pl.DataFrame:
    """Rows with a share of each booked under another partner; an office does not name itself by mistake."""
    is_other = partner != rows["reporter"].to_numpy()
    shares = {name: np.where(is_other, share, 0.0) for name in AMOUNTS}
    if mass_share is not None:
        shares["mass_kg"] = np.where(is_other, mass_share, 0.0)
    moving = shares["value_usd"]
    if not moving.any():
        return rows
    kept = rows.with_columns(pl.col(name) * pl.Series(1 - part) for name, part in shares.items())
    other = rows.with_columns(pl.Series("partner", partner, dtype=pl.Int32))
    part = other.with_columns(pl.col(name) * pl.Series(one) for name, one in shares.items())
    kept, part = kept.filter(pl.Series(moving < 1)), part.filter(pl.Series(moving > 0))
    return added(pl.concat([kept, part]), ROW, AMOUNTS)
