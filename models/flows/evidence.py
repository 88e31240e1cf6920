"""What the ordinary causes look at: where goods missing here could be standing instead.

Every flow has a deviation: imports less exports at the pair's usual ratio (or, for a jump, amount less its
usual amount). Goods unmatched in one cell may be found as the opposite deviation in another: the same pair a
year before or after, the same exporter with another partner, the same importer with another, another code.
`gather` puts the sum of such opposite deviations beside each flow, in value and in mass.
"""

import polars as pl

from graphs.flags import Flag, has_flag
from models.flows.context import Context

QUANTITIES = ("value_usd", "mass_kg")
MIRROR_CHANNELS = ("mirror_gap", "one_sided", "ban_break")
CELL = ("source", "exporter", "importer", "commodity", "period")
PRIOR_YEARS = 2.0
WINDOW = 5
ORDINARY = 1 / 3
"""A deviation within this share of the larger amount is the noise of every pair, not goods gone elsewhere."""
PLACES: dict[str, tuple[str, ...]] = {
    "other_importers": ("source", "exporter", "commodity", "period"),
    "other_exporters": ("source", "importer", "commodity", "period"),
    "other_codes": ("source", "exporter", "importer", "period"),
}
"""Cells that share these keys with a flow are where its goods could stand."""


def gather(flows: pl.DataFrame, leads: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Scored flows (one row per flow, see models.flows.lead) with everything that the causes compare."""
    known = _usual(pl.concat([flows, context.neighbours.select(flows.columns)]))
    cells = _deviations(known)
    rows = leads.join(known, on="flow_id", how="left", maintain_order="left").join(
        cells.select("flow_id", "^dev_.*$"), on="flow_id", how="left", maintain_order="left"
    )
    rows = _orient(rows)
    rows = _next_years(rows, cells)
    for place, keys in PLACES.items():
        rows = _elsewhere(rows, cells, place, keys)
    rows = _residual(rows, flows, context)
    return _reporters(rows, flows)


def _usual(flows: pl.DataFrame) -> pl.DataFrame:
    """The pair's log(M / X) of late, blended with the source's by PRIOR_YEARS, and its usual amounts of late."""
    pair = ["source", "exporter", "importer", "commodity"]
    rows = flows.sort(*pair, "period")
    columns = []
    for quantity, name in zip(QUANTITIES, ("usual_log_ratio", "usual_log_ratio_mass"), strict=True):
        exports, imports = pl.col(f"export_{quantity}"), pl.col(f"import_{quantity}")
        ratio = pl.when((exports > 0) & (imports > 0)).then((imports / exports).log())
        years = ratio.is_not_null().cast(pl.Float64).rolling_sum(WINDOW, min_samples=1).over(pair)
        own = ratio.rolling_median(WINDOW, min_samples=1).over(pair).fill_null(0.0)
        whole = ratio.median().over("source").fill_null(0.0)
        columns.append(((years * own + PRIOR_YEARS * whole) / (years + PRIOR_YEARS)).alias(name))
        amount = pl.col(f"reconciled_{quantity}")
        columns.append(amount.shift(1).rolling_median(WINDOW, min_samples=3).over(pair).alias(f"usual_{quantity}"))
    return rows.with_columns(columns)


def _deviations(known: pl.DataFrame) -> pl.DataFrame:
    """dev_mirror_* and dev_jump_* for every cell; null where a side did not report or nothing is usual."""
    heard = pl.col("exporter_reported") & pl.col("importer_reported") & (pl.col("exporter") != pl.col("importer"))
    columns = []
    for quantity, ratio in zip(QUANTITIES, ("usual_log_ratio", "usual_log_ratio_mass"), strict=True):
        exports, imports = pl.col(f"export_{quantity}"), pl.col(f"import_{quantity}")
        if quantity == "mass_kg":
            # A side that declares a value without a mass has an unknown mass, not none.
            exports = pl.when(pl.col("export_value_usd").is_null()).then(0.0).otherwise(exports)
            imports = pl.when(pl.col("import_value_usd").is_null()).then(0.0).otherwise(imports)
        else:
            exports, imports = exports.fill_null(0.0), imports.fill_null(0.0)
        expected = exports * pl.col(ratio).fill_null(0.0).exp()
        columns.append(pl.when(heard).then(_beyond_noise(imports, expected)).alias(f"dev_mirror_{quantity}"))
        amount, usual = pl.col(f"reconciled_{quantity}"), pl.col(f"usual_{quantity}")
        columns.append(_beyond_noise(amount, usual).alias(f"dev_jump_{quantity}"))
    return known.with_columns(columns)


def _beyond_noise(amount: pl.Expr, expected: pl.Expr) -> pl.Expr:
    """Amount less expected, or zero where they differ by no more than ORDINARY of the larger."""
    off = amount - expected
    return pl.when(off.abs() > ORDINARY * pl.max_horizontal(amount, expected)).then(off).otherwise(off * 0.0)


def _orient(rows: pl.DataFrame) -> pl.DataFrame:
    """Which side is silent (+1 exporter, -1 importer) and which kind of deviation belongs to the leading channel."""
    is_mirror = pl.col("channel").is_in(MIRROR_CHANNELS)
    return rows.with_columns(
        kind=pl.when(is_mirror).then(pl.lit("mirror")).when(pl.col("channel") == "jump").then(pl.lit("jump")),
        sign=pl.when(is_mirror & (pl.col("dev_mirror_value_usd") < 0)).then(-1.0).otherwise(1.0),
        silent=pl.when(pl.col("dev_mirror_value_usd") < 0).then(pl.lit("importer")).otherwise(pl.lit("exporter")),
    )


def _opposite(kind: str, quantity: str, sign: float) -> pl.Expr:
    """Deviation against the given sign, as a positive amount."""
    return (-sign * pl.col(f"dev_{kind}_{quantity}")).clip(lower_bound=0.0)


def _choose(name: str, quantity: str) -> pl.Expr:
    """Pick the column of a flow's own kind and sign."""
    out = pl.lit(None, dtype=pl.Float64)
    for kind in ("mirror", "jump"):
        for label, sign in (("plus", 1.0), ("minus", -1.0)):
            mine = (pl.col("kind") == kind) & (pl.col("sign") == sign)
            out = pl.when(mine).then(pl.col(f"{kind}_{quantity}_{label}")).otherwise(out)
    return out.alias(f"{name}_{quantity}")


def _sums() -> list[pl.Expr]:
    """Sum of opposite deviations by kind, quantity and sign; null where no cell could be compared."""
    return [
        pl.when(pl.col(f"dev_{kind}_{quantity}").is_not_null().any())
        .then(_opposite(kind, quantity, sign).sum())
        .alias(f"{kind}_{quantity}_{label}")
        for kind in ("mirror", "jump")
        for quantity in QUANTITIES
        for label, sign in (("plus", 1.0), ("minus", -1.0))
    ]


def _attach(rows: pl.DataFrame, sums: pl.DataFrame, on: tuple[str, ...], place: str) -> pl.DataFrame:
    drop = [name for name in sums.columns if name not in on]
    joined = rows.join(sums, on=list(on), how="left", maintain_order="left")
    return joined.with_columns(_choose(place, quantity) for quantity in QUANTITIES).drop(drop)


def _next_years(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Opposite deviations of the same pair and code in the year before and the year after."""
    shifted = pl.concat(
        [cells.with_columns(pl.col("period") + step).select(*CELL, "^dev_(mirror|jump)_.*$") for step in (-1, 1)]
    )
    return _attach(rows, shifted.group_by(CELL).agg(_sums()), CELL, "next_years")


def _elsewhere(rows: pl.DataFrame, cells: pl.DataFrame, place: str, keys: tuple[str, ...]) -> pl.DataFrame:
    """Opposite deviations of cells with the same keys. A flow's own deviation never opposes itself, so it adds 0."""
    countries = cells.filter(pl.col("exporter_kind") == "country", pl.col("importer_kind") == "country")
    sums = countries.group_by(keys).agg(_sums())
    counted = countries.group_by(keys).agg(pl.len().alias(f"{place}_cells"))
    return _attach(rows, sums, keys, place).join(counted, on=list(keys), how="left", maintain_order="left")


def _residual(rows: pl.DataFrame, flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """What the silent side declared with areas not specified, free zones and special codes that year, this code."""
    kinds = {
        "unspecified": pl.col("other_kind") == "residual",
        "free_zone": pl.col("other_kind") == "zone",
        "special": has_flag(Flag.SPECIAL_CODE),
    }
    sides = []
    for silent, other, prefix in (("exporter", "importer", "export"), ("importer", "exporter", "import")):
        mine = flows.with_columns(other_kind=pl.col(f"{other}_kind").cast(pl.String))
        amounts = [
            pl.col(f"{prefix}_{quantity}").filter(test).sum().alias(f"{name}_{quantity}")
            for name, test in kinds.items()
            for quantity in QUANTITIES
        ]
        grouped = mine.group_by("source", pl.col(silent).alias("office"), "commodity", "period").agg(amounts)
        sides.append(grouped.with_columns(silent=pl.lit(silent)))
    rows = rows.with_columns(
        office=pl.when(pl.col("silent") == "exporter").then(pl.col("exporter")).otherwise(pl.col("importer"))
    )
    on = ["source", "office", "commodity", "period", "silent"]
    rows = rows.join(pl.concat(sides), on=on, how="left", maintain_order="left")
    uses_residual = flows.group_by("source").agg(
        source_has_residual=(pl.col("exporter_kind").cast(pl.String) == "residual").any()
        | (pl.col("importer_kind").cast(pl.String) == "residual").any()
    )
    return rows.join(uses_residual, on="source", how="left", maintain_order="left")


def _reporters(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """The silent side's share of what its partners declare, this year and in its own past, this pair left out.

    coverage = own declarations with all other partners / what those partners declare.
    """
    sides = []
    for silent, own, theirs in (("exporter", "export", "import"), ("importer", "import", "export")):
        other = "importer" if silent == "exporter" else "exporter"
        heard = pl.col(f"{other}_reported")
        grouped = (
            flows.filter(pl.col("exporter") != pl.col("importer"))
            .group_by("source", pl.col(silent).alias("office"), "commodity", "period")
            .agg(
                own_total_usd=pl.col(f"{own}_value_usd").sum(),
                own_matched_usd=pl.col(f"{own}_value_usd").filter(heard).sum(),
                theirs_usd=pl.col(f"{theirs}_value_usd").filter(heard).sum(),
            )
        )
        coverage = pl.col("own_matched_usd") / pl.col("theirs_usd")
        past = pl.when(pl.col("theirs_usd") > 0).then(coverage).shift(1).rolling_median(5, min_samples=2)
        grouped = grouped.sort("period").with_columns(past_coverage=past.over("source", "office", "commodity"))
        sides.append(grouped.with_columns(silent=pl.lit(silent)))
    on = ["source", "office", "commodity", "period", "silent"]
    rows = rows.join(pl.concat(sides), on=on, how="left", maintain_order="left")
    mine = pl.when(pl.col("silent") == "exporter").then("export_value_usd").otherwise("import_value_usd").fill_null(0.0)
    partner = (
        pl.when(pl.col("silent") == "exporter").then("import_value_usd").otherwise("export_value_usd").fill_null(0.0)
    )
    return rows.with_columns(
        others_own_usd=(pl.col("own_matched_usd") - mine).clip(lower_bound=0.0),
        others_theirs_usd=(pl.col("theirs_usd") - partner).clip(lower_bound=0.0),
    )
