"""Labelled axes of a dense cube, and the flat index that turns a join into indexing.

A cell of `[commodity, period, exporter, importer]` has the flat index
((commodity * periods + period) * exporters + exporter) * importers + importer.
Two tables that write to the same flat index are aligned; no keys are compared any more.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.errors import InputError
from graphs.periods import is_annual

Index = NDArray[np.int64]
Labels = str | int | Sequence[str] | Sequence[int]
KEYS = ("commodity", "period", "exporter", "importer")


@dataclass(frozen=True)
class Axes:
    """Labels of the four axes, in order."""

    commodities: tuple[str, ...]
    periods: tuple[int, ...]
    exporters: tuple[str, ...]
    importers: tuple[str, ...]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "Axes":
        """Axes that hold every row of a frame with the columns KEYS, labels sorted.

        Exporters and importers are the same list, so that a flow and its return flow, or a country's
        exports and imports, lie at mirrored places. Periods run without holes from first to last.
        """
        countries = tuple(pl.concat([frame["exporter"], frame["importer"]]).cast(pl.String).unique().sort().to_list())
        commodities = tuple(frame["commodity"].cast(pl.String).unique().sort().to_list())
        return cls(commodities, without_holes(frame["period"].unique().to_list()), countries, countries)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Commodities, periods, exporters, importers."""
        return len(self.commodities), len(self.periods), len(self.exporters), len(self.importers)

    @property
    def cells(self) -> int:
        """Number of cells of one quantity."""
        return math.prod(self.shape)

    def labels(self) -> dict[str, tuple[str, ...] | tuple[int, ...]]:
        """Labels by key column, in the order of KEYS."""
        return dict(zip(KEYS, (self.commodities, self.periods, self.exporters, self.importers), strict=True))

    def encode(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Replace the labels in the columns KEYS by their places on the axes; other columns stay.

        Raises InputError if a label is not on its axis.
        """
        coded = frame.with_columns(place_on(labels, key) for key, labels in self.labels().items())
        for key in KEYS:
            if coded[key].null_count():
                stranger = frame[key].filter(coded[key].is_null())[0]
                raise InputError(
                    f"{key} {stranger!r} is not on the cube's axes; build the cube from flows that hold it"
                )
        return coded

    def decode(self, places: Sequence[Index]) -> pl.DataFrame:
        """Labels of cells given by their places, one array per axis: columns KEYS."""
        dtypes = (pl.String, pl.Int32, pl.String, pl.String)
        columns = zip(self.labels().items(), dtypes, places, strict=True)
        return pl.DataFrame([pl.Series(key, labels, dtype).gather(at) for (key, labels), dtype, at in columns])

    def part(self, **wanted: Labels | None) -> tuple["Axes", list[list[int]]]:
        """Axes cut down to the wanted labels (None keeps all), and their places on these axes."""
        places = [_find(key, labels, wanted.get(key)) for key, labels in self.labels().items()]
        commodity, period, exporter, importer = places
        cut = Axes(
            tuple(self.commodities[at] for at in commodity),
            tuple(self.periods[at] for at in period),
            tuple(self.exporters[at] for at in exporter),
            tuple(self.importers[at] for at in importer),
        )
        return cut, places

    def flat(self, encoded: pl.DataFrame) -> Index:
        """Flat index of encoded rows (integer columns KEYS)."""
        return flat_index(encoded, self.shape)


def flat_index(encoded: pl.DataFrame, shape: tuple[int, int, int, int]) -> Index:
    """Flat index of the integer columns KEYS; the codes must lie inside `shape`."""
    # Half the width is reckoned in half the time, and widened once.
    width = pl.Int32 if math.prod(shape) <= 2**31 else pl.Int64
    index = pl.col(KEYS[0]).cast(width)
    for key, size in zip(KEYS[1:], shape[1:], strict=True):
        index = index * size + pl.col(key).cast(width)
    return encoded.select(index.cast(pl.Int64)).to_series().to_numpy()


def without_holes(periods: Iterable[int]) -> tuple[int, ...]:
    """All years, then all months, from the first to the last of each kind that occurs."""
    present = sorted(periods)
    years = [period for period in present if is_annual(period)]
    months = [(period // 100) * 12 + period % 100 - 1 for period in present[len(years) :]]
    all_years = range(years[0], years[-1] + 1) if years else range(0)
    all_months = range(months[0], months[-1] + 1) if months else range(0)
    return (*all_years, *((month // 12) * 100 + month % 12 + 1 for month in all_months))


def place_on(labels: Sequence[str] | Sequence[int], column: str) -> pl.Expr:
    """Place of each label on an axis, as UInt32; null where the axis does not hold it."""
    # An Enum looks labels up in a hash table built once, several times faster than a join.
    names = pl.Enum([str(label) for label in labels])
    return pl.col(column).cast(pl.String).cast(names, strict=False).to_physical().cast(pl.UInt32)


def _find(key: str, labels: Sequence[str] | Sequence[int], wanted: Labels | None) -> list[int]:
    """Places of the wanted labels on an axis."""
    if wanted is None:
        return list(range(len(labels)))
    places = dict(zip(labels, range(len(labels)), strict=True))
    names = (wanted,) if isinstance(wanted, str | int) else tuple(wanted)
    for name in names:
        if name not in places:
            raise InputError(f"{key} {name!r} is not on the cube's axis; it holds {_summary(labels)}")
    return [places[name] for name in names]


def _summary(labels: Sequence[str] | Sequence[int]) -> str:
    """First and last label, for a message."""
    return f"{len(labels)} labels from {labels[0]} to {labels[-1]}" if labels else "no label"
