"""A small home with places, ways, ships, capacity and companies, as runs leave them: invented, written as they write.

On the equator, from west to east: Alpha (XAA) with a port, a city and an airport; Beta (XBB) with a port. A road leads
from the town Gamma (XAA) to Alpha; a lane leads from Alpha to Beta through a strait called suez, another around it.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from graphs.tables import TABLES
from pipelines.home import Home
from pipelines.parquet import write_table
from pipelines.schemas import SHARES
from tests.models.linkage.grounds import edges, nodes

TIMELESS = date(1900, 1, 1)
START = datetime(2024, 10, 1, tzinfo=UTC)
DAYS = ("2024-10-01", "2024-10-02", "2024-10-03")
ORION, ORION_TWO, DRACO = "200000001:1", "200000001:2", "200000002:1"
PORT_A, PORT_B, ANCHORAGE = "port:XAA:1", "port:XBB:1", "anchorage:XAA:1"
Row = dict[str, Any]


def row(table: str, **given: Any) -> Row:
    """A row with nulls for what is not given."""
    return {name: given.get(name) for name in TABLES[table].column_names()}


def frame(table: str, rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as a frame of a table, cast by its schema."""
    schema = TABLES[table]
    found = pl.DataFrame([row(table, **one) for one in rows], schema=schema.create_empty().schema, orient="row")
    return schema.cast(found).sort(schema.primary_key())


def put(home: Home, table: str, rows: Sequence[Row] | pl.DataFrame, partition: str | None = None) -> None:
    """Publish a table as a run does."""
    schema = TABLES.get(table)
    found = rows if isinstance(rows, pl.DataFrame) else frame(table, rows)
    write_table(table, found, home.table_path(table, partition), schema=schema, meta={}, share=SHARES.get(table))


def place(place_id: str, name: str, lon: float, lat: float, **more: Any) -> Row:
    kind, country = place_id.split(":")[0], more.pop("country", place_id.split(":")[1])
    return {"place_id": place_id, "kind": kind, "name": name, "lon": lon, "lat": lat, "country": country,
            "source": "test", "known_from": TIMELESS, **more}  # fmt: skip


PLACES = (
    place(PORT_A, "Alpha", 0.0, 0.0, locode="XAALP", size="Large", max_draught_m=15.0),
    place("port:XAA:2", "Puerto Álpha", 0.02, 0.0, same_as=PORT_A, same_why="2 km apart, same name"),
    place("port:XAA:3", "Little", 3.0, 1.0, locode="XALIT", size="Small"),
    place(PORT_B, "Beta", 20.0, 0.0, locode="XBBET", size="Medium"),
    place("city:XAA:1", "Alpha", 0.05, 0.05, size="1,000,000 and more"),
    place("city:XAA:2", "Gamma", 1.0, 5.0, size="below 100,000"),
    place("city:XCC:1", "Delta", 40.0, 20.0, size="100,000 and more"),
    place("airport:iata:XAL", "Alpha International Airport", 0.1, 0.1, country="XAA", iata="XAL", icao="XXAL"),
    place("airport:iata:XBE", "Beta Airport", 20.1, 0.1, country="XBB", iata="XBE"),
    place("port:XAA:9", "Twin", -30.0, -30.0, locode="XATWI"),
    place("port:XBB:9", "Twin", 60.0, -30.0, locode="XBTWI"),
    place(ANCHORAGE, "Alpha roads", 0.08, 0.0),
    place("anchorage:XAA:2", "Far roads", 1.5, 0.0),
    place("strait:suez", "Suez Canal", 10.0, 0.0, country=None),
)
"""Places; the second is joined to the first."""


