"""Trade of one code family as dense arrays `[commodity, period, exporter, importer]`.

NaN means that nobody reported, 0 that the side reported and declared none: a reporter with any row
in that direction and period traded nothing with the partners it does not name. float64, because
float32 turns 193,390,186.37 USD into 193,390,192.

Memory: 8 bytes x cells x quantities, where a source with both declarations fills four quantities
and a reconciled source two; building adds a byte a cell and the coded rows for a moment. A family of 20 codes over 25
years and 230 countries takes 212 MB a quantity, 846 MB for four. Real trade fills about 1 % of all
cells, so cubes are built for one family at a time and freed before the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.commodities import family_of
from graphs.errors import InputError
from graphs.settling import EXPORTS
from models.flows import spread
from models.flows.axes import KEYS, Axes, Labels
from models.flows.dense import Grid, log_ratio, sum_declared, sum_whole, unlike
from models.flows.spread import COLUMNS, SIDES, Reported

AxisName = Literal["commodity", "period", "exporter", "importer"]


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
        rows, source = spread.one_source(flows, source)
        axes = Axes.of(rows) if axes is None else axes
        coded = axes.encode(rows)
        flat = axes.flat(coded)
        spread.refuse_repeated(rows, flat)
        said = {side: spread.reporting_rows(coded, side) for side in SIDES}
        seen = {side: spread.who_reported(said[side], axes, side, reporting, source) for side in SIDES}
        grids: dict[str, Grid | None] = dict.fromkeys(COLUMNS)
        for name in spread.held(coded, seen):
            here = spread.declares(coded, name.split("_")[0])
            # A declaration without this quantity is NaN: missing beside a value, not none.
            values = coded[COLUMNS[name]].filter(here).cast(pl.Float64).to_numpy()
            grids[name] = spread.fill(axes, flat[here.to_numpy()], values, spread.background(name, seen))
        return cls(source, axes, _families(axes), seen["export"], seen["import"], **grids)

    @classmethod
    def from_declarations(
        cls,
        declarations: pl.DataFrame,
        reporting: pl.DataFrame | None = None,
        source: str | None = None,
        axes: Axes | None = None,
    ) -> "Cube":
        """Add up counted declarations (table `declarations`) straight into the cube, without joining the sides.

        Same values as `Cube.build` of the paired flows. Where one of several rows of a cell lacks an amount,
        their sum is NaN. Parameters and errors as for `build`, but rows of one cell are added up.
        """
        rows, source = spread.one_source(declarations.filter("is_counted"), source)
        axes = Axes.of(rows) if axes is None else axes
        coded = axes.encode(rows)
        exports = pl.col("flow").cast(pl.String).is_in(EXPORTS)
        sides = {"export": coded.filter(exports), "import": coded.filter(exports.not_())}
        seen = {side: spread.who_reported(sides[side], axes, side, reporting, source) for side in SIDES}
        grids: dict[str, Grid | None] = dict.fromkeys(COLUMNS)
        for side, held in sides.items():
            flat = axes.flat(held)
            for measure, column in (("value", "value_usd"), ("mass", "mass_kg")):
                values = held[column].cast(pl.Float64).to_numpy()
                grids[f"{side}_{measure}"] = spread.fill(axes, flat, values, spread.background(side, seen))
        return cls(source, axes, _families(axes), seen["export"], seen["import"], **grids)

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
        reported = {"export": self.exporter_reported, "import": self.importer_reported}
        for name, grid in self.quantities():
            filled |= unlike(grid, spread.background(name, reported))
        return filled


def _families(axes: Axes) -> tuple[str, ...]:
    """Code family of each commodity on the axes."""
    return tuple(family_of(commodity) for commodity in axes.commodities)


def _or_null(column: str, values: NDArray[np.generic] | None) -> pl.Expr | pl.Series:
    """A column of the frame; NaN is null, and so is all of a quantity that the source lacks."""
    dtype = pl.Boolean if column.endswith("reported") else pl.Float64
    if values is None:
        return pl.lit(None, dtype).alias(column)
    series = pl.Series(column, values, dtype)
    return series.fill_nan(None) if dtype == pl.Float64 else series
