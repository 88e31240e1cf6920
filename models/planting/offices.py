"""How an office writes its rows: what a row that a scheme makes it declare must look like."""

import polars as pl

OFFICE = ["source", "period", "side", "country"]


def offices(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each office, year and side (x: exports, m: imports) that declares (rows of `market.annual`).

    hs_revision, is_estimated (its masses: true, false or unknown), basis of its imports, known_from (the day of its
    rows), is_whole_value and is_whole_mass (all of its amounts are whole numbers).
    """
    sides = []
    for side, end, prefix in (("x", "exporter", "export"), ("m", "importer", "import")):
        basis = pl.col("import_value_basis").cast(pl.String) if side == "m" else pl.lit("unknown")
        declared = rows.filter(pl.col(f"{side}_value").is_not_null())
        by = ["source", "period", pl.col(end).alias("country")]
        sides.append(
            declared.group_by(by).agg(
                side=pl.lit(side),
                hs_revision=pl.col(f"{prefix}_hs_revision").max(),
                is_estimated=pl.col(f"is_{prefix}_mass_estimated").min(),
                basis=basis.max(),
                known_from=pl.col("known_from").min(),
                is_whole_value=(pl.col(f"{side}_value") % 1 == 0).all(),
                is_whole_mass=(pl.col(f"{side}_mass") % 1 == 0).all(),
            )
        )
    return pl.concat(sides).sort(OFFICE)
