import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.ego import MORE, Ego, Focus, ego
from graphs.errors import InputError, UnknownCode
from tests.graphs.ego_rows import alert, alert_ids, declared, flow, tables

STAR = [flow("CEN", f"P{at}", 2020, float(value)) for at, value in enumerate([90, 80, 70, 6, 5, 4])]
AROUND = Focus(area="CEN", family="gold", year=2020)


def link(found: Ego, start: str, end: str, year: int | None = 2020) -> dict:
    rows = found.links.filter(pl.col("start") == start, pl.col("end") == end, pl.col("year").eq_missing(pl.lit(year)))
    return rows.row(0, named=True)


def test_the_smallest_neighbours_become_one_node_with_their_number_and_value():
    found = ego(tables(*STAR, flow("P4", "P5", 2020, 2.0)), AROUND, most=5)
    assert found.nodes["id"].to_list() == ["CEN", "P0", "P1", "P2", MORE]
    assert found.folded.select("code", "value_usd").rows() == [("P3", 6.0), ("P4", 5.0), ("P5", 4.0)]
    assert link(found, "CEN", MORE)["value_usd"] == 15.0
    more = found.activity.filter(pl.col("id") == MORE, pl.col("year") == 2020).row(0, named=True)
    assert (more["areas"], more["in_value_usd"], more["inside_value_usd"]) == (3, 15.0, 2.0)


def test_all_neighbours_are_drawn_where_there_is_room():
    found = ego(tables(*STAR), AROUND, most=7)
    assert MORE not in found.nodes["id"].to_list()
    assert found.folded.is_empty()


def test_neighbours_are_chosen_by_the_year_asked_for():
    other = [flow("CEN", "P5", 2019, 1e6)]
    assert "P5" not in ego(tables(*STAR, *other), AROUND, most=5).nodes["id"].to_list()
    assert "P5" in ego(tables(*STAR, *other), Focus(area="CEN", family="gold"), most=5).nodes["id"].to_list()


def test_four_ways_to_say_nothing_are_counted_apart():
    rows = [
        declared("AAA", "BBB", x=3.0, m=None, commodity="710812"),
        declared("AAA", "BBB", x=None, m=4.0, commodity="710813"),
        declared("AAA", "BBB", x=None, m=5.0, commodity="710820", exporter_reported=False),
        declared("AAA", "BBB", x=None, m=6.0, commodity="710811", exporter_reported=None),
    ]
    one = link(ego(tables(*rows), Focus(area="AAA", family="gold")), "AAA", "BBB")
    assert [one[f"export_{name}"] for name in ("stated", "none", "silent", "unknown")] == [1, 1, 1, 1]
    assert [one[f"import_{name}"] for name in ("stated", "none", "silent", "unknown")] == [3, 1, 0, 0]
    assert (one["export_value_usd"], one["import_value_usd"], one["flows"]) == (3.0, 15.0, 4)


def test_a_mass_without_a_value_is_not_none():
    rows = [
        declared("AAA", "BBB", x=None, m=4.0, commodity="710812", export_mass_kg=2.0),
        declared("AAA", "BBB", x=None, m=4.0, commodity="710813", export_mass_kg=3.0, exporter_reported=None),
        declared("AAA", "BBB", x=None, m=4.0, commodity="710820", export_mass_kg=None),
        declared("AAA", "BBB", x=5.0, m=4.0, commodity="710811", export_mass_kg=7.0),
    ]
    one = link(ego(tables(*rows), Focus(area="AAA", family="gold")), "AAA", "BBB")
    assert [one[f"export_{name}"] for name in ("stated", "weighed", "none", "silent", "unknown")] == [1, 2, 1, 0, 0]


def test_what_nobody_states_is_null_and_a_partial_mass_too():
    rows = [flow("AAA", "BBB", value=None), flow("AAA", "CCC", value=1.0, mass_kg=None),
            flow("AAA", "CCC", value=2.0, commodity="710813")]  # fmt: skip
    found = ego(tables(*rows), Focus(area="AAA"))
    assert link(found, "AAA", "BBB")["value_usd"] is None
    assert (link(found, "AAA", "CCC")["value_usd"], link(found, "AAA", "CCC")["mass_kg"]) == (3.0, None)
    assert link(found, "AAA", "BBB")["export_value_usd"] is None


