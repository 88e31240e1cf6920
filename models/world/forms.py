"""What forms say of goods: splitting goods between forms, and the flows that forms name."""

import polars as pl

from models.world.tables import Goods, GoodsOrigin

FLOW = ("exporter", "importer", "commodity", "year")
AMOUNTS = ("mass_kg", "contained_kg", "value_usd")
PLAIN: dict[str, object] = {
    "via": None,
    "is_reexport": False,
    "scheme_id": None,
    "artefact_id": None,
    "is_phantom": False,
    "export_share": 1.0,
    "export_commodity": None,
    "export_partner": None,
    "export_value_factor": 1.0,
    "export_mass_factor": 1.0,
    "import_share": 1.0,
    "import_commodity": None,
    "import_partner": None,
    "import_value_factor": 1.0,
    "import_mass_factor": 1.0,
}
"""A form that tells the truth."""
WHOLE = 1 - 1e-9
"""A share from which nothing worth a row is left."""


def filled(rows: pl.DataFrame) -> pl.DataFrame:
    """Goods from rows that lack columns, which then tell the truth."""
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in PLAIN.items() if name not in rows.columns)
    return Goods.cast(rows.select(Goods.column_names()))


def divided(goods: pl.DataFrame, parts: pl.DataFrame, taken: pl.DataFrame) -> pl.DataFrame:
    """What is left of goods after parts were taken: mass, value and months add up again.

    `parts`: goods_id, from_goods_id, share, one for each goods divided; `taken`: the goods that the parts became.
    """
    months = taken.select("goods_id", taken="timing").join(parts, on="goods_id", how="inner")
    months = months.select("share", "taken", goods_id="from_goods_id")
    met = goods.join(months, on="goods_id", how="inner", maintain_order="left").filter(pl.col("share") < WHOLE)
    gone = pl.col("share")
    timing = (pl.col("timing") - pl.col("taken") * gone) / (1 - gone)
    left = met.with_columns(pl.col(name) * (1 - gone) for name in AMOUNTS).with_columns(
        timing=timing.list.eval(pl.element().clip(lower_bound=0.0))
    )
    untouched = goods.join(months, on="goods_id", how="anti", maintain_order="left")
    return pl.concat([untouched, left.select(goods.columns)])


def inherited(parts: pl.DataFrame, origins: pl.DataFrame) -> pl.DataFrame:
    """Origins of parts, those of the goods they were taken from. `parts`: goods_id, from_goods_id."""
    rows = parts.select("goods_id", "from_goods_id").join(
        origins.rename({"goods_id": "from_goods_id"}), on="from_goods_id", how="inner"
    )
    return GoodsOrigin.cast(rows.select(GoodsOrigin.column_names()))


def named(goods: pl.DataFrame) -> pl.DataFrame:
    """Every goods with the flows that stand for it: the true one and those that both forms name.

    Returns the columns of goods with exporter, importer and commodity as named, `side` (true, export or import) and
    `is_declared`: whether any of it is declared under this name. An importer names the origin.
    """
    true = goods.filter(~pl.col("is_phantom")).with_columns(side=pl.lit("true"), is_declared=pl.lit(False))
    export = goods.filter(pl.col("export_share") > 0).with_columns(
        side=pl.lit("export"),
        is_declared=pl.lit(True),
        importer=pl.coalesce("export_partner", "importer"),
        commodity=pl.coalesce("export_commodity", "commodity"),
    )
    import_ = goods.filter(pl.col("import_share") > 0).with_columns(
        side=pl.lit("import"),
        is_declared=pl.lit(True),
        exporter=pl.coalesce("import_partner", "origin"),
        commodity=pl.coalesce("import_commodity", "commodity"),
    )
    return pl.concat([true, export, import_])
