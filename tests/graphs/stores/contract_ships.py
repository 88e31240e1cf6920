"""Places, ships and companies of the contract graph: loops, both ways, parallel edges, nulls, names that are code."""

from typing import Any

Rows = dict[str, list[tuple[Any, ...]]]
FLOWING, TWIN = "211000001:1", "211000001:2"
"""Two ships under one identity."""


def rows() -> Rows:
    """Node and edge tables, rows in the order of their columns."""
    return _places() | _ships() | _companies()


def _places() -> Rows:
    ports = [
        ("port:a:1", 'O\'Hara "Bay" \\ \u00e9\U0001f6a2', "AAA", "AAONE", 1.5, -2.25, "Large", "made up"),
        ("port:a:2", "'}) DETACH DELETE n //", "AAA", None, -180.0, 90.0, None, "made up"),
        ("port:b:1", "", "BBB", "BBONE", 0.0, -0.0, "Very Small", "made up"),
        ("port:n:1", "nowhere\nland", None, None, 0.1 + 0.2, 1e-7, None, "made up"),
    ]
    airports = [
        ("airport:a", "Air `A`", "AAA", "AAX", 1.0, -2.0, "m"),
        ("airport:b", "Air B", "BBB", None, 2.0, 3.0, "m"),
    ]
    places = [
        ("strait:x", "strait", 'Narrow; "way"', None, None, 12.0, 34.0, "m"),
        ("strait:y", "strait", "Other way", None, None, -12.0, -34.0, "m"),
        ("city:a", "city", "City\tA", "AAA", "AACIT", 1.25, -2.0, "m"),
        ("border:ab", "border", "Border", "AAA", None, 1.0, 1.0, "m"),
    ]
    country = {one[0]: one[2] for one in (*ports, *airports)} | {one[0]: one[3] for one in places}
    found: Rows = {"Port": ports, "Airport": airports, "Place": places}
    for kind, nodes in (("Port", ports), ("Airport", airports), ("Place", places)):
        found[f"{kind}-LOCATED_IN-Country"] = [(one[0], country[one[0]]) for one in nodes if country[one[0]]]
    ways = [
        ("port:a:1", "port:b:1", "sea", 100.0, 5.0, 2.5, False),
        ("port:a:1", "port:a:2", "sea", 0.0, 0.0, 0.0, False),
        ("port:a:1", "port:b:1", "river", 120.0, 30.0, 2.5, True),
        ("airport:a", "airport:b", "air", 1e4, 12.5, 1e3, False),
        ("city:a", "port:a:1", "road", 50.0, 1.0, 4.5, False),
        ("city:a", "port:a:1", "rail", 55.0, 2.0, 2.0, True),
        ("city:a", "border:ab", "road", 10.0, 0.5, 1.0, False),
        ("airport:a", "city:a", "transfer", 0.0, 6.0, 3.0, False),
        ("airport:a", "port:a:1", "transfer", 0.0, 8.0, 3.5, False),
    ]
    label = {"port": "Port", "airport": "Airport", "city": "Place", "border": "Place"}
    for one, other, *told in ways:
        for start, end in ((one, other), (other, one)):
            name = f"{label[start.split(':')[0]]}-LEG-{label[end.split(':')[0]]}"
            found.setdefault(name, []).append((f"{start}>{end}:{told[0]}", start, end, *told))
    found["Country-SAILS_THROUGH-Place"] = [
        ("AAA:BBB:strait:x", "AAA", "strait:x", "BBB", "port:a:1", "port:b:1", 100.0),
        ("AAA:BBB:strait:y", "AAA", "strait:y", "BBB", "port:a:1", "port:b:1", 100.0),
        ("BBB:AAA:strait:x", "BBB", "strait:x", "AAA", "port:b:1", "port:a:1", 100.0),
        ("CCC:DDD:strait:x", "CCC", "strait:x", "DDD", "port:n:1", "port:b:1", 0.0),
    ]
    return found


