"""Monthly work of sites."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import shapely

from models.world.config import WorldConfig
from models.world.land.sphere import KM_PER_DEGREE, distance_km
from models.world.mining.digging import site_months, to_and_fro, yields
from models.world.mining.plan import PLAN

CONFIG = replace(WorldConfig.sized("small", 7), families=("gold",))
MONTHS = 12 * 13
RIVER = np.array([shapely.LineString([(0.0, 1.0), (0.0, 0.0)])], dtype=object)


def plan(**values: object) -> pl.DataFrame:
    """A legal mine, an artisanal site and an illegal zone, all of gold at 3 g of it in a tonne."""
    rows = {
        "site_id": ["a", "b", "c"], "kind": ["legal_mine", "artisanal", "illegal"], "family": ["gold"] * 3,
        "lon": [0.0] * 3, "lat": [0.5] * 3, "opening": [0] * 3, "capacity": [1.0] * 3, "grade": [3e-6] * 3,
        "speed_km": [0.0] * 3, "bearing": [0.0] * 3, "line": [None] * 3, "start_km": [0.0] * 3, **values,
    }  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"line": PLAN["line"]})


def test_a_hectare_yields_depth_times_density_times_grade_times_recovery() -> None:
    # Legal: 10,000 m2 x 15 m x 2,200 kg/m3 x 3e-6 x 0.9; small: 4 m, and 0.55 of the recovery.
    assert yields(CONFIG, plan()) == pytest.approx([891.0, 130.68, 130.68])


def test_the_world_digs_what_its_parameters_say() -> None:
    work = np.tile(np.linspace(0.2, 1.0, MONTHS), (3, 1))
    months = site_months(CONFIG, plan(), work, RIVER)
    sums = months.group_by("site_id").agg(pl.col("contained_kg").sum()).sort("site_id")["contained_kg"] / 13
    # 3,500 t of gold in a world of 60 countries, of which this one has 12: 75 % legal, 17 % artisanal, 8 % illegal.
    assert sums.to_list() == pytest.approx([525_000.0, 119_000.0, 56_000.0])


def test_output_is_new_area_times_yield() -> None:
    config = replace(CONFIG, mining=replace(CONFIG.mining, yield_sd=0.0))
    months = site_months(config, plan(), np.ones((3, MONTHS)), RIVER)
    ratio = (months["contained_kg"] / months["new_area_ha"]).to_numpy().reshape(3, MONTHS)
    assert ratio == pytest.approx(np.repeat(yields(config, plan())[:, None], MONTHS, axis=1))


def test_open_ground_is_what_was_opened_less_what_closed_again() -> None:
    months = site_months(CONFIG, plan(), np.ones((3, MONTHS)), RIVER).filter(pl.col("site_id") == "c")
    area, new = months["area_ha"].to_numpy(), months["new_area_ha"].to_numpy()
    assert area[0] == pytest.approx(new[0])
    assert area[1:] == pytest.approx(area[:-1] * (1 - 0.008) + new[1:])


def test_an_old_site_begins_with_open_ground() -> None:
    months = site_months(CONFIG, plan(opening=[-60] * 3), np.ones((3, MONTHS)), RIVER)
    first = months.filter(pl.col("site_id") == "c", pl.col("month").dt.year() == 2012)
    held = first["new_area_ha"][0] * sum((1 - 0.008) ** age for age in range(61))
    assert first["area_ha"][0] == pytest.approx(held)


def test_months_without_work_have_no_row() -> None:
    work = np.ones((3, MONTHS))
    work[1, 5:9] = 0.0
    work[2, :] = 0.01
    months = site_months(CONFIG, plan(), work, RIVER)
    assert months.group_by("site_id").len().sort("site_id").rows() == [("a", MONTHS), ("b", MONTHS - 4)]


def test_a_zone_moves_along_its_river_and_turns_back() -> None:
    start = 0.5 * KM_PER_DEGREE
    moving = plan(line=[None, None, 0], start_km=[0.0, 0.0, start], speed_km=[0.0, 0.0, 0.5])
    zone = site_months(CONFIG, moving, np.ones((3, MONTHS)), RIVER).filter(pl.col("site_id") == "c")
    # The river runs south from 1 N, 111.2 km long; the zone starts in the middle and reaches the end after 111 months.
    assert zone["lon"].to_numpy() == pytest.approx(0.0)
    assert zone["lat"][0] == pytest.approx(0.5)
    assert zone["lat"][100] == pytest.approx(0.5 - 50 / KM_PER_DEGREE)
    assert zone["lat"][150] > zone["lat"][115]


def test_a_zone_off_the_river_stays_within_its_belt() -> None:
    moving = plan(speed_km=[0.0, 0.0, 0.3], bearing=[0.0, 0.0, 1.0])
    months = site_months(CONFIG, moving, np.ones((3, MONTHS)), RIVER)
    away = distance_km(months["lon"].to_numpy(), months["lat"].to_numpy(), 0.0, 0.5).reshape(3, MONTHS)
    assert away[:2] == pytest.approx(0.0, abs=1e-9)
    assert away[2].max() == pytest.approx(6.0, rel=1e-3)
    assert away[2, 10] == pytest.approx(3.0, rel=1e-3)


def test_to_and_fro() -> None:
    way = np.array([0.0, 1.0, 2.5, 3.0, 4.0, 7.5])
    assert to_and_fro(way, np.full(6, 3.0)) == pytest.approx([0.0, 1.0, 2.5, 3.0, 2.0, 1.5])


def test_the_market_fills_a_part_of_a_gap() -> None:
    config = replace(CONFIG, mining=replace(CONFIG.mining, yield_sd=0.0, market_response=0.5))
    work = np.ones((3, MONTHS))
    work[:, 12:24] = 0.5
    months = site_months(config, plan(), work, RIVER)
    by_site = months.group_by("site_id", pl.col("month").dt.year().alias("year")).agg(pl.col("contained_kg").sum())
    kept = by_site.filter(pl.col("year") == 2013).join(by_site.filter(pl.col("year") == 2014), on="site_id")
    ratio = dict(kept.select("site_id", pl.col("contained_kg") / pl.col("contained_kg_right")).iter_rows())
    # The legal mine halves its work and the market gives back the root of that; the others are not touched.
    assert ratio == pytest.approx({"a": 0.5**0.5, "b": 0.5, "c": 0.5})
