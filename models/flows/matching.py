"""Which clean rows a learned score may be compared with: those of flows that look alike from outside.

A channel's statistic is studentised, so that one null serves flows of every size. The learned score is not: a flow that
one side alone declares scores higher than one that both declare, ordinary or not, and clean pairs are seldom one-sided.
Compared with all clean rows, ordinary one-sided flows would look implausible. So the score of a flow is compared with
clean rows of its own stratum: as many sides declared, and as large (Mondrian conformal prediction: Vovk, Lindsay,
Nouretdinov and Gammerman 2003).

Clean pairs are chosen for agreeing well, so that even their studentised statistics scatter less than those of ordinary
flows elsewhere. The null of channels whose statistic is centred is therefore re-noised: spread out until its middle
half is as wide as that of the flows that it judges, and never drawn in. Schemes must be many before they move that.

    stratum = 1 + 2 * sides declared + (worth LARGE_USD or more),  0 where a statistic needs no matching
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

LARGE_USD = 1e6
UNMATCHED = 0
CENTRED = ("mirror_gap", "jump")
"""Channels whose statistic is a studentised change around 0."""
LEAST_ROWS = 20
"""Rows from which the middle half of a distribution is known."""
SIDES = ("reconciled", "one side", "both sides")
SIZES = ("below 1 M USD", "from 1 M USD")


def stratum() -> pl.Expr:
    """Stratum of flows (table `flows`), by the larger declaration or the reconciled value."""
    declared = [(pl.col(f"{side}_value_usd") > 0).fill_null(False) for side in ("export", "import")]
    value = pl.max_horizontal("export_value_usd", "import_value_usd", "reconciled_value_usd")
    large = (value >= LARGE_USD).fill_null(False)
    sides = declared[0].cast(pl.UInt8) + declared[1].cast(pl.UInt8)
    return (1 + 2 * sides + large.cast(pl.UInt8)).cast(pl.UInt8).alias("stratum")


def named(block: str, number: int) -> str:
    """Name of a null: its block, and its stratum in words where there is one."""
    if number == UNMATCHED:
        return block
    return f"{block}, {SIDES[(number - 1) // 2]}, {SIZES[(number - 1) % 2]}"


def renoised(null: NDArray[np.float64], tests: NDArray[np.float64]) -> NDArray[np.float64]:
    """The null times max(1, IQR of the tests / IQR of the null)."""
    if min(null.size, tests.size) < LEAST_ROWS:
        return null
    widths = [float(np.subtract(*np.percentile(one, [75, 25]))) for one in (tests, null)]
    return null * max(1.0, widths[0] / widths[1]) if widths[1] > 0 else null