def network() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Nodes and edges: two lanes (5 nodes) and one road (2 nodes)."""
    from models.linkage.network import joined

    sea = nodes("sea", (0.0, -0.1), (5.0, -0.1), (20.0, -0.1), (10.0, -8.0), (10.0, -0.1))
    straight = edges("sea", (0, 1, 555.0), (1, 4, 555.0))
    through = edges("sea", (4, 2, 1112.0), passage="suez")
    around = edges("sea", (1, 3, 1100.0), (3, 2, 1450.0))
    land = nodes("road", (0.0, 0.1), (1.0, 4.9))
    return joined([(sea, pl.concat([straight, through, around])), (land, edges("road", (0, 1, 600.0)))])


def at(hours: float) -> datetime:
    """A moment of the days that were read."""
    return START + timedelta(hours=hours)


def vessel(track_id: str, name: str | None, **more: Any) -> Row:
    told = {"track_id": track_id, "mmsi": int(track_id.split(":")[0]), "name": name, "kind": "bulk_carrier",
            "first_seen": at(0), "last_seen": at(60), "reports": 40, "is_split": False,
            "known_from": date(2024, 10, 3)}  # fmt: skip
    return told | more


def call(track: str, place_id: str, arrived: float, left: float | None, **more: Any) -> Row:
    told = {"call_id": f"{track}:{place_id}:{at(arrived):%Y%m%dT%H%M}", "track_id": track, "place_id": place_id,
            "country": place_id.split(":")[1], "arrived": at(arrived), "left": None if left is None else at(left),
            "is_whole": left is not None, "rests": 3, "confidence": 0.9, "known_from": date(2024, 10, 3)}  # fmt: skip
    return told | more


def event(kind: str, track: str, began: float, ended: float, **more: Any) -> Row:
    told = {"event_id": f"{kind}:{track}:{at(began):%Y%m%dT%H%M%S}", "source": "ais", "kind": kind, "track_id": track,
            "began": at(began), "ended": at(ended), "hours": ended - began, "confidence": 0.4, "parts": [],
            "causes": [], "sentence": f"{kind} of {ended - began:.0f} h.", "known_from": date(2024, 10, 3)}  # fmt: skip
    return told | more


REASONS = [
    {"cause": "reception", "verdict": "possible", "share": 0.6},
    {"cause": "satellite", "verdict": "cannot_test", "share": None},
    {"cause": "power_down", "verdict": "excluded", "share": 0.0},
]
VESSELS = (
    vessel(ORION, "ORION", imo=9074729, flag="XAA", length_m=190.0, width_m=32.0, deadweight_t=46_000.0,
           deadweight_low_t=35_000.0, deadweight_high_t=60_000.0, is_split=True),
    vessel(ORION_TWO, None, kind="unknown", is_split=True),
    vessel(DRACO, "Draco Star", kind="tanker"),
)  # fmt: skip
CALLS = (
    call(ORION, PORT_A, 0, 10, draught_in_m=6.1, draught_out_m=11.9),
    call(ORION, PORT_B, 50, None),
    call(DRACO, ANCHORAGE, 5, 30),
)
VOYAGES = (
    {"voyage_id": f"{ORION}:20241001T1000", "track_id": ORION, "from_call": CALLS[0]["call_id"],
     "to_call": CALLS[1]["call_id"], "from_place": PORT_A, "to_place": PORT_B, "departed": at(10), "arrived": at(50),
     "hours": 40.0, "length_km": 2250.0, "network_km": 2222.0, "speed_kn": 30.4, "is_laden": True,
     "cargo_low_t": 30_000.0, "cargo_t": 36_000.0, "cargo_high_t": 42_000.0, "seen_share": 0.7,
     "known_from": date(2024, 10, 3)},
)  # fmt: skip
EVENTS = (
    event("gap", ORION, 20, 31, lon=5.0, lat=-0.1, lon_end=8.0, lat_end=-0.1, place_id=PORT_A, place_km=560.0,
          causes=REASONS, main_cause="reception", sentence="Fell silent for 11.0 h."),
    event("encounter", DRACO, 32, 35, other_track=ORION, lon=9.0, lat=-0.1, place_id=PORT_B, place_km=1200.0),
    event("identity_collision", ORION, 0, 60, other_track=ORION_TWO),
)  # fmt: skip


def positions() -> Mapping[str, list[Row]]:
    """Reports of both ships on one identity, hour by hour along the equator and 60 degrees north of it."""
    rows = []
    for hour in (*range(0, 21, 2), *range(31, 60, 2)):
        rows += [(at(hour), 0.3 * hour, -0.1), (at(hour + 0.5), 0.3 * hour, 60.0)]
    told: dict[str, list[Row]] = {day: [] for day in DAYS}
    for time, lon, lat in rows:
        told[time.date().isoformat()].append(
            {"sender": 200_000_001, "time": time, "lon": lon, "lat": lat, "raw_file": 0, "raw_row": 1,
             "known_from": time.date()}
        )  # fmt: skip
    return told


def capacity(period: int, **more: Any) -> Row:
    told = {"exporter": "XAA", "importer": "XBB", "period": period, "direct_kg": 5e7, "direct_high_kg": 7e7,
            "out_kg": 8e7, "out_high_kg": 1e8, "out_log_sd": 0.17, "in_kg": 9e7, "in_high_kg": 1.1e8, "in_log_sd": 0.16,
            "voyages": 2, "calls_out": 3, "calls_in": 3, "boxed_calls": 0, "ports_seen": 2, "ports_known": 2,
            "seen_share_out": 0.95, "seen_share_in": 0.9, "is_whole": True,
            "known_from": date(2024, 12, 31)}  # fmt: skip
    return told | more


def company(company_id: str, name: str, rows: int, **more: Any) -> Row:
    told = {"company_id": company_id, "name": name, "country": company_id.split(":")[0], "spellings": [name],
            "roles": ["shipper"], "rows": rows, "first_day": date(2021, 1, 1), "last_day": date(2021, 2, 1),
            "group_id": company_id, "known_from": date(2021, 3, 1)}  # fmt: skip
    return told | more


COMPANIES = (
    company("XAA:acme", "ACME", 7),
    company("XAA:acme trading", "Acme Trading Ltd", 3, spellings=["ACME TRADING", "Acme Trading Ltd"]),
    company("XBB:other", "Other Metals", 2, group_id="XAA:acme"),
)


def match(one: str, other: str, risk: float, **more: Any) -> Row:
    told = {"one": one, "other": other, "score": 1 - risk, "p_same": 1 - risk, "risk": risk,
            "parts": [{"name": "words", "value": 0.8}], "is_merged": False, "decided_by": "nobody",
            "why": "the risk is beyond 0.01", "known_from": date(2021, 3, 1)}  # fmt: skip
    return told | more


MATCHES = (
    match("XAA:acme", "XAA:acme trading", 0.2),
    match("XAA:acme", "XBB:other", 0.005, is_merged=True, decided_by="rule", why="the risk is 0.005"),
)


def make(path: Path) -> Home:
    """The home."""
    home = Home.open(path, create=True)
    node_rows, edge_rows = network()
    put(home, "places", list(PLACES))
    put(home, "network_nodes", node_rows)
    put(home, "network_edges", edge_rows)
    put(home, "legs", [])
    put(home, "vessels", list(VESSELS))
    put(home, "port_calls", list(CALLS))
    put(home, "voyages", list(VOYAGES))
    put(home, "vessel_events", list(EVENTS))
    for day, rows in positions().items():
        put(home, "vessel_positions", rows, day)
        put(home, "vessel_state", pl.DataFrame({"sender": [1]}), day)
    put(home, "carrying_capacity", [capacity(202410), capacity(202411, ports_seen=1), capacity(202412)])
    put(home, "companies", list(COMPANIES))
    put(home, "company_matches", list(MATCHES))
    home.finish_run()
    return home
