"""Synthetic declarations with the shape of real ones: few countries trade most, most pairs trade nothing.

A pair trades in a period with probability 1 - exp(-k s_exporter s_importer), s lognormal country sizes,
k chosen to give the wanted number of rows. Each trade is declared by either side with probability 0.8.
Values are lognormal USD with cents. Rows come in no order; one row per key and side.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

COUNTRIES, YEARS, FIRST_YEAR = 230, 25, 2000
DECLARED = 0.8


@dataclass(frozen=True)
class Sides:
    """Both sides' declarations with the same keys, and the labels that the codes stand for."""

    exports: pl.DataFrame
    imports: pl.DataFrame
    labels: dict[str, list[str]]

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Commodities, periods, exporters, importers."""
        sizes = {key: len(names) for key, names in self.labels.items()}
        return sizes["commodity"], sizes["period"], sizes["exporter"], sizes["importer"]

    @property
    def rows(self) -> int:
        """Declarations of both sides."""
        return self.exports.height + self.imports.height

    def filled(self) -> float:
        """Share of cells that the larger side fills."""
        return max(self.exports.height, self.imports.height) / float(np.prod(self.shape, dtype=np.int64))


def declarations(rows: int, codes: int, seed: int) -> Sides:
    """About `rows` declarations of `codes` commodities, keys as places on the axes (Int16)."""
    generator = np.random.default_rng(seed)
    chance = chances(rows / 2 / DECLARED / (codes * YEARS * COUNTRIES**2), generator)
    layers = [np.flatnonzero(generator.random(chance.size) < chance) for _ in range(codes * YEARS)]
    traded = np.concatenate([layer + at * chance.size for at, layer in enumerate(layers)])
    exports, imports = (_side(traded, codes, generator) for _ in range(2))
    countries = [f"{chr(65 + at // 26)}{chr(65 + at % 26)}X" for at in range(COUNTRIES)]
    labels = {
        "commodity": [str(260000 + code) for code in range(codes)],
        "period": [str(FIRST_YEAR + year) for year in range(YEARS)],
        "exporter": countries,
        "importer": countries,
    }
    return Sides(exports, imports, labels)


def chances(share: float, generator: np.random.Generator, countries: int = COUNTRIES) -> np.ndarray:
    """Chance that each ordered pair trades, on average `share`."""
    size = generator.lognormal(0.0, 1.5, countries)
    weight = np.outer(size, size)
    np.fill_diagonal(weight, 0.0)
    low, high = 1e-9, 1e6
    for _ in range(80):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if (1 - np.exp(-middle * weight)).mean() < share else (low, middle)
    return 1 - np.exp(-high * weight).ravel()


def _side(traded: np.ndarray, codes: int, generator: np.random.Generator) -> pl.DataFrame:
    """What one side declares of the trades, in no order."""
    own = generator.permutation(traded[generator.random(traded.size) < DECLARED])
    places = np.unravel_index(own, (codes, YEARS, COUNTRIES, COUNTRIES))
    keys = dict(zip(("commodity", "period", "exporter", "importer"), places, strict=True))
    value = np.maximum(np.round(generator.lognormal(11.0, 3.0, own.size), 2), 0.01)
    return pl.DataFrame({key: at.astype(np.int16) for key, at in keys.items()} | {"value_usd": value})


def as_filed(sides: Sides) -> Sides:
    """The same declarations in the order in which offices file them."""
    exports = sides.exports.sort("period", "exporter", "commodity", "importer")
    return Sides(exports, sides.imports.sort("period", "importer", "commodity", "exporter"), sides.labels)


def with_names(sides: Sides, dtype: pl.DataType | type[pl.DataType] | None = pl.String) -> Sides:
    """The same declarations with labels instead of codes; `dtype` None gives one Enum per key."""

    def named(rows: pl.DataFrame) -> pl.DataFrame:
        columns = []
        for key, names in sides.labels.items():
            kind = pl.Enum(names) if dtype is None else dtype
            columns.append(pl.Series(key, names, pl.String).cast(kind).gather(rows[key].cast(pl.UInt32)))
        return pl.DataFrame([*columns, rows["value_usd"]])

    return Sides(named(sides.exports), named(sides.imports), sides.labels)
