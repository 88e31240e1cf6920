from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.customs import freight
from models.world.parameters.customs import Customs

PLAIN = replace(WorldConfig.sized("small", 0), customs=Customs.perfect())


def goods(**more: object) -> pl.DataFrame:
    row = {"exporter": 900, "importer": 901, "commodity": 1, "value_usd": 1.0, "mass_kg": 1.0, "km": 5000.0}
    return pl.DataFrame([{**row, "mode": "sea", **more}])


def test_a_quarter_of_the_equator() -> None:
    places = pl.DataFrame({"lon": [0.0, 90.0], "lat": [0.0, 0.0]})
    np.testing.assert_allclose(freight.distances_km(places), [[0, 10007.54], [10007.54, 0]], atol=0.01)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, 1.05),  # the reference itself
        ({"mode": "air"}, 1 + 0.05 * 1.6),
        ({"km": 10000.0}, 1 + 0.05 * 2**0.3),
        ({"km": 1.0}, 1 + 0.05 * 0.01**0.3),  # nearer than 50 km counts as 50
        ({"value_usd": 50000.0}, 1 + 0.05 * 50000**-0.22),  # gold
        ({"value_usd": 1e-9}, 1.6),  # never more than six tenths
        ({"mass_kg": 0.0}, 1.05),  # no unit value
    ],
)
def test_freight_over_value(more: dict[str, object], expected: float) -> None:
    np.testing.assert_allclose(freight.cif_over_fob(PLAIN, goods(**more)), [expected])


def test_the_spread_of_freight_belongs_to_the_pair() -> None:
    config = WorldConfig.sized("small", 0)
    twice = freight.cif_over_fob(config, pl.concat([goods(), goods(value_usd=2.0, mass_kg=2.0), goods(importer=902)]))
    assert twice[0] == twice[1] != twice[2]


def test_ships_of_december_arrive_next_year() -> None:
    december = np.eye(12)[[11, 11]]
    arriving = freight.arrivals(december, np.array([0.3, 1.5]))
    np.testing.assert_allclose(arriving[0, 11:14], [0.7, 0.3, 0])
    np.testing.assert_allclose(arriving[1, 11:14], [0, 0.5, 0.5])
    calendar = np.array([False, False])
    np.testing.assert_allclose(freight.by_year(arriving, calendar), [[0.7, 0.3], [0, 1]])


def test_no_month_is_lost_however_long_the_way() -> None:
    chance = np.random.default_rng(0)
    departures = chance.dirichlet(np.ones(12), 50)
    arriving = freight.arrivals(departures, chance.uniform(0, freight.LONGEST_MONTHS, 50))
    np.testing.assert_allclose(arriving.sum(axis=1), 1)
    np.testing.assert_allclose(freight.by_year(arriving, np.arange(50) % 2 == 0).sum(axis=1), 1)


def test_a_fiscal_year_ends_in_june() -> None:
    departures = np.full((1, 12), 1 / 12)
    departures[0, :2] = 1 / 6, 0.0
    np.testing.assert_allclose(freight.by_year(departures, np.array([True])), [[0.5, 0.5]])
    np.testing.assert_allclose(freight.by_year(departures, np.array([False])), [[1, 0]])


def test_time_under_way_is_speed_and_waiting() -> None:
    days = 520 * 10 / 520 + 9  # ten days at sea and nine at the border
    np.testing.assert_allclose(freight.months_under_way(PLAIN, goods(km=5200.0)), [days / (365.25 / 12)])
