"""What really moved, as an analysis would name it."""

import polars as pl

from models.world.customs.sums import added

KEYS = ("exporter", "importer", "commodity", "year")


def true_flows(goods: pl.DataFrame) -> pl.DataFrame:
    """Exporter (who sold them last), importer, commodity, year with `mass_kg`, `contained_kg`, `value_usd`.

    Codes are the true ones, years those of departure. Goods that were declared and never moved count for nothing.
    """
    moved = goods.filter(pl.col("is_phantom").not_())
    return added(moved, KEYS, ("mass_kg", "contained_kg", "value_usd"))
