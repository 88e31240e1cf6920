"""One value and one mass for a flow that two offices declare, with how sure we are.

Each office gets a variance from how far its declarations stand from its partners': half the squared robust
spread of log(M / X) - c, where c is the family's median log CIF over FOB. The reconciled log value is the mean
of log X and log M - c weighted by inverse variance; a one-sided flow keeps the value it has with that side's sd.
This is the reliability weighting of BACI (Gaulier and Zignago 2010), fitted robustly.
"""

import polars as pl

from models.normal import MAD_TO_SD

PRIOR_ROWS = 10.0
"""Rows of the whole that an office's spread is blended with."""
FLOOR_SD = 0.02


def reconcile(flows: pl.DataFrame) -> pl.DataFrame:
    """Fill reconciled_value_usd, reconciled_mass_kg and reconciled_log_sd where declarations exist.

    Rows that came reconciled from their source (BACI: nobody's declaration is known) keep what they have. Declared
    rows are reconciled anew, so that an earlier day can be judged by what was known then.
    """
    value_effects = _effects(flows, "value_usd")
    mass_effects = _effects(flows, "mass_kg")
    fitted = _join(_join(flows, value_effects, "value"), mass_effects, "mass")
    value, log_sd = _blend("value_usd", "value")
    mass, _ = _blend("mass_kg", "mass")
    blended = {"reconciled_value_usd": value, "reconciled_mass_kg": mass, "reconciled_log_sd": log_sd}
    declared = pl.col("exporter_reported").is_not_null()
    return fitted.with_columns(
        pl.when(declared).then(new).otherwise(pl.col(name)).alias(name) for name, new in blended.items()
    ).select(flows.columns)


def _effects(flows: pl.DataFrame, quantity: str) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Centre by source, variance by exporter, variance by importer."""
    both = flows.filter(pl.col(f"export_{quantity}") > 0, pl.col(f"import_{quantity}") > 0)
    ratio = (pl.col(f"import_{quantity}") / pl.col(f"export_{quantity}")).log()
    ratios = both.select("source", "exporter", "importer", ratio=ratio)
    centres = ratios.group_by("source").agg(centre=pl.col("ratio").median())
    off = ratios.join(centres, on="source").with_columns(off=(pl.col("ratio") - pl.col("centre")).abs())
    whole = off.group_by("source").agg(whole=pl.col("off").median())
    by_office = [
        off.group_by("source", office)
        .agg(own=pl.col("off").median(), n=pl.len())
        .join(whole, on="source")
        .select("source", office, variance=_variance())
        for office in ("exporter", "importer")
    ]
    return centres.join(whole, on="source"), by_office[0], by_office[1]


def _variance() -> pl.Expr:
    blended = (pl.col("n") * pl.col("own") + PRIOR_ROWS * pl.col("whole")) / (pl.col("n") + PRIOR_ROWS)
    return ((MAD_TO_SD * blended).clip(lower_bound=FLOOR_SD) ** 2 / 2).alias("variance")


def _join(flows: pl.DataFrame, effects: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame], name: str) -> pl.DataFrame:
    centres, exporters, importers = effects
    default = ((MAD_TO_SD * pl.col("whole")).clip(lower_bound=FLOOR_SD) ** 2 / 2).fill_null(1.0)
    return (
        flows.join(centres, on="source", how="left", maintain_order="left")
        .join(exporters.rename({"variance": "vx"}), on=["source", "exporter"], how="left", maintain_order="left")
        .join(importers.rename({"variance": "vm"}), on=["source", "importer"], how="left", maintain_order="left")
        .with_columns(
            pl.col("centre").fill_null(0.0).alias(f"{name}_centre"),
            pl.coalesce("vx", default).alias(f"{name}_vx"),
            pl.coalesce("vm", default).alias(f"{name}_vm"),
        )
        .drop("centre", "whole", "vx", "vm")
    )


def _blend(quantity: str, name: str) -> tuple[pl.Expr, pl.Expr]:
    """Reconciled quantity and its log sd as expressions; null where neither side declares a positive amount."""
    exports, imports = pl.col(f"export_{quantity}"), pl.col(f"import_{quantity}")
    has_exports, has_imports = (exports > 0).fill_null(False), (imports > 0).fill_null(False)
    if quantity == "mass_kg":
        # A mass that an office made up does not count beside one that was declared.
        made_up = {side: pl.col(f"is_{side}_mass_estimated").fill_null(False) for side in ("export", "import")}
        has_exports, has_imports = (
            has_exports & ~(made_up["export"] & has_imports & ~made_up["import"]),
            has_imports & ~(made_up["import"] & has_exports & ~made_up["export"]),
        )
    weight_x = pl.when(has_exports).then(1 / pl.col(f"{name}_vx")).otherwise(0.0)
    weight_m = pl.when(has_imports).then(1 / pl.col(f"{name}_vm")).otherwise(0.0)
    log_x = pl.when(has_exports).then(exports.log()).otherwise(0.0)
    log_m = pl.when(has_imports).then(imports.log() - pl.col(f"{name}_centre")).otherwise(0.0)
    total = weight_x + weight_m
    known = total > 0
    return (
        pl.when(known).then(((weight_x * log_x + weight_m * log_m) / total).exp()),
        pl.when(known).then((1 / total).sqrt()),
    )
