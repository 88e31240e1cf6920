"""Code switch: the exporter declares the goods under one code, the importer under another.

For two countries and a year, off_c = imports - exports of code c beyond the ordinary (models.flows.structure.gaps),
over the codes of the family and those into which its goods are easily put:

    switched  = max(min(over in the family, under anywhere), min(under in the family, over anywhere))
    statistic = rise of ln(switched / trade + 5 %) above its usual level, in units of its spread

where trade is the larger declared total of the family. A gap in the total is no switch: only what stands unmatched
both ways counts. Judged are the codes of the family that hold at least a tenth of the switch. Offices that read the
nomenclature differently do the same for honest reasons; a pair that always did is its own past.
"""

import polars as pl

from graphs.periods import LAST_YEAR
from models.flows.context import Context
from models.flows.parts import INTERVAL, NORMAL_80, answer, parts
from models.flows.structure.gaps import over, under, with_gaps
from models.flows.structure.past import band, studentised, usual

SLIGHT = 0.05
"""A switch below this share of what the two trade is none."""
HELD = 0.1
"""Share of the switch that a code must hold to be judged."""
TWO = ("source", "exporter", "importer")
SHOWN = ("off_usd", "opposite_usd", "switched_usd", "switched_share", "usual_switched_share", "spread", *INTERVAL)


def code_switch(flows: pl.DataFrame, context: Context) -> pl.DataFrame:
    """One country declares these goods under another code than its partner does, more than they used to."""
    own = with_gaps(flows, context)
    near = context.neighbours.filter(
        pl.col("period") <= LAST_YEAR, pl.col("exporter_kind") == "country", pl.col("importer_kind") == "country"
    )
    years = _switches(own, with_gaps(near, context))
    rows = own.join(years, on=[*TWO, "period"], how="inner", maintain_order="left")
    opposite = pl.when(pl.col("off_usd") > 0).then("under_usd").otherwise("over_usd")
    rows = rows.with_columns(opposite_usd=opposite, apart_usd=pl.col("off_usd").abs())
    rows = rows.with_columns(gap_value_usd=pl.min_horizontal("apart_usd", "opposite_usd"))
    rows = rows.filter(pl.col("gap_value_usd") > 0, pl.col("gap_value_usd") >= HELD * pl.col("switched_usd"))
    largest = pl.col("gap_value_usd").rank("ordinal", descending=True).over(*TWO, "period") == 1
    sd = pl.col("reconciled_log_sd").fill_null(0.0)
    rows = rows.with_columns(
        statistic=pl.col("z"),
        gap_mass_kg=pl.col("off_kg").abs() * pl.col("gap_value_usd") / pl.col("apart_usd"),
        gap_low_usd=pl.col("gap_value_usd") * (-NORMAL_80 * sd).exp(),
        gap_high_usd=pl.col("gap_value_usd") * (NORMAL_80 * sd).exp(),
        # One null row for all codes of two countries, which share their statistic.
        is_null=pl.col("is_clean") & largest,
    )
    return answer(rows.with_columns(parts({name: pl.col(name) for name in SHOWN})), "code_switch")


def _switches(own: pl.DataFrame, near: pl.DataFrame) -> pl.DataFrame:
    """Years of two countries with a switch: its size, what stands unmatched each way, and the rise above the usual."""
    keys = [*TWO, "period"]
    sums = own.group_by(keys).agg(
        over_own=over().sum(),
        under_own=under().sum(),
        trade_usd=pl.max_horizontal(pl.col("export_value_usd").sum(), pl.col("import_value_usd").sum()),
    )
    others = near.group_by(keys).agg(over_near=over().sum(), under_near=under().sum())
    rows = sums.join(others, on=keys, how="left").with_columns(pl.col("over_near", "under_near").fill_null(0.0))
    rows = rows.with_columns(
        over_usd=pl.col("over_own") + pl.col("over_near"), under_usd=pl.col("under_own") + pl.col("under_near")
    )
    switched = pl.max_horizontal(pl.min_horizontal("over_own", "under_usd"), pl.min_horizontal("under_own", "over_usd"))
    rows = rows.sort(keys).with_columns(
        switched_usd=switched, switched_share=(switched / pl.col("trade_usd")).clip(upper_bound=1.0)
    )
    rows = rows.with_columns(usual_switched_share=usual("switched_share", TWO)).filter(
        pl.col("switched_share") >= SLIGHT
    )
    change = (pl.col("switched_share") + SLIGHT).log() - (pl.col("usual_switched_share") + SLIGHT).log()
    market = pl.col("trade_usd").sum().over("source", "period")
    rows = studentised(rows.with_columns(change=change, band=band(pl.col("trade_usd") / market)), "change")
    return rows.select(
        *keys, "switched_usd", "switched_share", "usual_switched_share", "over_usd", "under_usd", "spread", "z"
    )