def test_one_source_is_read_and_the_other_named():
    rows = [declared("AAA", "BBB", x=1.0, m=2.0), flow("AAA", "BBB", value=1.5), flow("AAA", "CCC", value=9.0)]
    found = ego(tables(*rows), Focus(area="AAA"))
    assert (found.focus.source, found.other_sources) == ("comtrade", ("baci",))
    assert link(found, "AAA", "BBB")["flows"] == 1
    assert ego(tables(*rows), Focus(area="AAA", source="baci")).other_sources == ()


def test_levels_tell_ordinary_flows_from_flows_that_nobody_judged():
    rows = [flow("AAA", "BBB"), flow("AAA", "CCC"), flow("AAA", "DDD")]
    known = [alert(rows[0]["flow_id"], 2)]
    without = ego(tables(*rows, alerts=known), Focus(area="AAA"))
    assert [link(without, "AAA", one)["level"] for one in ("BBB", "CCC", "DDD")] == [2, None, None]
    ids = [one["flow_id"] for one in rows[:2]]
    levels = pl.LazyFrame({"alert_id": alert_ids(*ids), "flow_id": ids, "claim_level": [3, 0]})
    found = ego(tables(*rows, alerts=known), Focus(area="AAA"), levels=levels)
    assert [link(found, "AAA", one)["level"] for one in ("BBB", "CCC", "DDD")] == [3, 0, None]
    assert found.alerts["claim_level"].to_list() == [3]
    assert (without.has_levels, found.has_levels) == (False, True)


def test_partners_count_among_themselves_only_in_years_in_which_both_trade_with_the_centre():
    rows = [*STAR, flow("P0", "P1", 2020, 3.0), flow("P0", "P1", 2019, 4.0)]
    found = ego(tables(*rows), AROUND)
    assert link(found, "P0", "P1", None)["value_usd"] == 3.0


def test_links_past_the_limit_are_kept_and_marked():
    ties = [flow("P0", "P1", 2020, 3.0), flow("P1", "P2", 2020, 2.0), flow("P2", "P0", 2020, 1.0)]
    found = ego(tables(*STAR, *ties, alerts=[alert(ties[2]["flow_id"], 2)]), AROUND, ties=2)
    drawn = {(one["start"], one["end"]): one["is_drawn"] for one in found.links.to_dicts()}
    assert drawn[("P2", "P0")]  # a candidate comes first, however small
    assert drawn[("P0", "P1")]
    assert not drawn[("P1", "P2")]
    assert all(drawn[("CEN", f"P{at}")] for at in range(6))


def test_a_flow_and_an_alert_stand_between_their_two_ends():
    rows = [declared("AAA", "BBB", 2020, 1.0, 2.0), declared("CCC", "BBB", 2020, 1.0, 2.0),
            declared("DDD", "EEE", 2020, 1.0, 2.0)]  # fmt: skip
    known = alert(rows[0]["flow_id"], 2)
    found = ego(tables(*rows, alerts=[known]), Focus(alert_id=known["alert_id"]))
    assert found.centre == ("AAA", "BBB")
    assert set(found.nodes["id"]) == {"AAA", "BBB", "CCC"}
    assert found.title == "Land AAA to Land BBB: Gold, unwrought (HS 710812)"
    assert (found.focus.year, found.focus.commodity) == (2020, "710812")
    assert ego(tables(*rows), Focus(flow_id=rows[0]["flow_id"])).nodes.equals(found.nodes)


def test_goods_have_no_centre():
    found = ego(tables(*STAR, flow("XXX", "YYY", value=1e3)), Focus(family="gold"), most=4)
    assert found.centre == ()
    assert found.nodes["id"].to_list() == ["XXX", "YYY", "CEN", MORE]
    assert found.title == "Gold: who sells to whom"


def test_residuals_keep_their_kind_and_a_trade_with_oneself_is_told():
    found = ego(tables(flow("AAA", "_X"), flow("AAA", "AAA", value=4.0), residuals=["_X"]), Focus(area="AAA"))
    assert dict(found.nodes.select("id", "kind").iter_rows()) == {"AAA": "country", "_X": "residual"}
    own = found.activity.filter(pl.col("id") == "AAA", pl.col("year") == 2020).row(0, named=True)
    assert (own["out_value_usd"], own["inside_value_usd"]) == (1.0, 4.0)


