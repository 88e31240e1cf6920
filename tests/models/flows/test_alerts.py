import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.tables import LISTS, Alerts
from models.flows import chain
from models.flows.alerts import BUDGET, order, rank
from models.flows.channels import CHANNELS
from models.flows.episodes import episodes
from models.flows.lead import lead
from models.flows.ordinary import CAUSES
from tests.models.flows.frames import AS_OF, context, flow, flows
from tests.models.flows.test_mirror import pair, quiet_pairs


def score_rows(*rows):
    """(flow_id, channel, p, gap) -> table scores."""
    return pl.DataFrame(
        [
            {
                "flow_id": flow_id, "channel": channel, "as_of": AS_OF, "statistic": 1.0, "p_value": p, "null_rows": 9,
                "null_block": "pooled", "is_null_large": False, "tests": 99, "gap_value_usd": gap,
                "gap_mass_kg": None, "parts": [],
            }
            for flow_id, channel, p, gap in rows
        ],
        schema_overrides={
            "gap_value_usd": pl.Float64,
            "gap_mass_kg": pl.Float64,
            "null_rows": pl.UInt32,
            "tests": pl.UInt32,
            "parts": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64})),
        },
    )  # fmt: skip


ONE = flow("EXP", "IMP", 2015, 1e5, 1e6)
BACI = flow("EXP", "IMP", 2015, source="baci", exporter_reported=None, importer_reported=None, reconciled_value_usd=1e6)


def test_smallest_p_leads_times_the_number_of_channels_that_may():
    scores = score_rows((ONE["flow_id"], "mirror_gap", 0.04, 1.0), (ONE["flow_id"], "one_sided", 0.01, 2.0),
                        (ONE["flow_id"], "unit_value", 0.0001, 3.0))  # fmt: skip
    row = lead(scores, flows(ONE)).row(0, named=True)
    assert (row["channel"], row["p_value"], row["channels_tested"]) == ("one_sided", 0.02, 2)


def test_growth_that_both_declare_leads_nothing():
    agreed = flow("EXP", "IMP", 2015, 1e6, 1.1e6)
    row = lead(score_rows((agreed["flow_id"], "edge_stream", 0.0001, 1.0)), flows(agreed)).row(0, named=True)
    assert (row["channel"], row["may_lead"]) == ("edge_stream", False)


def test_growth_of_reconciled_trade_leads_nothing():
    row = lead(score_rows((BACI["flow_id"], "jump", 0.0001, 1.0)), flows(BACI)).row(0, named=True)
    assert (row["channel"], row["may_lead"]) == ("jump", False)


def test_corrected_p_never_exceeds_one():
    scores = score_rows((ONE["flow_id"], "mirror_gap", 0.9, 1.0), (ONE["flow_id"], "one_sided", 0.8, 2.0))
    assert lead(scores, flows(ONE))["p_value"].to_list() == [1.0]


PLANTED = "comtrade:AAA:BBB:260400:2019"


@pytest.fixture(scope="module")
def result():
    broken = pair({**dict.fromkeys(range(2010, 2021), 1.1), 2019: 20.0})
    decoy = [flow("AAA", "CCC", year, 1e6, 1.1e6, commodity="750110") for year in range(2010, 2021)]
    return chain.run(flows(*quiet_pairs(), *broken, *decoy), context())


@pytest.fixture(scope="module")
def agnostic(result):
    return result.alerts.filter(list="agnostic")


def test_alerts_keep_their_contract(result):
    Alerts.validate(result.alerts.select(Alerts.column_names()), cast=True)
    for mine in (result.alerts.filter(list=name) for name in LISTS):
        assert mine["rank"].to_list() == list(range(1, mine.height + 1))
        assert mine["flow_id"].is_unique().all()


def test_every_scored_flow_is_on_the_agnostic_list_once(result):
    heard = [name for name, channel in CHANNELS.items() if channel.leads != "marker"]
    scored = result.scores.filter(pl.col("channel").is_in(heard))["flow_id"].unique()
    assert sorted(result.alerts.filter(list="agnostic")["flow_id"]) == sorted(scored)


