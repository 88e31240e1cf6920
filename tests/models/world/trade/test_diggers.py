"""What of the mines' output is sold openly."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.parameters.trade import Chain, Stage
from models.world.trade.diggers import diggers

CONFIG = WorldConfig(1, "small", countries=2, first_year=2012, last_year=2013, families=("gold",))
CHAIN = Chain("gold", (Stage("710812", "mined"),), artisanal_sold=0.5)


def mined() -> Any:
    sites = [("a", "legal_mine", "XAA"), ("b", "artisanal", "XAA"), ("c", "illegal", "XAA"), ("d", "legal_mine", "XAB")]
    months = [("a", 2012, 30.0), ("b", 2012, 20.0), ("c", 2012, 90.0), ("a", 2013, 40.0), ("b", 2012, 20.0)]
    output = [("XAA", 2012, 30.0, 40.0, 90.0), ("XAA", 2013, 40.0, 0.0, 0.0), ("XAB", 2013, 7.0, 0.0, 0.0)]
    return SimpleNamespace(
        sites=pl.DataFrame(sites, schema=["site_id", "kind", "country"], orient="row").with_columns(
            family=pl.lit("gold")
        ),
        site_months=pl.DataFrame(
            [(site, date(year, 1 + at, 1), kg) for at, (site, year, kg) in enumerate(months)],
            schema=["site_id", "month", "contained_kg"], orient="row",
        ),
        output=pl.DataFrame(
            output, schema=["country", "year", "legal_kg", "artisanal_kg", "illegal_kg"], orient="row"
        ).with_columns(family=pl.lit("gold")),
    )  # fmt: skip


def test_legal_and_part_of_artisanal_output_is_sold() -> None:
    found = diggers(CONFIG, ["XAA", "XAB"], mined(), CHAIN)
    np.testing.assert_allclose(found.mined_kg, [[30 + 0.5 * 40, 0], [40, 7]])


def test_sites_have_the_shares_of_what_they_sell() -> None:
    found = diggers(CONFIG, ["XAA", "XAB"], mined(), CHAIN)
    assert found.sources["origin_id"].to_list() == ["a", "b", "d", *["XAA", "XAB"] * 3]
    assert found.sources["place"].to_list() == [0, 0, 1, 0, 1, 0, 1, 0, 1]
    # a sells 30 and b half of 40; then only a works. No site of XAB is known to work: unrecorded.
    np.testing.assert_allclose(found.shares, [[0.6, 0.4, 0, 0, 1], [1, 0, 0, 0, 1]])
