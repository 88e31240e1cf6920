"""Planting into real declarations, read from the folder of real data."""

import polars as pl
import pytest

from graphs.declarations import reporting, tidy
from graphs.flows import pair
from graphs.settling import settle
from graphs.tables import Flows
from models.planting import at_risk, plant
from pipelines.sources import comtrade_files

pytestmark = pytest.mark.realdata


def test_real_nickel_holds_every_kind_and_looks_as_before(real_data):
    parsed = comtrade_files.parse(real_data / "trade" / "comtrade_nickel_260400_750110_2000_2024.csv")
    rows = settle(tidy(parsed.raw, source="comtrade", file=parsed.file, raw_sha256=parsed.sha256).declarations)
    flows = pair(rows, reporting(rows))
    done = [plant(flows, seed) for seed in range(5)]
    kinds = pl.concat([one.truth for one in done])["kind"]
    assert kinds.n_unique() == 7
    shares = [one.truth.height / flows.height for one in done]
    assert 0.015 < min(shares) <= max(shares) < 0.035
    for one in done:
        Flows.validate(one.flows)
        assert one.truth.join(at_risk(one.flows), on="flow_id", how="semi").height > 0.6 * one.truth.height
        both = one.flows.filter(pl.col("export_mass_kg") > 0, pl.col("import_mass_kg") > 0)
        same = both.with_columns(is_same=pl.col("export_mass_kg") == pl.col("import_mass_kg"))
        planted = same.join(one.truth, on="flow_id", how="semi")
        # Real masses of both sides are the same in 4 of 100 flows; planted ones not more often.
        assert planted["is_same"].sum() <= 0.06 * planted.height + 2
