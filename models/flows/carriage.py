"""Carrying capacity: could the ships that were heard at both countries' ports have carried what is declared?

    capacity  = what left the exporter (or reached the importer) in ships of bulk / share of their ports' hours heard,
                that of the country that was heard less: each end also counts ships that only the other one saw
    statistic = z + ln(declared / upper end of capacity) / sd          z = 1.28, upper end of an 80 % interval
    sd        = ln(upper end / capacity) / z, at most 1                (nothing seen: 1)
    p         = P(capacity >= declared), lognormal, at least FLOOR; the end that could carry less counts

Declared is the smallest declared mass, year by year where positions of the whole year were read, else the sum over the
months that both are known of. All ships of a country stand against one flow, so the channel errs towards "could". It
tells three answers: a row with a small p (could not), one with a large p (could), and no row (cannot test): for goods
that do not go in bulk, for less than a shipload, and wherever a port of either country was not heard.
"""

from math import erfc, log, sqrt

import polars as pl

from graphs.periods import LAST_YEAR
from models.flows.context import Context
from models.flows.parts import INTERVAL, NORMAL_80, answer, parts

BULK = frozenset(
    {"sand", "bauxite", "timber", "nickel", "copper", "tin", "tantalum", "cobalt", "iron", "manganese", "chromium",
     "lead", "zinc", "titanium", "coal", "phosphate", "gypsum", "salt", "potash"}
)  # fmt: skip
"""Families whose goods go by sea as whole shiploads."""
SEEN = 0.6
"""Least share of the ports' hours that must have been heard at either end."""
PARCEL_KG = 30e6
"""One handysize. Less goes in boxes, on deck or beside other goods, and says nothing of ships."""
LEAST_KG = 1e6
"""An upper end of less than a barge is none."""
LEAST_SD, NOTHING_SD = 1e-6, 1.0
"""Spread of the logarithm: least one, and that of what nobody saw."""
FLOOR = 1e-4
"""Ships are never held for less likely to have carried a flow than this."""
SIDES = ("out", "in")
PAIR = ["source", "exporter", "importer", "commodity"]
SHOWN = (
    "declared_kg", "capacity_kg", "capacity_low_kg", "capacity_high_kg", "direct_kg", "voyages", "months_compared",
    "seen_share", "ports_seen", "boxed_calls", "is_limited_at_exporter", *INTERVAL,
)  # fmt: skip


