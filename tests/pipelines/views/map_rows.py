"""Frames for tests of maps: legs of a route, positions and calls of a ship, from literals."""

from datetime import UTC, datetime, timedelta

import polars as pl

from pipelines.views.map_drawing import End

START = datetime(2021, 3, 1, tzinfo=UTC)
TEMA, DURBAN = (0.01, 5.63), (31.03, -29.88)
ENDS = (End("declared exporter", "Ghana", "GHA", *TEMA), End("declared importer", "South Africa", "ZAF", *DURBAN))
LEGS = {
    "route": pl.Int64, "step": pl.Int64, "from_place": pl.String, "to_place": pl.String, "mode": pl.String,
    "length_km": pl.Float64, "hours": pl.Float64, "cost_usd_per_t": pl.Float64, "off_network_km": pl.Float64,
    "lon_lat": pl.List(pl.List(pl.Float64)),
}  # fmt: skip
POSITIONS = {"time": pl.Datetime("us", "UTC"), "lon": pl.Float64, "lat": pl.Float64}
CALLS = {"place_id": pl.String, "name": pl.String, "country": pl.String, "lon": pl.Float64, "lat": pl.Float64,
         "arrived": pl.Datetime("us", "UTC"), "left": pl.Datetime("us", "UTC"), "draught_in_m": pl.Float64,
         "draught_out_m": pl.Float64, "is_whole": pl.Boolean, "known_from": pl.Date,
         "first_seen": pl.Datetime("us", "UTC"), "last_seen": pl.Datetime("us", "UTC")}  # fmt: skip


def leg(points, mode="sea", route=1, step=1, **other):
    """One leg, along a network unless told otherwise."""
    row = {"route": route, "step": step, "from_place": f"from {step}", "to_place": f"to {step}", "mode": mode,
           "length_km": 100.0, "hours": 10.0, "cost_usd_per_t": 2.0, "off_network_km": 0.0,
           "lon_lat": [list(one) for one in points]}  # fmt: skip
    return row | other


def legs(*rows):
    return pl.DataFrame(list(rows), schema=LEGS, orient="row")


def positions(*rows):
    """Rows of hours after START, longitude, latitude."""
    return pl.DataFrame([(START + timedelta(hours=hour), lon, lat) for hour, lon, lat in rows], schema=POSITIONS,
                        orient="row")  # fmt: skip


def call(place, hour, left, **other):
    row = {"place_id": place, "name": None, "country": None, "lon": None, "lat": None,
           "arrived": START + timedelta(hours=hour), "left": None if left is None else START + timedelta(hours=left),
           "draught_in_m": None, "draught_out_m": None, "is_whole": None, "known_from": None, "first_seen": None,
           "last_seen": None}  # fmt: skip
    return row | other


def calls(*rows):
    return pl.DataFrame(list(rows), schema=CALLS, orient="row")


def long_way():
    """A mine, a road beyond networks, a railway, and two ways by sea of which one goes through a strait."""
    sea = [TEMA, (-10.0, 0.0), (5.0, -25.0), (17.0, -36.0), DURBAN]
    other = [TEMA, (-17.0, 16.0), (-6.0, 36.0), (32.5, 31.3), (43.3, 12.6), (52.0, 11.0), (41.0, -16.0), DURBAN]
    return legs(
        leg([(-1.9, 6.6), (-1.6, 6.4)], "road", step=1, from_place="mine", to_place="rail head", length_km=48.2,
            off_network_km=48.2, hours=12.0, cost_usd_per_t=14.5),
        leg([(-1.6, 6.4), (-0.9, 6.0), TEMA], "rail", step=2, from_place="rail head", to_place="port:tema",
            length_km=212.0, off_network_km=30.0, hours=9.0, cost_usd_per_t=9.3),
        leg([TEMA], "transfer", step=3, from_place="port:tema", to_place="port:tema", length_km=0.0, hours=24.0,
            cost_usd_per_t=5.0),
        leg(sea, step=4, from_place="port:tema", to_place="port:durban", length_km=6_410.0, hours=288.0,
            cost_usd_per_t=16.0),
        leg(other, route=2, from_place="port:tema", to_place="port:durban", length_km=19_800.0, hours=890.0,
            cost_usd_per_t=None),
    )  # fmt: skip


def long_voyage():
    """From Tema to Durban, heard at both ends and once between, with a wild position on the way."""
    out = [(hour, 0.01 - hour * 0.15, 5.63 - hour * 0.2) for hour in range(31)]
    middle = [(150 + hour, 8.0 + hour * 0.2, -28.0 - hour * 0.1) for hour in range(10)]
    near = [(250 + hour, 27.0 + hour * 0.2, -34.0 + hour * 0.2) for hour in range(21)]
    wild = [(20.5, 100.0, 60.0)]
    return positions(*out, *middle, *near, *wild, (60, None, None), (61, None, None))
