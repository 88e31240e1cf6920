"""What the ordinary causes look at: where goods missing here could be standing instead.

Every flow has a deviation: imports less exports at the pair's usual ratio (or, for a jump, amount less its
usual amount). Goods unmatched in one cell may be found as the opposite deviation in another: the same pair a
year before or after, the same exporter with another partner, the same importer with another, another code.
`gather` puts the sum of such opposite deviations beside each flow, in value and in mass.
"""

import polars as pl

from models.flows.ban import MARKET as BANNED
from models.flows.ban import banned_shares
from models.flows.context import Context
from models.flows.offices import about_offices
from models.flows.prices import MARKET, world_unit_values

QUANTITIES = ("value_usd", "mass_kg")
RAW = tuple(f"raw_{kind}_{quantity}" for kind in ("mirror", "jump") for quantity in QUANTITIES)
MIRROR_CHANNELS = ("mirror_gap", "one_sided", "ban_break", "code_switch", "partner_switch")
"""Channels whose gap lies between two declarations of the flow."""
PLACED_CHANNELS = (*MIRROR_CHANNELS, "carrying_capacity")
"""Channels of flows whose goods may stand in another cell: also what no ship carried may have gone to another
partner."""
GROWTH_CHANNELS = ("jump", "disparity", "pass_through", "two_cycle", "new_route", "three_path", "edge_stream")
"""Channels whose gap is what a flow holds beyond its usual amount."""
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
BOTH_HEARD = pl.col("exporter_reported") & pl.col("importer_reported")
EITHER_HEARD = pl.col("exporter_reported") | pl.col("importer_reported")
"""Enough for a neighbouring code: one that a side alone uses is held of that side alone."""


def gather(flows: pl.DataFrame, leads: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Scored flows (one row per flow, see models.flows.lead) with everything that the causes compare."""
    known = _usual(pl.concat([flows, context.neighbours.select(flows.columns)]))
    known = known.join(world_unit_values(known).drop("priced_flows"), on=MARKET, how="left", maintain_order="left")
    cells, codes = _deviations(known, BOTH_HEARD), _deviations(known, EITHER_HEARD)
    rows = leads.join(known.drop("usd_per_kg"), on="flow_id", how="left", maintain_order="left").join(
        cells.select("flow_id", "^dev_.*$"), on="flow_id", how="left", maintain_order="left"
    )
    rows = _orient(rows)
    rows = _next_years(rows, cells)
    for place, keys in PLACES.items():
        rows = _elsewhere(rows, codes if place == "other_codes" else cells, place, keys)
    rows = about_offices(rows, known, context.family)
    rows = rows.join(banned_shares(rows, context.events), on=BANNED, how="left", maintain_order="left")
    last = flows.group_by("source").agg(source_last_period=pl.col("period").max())
    return rows.join(last, on="source", how="left", maintain_order="left")


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


def _deviations(known: pl.DataFrame, heard: pl.Expr) -> pl.DataFrame:
    """raw_* and dev_* (zero within ORDINARY) of every cell; null where a side was not heard or nothing is usual."""
    heard = heard & (pl.col("exporter") != pl.col("importer"))
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
        amount, usual = pl.col(f"reconciled_{quantity}"), pl.col(f"usual_{quantity}")
        for kind, is_known, one, other in (("mirror", heard, imports, expected), ("jump", True, amount, usual)):
            off = one - other
            beyond = off.abs() > ORDINARY * pl.max_horizontal(one, other)
            columns.append(pl.when(is_known).then(off).alias(f"raw_{kind}_{quantity}"))
            columns.append(
                pl.when(is_known).then(pl.when(beyond).then(off).otherwise(0.0 * off)).alias(f"dev_{kind}_{quantity}")
            )
    return known.with_columns(columns)


def _orient(rows: pl.DataFrame) -> pl.DataFrame:
    """Which side is silent (+1 exporter, -1 importer) and which kind of deviation belongs to the leading channel."""
    is_placed = pl.col("channel").is_in(PLACED_CHANNELS)
    return rows.with_columns(
        kind=pl.when(is_placed)
        .then(pl.lit("mirror"))
        .when(pl.col("channel").is_in(GROWTH_CHANNELS))
        .then(pl.lit("jump")),
        sign=pl.when(is_placed & (pl.col("dev_mirror_value_usd") < 0)).then(-1.0).otherwise(1.0),
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
    """Sum of opposite deviations by kind, quantity and sign, and the number of cells that could be compared.

    Null where none could be. Goods that nobody weighed weigh what the world price makes of their value; where there
    is none either, the mass is null: an unknown mass is no small one.
    """
    sums = []
    for kind in ("mirror", "jump"):
        compared = pl.col(f"dev_{kind}_value_usd").is_not_null()
        sums.append(compared.sum().alias(f"{kind}_cells"))
        for label, sign in (("plus", 1.0), ("minus", -1.0)):
            value, mass = (_opposite(kind, quantity, sign) for quantity in QUANTITIES)
            mass = pl.coalesce(mass, value / pl.col("usd_per_kg"))
            unweighed = ((value > 0) & mass.is_null()).any()
            sums.append(pl.when(compared.any()).then(value.sum()).alias(f"{kind}_value_usd_{label}"))
            sums.append(pl.when(compared.any() & ~unweighed).then(mass.sum()).alias(f"{kind}_mass_kg_{label}"))
    return sums


def _attach(rows: pl.DataFrame, sums: pl.DataFrame, on: tuple[str, ...], place: str) -> pl.DataFrame:
    drop = [name for name in sums.columns if name not in on]
    joined = rows.join(sums, on=list(on), how="left", maintain_order="left")
    cells = pl.when(pl.col("kind") == "mirror").then("mirror_cells").when(pl.col("kind") == "jump").then("jump_cells")
    chosen = [_choose(place, quantity) for quantity in QUANTITIES]
    return joined.with_columns(*chosen, cells.fill_null(0).cast(pl.Int64).alias(f"{place}_cells")).drop(drop)


def _next_years(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Opposite deviations of the same pair and code in the year before and the year after."""
    # The same pair over time: every tonne too many counts, not only what is beyond the noise.
    whole = cells.select(*CELL, "usd_per_kg", *(pl.col(name).alias(name.replace("raw_", "dev_")) for name in RAW))
    shifted = pl.concat([whole.with_columns(pl.col("period") + step) for step in (-1, 1)])
    return _attach(rows, shifted.group_by(CELL).agg(_sums()), CELL, "next_years")


def _elsewhere(rows: pl.DataFrame, cells: pl.DataFrame, place: str, keys: tuple[str, ...]) -> pl.DataFrame:
    """Opposite deviations of cells with the same keys; a flow's own value never opposes itself, so it adds 0.

    `{place}_cells` counts the other cells that could be compared.
    """
    countries = cells.filter(pl.col("exporter_kind") == "country", pl.col("importer_kind") == "country")
    sums = countries.group_by(keys).agg(_sums())
    is_mirror = pl.col("kind") == "mirror"
    own = pl.when(is_mirror).then("dev_mirror_value_usd").otherwise("dev_jump_value_usd").is_not_null()
    others = pl.col(f"{place}_cells") - own.cast(pl.Int64)
    return _attach(rows, sums, keys, place).with_columns(others.clip(lower_bound=0).alias(f"{place}_cells"))