def test_the_planted_break_stands_high_and_confidentiality_keeps_it_at_level_one(agnostic):
    planted = agnostic.row(by_predicate=pl.col("flow_id") == PLANTED, named=True)
    assert planted["rank"] <= 20
    assert planted["gap_value_usd"] == agnostic["gap_value_usd"].max()
    assert planted["claim_level"] == 1
    assert "confidentiality" in planted["why_level"]


def test_sentence_holds_names_numbers_and_interval(agnostic):
    sentence = agnostic.row(by_predicate=pl.col("flow_id") == PLANTED, named=True)["sentence"]
    assert "20.0 M USD" in sentence
    assert " to " in sentence.split("unmatched")[0]
    assert "2019" in sentence


def test_a_learned_score_is_no_alert_where_no_channel_that_may_lead_could_test(result):
    scores = score_rows((BACI["flow_id"], "jump", 0.001, 1.0), (BACI["flow_id"], "learned", 0.001, None))
    known = rank(flows(BACI), scores, result.causes.clear(), "nickel")
    assert known["claim_level"].to_list() == [0, 0]
    assert known["why_level"].str.contains("no channel that may raise an alert could test").all()
    assert known["why_level"].str.contains("the learned score stands out").to_list() == [False, True]
    assert known["sentence"].str.ends_with("so it is no alert.").to_list() == [False, True]


def test_a_flow_of_level_zero_is_told_as_ordinary(agnostic):
    ordinary = agnostic.filter(pl.col("claim_level") == 0)["sentence"]
    assert ordinary.len() > 100
    untested = "; no channel that may raise an alert could test this flow."
    assert (ordinary.str.ends_with("; nothing stands out.") | ordinary.str.ends_with(untested)).all()
    assert not ordinary.str.contains("unmatched|above what|further apart").any()


@pytest.mark.parametrize(("name", "expected"), [("agnostic", "bfecad"), ("learned", "ecdfab")])
def test_order_is_level_share_p_amount_and_id_or_score_amount_and_id(name, expected):
    rows = ranked([0.01, 0.09, 0.01, 0.01, 0.001, 0.005], claims=False, name=name).with_columns(
        flow_id=pl.Series(["a", "b", "c", "d", "e", "f"]),
        statistic=pl.Series([1.0, 0.5, 2.0, 2.0, 3.0, 2.0]),
        claim_level=pl.Series([1, 2, 1, 1, 1, 1]),
        unmatched_usd=pl.Series([5.0, 1.0, 9.0, 5.0, None, None]),
        # Each its own crowd, so that its share is what is expected.
        channel=pl.Series(["a", "b", "a", "a", "a", "f"]),
        channel_p=pl.Series([0.01, 0.09, 0.01, 0.01, 0.01, 0.005]),
        expected=pl.Series([0.5, 0.9, 0.5, 0.5, 0.5, 0.1]),
    )
    assert "".join(order(rows.lazy())["flow_id"]) == expected


def test_of_channels_on_which_a_flow_stands_out_the_one_with_fewest_ordinary_flows_speaks():
    """Of 40 mirror gaps with p 0.001 to 0.04 as many are expected; of three broken bans, hardly one."""
    others = [flow("EXP", f"I{n}", 2015, 1e5, 1e6) for n in range(40)]
    bans = [flow("BAN", f"I{n}", 2015, 1e5, 1e6) for n in range(2)]
    scores = score_rows(
        *[(one["flow_id"], "mirror_gap", (n + 1) / 1000, 1.0) for n, one in enumerate(others)],
        *[(one["flow_id"], "ban_break", 0.004, 1.0) for one in (*bans, others[0])],
    )
    found = lead(scores, flows(*others, *bans))
    row = found.row(by_predicate=pl.col("flow_id") == others[0]["flow_id"], named=True)
    assert (row["channel"], row["p_value"]) == ("ban_break", 0.008)
    assert (row["expected"], row["as_far"]) == pytest.approx((0.012, 3.0))
    # A channel on which it does not stand out never speaks for it, however few its flows.
    weak = score_rows((ONE["flow_id"], "mirror_gap", 0.01, 1.0), (ONE["flow_id"], "ban_break", 0.2, 1.0))
    assert lead(weak, flows(ONE)).row(0, named=True)["channel"] == "mirror_gap"


