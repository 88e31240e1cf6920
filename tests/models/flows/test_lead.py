"""Which channels may lead an alert, and which count as tests."""

import polars as pl
import pytest

from models.flows.channels import CHANNELS, STRUCTURE_NULL
from models.flows.lead import lead
from models.flows.leaders import leaders
from tests.models.flows.frames import baci, flow, flows

ID = "comtrade:AAA:BBB:260400:2020"
BOTH = [flow("AAA", "BBB", 2020, 1e6, 1e6)]


def scores(*rows: tuple[str, float, int], flow_id: str = ID, block: str = "pooled") -> pl.DataFrame:
    """Scores of one flow from (channel, p, null rows)."""
    return pl.DataFrame(
        [
            {
                "flow_id": flow_id, "channel": channel, "p_value": p, "null_rows": null, "null_block": block,
                "gap_value_usd": 1.0, "parts": [],
            }
            for channel, p, null in rows
        ],
        schema_overrides={"parts": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64}))},
    )  # fmt: skip


def may_lead(rows: pl.DataFrame, trade: list[dict]) -> dict[str, bool]:
    found = leaders(rows, flows(*trade))
    return dict(found.select("channel", "may_lead").rows())


@pytest.mark.parametrize("channel", ["two_cycle", "three_path"])
def test_round_trips_and_paths_lead_only_where_both_sides_declare_the_flow(channel):
    large = scores((channel, 0.01, 1000))
    assert may_lead(large, BOTH) == {channel: True}
    assert may_lead(large, [flow("AAA", "BBB", 2020, None, 1e6)]) == {channel: False}
    reconciled = scores((channel, 0.01, 1000), flow_id="baci:AAA:BBB:260400:2020")
    assert may_lead(reconciled, [baci("AAA", "BBB", 2020, 1e6, 1e6)]) == {channel: False}


@pytest.mark.parametrize(("null", "leads"), [(STRUCTURE_NULL - 1, False), (STRUCTURE_NULL, True)])
def test_a_structure_channel_without_enough_clean_rows_is_a_feature_and_no_test(null, leads):
    rows = scores(("mirror_gap", 0.02, 9), ("code_switch", 0.001, null))
    assert may_lead(rows, BOTH) == {"mirror_gap": True, "code_switch": leads}
    first = lead(rows, flows(*BOTH)).row(0, named=True)
    assert first["channel"] == ("code_switch" if leads else "mirror_gap")
    assert first["channels_tested"] == 1 + leads
    assert first["p_value"] == pytest.approx(0.002 if leads else 0.02)


def test_growth_of_structure_leads_only_where_declarations_newly_disagree():
    rows = scores(*((name, 0.01, 1000) for name in ("pass_through", "edge_stream", "new_route", "disparity")))
    assert not any(may_lead(rows, BOTH).values())
    apart = may_lead(rows, [flow("AAA", "BBB", 2020, 1e6, 5e6)])
    assert apart == {"pass_through": True, "edge_stream": True, "new_route": False, "disparity": False}


def test_a_flow_that_only_a_marker_looked_at_was_not_tested():
    rows = scores(("partner_switch", 0.01, 1000))
    assert leaders(rows, flows(*BOTH)).is_empty()
    assert lead(rows, flows(*BOTH)).is_empty()


def test_structure_leaves_level_two_to_causes_that_no_source_here_can_exclude():
    structure = [one for one in CHANNELS.values() if one.least_null]
    assert {one.name for one in structure} == {
        "pass_through", "two_cycle", "code_switch", "three_path", "edge_stream",
    }  # fmt: skip
    for one in structure:
        assert {"stocks", "coding", "reporter_break"} & set(one.decisive)
