from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from models.world.land.sphere import distance_km
from models.world.parameters.shipping import Shipping
from models.world.shipping import tables
from models.world.shipping.collisions import senders
from models.world.shipping.fleet import vessels
from models.world.shipping.hearing import HEARD, Reports
from models.world.shipping.messages import Senders, positions
from models.world.shipping.tracks import ANCHORED, MOORED, MOVING, Track

SHIPPING = Shipping()
CLEAN = replace(
    SHIPPING, duplicates=0.0, no_position=0.0, no_speed=0.0, no_course=0.0, no_heading=0.0, no_static=0.0,
    stale_status=0.0,
)  # fmt: skip
FLEET = vessels(np.random.default_rng(2), SHIPPING.hulls, ["panamax", "tug"], ["XAA"] * 2, ["XAA"]).with_columns(
    transceiver=pl.Series(["A", "B"])
)
TRACK = Track(
    vessel=np.array([0, 0, 0, 0, 1, 1]),
    time_s=np.array([0.0, 36_000, 72_000, 108_000, 0, 36_000]),
    lon=np.array([0.0, 2.0, 2.0, 2.0, 10.0, 10.5]),
    lat=np.array([0.0, 0.0, 0.0, 0.0, 10.0, 10.0]),
    state=np.array([MOVING, ANCHORED, MOORED, MOORED, MOVING, MOORED]),
    draught_m=np.array([12.04, 12.04, 8.0, 8.0, 4.0, 4.0]),
    is_off=np.zeros(6, dtype=bool),
)
"""One ship sails ten hours at 12 knots eastwards, anchors, and moors; the other sails ten hours."""


def said(shipping: Shipping = CLEAN, every_s: float = 400.0, by_satellite: bool = False) -> pl.DataFrame:
    piece, time_s = [], []
    for at in TRACK.pieces.tolist():
        times = np.arange(TRACK.time_s[at], TRACK.time_s[at + 1], every_s)
        piece.append(np.full(len(times), at))
        time_s.append(times)
    pieces, times = np.concatenate(piece), np.concatenate(time_s)
    reports = Reports(pieces, times, np.full(len(times), by_satellite), np.full(len(times), HEARD))
    vessel = TRACK.vessel[pieces]
    return positions(
        np.random.default_rng(3), shipping, TRACK, reports, Senders(vessel, vessel), FLEET, date(2024, 10, 1)
    )


def test_a_report_is_in_the_layout_of_the_marine_cadastre() -> None:
    made = tables.Position.validate(said(), cast=True)
    first = made.filter(pl.col("MMSI") == FLEET["mmsi"][0]).sort("BaseDateTime").row(0, named=True)
    assert made.columns[:7] == ["MMSI", "BaseDateTime", "LAT", "LON", "SOG", "COG", "Heading"]
    assert first["BaseDateTime"] == "2024-10-01T00:00:00"
    assert (first["VesselName"], first["IMO"], first["Draft"]) == (FLEET["name"][0], FLEET["imo"][0], 12.0)
    assert (first["Status"], first["TransceiverClass"], first["VesselType"]) == (0, "A", 70)


def test_speed_course_and_heading_are_those_of_the_ship() -> None:
    """Two degrees of the equator in ten hours are 12.0 knots, eastwards."""
    sails = said().filter(pl.col("MMSI") == FLEET["mmsi"][0], pl.col("Status") == 0)
    assert sails["SOG"].mean() == pytest.approx(12.0, abs=0.1)
    assert sails["SOG"].std() == pytest.approx(CLEAN.speed_kn, rel=0.3)
    assert sails["COG"].is_between(89, 91).all()
    assert sails["Heading"].is_between(87, 93).all()


def test_a_ship_at_rest_hardly_moves_and_says_so() -> None:
    made = said().filter(pl.col("MMSI") == FLEET["mmsi"][0])
    assert made.filter(pl.col("Status") != 0)["SOG"].max() < 0.6
    assert made.filter(pl.col("Status") == 5)["Draft"].unique().to_list() == [8.0]
    moored = made.filter(pl.col("Status") == 5)
    away = distance_km(moored["LON"].to_numpy(), moored["LAT"].to_numpy(), 2.0, 0.0) * 1e3
    assert np.sqrt((away**2).mean()) == pytest.approx(CLEAN.position_m, rel=0.2)
    assert moored["COG"].max() - moored["COG"].min() > 300


def test_class_b_has_neither_status_nor_draught_nor_heading() -> None:
    other = said().filter(pl.col("MMSI") == FLEET["mmsi"][1])
    assert other.height == 90
    assert other["Status"].null_count() == other["Draft"].null_count() == 90
    assert set(other["Heading"]) == {511.0}


def test_values_that_are_not_available_are_the_usual_ones() -> None:
    none = replace(CLEAN, no_position=1.0, no_speed=1.0, no_course=1.0, no_heading=1.0, no_static=1.0)
    made = said(none)
    for column, value in (("LAT", 91.0), ("LON", 181.0), ("SOG", 102.3), ("COG", 360.0), ("Heading", 511.0)):
        assert made[column].unique().to_list() == [value]
    for column in ("VesselName", "IMO", "CallSign", "VesselType", "Length", "Width", "Draft", "Cargo"):
        assert made[column].null_count() == len(made)
    assert made["MMSI"].null_count() == 0


def test_otherwise_every_value_is_in_range() -> None:
    made = said()
    assert made["COG"].is_between(0, 359.9).all()
    assert made["Heading"].filter(made["Heading"] != 511).is_between(0, 359).all()
    assert made["SOG"].is_between(0, 30).all()


def test_some_reports_arrive_twice_and_satellites_deliver_late() -> None:
    assert said(replace(CLEAN, duplicates=1.0)).height == 2 * said().height
    assert said().unique().height == said().height
    ashore, above = (said(by_satellite=late)["BaseDateTime"].to_list() for late in (False, True))
    assert ashore == sorted(ashore)
    backwards = sum(one > other for one, other in pairwise(above))
    assert backwards > len(above) / 5


def test_a_crew_forgets_the_status_for_a_whole_stay() -> None:
    made = said(replace(CLEAN, stale_status=1.0))
    assert made["Status"].drop_nulls().unique().to_list() == [0]


def test_a_shared_identity_is_the_owners_and_sometimes_the_name_too() -> None:
    vessel, time_s = np.array([0, 1, 1, 1]), np.array([5.0, 5.0, 15.0, 25.0])
    pairs = pl.DataFrame({"vessel": [0], "other": [1], "start_s": [10.0], "end_s": [20.0], "has_name": [False]})
    found = senders(vessel, time_s, pairs)
    assert (found.mmsi.tolist(), found.static.tolist()) == ([0, 1, 0, 1], [0, 1, 1, 1])
    found = senders(vessel, time_s, pairs.with_columns(has_name=True))
    assert found.static.tolist() == [0, 1, 0, 1]
