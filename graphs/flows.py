"""Flows: the exporter's and the importer's declaration of the same trade, side by side."""

import polars as pl

from graphs.commodities import family_expr
from graphs.flags import Flag, flag
from graphs.ids import flow_id
from graphs.settling import EXPORTS
from graphs.sums import total, whole
from graphs.tables import Flows

KEY = ["source", "exporter", "importer", "commodity", "period"]


def pair(declarations: pl.DataFrame, reporting: pl.DataFrame) -> pl.DataFrame:
    """One row per source, exporter, importer, commodity and period, with the sums of the counted rows of each side.

    An amount that one of several added rows lacks is null, since a partial sum would be too small. A side that
    declared nothing is null. It is heard (`exporter_reported`, `importer_reported`) when it reported anything in that
    period and the source holds that direction for this commodity and period from anyone: in an extract of imports
    alone every exporter is missing, none is silent. Sums are float64 and exact to the cent below 10^13 USD.
    """
    texts = ["flow", "value_basis", "reporter_kind", "partner_kind"]
    counted = declarations.filter("is_counted").with_columns(pl.col(texts).cast(pl.String))
    exported = pl.col("flow").is_in(EXPORTS)
    sides = _side(counted.filter(exported), "export").join(
        _side(counted.filter(exported.not_()), "import"), on=KEY, how="full", coalesce=True
    )
    anyone = reporting.lazy().select("source", "reporter", "period").unique()
    for end, direction in (("exporter", exported), ("importer", exported.not_())):
        market = ["source", "commodity", "period"]
        held = counted.lazy().filter(direction).select(market).unique()
        heard = anyone.rename({"reporter": end}).join(held, on=["source", "period"])
        known = heard.with_columns(pl.lit(True).alias(f"{end}_reported"))
        sides = sides.join(known, on=[*market, end], how="left")
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
        *(pl.col(f"{side}_is_mass_estimated").alias(f"is_{side}_mass_estimated") for side in ("export", "import")),
        *(pl.lit(None, pl.Float64).alias(f"reconciled_{name}") for name in ("value_usd", "mass_kg", "log_sd")),
    )
    return Flows.cast(flows.select(Flows.column_names()).sort("flow_id").collect())


def _side(rows: pl.DataFrame, side: str) -> pl.LazyFrame:
    """One side's counted rows, one per key, columns prefixed by the side."""
    several = rows.select(KEY).is_duplicated()
    parts = [rows.filter(several.not_()).lazy().select(*KEY, *_sums(side, alone=True))]
    if several.any():
        parts.append(rows.filter(several).lazy().group_by(KEY).agg(_sums(side, alone=False)))
    return pl.concat(parts)


def _sums(side: str, *, alone: bool) -> list[pl.Expr]:
    """Columns of a side from one row, or from the rows of a group added up."""
    cif, fob = pl.col("cif_value_usd"), pl.col("fob_value_usd")
    both = (cif > 0) & (fob > 0)
    values, kinds = ["value_usd", "mass_kg"], ["reporter_kind", "partner_kind"]
    if alone:
        own = [pl.col(name) for name in (*values, "is_mass_estimated", "value_basis", "hs_revision", "flags")]
        ratio = pl.when(both).then(cif / fob)
        rest = [pl.col(name) for name in ("known_from", *kinds)]
    else:
        basis = pl.when(pl.col("value_basis").n_unique() == 1).then(pl.col("value_basis").first())
        own = [*(_whole_sum(name) for name in values), _estimated(), basis.otherwise(pl.lit("unknown"))]
        own += [pl.col("hs_revision").max(), pl.col("flags").bitwise_or()]
        ratio = pl.when(both.any()).then(total(cif.filter(both)) / total(fob.filter(both)))
        rest = [pl.col("known_from").max(), *(pl.col(name).first() for name in kinds)]
    names = ["value_usd", "mass_kg", "is_mass_estimated", "value_basis", "hs_revision", "flags", "known_from", *kinds]
    named = [one.alias(f"{side}_{name}") for one, name in zip([*own, *rest], names, strict=True)]
    return [*named, ratio.alias("cif_fob_ratio")] if side == "import" else named


def _whole_sum(column: str) -> pl.Expr:
    """Sum of the parts, null if any part is missing: a partial sum would be too small."""
    return whole(pl.col(column)).alias(column)


def _estimated() -> pl.Expr:
    """True if any part is estimated, null if any part is silent about it."""
    one = pl.col("is_mass_estimated")
    return pl.when(one.any()).then(True).when(one.null_count() == 0).then(False)
