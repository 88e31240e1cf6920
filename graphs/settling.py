"""Looking across declarations: which rows repeat and which may be added up.

Counting rule. Kept but not counted: the world, groups of countries, headings whose finer codes the reporter
declares too (PARENT), breakdowns beside their total (BREAKDOWN), re-exports and re-imports beside the export
or import that includes them (COMPONENT). A six-digit row is counted even if the office summed it from
national tariff lines. Where a pair has no total, its coarsest breakdown is counted (SUMMED_BREAKDOWN).
"""

from collections.abc import Mapping

import polars as pl

from graphs.flags import Flag, flag, has_flag, raised
from graphs.masses import weigh
from graphs.tables import Declarations, Quarantine

EXPORTS = ("X", "RX", "DX", "XIP", "XOP")
PAIR = ["source", "reporter", "partner", "flow", "commodity", "period"]
BREAKDOWN_DIMENSIONS = ["partner2", "customs", "mode"]
KEY = [*PAIR, *BREAKDOWN_DIMENSIONS]
ROW = ["source", "raw_sha256", "raw_row"]
AMOUNTS = ["value_usd", "mass_kg", "quantity"]
NOT_SUMMED = Flag.WORLD | Flag.GROUP | Flag.PARENT | Flag.BREAKDOWN | Flag.COMPONENT


def duplicates(declarations: pl.DataFrame, files: Mapping[str, str] | None = None) -> pl.DataFrame:
    """Rows beyond the first of each key, as Quarantine rows; `files` names a file by its hash.

    Kept is the row that says whether its mass was estimated, then the one with the larger value: where a
    column that would tell two rows apart is missing, the larger is the total.
    """
    repeated = declarations.filter(declarations.select(KEY).is_duplicated()).unique(ROW, maintain_order=True)
    ranked = repeated.with_columns(pl.col("is_mass_estimated").is_null().alias("vague")).sort(
        ["vague", *AMOUNTS, "raw_sha256", "raw_row"],
        descending=[False, True, True, True, False, False],
        nulls_last=True,
    )
    order = ranked.with_columns(
        pl.int_range(pl.len()).over(KEY).alias("nth"),
        *(pl.col(name).first().over(KEY).alias(f"kept_{name}") for name in [*AMOUNTS, "raw_row", "raw_sha256"]),
    ).filter(pl.col("nth") > 0)
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"kept_{name}")) for name in AMOUNTS)
    names = pl.col("raw_sha256").replace_strict(files or {}, default=pl.col("raw_sha256"), return_dtype=pl.String)
    kept = pl.col("kept_raw_sha256").replace_strict(
        files or {}, default=pl.col("kept_raw_sha256"), return_dtype=pl.String
    )
    exact = pl.format("row {}: repeats row {} of {}; one of them was kept", "raw_row", "kept_raw_row", kept)
    conflict = pl.format(
        "row {}: declares the same key as row {} of {} with other amounts; that row was kept, delete one",
        "raw_row",
        "kept_raw_row",
        kept,
    )
    return Quarantine.cast(
        order.select(
            "source",
            "raw_sha256",
            "raw_row",
            names.alias("file"),
            pl.lit("value").alias("field"),
            pl.col("value_usd").cast(pl.String).alias("found"),
            pl.when(same).then(exact).otherwise(conflict).alias("reason"),
        )
    )


def settle(declarations: pl.DataFrame) -> pl.DataFrame:
    """Declarations of all files of a period, each key once, with final `is_counted`, masses and flags.

    Rows dropped here are those that `duplicates` names, and the second reading of one and the same row. Settling
    twice changes nothing.
    """
    frame = declarations
    if declarations.select(KEY).is_duplicated().any():
        once = declarations.unique(ROW, maintain_order=True)
        frame = once.join(duplicates(once), on=ROW, how="anti")
    frame = frame.with_columns(pl.col("flow").cast(pl.String))
    for step in (_breakdowns, _components, _parents):
        frame = step(frame)
    counted = (pl.col("flags") & flag(NOT_SUMMED)) == 0
    return Declarations.cast(weigh(frame.with_columns(counted.alias("is_counted"))).select(Declarations.column_names()))


def world_gaps(declarations: pl.DataFrame) -> pl.DataFrame:
    """World total beside the sum of partners, per source, reporter, flow, commodity and period declared both ways.

    `gap_share` = (sum of partners - world) / world; rounding keeps it near 0.
    """
    plain = declarations.filter((pl.col("flags") & flag(Flag.BREAKDOWN | Flag.GROUP)) == 0)
    group = [name for name in PAIR if name != "partner"]
    world = has_flag(Flag.WORLD)
    sums = plain.group_by(group).agg(
        pl.col("value_usd").filter(world).sum().alias("world_usd"),
        pl.col("value_usd").filter(world.not_()).sum().alias("partners_usd"),
        world.any().alias("has_world"),
        world.not_().sum().alias("partners"),
    )
    both = sums.filter(pl.col("has_world") & (pl.col("partners") > 0) & (pl.col("world_usd") > 0))
    gap = (pl.col("partners_usd") - pl.col("world_usd")) / pl.col("world_usd")
    return both.with_columns(gap.alias("gap_share")).drop("has_world").sort(group)