@pytest.mark.parametrize(
    ("focus", "error"),
    [
        (Focus(), InputError),
        (Focus(area="ZZZ"), UnknownCode),
        (Focus(area="CEN", family="tin"), UnknownCode),
        (Focus(area="CEN", year=1990), UnknownCode),
        (Focus(flow_id="baci:A:B:1:2"), UnknownCode),
        (Focus(alert_id="none"), UnknownCode),
    ],
)
def test_what_is_not_there_is_said(focus, error):
    with pytest.raises(error):
        ego(tables(*STAR), focus)


def test_a_network_needs_room():
    with pytest.raises(InputError, match="ask for 4 or more"):
        ego(tables(*STAR), AROUND, most=3)


CODE = st.sampled_from(["CEN", "AAA", "BBB", "CCC", "DDD", "EEE", "FFF"])
AMOUNT = st.sampled_from([None, 1.0, 2.0, 4.0, 64.0])
FLOWS = st.dictionaries(st.tuples(CODE, CODE, st.sampled_from([2019, 2020])), AMOUNT, min_size=1, max_size=40)


def slow(flows: dict, year: int) -> float:
    """Trade of the ego network of a year, flow by flow."""
    there = {one for start, end, when in flows if when == year and "CEN" in (start, end) for one in (start, end)}
    amounts = [flows[key] or 0.0 for key in flows if key[2] == year and key[0] in there and key[1] in there]
    return sum(amounts)


@given(FLOWS, st.integers(4, 8))
def test_nothing_is_lost_and_the_order_of_rows_does_not_matter(flows, most):
    rows = [flow(*key, value) for key, value in flows.items()]
    years = [key[2] for key in flows if "CEN" in key[:2]]
    if not years:
        with pytest.raises(UnknownCode):
            ego(tables(*rows), Focus(area="CEN"), most=most)
        return
    found = ego(tables(*rows), Focus(area="CEN"), most=most, ties=2)
    assert found.nodes.height <= most
    inside = found.activity.filter(pl.col("id") == MORE)
    for year in {2019, 2020}:
        shown = found.links.filter(pl.col("year") == year)["value_usd"].sum()
        hidden = inside.filter(pl.col("year") == year)["inside_value_usd"].sum()
        assert shown + hidden == slow(flows, year)
    other = ego(tables(*rows[::-1]), Focus(area="CEN"), most=most, ties=2)
    for name in ("nodes", "links", "activity", "folded"):
        assert getattr(found, name).equals(getattr(other, name)), name


@pytest.mark.parametrize(
    ("values", "levels", "expected"),
    [
        ([60.0, 40.0], [1, 0], 1),  # most of the value stands out
        ([6.0, 94.0], [1, 0], 0),  # one small alert does not colour the whole
        ([50.0, 30.0, 20.0], [0, 1, 2], 1),  # half of it is at level 1 or higher
        ([10.0, 10.0], [None, None], None),  # nobody judged it
        ([None, None], [2, 0], 2),  # no value tells which counts more
        ([10.0, 90.0], [2, None], 0),
    ],
)
def test_a_line_has_the_level_of_half_of_its_value(values, levels, expected):
    codes = ["710811", "710812", "710813"]
    rows = [flow("CEN", "P0", 2020, value, commodity=code) for value, code in zip(values, codes, strict=False)]
    judged = [
        (*alert_ids(row["flow_id"]), row["flow_id"], level)
        for row, level in zip(rows, levels, strict=True)
        if level is not None
    ]
    schema = {"alert_id": pl.String, "flow_id": pl.String, "claim_level": pl.UInt8}
    known = pl.LazyFrame(judged, schema=schema, orient="row")
    found = ego(tables(*rows), AROUND, levels=known, most=5)
    assert link(found, "CEN", "P0")["level"] == expected


def test_alerts_of_both_lists_keep_levels_of_their_own():
    one = flow("AAA", "BBB")
    (mine,) = [one["flow_id"]]
    learned = alert(mine, 1, alert_id=f"learned:{mine}:2025-12-31", list="learned")
    levels = pl.LazyFrame({"alert_id": [*alert_ids(mine), learned["alert_id"]], "flow_id": [mine] * 2,
                           "claim_level": [3, 1]})  # fmt: skip
    found = ego(tables(one, alerts=[learned, alert(mine, 2)]), Focus(area="AAA"), levels=levels)
    assert found.alerts.select("list", "claim_level").rows() == [("agnostic", 3), ("learned", 1)]
    assert link(found, "AAA", "BBB")["level"] == 3
