"""Three published accusations that turned out to be bookkeeping. Of each only the totals are known, so the tables
are SYNTHETIC: totals and directions as published, years and partners made up around them.

- South African gold 2000-14, 78.2 bn USD or 67 % of partners' imports "missing": booked under a special partner.
- Zambian copper to Switzerland 1995-2014, 28.9 bn USD: merchanting; the goods went elsewhere.
- Chilean copper to the Netherlands 1990-2014, 16.0 bn USD: transit through Rotterdam.
"""

import numpy as np
import polars as pl
import pytest

from models.flows import chain
from models.flows.chain import Chain
from tests.models.flows.frames import context, flow, flows


def ordinary_trade(years, **code):
    """Forty quiet pairs of ten offices, so that there is a null and a spread to be compared with."""
    rng = np.random.default_rng(0)
    return [
        flow(f"Q{p % 5}", f"R{p // 5}", year, 5e7, 5e7 * 1.05 * float(np.exp(rng.normal(0, 0.1))), **code)
        for p in range(40)
        for year in years
    ]


def run(rows, family) -> Chain:
    return chain.run(flows(*rows), context(family))


def accused(result: Chain, exporter: str) -> pl.DataFrame:
    return result.alerts.filter(pl.col("exporter") == exporter)


def shares(result: Chain, cause: str, flow_ids: pl.Series) -> pl.Series:
    mine = result.causes.filter((pl.col("cause") == cause) & pl.col("flow_id").is_in(flow_ids.implode()))
    return mine["share_of_gap"]


GOLD = {"commodity": "710812", "family": "gold"}
COPPER = {"commodity": "740311", "family": "copper"}


@pytest.fixture(scope="module")
def south_african_gold():
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
    return run(rows, "gold")


def test_south_african_gold_stays_at_level_one(south_african_gold):
    flagged = accused(south_african_gold, "ZAF")
    assert flagged["claim_level"].max() <= 1


def test_south_african_gold_names_the_special_partner(south_african_gold):
    broken = accused(south_african_gold, "ZAF").filter(
        pl.col("channel") == "mirror_gap", pl.col("period") == 2000, pl.col("importer") != "_X"
    )
    assert broken.height == 4
    assert (shares(south_african_gold, "confidentiality", broken["flow_id"]) == 1.0).all()


@pytest.mark.parametrize(
    ("exporter", "hub", "years", "total", "arrivals"),
    [
        ("ZMB", "CHE", range(1995, 2015), 28.9e9, {"CHN": 0.6, "SAU": 0.25, "ARE": 0.15}),
        ("CHL", "NLD", range(1990, 2015), 16.0e9, {"DEU": 0.5, "FRA": 0.3, "ITA": 0.2}),
    ],
)
def test_copper_sold_through_a_hub_stays_at_level_one_and_names_transit(exporter, hub, years, total, arrivals):
    rows = ordinary_trade(years, **COPPER)
    start, yearly = years[0] + 6, total / len(years)
    for year in years:
        through = yearly if year >= start else 0.0
        rows.append(flow(exporter, hub, year, 1e6 + through, 1.05e6, **COPPER))
        for partner, part in arrivals.items():
            own = 2e8 * part
            rows.append(flow(exporter, partner, year, own, 1.05 * own + through * part, **COPPER))
    result = run(rows, "copper")
    flagged = accused(result, exporter)
    assert flagged["claim_level"].max() <= 1
    surplus = flagged.filter(pl.col("channel") == "mirror_gap", pl.col("period") == start, pl.col("importer") != hub)
    assert surplus.height == len(arrivals)
    assert (shares(result, "transit", surplus["flow_id"]) > 0.9).all()