def ranked(p, claims, level=1, name="agnostic", null_rows=99):
    """One family's rows of one list, each flow an exporter of its own."""
    same = {
        "claim_level": level, "unmatched_usd": 1.0, "family": "tin", "claims_rate": claims, "list": name, "source": "s",
        "commodity": "2609", "statistic": 1.0,
        "channel": "mirror_gap", "expected": 0.5 * len(p), "as_far": 1.0, "null_rows": null_rows,
        "null_block": "tin", "is_null_large": claims, "tests": len(p),
    }  # fmt: skip
    names = [f"f{n:03}" for n in range(len(p))]
    rows = pl.DataFrame({"flow_id": names, "exporter": names, "p_value": p, "channel_p": p, "unit_p_value": p})
    return rows.with_columns(pl.lit(value).alias(column) for column, value in same.items())


def test_with_a_small_null_q_is_empty_and_the_budget_selects():
    rows = order(ranked([0.01] * 80, claims=False).lazy())
    assert rows["q_value"].null_count() == 80
    assert rows["is_selected"].sum() == BUDGET


def test_with_a_large_null_q_selects():
    rows = order(ranked([0.0001, 0.5, 0.9], claims=True).lazy())
    assert rows["q_value"].to_list() == pytest.approx([0.0003, 0.75, 0.9])
    assert rows["is_selected"].to_list() == [True, False, False]


def test_level_zero_is_never_selected():
    assert order(ranked([0.9] * 3, claims=False, level=0).lazy())["is_selected"].sum() == 0


def levels(*rows):
    return pl.DataFrame(
        [{"source": "s", "exporter": e, "commodity": "2604", "period": t, "claim_level": level} for e, t, level in rows]
    )


def test_an_episode_is_one_exporter_one_commodity_and_an_unbroken_run_of_years():
    rows = episodes(
        levels(("A", 2019, 0), ("A", 2020, 1), ("A", 2021, 2), ("A", 2023, 1), ("B", 2021, 1), ("A", 2021, 0))
    )
    assert rows["episode_id"].to_list() == [
        "s:A:2604:2019", "s:A:2604:2020", "s:A:2604:2020", "s:A:2604:2023", "s:B:2604:2021", "s:A:2604:2020",
    ]  # fmt: skip


def test_decisive_causes_exist_and_channels_say_what_they_mean():
    for channel in CHANNELS.values():
        assert set(channel.decisive) <= set(CAUSES)
        assert channel.meaning.endswith(".")
        assert channel.needs


def test_a_world_too_small_to_judge_gives_an_empty_list_and_no_error():
    lonely = chain.run(flows(ONE), context())
    assert lonely.alerts.is_empty()
    assert lonely.causes.is_empty()


@pytest.mark.parametrize("family", ["hs2616", "hstota", "gold"])
def test_a_family_of_which_only_headings_and_totals_are_declared_has_no_alerts(family):
    """`TOTAL` makes a family without a code; neither it nor a heading alone is ever paired."""
    nothing = chain.run(flows(), context(family))
    assert nothing.alerts.is_empty()
    assert nothing.causes.is_empty()


def both_lists(*rows, of=ONE):
    """Ranked rows of one flow by list, its causes all excluded."""
    table = flows(*of) if isinstance(of, list) else flows(of)
    scores = score_rows(*rows)
    ids = scores["flow_id"].unique().sort()
    causes = pl.DataFrame({"flow_id": ids}).join(pl.DataFrame({"cause": list(CAUSES)}), how="cross")
    causes = causes.with_columns(verdict=pl.lit("excluded"), share_of_gap=pl.lit(0.0))
    found = rank(table.with_columns(reconciled_value_usd=pl.lit(1e6)), scores, causes, "nickel")
    return {name: found.filter(list=name) for name in LISTS}


def test_the_learned_score_neither_leads_nor_counts_on_the_agnostic_list():
    rows = [(ONE["flow_id"], "one_sided", 0.06, 2e5), (ONE["flow_id"], "mirror_gap", 0.5, 1e5)]
    alone = both_lists(*rows)
    found = both_lists(*rows, (ONE["flow_id"], "learned", 0.0001, None))
    assert found["agnostic"].equals(alone["agnostic"])
    assert alone["learned"].is_empty()
    assert found["agnostic"].select("channel", "p_value", "channels_tested").rows() == [("one_sided", 0.12, 2)]


