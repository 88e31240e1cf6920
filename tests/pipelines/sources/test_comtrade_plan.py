"""Planning calls: nothing lost, nothing asked twice, nothing too long."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import FetchError, InputError, UnknownCode
from graphs.tables import FLOW_CODES
from pipelines.sources.comtrade_plan import Covered, balanced, divide, fit, is_cut, pieces, plan
from pipelines.sources.comtrade_query import Available, Call, Request, numbers

PREFIX = "https://comtradeapi.un.org/data/v1/get"
Cell = tuple[str, str, int, int]


def published(*pairs: tuple[int, int], stamp: str = "2024") -> list[Available]:
    return [Available(reporter, period, 100, stamp) for reporter, period in pairs]


def cells(call: Call, flows: tuple[str, ...] = FLOW_CODES) -> set[Cell]:
    """Everything a call asks for."""
    return {
        (code, flow, reporter, period)
        for code in call.commodities or ("ALL",)
        for flow in call.flows or flows
        for reporter in call.reporters
        for period in call.periods
    }


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"periods": ()}, "no period was named"),
        ({"periods": (202003,)}, "period 202003 does not go with frequency A: give a year such as 2020"),
        (
            {"periods": (2020,), "frequency": "M"},
            "period 2020 does not go with frequency M: give a month such as 202003",
        ),
        ({"periods": (202013,), "frequency": "M"}, "neither a year"),
        ({"periods": (1950,)}, "before 1962"),
        ({"periods": (2020,), "flows": ("M", "Import")}, "flow code 'Import' is unknown"),
        ({"periods": (2020,), "flows": ("m",)}, "flow code 'm' is unknown"),
        ({"periods": (2020,), "commodities": ("gold",)}, "commodity 'gold' is no HS code"),
        ({"periods": (2020,), "commodities": ("710",)}, "commodity '710' is no HS code"),
        ({"periods": (2020,), "classification": "HS92"}, "classification 'HS92' is unknown"),
    ],
)
def test_what_the_api_would_answer_with_silence_is_refused_before(bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        Request(**bad)


def test_areas_are_checked_too() -> None:
    with pytest.raises(UnknownCode, match="'QQQ' is not in the list"):
        Request((2020,), reporters=("QQQ",))
    with pytest.raises(InputError, match="XAA has no number in UN Comtrade"):
        Request((2020,), partners=("XAA",))


def test_numbers_of_an_area_include_its_former_ones() -> None:
    assert numbers("IDN") == (360,)
    assert numbers("DEU") == (276, 280)
    assert numbers("USA") == (841, 842)
    assert numbers("W00") == (0,)


def test_a_call_spells_its_query_without_host_and_encoding() -> None:
    call = Call((2019, 2020), ("260400", "750110"), (360, 608), ("M",))
    assert call.query == (
        "get/C/A/HS?reportercode=360,608&period=2019,2020&cmdCode=260400,750110&flowCode=M"
        "&partner2Code=0&motCode=0&customsCode=C00"
    )
    assert call.url(PREFIX, countOnly="true") == f"{PREFIX}/C/A/HS?{call.query.partition('?')[2]}&countOnly=true"


def test_breakdowns_are_asked_for_by_leaving_the_totals_out() -> None:
    assert Call((2020,), has_breakdown=True).query == "get/C/A/HS?period=2020"


def test_25_years_of_one_code_are_three_calls() -> None:
    years = tuple(range(2000, 2025))
    calls = plan(
        Request(years, ("260400",)), published(*((r, y) for r in (156, 360) for y in years)), Covered(), PREFIX
    )
    assert [len(call.periods) for call in calls] == [12, 12, 1]
    assert {call.reporters for call in calls} == {(156, 360)}
    assert {call.flows for call in calls} == {()}


def test_only_reporters_that_published_are_asked_for() -> None:
    calls = plan(Request((2019, 2020)), published((156, 2019), (360, 2020)), Covered(), PREFIX)
    assert [(call.reporters, call.periods) for call in calls] == [((156, 360), (2019, 2020))]
    assert plan(Request((2019,)), published((156, 2020)), Covered(), PREFIX) == []


def test_reporters_are_chosen_by_code_with_their_former_numbers() -> None:
    available = published((280, 1989), (276, 1995), (156, 1995))
    (call,) = plan(Request((1989, 1995), reporters=("DEU",)), available, Covered(), PREFIX)
    assert call.reporters == (276, 280)


def test_what_is_archived_in_this_version_is_not_asked_again() -> None:
    known = Covered()
    known.add(["260400"], [], {(156, 2020): "2024", (360, 2020): "2023"})
    calls = plan(Request((2020,), ("260400",)), published((156, 2020), (360, 2020)), known, PREFIX)
    assert [call.reporters for call in calls] == [(360,)]


def test_a_new_commodity_is_asked_for_alone() -> None:
    known = Covered()
    known.add(["260400"], [], {(156, 2020): "2024"})
    (call,) = plan(Request((2020,), ("260400", "750110")), published((156, 2020)), known, PREFIX)
    assert call.commodities == ("750110",)


def test_everything_covers_each_commodity_but_not_the_other_way_round() -> None:
    known = Covered()
    known.add([], [], {(156, 2020): "2024"})
    assert plan(Request((2020,), ("260400",)), published((156, 2020)), known, PREFIX) == []
    part = Covered()
    part.add(["260400"], [], {(156, 2020): "2024"})
    assert len(plan(Request((2020,)), published((156, 2020)), part, PREFIX)) == 1


def test_flows_of_a_divided_answer_add_up() -> None:
    known = Covered()
    known.add(["260400"], ["M"], {(156, 2020): "2024"})
    (call,) = plan(Request((2020,), ("260400",)), published((156, 2020)), known, PREFIX)
    assert set(call.flows) == set(FLOW_CODES) - {"M"}
    known.add(["260400"], call.flows, {(156, 2020): "2024"})
    assert plan(Request((2020,), ("260400",)), published((156, 2020)), known, PREFIX) == []


PAIRS = st.sets(st.tuples(st.integers(1, 899), st.integers(1990, 2024)), max_size=60)
CODES = st.sets(st.sampled_from(["2604", "260400", "750110", "7108", "TOTAL"]), min_size=1).map(sorted)


@given(PAIRS, CODES, PAIRS, st.sets(st.sampled_from(FLOW_CODES)))
def test_a_plan_and_the_archive_together_hold_everything(
    pairs: set[tuple[int, int]], codes: list[str], old: set[tuple[int, int]], old_flows: set[str]
) -> None:
    request = Request(tuple(range(1990, 2025)), tuple(codes))
    known = Covered()
    known.add(codes[:1], old_flows, dict.fromkeys(old & pairs, "2024"))
    calls = plan(request, published(*pairs), known, PREFIX)
    asked = set().union(*(cells(call) for call in calls))
    held = {(codes[0], flow, *pair) for pair in old & pairs for flow in old_flows or FLOW_CODES}
    wanted = {(code, flow, *pair) for code in codes for flow in FLOW_CODES for pair in pairs}
    assert wanted <= asked | held
    assert all(len(call.periods) <= 12 and len(call.url(PREFIX)) < 4_096 for call in calls)


@given(st.integers(1, 900), st.integers(1, 60), st.integers(1, 400))
def test_addresses_stay_short_and_nothing_is_lost(reporters: int, periods: int, commodities: int) -> None:
    whole = Call(
        tuple(range(1962, 1962 + periods)),
        tuple(f"{at:06d}" for at in range(commodities)),
        tuple(range(1, reporters + 1)),
    )
    parts = fit(whole, PREFIX)
    assert all(len(part.url(PREFIX, maxRecords=100_000, countOnly="true")) < 4_096 for part in parts)
    assert all(len(part.periods) <= 12 for part in parts)
    assert (
        sum(len(p.periods) * len(p.commodities) * len(p.reporters) for p in parts) == periods * commodities * reporters
    )


@given(st.lists(st.floats(0, 1e9), min_size=2, max_size=40), st.integers(2, 50))
def test_balanced_runs_keep_order_and_lose_nothing(weights: list[float], parts: int) -> None:
    values = list(range(len(weights)))
    groups = balanced(values, parts, weights)
    assert [value for group in groups for value in group] == values
    assert 2 <= len(groups) <= parts
    assert all(groups)


def test_balanced_by_weight() -> None:
    assert balanced(["a", "b", "c", "d"], 2, [1, 1, 1, 9]) == [["a", "b", "c"], ["d"]]
    assert balanced(["a", "b", "c", "d"], 2, [9, 1, 1, 1]) == [["a"], ["b", "c", "d"]]
    assert balanced(["a", "b", "c"], 3, [0, 0, 0]) == [["a"], ["b"], ["c"]]


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.sets(st.sampled_from(FLOW_CODES)), st.integers(2, 5))
def test_divided_calls_ask_for_the_same_and_nothing_twice(
    periods: int, reporters: int, commodities: int, flows: set[str], parts: int
) -> None:
    call = Call(
        tuple(range(2000, 2000 + periods)),
        tuple(f"26040{at}" for at in range(commodities)),
        tuple(range(1, reporters + 1)),
        tuple(sorted(flows)),
    )
    if periods == reporters == commodities == len(flows) == 1:
        with pytest.raises(FetchError, match="cannot be divided further: name single commodities"):
            divide(call, parts, lambda reporter, period: 1.0)
        return
    divided = divide(call, parts, lambda reporter, period: float(reporter * period))
    assert len(divided) >= 2
    assert sum(len(cells(part)) for part in divided) == len(cells(call))
    assert set().union(*(cells(part) for part in divided)) == cells(call)


@pytest.mark.parametrize(
    ("rows", "limit", "count", "cut"),
    [
        (99_999, 100_000, None, False),
        (100_000, 100_000, None, True),
        (100_000, 250_000, None, True),  # a free key that was taken for a premium one
        (500, 100_000, None, True),  # the limit of the preview
        (80, 100, 80, False),
        (80, 100, 81, True),
        (0, 100, 0, False),
    ],
)
def test_when_an_answer_may_be_cut(rows: int, limit: int, count: int | None, cut: bool) -> None:
    assert is_cut(rows, limit, count) is cut


def test_pieces_leave_room() -> None:
    assert pieces(100_000, 100_000) == 2
    assert pieces(350_000, 100_000) == 5  # 350,000 / 80,000
