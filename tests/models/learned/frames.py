"""A small trade for tests of the learned model: drawn, with offices that err and pairs that trade every year."""

import numpy as np
import polars as pl

from models.flows.channels import judge
from models.flows.context import Context
from models.flows.reconcile import reconcile
from tests.models.flows.frames import context, flow, flows

COUNTRIES = ("BEL", "CHN", "DEU", "FRA", "IDN", "NLD")
YEARS = range(2010, 2020)
CODES = ("260400", "750110")


def trade(seed: int = 0, last: int = 2019, **changes: float) -> pl.DataFrame:
    """Two codes between all countries, both sides declared with errors; one in ten is silent. Rows come reconciled.

    changes: flow_id -> factor on the exporter's figure.
    """
    chance = np.random.default_rng(seed)
    rows = []
    for exporter in COUNTRIES:
        for importer in COUNTRIES:
            for code in CODES:
                size = 10 ** chance.uniform(4, 8)
                for year in YEARS:
                    true = size * np.exp(chance.normal(0, 0.3))
                    x, m = true * np.exp(chance.normal(0, 0.1)), 1.08 * true * np.exp(chance.normal(0, 0.1))
                    quiet = chance.uniform()
                    row = flow(
                        exporter, importer, year, None if quiet < 0.05 else x, None if quiet > 0.95 else m,
                        commodity=code, export_hs_revision="H4", import_hs_revision="H4",
                    )  # fmt: skip
                    row["export_mass_kg"], row["import_mass_kg"] = x / 2.0, None if quiet > 0.95 else true / 2.0
                    if quiet < 0.05:
                        row["export_mass_kg"] = None
                    if (factor := changes.get(row["flow_id"])) and row["export_value_usd"]:
                        row["export_value_usd"] *= factor
                        row["export_mass_kg"] *= factor
                    if exporter != importer and year <= last:
                        rows.append(row)
    return reconcile(flows(*rows))


def judged(rows: pl.DataFrame, around: Context | None = None) -> tuple[pl.DataFrame, Context]:
    """What the channels say of these flows, and their context."""
    around = around or context()
    return judge(rows, around).statistics, around
