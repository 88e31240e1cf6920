"""Books about ships: calls made up by hand over a whole year, and what they could have carried as the product says.

EXP exports to IMP; both declare the same value, and IMP gives no mass. Every book says which ships called where. A bulk
carrier of 190 m carries some 44,000 t.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise

import polars as pl

from graphs.tables_ships import CarryingCapacity
from models.flows import chain
from models.flows.chain import Chain
from models.shipping.capacity import capacity
from tests.models.flows.frames import context, flow, flows
from tests.models.shipping.test_capacity import CALL, VOYAGE

YEAR = 2015
FIRST = date(YEAR, 1, 1)
DAYS = tuple(FIRST + timedelta(days=one) for one in range(365))
KNOWN = date(YEAR + 1, 12, 31)
MT = 1e9
PORTS = {"EXP:1": (10, 5), "EXP:2": (14, 5), "IMP:1": (60, 5), "NBR:1": (8, -5), "HUB:1": (40, 1)}
"""Ports by country and number: the cell in whose middle each lies."""
Stop = tuple[str, float, float]
"""Port, arrival and departure in days of the year."""


@dataclass(frozen=True)
class Sea:
    """Ships by name with their calls, and where receivers heard."""

    calls: dict[str, list[Stop]]
    kinds: dict[str, tuple[str, float]]
    deaf: tuple[str, ...] = ()
    ports: tuple[str, ...] = ("EXP:1", "IMP:1", "NBR:1", "HUB:1")
    unread: tuple[date, ...] = ()


def rounds(ships: int, way: Sequence[tuple[str, float, float]], name: str = "bulk") -> dict[str, list[Stop]]:
    """Ships that go round all year: each (port, days there, days at sea after it), a little apart from each other."""
    length = sum(stay + sea for _, stay, sea in way)
    told: dict[str, list[Stop]] = {}
    for ship in range(ships):
        now, stops = ship * length / ships, []
        while now + length < len(DAYS):
            for port, stay, sea in way:
                stops.append((port, now, now + stay))
                now += stay + sea
        told[f"{name}-{ship}"] = stops
    return told


def fleet(calls: dict[str, list[Stop]], kind: str = "bulk_carrier", length: float = 190.0) -> Sea:
    return Sea(calls, dict.fromkeys(calls, (kind, length)))


PACE_KN = {"container": 18.0}
"""Usual speed of ships that do not go at 12 knots."""


def carriage(sea: Sea) -> pl.DataFrame:
    """Table `carrying_capacity` of a sea."""
    days = [day for day in DAYS if day not in sea.unread]
    moment = [datetime(YEAR, 1, 1, tzinfo=UTC) + timedelta(days=one / 24) for one in range(366 * 24)]
    calls, voyages = [], []
    for ship, stops in sea.calls.items():
        named = [
            (f"{ship}:{port}:{into:.2f}", port, moment[int(into * 24)], moment[int(out * 24)])
            for port, into, out in stops
        ]
        calls += [(name, ship, port, port[:3], into, out) for name, port, into, out in named]
        for one, other in pairwise(named):
            hours = (other[2] - one[3]).total_seconds() / 3600
            if one[1] != other[1]:
                voyages.append((one[0], ship, one[0], other[0], one[3], hours, hours * 22.0))
    ships = [
        (ship, kind, length, (length / 5.3) ** 3 if kind == "bulk_carrier" else None, PACE_KN.get(kind, 12.0))
        for ship, (kind, length) in sea.kinds.items()
    ]
    cells = [
        (day, *PORTS[port], (1 << 24) - 1, 0) for port in sea.ports if port not in sea.deaf for day in days
    ]  # fmt: skip
    places = [(port, "port", port[:3], PORTS[port][0] + 0.5, PORTS[port][1] + 0.5) for port in sea.ports]
    vessel = {"track_id": pl.String, "kind": pl.String, "length_m": pl.Float32, "deadweight_t": pl.Float64,
              "usual_kn": pl.Float32}  # fmt: skip
    cell = {"known_from": pl.Date, "cell_lon": pl.Int16, "cell_lat": pl.Int16, "hours_seen": pl.UInt32,
            "fell_silent": pl.UInt16}  # fmt: skip
    place = {"place_id": pl.String, "kind": pl.String, "country": pl.String, "lon": pl.Float64, "lat": pl.Float64}
    unknown = {"same_as": pl.String, "max_draught_m": pl.Float64, "max_length_m": pl.Float64}
    told = capacity(
        pl.DataFrame(calls, schema=CALL, orient="row"),
        pl.DataFrame(voyages, schema=VOYAGE, orient="row"),
        pl.DataFrame(ships, schema=vessel, orient="row"),
        pl.DataFrame(cells, schema=cell, orient="row"),
        pl.DataFrame(places, schema=place, orient="row").with_columns(
            pl.lit(None, dtype=kind).alias(name) for name, kind in unknown.items()
        ),
        days,
    )
    return CarryingCapacity.validate(told.with_columns(known_from=pl.lit(KNOWN)), cast=True)


def trade(mass: float, price: float = 0.05, arrived: float | None = None) -> list[dict]:
    """EXP's ore to IMP from 2008 to 2018, beside quiet pairs at the same price and a little that EXP sends elsewhere,
    so that it can be told whether goods arrived there instead."""
    code = {"commodity": "260600", "family": "bauxite"}
    rows = [
        flow(f"Q{p}", f"R{p % 4}", year, price * MT, price * MT, export_mass_kg=MT, import_mass_kg=MT, **code)
        for p in range(8)
        for year in range(2008, 2019)
    ]
    rows += [
        flow("EXP", "OTH", year, price * MT, price * MT, export_mass_kg=MT, import_mass_kg=MT, **code)
        for year in range(2008, 2019)
    ]
    return rows + [
        flow("EXP", "IMP", year, price * mass, price * mass, export_mass_kg=mass, import_mass_kg=arrived, **code)
        for year in range(2008, 2019)
    ]


def run(rows: list[dict], sea: Sea, family: str = "bauxite", islands: Sequence[str] = ("EXP", "IMP")) -> Chain:
    """The whole chain; no way over land leads out of `islands`."""
    return chain.run(flows(*rows), replace(context(family), carriage=carriage(sea), islands=frozenset(islands)))


DIRECT = (("EXP:1", 2.0, 8.0), ("IMP:1", 2.0, 8.0))
"""Twenty days for a round, so that one ship brings some 0.8 Mt a year."""


def enough() -> Chain:
    """Three Mt, and five ships that could have carried four."""
    return run(trade(3 * MT), fleet(rounds(5, DIRECT)))


def too_few() -> Chain:
    """Three Mt, and one ship: what the other books differ from."""
    return run(trade(3 * MT), fleet(rounds(1, DIRECT)))


def agreed() -> Chain:
    """One ship, and two offices that weigh the same."""
    return run(trade(3 * MT, arrived=3 * MT), fleet(rounds(1, DIRECT)))


def neighbours_port(islands: Sequence[str] = ("IMP",)) -> Chain:
    """The ore goes by rail to the neighbour's port; one coaster calls at EXP's own."""
    sea = fleet(rounds(6, (("NBR:1", 2.0, 8.0), ("IMP:1", 2.0, 8.0))) | rounds(1, DIRECT, "coast"))
    return run(trade(3 * MT), sea, islands=islands)


def no_station() -> Chain:
    """Five ships call at an island whose port nobody hears: of each only the calls at the other end are known."""
    sea = fleet(rounds(5, (("IMP:1", 2.0, 18.0),)) | {"tug-0": [("EXP:1", 1.0, 2.0)]})
    return run(trade(3 * MT), replace(sea, deaf=("EXP:1",)))


def wet_tonnes() -> Chain:
    """The ore is declared as mined, wet; it dries on the heap, and ships carry a quarter less."""
    return run(trade(4.2 * MT), fleet(rounds(4, DIRECT)))


def through_a_hub() -> Chain:
    """All ore changes ship in a hub: no ship goes from one to the other."""
    there = rounds(5, (("EXP:1", 2.0, 8.0), ("HUB:1", 2.0, 8.0)), "feeder")
    return run(trade(3 * MT), fleet(there | rounds(5, (("HUB:1", 2.0, 8.0), ("IMP:1", 2.0, 8.0)), "large")))


def unread_month() -> Chain:
    """The file of every July day is missing."""
    sea = fleet(rounds(1, DIRECT))
    return run(trade(3 * MT), replace(sea, unread=tuple(day for day in DAYS if day.month == 7)))


def split_identities() -> Chain:
    """Two ships send under each identity; the second of each is a track of its own."""
    calls = {
        f"{name.replace('-', '')}:{1 + at % 2}": stops for at, (name, stops) in enumerate(rounds(6, DIRECT).items())
    }
    return run(trade(3 * MT), fleet(calls))


def liners_only() -> Chain:
    """Nickel matte goes in boxes: only container ships call."""
    rows = [{**one, "commodity": "750110", "family": "nickel"} for one in trade(0.3 * MT, price=8.0)]
    rows = [{**one, "flow_id": one["flow_id"].replace("260600", "750110")} for one in rows]
    return run(rows, fleet(rounds(2, DIRECT, "liner"), "container", 250.0), "nickel")


def silent_in_port() -> Chain:
    """Five ships switch off before they reach EXP and on again at sea: no call of theirs is seen there."""
    sea = fleet(rounds(5, (("IMP:1", 2.0, 18.0),)) | rounds(1, (("EXP:1", 2.0, 8.0), ("HUB:1", 2.0, 8.0)), "other"))
    return run(trade(3 * MT), sea)


@cache
def book(name: str) -> Chain:
    """A book, scored once per process."""
    return BOOKS[name]()


BOOKS: dict[str, Callable[[], Chain]] = {
    one.__name__: one
    for one in (
        enough, too_few, agreed, neighbours_port, no_station, wet_tonnes, through_a_hub, unread_month, split_identities,
        liners_only, silent_in_port,
    )
}  # fmt: skip
