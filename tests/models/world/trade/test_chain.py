"""What goods of a chain carry, cost and may do."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from graphs.commodities import contained_factor
from models.world.config import WorldConfig
from models.world.parameters.trade import CHAINS, Chain, Stage
from models.world.trade.chain import closed_months, material, ranges
from tests.models.world.trades import small

CONFIG = WorldConfig(1, "small", countries=2, first_year=2012, last_year=2014, families=("nickel",))
COUNTRIES = ["XAA", "XAB"]


def bans(*rows: tuple[str, str, date, date | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [(*row, "Decree 1/2013") for row in rows], schema=["country", "codes", "start", "end", "citation"], orient="row"
    )  # fmt: skip


def test_months_of_a_ban() -> None:
    held = bans(("XAB", "2604 2605", date(2013, 1, 12), date(2013, 11, 20)), ("XAA", "4403", date(2012, 1, 1), None))
    closed = closed_months(CONFIG, COUNTRIES, held, "260400")
    assert not closed[:, :, 0].any()
    assert closed[:, :, 1].sum(axis=1).tolist() == [0, 11, 0]  # January to November: mostly covered
    late = closed_months(CONFIG, COUNTRIES, bans(("XAB", "2604", date(2013, 1, 16), None)), "260400")
    assert late[:, :, 1].sum(axis=1).tolist() == [0, 11, 12]


def prices(**usd: float) -> pl.DataFrame:
    months = [date(year, month, 1) for year in CONFIG.years for month in range(1, 13)]
    rows = [(code.removeprefix("hs"), month, price) for code, price in usd.items() for month in months]
    return pl.DataFrame(rows, schema=["commodity", "month", "usd_per_kg"], orient="row")


def test_prices_are_of_the_contained_mass() -> None:
    chain = Chain("nickel", (Stage("260400", "mined", into=1), Stage("750210", "refined", payable=0.9)))
    listed = prices(hs260400=0.06, hs750210=9.99)
    found = material(CONFIG, COUNTRIES, listed, bans(), chain)
    # Contained factors of the codes are 0.012 and 0.999.
    np.testing.assert_allclose(found.usd_per_kg[0, 0], 5.0)
    np.testing.assert_allclose(found.usd_per_kg[1, 0], 0.9 * 10.0)
    assert found.is_open.all()


def test_what_is_not_listed_is_paid_like_the_last_goods() -> None:
    chain = Chain("nickel", (Stage("750110", "mined", into=1), Stage("750210", "refined")))
    found = material(CONFIG, COUNTRIES, prices(hs750210=9.99), bans(), chain)
    np.testing.assert_allclose(found.usd_per_kg[0, 0], 10.0)


def test_factors_lie_in_the_range_of_their_code() -> None:
    config, dug, _ = small()
    countries = dug.country_years["country"].unique().sort().to_list()
    for chain in CHAINS[:2]:
        found = material(config, countries, dug.prices, dug.bans, chain)
        for number, stage in enumerate(chain.stages):
            for code, (low, mid, high) in enumerate(ranges(stage)):
                factors = found.factor[number, code]
                assert ((factors >= low) & (factors <= high)).all()
                assert len(np.unique(factors)) > 3
                assert np.median(factors) == pytest.approx(mid, rel=0.4)


def test_a_code_without_known_content_is_told() -> None:
    assert contained_factor("261690") is None
    with pytest.raises(ValueError, match="261690"):
        ranges(Stage("261690", "mined"))


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.family)
def test_chains_run_forward_to_goods_that_are_used(chain: Chain) -> None:
    for number, stage in enumerate(chain.stages):
        assert stage.into is None or stage.into > number
        assert len(ranges(stage)) == 2
    assert chain.stages[-1].into is None
    assert chain.stages[0].source == "mined"
