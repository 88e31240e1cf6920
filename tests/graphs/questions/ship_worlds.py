"""Places, ships and companies for the graphs of `worlds`: a few rows known by hand, and many at random."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from graphs.tables_companies import Companies, Manifests
from graphs.tables_places import Legs, Places
from graphs.tables_ships import PortCalls, VesselEvents, Vessels, Voyages
from graphs.tidied import LANES, NODES

Row = dict[str, Any]
TIMELESS = date(1900, 1, 1)
QUOTED = "Robert'); MATCH (n) DETACH DELETE n; // \"`$limit` \\ \U00010348\U0001f600"
"""A name that is code to somebody, on one line."""


@dataclass(frozen=True)
class Moved:
    """Rows as plain dicts; legs stand once and lead both ways."""

    places: list[Row]
    legs: list[Row]
    vessels: list[Row]
    calls: list[Row]
    voyages: list[Row]
    events: list[Row]
    companies: list[Row]
    bills: list[Row]
    nodes: list[Row]
    lanes: list[Row]


def day(year: int, month: int = 1, of: int = 1, hour: int = 0) -> datetime:
    return datetime(year, month, of, hour, tzinfo=UTC)


def place(key: str, name: str, country: str | None, lon: float, lat: float, **more: Any) -> Row:
    return {"place_id": key, "kind": key.split(":")[0], "name": name, "country": country, "lon": lon, "lat": lat} | more


def leg(one: str, other: str, mode: str, cost: float, km: float, passages: tuple[str, ...] = (), **more: Any) -> Row:
    told = {
        "hours": km / 20,
        "is_estimated": False,
        "off_network_km": 0.0,
        "source": "s",
    } | more
    return {"from_place": one, "to_place": other, "mode": mode, "cost_usd_per_t": cost, "length_km": km,
            "passages": list(passages)} | told  # fmt: skip


def vessel(track: str, kind: str = "bulk_carrier", name: str | None = None, **more: Any) -> Row:
    told = {"mmsi": None, "imo": None, "flag": None, "length_m": None, "deadweight_t": None, "is_split": False}
    return (
        {"track_id": track, "kind": kind, "name": name, "first_seen": day(2019), "last_seen": day(2021, 12, 31)}
        | told
        | more
    )


def call(track: str, at: str, arrived: datetime, left: datetime | None, before=None, after=None) -> Row:
    key = f"{track}:{at}:{arrived:%Y%m%dT%H%M}"
    return {"call_id": key, "track_id": track, "place_id": at, "arrived": arrived, "left": left,
            "draught_in_m": before, "draught_out_m": after, "confidence": 0.95}  # fmt: skip


def voyage(track: str, one: str, other: str, arrived: datetime, is_laden=None, cargo_t=None) -> Row:
    return {"voyage_id": f"{track}:{arrived:%Y%m%dT%H%M}", "track_id": track, "from_place": one, "to_place": other,
            "arrived": arrived, "is_laden": is_laden, "cargo_t": cargo_t}  # fmt: skip


def event(kind: str, track: str, began: datetime, hours: float, **more: Any) -> Row:
    other = more.get("other_track")
    key = f"{kind}:{track}:{began:%Y%m%dT%H%M%S}" + (f":{other}" if other else "")
    told = {"other_track": None, "place_id": None, "place_km": None, "main_cause": None, "lon": None, "lat": None}
    return {"event_id": key, "source": "ais", "kind": kind, "track_id": track, "began": began, "hours": hours,
            "ended": began + timedelta(hours=hours), "confidence": 0.5} | told | more  # fmt: skip


def node(number: int, lon: float, lat: float) -> Row:
    return {"node": number, "lon": lon, "lat": lat, "mode": "sea"}


def lane(one: int, other: int, km: float, passage: str | None = None) -> Row:
    return {"start": one, "end": other, "mode": "sea", "length_km": km, "passage": passage}


def company(key: str, name: str, country: str | None = None, group: str | None = None) -> Row:
    return {"company_id": key, "name": name, "country": country, "group_id": group or key}


def bill(shipper: str | None, consignee: str | None, code: str | None, mass_kg: float | None, at: date | None,
         out: str | None = None, ship: str | None = None, counted: bool = True) -> Row:  # fmt: skip
    return {"shipper_id": shipper, "consignee_id": consignee, "commodity": code, "mass_kg": mass_kg, "day": at,
            "from_place": out, "track_id": ship, "is_counted": counted}  # fmt: skip


AA, BB, CC, IDN, CHN, BAY = "port:a", "port:b", "port:c", "port:idn", "port:chn", "port:bay"
ROADS, FAR = "anchorage:a", "anchorage:sea"
SMALL = Moved(
    places=[
        place(AA, "Alpha", "XAA", 0.0, 0.0, locode="XAALP", size="Large"),
        place("port:a2", "Alpha old", "XAA", 0.01, 0.0, same_as=AA, same_why="same"),
        place(BAY, "The Bay", "XAA", 3.0, 0.0, size="Small"),
        place(BB, "Beta", "XBB", 20.0, 0.0, locode="XBBET"),
        place(CC, "The Bay", "XCC", 40.0, 0.0),
        place(IDN, QUOTED, "IDN", 110.0, -5.0),
        place(CHN, "Shang \u00c9tat", "CHN", 121.0, 31.0, locode="CNSHA"),
        place(ROADS, "Roads", "XAA", 0.1, 0.0),
        place(FAR, "At sea", None, -50.0, 0.0),
        place("airport:a", "Air Alpha", "XAA", 0.0, 1.0, iata="AAA"),
        place("airport:b", "Air Beta", "XBB", 20.0, 1.0),
        place("airport:x", "Nobody's", "XBB", 21.0, 1.0, iata="NOB"),
        place("city:a", "Town", "XAA", 0.5, 1.0),
        place("border:ab", "Crossing", "XBB", 10.0, 1.0),
        place("strait:suez", "Suez Canal", None, 32.35, 30.45),
        place("strait:malacca", "Strait of Malacca", None, 100.5, 3.4),
    ],
    legs=[
        leg(AA, BB, "sea", 5.0, 2000.0, ("suez",)),
        leg(BB, CC, "sea", 4.0, 1500.0, ("suez", "malacca")),
        leg(AA, CC, "sea", 12.0, 4000.0),
        leg(BAY, AA, "sea", 1.0, 300.0),
        leg(IDN, CHN, "sea", 3.0, 4000.0),
        leg("airport:a", "airport:b", "air", 900.0, 2200.0),
        leg("city:a", AA, "road", 6.0, 150.0),
        leg("city:a", "border:ab", "road", 20.0, 1000.0, is_estimated=True),
        leg("airport:a", "city:a", "transfer", 3.0, 0.0),
    ],
    vessels=[
        vessel("1:1", name="Ore One", mmsi=1, imo=9074729, flag="DEU", length_m=180.0, deadweight_t=33000.0),
        vessel("2:1", name=QUOTED, mmsi=2),
        vessel("2:2", "unknown", mmsi=2, is_split=True, first_seen=day(2020), last_seen=day(2020, 2, 1)),
        vessel("3:1", "tanker", name="Oil Three"),
        vessel("4:1", "tug", name="Passed by"),
    ],
    calls=[
        call("1:1", AA, day(2020, 1, 1), day(2020, 1, 3), 5.0, 9.0),
        call("1:1", BB, day(2020, 1, 10), day(2020, 1, 12), 9.0, 5.0),
        call("1:1", ROADS, day(2020, 2, 1), day(2020, 2, 2), 5.0, 5.0),
        call("1:1", BB, day(2020, 6, 1), None),
        call("2:1", "port:a2", day(2020, 1, 5), day(2020, 1, 6), None, 8.0),
        call("2:1", CC, day(2020, 3, 1), day(2020, 3, 2), 8.0, None),
        call("2:2", IDN, day(2020, 1, 15), day(2020, 1, 16)),
        call("3:1", CHN, day(2021, 1, 15), day(2021, 1, 16, 12)),
        call("3:1", FAR, day(2021, 2, 15), day(2021, 2, 16)),
    ],
    voyages=[
        voyage("1:1", AA, BB, day(2020, 1, 10), True, 30000.5),
        voyage("1:1", BB, ROADS, day(2020, 2, 1), False),
        voyage("1:1", ROADS, AA, day(2020, 2, 3)),
        voyage("2:1", "port:a2", BB, day(2020, 1, 30), True, 100.25),
        voyage("2:1", ROADS, CC, day(2020, 3, 1), None),
        voyage("3:1", AA, BB, day(2021, 1, 1), None),
        voyage("1:1", IDN, CHN, day(2019, 5, 1), True, 20000.0),
        voyage("1:1", IDN, AA, day(2020, 5, 1), True, 20000.0),
        voyage("3:1", IDN, BB, day(2021, 5, 1), False),
        voyage("2:1", CHN, IDN, day(2020, 8, 1), False),
    ],
    events=[
        event("gap", "1:1", day(2020, 1, 3), 30.0, place_id=AA, place_km=4.0, main_cause="reception"),
        event("gap", "2:1", day(2020, 1, 6), 9.0, place_id=ROADS, place_km=1.0),
        event("gap", "3:1", day(2021, 2, 16), 20.0, place_id=FAR, place_km=0.5),
        event("encounter", "1:1", day(2020, 1, 20), 3.0, other_track="2:1", lon=5.0, lat=0.5),
        event("encounter", "2:2", day(2020, 1, 18), 2.5, other_track="3:1"),
        event("loitering", "3:1", day(2021, 1, 2), 12.0),
    ],
    companies=[
        company("XAA:MINE", "Mine & Co", "XAA"),
        company("__:MINE", "Mine Company", None, "XAA:MINE"),
        company("XBB:TRADE", QUOTED, "XBB"),
        company("XCC:METAL", "M\u00e9tal", "XCC"),
        company("__:MINE2", "mine & co"),
    ],
    bills=[
        bill("XAA:MINE", "XBB:TRADE", "260400", 1000.5, date(2020, 1, 2), AA, "1:1"),
        bill("__:MINE", "XBB:TRADE", "260400", 500.0, date(2020, 2, 2), "port:a2", "1:1"),
        bill("XBB:TRADE", "XCC:METAL", "260400", 700.25, date(2020, 3, 2), BB),
        bill("XBB:TRADE", "XCC:METAL", "2604", None, date(2021, 3, 2), BB, "2:1"),
        bill("XCC:METAL", "XAA:MINE", "7108", 1.0, None),
        bill("XCC:METAL", None, None, 1.0, None, CC),
        bill("XAA:MINE", "XBB:TRADE", "260400", 1.0, date(2020, 1, 2), AA, "1:1", counted=False),
        bill("XAA:MINE", "__:MINE", "260400", 2.0, date(2020, 1, 2)),
    ],
    nodes=[node(7, 0.0, 0.0), node(8, 20.0, 0.0), node(9, 40.0, 0.0), node(3, 110.0, -5.0), node(4, 121.0, 31.0)],
    lanes=[
        lane(7, 8, 2000.0, "suez"),
        lane(8, 9, 1500.0, "malacca"),
        lane(8, 9, 9000.0),
        lane(7, 9, 1000.0, "northwest"),
        lane(7, 9, 4000.0),
        lane(3, 4, 4000.0),
    ],
)  # fmt: skip


def large(seed: int = 6) -> Moved:
    """Invented movement between the areas of `worlds.large`: ties, nulls, places without a country, joined rows."""
    chance = random.Random(seed)
    countries = ["XAA", "XAB", "XBA", "XBB", "XCC", "IDN", "CHN", "PHL", None]
    ports = [f"port:{at}" for at in range(45)]
    places = [
        place(key, f"Port {at % 40}", countries[at % 9], round(chance.uniform(-170, 170), 3),
              round(chance.uniform(-60, 60), 3), size=chance.choice(["Large", "Small", None]),
              locode=f"XA{at:03}" if at % 3 else None)
        for at, key in enumerate(ports)
    ]  # fmt: skip
    by_id = {one["place_id"]: one for one in places}
    ends = [(at, key, by_id[key]["country"], by_id[key]["lon"], by_id[key]["lat"]) for at, key in enumerate(ports)]
    roads = [place(f"anchorage:{at}", f"Roads {at}", country, lon + chance.choice([0.05, 0.2, 2.0]), lat)
             for at, _, country, lon, lat in ends[:20]]  # fmt: skip
    old = [place(f"port:old:{at}", "Old", country, lon, lat, same_as=key, same_why="w")
           for at, key, country, lon, lat in ends[:6]]  # fmt: skip
    airports = [place(f"airport:{at}", f"Air {at}", countries[at % 9], at * 3.0, 5.0) for at in range(12)]
    cities = [place(f"city:{at}", f"Town {at}", countries[at % 9], at * 3.0, 6.0) for at in range(12)]
    straits = [place(f"strait:{one}", one, None, 0.0, 0.0) for one in ("suez", "malacca", "panama")]
    called = [*ports, *(one["place_id"] for one in (*roads, *old)), "port:unknown"]
    tracks = [f"{at}:{1 + at % 2}" for at in range(40)]
    kinds = ["bulk_carrier", "general_cargo", "tanker", "unknown"]
    ships = [vessel(one, chance.choice(kinds), chance.choice([None, "", f"Ship {at}"]), mmsi=chance.choice([None, at]),
                    is_split=at % 2 == 1, length_m=chance.choice([None, 100.0]), first_seen=day(2016 + at % 6))
             for at, one in enumerate(tracks)]  # fmt: skip
    names = [f"C:{at}" for at in range(15)]
    return Moved(
        [*places, *roads, *old, *airports, *cities, *straits], _ways(chance, ports, airports, cities),
        ships, *_moves(chance, tracks, called),
        [company(one, f"Company {at}", countries[at % 9], names[0] if at == 1 else None)
         for at, one in enumerate(names)],
        list(_bills(chance, [*names, None, "C:unknown"], [*called, None], [*tracks, None])),
        *_lanes(chance, ends),
    )  # fmt: skip


def _ways(chance: random.Random, ports: list[str], airports: list[Row], cities: list[Row]) -> list[Row]:
    """A ring of ports with cords, and a few ways by land and air."""
    found = {}
    for at, one in enumerate(ports[:40]):
        for other in (ports[(at + 1) % 40], chance.choice(ports[:40])):
            key = tuple(sorted((one, other)))
            if one != other and key not in found:
                through = tuple(chance.sample(["suez", "malacca", "panama", "nowhere"], chance.choice([0, 0, 1, 2])))
                found[key] = leg(
                    *key, "sea", round(chance.uniform(1, 30), 4), round(chance.uniform(50, 5000), 3), through
                )
    land = {tuple(sorted(chance.sample([one["place_id"] for one in cities], 2))) for _ in range(12)}
    air = {tuple(sorted(chance.sample([one["place_id"] for one in airports], 2))) for _ in range(12)}
    air.add(("airport:1", "airport:5"))
    roads = [leg(*ends, "road", chance.choice([1.0, 2.5]), 100.0) for ends in sorted(land)]
    return [
        *found.values(),
        *roads,
        *(leg(*ends, "air", 500.0, chance.choice([900.0, 2000.5])) for ends in sorted(air)),
    ]


def _lanes(chance: random.Random, ends: list[tuple[Any, ...]]) -> tuple[list[Row], list[Row]]:
    """A ring through the points of some ports, with cords and parallel ways."""
    nodes = [node(100 - at, lon, lat) for at, _, _, lon, lat in ends[:30]]
    numbers = [one["node"] for one in nodes]
    names = [None, None, "suez", "malacca", "panama", "northwest", "nowhere"]
    lanes = [
        lane(one, other, round(chance.uniform(50, 5000), 3), chance.choice(names))
        for at, one in enumerate(numbers)
        for other in (numbers[(at + 1) % 30], chance.choice(numbers), chance.choice(numbers))
        if one != other
    ]
    return nodes, lanes


def _moves(chance: random.Random, tracks: list[str], called: list[str]) -> tuple[list[Row], list[Row], list[Row]]:
    """Calls, voyages and events; some of a ship or a place that no table knows."""
    ships = [*tracks, "unknown:1"]
    calls, voyages, events = {}, {}, {}
    for _ in range(700):
        arrived = day(chance.randint(2017, 2021), chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23))
        left = chance.choice([None, arrived, *(arrived + timedelta(hours=chance.randint(1, 200)) for _ in range(4))])
        one = call(
            chance.choice(ships),
            chance.choice(called),
            arrived,
            left,
            chance.choice([None, 5.5]),
            chance.choice([None, 7.25]),
        )
        calls[one["call_id"]] = one
        cargo_t = chance.choice([None, 0.0, round(chance.uniform(0, 9e4), 3)])
        sailed = voyage(chance.choice(ships), chance.choice(called), chance.choice(called), arrived,
                        chance.choice([None, True, False]), cargo_t)  # fmt: skip
        voyages[sailed["voyage_id"]] = sailed
    for _ in range(300):
        began = day(chance.randint(2018, 2021), chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23))
        track, other = chance.choice(ships), chance.choice(ships)
        if chance.random() < 0.5:
            at = chance.choice([*called, None])
            why = chance.choice([None, "reception"])
            found = event("gap", track, began, chance.choice([8.0, 12.0, 40.5]), place_id=at,
                          place_km=None if at is None else 2.5, main_cause=why)  # fmt: skip
        else:
            found = event("encounter", track, began, 2.5, other_track=other, lon=chance.choice([None, 1.5]))
        events[found["event_id"]] = found
    return list(calls.values()), list(voyages.values()), list(events.values())


def _bills(chance: random.Random, names: list[str | None], ports: list[str | None], tracks: list[str | None]):
    for _ in range(400):
        at = chance.choice([None, date(chance.randint(2018, 2021), chance.randint(1, 12), 5)])
        yield bill(
            chance.choice(names), chance.choice(names), chance.choice(["260400", "2604", "71", "710812", None]),
            chance.choice([None, 0.0, 10.0, round(chance.uniform(1, 1e6), 3)]), at, chance.choice(ports),
            chance.choice(tracks), chance.random() < 0.9,
        )  # fmt: skip


def frames(moved: Moved) -> dict[str, pl.LazyFrame]:
    """Tidy tables of these rows, as `graphs.build.Tidy` takes them."""
    legs = [
        *(one | {} for one in moved.legs),
        *(one | {"from_place": one["to_place"], "to_place": one["from_place"]} for one in moved.legs),
    ]
    country = {one["place_id"]: one["country"] for one in moved.places}
    for one in legs:
        ends = country[one["from_place"]], country[one["to_place"]]
        one["crosses_border"] = None not in ends and ends[0] != ends[1]
    bills = [{"raw_sha256": "0" * 64, "raw_row": at, "mapping": "m"} | one for at, one in enumerate(moved.bills)]
    companies = [{"spellings": [one["name"]], "roles": [], "rows": 2} | one for one in moved.companies]
    return {
        "places": _frame(Places, moved.places, source="made up"),
        "legs": _frame(Legs, legs),
        "vessels": _frame(Vessels, moved.vessels, reports=5),
        "port_calls": _frame(PortCalls, moved.calls, is_whole=True, rests=2),
        "voyages": _frame(
            Voyages,
            moved.voyages,
            from_call="f",
            to_call="t",
            departed=day(2016),
            hours=1.0,
            length_km=1.0,
            seen_share=1.0,
        ),
        "vessel_events": _frame(VesselEvents, moved.events, parts=[], causes=[], sentence="s"),
        "companies": _frame(Companies, companies),
        "manifests": _frame(Manifests, bills),
        "network_nodes": pl.LazyFrame(moved.nodes, schema=NODES),
        "network_edges": pl.LazyFrame(moved.lanes, schema=LANES),
    }


def _frame(schema: Any, rows: list[Row], **same: Any) -> pl.LazyFrame:
    """A valid table; what no row states is null or the same for all."""
    names = schema.column_names()
    whole = [dict.fromkeys(names) | same | {"known_from": TIMELESS} | row for row in rows]
    types = {name: rule.dtype for name, rule in schema.columns().items()}
    frame = pl.DataFrame(whole, schema=types, orient="row").sort(schema.primary_key())
    return schema.validate(frame).lazy()
