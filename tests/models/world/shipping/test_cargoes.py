from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.world.config import WorldConfig
from models.world.shipping.cargoes import DAY_S, Clock, Month, hops, months, shiploads, suited, when
from tests.models.world.shipping.seas import joined_ports

CLOCK = Clock(date(2024, 10, 1), days=61, lead_days=21)
CONFIG = replace(WorldConfig.sized("small", 3), families=("sand", "timber", "gold"))
EVEN = [1 / 12] * 12
COUNTRIES = pl.DataFrame(
    {"country": ["XAA", "XAB", "XAC", "XAD"], "lon": [2.0, 13.0, 15.0, 15.2], "lat": [4.0, 0.0, -4.0, -4.1]}
)


def goods(*rows: dict[str, object]) -> pl.DataFrame:
    usual = {
        "family": "sand", "year": 2024, "exporter": "XAA", "importer": "XAC", "via": None, "mass_kg": 1.2e9,
        "mode": "sea", "timing": EVEN, "scheme_id": None, "is_phantom": False,
    }  # fmt: skip
    frame = pl.DataFrame([{"goods_id": f"goods:{at}", **usual, **row} for at, row in enumerate(rows)])
    return frame.cast({"via": pl.String, "scheme_id": pl.String})


def moved(*rows: dict[str, object]) -> pl.DataFrame:
    return hops(CONFIG, goods(*rows), COUNTRIES, joined_ports(), CLOCK)


def test_months_follow_each_other_and_add_up_to_the_days() -> None:
    found = months(CLOCK)
    assert [(one.year, one.month) for one in found] == [(2024, 9), (2024, 10), (2024, 11)]
    assert [one.share for one in found] == pytest.approx([21 / 30, 1.0, 1.0])
    assert [one.start_s / DAY_S for one in found] == [-21, 0, 31]
    assert found[-1].end_s == CLOCK.end_s


def test_months_over_the_turn_of_the_year() -> None:
    found = months(Clock(date(2024, 1, 1), days=10, lead_days=21))
    assert [(one.year, one.month) for one in found] == [(2023, 12), (2024, 1)]
    assert [one.share for one in found] == pytest.approx([21 / 31, 10 / 31])


def test_what_leaves_in_the_simulated_months_is_the_mass_of_those_months() -> None:
    timing = [0.0] * 8 + [0.3, 0.5, 0.0, 0.2]
    found = moved({"timing": timing})
    assert found["monthly_kg"].to_list() == [pytest.approx([1.2e9 * 0.3 * 0.7, 1.2e9 * 0.5, 0.0])]


@pytest.mark.parametrize(
    "row", [{"mode": "road"}, {"is_phantom": True}, {"family": "gold"}, {"year": 2023}, {"mass_kg": 0.0}]
)
def test_goods_that_do_not_sail_then(row: dict[str, object]) -> None:
    assert moved(row).is_empty()


def test_goods_change_ship_in_a_country_of_transit_with_ports() -> None:
    """Ports 0 and 1 are of XAA, 2 of XAB, 3 of XAC."""
    found = moved({"via": "XAB"})
    assert found.select("start", "end").sort("start").rows() in ([(0, 2), (2, 3)], [(1, 2), (2, 3)])
    assert found["monthly_kg"].n_unique() == 1


def test_goods_of_a_country_without_ports_come_to_the_transit_by_land() -> None:
    assert moved({"exporter": "XAD", "via": "XAB", "importer": "XAC"}).select("start", "end").rows() == [(2, 3)]
    assert moved({"exporter": "XAB", "via": "XAC", "importer": "XAD"}).select("start", "end").rows() == [(2, 3)]


def test_without_transit_the_nearest_port_abroad_serves_a_country_without() -> None:
    assert moved({"exporter": "XAB", "importer": "XAD"}).select("start", "end").rows() == [(2, 3)]
    assert moved({"exporter": "XAC", "importer": "XAD"}).is_empty()


