"""What is declared: both sides' figures against each other, unit values, and how masses and codes came about.

The size of a flow is no feature: it says nothing of whether a flow is plausible, and trees that held it ranked unseen
exporters no better.
"""

import numpy as np
import polars as pl

from models.flows.prices import MARKET, world_unit_values
from models.learned.features.cells import Cells, Vector, log

MEANINGS = {
    "log_ratio": "Imports over exports in value (natural logarithm), where both declare.",
    "log_ratio_mass": "Imports over exports in mass (natural logarithm), where both weigh.",
    "log_ratio_unit_value": "The importer's price per kg over the exporter's (natural logarithm).",
    "silent_side": "Who declares nothing though it reported: 1 the exporter, -1 the importer, 0 nobody.",
    "unit_value_vs_world": "Price per kg over the world's of that year (natural logarithm).",
    "export_unit_value_vs_world": "The exporter's price per kg over the world's of that year (natural logarithm).",
    "import_unit_value_vs_world": "The importer's price per kg over the world's of that year (natural logarithm).",
    "world_price_change": "World price per kg over its mean of the three years before (natural logarithm).",
    "is_export_mass_estimated": "Whether the exporter's mass was estimated by an office (1) or declared (0).",
    "is_import_mass_estimated": "Whether the importer's mass was estimated by an office (1) or declared (0).",
    "is_same_edition": "Whether both sides code by the same edition of the Harmonized System (1) or not (0).",
}
PRICE_YEARS = 3


def declared(cells: Cells) -> dict[str, Vector]:
    """Features of the declarations themselves."""
    logs = {name: log(cells.amount(name)) for name in ("exports", "imports", "export_kg", "import_kg", "value", "kg")}
    price, price_change = _prices(cells)
    export_price, import_price = logs["exports"] - logs["export_kg"], logs["imports"] - logs["import_kg"]
    return {
        "log_ratio": logs["imports"] - logs["exports"],
        "log_ratio_mass": logs["import_kg"] - logs["export_kg"],
        "log_ratio_unit_value": import_price - export_price,
        "silent_side": silent_side(cells),
        "unit_value_vs_world": logs["value"] - logs["kg"] - price,
        "export_unit_value_vs_world": export_price - price,
        "import_unit_value_vs_world": import_price - price,
        "world_price_change": price_change,
        "is_export_mass_estimated": _marked(cells, "is_export_mass_estimated"),
        "is_import_mass_estimated": _marked(cells, "is_import_mass_estimated"),
        "is_same_edition": _same_edition(cells),
    }


def silent_side(cells: Cells) -> Vector:
    """1 where only the importer declares and the exporter reported, -1 the other way round, 0 where both declare."""
    exports, imports = np.isfinite(cells.amount("exports")), np.isfinite(cells.amount("imports"))
    side = np.where(exports & imports, 0.0, np.nan)
    side = np.where(imports & ~exports & cells.marks("exporter_reported"), 1.0, side)
    return np.where(exports & ~imports & cells.marks("importer_reported"), -1.0, side)


def _prices(cells: Cells) -> tuple[Vector, Vector]:
    """log USD per kg of the world that year, and its change against the mean price of the years before."""
    prices = world_unit_values(cells.rows).drop("priced_flows").sort(MARKET)
    market = ["source", "commodity"]
    earlier = [
        prices.select(*market, pl.col("period") + step, pl.col("usd_per_kg").alias(f"before_{step}"))
        for step in range(1, PRICE_YEARS + 1)
    ]
    for one in earlier:
        prices = prices.join(one, on=MARKET, how="left", maintain_order="left")
    before = pl.mean_horizontal(f"before_{step}" for step in range(1, PRICE_YEARS + 1))
    prices = prices.with_columns(price=pl.col("usd_per_kg").log(), moved=(pl.col("usd_per_kg") / before).log())
    rows = cells.rows.select(MARKET).join(prices, on=MARKET, how="left", maintain_order="left")
    price, moved = (rows[name].fill_null(np.nan).to_numpy() for name in ("price", "moved"))
    return price, moved


def _marked(cells: Cells, name: str) -> Vector:
    return cells.rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _same_edition(cells: Cells) -> Vector:
    same = cells.rows.select(pl.col("export_hs_revision") == pl.col("import_hs_revision")).to_series()
    return same.cast(pl.Float64).fill_null(np.nan).to_numpy()
