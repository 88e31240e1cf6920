"""What ships could have carried, against a slow way of counting, and what more ships or less hearing do to it."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil, log
from statistics import median

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tables_ships import CarryingCapacity
from models.shipping.capacity import _stays, capacity, could_carry, periods
from models.shipping.coverage import CELL

FIRST = date(2024, 10, 1)
DAYS = [FIRST + timedelta(days=one) for one in range(61)]
PORTS = {"port:XAA:1": ("XAA", 10.5, 5.5), "port:XAA:2": ("XAA", 14.5, 5.5), "port:XAB:1": ("XAB", 30.5, -5.5)}
TIME = pl.Datetime("us", "UTC")
FAST_KM_H, SLOW_KM_H = 22.0, 15.0
CALL = {
    "call_id": pl.String, "track_id": pl.String, "place_id": pl.String, "country": pl.String, "arrived": TIME,
    "left": TIME,
}  # fmt: skip
VOYAGE = {
    "voyage_id": pl.String, "track_id": pl.String, "from_call": pl.String, "to_call": pl.String, "departed": TIME,
    "hours": pl.Float64, "length_km": pl.Float64,
}  # fmt: skip
SHIPS = {
    # track: kind, length; deadweight and its spread by the rule of models.shipping.sizes
    "bulk": ("bulk_carrier", 190.0), "coaster": ("general_cargo", 100.0), "liner": ("container", 250.0),
    "trawler": ("fishing", 40.0), "nobody": ("unknown", None),
}  # fmt: skip
SIZE = {
    "bulk": (0.95e3 * (190 / 5.3) ** 3, 0.20),
    "coaster": (0.95e3 * (100 / 6.0) ** 3, 0.25),
    "nobody": (33.25e6, 0.8),
}
"""What each ship of bulk could carry, kg, and the spread of its size."""
Stop = tuple[str, str, float, float]
"""Track, port, arrival and departure in days after 1 October."""


def moment(days: float) -> datetime:
    return datetime(2024, 10, 1, tzinfo=UTC) + timedelta(days=days)


def called(stops: list[Stop]) -> pl.DataFrame:
    rows = [
        (f"{track}:{port}:{into}", track, port, PORTS[port][0], moment(into), moment(out))
        for track, port, into, out in stops
    ]
    return pl.DataFrame(rows, schema=CALL, orient="row").sort("call_id")


def sailed(calls: pl.DataFrame, km_h: float = FAST_KM_H) -> pl.DataFrame:
    """From each call of a ship to its next at another place, at a speed."""
    rows = []
    stops = calls.sort("track_id", "arrived").rows(named=True)
    for one, other in pairwise(stops):
        if one["track_id"] == other["track_id"] and one["place_id"] != other["place_id"]:
            hours = (other["arrived"] - one["left"]).total_seconds() / 3600
            rows.append(
                (one["call_id"], one["track_id"], one["call_id"], other["call_id"], one["left"], hours, hours * km_h)
            )
    return pl.DataFrame(rows, schema=VOYAGE, orient="row")


def ships() -> pl.DataFrame:
    rows = [
        (track, kind, length, SIZE[track][0] / 950 if kind in ("bulk_carrier", "general_cargo") else None,
         18.0 if kind == "container" else 11.0)
        for track, (kind, length) in SHIPS.items()
    ]  # fmt: skip
    schema = {"track_id": pl.String, "kind": pl.String, "length_m": pl.Float32, "deadweight_t": pl.Float64}
    schema |= {"usual_kn": pl.Float32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def shore(**depth: float) -> pl.DataFrame:
    rows = [(name, "port", *PORTS[name], None, depth.get(name[5:8]), None) for name in PORTS]
    return pl.DataFrame(
        rows,
        schema={
            "place_id": pl.String, "kind": pl.String, "country": pl.String, "lon": pl.Float64, "lat": pl.Float64,
            "same_as": pl.String, "max_draught_m": pl.Float64, "max_length_m": pl.Float64,
        },
        orient="row",
    )  # fmt: skip


def heard(*ports: str, hours: int = (1 << 24) - 1, days: list[date] = DAYS, fell: int = 0) -> pl.DataFrame:
    """Cells of these ports, heard in the hours of the mask on every day."""
    cells = [(day, int(PORTS[one][1] // 1), int(PORTS[one][2] // 1), hours, fell) for one in ports for day in days]
    schema = {"known_from": pl.Date, CELL[0]: pl.Int16, CELL[1]: pl.Int16, "hours_seen": pl.UInt32}
    schema = {**schema, "fell_silent": pl.UInt16}
    return pl.DataFrame(cells, schema=schema, orient="row")


def told(
    stops: list[Stop], cells: pl.DataFrame | None = None, days: list[date] = DAYS, km_h: float = FAST_KM_H
) -> pl.DataFrame:
    calls = called(stops)
    cells = heard(*PORTS) if cells is None else cells
    return capacity(calls, sailed(calls, km_h), ships(), cells, shore(), days)


def row(table: pl.DataFrame, period: int = 202410, one: str = "XAA", other: str = "XAB") -> dict:
    return table.row(
        by_predicate=(pl.col("exporter") == one) & (pl.col("importer") == other) & (pl.col("period") == period),
        named=True,
    )


ROUND: list[Stop] = [
    ("bulk", "port:XAA:1", 2.0, 4.0), ("bulk", "port:XAB:1", 9.0, 11.0), ("bulk", "port:XAA:1", 16.0, 18.0),
    ("bulk", "port:XAB:1", 23.0, 25.0), ("coaster", "port:XAA:1", 5.0, 6.0), ("coaster", "port:XAA:2", 6.5, 8.0),
    ("coaster", "port:XAB:1", 12.0, 13.0), ("liner", "port:XAA:1", 3.0, 4.0), ("trawler", "port:XAA:2", 1.0, 30.0),
]  # fmt: skip


def test_ships_of_both_ends_are_added_up_each_with_what_it_could_carry() -> None:
    found = row(told(ROUND, heard(*PORTS, days=LATER), LATER))
    bulk, coaster = SIZE["bulk"][0], SIZE["coaster"][0]
    assert found["out_kg"] == pytest.approx(2 * bulk + coaster)
    assert found["in_kg"] == pytest.approx(2 * bulk + coaster)
    assert found["direct_kg"] == pytest.approx(2 * bulk + coaster)
    assert (found["calls_out"], found["calls_in"], found["voyages"], found["boxed_calls"]) == (3, 3, 3, 1)
    assert (found["ports_seen"], found["ports_known"], found["is_whole"]) == (3, 3, True)
    # One ship twice errs twice in the same way; all sizes share the error of their rule.
    # And some two in a hundred ships are heard nowhere.
    unheard = 0.02 * (2 * bulk**2 + coaster**2 + 33.25e6**2)
    sd = ((2 * bulk * 0.2) ** 2 + (coaster * 0.25) ** 2 + (0.1 * found["in_kg"]) ** 2 + unheard) ** 0.5
    assert found["in_high_kg"] == pytest.approx(found["in_kg"] + 1.2816 * sd)
    assert found["in_log_sd"] == pytest.approx(log(found["in_high_kg"] / found["in_kg"]) / 1.2816)


def test_a_second_port_within_a_day_is_no_second_departure() -> None:
    near = [("coaster", "port:XAA:1", 5.0, 6.0), ("coaster", "port:XAA:2", 6.9, 8.0), ("bulk", "port:XAB:1", 1.0, 2.0)]
    far = [("coaster", "port:XAA:1", 5.0, 6.0), ("coaster", "port:XAA:2", 7.1, 8.0), ("bulk", "port:XAB:1", 1.0, 2.0)]
    assert row(told(near))["calls_out"] == 1
    assert row(told(far))["calls_out"] == 2


def test_the_period_is_widened_by_the_usual_voyage_and_unread_days_are_not_heard() -> None:
    found = told(ROUND)
    # Voyages of the exporter take 5 days, so departures count from 26 September: 31 of 36 days were read.
    assert row(found)["seen_share_out"] == pytest.approx(31 / 36)
    assert row(found)["seen_share_in"] == 1.0
    assert row(found, 202411)["seen_share_out"] == 1.0
    assert row(found, 202411)["seen_share_in"] == pytest.approx(30 / 35)
    # What left on 28 October could be declared in either month; what came on 2 November too.
    late = [("bulk", "port:XAA:1", 25.0, 28.0), ("bulk", "port:XAB:1", 32.5, 34.0)]
    assert [row(told(late), period)["calls_out"] for period in (202410, 202411)] == [1, 1]
    assert [row(told(late), period)["calls_in"] for period in (202410, 202411)] == [1, 1]
    assert row(told(late))["known_from"] == date(2024, 11, 5)


def test_a_month_with_an_unread_day_is_not_whole() -> None:
    days = [day for day in DAYS if day != date(2024, 10, 20)]
    found = told(ROUND, heard(*PORTS, days=days), days)
    assert not row(found)["is_whole"]
    assert row(found, 202411)["is_whole"]


def test_an_unheard_port_is_not_seen_and_lowers_the_share() -> None:
    found = row(told(ROUND, heard("port:XAA:1", "port:XAB:1")))
    assert (found["ports_seen"], found["ports_known"]) == (2, 3)
    assert found["seen_share_out"] == pytest.approx(31 / 36 / 2)


def test_ports_too_shallow_for_any_ship_of_bulk_are_left_out() -> None:
    calls = called(ROUND)
    found = capacity(calls, sailed(calls), ships(), heard("port:XAB:1"), shore(XAA=3.0), DAYS)
    assert row(found)["ports_known"] == 1


def test_a_ship_of_which_no_call_was_seen_before_may_have_come_from_the_exporter() -> None:
    bulk = SIZE["bulk"][0]
    # It comes back to the importer after twelve days; where it was, nobody saw. Once more, and it stays away.
    stops = [("bulk", "port:XAB:1", 2.0, 4.0), ("bulk", "port:XAB:1", 16.0, 18.0), ("trawler", "port:XAA:1", 1.0, 2.0)]
    found = row(told(stops))
    assert (found["out_kg"], found["in_kg"]) == (pytest.approx(2 * bulk), pytest.approx(2 * bulk))
    assert (found["calls_out"], found["calls_in"]) == (0, 2)
    # From the importer as an exporter, it left twice for nobody knows where.
    assert row(told(stops), 202410, "XAB", "XAA")["in_kg"] == pytest.approx(2 * bulk)


def test_a_passage_with_a_day_to_spare_has_room_for_a_call_that_nobody_saw() -> None:
    ports = {**PORTS, "port:XAC:1": ("XAC", 50.5, 5.5)}
    stops = [("bulk", "port:XAC:1", 2.0, 4.0), ("bulk", "port:XAB:1", 10.0, 12.0)]
    rows = [
        (f"bulk:{port}:{into}", "bulk", port, ports[port][0], moment(into), moment(out)) for _, port, into, out in stops
    ]
    idle = ("trawler:1", "trawler", "port:XAA:1", "XAA", moment(1.0), moment(2.0))
    calls = pl.DataFrame([*rows, idle], schema=CALL, orient="row")
    bulk = SIZE["bulk"][0]
    # Six days at 11 kn are 2,933 km.
    for km_h, carried in ((2460 / 144, 0.0), (2430 / 144, bulk)):
        found = capacity(calls, sailed(calls, km_h), ships(), heard(*PORTS), shore(), DAYS)
        assert row(found)["out_kg"] == pytest.approx(carried)


def test_nothing_seen_is_nothing_with_a_doubt_of_one_unseen_ship() -> None:
    found = row(told([("trawler", "port:XAA:1", 1.0, 2.0), ("liner", "port:XAB:1", 1.0, 2.0)]))
    assert (found["out_kg"], found["out_log_sd"], found["calls_out"]) == (0.0, None, 0)
    # No voyage was seen: a fortnight is usual.
    assert found["out_high_kg"] == pytest.approx(1.2816 * 33.25e6 * (1 - 31 / 45) ** 0.5)


def test_a_ship_of_unknown_size_counts_as_a_usual_one() -> None:
    found = row(told([("nobody", "port:XAA:1", 1.0, 2.0), ("liner", "port:XAB:1", 1.0, 2.0)]))
    assert found["out_kg"] == pytest.approx(33.25e6)


def test_a_year_is_told_where_330_of_its_days_were_read() -> None:
    days = [date(2024, 1, 1) + timedelta(days=one) for one in range(330)]
    assert [one[0] for one in periods(days)][-1] == 2024
    assert 2024 not in [one[0] for one in periods(days[1:])]
    assert periods(days)[-1][1:] == (date(2024, 1, 1), date(2024, 12, 31))


def test_the_table_is_that_of_the_schema_and_empty_without_calls() -> None:
    assert CarryingCapacity.validate(told(ROUND), cast=True).height == 4
    assert CarryingCapacity.validate(told([]), cast=True).is_empty()
    assert CarryingCapacity.validate(told(ROUND, days=[]), cast=True).is_empty()


def slow(stops: list[Stop], mask: int) -> dict[int, tuple[float, ...]]:
    """The same sums for XAA and XAB, one stay and one hour at a time, by month: kg, upper end, seen; out, then in."""
    stays: list[list] = []
    order = sorted(stops, key=lambda one: (one[0], one[2]))
    last: Stop | None = None
    for track, port, into, out in order:
        is_sure = last is not None and last[0] == track and last[1] != port and is_direct(into - last[3])
        if stays and stays[-1][:2] == [track, PORTS[port][0]] and into - stays[-1][3] < 1.0:
            stays[-1][3] = out
        else:
            if stays and stays[-1][0] == track:
                stays[-1][5] = not is_sure
            stays.append([track, PORTS[port][0], into, out, not is_sure, True])
        last = (track, port, into, out)
    heard_hours = {h for h in range(61 * 24) if any(0 <= h + s < 61 * 24 and mask >> (h + s) % 24 & 1 for s in NEAR)}
    answers = {}
    for month in (10, 11):
        start = (date(2024, month, 1) - FIRST).days
        stop = start + monthrange(2024, month)[1]
        said: tuple[float, ...] = ()
        for country in ("XAA", "XAB"):
            leaves = country == "XAA"
            lengths = usual_lengths(stops, country, leaves)
            usual = min(45, ceil(median(lengths))) if lengths else 14
            begin, end = (start - usual, stop) if leaves else (start, stop + usual)
            seen = sum(h in heard_hours for h in range(begin * 24, end * 24)) / (24 * (end - begin))
            other = "XAB" if leaves else "XAA"
            far = usual_lengths(stops, other, not leaves)
            wide = min(45, ceil(median(far))) if far else 14
            theirs = (start, stop + wide) if leaves else (start - wide, stop)
            mine = [
                one for one in stays
                if one[0] in SIZE and one[1] == country and begin <= (one[3] if leaves else one[2]) < end
            ]  # fmt: skip
            theirs_unknown = [
                one for one in stays
                if one[0] in SIZE and one[1] == other and one[4 if leaves else 5]
                and theirs[0] <= (one[2] if leaves else one[3]) < theirs[1]
            ]  # fmt: skip
            kg = sum(SIZE[one[0]][0] for one in (*mine, *theirs_unknown))
            variance = (0.1 * kg) ** 2
            for ship in SIZE:
                for some in (mine, theirs_unknown):
                    variance += sum(SIZE[ship][0] * SIZE[ship][1] for one in some if one[0] == ship) ** 2
            variance += (1 - min(seen, 0.98)) * (
                33.25e6**2 + sum(SIZE[one[0]][0] ** 2 for one in (*mine, *theirs_unknown))
            )
            said = (*said, kg, kg + 1.2816 * variance**0.5, seen)
        answers[202400 + month] = said
    return answers


NEAR = range(-3, 4)


def is_direct(days: float) -> bool:
    """A passage at SLOW_KM_H with less than a day to spare beside the 11 kn of every ship."""
    return days * 24 - days * 24 * SLOW_KM_H / (11.0 * 1.852) < 24.0


def usual_lengths(stops: list[Stop], country: str, leaves: bool) -> list[float]:
    """Days of the voyages that leave or reach a country."""
    order = sorted(stops, key=lambda one: (one[0], one[2]))
    lengths = []
    for one, other in pairwise(order):
        ends = PORTS[one[1]][0], PORTS[other[1]][0]
        if one[0] == other[0] and one[0] in SIZE and ends[0] != ends[1] and ends[0 if leaves else 1] == country:
            lengths.append(other[2] - one[3])
    return lengths


@st.composite
def itineraries(draw: st.DrawFn) -> list[Stop]:
    """Calls of each ship one after the other."""
    stops: list[Stop] = []
    for ship in SHIPS:
        now = draw(st.integers(0, 40)) / 4
        for _ in range(draw(st.integers(0, 4))):
            stay, way = draw(st.integers(1, 12)) / 4, draw(st.integers(1, 40)) / 4
            if now + stay < 60:
                stops.append((ship, draw(st.sampled_from(sorted(PORTS))), now, now + stay))
            now += stay + way
    return stops


LATER = [date(2024, 10, 1) + timedelta(days=one) for one in range(92)]
"""To the end of December."""


@given(itineraries(), st.integers(61, 91), st.integers(0, (1 << 24) - 1))
def test_days_of_a_running_month_change_no_whole_one(stops: list[Stop], read: int, mask: int) -> None:
    moved = [(track, port, into * 1.5, out * 1.5) for track, port, into, out in stops]
    some, days = [one for one in moved if one[2] < read], LATER[:read]
    some = [(track, port, into, min(out, read)) for track, port, into, out in some]
    closed = [(track, port, into, min(out, 61)) for track, port, into, out in moved if into < 61]
    before = told(closed, heard(*PORTS, hours=mask), DAYS)
    after = told(some, heard(*PORTS, hours=mask, days=days), days)
    months = pl.col("period").is_in([202410, 202411])
    assert after.filter(months).equals(before.filter(months))
    assert after.filter(~months)["is_whole"].not_().all()


def test_a_running_month_is_told_of_all_that_was_read() -> None:
    december = [("bulk", "port:XAA:1", 62.0, 64.0), ("bulk", "port:XAB:1", 69.0, 71.0)]
    found = told([*ROUND, *december], heard(*PORTS, days=LATER[:80]), LATER[:80])
    assert row(found, 202412)["calls_out"] == 1
    assert row(found, 202412)["voyages"] is None
    assert not row(found, 202412)["is_whole"]
    assert [row(found, one)["is_whole"] for one in (202410, 202411)] == [True, True]
    assert row(told([*ROUND, *december], heard(*PORTS, days=LATER), LATER), 202412)["is_whole"]


@given(itineraries(), st.integers(0, (1 << 24) - 1))
def test_the_sums_are_those_of_the_slow_way(stops: list[Stop], mask: int) -> None:
    found = told(stops, heard(*PORTS, hours=mask, fell=1), km_h=SLOW_KM_H)
    both = found.filter(pl.col("exporter") == "XAA", pl.col("importer") == "XAB")
    names = ("out_kg", "out_high_kg", "seen_share_out", "in_kg", "in_high_kg", "seen_share_in")
    for period, answer in slow(stops, mask).items() if both.height else ():
        assert [row(both, period)[name] for name in names] == pytest.approx(answer)


ENDS = (("out_kg", "out_high_kg", "seen_share_out"), ("in_kg", "in_high_kg", "seen_share_in"))


@given(itineraries(), st.sampled_from(sorted(PORTS)), st.integers(0, 200))
def test_more_ships_never_lower_what_could_be_carried(stops: list[Stop], port: str, when: int) -> None:
    calls = called([*stops, ("trawler", "port:XAA:1", 59.0, 59.5), ("trawler", "port:XAB:1", 60.0, 60.5)])
    more = called([("nobody", port, when / 4, when / 4 + 0.5)]).with_columns(call_id=pl.lit("more"))
    no_way = sailed(called([]))
    other = ships().filter(pl.col("track_id") == "nobody").with_columns(track_id=pl.lit("one more"))
    fleet = pl.concat([ships(), other])
    less, full = (
        capacity(one, no_way, fleet, heard("port:XAA:1", "port:XAB:1"), shore(), DAYS)
        for one in (calls, pl.concat([calls, more.with_columns(track_id=pl.lit("one more"))]))
    )
    for kg, high, _ in ENDS:
        for name in (kg, high):
            assert (full[name] >= less[name] - 1e-6).all()


@given(itineraries(), st.integers(0, (1 << 24) - 1), st.integers(0, (1 << 24) - 1))
def test_less_hearing_never_lowers_the_upper_end(stops: list[Stop], mask: int, other: int) -> None:
    other |= 0b111 << 21  # a silence is judged by the hour at which it begins: what is heard late stays
    whole, part = (told(stops, heard(*PORTS, hours=one)) for one in (mask, mask & other))
    for kg, high, seen in ENDS:
        assert (part[seen] <= whole[seen]).all()
        assert (part[kg] == whole[kg]).all()
        assert (part[high] >= whole[high] - 1e-6).all()


@given(itineraries())
def test_the_order_of_rows_changes_nothing(stops: list[Stop]) -> None:
    calls, cells = called(stops), heard(*PORTS)
    shuffled = calls.sample(fraction=1.0, shuffle=True, seed=7)
    one = capacity(calls, sailed(calls), ships(), cells, shore(), DAYS)
    two = capacity(shuffled, sailed(calls).reverse(), ships().reverse(), cells.reverse(), shore().reverse(), DAYS[::-1])
    assert one.equals(two)


@pytest.mark.parametrize("days", [10.0, 30.0, 60.0])
def test_a_fast_ship_saves_no_time_for_a_stay_that_nobody_saw(days: float) -> None:
    """13 kn all the way, and three days in a port between, however long the way: it may have come from anywhere."""
    stops = [("bulk", "port:XAA:1", 0.0, 1.0), ("bulk", "port:XAB:1", 1.0 + days, 2.0 + days)]
    calls = called(stops)
    way = sailed(calls, 13.0 * 1.852).with_columns(hours=pl.col("hours") + 72.0)
    fast = ships().with_columns(usual_kn=pl.lit(13.0, pl.Float32))
    at_once, stayed = (_stays(calls, one, fast)[0] for one in (sailed(calls, 13.0 * 1.852), way))
    assert at_once.sort("arrived")["came_unknown"].to_list() == [True, False]
    assert stayed.sort("arrived")["came_unknown"].to_list() == [True, True]


@pytest.mark.parametrize(
    ("kind", "length_m", "usual_kn", "tonnes"),
    [
        ("container", 225.0, 14.1, (225 / 5.3) ** 3),
        ("container", 225.0, 17.0, None),
        ("other", 120.0, 9.0, (120 / 5.3) ** 3),
        ("other", 20.0, 9.0, None),
        ("other", None, 9.0, None),
        ("tug", 30.0, 7.0, 8_000.0),
        ("fishing", 90.0, 9.0, None),
        ("unknown", None, None, 35_000.0),
    ],
)
def test_a_ship_counts_unless_it_surely_carries_no_bulk(
    kind: str, length_m: float | None, usual_kn: float | None, tonnes: float | None
) -> None:
    row = {"track_id": "one", "kind": kind, "length_m": length_m, "deadweight_t": 1e5, "usual_kn": usual_kn}
    schema = {"track_id": pl.String, "kind": pl.String}
    found = could_carry(pl.DataFrame([row], schema=schema | dict.fromkeys(list(row)[2:], pl.Float64)))
    assert found["kg"].to_list() == ([] if tonnes is None else [pytest.approx(950 * tonnes)])