def test_shiploads_carry_every_kilogram_of_each_of_the_goods() -> None:
    carried = moved({"mass_kg": 3e9}, {"mass_kg": 1e9, "scheme_id": "scheme:1"}, {"family": "timber", "mass_kg": 5e8})
    loads = shiploads(CONFIG, carried, CLOCK, parcel_t=1e3)
    masses = loads.explode("goods_ids", "masses_kg").group_by("goods_ids").agg(pl.col("masses_kg").sum())
    expected = {at: mass * 2.7 / 12 for at, mass in (("goods:0", 3e9), ("goods:1", 1e9), ("goods:2", 5e8))}
    assert dict(masses.iter_rows()) == pytest.approx(expected)
    assert loads["masses_kg"].list.sum().to_list() == pytest.approx((loads["mass_t"] * 1e3).to_list())
    assert loads.filter(pl.col("family") == "sand")["has_scheme"].all()
    assert not loads.filter(pl.col("family") == "timber")["has_scheme"].any()
    assert loads["departs_s"].is_sorted()
    assert loads["departs_s"].is_between(CLOCK.before_s, CLOCK.end_s).all()


def test_no_ship_is_overladen() -> None:
    loads = shiploads(CONFIG, moved({"mass_kg": 3e9}, {"family": "timber", "mass_kg": 5e8}), CLOCK, 1e3)
    least = {name: hull.deadweight_t[0] * CONFIG.shipping.fill for name, hull in CONFIG.shipping.hulls.items()}
    assert all(mass <= least[hull] for mass, hull in loads.select("mass_t", "hull").iter_rows())


def test_small_trades_go_in_boxes() -> None:
    carried = moved({"mass_kg": 1e6})
    assert shiploads(CONFIG, carried, CLOCK, parcel_t=1e3).is_empty()
    assert shiploads(CONFIG, carried, CLOCK, parcel_t=200).height == 1


@pytest.mark.parametrize(
    ("family", "total_t", "hull", "count"),
    [
        ("timber", 4e6, "supramax", 83),  # 4,000,000 / (0.93 * 52,000) = 82.7
        ("bauxite", 4e6, "capesize", 27),
        ("copper", 4e6, "panamax", 59),
        ("copper", 30e3, "handysize", 2),
        ("copper", 3e3, "coaster", 1),
    ],
)
def test_the_largest_class_that_is_filled_once(family: str, total_t: float, hull: str, count: int) -> None:
    hulls, counts = suited(CONFIG.shipping, [family], np.array([total_t]))
    assert (hulls, counts.tolist()) == ([hull], [count])


BY_MONTH = [Month(2024, 9, 0.0, 10.0, 1.0), Month(2024, 10, 10.0, 30.0, 1.0), Month(2024, 11, 30.0, 40.0, 1.0)]


def test_half_has_left_when_half_of_the_mass_has() -> None:
    monthly = np.array([[1.0, 0.0, 1.0], [0.0, 4.0, 0.0], [1.0, 3.0, 0.0]])
    assert when(np.full(3, 0.25), monthly, BY_MONTH) == pytest.approx([5.0, 15.0, 10.0])
    assert when(np.full(3, 0.75), monthly, BY_MONTH) == pytest.approx([35.0, 25.0, 10.0 + 20 * 2 / 3])


@given(st.lists(st.floats(0, 100), min_size=3, max_size=3), st.lists(st.floats(0, 1), min_size=2, max_size=9))
@settings(max_examples=60)
def test_later_shares_leave_later_and_never_in_a_month_without_goods(masses: list[float], shares: list[float]) -> None:
    if sum(masses) < 1e-3:
        return
    monthly = np.tile(masses, (len(shares), 1))
    times = when(np.sort(shares) * 0.999, monthly, BY_MONTH)
    assert (np.diff(times) >= -1e-9).all()
    for time in times:
        inside = [mass for mass, one in zip(masses, BY_MONTH, strict=True) if one.start_s <= time <= one.end_s]
        assert max(inside) > 0
