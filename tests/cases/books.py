"""Tables of flows in which cases stand, each scored once by the whole chain in memory."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from graphs.commodities import family_of
from graphs.declarations import reporting, tidy
from graphs.flows import pair
from graphs.settling import settle
from graphs.tables import Governance
from models.flows import chain
from models.flows.chain import Chain
from pipelines.sources import baci, comtrade_files, governance, world_mining
from tests.models.flows.frames import context, flow, flows

MINED = Path("production") / "world_mining_data_2018_2024_long.csv"
STABILITY = Path("covariates") / "wgi_estimate.csv"
GOLD = {"commodity": "710812", "family": "gold"}
COPPER = {"commodity": "740311", "family": "copper"}
REAL: dict[str, Callable[[Path], Chain]] = {
    "nickel": lambda data: declared(data / "trade" / "comtrade_nickel_260400_750110_2000_2024.csv"),
    "sawnwood": lambda data: declared(data / "trade" / "comtrade_440799_2005_2014.parquet"),
    "gold": lambda data: reconciled(data),
}


@cache
def real(name: str, data: Path) -> Chain:
    """A book of real trade, scored once per process."""
    return REAL[name](data)


@cache
def synthetic(name: str) -> Chain:
    """A book of invented trade, scored once per process."""
    rows, family = SYNTHETIC[name]()
    return chain.run(flows(*rows), context(family))


def declared(path: Path) -> Chain:
    """Both sides' declarations of one file."""
    parsed = comtrade_files.parse(path)
    declarations = settle(tidy(parsed.raw, source="comtrade", file=parsed.file, raw_sha256=parsed.sha256).declarations)
    table = pair(declarations, reporting(declarations))
    ctx = context(family_of(table["commodity"][0]), totals=declarations.filter(~pl.col("is_counted")))
    return chain.run(table, ctx)


def gold_flows(data: Path) -> pl.DataFrame:
    """Reconciled gold of BACI."""
    raw = pl.read_parquet(data / "trade" / "baci_hs92_minerals_1995_2024.parquet")
    gold = raw.filter(pl.col("k").str.starts_with("7108")).with_row_index("raw_row", 1)
    return baci.to_flows(gold, file="baci", raw_sha256="0").flows


def reconciled(data: Path) -> Chain:
    """Gold of BACI beside mine output; politically stable countries make the null."""
    made = world_mining.parse(data / MINED).production
    return chain.run(gold_flows(data), context("gold", production=made, governance=stability(data)))


def stability(data: Path) -> pl.DataFrame:
    """Political stability by country and year (table `governance`)."""
    wide = pl.read_csv(data / STABILITY, infer_schema=False)
    years = [name for name in wide.columns if name.isdigit()]
    long = wide.unpivot(years, index="Code", variable_name="year", value_name="estimate")
    figures = long.select(
        code="Code",
        year=pl.col("year").cast(pl.Int32),
        estimate=pl.col("estimate").cast(pl.Float64, strict=False).fill_nan(None),
        standard_error=pl.lit(None, pl.Float64),
    )
    return Governance.cast(governance.to_governance(figures, file=STABILITY.name, raw_sha256="0").governance)


def ordinary_trade(years: range, **code: str) -> list[dict]:
    """Forty quiet pairs of ten offices, so that there is a null and a spread to be compared with."""
    rng = np.random.default_rng(0)
    return [
        flow(f"Q{p % 5}", f"R{p // 5}", year, 5e7, 5e7 * 1.05 * float(np.exp(rng.normal(0, 0.1))), **code)
        for p in range(40)
        for year in years
    ]


def south_african_gold() -> tuple[list[dict], str]:
    """78.2 bn USD of 2000-14, 67 % of partners' imports, stand under a special partner."""
    years, missing = range(1994, 2015), 78.2e9 / 15
    imports = missing / 0.67
    rows = ordinary_trade(years, **GOLD)
    for year in years:
        kept = 1.0 if year < 2000 else 0.33
        for partner, part in {"GBR": 0.4, "IND": 0.3, "THA": 0.2, "ITA": 0.1}.items():
            rows.append(flow("ZAF", partner, year, imports * part * kept, imports * part, **GOLD))
        if year >= 2000:
            special = {"importer_kind": "residual", "importer_reported": False}
            rows.append(flow("ZAF", "_X", year, missing, None, **special, **GOLD))
    return rows, "gold"


def through_hub(
    exporter: str, hub: str, years: range, total: float, arrivals: dict[str, float]
) -> tuple[list[dict], str]:
    """From the seventh year on the exporter names the hub, while the goods arrive elsewhere."""
    rows = ordinary_trade(years, **COPPER)
    start, yearly = years[0] + 6, total / len(years)
    for year in years:
        through = yearly if year >= start else 0.0
        rows.append(flow(exporter, hub, year, 1e6 + through, 1.05e6, **COPPER))
        for partner, part in arrivals.items():
            own = 2e8 * part
            rows.append(flow(exporter, partner, year, own, 1.05 * own + through * part, **COPPER))
    return rows, "copper"


def vault_gold() -> tuple[list[dict], str]:
    """Britain and Switzerland agree on 2 bn USD a year; in 2013 Switzerland takes in 11 bn, of which Britain declares
    what it always did: the rest left vaults, where it was in no trade."""
    years = range(2000, 2015)
    rows = ordinary_trade(years, **GOLD)
    for year in years:
        rows.append(flow("GBR", "CHE", year, 2e9, 11e9 if year == 2013 else 2.05e9, **GOLD))
        rows.append(flow("GBR", "IND", year, 1e9, 1.05e9, **GOLD))
    return rows, "gold"


SYNTHETIC: dict[str, Callable[[], tuple[list[dict], str]]] = {
    "south_african_gold": south_african_gold,
    "zambian_copper": lambda: through_hub(
        "ZMB", "CHE", range(1995, 2015), 28.9e9, {"CHN": 0.6, "SAU": 0.25, "ARE": 0.15}
    ),
    "chilean_copper": lambda: through_hub(
        "CHL", "NLD", range(1990, 2015), 16.0e9, {"DEU": 0.5, "FRA": 0.3, "ITA": 0.2}
    ),
    "vault_gold": vault_gold,
}
