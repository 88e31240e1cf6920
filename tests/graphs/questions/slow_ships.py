"""Answers about places, ships and companies worked out the slow way from the rows of `ship_worlds`, in plain Python.

Nothing of the graph is used: neither its builders nor its questions. Sorting follows the header of each question.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from graphs.commodities import family_of
from tests.graphs.questions.ship_worlds import Moved, Row

Answer = list[tuple[Any, ...]]
HARBOUR_KM = 30.0


class Slow:
    """One world, ready to be asked: every method named like a question returns its rows."""

    def __init__(self, moved: Moved, flows: list[tuple], alerts: list[tuple]) -> None:
        self.moved, self.flows, self.alerts = moved, flows, alerts
        self.place = {one["place_id"]: one for one in moved.places}
        self.ports = [one for one in moved.places if one["kind"] == "port" and not one.get("same_as")]
        self.port = {key: self._port(one) for key, one in self.place.items()}
        self.ship = {one["track_id"]: one for one in moved.vessels}
        self.company = {one["company_id"]: one for one in moved.companies}
        self.calls = [one for one in moved.calls if one["track_id"] in self.ship and self.port.get(one["place_id"])]
        self.legs = [*moved.legs] + [
            one | {"from_place": one["to_place"], "to_place": one["from_place"]} for one in moved.legs
        ]
        self.bills = [one for one in moved.bills if one["is_counted"]]

    def _port(self, one: Row) -> Row | None:
        """The port that a place counts for."""
        if one["kind"] == "port":
            return self.place[one.get("same_as") or one["place_id"]]
        if one["kind"] != "anchorage":
            return None
        near = min(self.ports, key=lambda port: _km(one, port))
        return near if _km(one, near) <= HARBOUR_KM else None

    def _sailed(self) -> Iterator[tuple[Row, Row, Row]]:
        """Voyages between two different ports, with both."""
        for one in self.moved.voyages:
            first, second = (self.port.get(one[name]) for name in ("from_place", "to_place"))
            if first and second and first is not second:
                yield one, first, second

    def _met(self) -> Iterator[tuple[Row, str, str]]:
        """Meetings, from either ship."""
        for one in self.moved.events:
            ends = one["track_id"], one["other_track"]
            if one["kind"] == "encounter" and ends[0] != ends[1] and all(end in self.ship for end in ends):
                yield one, *ends
                yield one, *ends[::-1]

    def ships_that_called_at_both(self, port_from, port_to, most_days=60, since=1900, until=2199) -> Answer:
        rows = []
        for x in self.calls:
            for y in self.calls:
                ends = self.port[x["place_id"]]["place_id"], self.port[y["place_id"]]["place_id"]
                if ends != (port_from, port_to) or x["track_id"] != y["track_id"] or x is y or x["left"] is None:
                    continue
                days = (y["arrived"].date() - x["left"].date()).days
                if y["arrived"] >= x["left"] and days <= most_days and since <= y["arrived"].year <= until:
                    ship = self.ship[x["track_id"]]
                    rows.append((
                        ship["track_id"], ship["name"], ship["kind"], _time(x["left"]), _time(y["arrived"]), days,
                        x["draught_out_m"], y["draught_in_m"], x["call_id"], y["call_id"],
                    ))  # fmt: skip
        return sorted(rows, key=lambda row: (row[3], row[0], row[8], row[9]))

    def ships_between_two_countries(self, exporter, importer, since=1900, until=2199) -> Answer:
        found = defaultdict(list)
        for one, first, second in self._sailed():
            if (first["country"], second["country"]) == (exporter, importer) and since <= one["arrived"].year <= until:
                found[first["place_id"], second["place_id"]].append(one)
        rows = []
        for (first, second), sailed in found.items():
            months = {(one["arrived"].year, one["arrived"].month) for one in sailed}
            rows.append((first, self.place[first]["name"], second, self.place[second]["name"], len(months),
                         len(sailed), *self._loads(sailed)))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[5], row[0], row[2]))

    def _loads(self, sailed: list[Row]) -> tuple[Any, ...]:
        """bulk, laden, unladen, weighed, cargo."""
        cargo = [one["cargo_t"] for one in sailed if one["cargo_t"] is not None]
        return (
            self._bulk(sailed), sum(one["is_laden"] is True for one in sailed),
            sum(one["is_laden"] is False for one in sailed), len(cargo),
            round(math.fsum(cargo) * 1000, 3) if cargo else None,
        )  # fmt: skip

    def _bulk(self, sailed: list[Row]) -> int:
        return sum(self.ship.get(one["track_id"], {}).get("kind") == "bulk_carrier" for one in sailed)

    def encounters_between_countries(self, first, second, most_days=30, since=1900, until=2199) -> Answer:
        rows = []
        for one, before, after in self._met():
            for x in self.calls:
                for y in self.calls:
                    if (x["track_id"], y["track_id"]) != (before, after) or x["left"] is None:
                        continue
                    a, b = self.port[x["place_id"]], self.port[y["place_id"]]
                    gone, come = _days(x["left"], one["began"]), _days(one["began"], y["arrived"])
                    in_time = 0 <= gone <= most_days and 0 <= come <= most_days and since <= one["began"].year <= until
                    if (a["country"], b["country"]) == (first, second) and in_time:
                        rows.append((
                            one["event_id"], _time(one["began"]), one["hours"], one["lon"], one["lat"], before,
                            a["name"], after, b["name"], x["call_id"], y["call_id"], one["confidence"],
                        ))  # fmt: skip
        return sorted(rows, key=lambda row: (row[1], row[0], row[9], row[10]))

    def meetings_before_arrival(self, country, most_days=14, since=1900, until=2199) -> Answer:
        rows = []
        for one, other, ship in self._met():
            for y in self.calls:
                port, days = self.port[y["place_id"]], _days(one["began"], y["arrived"])
                if y["track_id"] != ship or port["country"] != country or not 0 <= days <= most_days:
                    continue
                if since <= one["began"].year <= until:
                    rows.append((
                        one["event_id"], _time(one["began"]), one["hours"], other, self.ship[other]["kind"], ship,
                        self.ship[ship]["kind"], port["name"], days, y["call_id"],
                    ))  # fmt: skip
        return sorted(rows, key=lambda row: (row[1], row[0], row[9]))

    def busiest_ports(self, country=None, since=1900, until=2199) -> Answer:
        found = defaultdict(list)
        for one in self.calls:
            port = self.port[one["place_id"]]
            if (country is None or port["country"] == country) and since <= one["arrived"].year <= until:
                found[port["place_id"]].append(one)
        rows = []
        for key, calls in found.items():
            hours = [_hours(one["arrived"], one["left"]) for one in calls if one["left"]]
            rows.append((
                key, self.place[key]["name"], self.place[key]["country"], len(calls),
                len({one["track_id"] for one in calls}),
                sum(self.ship[one["track_id"]]["kind"] == "bulk_carrier" for one in calls),
                sum(self.place[one["place_id"]]["kind"] == "anchorage" for one in calls),
                round(math.fsum(hours), 3) if hours else None,
            ))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[3], row[0]))

    def silent_ships_near_a_port(self, port, min_hours=12, since=1900, until=2199) -> Answer:
        rows = []
        for one in self.moved.events:
            at, ship = self.port.get(one["place_id"]), self.ship.get(one["track_id"])
            if one["kind"] != "gap" or not at or not ship or at["place_id"] != port:
                continue
            if one["hours"] >= min_hours and since <= one["began"].year <= until:
                rows.append((
                    one["event_id"], ship["track_id"], ship["name"], ship["kind"], _time(one["began"]),
                    one["hours"], one["place_km"], one["main_cause"], one["confidence"],
                ))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[5], row[0]))

    def ships_on_one_identity(self, since=1900, until=2199) -> Answer:
        rows = []
        for one in self.moved.vessels:
            named = {track for event in self.moved.events for track in (event["track_id"], event["other_track"])}
            named |= {call["track_id"] for call in self.moved.calls} | {bill["track_id"] for bill in self.moved.bills}
            if not one["is_split"] or one["track_id"] not in named:
                continue
            if one["first_seen"].year <= until and one["last_seen"].year >= since:
                calls = [call for call in self.calls if call["track_id"] == one["track_id"]]
                rows.append((
                    one["track_id"], one["name"], one["kind"], one["length_m"],
                    _time(one["first_seen"])[:10], _time(one["last_seen"])[:10], len(calls),
                    len({self.port[call["place_id"]]["place_id"] for call in calls}),
                ))  # fmt: skip
        return sorted(rows)

    def new_voyages_after_a_ban(self, exporter, year, window=3) -> Answer:
        found = defaultdict(list)
        for one, first, second in self._sailed():
            if first["country"] == exporter and year - window <= one["arrived"].year < year + window:
                found[first["place_id"], second["place_id"]].append(one)
        if not any(one["arrived"].year < year for sailed in found.values() for one in sailed):
            return []
        rows = []
        for (first, second), sailed in found.items():
            country = self.place[second]["country"]
            if country in (None, exporter) or any(one["arrived"].year < year for one in sailed):
                continue
            rows.append((first, self.place[first]["name"], second, self.place[second]["name"], country,
                         min(one["arrived"].year for one in sailed), len(sailed), self._bulk(sailed)))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[6], row[0], row[2]))

    def voyages_without_trade(self, year, source, min_voyages=1) -> Answer:
        traded = {one[1:3] for one in self.flows if (one[0], one[4]) == (source, year)}
        months = defaultdict(list)
        for one, first, second in self._sailed():
            if one["arrived"].year == year:
                months[first["place_id"], second["place_id"], one["arrived"].month].append(one)
        found = defaultdict(list)
        for (first, second, _), sailed in months.items():
            pair = self.place[first]["country"], self.place[second]["country"]
            if None not in pair and pair[0] != pair[1] and self._bulk(sailed):
                found[pair] += sailed
        rows = []
        for pair, sailed in found.items():
            bulk, laden, unladen, _, cargo = self._loads(sailed)
            if traded and pair not in traded and bulk >= min_voyages:
                rows.append((*pair, bulk, laden, unladen, cargo))
        return sorted(rows, key=lambda row: (-row[2], row[0], row[1]))

    def ports_of_an_alert(self, rank, list="agnostic") -> Answer:
        rows = []
        for alert in self.alerts:
            if (alert[0], alert[1]) != (list, rank) or not (alert[4] and (alert[0] == "agnostic" or alert[8])):
                continue
            _, exporter, importer, _, year = alert[2].split(":")
            for port in (one for one in self.ports if one["country"] == exporter):
                sailed = [(one, to) for one, first, to in self._sailed()
                          if first is port and one["arrived"].year == int(year)]  # fmt: skip
                direct = sum(to["country"] == importer for _, to in sailed)
                rows.append((
                    port["place_id"], port["name"], port.get("locode"), port.get("size"), exporter, importer,
                    int(year), direct or None, len(sailed) or None,
                    self._bulk([one for one, _ in sailed]) if sailed else None,
                ))  # fmt: skip
        return sorted(rows, key=lambda row: (row[7] is None, -(row[7] or 0), row[8] is None, -(row[8] or 0), row[0]))

    def _shortest(self) -> dict[tuple[str, str], tuple[float, str, str, frozenset[str]]]:
        """Km, both ports and straits of the shortest way by sea between two countries, by Bellman and Ford."""
        lanes = [one for one in self.moved.lanes if one["passage"] != "northwest"]
        lanes += [one | {"start": one["end"], "end": one["start"]} for one in lanes]
        joined = {}
        for port in self.ports:
            near = min(self.moved.nodes, key=lambda node: _km(port, node))
            if _km(port, near) <= 100:
                joined[port["place_id"]] = near["node"], _km(port, near)
        best: dict[tuple[str, str], Any] = {}
        reached = [port for port in self.ports if port["place_id"] in joined]
        for first in reached:
            node, away = joined[first["place_id"]]
            ways: dict[int, tuple[float, frozenset[str]]] = {node: (away, frozenset())}
            changed = True
            while changed:
                changed = False
                for one in (lane for lane in lanes if lane["start"] in ways):
                    km, straits = ways[one["start"]]
                    new = km + one["length_km"], straits | {one["passage"]}
                    if one["end"] not in ways or new[0] < ways[one["end"]][0] - 1e-9:
                        ways[one["end"]], changed = new, True
            for last in reached:
                end, more = joined[last["place_id"]]
                pair = first["country"], last["country"]
                if None in pair or pair[0] == pair[1] or end not in ways:
                    continue
                km, straits = ways[end]
                if pair not in best or km + more < best[pair][0] - 1e-4:
                    best[pair] = km + more, first["place_id"], last["place_id"], straits
        return best

    def _traded(self, commodity: str, year: int, source: str) -> dict[tuple[str, str], float | None]:
        found = defaultdict(list)
        for one in self.flows:
            wanted = commodity in ("any", one[3], family_of(one[3]))
            if (one[0], one[4]) == (source, year) and wanted:
                values = [one[13]] if source == "baci" else [one[7], one[8]]
                found[one[1], one[2]].append(max((value for value in values if value is not None), default=None))
        return {pair: _sum(values) for pair, values in found.items()}

    def chokepoints_of_a_commodity(self, year, source, commodity="any") -> Answer:
        best, found = self._shortest(), defaultdict(list)
        for pair, value in self._traded(commodity, year, source).items():
            for strait in best[pair][3] if pair in best else ():
                if f"strait:{strait}" in self.place:
                    found[f"strait:{strait}"].append((*pair, value))
        rows = [
            (key, self.place[key]["name"], len(pairs), len({one[0] for one in pairs}), len({one[1] for one in pairs}),
             _sum([one[2] for one in pairs]))
            for key, pairs in found.items()
        ]  # fmt: skip
        return sorted(rows, key=lambda row: (row[5] is None, -(row[5] or 0), -row[2], row[0]))

    def pairs_through_a_strait(self, strait, year, source, commodity="any") -> Answer:
        best, rows = self._shortest(), []
        for pair, value in self._traded(commodity, year, source).items():
            if pair in best and strait.removeprefix("strait:") in best[pair][3]:
                km, one, other, _ = best[pair]
                rows.append((pair[0], NAMES.get(pair[0], pair[0]), pair[1], value, one, other, round(km, 3)))
        return sorted(rows, key=lambda row: (row[3] is None, -(row[3] or 0), row[0], row[2]))

    def ways_out_of_a_country(self, country, mode=None) -> Answer:
        rows = []
        for one in self.legs:
            start, end = self.place[one["from_place"]], self.place[one["to_place"]]
            if start["country"] != country or end["country"] in (None, country) or mode not in (None, one["mode"]):
                continue
            key = f"{one['from_place']}>{one['to_place']}:{one['mode']}"
            rows.append((start["place_id"], start["name"], end["place_id"], end["name"], end["country"], one["mode"],
                         one["length_km"], one["hours"], one["cost_usd_per_t"], one["is_estimated"], key))  # fmt: skip
        return sorted(rows, key=lambda row: (row[8], row[10]))

    def flights_for_a_flow(self, exporter, importer) -> Answer:
        rows = []
        for one in self.legs:
            a, b = self.place[one["from_place"]], self.place[one["to_place"]]
            if one["mode"] == "air" and (a["country"], b["country"]) == (exporter, importer):
                key = f"{a['place_id']}>{b['place_id']}:air"
                rows.append((a["place_id"], a["name"], a.get("iata"), b["place_id"], b["name"], b.get("iata"),
                             one["length_km"], one["hours"], one["cost_usd_per_t"], key))  # fmt: skip
        return sorted(rows, key=lambda row: (row[6], row[9]))

    def _node(self, key: str | None) -> str | None:
        return self.company[key]["group_id"] if key in self.company else None

    def _shipped_to(self) -> dict[tuple[Any, ...], list[Row]]:
        found = defaultdict(list)
        for one in self.bills:
            ends = self._node(one["shipper_id"]), self._node(one["consignee_id"])
            if None not in ends:
                found[*ends, one["commodity"], one["day"] and one["day"].year].append(one)
        return found

    def companies_on_both_ends(self, commodity="any", since=1900, until=2199) -> Answer:
        got, sent = defaultdict(list), defaultdict(list)
        for (one, other, code, year), bills in self._shipped_to().items():
            if one != other and code and year and since <= year <= until:
                got[other, code].append((one, bills))
                sent[one, code].append((other, bills))
        rows = []
        for key in got.keys() & sent.keys():
            company, code = key
            family = family_of(code) if len(code) >= 4 else None
            if commodity in ("any", code, family):
                told = [(len({who for who, _ in side}), sum(len(bills) for _, bills in side), _mass(side))
                        for side in (got[key], sent[key])]  # fmt: skip
                node = self.company[company]
                rows.append((company, node["name"], node["country"], code, *told[0][:2], *told[1][:2],
                             told[0][2], told[1][2]))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[5], -row[7], row[0], row[3]))

    def partners_of_a_company(self, company) -> Answer:
        rows = []
        for (one, other, code, year), bills in self._shipped_to().items():
            if one != other and company in (one, other):
                node = self.company[other if one == company else one]
                key = f"{one}>{other}:{code or '-'}:{year or '-'}"
                rows.append((node["company_id"], node["name"], node["country"], other == company, code, year,
                             len(bills), _whole([bill["mass_kg"] for bill in bills]), key))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[6], row[8]))

    def ships_of_a_company(self, company) -> Answer:
        found = defaultdict(list)
        for one in self.bills:
            for role in ("shipper", "consignee"):
                if self._node(one[f"{role}_id"]) == company and one["track_id"] in self.ship:
                    found[one["track_id"], role].append(one["day"])
        rows = []
        for (track, role), days in found.items():
            ship, known = self.ship[track], sorted(one for one in days if one)
            calls = [call for call in self.calls if call["track_id"] == track]
            first, last = (str(known[at]) if known else None for at in (0, -1))
            rows.append((track, ship["name"], ship["kind"], ship["flag"], role, len(days), first, last, len(calls),
                         len({self.port[call["place_id"]]["place_id"] for call in calls})))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[5], row[0], row[4]))

    def shippers_of_a_port(self, port) -> Answer:
        found = defaultdict(list)
        for one in self.bills:
            at, shipper = self.port.get(one["from_place"]), self._node(one["shipper_id"])
            if at and at["place_id"] == port and shipper:
                found[shipper].append(one)
        rows = []
        for key, bills in found.items():
            years = sorted(one["day"].year for one in bills if one["day"])
            rows.append((key, self.company[key]["name"], self.company[key]["country"], len(bills),
                         *((years[0], years[-1]) if years else (None, None)),
                         _whole([one["mass_kg"] for one in bills])))  # fmt: skip
        return sorted(rows, key=lambda row: (-row[3], row[0]))


def _km(one: Row, other: Row) -> float:
    """By the law of cosines, which is not exact for points that are the same."""
    if (one["lon"], one["lat"]) == (other["lon"], other["lat"]):
        return 0.0
    east, north, far_east, far_north = (math.radians(row[name]) for row in (one, other) for name in ("lon", "lat"))
    cosine = math.sin(north) * math.sin(far_north) + math.cos(north) * math.cos(far_north) * math.cos(east - far_east)
    return 6371.0 * math.acos(max(-1.0, min(1.0, cosine)))


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _days(one: datetime, other: datetime) -> int:
    return (other.date() - one.date()).days


def _hours(one: datetime, other: datetime) -> float:
    return (other - one).total_seconds() / 3600


def _sum(values: list[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return round(math.fsum(known), 3) if known else None


def _whole(values: list[float | None]) -> float | None:
    return None if None in values else round(math.fsum(values), 3)


def _mass(side: list[tuple[str, list[Row]]]) -> float | None:
    return _whole([bill["mass_kg"] for _, bills in side for bill in bills])


NAMES = {"IDN": "Indonesia", "CHN": "China", "PHL": "Philippines"}
"""Names of countries that are not fictional; the others are called by their codes."""


def answer(slow: Slow, name: str, given: dict[str, Any]) -> Answer:
    """Rows of a question, the slow way."""
    asked: Callable[..., Answer] = getattr(slow, name.replace("-", "_"))
    return asked(**given)
