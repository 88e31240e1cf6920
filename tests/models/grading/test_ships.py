"""Grading of ships by hand: what was said, what happened, and the figures of both."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from graphs.tables_ships import CarryingCapacity, PortCalls, VesselEvents, Vessels, Voyages
from models.grading.figures import COLUMNS, Figure, frame
from models.grading.ship_capacity import CAPACITY, CARRIED, HEARD, USED
from models.grading.ship_truth import ShipsFound, ShipTruth, vessel_of, window
from models.grading.ships import CALLS, IDENTITIES, MEETINGS, PART, SILENCES, VOYAGES, ships
from models.world.shipping import tables
from models.world.tables import Goods

DAY = datetime(2024, 10, 1)
MMSI = {"a": 283_000_001, "b": 283_000_002, "c": 283_000_003}
IMO = {"a": "IMO2137065", "b": "IMO3137066", "c": "IMO4137067"}
PORTS = {"port:1": ("XAA", 0.0, 0.0), "port:2": ("XAB", 10.0, 0.0)}


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def utc(hour: float | None) -> datetime | None:
    return None if hour is None else at(hour).replace(tzinfo=UTC)


def table(schema: type, rows: list[dict]) -> pl.DataFrame:
    """Rows with null for what they do not state."""
    empty = schema.create_empty()
    return pl.DataFrame(rows, schema=empty.schema) if rows else empty


def vessel(name: str) -> dict:
    return {"vessel_id": name, "mmsi": MMSI[name], "imo": IMO[name]}


def true_call(name: str, place: str, arrived: float, left: float | None, *, whole: bool = True) -> dict:
    return {"vessel_id": name, "place_id": place, "arrived": at(arrived), "left": None if left is None else at(left),
            "is_whole": whole}  # fmt: skip


def truth(calls=(), gaps=(), meetings=(), collisions=(), voyages=(), goods=()) -> ShipTruth:
    return ShipTruth(
        table(tables.Vessel, [vessel(name) for name in MMSI]),
        table(tables.Voyage, [{"voyage_id": f"v{n}", **one} for n, one in enumerate(voyages)]),
        table(tables.PortCall, list(calls)),
        table(tables.Gap, [{"vessel_id": v, "start": at(b), "end": at(e), "cause": c} for v, b, e, c in gaps]),
        table(tables.Encounter, [
            {"vessel_id": v, "other_id": o, "start": at(b), "end": at(e), "is_anchorage": False, "is_dark": dark}
            for v, o, b, e, dark in meetings
        ]),
        table(tables.Collision, [
            {"mmsi": MMSI[v], "vessel_id": v, "other_id": o, "start": at(b), "end": at(e), "has_name": named}
            for v, o, b, e, named in collisions
        ]),
        table(Goods, [{"goods_id": g, "exporter": e, "importer": i} for g, e, i in goods]),
    )  # fmt: skip


def track(name: str, number: int = 1, first: float = 0, last: float = 240, imo: str | None = None) -> dict:
    return {"track_id": f"{MMSI[name]}:{number}", "mmsi": MMSI[name], "imo": int((imo or IMO[name])[3:]),
            "first_seen": utc(first), "last_seen": utc(last)}  # fmt: skip


def call(name: str, place: str, arrived: float, left: float | None) -> dict:
    return {"call_id": f"{name}{place}{arrived}", "track_id": f"{MMSI[name]}:1", "place_id": place,
            "arrived": utc(arrived), "left": utc(left)}  # fmt: skip


def event(kind: str, name: str, began: float, ended: float, other: str | None = None, **more) -> dict:
    return {"event_id": f"{kind}{name}{began}", "source": "ais", "kind": kind,
            "track_id": name if ":" in name else f"{MMSI[name]}:1",
            "other_track": other, "began": utc(began), "ended": utc(ended), **more}  # fmt: skip


def heard(*spells: tuple[str, str, float, float]) -> pl.DataFrame:
    """Reports of every hour at a place; one of a far ship at both ends of ten days."""
    rows = [(MMSI[v], utc(h), *PORTS[p][1:]) for v, p, b, e in spells for h in range(int(b), int(e) + 1)]
    rows += [(1, utc(0), 50.0, 50.0), (1, utc(239), 50.0, 50.0)]
    return pl.DataFrame(rows, schema={"sender": pl.Int64, "time": pl.Datetime("us", "UTC"), "lon": pl.Float64,
                                      "lat": pl.Float64}, orient="row")  # fmt: skip


def found(tracks=None, calls=(), events=(), voyages=(), capacity=(), positions=None, same=None) -> ShipsFound:
    places = [(one, *values, (same or {}).get(one)) for one, values in PORTS.items()]
    return ShipsFound(
        table(Vessels, [track(name) for name in MMSI] if tracks is None else list(tracks)),
        table(PortCalls, list(calls)),
        table(Voyages, list(voyages)),
        table(VesselEvents, list(events)),
        table(CarryingCapacity, list(capacity)),
        pl.DataFrame(places, schema=["place_id", "country", "lon", "lat", "same_as"], orient="row"),
        heard() if positions is None else positions,
    )


def counts(figures: list[Figure], kind: str, measure: str, band: str = "all") -> tuple[int, int]:
    one = next(one for one in figures if (one.part, one.kind, one.measure, one.band) == (PART, kind, measure, band))
    assert one.hits is not None
    assert one.total is not None
    return one.hits, one.total


def both(figures: list[Figure], kind: str) -> tuple[tuple[int, int], tuple[int, int]]:
    return counts(figures, kind, "precision"), counts(figures, kind, "recall")


def test_a_call_is_right_where_it_overlaps_by_half_or_ends_and_begins_nearly_alike() -> None:
    there = truth(
        [true_call("a", "port:1", 10, 30), true_call("b", "port:1", 10, 30), true_call("c", "port:2", 10, 12)]
    )
    said = [call("a", "port:1", 15, 29), call("b", "port:1", 22, 34), call("c", "port:2", 12.5, 14.5)]
    spells = heard(("a", "port:1", 10, 30), ("b", "port:1", 10, 30), ("c", "port:2", 10, 12))
    assert both(list(ships(found(calls=said, positions=spells), there)), CALLS) == ((2, 3), (2, 3))


def test_a_call_at_another_place_or_of_another_ship_is_wrong() -> None:
    there = truth([true_call("a", "port:1", 10, 30)])
    said = [call("a", "port:2", 10, 30), call("b", "port:1", 10, 30)]
    figures = list(ships(found(calls=said, positions=heard(("a", "port:1", 10, 30))), there))
    assert both(figures, CALLS) == ((0, 2), (0, 1))
    same = list(ships(found(calls=said, positions=heard(("a", "port:1", 10, 30)), same={"port:1": "port:2"}), there))
    assert both(same, CALLS) == ((1, 2), (1, 1))


def test_calls_that_were_not_whole_or_not_heard_are_not_missed_and_are_right_where_told() -> None:
    there = truth([true_call("a", "port:1", -30, 30, whole=False), true_call("b", "port:1", 10, 30),
                   true_call("c", "port:1", 200, None, whole=False)])  # fmt: skip
    said = [call("a", "port:1", 0, 29), call("c", "port:1", 201, None)]
    spells = heard(("b", "port:1", 10, 10), ("b", "port:2", 11, 30))
    figures = list(ships(found(calls=said, positions=spells), there))
    assert both(figures, CALLS) == ((2, 2), (0, 0))
    assert counts(figures, CALLS, "not heard") == (1, 1)


def test_a_call_without_an_end_lasts_until_the_last_report() -> None:
    there = truth([true_call("a", "port:1", 10, 30)])
    spells = heard(("a", "port:1", 10, 30))
    for last, right in ((29, 1), (240, 0)):
        tracks = [track("a", last=last)]
        figures = list(ships(found(tracks, [call("a", "port:1", 10, None)], positions=spells), there))
        assert counts(figures, CALLS, "precision") == (right, 1)


def test_a_silence_is_right_where_both_ends_are_and_its_reason_is_held_against_the_cause() -> None:
    there = truth(gaps=[("a", 10, 30, "reception"), ("b", 10, 30, "switched_off"), ("b", 50, 70, "switched_off")])
    said = [
        event("gap", "a", 10, 30.4, main_cause="reception"), event("gap", "b", 10, 30, main_cause=None),
        event("gap", "b", 50, 71), event("gap", "c", 10, 30),
    ]  # fmt: skip
    figures = list(ships(found(events=said), there))
    assert both(figures, SILENCES) == ((2, 4), (2, 3))
    assert counts(figures, SILENCES, "said reception", "reception") == (1, 1)
    assert counts(figures, SILENCES, "said none", "switched_off") == (1, 1)
    assert counts(figures, SILENCES, "said reception", "switched_off") == (0, 1)


def test_a_meeting_is_right_in_either_order_and_also_where_one_side_was_silent() -> None:
    there = truth(meetings=[("a", "b", 10, 20, False), ("b", "c", 10, 20, True), ("a", "c", 50, 60, False)])
    said = [
        event("encounter", "b", 14, 21, f"{MMSI['a']}:1"), event("encounter", "b", 11, 14, f"{MMSI['c']}:1"),
        event("encounter", "a", 57, 70, f"{MMSI['c']}:1"),
    ]  # fmt: skip
    assert both(list(ships(found(events=said), there)), MEETINGS) == ((2, 3), (1, 2))


def test_tracks_of_a_shared_identity_belong_to_their_vessels() -> None:
    there = truth(collisions=[("a", "b", 24, 120, False)])
    said = [track("a", 1), track("a", 2, 30, 110, IMO["b"]), track("b", 1, 0, 20), track("c")]
    assert vessel_of(found(said).vessels, there).rows() == [
        (f"{MMSI['a']}:1", "a"), (f"{MMSI['a']}:2", "b"), (f"{MMSI['b']}:1", "b"), (f"{MMSI['c']}:1", "c"),
    ]  # fmt: skip
    short = [track("a", 1, 30, 100), track("a", 2, 30, 110, IMO["b"])]
    assert vessel_of(found(short).vessels, there)["vessel_id"].to_list() == ["a", "b"]
    copied = truth(collisions=[("a", "b", 24, 120, True)])
    assert vessel_of(found([track("a", 2, 30, 110)]).vessels, copied)["vessel_id"].to_list() == ["b"]


def test_a_shared_identity_is_noticed_and_its_silences_are_counted() -> None:
    there = truth(gaps=[("a", 40, 60, "reception")], collisions=[("a", "b", 24, 120, False)])
    tracks = [track("a", 1), track("a", 2, 30, 110, IMO["b"]), track("c")]
    said = [
        event("identity_collision", "a", 30, 110, f"{MMSI['a']}:2"), event("identity_collision", "c", 30, 110),
        event("gap", "a", 40, 60), event("gap", "a", 70, 90), event("gap", "a", 130, 150),
    ]  # fmt: skip
    figures = list(ships(found(tracks, events=said), there))
    assert both(figures, IDENTITIES) == ((1, 2), (1, 1))
    assert counts(figures, IDENTITIES, "false silences") == (1, 2)


def voyage(name: str, start: str, end: str, departed: float, arrived: float, **more) -> dict:
    return {"vessel_id": name, "from_place": start, "to_place": end, "departed": at(departed), "arrived": at(arrived),
            "is_laden": True, **more}  # fmt: skip


def sailed(name: str, start: str, end: str, departed: float, *, laden: bool | None) -> dict:
    return {"voyage_id": f"{name}{departed}", "track_id": f"{MMSI[name]}:1", "from_place": start, "to_place": end,
            "departed": utc(departed), "is_laden": laden}  # fmt: skip


def test_a_voyage_is_right_by_its_ends_and_departure() -> None:
    there = truth(voyages=[
        voyage("a", "port:1", "port:2", 10, 60), voyage("b", "port:1", "port:2", 10, 60),
        voyage("c", "port:1", "port:2", 10, 900), voyage("a", "port:2", "port:2", 70, 80),
    ])  # fmt: skip
    said = [
        sailed("a", "port:1", "port:2", 15, laden=True), sailed("b", "port:1", "port:2", 17, laden=True),
        sailed("c", "port:1", "port:2", 10, laden=False),
    ]  # fmt: skip
    figures = list(ships(found(voyages=said), there))
    assert both(figures, VOYAGES) == ((2, 3), (1, 2))
    assert counts(figures, VOYAGES, "laden or not") == (1, 2)


def cell(period: int, out: float, into: float, seen: float = 1.0, *, known: int = 2, whole: bool = True) -> dict:
    return {"exporter": "XAA", "importer": "XAB", "period": period, "out_high_kg": out, "in_high_kg": into,
            "seen_share_out": seen, "seen_share_in": 1.0, "ports_seen": 2, "ports_known": known,
            "is_whole": whole, "known_from": date(2024, 12, 1)}  # fmt: skip


@pytest.mark.parametrize(
    ("row", "all_cells", "heard_cells"),
    [
        (cell(202410, 70.0, 80.0), (1, 1), (1, 1)),
        (cell(202410, 80.0, 50.0), (0, 1), (0, 1)),
        (cell(202410, 40.0, 80.0, 0.5), (1, 1), (0, 0)),
        (cell(202410, 80.0, 80.0, known=3), (1, 1), (0, 0)),
        (cell(202410, 70.0, 80.0, whole=False), (0, 0), (0, 0)),
        (cell(2024, 70.0, 80.0), (0, 0), (0, 0)),
        (cell(202412, 70.0, 80.0), (0, 0), (0, 0)),
    ],
)
def test_what_sailed_is_held_against_the_upper_end(row: dict, all_cells: tuple, heard_cells: tuple) -> None:
    """60 kg leave XAA for XAB in October; a load of other goods on the same ship, and one to a third country, do not
    count."""
    there = truth(
        voyages=[voyage("a", "port:1", "port:2", 10, 60, goods_ids=["g", "h"], masses_kg=[60.0, 1e6]),
                 voyage("b", "port:2", "port:1", 10, 60, goods_ids=["g"], masses_kg=[1e6])],
        goods=[("g", "XAA", "XAB"), ("h", "XAB", "XAA")],
    )  # fmt: skip
    figures = list(ships(found(capacity=[row]), there))
    assert counts(figures, CAPACITY, CARRIED) == all_cells
    assert counts(figures, CAPACITY, CARRIED, HEARD) == heard_cells
    (used,) = [one.value for one in figures if (one.kind, one.measure, one.band) == (CAPACITY, USED, "all")]
    bound = min(row["out_high_kg"], row["in_high_kg"]) / row["seen_share_out"]
    assert used == (pytest.approx(60.0 / bound) if all_cells[1] else None)


def test_without_positions_nothing_is_graded() -> None:
    assert list(ships(found(positions=heard().clear()), truth())) == []
    with pytest.raises(ValueError, match="no positions"):
        window(heard().clear())


def test_the_order_of_rows_changes_nothing() -> None:
    calls = [true_call(v, "port:1", 10 + 40 * n, 30 + 40 * n) for v in "abc" for n in range(4)]
    said = [call(v, "port:1", 11 + 40 * n, 30 + 40 * n) for v in "abc" for n in range(3)]
    spells = heard(*((v, "port:1", 10, 160) for v in "abc"))
    one = frame(ships(found(calls=said, positions=spells), truth(calls)))
    other = frame(ships(found(calls=said[::-1], positions=spells.reverse()), truth(calls[::-1])))
    assert one.equals(other)
    assert one.columns == list(COLUMNS)