def _mark(frame: pl.DataFrame, test: pl.Expr, one: Flag) -> pl.DataFrame:
    return frame.with_columns((pl.col("flags") | raised({one: test})).alias("flags"))


def _breakdowns(frame: pl.DataFrame) -> pl.DataFrame:
    """BREAKDOWN and SUMMED_BREAKDOWN: per pair the total, else the coarsest pattern, is what may be summed."""
    parts = [pl.col("partner2") != "W00", pl.col("customs") != "C00", pl.col("mode") != 0]
    pattern = pl.sum_horizontal(part.cast(pl.Int32) * (100 + 2**at) for at, part in enumerate(parts))
    frame = frame.with_columns(pattern.alias("pattern"))
    if not (frame["pattern"] > 0).any():
        return frame.drop("pattern")
    coarsest = frame.group_by(PAIR).agg(pl.col("pattern").min().alias("coarsest"))
    frame = _nested_modes(frame.join(coarsest, on=PAIR, how="left", maintain_order="left"))
    finer = (pl.col("pattern") > pl.col("coarsest")) | pl.col("nested")
    frame = _mark(frame, finer, Flag.BREAKDOWN)
    frame = _mark(frame, finer.not_() & (pl.col("coarsest") > 0), Flag.SUMMED_BREAKDOWN)
    return frame.drop("pattern", "coarsest", "nested")


def _nested_modes(frame: pl.DataFrame) -> pl.DataFrame:
    """`nested`: a mode whose parent (2100 sea in 2000 water, 9110 in 9100) stands beside it."""
    declared = frame.select(*KEY, pl.lit(True).alias("beside")).unique()
    nested = pl.lit(False)
    for at, step in enumerate((10, 100, 1000)):
        parent = pl.col("mode") // step * step
        keyed = frame.with_columns(pl.when((parent != pl.col("mode")) & (parent > 0)).then(parent).alias("parent_mode"))
        keys = [*KEY[:-1], "parent_mode"]
        found = keyed.join(declared, left_on=keys, right_on=KEY, how="left", maintain_order="left")["beside"]
        frame = frame.with_columns(found.fill_null(False).alias(f"nested_{at}"))
        nested = nested | pl.col(f"nested_{at}")
    return frame.with_columns(nested.alias("nested")).drop("nested_0", "nested_1", "nested_2")


def _components(frame: pl.DataFrame) -> pl.DataFrame:
    """COMPONENT: parts of a declared export or import; without it DX + RX, or FM + RM, are added up."""
    if frame["flow"].is_in(["M", "X"]).all():
        return frame
    exports = pl.col("flow").is_in(EXPORTS).alias("is_export")
    pair = [name for name in PAIR if name != "flow"]
    whole = frame.filter(pl.col("flow").is_in(["M", "X"])).select(*pair, exports, pl.lit(True).alias("beside")).unique()
    frame = frame.with_columns(exports).join(whole, on=[*pair, "is_export"], how="left", maintain_order="left")
    part = pl.col("flow").is_in(["M", "X"]).not_() & pl.col("beside").fill_null(False)
    processing = pl.col("flow").is_in(["MIP", "MOP", "XIP", "XOP"])
    return _mark(frame, part | processing, Flag.COMPONENT).drop("is_export", "beside")


def _parents(frame: pl.DataFrame) -> pl.DataFrame:
    """PARENT: a heading (or TOTAL) of which the reporter declares finer codes in that period and direction."""
    exports = pl.col("flow").is_in(EXPORTS).alias("is_export")
    side = ["source", "reporter", "period"]
    codes = frame.lazy().select(*side, exports, "commodity").unique().collect()
    if codes["commodity"].str.len_chars().n_unique() < 2:
        return frame
    finer = codes.filter(pl.col("commodity") != "TOTAL")
    heads = [pl.col("commodity").str.slice(0, 2), pl.col("commodity").str.slice(0, 4), pl.lit("TOTAL")]
    parents = pl.concat(
        finer.with_columns(head.alias("head")).filter(pl.col("head") != pl.col("commodity")) for head in heads
    )
    keys = [*side, "is_export", "commodity"]
    parents = parents.select(
        *side, "is_export", pl.col("head").alias("commodity"), pl.lit(True).alias("beside")
    ).unique()
    frame = frame.with_columns(exports).join(parents, on=keys, how="left", maintain_order="left")
    return _mark(frame, pl.col("beside").fill_null(False), Flag.PARENT).drop("is_export", "beside")
