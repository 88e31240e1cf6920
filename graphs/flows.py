"""Flows: the exporter's and the importer's declaration of the same trade, side by side."""

import polars as pl

from graphs.commodities import family_expr
from graphs.flags import Flag, flag
from graphs.ids import flow_id
from graphs.settling import EXPORTS
from graphs.tables import Flows

KEY = ["source", "exporter", "importer", "commodity", "period"]


def pair(declarations: pl.DataFrame, reporting: pl.DataFrame) -> pl.DataFrame:
    """One row per source, exporter, importer, commodity and period, with the sums of the counted rows of each side.

    An amount that one of several added rows lacks is null, since a partial sum would be too small. A side that
    declared nothing is null; `exporter_reported` and `importer_reported` say whether it reported that direction
    at all in that period. Sums are float64 and exact to the cent below 10^13 USD.
    """
    counted = declarations.lazy().filter("is_counted").with_columns(pl.col("flow").cast(pl.String))
    exported = pl.col("flow").is_in(EXPORTS)
    sides = _side(counted.filter(exported), "export").join(
        _side(counted.filter(exported.not_()), "import"), on=KEY, how="full", coalesce=True
    )
    for end, direction in (("exporter", "X"), ("importer", "M")):
        reporters = reporting.lazy().filter(pl.col("direction").cast(pl.String) == direction)
        known = reporters.select(
            "source", pl.col("reporter").alias(end), "period", pl.lit(True).alias(f"{end}_reported")
        )
        sides = sides.join(known, on=["source", end, "period"], how="left")
    flags = pl.col("export_flags").fill_null(0) | pl.col("import_flags").fill_null(0)
    same = pl.when(pl.col("exporter") == pl.col("importer")).then(flag(Flag.SELF)).otherwise(flag())
    flows = sides.with_columns(
        flow_id().alias("flow_id"),
        family_expr("commodity").alias("family"),
        pl.col("exporter_reported").fill_null(False),
        pl.col("importer_reported").fill_null(False),
        pl.coalesce("export_reporter_kind", "import_partner_kind").alias("exporter_kind"),
        pl.coalesce("import_reporter_kind", "export_partner_kind").alias("importer_kind"),
        pl.col("import_value_basis").fill_null("unknown"),
        pl.max_horizontal("export_known_from", "import_known_from").alias("known_from"),
        (flags | same).alias("flags"),
        *(pl.lit(None, pl.Float64).alias(f"reconciled_{name}") for name in ("value_usd", "mass_kg", "log_sd")),
    )
    return Flows.cast(flows.select(Flows.column_names()).sort("flow_id").collect())


def _side(rows: pl.LazyFrame, side: str) -> pl.LazyFrame:
    """Sums of one side's counted rows, columns prefixed by the side."""
    cif, fob, value = pl.col("cif_value_usd"), pl.col("fob_value_usd"), pl.col("value_usd")
    both = (cif > 0) & (fob > 0)
    sums = rows.group_by(KEY).agg(
        _whole_sum("value_usd").alias(f"{side}_value_usd"),
        _whole_sum("mass_kg").alias(f"{side}_mass_kg"),
        pl.when(pl.col("value_basis").n_unique() == 1)
        .then(pl.col("value_basis").cast(pl.String).first())
        .otherwise(pl.lit("unknown"))
        .alias(f"{side}_value_basis"),
        (cif.filter(both & value.is_not_null()).sum() / fob.filter(both & value.is_not_null()).sum())
        .fill_nan(None)
        .alias("cif_fob_ratio"),
        _estimated().alias(f"is_{side}_mass_estimated"),
        pl.col("hs_revision").max().alias(f"{side}_hs_revision"),
        pl.col("flags").bitwise_or().alias(f"{side}_flags"),
        pl.col("known_from").max().alias(f"{side}_known_from"),
        pl.col("reporter_kind").cast(pl.String).first().alias(f"{side}_reporter_kind"),
        pl.col("partner_kind").cast(pl.String).first().alias(f"{side}_partner_kind"),
    )
    return sums.drop("cif_fob_ratio") if side == "export" else sums


def _whole_sum(column: str) -> pl.Expr:
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).sum())


def _estimated() -> pl.Expr:
    """True if any part is estimated, null if any part is silent about it."""
    one = pl.col("is_mass_estimated")
    return pl.when(one.any()).then(True).when(one.null_count() == 0).then(False)
