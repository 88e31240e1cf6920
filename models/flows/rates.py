"""Error rates of a list: where they may be claimed, q-values of flows and units, bounds for every length.

All of them are relative to the null: "ordinary" means exchangeable with its clean rows.
"""

import zlib

import numpy as np
import polars as pl

from graphs.tables import LEARNED
from models.flows.bounds import CONFIDENCE, FIRST, simultaneous_bound
from models.flows.calibrate import benjamini_hochberg
from models.flows.episodes import SPELL

SEED = 25
"""Bounds are the same at every run over the same tables."""
UNIT = [*SPELL, "family"]


def why_no_rate(tests: pl.DataFrame) -> str | None:
    """Why no error rate can be claimed for these scores, in words; None where one can.

    The reason is that of the channel whose null is smallest beside its tests.
    """
    if tests.is_empty():
        return "nothing was tested"
    small = tests.filter(~pl.col("is_null_large"))
    if small.is_empty():
        return None
    by_null = small.filter(pl.col("null_block") != pl.col("channel"))
    if by_null.is_empty():
        names = ", ".join(sorted(small["channel"].unique().str.replace_all("_", " ")))
        return f"no null confirms p of {names}, which comes from a model"
    worst = by_null.sort(pl.col("null_rows") / pl.col("tests"), "channel").row(0, named=True)
    return f"null too small: {worst['null_rows']:,} clean rows for {worst['tests']:,} tests"


def flow_by_flow() -> pl.Expr:
    """The same for a score with one null: the flow's own reason."""
    reason = pl.format("null too small: {} clean rows for {} tests", *map(_grouped, ("null_rows", "tests")))
    return pl.when(~pl.col("is_null_large")).then(reason)


def _grouped(column: str) -> pl.Expr:
    """A count with its thousands apart, as Python's `,` writes it."""
    digits = pl.col(column).cast(pl.String).str.reverse()
    return digits.str.replace_all(r"(\d{3})", "$1,").str.reverse().str.strip_prefix(",")


def q_values(rows: pl.DataFrame, name: str) -> tuple[pl.Series, pl.Series]:
    """q of flows and of units: Benjamini-Hochberg within each block that claims a rate; null elsewhere.

    Blocks are families; on the learned list families and nulls for flows. A unit claims a rate if all its flows do.
    """
    block = ["family", "null_block"] if name == LEARNED else ["family"]
    units = rows.group_by(UNIT, maintain_order=True).agg(pl.col("unit_p_value").first(), pl.col("claims_rate").all())
    units = units.with_columns(_q(units, ["family"], "unit_p_value").alias("unit_q_value"))
    named = rows.select(UNIT).join(units, on=UNIT, how="left", maintain_order="left")
    return _q(rows, block, "p_value").alias("q_value"), named["unit_q_value"]


def _q(rows: pl.DataFrame, block: list[str], p: str) -> pl.Series:
    """Benjamini-Hochberg within blocks, over the rows that claim a rate."""
    q = pl.Series([None] * rows.height, dtype=pl.Float64)
    places = rows.select(*block, p, "claims_rate").with_row_index("place").filter("claims_rate")
    for _, mine in places.group_by(block, maintain_order=True):
        q = q.scatter(mine["place"], benjamini_hochberg(mine[p].to_numpy()))
    return q


def ordinary_bounds(rows: pl.DataFrame) -> pl.Series:
    """Per row: with probability CONFIDENCE, at most so many of the first k rows are ordinary, for all k at once.

    For a list whose p are conformal p-values of one score each, in its order. The doubt is shared by its blocks (rows
    with one null) alike, and their bounds add up; every row whose null is not large counts as ordinary. Null
    beyond the first FIRST rows, and where no block has a large null.
    """
    first, large = rows.head(FIRST), rows.filter("is_null_large")
    blocks = large.select("null_block", "null_rows", "tests").unique("null_block", keep="first").sort("null_block")
    none = pl.Series([None] * rows.height, dtype=pl.UInt32)
    if blocks.is_empty():
        return none
    bound = np.cumsum(~first["is_null_large"].to_numpy())
    confidence = 1 - (1 - CONFIDENCE) / blocks.height
    for name, null_rows, tests in blocks.iter_rows():
        is_mine = ((first["null_block"] == name) & first["is_null_large"]).to_numpy()
        p = first["p_value"].to_numpy()[is_mine]
        # Flows that were tested and are not listed count as tests too, with the largest p there is.
        everyone = np.concatenate([p, np.ones(max(tests - p.size, 0))])
        chance = np.random.default_rng([SEED, zlib.crc32(str(name).encode())])
        own = simultaneous_bound(everyone, null_rows, chance, confidence, p.size) if p.size else np.empty(0, np.int64)
        bound = bound + np.concatenate([[0], own])[np.cumsum(is_mine)]
    return none.scatter(np.arange(first.height), bound)
