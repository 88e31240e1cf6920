"""Laying flows or declarations over the cells of a cube, and telling missing cells from empty ones."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.errors import InputError, SchemaError
from graphs.ids import flow_id
from models.flows.align import add_up
from models.flows.axes import KEYS, Axes, Index, place_on
from models.flows.dense import Grid, Vector

Reported = NDArray[np.bool_]

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


def one_source(flows: pl.DataFrame, source: str | None) -> tuple[pl.DataFrame, str]:
    """Rows of one source, and its name."""
    sources = flows["source"].unique().sort().to_list()
    if source is None and len(sources) == 1:
        return flows, str(sources[0])
    if source is None or source not in sources:
        found = " and ".join(sources) or "no source at all"
        raise InputError(f"a cube holds one source and these flows come from {found}; name one that is there")
    return flows.filter(pl.col("source") == source), source


def refuse_repeated(rows: pl.DataFrame, flat: Index) -> None:
    """Two values for one cell would overwrite each other in silence."""
    if pl.Series(flat).n_unique() < flat.size:
        twice = rows.filter(rows.select(KEYS).is_duplicated()).select(flow_id()).item(0, 0)
        raise SchemaError(
            f"the flows hold {twice} more than once; add up or drop the repetition before building a cube"
        )


def declares(coded: pl.DataFrame, side: str) -> pl.Series:
    """True where a flow holds a declaration of this side."""
    return coded[f"{side}_value_usd"].is_not_null() | coded[f"{side}_mass_kg"].is_not_null()


def reporting_rows(coded: pl.DataFrame, side: str) -> pl.DataFrame:
    """Flows that show that their exporter (or importer) reported: they say so, or hold its declaration."""
    return coded.filter(coded[f"{SIDES[side][0]}_reported"].fill_null(False) | declares(coded, side))


def who_reported(coded: pl.DataFrame, axes: Axes, side: str, reporting: pl.DataFrame | None, source: str) -> Reported:
    """`[period, country]`: who declared in this direction, by the coded rows or by the table `reporting`."""
    country, direction = SIDES[side]
    labels = axes.exporters if side == "export" else axes.importers
    seen = np.zeros((len(axes.periods), len(labels)), bool)
    seen[coded["period"].to_numpy(), coded[country].to_numpy()] = True
    if reporting is not None:
        listed = reporting.filter(pl.col("source") == source, pl.col("direction").cast(pl.String) == direction)
        places = listed.select(place_on(axes.periods, "period"), place_on(labels, "reporter")).drop_nulls()
        seen[places["period"].to_numpy(), places["reporter"].to_numpy()] = True
    return seen


def held(coded: pl.DataFrame, seen: dict[str, Reported]) -> list[str]:
    """Quantities of this source: both sides where anyone declared, reconciled where anything was."""
    declared = any(reported.any() for reported in seen.values())
    reconciled = declares(coded, "reconciled").any()
    return [name for name in COLUMNS if (reconciled if name.startswith("reconciled") else declared)]


def background(name: str, reported: dict[str, Reported]) -> Grid:
    """What an empty cell of a quantity means: 0 where the side reported, else NaN; broadcasts to the cube."""
    if name.startswith("export"):
        return np.where(reported["export"], 0.0, np.nan)[None, :, :, None]
    if name.startswith("import"):
        return np.where(reported["import"], 0.0, np.nan)[None, :, None, :]
    return np.full((1, 1, 1, 1), np.nan)


def fill(axes: Axes, flat: Index, values: Vector, background: Grid) -> Grid:
    """Add values up at their cells and lay the background on all others."""
    grid = add_up(flat, values, axes.cells).reshape(axes.shape)
    empty = np.ones(axes.cells, bool)
    empty[flat] = False
    np.copyto(grid, background, where=empty.reshape(axes.shape))
    return grid
