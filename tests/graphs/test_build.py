"""The graph drawn from small tables: expected nodes and edges by hand."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.build import TABLES, Tidy, build, snapshot_id
from graphs.event_rows import built_in, tidy_events
from graphs.events import BANS
from graphs.schema import EDGE_TABLES, EDGES, NODES, key_of, schema_of
from graphs.tables import Alerts, Flows, Production
from tests.models.flows.frames import baci, flow, production

RESIDUAL = {"importer_kind": "residual", "importer_reported": False}
FLOWS = (
    flow("XAA", "XBB", 2020, 5.0, 6.0, reconciled_value_usd=5.5, reconciled_mass_kg=2.0),
    flow("XAA", "XBB", 2020, None, 3.0, commodity="750110", import_mass_kg=None),  # no mass declared
    flow("XAA", "XAA", 2020, 1.0, None, reconciled_value_usd=1.0, reconciled_mass_kg=1.0),
    flow("XAA", "_X", 2020, 2.0, None, reconciled_value_usd=2.0, reconciled_mass_kg=4.0, **RESIDUAL),
    flow("XAA", "XBB", 2021, 1.0, 1.0) | {"period": 202003, "flow_id": "comtrade:XAA:XBB:260400:202003"},  # a month
    baci("XBB", "XAA", 2020, 7.0, 8.0),
)


def tidy(
    *rows: dict,
    made: pl.DataFrame | None = None,
    alerts: pl.DataFrame | None = None,
    events: pl.DataFrame | None = None,
) -> Tidy:
    schema = Flows.create_empty().schema
    flows = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema, orient="row")
    made = Production.create_empty() if made is None else made
    alerts = Alerts.create_empty() if alerts is None else alerts
    return Tidy(flows.lazy(), alerts.lazy(), made.lazy(), (built_in() if events is None else events).lazy())


def rows(table: str, *flows: dict, **more: pl.DataFrame) -> list[dict]:
    return build(table, tidy(*flows, **more)).collect().to_dicts()


def test_areas_are_nodes_of_their_kind_and_months_stay_out():
    banned = {ban.exporter for ban in BANS}
    assert {one["code"] for one in rows("Country", *FLOWS)} == {"XAA", "XBB"} | banned
    assert rows("Residual", *FLOWS) == [{"code": "_X", "name": "Areas, n.e.s.", "kind": "residual"}]
    assert len(rows("Flow", *FLOWS)) == len(FLOWS) - 1


def test_a_maker_that_is_no_country_is_a_residual():
    made = production(("S19", "gold", 2020, 5.0), ("XCC", "gold", 2020, 7.0))
    assert "S19" not in {one["code"] for one in rows("Country", made=made)}
    assert [one["code"] for one in rows("Residual", made=made)] == ["S19"]
    assert [one["start"] for one in rows("Country-PRODUCES-Family", made=made)] == ["XCC"]
    assert [one["start"] for one in rows("Residual-PRODUCES-Family", made=made)] == ["S19"]


def test_trade_of_a_family_is_added_up_and_a_partial_mass_is_no_mass():
    found = {one["edge_id"]: one for one in rows("Country-EXPORTS_TO-Country", *FLOWS)}
    both = found["comtrade:XAA:XBB:nickel:2020"]
    assert (both["value_usd"], both["mass_kg"], both["flows"]) == (9.0, None, 2)
    assert found["comtrade:XAA:XAA:nickel:2020"]["value_usd"] == 1.0
    assert found["baci:XBB:XAA:nickel:2020"]["mass_kg"] == 8.0
    assert [one["end"] for one in rows("Country-EXPORTS_TO-Residual", *FLOWS)] == ["_X"]


@pytest.mark.parametrize(
    ("exports", "imports", "more", "expected"),
    [
        (5.0, 6.0, {}, (6.0, 6.0)),  # a kilogram a dollar
        (7.0, 6.0, {}, (7.0, 7.0)),
        (None, 6.0, {}, (6.0, 6.0)),
        (41.5, 48e6, {"reconciled_value_usd": 2e3}, (48e6, 48e6)),  # a gap is no mean
        (5.0, 6.0, {"is_import_mass_estimated": True}, (6.0, 5.0)),  # the other side's mass
        (None, 6.0, {"is_import_mass_estimated": True}, (6.0, None)),
        (5.0, 6.0, {"import_mass_kg": None}, (6.0, 5.0)),
    ],
)
def test_a_declared_flow_counts_for_the_larger_declaration(exports, imports, more, expected):
    (row,) = rows("Flow", flow("XAA", "XBB", 2020, exports, imports, **more))
    assert (row["value_usd"], row["mass_kg"]) == expected


def test_only_what_was_said_is_a_declaration():
    found = {one["edge_id"]: (one["end"], one["side"], one["value_usd"]) for one in
             rows("Flow-DECLARED_BY-Country", *FLOWS)}  # fmt: skip
    assert found == {
        "comtrade:XAA:XAA:260400:2020:export": ("XAA", "export", 1.0),
        "comtrade:XAA:XBB:260400:2020:export": ("XAA", "export", 5.0),
        "comtrade:XAA:XBB:260400:2020:import": ("XBB", "import", 6.0),
        "comtrade:XAA:XBB:750110:2020:import": ("XBB", "import", 3.0),
        "comtrade:XAA:_X:260400:2020:export": ("XAA", "export", 2.0),
    }


def test_bans_cover_the_codes_that_are_traded():
    banned = {ban for ban in BANS if any("260400".startswith(prefix) for prefix in ban.prefixes)}
    found = rows("Ban-COVERS-Commodity", *FLOWS)
    assert {one["end"] for one in found} == {"260400"}
    assert len(found) == len(banned)


def test_a_ban_of_a_users_file_is_a_node_with_its_country_and_codes():
    told = pl.DataFrame(
        {"raw_row": [1], "kind": ["ban"], "country": ["XCC"], "codes": ["2604 7501"], "start": ["2019-05-01"],
         "end": ["2020-01-31"], "citation": ["Order 7"]}
    )  # fmt: skip
    events = tidy_events(told, source="events", file="events.csv", raw_sha256="0").events
    (ban,) = rows("Ban", *FLOWS, events=events)
    assert ban == {"ban_id": "XCC:2604+7501:2019-05-01", "exporter": "XCC", "codes": "2604 7501", "start": "2019-05-01",
                   "end": "2020-01-31", "citation": "Order 7"}  # fmt: skip
    assert "XCC" in {one["code"] for one in rows("Country", *FLOWS, events=events)}
    assert rows("Ban-DECREED_BY-Country", *FLOWS, events=events) == [{"start": ban["ban_id"], "end": "XCC"}]
    assert [one["end"] for one in rows("Ban-COVERS-Commodity", *FLOWS, events=events)] == ["260400", "750110"]


AREAS = st.sampled_from(["XAA", "XBB", "XCC", "_X"])
KEY = st.tuples(st.sampled_from(["comtrade", "baci"]), AREAS, AREAS, st.sampled_from(["260400", "750110", "710812"]),
                st.integers(2018, 2020))  # fmt: skip
AMOUNT = st.one_of(st.none(), st.floats(0, 1e9))


@st.composite
def trade(draw: st.DrawFn) -> list[dict]:
    keys = draw(st.lists(KEY, unique=True, max_size=25))
    made = []
    for source, exporter, importer, commodity, year in keys:
        kinds = {f"{end}_kind": "residual" if code == "_X" else "country"
                 for end, code in (("exporter", exporter), ("importer", importer))}  # fmt: skip
        family = "gold" if commodity == "710812" else "nickel"
        agreed = {"reconciled_value_usd": draw(AMOUNT), "reconciled_mass_kg": draw(AMOUNT)}
        key = {"source": source, "commodity": commodity, "family": family}
        made.append(flow(exporter, importer, year, draw(AMOUNT), draw(AMOUNT), **key, **agreed, **kinds))
    return made


@settings(max_examples=12)
@given(trade(), st.randoms())
def test_every_table_keeps_its_schema_ends_at_nodes_and_heeds_no_row_order(made, chance):
    shuffled = list(made)
    chance.shuffle(shuffled)
    drawn = {table: build(table, tidy(*made)).collect() for table in TABLES}
    for table, found in drawn.items():
        assert schema_of(table).is_valid(found), table
        assert found.equals(build(table, tidy(*shuffled)).collect()), table
    for edge in EDGES:
        for end, label in (("start", edge.start), ("end", edge.end)):
            assert set(drawn[edge.table][end]) <= set(drawn[label][key_of(label)]), edge.table
    value = pl.col("value_usd").sum()
    traded = sum(drawn[table].select(value).item() for table, one in EDGE_TABLES.items() if one.name == "EXPORTS_TO")
    assert traded == pytest.approx(drawn["Flow"].select(value).item())


def test_anomalies_of_the_agnostic_list_and_alerts_of_the_learned_one_stand_about_their_flows():
    schema = Alerts.create_empty().schema
    full = {"list": "agnostic", "channel": "jump", "as_of": date(2030, 1, 1), "statistic": 1.0, "p_value": 0.01,
            "channels_tested": 1, "is_selected": False, "family": "nickel", "source": "comtrade", "sentence": "s",
            "why_level": "w", "episode_id": "e", "exporter": "XAA", "importer": "XBB", "commodity": "260400",
            "period": 2020}  # fmt: skip
    named = [full | {"alert_id": f"a{level}", "flow_id": FLOWS[0]["flow_id"], "rank": level + 1, "claim_level": level}
             for level in (0, 1, 2)]  # fmt: skip
    named += [full | {"list": "learned", "alert_id": f"b{shown:d}", "flow_id": FLOWS[0]["flow_id"], "rank": 2 - shown,
                      "claim_level": 1, "is_selected": shown} for shown in (True, False)]  # fmt: skip
    alerts = pl.DataFrame([{name: row.get(name) for name in schema} for row in named], schema=schema, orient="row")
    assert [one["alert_id"] for one in rows("Alert", *FLOWS, alerts=alerts)] == ["a1", "a2", "b1"]
    assert rows("Alert", *FLOWS, alerts=alerts)[0]["as_of"] == "2030-01-01"
    assert [one["end"] for one in rows("Alert-ABOUT-Flow", *FLOWS, alerts=alerts)] == [FLOWS[0]["flow_id"]] * 3


def test_a_snapshot_is_named_by_its_content_alone():
    one = {"Flow": "aa", "Country": "bb"}
    assert snapshot_id(one) == snapshot_id(dict(reversed(one.items())))
    assert snapshot_id(one) != snapshot_id(one | {"Flow": "ab"})
    assert snapshot_id(one) != snapshot_id({"Flow": "bb", "Country": "aa"})
    assert len(NODES) + len(EDGES) == len(TABLES) == len(set(TABLES))
