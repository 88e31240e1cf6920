"""Which clean rows a learned score may be compared with: those of flows that look alike from outside.

A channel's statistic is studentised, so that one null serves flows of every size. The learned score is not: a flow that
one side alone declares scores higher than one that both declare, ordinary or not, and clean pairs are seldom one-sided.
Compared with all clean rows, ordinary one-sided flows would look implausible. So the score of a flow is compared with
clean rows of its own stratum: as many sides declared, and as large (Mondrian conformal prediction: Vovk, Lindsay,
Nouretdinov and Gammerman 2003).

    stratum = 1 + 2 * sides declared + (worth LARGE_USD or more),  0 where a statistic needs no matching
"""

import polars as pl

LARGE_USD = 1e6
UNMATCHED = 0
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
