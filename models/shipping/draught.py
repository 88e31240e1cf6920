"""Cargo aboard from the draught: a ship sinks by as much as the water weighs that it pushes away.

cargo t = block * length * width * 1.025 * (draught - draught in ballast), at most 95 % of the deadweight: the rest is
fuel, water and stores. Full draught is the deepest that it sent, or 0.33 * deadweight^(1/3) where that is more; in
ballast a ship lies at 58 % of it. Draughts are typed by hand: one that did not change over the call before the passage
may be old, and tells nothing; then the cargo lies between nothing and a full one. One far deeper than the largest ship
of that length lies was mistyped: it is not known, and is no full draught of other passages.
"""

import polars as pl

from models.shipping.sizes import NORMAL_80

WATER_T_M3 = 1.025
BLOCK = {"bulk_carrier": 0.80, "tanker": 0.80, "general_cargo": 0.68, "container": 0.68}
"""Share of length x width x draught that the hull fills."""
BALLAST, LADEN = 0.58, 0.75
"""Of the full draught: in ballast, and from which on a ship counts as laden."""
DEEP = 0.33
DEEPEST = 1.5
"""Deeper by so many times than the largest ship of its kind and length lies full, none can be (assumed: deep ships of
the usual classes reach 1.2)."""
FILL = 0.95
SLIM = 6.2
"""Length over width where no width was sent."""
SHAPE_SD, BALLAST_SD = 0.15, 0.04
"""Spread of the hull's shape, and of the ballast draught in parts of the full one."""
SET_ANEW_M = 0.05
"""A smaller change is none: draughts are sent in steps of 0.1 m."""


def load() -> dict[str, pl.Expr]:
    """is_laden, cargo_low_t, cargo_t, cargo_high_t of passages; the low end is never above the estimate, nor that above
    the high end.

    Needs kind, length_m, width_m, draught_max_m, deadweight_t, deadweight_high_t, draught_before_m (before the call it
    left) and draught_m (on the way).
    """
    block = pl.col("kind").cast(pl.String).replace_strict(BLOCK, default=None, return_dtype=pl.Float64)
    width = pl.coalesce("width_m", pl.col("length_m") / SLIM)
    area = block * pl.col("length_m") * width * WATER_T_M3
    full = pl.max_horizontal(_believed("draught_max_m"), DEEP * pl.col("deadweight_t").cbrt())
    most = FILL * pl.col("deadweight_high_t")
    now = _believed("draught_m")
    anew = ((now - _believed("draught_before_m")).abs() >= SET_ANEW_M).fill_null(False)
    known = anew & area.is_not_null() & full.is_not_null()
    cargo = (area * (now - BALLAST * full)).clip(lower_bound=0.0)
    doubt = NORMAL_80 * ((SHAPE_SD * cargo) ** 2 + (area * BALLAST_SD * full) ** 2).sqrt()
    # The size bounds the cargo too: of a ship that lies deep for its size the low end ends there as well.
    estimate = pl.min_horizontal(cargo, FILL * pl.col("deadweight_t"))
    low = pl.min_horizontal((cargo - doubt).clip(lower_bound=0.0), estimate)
    return {
        "is_laden": pl.when(known).then(now >= LADEN * full),
        "cargo_low_t": pl.when(known).then(low).when(most.is_not_null()).then(0.0),
        "cargo_t": pl.when(known).then(estimate),
        "cargo_high_t": pl.when(known).then(pl.min_horizontal(cargo + doubt, most)).otherwise(most),
    }


def _believed(column: str) -> pl.Expr:
    """A draught that a ship of that size can have; null where it is far deeper."""
    deepest = DEEPEST * DEEP * pl.col("deadweight_high_t").cbrt()
    return pl.when(pl.col(column) <= deepest).then(pl.col(column))