def test_the_learned_list_takes_p_from_the_score_and_all_else_from_the_leading_channel():
    rows = [(ONE["flow_id"], "one_sided", 0.01, 2e5), (ONE["flow_id"], "learned", 0.03, None)]
    row = both_lists(*rows)["learned"].row(0, named=True)
    assert row["p_value"] == row["unit_p_value"] == 0.03
    assert (row["channel"], row["gap_value_usd"], row["claim_level"]) == ("one_sided", 2e5, 2)
    assert row["alert_id"] == f"learned:{ONE['flow_id']}:{AS_OF}"
    assert "though both reported that year" in row["sentence"]


@pytest.mark.parametrize("gap", [0.0, None])
def test_without_a_gap_no_flow_is_a_candidate(gap):
    rows = [(ONE["flow_id"], "one_sided", 0.9, gap), (ONE["flow_id"], "learned", 0.001, None)]
    row = both_lists(*rows)["learned"].row(0, named=True)
    assert row["claim_level"] == 1
    assert row["why_level"] == "Nothing is apparently unmatched, so that no cause could be held against it."


def test_what_only_the_score_finds_is_not_told_as_a_channels_finding():
    rows = [(ONE["flow_id"], "one_sided", 0.9, 2e5), (ONE["flow_id"], "learned", 0.001, None)]
    row = both_lists(*rows)["learned"].row(0, named=True)
    assert "no single test stands out, but its numbers together do" in row["sentence"]
    assert (row["claim_level"], row["why_level"]) == (
        1,
        "Only the learned score stands out; the gap by itself is no larger than clean flows show.",
    )


def test_a_flow_of_which_only_features_could_be_tested_is_ordinary_on_both_lists():
    rows = [(BACI["flow_id"], "jump", 0.0001, 1.0), (BACI["flow_id"], "learned", 0.0001, None)]
    found = both_lists(*rows, of=BACI)
    assert [found[name]["claim_level"].to_list() for name in LISTS] == [[0], [0]]


def test_a_score_above_the_nominal_rate_is_ordinary_and_says_whose_p_it_is():
    rows = [(ONE["flow_id"], "one_sided", 0.001, 2e5), (ONE["flow_id"], "learned", 0.4, None)]
    row = both_lists(*rows)["learned"].row(0, named=True)
    assert (row["claim_level"], row["why_level"]) == (
        0,
        "Ordinary: the learned score's p-value 0.4 is above 0.1.",
    )


P = st.floats(0.001, 1)


@given(st.lists(st.tuples(P, P, st.floats(0, 1e6), st.booleans()), min_size=1, max_size=8))
@settings(deadline=None, max_examples=10)
def test_whatever_the_scores_both_lists_keep_their_contract(drawn):
    table = [flow("EXP", "IMP", 2010 + n, 1e5, 1e6) for n in range(len(drawn))]
    rows = []
    for one, (p, learned, gap, has_score) in zip(table, drawn, strict=True):
        rows.append((one["flow_id"], "one_sided", p, gap))
        rows += [(one["flow_id"], "learned", learned, None)] if has_score else []
    found = order(pl.concat(both_lists(*rows, of=table).values()).lazy())
    Alerts.validate(found.select(Alerts.column_names()), cast=True)
    agnostic, learned = (found.filter(list=name) for name in LISTS)
    scored = {one["flow_id"] for one, (*_, has_score) in zip(table, drawn, strict=True) if has_score}
    assert set(agnostic["flow_id"]) == {one["flow_id"] for one in table}
    assert set(learned["flow_id"]) == scored
    for mine in (agnostic, learned):
        assert mine["rank"].to_list() == list(range(1, mine.height + 1))
        assert mine["flow_id"].is_unique().all()
        assert mine.filter(pl.col("p_value") > 0.1)["claim_level"].sum() == 0
    both = agnostic.join(learned, on="flow_id")
    assert both.filter(pl.col("gap_value_usd").ne_missing(pl.col("gap_value_usd_right"))).is_empty()
    assert both.filter(pl.col("main_cause").ne_missing(pl.col("main_cause_right"))).is_empty()
