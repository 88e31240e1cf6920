"""How an office writes its rows: what a row that a scheme makes it declare must look like."""

import polars as pl

OFFICE = ["source", "period", "side", "country"]
ROUNDEST = 6
"""Most zeros at the end of an amount that are kept."""
LEAST_ROWS = 5
"""Rows below which round numbers are chance, not the office's unit."""
FINEST = 0.001


def offices(rows: pl.DataFrame) -> pl.DataFrame:
    """One row for each office, year and side (x: exports, m: imports) that declares (rows of `market.annual`).

    hs_revision, is_estimated (its masses: true, false or unknown), basis of its imports, known_from (the day of its
    rows), value_step and mass_step: the round number of which all its amounts are multiples, 0.001 where not whole;
    value_steps and mass_steps, lists of those of its single amounts.
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
                value_step=_step(pl.col(f"{side}_value")),
                mass_step=_step(pl.col(f"{side}_mass")),
                value_steps=roundness(pl.col(f"{side}_value").sort()),
                mass_steps=roundness(pl.col(f"{side}_mass").drop_nulls().sort()),
            )
        )
    return pl.concat(sides).sort(OFFICE)


def _step(amount: pl.Expr) -> pl.Expr:
    step = pl.when((amount % 1 == 0).all()).then(1.0).otherwise(FINEST)
    whole = roundness(amount).min()
    return pl.when((whole > 1) & (amount.count() >= LEAST_ROWS)).then(whole).otherwise(step)


def roundness(amount: pl.Expr) -> pl.Expr:
    """Largest power of ten, up to ROUNDEST, that divides an amount; FINEST for one that is not whole."""
    zeros = pl.sum_horizontal((amount % 10.0**k == 0).cast(pl.Int32) for k in range(1, ROUNDEST + 1))
    return pl.when(amount % 1 == 0).then(pl.lit(10.0).pow(zeros)).when(amount.is_not_null()).then(FINEST)
