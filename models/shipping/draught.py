"""Cargo aboard from the draught: a ship sinks by as much as the water weighs that it pushes away.

cargo t = block * length * width * 1.025 * (draught - draught in ballast), at most 95 % of the deadweight: the rest is
fuel, water and stores. Full draught is the deepest that it sent, or 0.33 * deadweight^(1/3) where that is more; in
ballast a ship lies at 58 % of it. Draughts are typed by hand: one that did not change over the call before the passage
may be old, and tells nothing; then the cargo lies between nothing and a full one.
"""

import polars as pl

from models.shipping.sizes import NORMAL_80

WATER_T_M3 = 1.025
BLOCK = {"bulk_carrier": 0.80, "tanker": 0.80, "general_cargo": 0.68, "container": 0.68}
"""Share of length x width x draught that the hull fills."""
BALLAST, LADEN = 0.58, 0.75
"""Of the full draught: in ballast, and from which on a ship counts as laden."""
DEEP = 0.33
FILL = 0.95
SLIM = 6.2
"""Length over width where no width was sent."""
SHAPE_SD, BALLAST_SD = 0.15, 0.04
"""Spread of the hull's shape, and of the ballast draught in parts of the full one."""
SET_ANEW_M = 0.05
"""A smaller change is none: draughts are sent in steps of 0.1 m."""


def load() -> dict[str, pl.Expr]:
    """is_laden, cargo_low_t, cargo_t, cargo_high_t of passages.

    Needs kind, length_m, width_m, draught_max_m, deadweight_t, deadweight_high_t, draught_before_m (before the call it
    left) and draught_m (on the way).
    """
    block = pl.col("kind").cast(pl.String).replace_strict(BLOCK, default=None, return_dtype=pl.Float64)
    width = pl.coalesce("width_m", pl.col("length_m") / SLIM)
    area = block * pl.col("length_m") * width * WATER_T_M3
    full = pl.max_horizontal("draught_max_m", DEEP * pl.col("deadweight_t").cbrt())
    most = FILL * pl.col("deadweight_high_t")
    anew = ((pl.col("draught_m") - pl.col("draught_before_m")).abs() >= SET_ANEW_M).fill_null(False)
    known = anew & area.is_not_null() & full.is_not_null()
    cargo = (area * (pl.col("draught_m") - BALLAST * full)).clip(lower_bound=0.0)
    doubt = NORMAL_80 * ((SHAPE_SD * cargo) ** 2 + (area * BALLAST_SD * full) ** 2).sqrt()
    return {
        "is_laden": pl.when(known).then(pl.col("draught_m") >= LADEN * full),
        "cargo_low_t": pl.when(known).then((cargo - doubt).clip(lower_bound=0.0)).when(most.is_not_null()).then(0.0),
        "cargo_t": pl.when(known).then(pl.min_horizontal(cargo, FILL * pl.col("deadweight_t"))),
        "cargo_high_t": pl.when(known).then(pl.min_horizontal(cargo + doubt, most)).otherwise(most),
    }