def carrying_capacity(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """More mass is declared than the ships heard at both countries' ports could have carried."""
    is_bulk = pl.lit(context.family in BULK)
    seen = could_be_told(context.carriage).filter(pl.col("why").is_null())
    years = flows.filter(is_bulk).select("flow_id", *PAIR, "period", declared_kg=declared())
    told = [years.join(seen, on=["exporter", "importer", "period"], how="inner")]
    months = context.months.filter(is_bulk).select(*PAIR, "period", declared_kg=declared())
    months = months.join(seen, on=["exporter", "importer", "period"], how="inner").with_columns(
        year=(pl.col("period") // 100).cast(pl.Int32)
    )
    mine = years.select("flow_id", *PAIR, year="period").join(told[0].select("flow_id"), on="flow_id", how="anti")
    told.append(mine.join(months, on=[*PAIR, "year"], how="inner").drop("year"))
    rows = _summed(pl.concat([one.select(told[0].columns) for one in told]))
    rows = rows.filter(pl.col("declared_kg") >= PARCEL_KG).join(
        flows.select("flow_id", usd_per_kg=_price()), on="flow_id", how="left", maintain_order="left"
    )
    return answer(_judged(rows), "carrying_capacity")


def could_be_told(carriage: pl.DataFrame) -> pl.DataFrame:
    """Table `carrying_capacity` with capacity and upper end of each side (out, in), and `why` it cannot be tested.

    why: null where it can.
    """
    heard = pl.min_horizontal("seen_share_out", "seen_share_in")
    sides = {
        f"{side}_{name}": pl.col(f"{side}{suffix}") / heard
        for side in SIDES
        for name, suffix in (("capacity_kg", "_kg"), ("capacity_high_kg", "_high_kg"))
    }
    why = (
        pl.when(~pl.col("is_whole"))
        .then(pl.lit("positions of some of its days were not read"))
        .when(pl.col("ports_known") == 0)
        .then(pl.lit("no port of the two countries is known"))
        .when(pl.col("ports_seen") < pl.col("ports_known"))
        .then(pl.format("receivers heard {} of the two countries' {} ports", "ports_seen", "ports_known"))
        .when(heard < SEEN)
        .then(pl.format("ports were heard {} % of the time", (100 * heard).round(6).floor().cast(pl.Int64)))
    )
    return carriage.with_columns(why=why, **sides)


def declared() -> pl.Expr:
    """The smaller declared mass; one that was estimated is no declaration."""
    return pl.min_horizontal(
        pl.when(~pl.col(f"is_{side}_mass_estimated").fill_null(False)).then(f"{side}_mass_kg")
        for side in ("export", "import")
    )


def _price() -> pl.Expr:
    """USD per kg of the flow itself: reconciled, else of a side that declares both."""
    return pl.coalesce(
        pl.when(pl.col(f"{side}_mass_kg") > 0).then(pl.col(f"{side}_value_usd") / pl.col(f"{side}_mass_kg"))
        for side in ("reconciled", "export", "import")
    )


def _summed(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per flow: sums over its periods, which err alike."""
    amounts = (
        "declared_kg",
        *(f"{side}_{one}" for side in SIDES for one in ("capacity_kg", "capacity_high_kg")),
    )
    known = rows.filter(pl.col("declared_kg") > 0).sort("flow_id", "period")
    return known.group_by("flow_id", maintain_order=True).agg(
        pl.col(*amounts).sum(),
        # A sum that leaves out what nobody knows yet would call it none.
        *(
            pl.when(pl.col(one).is_null().any()).then(None).otherwise(pl.col(one).sum()).alias(one)
            for one in ("direct_kg", "voyages")
        ),
        pl.col("boxed_calls").cast(pl.Int64).sum(),
        pl.min_horizontal("seen_share_out", "seen_share_in").min().alias("seen_share"),
        pl.col("ports_seen").min(),
        months_compared=pl.when(pl.col("period") > LAST_YEAR).then(1).otherwise(12).sum(),
    )


def _beyond(declared: float, middle: float, high: float) -> float:
    """The statistic of one end: how far the declared mass lies beyond what it could carry."""
    high = max(high, LEAST_KG)
    sd = log(high / middle) / NORMAL_80 if middle > 0 else NOTHING_SD
    return NORMAL_80 + log(declared / high) / min(max(sd, LEAST_SD), NOTHING_SD)


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    """Statistic, p, gap and parts of the end that could carry less."""
    for side in SIDES:
        amounts = rows.select("declared_kg", f"{side}_capacity_kg", f"{side}_capacity_high_kg")
        # One by one: a logarithm of a whole column differs in its last bit with the number of rows.
        beyond = [_beyond(*one) for one in amounts.iter_rows()]
        rows = rows.with_columns(pl.Series(f"{side}_statistic", beyond, dtype=pl.Float64))
    is_out = pl.col("out_statistic") >= pl.col("in_statistic")
    rows = rows.with_columns(
        pl.when(is_out).then(f"out_{name}").otherwise(f"in_{name}").alias(name)
        for name in ("statistic", "capacity_kg", "capacity_high_kg")
    ).with_columns(is_limited_at_exporter=is_out)
    middle, high = pl.col("capacity_kg"), pl.col("capacity_high_kg")
    rows = rows.with_columns(capacity_low_kg=pl.when(middle > 0).then(middle**2 / high).otherwise(0.0))
    gaps = {
        name: (pl.col("declared_kg") - pl.col(one)).clip(lower_bound=0.0)
        for name, one in (("gap", "capacity_kg"), ("gap_low", "capacity_high_kg"), ("gap_high", "capacity_low_kg"))
    }
    chance = [max(FLOOR, 0.5 * erfc(one / sqrt(2))) for one in rows["statistic"]]
    rows = rows.with_columns(
        is_null=False,
        model_p=pl.Series(chance, dtype=pl.Float64),
        gap_mass_kg=gaps["gap"],
        gap_value_usd=gaps["gap"] * pl.col("usd_per_kg"),
        gap_low_usd=gaps["gap_low"] * pl.col("usd_per_kg"),
        gap_high_usd=gaps["gap_high"] * pl.col("usd_per_kg"),
    )
    return rows.with_columns(parts({name: pl.col(name) for name in SHOWN}))
