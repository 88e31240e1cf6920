"""What is known of the silent side: whether it hides, falls short with everyone, or is silent by habit.

The silent side of a flow is the one that declares less (column `silent`, see models.flows.evidence). Its own
declarations with others, that year and before, say whether its silence here is peculiar.
"""

import polars as pl

from graphs.flags import Flag, has_flag

WINDOW = 5
"""Years of the past that are looked at."""
HARDLY = 0.1
"""Less than this share of what the partner declares counts as silence."""
PAIR = ("source", "exporter", "importer", "commodity")


def about_offices(rows: pl.DataFrame, known: pl.DataFrame, family: str) -> pl.DataFrame:
    """Add to each flow: amounts the silent side hides, its coverage of others, its habit, and the codes at hand."""
    flows = known.filter(pl.col("family") == family)
    office = pl.when(pl.col("silent") == "exporter").then(pl.col("exporter")).otherwise(pl.col("importer"))
    rows = _habit(_coverage(_hidden(rows.with_columns(office=office), flows), flows), flows)
    held = known.group_by("source", "period").agg(codes=pl.col("commodity").unique().sort())
    rows = rows.join(held, on=["source", "period"], how="left", maintain_order="left")
    others = pl.col("codes").list.set_difference(pl.concat_list("commodity")).list.sort()
    return rows.with_columns(other_codes_held=others).drop("codes")


def _hidden(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """What the silent side declared with areas not specified, free zones and special codes that year, this code."""
    kinds = {
        "unspecified": pl.col("other_kind") == "residual",
        "free_zone": pl.col("other_kind") == "zone",
        "special": has_flag(Flag.SPECIAL_CODE),
    }
    sides = []
    for silent, other, prefix in (("exporter", "importer", "export"), ("importer", "exporter", "import")):
        mine = flows.with_columns(other_kind=pl.col(f"{other}_kind").cast(pl.String))
        value, mass = pl.col(f"{prefix}_value_usd"), pl.col(f"{prefix}_mass_kg")
        amounts = []
        for name, test in kinds.items():
            weighed = pl.coalesce(mass, value / pl.col("usd_per_kg"))
            unweighed = ((value > 0) & weighed.is_null()).filter(test).any()
            amounts.append(value.filter(test).sum().alias(f"{name}_value_usd"))
            amounts.append(pl.when(~unweighed).then(weighed.filter(test).sum()).alias(f"{name}_mass_kg"))
        grouped = mine.group_by("source", pl.col(silent).alias("office"), "commodity", "period").agg(amounts)
        sides.append(grouped.with_columns(silent=pl.lit(silent)))
    on = ["source", "office", "commodity", "period", "silent"]
    rows = rows.join(pl.concat(sides), on=on, how="left", maintain_order="left")
    uses_residual = flows.group_by("source").agg(
        source_has_residual=(pl.col("exporter_kind").cast(pl.String) == "residual").any()
        | (pl.col("importer_kind").cast(pl.String) == "residual").any()
    )
    return rows.join(uses_residual, on="source", how="left", maintain_order="left")


def _coverage(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
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
        past = pl.when(pl.col("theirs_usd") > 0).then(coverage).shift(1).rolling_median(WINDOW, min_samples=2)
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


def _habit(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """silent_years_share: of the last five years before in which the partner declared this trade, how many the silent
    side declared less than HARDLY of it."""
    sides = []
    for silent, own, theirs in (("exporter", "export", "import"), ("importer", "import", "export")):
        mine, partners = pl.col(f"{own}_value_usd").fill_null(0.0), pl.col(f"{theirs}_value_usd")
        spoken = flows.filter(partners > 0, pl.col(f"{silent}_reported")).sort(*PAIR, "period")
        share = (mine < HARDLY * partners).cast(pl.Float64).shift(1).rolling_mean(WINDOW, min_samples=2).over(PAIR)
        sides.append(spoken.select("flow_id", silent=pl.lit(silent), silent_years_share=share))
    return rows.join(pl.concat(sides), on=["flow_id", "silent"], how="left", maintain_order="left")
