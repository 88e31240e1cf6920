"""A small made market: eight countries that trade two nickel codes for fourteen years, both sides declaring."""

from datetime import date
from functools import cache

import numpy as np
import polars as pl

from graphs.tables import Flows

YEARS = range(2001, 2015)
COUNTRIES = ("XAA", "XAB", "XAC", "XAD", "XAE", "XAF", "XAG", "XAH")
PAIR = ["exporter", "importer", "commodity"]


def row(exporter: str, importer: str, period: int, code: str = "260400", **other) -> dict:
    values = {
        "source": "comtrade", "exporter": exporter, "importer": importer, "commodity": code, "period": period,
        "family": "nickel", "exporter_kind": "country", "importer_kind": "country", "exporter_reported": True,
        "importer_reported": True, "import_value_basis": "CIF", "flags": 0, "export_hs_revision": "H3",
        "import_hs_revision": "H4", "known_from": date(min(period, 9998) + 1, 12, 31),
    } | other  # fmt: skip
    key = (values[name] for name in ("source", "exporter", "importer", "commodity", "period"))
    return {"flow_id": ":".join(str(one) for one in key), **values}


def table(rows: list[dict]) -> pl.DataFrame:
    schema = Flows.create_empty().schema
    full = [{name: one.get(name) for name in schema} for one in rows]
    return Flows.validate(pl.DataFrame(full, schema=schema, orient="row"))


def declared(chance: np.random.Generator, usual: float) -> dict:
    x = float(np.round(usual * np.exp(0.3 * chance.standard_normal())))
    m = float(np.round(x * np.exp(0.08 + 0.1 * chance.standard_normal())))
    weights = np.round(np.array([x, m]) / 5 * np.exp(0.05 * chance.standard_normal(2)))
    masses = {"export_mass_kg": float(weights[0]), "import_mass_kg": float(weights[1])}
    return {"export_value_usd": x, "import_value_usd": m, **masses}


@cache
def nickel() -> pl.DataFrame:
    """Half of all pairs trade ore, a third matte; beside them what planting must leave alone."""
    chance = np.random.default_rng(11)
    rows = []
    for one in COUNTRIES:
        for two in COUNTRIES:
            for code, often in (("260400", 0.5), ("750110", 0.33)):
                usual = float(np.exp(chance.normal(13, 1.5)))
                if one != two and chance.random() < often:
                    rows += [row(one, two, year, code, **declared(chance, usual)) for year in YEARS]
    for year in YEARS:
        amounts = declared(chance, 1e6)
        rows.append(row("XAA", "XAA", year, flags=64, **amounts))
        rows.append(row("XAH", "_X", year, importer_kind="residual", flags=4, **amounts))
        rows.append(row("XAA", "XAB", year * 100 + 1, **amounts))
    return table(rows)


@cache
def gold() -> pl.DataFrame:
    """Reconciled flows, as BACI holds them."""
    chance = np.random.default_rng(12)
    rows = []
    for one in COUNTRIES:
        for two in COUNTRIES:
            if one != two and chance.random() < 0.6:
                usual = float(np.exp(chance.normal(14, 1)))
                for year in YEARS:
                    value = float(np.round(usual * np.exp(0.3 * chance.standard_normal())))
                    amounts = {"reconciled_value_usd": value, "reconciled_mass_kg": round(value / 5e4, 3)}
                    rows.append(reconciled(one, two, year, **amounts))
    return table(rows)


def reconciled(exporter: str, importer: str, period: int, **other) -> dict:
    silent = {"exporter_reported": None, "importer_reported": None, "import_value_basis": "unknown"}
    silent |= {"export_hs_revision": None, "import_hs_revision": None, "source": "baci", "family": "gold"}
    return row(exporter, importer, period, "710812", **(silent | other))
