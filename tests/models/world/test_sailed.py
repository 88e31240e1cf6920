"""A slow, obvious reference: what the truth of a small world says is what its positions show, and nothing else is."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from statistics import median

import numpy as np
import polars as pl
import pytest

from models.world.sailed import sailed
from models.world.shipping import tables
from models.world.shipping.messages import NO_COURSE, NO_HEADING, NO_LAT, NO_LON, NO_SPEED
from models.world.shipping.traffic import observed
from tests.models.world.shipping.seas import small, small_ground

SEED = 5
FASTEST_KN = 22.0
"""No vessel of the world is as fast."""
Fix = tuple[datetime, float, float, float]
"""Time, longitude, latitude, speed."""


@cache
def fixes() -> dict[int, list[Fix]]:
    """Positions of each MMSI in order of time, each once, without those that say "not available"."""
    found: dict[int, set[Fix]] = defaultdict(set)
    for row in small().positions.select("MMSI", "BaseDateTime", "LON", "LAT", "SOG").iter_rows():
        if row[3] != NO_LAT:
            found[row[0]].add((datetime.fromisoformat(row[1]), *row[2:]))
    return {mmsi: sorted(rows) for mmsi, rows in found.items()}


@cache
def mmsi_of() -> dict[str, int]:
    return dict(small().vessels.select("vessel_id", "mmsi").iter_rows())


@cache
def entangled() -> set[str]:
    """Vessels of which some reports carry another's MMSI, or whose own is borrowed."""
    return {*small().collisions["vessel_id"], *small().collisions["other_id"]}


def fixes_of(vessel: str, start: datetime = datetime.min, end: datetime = datetime.max) -> list[Fix]:
    return [fix for fix in fixes()[mmsi_of()[vessel]] if start <= fix[0] <= end]


