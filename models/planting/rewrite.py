"""Rows of table `flows` with changed amounts, every other column as the offices would have it."""

import polars as pl

from graphs.flags import Flag, flag, has_flag
from graphs.ids import flow_id
from graphs.tables import Flows
from models.planting.market import KEY
from models.planting.offices import OFFICE

SIDES = {"x": ("export", "exporter"), "m": ("import", "importer")}


def rewritten(changed: pl.DataFrame, flows: pl.DataFrame, offices: pl.DataFrame) -> pl.DataFrame:
    """Flows of `changed` (see `acts.changes`) that hold a declaration, as rows of table `flows`.

    flows: as they came; a flow that was not among them is made. A side that declares nothing any more loses what only
    a declaration has; one that begins to declare does so as its office writes that year.
    """
    new = ["new_x_value", "new_x_mass", "new_m_value", "new_m_mass"]
    heard = ["exporter_heard", "importer_heard"]
    declares = pl.any_horizontal(pl.col("new_x_value", "new_m_value").is_not_null())
    rows = changed.filter(declares).select(*KEY, "is_declared", *heard, *new, leg_family="family")
    rows = rows.join(flows, on=KEY, how="left").with_columns(is_made=pl.col("flow_id").is_null())
    rows = _identified(rows, flows)
    for side in SIDES:
        rows = _side(rows, side, offices)
    rows = rows.with_columns(pl.col("import_value_basis").fill_null("unknown"))
    reconciled = [
        pl.when("is_declared").then(name).otherwise(new_name).alias(name)
        for name, new_name in (("reconciled_value_usd", "new_x_value"), ("reconciled_mass_kg", "new_x_mass"))
    ]
    return Flows.cast(_flagged(rows.with_columns(reconciled)).select(Flows.column_names()))


def _identified(rows: pl.DataFrame, flows: pl.DataFrame) -> pl.DataFrame:
    """Names, kinds and days of rows that are made; known_from is at least that of the year's first rows."""
    first = flows.group_by("source", "period").agg(
        first_known=pl.col("known_from").min(),
        is_provisional=has_flag(Flag.PROVISIONAL).all(),
        period_flags=pl.lit(0, pl.UInt32),
    )
    rows = rows.join(first, on=["source", "period"], how="left")
    provisional = pl.when("is_provisional").then(flag(Flag.PROVISIONAL)).otherwise("period_flags")
    return rows.with_columns(
        pl.col("family").fill_null(pl.col("leg_family")),
        *(pl.col(f"{end}_kind").cast(pl.String).fill_null("country") for end in ("exporter", "importer")),
        *(
            pl.when("is_made")
            .then(pl.when("is_declared").then(f"{end}_heard"))
            .otherwise(f"{end}_reported")
            .alias(f"{end}_reported")
            for end in ("exporter", "importer")
        ),
        pl.col("import_value_basis").cast(pl.String).fill_null("unknown"),
        pl.col("flags").fill_null(provisional),
        flow_id().alias("flow_id"),
    )


def _side(rows: pl.DataFrame, side: str, offices: pl.DataFrame) -> pl.DataFrame:
    """One side's declaration."""
    prefix, end = SIDES[side]
    mine = offices.filter(pl.col("side") == side).rename({"country": end, "known_from": "office_known"}).drop("side")
    rows = rows.join(mine, on=[one if one != "country" else end for one in OFFICE if one != "side"], how="left")
    declared, value = pl.col("is_declared"), pl.col(f"new_{side}_value")
    is_there = declared & value.is_not_null()
    begins = is_there & pl.col(f"{prefix}_value_usd").is_null()
    own = {
        f"{prefix}_value_usd": value,
        f"{prefix}_mass_kg": pl.col(f"new_{side}_mass"),
        f"is_{prefix}_mass_estimated": _own(f"is_{prefix}_mass_estimated", "is_estimated", begins),
        f"{prefix}_hs_revision": _own(f"{prefix}_hs_revision", "hs_revision", begins),
    }
    if side == "m":
        own["import_value_basis"] = _own("import_value_basis", "basis", begins)
        own["cif_fob_ratio"] = pl.col("cif_fob_ratio")
    zero = value.is_null() & (pl.col(f"{prefix}_value_usd") == 0)  # a declared zero stays one
    columns = [pl.when(is_there).then(column).when(zero).then(name).alias(name) for name, column in own.items()]
    known = pl.max_horizontal("known_from", pl.when(is_there).then("office_known"), "first_known")
    columns.append(pl.when("is_made").then(known).otherwise("known_from").alias("known_from"))
    return rows.with_columns(columns).drop(
        "hs_revision", "is_estimated", "basis", "office_known", "value_step", "mass_step", "value_steps", "mass_steps"
    )


def _own(column: str, of_office: str, begins: pl.Expr) -> pl.Expr:
    return pl.when(begins).then(of_office).otherwise(column)


def _flagged(rows: pl.DataFrame) -> pl.DataFrame:
    """Flags that follow from the amounts, as the pairing of declarations sets them."""
    lacks = [pl.col(f"{p}_value_usd").is_not_null() & pl.col(f"{p}_mass_kg").is_null() for p in ("export", "import")]
    lacks.append(pl.col("exporter_reported").is_null() & pl.col("reconciled_mass_kg").is_null())
    estimated = [pl.col(f"is_{prefix}_mass_estimated").fill_null(False) for prefix in ("export", "import")]
    tests = {
        Flag.NO_MASS: pl.any_horizontal(lacks),
        Flag.MASS_ESTIMATED: pl.any_horizontal(estimated),
        Flag.FOB_IMPORT: pl.col("import_value_basis") == "FOB",
        # Made from value: whoever made it is gone where nobody estimates and nobody lacks a mass.
        Flag.MASS_FROM_VALUE: has_flag(Flag.MASS_FROM_VALUE) & pl.any_horizontal([*lacks, *estimated]),
    }
    flags = pl.col("flags")
    for one, test in tests.items():
        rest = flags & pl.lit(~int(one) & 0xFFFFFFFF, pl.UInt32)
        flags = rest | pl.when(test).then(flag(one)).otherwise(flag())
    return rows.with_columns(flags=flags)