def _ships() -> Rows:
    first, last = "2020-01-01", "2021-12-31"
    vessels = [
        (
            FLOWING,
            211000001,
            9074729,
            "Ro'b\"ert \\ \U0001f6a2",
            "DEU",
            "bulk_carrier",
            180.5,
            33000.0,
            first,
            last,
            True,
        ),
        (TWIN, 211000001, None, None, None, "unknown", None, None, first, first, True),
        ("OWN.7:1", None, None, "", None, "tanker", 0.0, 0.0, first, last, False),
        ("999:1", 999, None, "$name; RETURN 1", "AAA", "container", 1e-3, 1e9, last, last, False),
    ]
    calls = [
        _call(FLOWING, "port:a:1", 2020, 10, 12, 3.5, 9.25, False),
        _call(FLOWING, "port:b:1", 2020, 20, 21, 9.25, None, False),
        _call(FLOWING, "port:a:1", 2020, 40, None, None, None, True),
        _call(TWIN, "port:a:2", 2021, 11, 11, None, None, True),
        _call("OWN.7:1", "port:b:1", 2021, 1, 3, 5.0, 5.0, False),
        _call("OWN.7:1", "port:a:1", 2021, 9, 10, 5.0, 6.0, False),
        _call("999:1", "port:n:1", 2021, 30, 31, None, 0.0, False),
        _call("999:1", "port:a:1", 2021, 35, 36, None, 0.0, False),
    ]
    sailed = [
        ("port:a:1>port:b:1:202001", "port:a:1", "port:b:1", 2020, 1, 3, 2, 2, 1, 1, 1, 3.3e7),
        ("port:a:1>port:b:1:202103", "port:a:1", "port:b:1", 2021, 3, 1, 1, 0, 0, 1, 0, None),
        ("port:b:1>port:a:1:202002", "port:b:1", "port:a:1", 2020, 2, 1, 1, 1, 1, 0, 1, 0.1 + 0.2),
        ("port:b:1>port:a:1:202104", "port:b:1", "port:a:1", 2021, 4, 2, 1, 1, 0, 0, 0, None),
        ("port:a:2>port:n:1:202101", "port:a:2", "port:n:1", 2021, 1, 1, 1, 0, 0, 0, 0, None),
    ]
    met = []
    for one, other, day, year, lon in ((FLOWING, "OWN.7:1", 15, 2020, 4.5), ("999:1", "OWN.7:1", 4, 2021, None)):
        event = f"encounter:{one}:{year}:{other}"
        began = f"{year}-01-{day:02}T00:00:00Z"
        told = (event, began, _days(year, day), year, 2.5, lon, lon, "ais", 0.75)
        met += [(f"{event}:{one}", one, other, *told), (f"{event}:{other}", other, one, *told)]
    silent = [
        ("gap:1", FLOWING, "port:a:1", "2020-01-13T01:02:03Z", _days(2020, 13), 2020, 11.5, 0.4, 1.0, None),
        ("gap:2", TWIN, "port:a:1", "2021-01-12T00:00:00Z", _days(2021, 12), 2021, 8.0, None, 0.0, "reception"),
    ]
    return {
        "Vessel": vessels,
        "Vessel-CALLED_AT-Port": calls,
        "Port-SAILED_TO-Port": sailed,
        "Vessel-MET-Vessel": met,
        "Vessel-SILENT_NEAR-Port": silent,
    }


def _days(year: int, day: int) -> int:
    """Days since 1970 of a day from 1 January 2020 or 2021 on."""
    return {2020: 18262, 2021: 18628}[year] + day - 1


def _call(
    ship: str,
    port: str,
    year: int,
    first: int,
    last: int | None,
    before: float | None,
    after: float | None,
    roads: bool,
) -> tuple[Any, ...]:
    arrived, departed = (None if day is None else f"{year} day {day:03}" for day in (first, last))
    days = [None if day is None else _days(year, day) for day in (first, last)]
    hours = None if last is None else 24.0 * (last - first)
    key = f"{ship}:{port}:{year}{first}"
    return (key, ship, port, year, arrived, departed, *days, hours, before, after, roads, 0.95)


def _companies() -> Rows:
    companies = [
        ("AAA:MINES", 'O\'Brien "Mines" \\ & Co; \U0001f6a2', "AAA", 2, 5),
        ("BBB:METAL", "'}) DETACH DELETE n //", "BBB", 1, 3),
        ("__:TRADE", "", None, 1, 1),
    ]
    to = [
        ("AAA:MINES>BBB:METAL:260400:2020", "AAA:MINES", "BBB:METAL", "260400", "nickel", 2020, 2, 1000.5),
        ("AAA:MINES>BBB:METAL:-:-", "AAA:MINES", "BBB:METAL", None, None, None, 1, None),
        ("BBB:METAL>AAA:MINES:2604:2020", "BBB:METAL", "AAA:MINES", "2604", "nickel", 2020, 1, 0.1 + 0.2),
        ("BBB:METAL>__:TRADE:260400:2021", "BBB:METAL", "__:TRADE", "260400", "nickel", 2021, 1, 0.0),
        ("AAA:MINES>AAA:MINES:71:2021", "AAA:MINES", "AAA:MINES", "71", None, 2021, 1, None),
    ]
    on = [
        (f"AAA:MINES>{FLOWING}:shipper", "AAA:MINES", FLOWING, "shipper", 2, "2020-01-11", "2020-02-01"),
        (f"BBB:METAL>{FLOWING}:consignee", "BBB:METAL", FLOWING, "consignee", 1, None, None),
        (f"BBB:METAL>{FLOWING}:shipper", "BBB:METAL", FLOWING, "shipper", 1, "2021-01-01", "2021-01-01"),
    ]
    out = [
        ("AAA:MINES>port:a:1:2020", "AAA:MINES", "port:a:1", 2020, 2, 1000.5),
        ("BBB:METAL>port:b:1:-", "BBB:METAL", "port:b:1", None, 1, None),
    ]
    return {
        "Company": companies,
        "Company-LOCATED_IN-Country": [("AAA:MINES", "AAA"), ("BBB:METAL", "BBB")],
        "Company-SHIPPED_TO-Company": to,
        "Company-SHIPPED_ON-Vessel": on,
        "Company-SHIPPED_FROM-Port": out,
    }