def km(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Distance by the spherical law of haversines."""
    north, other_north = radians(lat), radians(other_lat)
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin(radians(other_lon - lon) / 2) ** 2
    return 2 * 6371.0 * asin(sqrt(half))


def knots(one: Fix, other: Fix) -> float:
    """Speed between two positions; the 300 m that errors and swinging at anchor make are left aside."""
    return (
        max(km(one[1], one[2], other[1], other[2]) - 0.3, 0.0)
        / max((other[0] - one[0]).total_seconds() / 3600, 1e-4)
        / 1.852
    )


@cache
def ports() -> dict[str, tuple[float, float]]:
    places = small_ground(SEED)[1].places.filter(pl.col("kind") == "port")
    return {name: (lon, lat) for name, lon, lat in places.select("place_id", "lon", "lat").iter_rows()}


def km_to_port(lon: float, lat: float) -> float:
    return min(km(lon, lat, *port) for port in ports().values())


def test_the_small_world_has_what_a_test_needs() -> None:
    world = small()
    assert 8_000 < world.positions.height < 50_000
    assert set(world.vessels["kind"]) == set(tables.VESSEL_KINDS)
    assert {"satellite", "switched_off"} <= set(world.gaps["cause"])
    assert world.collisions.height == 1
    at_sea = world.encounters.filter(~pl.col("is_anchorage"))
    assert set(at_sea["is_dark"]) == {True, False}
    assert world.encounters["is_anchorage"].any()


def test_every_frame_keeps_its_schema() -> None:
    world = small()
    for schema, frame in (
        (tables.Vessel, world.vessels), (tables.Voyage, world.voyages), (tables.PortCall, world.port_calls),
        (tables.Gap, world.gaps), (tables.Encounter, world.encounters), (tables.Collision, world.collisions),
        (tables.Position, world.positions),
    ):  # fmt: skip
        assert schema.is_valid(frame)


def test_the_same_config_makes_the_same_frames_and_another_seed_others() -> None:
    again = sailed(*small_ground(SEED))
    for name, frame in vars(small()).items():
        assert frame.equals(getattr(again, name)), name
    config, ground, goods = small_ground(SEED)
    other = sailed(type(config).sized("small", SEED + 1), ground, goods)
    assert not other.positions.equals(small().positions)


def test_goods_are_not_changed() -> None:
    config, ground, goods = small_ground(SEED)
    before = goods.clone()
    sailed(config, ground, goods)
    assert goods.equals(before)


def test_positions_lie_within_the_observed_time() -> None:
    clock = observed(small_ground(SEED)[0])
    first, last = small().positions["BaseDateTime"].min(), small().positions["BaseDateTime"].max()
    assert date.fromisoformat(str(first)[:10]) == clock.start == date(2024, 10, 1)
    assert datetime.fromisoformat(str(last)) <= datetime(2024, 10, 1) + timedelta(days=clock.days)


def test_vessels_move_no_faster_than_vessels_can() -> None:
    clean = [vessel for vessel in mmsi_of() if vessel not in entangled() and mmsi_of()[vessel] in fixes()]
    assert len(clean) > 30
    for vessel in clean:
        assert max(map(knots, *zip(*pairwise(fixes_of(vessel)), strict=True)), default=0.0) < FASTEST_KN, vessel


def test_vessels_are_on_water_but_for_the_cell_of_a_port_and_its_neighbours() -> None:
    ground = small_ground(SEED)[1]
    cell = ground.terrain.cell_degrees
    rows, columns = np.nonzero(ground.grid < 0)
    points = [(fix[1], fix[2]) for of_one in fixes().values() for fix in of_one]
    is_land = ground.grid.ravel()[ground.terrain.cell_of(*np.array(points).T)] >= 0
    for (lon, lat), on_land in zip(points, is_land.tolist(), strict=True):
        if not on_land or km_to_port(lon, lat) < 1.5 * cell * 111.2:
            continue
        east = np.maximum(np.abs(ground.terrain.lons[columns] - lon) - cell / 2, 0) * np.cos(np.radians(lat))
        north = np.maximum(np.abs(ground.terrain.lats[rows] - lat) - cell / 2, 0)
        # Straight ways are tried at every fifth of a cell: a corner of land may be cut by less.
        assert np.hypot(east, north).min() < 0.15 * cell, (lon, lat)


def whole_calls() -> Iterator[tuple[str, str, datetime, datetime, datetime | None]]:
    calls = small().port_calls.filter(pl.col("is_whole"), ~pl.col("vessel_id").is_in(list(entangled())))
    yield from calls.select("vessel_id", "place_id", "arrived", "left", "berthed").iter_rows()


def test_a_vessel_in_port_is_near_its_port_and_at_rest_at_the_berth() -> None:
    calls = list(whole_calls())
    assert len(calls) > 20
    for vessel, place, arrived, left, berthed in calls:
        for fix in fixes_of(vessel, arrived, left):
            assert km(*fix[1:3], *ports()[place]) < 10, (vessel, place)
            if berthed and berthed < fix[0] < left and fix[3] != NO_SPEED:
                assert fix[3] < 1.0
        speeds = [fix[3] for fix in fixes_of(vessel, arrived, left)]
        assert not speeds or min(speeds) < 1.0


def test_a_vessel_at_rest_near_a_port_is_in_a_call() -> None:
    calls = defaultdict(list)
    for vessel, arrived, left in small().port_calls.select("vessel_id", "arrived", "left").iter_rows():
        calls[vessel].append((arrived, left or datetime.max))
    for vessel in set(mmsi_of()) - entangled():
        for one, other in pairwise(fixes().get(mmsi_of()[vessel], [])):
            rests = max(one[3], other[3]) < 1.0 and other[0] - one[0] < timedelta(hours=2)
            if rests and km_to_port(*one[1:3]) < 9:
                assert any(start <= one[0] and other[0] <= end for start, end in calls[vessel]), (vessel, one)


def test_voyages_lead_from_call_to_call_and_their_ships_are_laden_with_their_goods() -> None:
    world = small()
    goods = set(small_ground(SEED)[2]["goods_id"])
    ships = {row["vessel_id"]: row for row in world.vessels.iter_rows(named=True)}
    laden = 0
    for voyage in world.voyages.iter_rows(named=True):
        ship = ships[voyage["vessel_id"]]
        hours = (voyage["arrived"] - voyage["departed"]).total_seconds() / 3600
        assert 0 < voyage["length_km"] / hours / 1.852 < FASTEST_KN
        assert set(voyage["goods_ids"]) <= goods
        assert len(voyage["goods_ids"]) == len(voyage["masses_kg"])
        assert bool(voyage["goods_ids"]) == voyage["is_laden"]
        assert sum(voyage["masses_kg"]) <= ship["deadweight_t"] * 1e3
        assert voyage["draught_after_m"] <= ship["draught_laden_m"] + 0.01
        if voyage["is_laden"]:
            laden += 1
            empty = ship["draught_laden_m"] * small_ground(SEED)[0].shipping.ballast_draught
            assert voyage["draught_after_m"] > empty
    assert laden > 10


def test_a_vessel_sails_from_where_it_is() -> None:
    for _, ship in small().voyages.group_by("vessel_id"):
        ordered = ship.sort("departed")
        assert ordered["from_place"][1:].to_list() == ordered["to_place"][:-1].to_list()
        assert (ordered["departed"][1:] >= ordered["arrived"][:-1]).all()
    starts = {(vessel, place): [] for vessel, place in small().port_calls.select("vessel_id", "place_id").iter_rows()}
    for vessel, place, left in small().port_calls.select("vessel_id", "place_id", "left").iter_rows():
        starts[vessel, place].append(left)
    for vessel, place, departed in small().voyages.select("vessel_id", "from_place", "departed").iter_rows():
        if departed > datetime(2024, 10, 1):
            assert departed in starts[vessel, place]


def gaps_seen(vessel: str) -> list[tuple[datetime, datetime]]:
    """Silences from the limit on, in all reports, those without a position included."""
    rows = small().positions.filter(pl.col("MMSI") == mmsi_of()[vessel])["BaseDateTime"]
    times = sorted({datetime.fromisoformat(row) for row in rows})
    limit = timedelta(hours=small_ground(SEED)[0].shipping.gap_hours)
    return [(one, other) for one, other in pairwise(times) if other - one >= limit]


def test_gaps_are_exactly_the_long_silences() -> None:
    told = defaultdict(list)
    for vessel, start, end in small().gaps.select("vessel_id", "start", "end").iter_rows():
        told[vessel].append((start, end))
    for vessel in set(mmsi_of()) - entangled():
        assert sorted(told[vessel]) == gaps_seen(vessel), vessel


def test_transponders_are_powered_down_at_berths() -> None:
    berths = small().port_calls.filter(pl.col("berthed").is_not_null())
    for vessel, start, end, _ in small().gaps.filter(pl.col("cause") == "power_down").iter_rows():
        during = berths.filter(
            pl.col("vessel_id") == vessel, pl.col("berthed") < end, pl.col("left").is_null() | (pl.col("left") > start)
        )
        assert during.height > 0


def at(vessel: str, time: datetime, start: datetime, end: datetime) -> tuple[float, float] | None:
    """Place at a time, even between the positions before and after, if both lie between start and end."""
    rows = fixes_of(vessel, start, end)
    after = next((number for number, one in enumerate(rows) if one[0] >= time), None)
    if not after:
        return None
    one, other = rows[after - 1], rows[after]
    share = (time - one[0]) / (other[0] - one[0])
    return one[1] + share * (other[1] - one[1]), one[2] + share * (other[2] - one[2])


def meetings(is_dark: bool) -> list[dict[str, object]]:
    rows = small().encounters.filter(~pl.col("is_anchorage"), pl.col("is_dark") == is_dark)
    return list(rows.iter_rows(named=True))


def test_meetings_at_sea_keep_the_published_rule() -> None:
    found = [one for one in meetings(is_dark=False) if not entangled() & {one["vessel_id"], one["other_id"]}]
    assert found
    for one in found:
        start, end = one["start"], one["end"]
        assert end - start >= timedelta(hours=2)
        assert km_to_port(one["lon"], one["lat"]) >= 10
        first, second = fixes_of(one["vessel_id"], start, end), fixes_of(one["other_id"], start, end)
        assert len(first) > 3
        assert len(second) > 3
        for fix in (*first, *second):
            assert km_to_port(*fix[1:3]) >= 10
        assert median(fix[3] for fix in first) < 2
        assert median(fix[3] for fix in second) < 2
        for fix in first:
            there = at(one["other_id"], fix[0], start, end)
            if there:
                assert km(*fix[1:3], *there) < 0.5


def test_during_a_dark_meeting_the_ship_is_silent_and_the_gap_is_told() -> None:
    dark = meetings(is_dark=True)
    assert dark
    silent = small().gaps.filter(pl.col("cause") == "switched_off")
    for one in dark:
        around = silent.filter(
            pl.col("vessel_id") == one["vessel_id"], pl.col("start") < one["start"], pl.col("end") > one["end"]
        )
        assert around.height == 1
        if one["vessel_id"] not in entangled():
            assert fixes_of(one["vessel_id"], one["start"], one["end"]) == []


def test_nobody_else_keeps_the_rule() -> None:
    """All pairs that are seen near each other, slow and far from ports, at many moments in two hours and more."""
    seen = defaultdict(dict)
    for mmsi, rows in fixes().items():
        for time, lon, lat, speed in rows:
            if speed < 2 and km_to_port(lon, lat) >= 10:
                seen[int(time.timestamp() // 1800)][mmsi] = (lon, lat)
    together = defaultdict(list)
    for slot, where in seen.items():
        for one in where:
            for other in where:
                if one < other and km(*where[one], *where[other]) < 1.0:
                    together[one, other].append(slot)
    long = {pair for pair, slots in together.items() if max(slots) - min(slots) >= 4 and len(slots) >= 4}
    told = {tuple(sorted((mmsi_of()[m["vessel_id"]], mmsi_of()[m["other_id"]]))) for m in meetings(is_dark=False)}
    assert long <= told


def test_vessels_listed_side_by_side_in_port_are_so() -> None:
    rows = small().encounters.filter("is_anchorage").head(12)
    for one in rows.iter_rows(named=True):
        assert one["end"] - one["start"] >= timedelta(hours=2)
        assert km_to_port(one["lon"], one["lat"]) < 10
        if entangled() & {one["vessel_id"], one["other_id"]}:
            continue
        for fix in fixes_of(one["vessel_id"], one["start"], one["end"])[:20]:
            there = at(one["other_id"], fix[0], one["start"], one["end"])
            if there:
                assert km(*fix[1:3], *there) < 0.8


def test_a_shared_identity_jumps_and_only_while_it_is_shared() -> None:
    (shared,) = small().collisions.iter_rows(named=True)
    rows = fixes()[shared["mmsi"]]
    during = [fix for fix in rows if shared["start"] <= fix[0] <= shared["end"]]
    jumps = [knots(one, other) for one, other in pairwise(during)]
    assert sum(speed > 100 for speed in jumps) >= 3
    before = [fix for fix in rows if fix[0] < shared["start"]]
    after = [fix for fix in rows if fix[0] > shared["end"]]
    for part in (before, after):
        assert all(knots(one, other) < FASTEST_KN for one, other in pairwise(part))
    assert fixes_of(shared["other_id"], shared["start"], shared["end"]) == []
    assert mmsi_of()[shared["vessel_id"]] == shared["mmsi"]


def test_the_usual_invalid_values_repetitions_and_late_arrivals_are_there() -> None:
    made = small().positions
    assert (made["LAT"] == NO_LAT).sum() == (made["LON"] == NO_LON).sum() > 0
    for column, value in (("SOG", NO_SPEED), ("COG", NO_COURSE), ("Heading", NO_HEADING)):
        assert 0 < (made[column] == value).sum() < 0.5 * len(made), column
    assert made.unique().height < made.height
    times = made["BaseDateTime"].to_list()
    assert sum(one > other for one, other in pairwise(times)) > 0.05 * len(times)
    assert made["VesselName"].null_count() > 0
    assert set(made["TransceiverClass"]) == {"A", "B"}


def test_a_ground_without_sea_legs_is_refused() -> None:
    config, ground, goods = small_ground(SEED)
    dry = type(ground)(**{**vars(ground), "legs": ground.legs.filter(pl.col("mode") != "sea")})
    with pytest.raises(ValueError, match="no two ports"):
        sailed(config, dry, goods)
