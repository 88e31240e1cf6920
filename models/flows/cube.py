"""Trade of one code family as dense arrays `[commodity, period, exporter, importer]`.

NaN means that nobody reported, 0 that the side reported and declared none: a reporter with any row
in that direction and period traded nothing with the partners it does not name. float64, because
float32 turns 193,390,186.37 USD into 193,390,192.

Memory: 8 bytes x cells x quantities, where a source with both declarations fills four quantities
and a reconciled source two; building adds 2 bytes a cell for a moment. A family of 20 codes over 25
years and 230 countries takes 212 MB a quantity, 846 MB for four. Real trade fills about 1 % of all
cells, so cubes are built for one family at a time and freed before the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.errors import InputError, SchemaError
from graphs.ids import flow_id
from models.flows.axes import KEYS, Axes, Index, Labels, place_on
from models.flows.dense import Grid, log_ratio, sum_declared, sum_whole, unlike

Reported = NDArray[np.bool_]
AxisName = Literal["commodity", "period", "exporter", "importer"]

COLUMNS = {
    "export_value": "export_value_usd",
    "import_value": "import_value_usd",
    "export_mass": "export_mass_kg",
    "import_mass": "import_mass_kg",
    "reconciled_value": "reconciled_value_usd",
    "reconciled_mass": "reconciled_mass_kg",
}
"""Quantity of the cube -> column of the table `flows`."""
SIDES = {"export": ("exporter", "X"), "import": ("importer", "M")}
"""Side of a flow -> the axis of whoever declares it, and the direction in the table `reporting`."""
NO_FAMILY = ""
"""Family of a commodity that stands on the axes but in none of the flows."""


@dataclass(frozen=True, eq=False)
class Cube:
    """All flows of one source and code family; a quantity the source does not hold is None."""

    source: str
    axes: Axes
    families: tuple[str, ...]
    """Code family of each commodity."""
    exporter_reported: Reported
    """`[period, exporter]`: declared any export that period."""
    importer_reported: Reported
    """`[period, importer]`: declared any import that period."""
    export_value: Grid | None
    """USD, as the exporter declares."""
    import_value: Grid | None
    """USD, as the importer declares."""
    export_mass: Grid | None
    """kg, as the exporter declares."""
    import_mass: Grid | None
    """kg, as the importer declares."""
    reconciled_value: Grid | None
    """USD, one value made of both declarations."""
    reconciled_mass: Grid | None
    """kg, one mass made of both declarations."""

    @classmethod
    def build(
        cls,
        flows: pl.DataFrame,
        reporting: pl.DataFrame | None = None,
        source: str | None = None,
        axes: Axes | None = None,
    ) -> "Cube":
        """Spread a family's flows (table `flows`) over the cube.

        reporting: table `reporting`, which says who declared in periods where the family has no row of theirs.
        source: whose flows to take; may be left out where there is only one.
        axes: to lay several cubes on one grid; else those that the flows span.
        Raises InputError if the source is not clear or a label is off the axes, SchemaError on a flow held twice.
        """
        rows, source = _one_source(flows, source)
        axes = Axes.of(rows) if axes is None else axes
        coded = axes.encode(rows)
        flat = axes.flat(coded)
        _refuse_repeated(rows, flat)
        seen = {side: _who_reported(coded, axes, side, reporting, source) for side in SIDES}
        grids: dict[str, Grid | None] = dict.fromkeys(COLUMNS)
        for name in _held(coded, seen):
            grids[name] = _grid(coded, axes, flat, name, _background(name, seen["export"], seen["import"]))
        families = dict(rows.select(pl.col("commodity", "family").cast(pl.String)).unique().iter_rows())
        named = tuple(families.get(commodity, NO_FAMILY) for commodity in axes.commodities)
        return cls(source, axes, named, seen["export"], seen["import"], **grids)

    @property
    def nbytes(self) -> int:
        """Memory of all quantities, in bytes."""
        return sum(grid.nbytes for _, grid in self.quantities())

    def quantities(self) -> Iterator[tuple[str, Grid]]:
        """Names and arrays of the quantities that the source holds."""
        for name in COLUMNS:
            grid = getattr(self, name)
            if grid is not None:
                yield name, grid

    def quantity(self, name: str) -> Grid:
        """Array of one quantity; raises InputError if the source does not hold it."""
        held = dict(self.quantities())
        if name not in held:
            names = ", ".join(held) or "no quantity"
            raise InputError(f"the cube of {self.source} holds {names}, not {name!r}; ask for one that it holds")
        return held[name]

    def mirror(self, measure: Literal["value", "mass"] = "value") -> Grid:
        """Log of the importer's over the exporter's declaration, in the shape of the cube.

        NaN unless both are above zero. Raises InputError if the source holds no declarations.
        """
        return log_ratio(self.quantity(f"export_{measure}"), self.quantity(f"import_{measure}"))

    def slice(
        self,
        *,
        commodity: Labels | None = None,
        period: Labels | None = None,
        exporter: Labels | None = None,
        importer: Labels | None = None,
    ) -> "Cube":
        """Part of the cube with the given labels, in the given order; all four axes stay.

        Raises InputError on a label that is not on its axis.
        """
        axes, at = self.axes.part(commodity=commodity, period=period, exporter=exporter, importer=importer)
        part: dict[str, Any] = {name: grid[np.ix_(*at)] for name, grid in self.quantities()}
        return replace(
            self,
            axes=axes,
            families=tuple(self.families[place] for place in at[0]),
            exporter_reported=self.exporter_reported[np.ix_(at[1], at[2])],
            importer_reported=self.importer_reported[np.ix_(at[1], at[3])],
            **part,
        )

    def aggregate(self) -> "Cube":
        """The cube with commodities added up to their families.

        A sum is NaN where nobody reported, and where one of its commodities was declared without this
        quantity (a value without its mass): a part would pass for the whole.
        """
        names = tuple(sorted(set(self.families)))
        members = [[at for at, family in enumerate(self.families) if family == name] for name in names]
        summed: dict[str, Any] = {}
        for name, grid in self.quantities():
            side, measure = name.split("_")
            companion = getattr(self, f"{side}_{'mass' if measure == 'value' else 'value'}")
            summed[name] = np.stack([sum_whole(grid, companion, rows) for rows in members])
        return replace(self, axes=replace(self.axes, commodities=names), families=names, **summed)

    def total(self, name: str, over: AxisName) -> Grid:
        """Sum of what was declared along one axis, which falls away; NaN where nothing was."""
        return sum_declared(self.quantity(name), KEYS.index(over))

    def to_frame(self) -> pl.DataFrame:
        """Cells that differ from their background, as flows: source, family, KEYS, who reported, COLUMNS.

        The background is 0 where the side reported and NaN elsewhere. NaN becomes null, 0 stays 0.
        `Cube.build` of this frame, with the same `reporting` and `axes`, gives the same arrays.
        """
        flat = np.flatnonzero(self._filled())
        places = np.unravel_index(flat, self.axes.shape)
        frame = self.axes.decode(places)
        held = dict(self.quantities())
        declares = self.export_value is not None
        return frame.select(
            pl.lit(self.source).alias("source"),
            pl.Series("family", self.families, pl.String).gather(places[0]),
            *KEYS,
            _or_null("exporter_reported", self.exporter_reported[places[1], places[2]] if declares else None),
            _or_null("importer_reported", self.importer_reported[places[1], places[3]] if declares else None),
            *[_or_null(column, held[name].ravel()[flat] if name in held else None) for name, column in COLUMNS.items()],
        )

    def _filled(self) -> NDArray[np.bool_]:
        """Cells in which any quantity differs from its background."""
        filled = np.zeros(self.axes.shape, bool)
        for name, grid in self.quantities():
            filled |= unlike(grid, _background(name, self.exporter_reported, self.importer_reported))
        return filled


def _one_source(flows: pl.DataFrame, source: str | None) -> tuple[pl.DataFrame, str]:
    """Rows of one source, and its name."""
    sources = flows["source"].unique().sort().to_list()
    if source is None and len(sources) == 1:
        return flows, str(sources[0])
    if source is None or source not in sources:
        found = " and ".join(sources) or "no source at all"
        raise InputError(f"a cube holds one source and these flows come from {found}; name one that is there")
    return flows.filter(pl.col("source") == source), source


def _refuse_repeated(rows: pl.DataFrame, flat: Index) -> None:
    """Two values for one cell would overwrite each other in silence."""
    if pl.Series(flat).n_unique() < flat.size:
        twice = rows.filter(rows.select(KEYS).is_duplicated()).select(flow_id()).item(0, 0)
        raise SchemaError(
            f"the flows hold {twice} more than once; add up or drop the repetition before building a cube"
        )


def _declares(coded: pl.DataFrame, side: str) -> pl.Series:
    """True where a flow holds a declaration of this side."""
    return coded[f"{side}_value_usd"].is_not_null() | coded[f"{side}_mass_kg"].is_not_null()


def _who_reported(coded: pl.DataFrame, axes: Axes, side: str, reporting: pl.DataFrame | None, source: str) -> Reported:
    """`[period, country]`: the flows say so, hold a declaration, or the table `reporting` lists it."""
    country, direction = SIDES[side]
    labels = axes.labels()[country]
    seen = np.zeros((len(axes.periods), len(labels)), bool)
    rows = coded.filter(coded[f"{country}_reported"].fill_null(False) | _declares(coded, side))
    seen[rows["period"].to_numpy(), rows[country].to_numpy()] = True
    if reporting is not None:
        listed = reporting.filter(
            pl.col("source") == source,
            pl.col("direction").cast(pl.String) == direction,
            pl.col("period").is_in(axes.periods),
            pl.col("reporter").is_in(labels),
        )
        listed = listed.select(place_on(axes.periods, "period"), place_on(labels, "reporter"))
        seen[listed["period"].to_numpy(), listed["reporter"].to_numpy()] = True
    return seen


def _held(coded: pl.DataFrame, seen: dict[str, Reported]) -> list[str]:
    """Quantities of this source: both sides where anyone declared, reconciled where anything was."""
    declared = any(reported.any() for reported in seen.values())
    reconciled = _declares(coded, "reconciled").any()
    return [name for name in COLUMNS if (reconciled if name.startswith("reconciled") else declared)]


def _background(name: str, exporter_reported: Reported, importer_reported: Reported) -> Grid:
    """What an empty cell means: 0 where the side reported, else NaN; broadcasts to the cube."""
    if name.startswith("export"):
        return np.where(exporter_reported, 0.0, np.nan)[None, :, :, None]
    if name.startswith("import"):
        return np.where(importer_reported, 0.0, np.nan)[None, :, None, :]
    return np.full((1, 1, 1, 1), np.nan)


def _grid(coded: pl.DataFrame, axes: Axes, flat: Index, name: str, background: Grid) -> Grid:
    """One quantity over the cube."""
    grid = np.empty(axes.shape)
    grid[...] = background
    here = _declares(coded, name.split("_")[0]).to_numpy()
    # A declaration without this quantity is NaN: missing beside a value, not none.
    grid.ravel()[flat[here]] = coded[COLUMNS[name]].cast(pl.Float64).to_numpy()[here]
    return grid


def _or_null(column: str, values: NDArray[np.generic] | None) -> pl.Expr | pl.Series:
    """A column of the frame; NaN is null, and so is all of a quantity that the source lacks."""
    dtype = pl.Boolean if column.endswith("reported") else pl.Float64
    if values is None:
        return pl.lit(None, dtype).alias(column)
    series = pl.Series(column, values, dtype)
    return series.fill_nan(None) if dtype == pl.Float64 else series
