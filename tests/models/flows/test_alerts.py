import polars as pl
import pytest

from graphs.tables import Alerts
from models.flows import chain
from models.flows.alerts import BUDGET, order
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
                "null_block": "pooled", "is_null_large": False, "gap_value_usd": gap, "gap_mass_kg": None, "parts": [],
            }
            for flow_id, channel, p, gap in rows
        ],
        schema_overrides={
            "gap_mass_kg": pl.Float64,
            "parts": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64})),
        },
    )  # fmt: skip


ONE = flow("EXP", "IMP", 2015, 1e5, 1e6)
BACI = flow("EXP", "IMP", 2015, source="baci", exporter_reported=None, importer_reported=None, reconciled_value_usd=1e6)


def test_smallest_p_leads_times_the_number_of_channels_that_may():
    scores = score_rows((ONE["flow_id"], "jump", 0.04, 1.0), (ONE["flow_id"], "one_sided", 0.01, 2.0),
                        (ONE["flow_id"], "unit_value", 0.0001, 3.0))  # fmt: skip
    row = lead(scores, flows(ONE)).row(0, named=True)
    assert (row["channel"], row["p_value"], row["channels_tested"]) == ("one_sided", 0.02, 2)


def test_growth_that_both_declare_leads_nothing():
    agreed = flow("EXP", "IMP", 2015, 1e6, 1.1e6)
    row = lead(score_rows((agreed["flow_id"], "jump", 0.0001, 1.0)), flows(agreed)).row(0, named=True)
    assert (row["channel"], row["may_lead"]) == ("jump", False)


def test_growth_of_reconciled_trade_leads_nothing():
    row = lead(score_rows((BACI["flow_id"], "jump", 0.0001, 1.0)), flows(BACI)).row(0, named=True)
    assert (row["channel"], row["may_lead"]) == ("jump", False)


def test_corrected_p_never_exceeds_one():
    scores = score_rows((ONE["flow_id"], "jump", 0.9, 1.0), (ONE["flow_id"], "one_sided", 0.8, 2.0))
    assert lead(scores, flows(ONE))["p_value"].to_list() == [1.0]


PLANTED = "comtrade:AAA:BBB:260400:2019"


@pytest.fixture(scope="module")
def result():
    broken = pair({**dict.fromkeys(range(2010, 2021), 1.1), 2019: 20.0})
    decoy = [flow("AAA", "CCC", year, 1e6, 1.1e6, commodity="750110") for year in range(2010, 2021)]
    return chain.run(flows(*quiet_pairs(), *broken, *decoy), context())


def test_alerts_keep_their_contract(result):
    Alerts.validate(result.alerts.select(Alerts.column_names()), cast=True)
    assert result.alerts["rank"].to_list() == list(range(1, result.alerts.height + 1))
    assert result.alerts["flow_id"].is_unique().all()


def test_every_scored_flow_is_listed_once(result):
    assert sorted(result.alerts["flow_id"]) == sorted(result.scores["flow_id"].unique())


def test_the_planted_break_stands_high_and_confidentiality_keeps_it_at_level_one(result):
    planted = result.alerts.row(by_predicate=pl.col("flow_id") == PLANTED, named=True)
    assert planted["rank"] <= 20
    assert planted["gap_value_usd"] == result.alerts["gap_value_usd"].max()
    assert planted["claim_level"] == 1
    assert "confidentiality" in planted["why_level"]


def test_sentence_holds_names_numbers_and_interval(result):
    sentence = result.alerts.row(by_predicate=pl.col("flow_id") == PLANTED, named=True)["sentence"]
    assert "20.0 M USD" in sentence
    assert " to " in sentence.split("unmatched")[0]
    assert "2019" in sentence


def test_a_flow_of_level_zero_is_told_as_ordinary(result):
    ordinary = result.alerts.filter(pl.col("claim_level") == 0)["sentence"]
    assert ordinary.len() > 100
    assert ordinary.str.ends_with("; nothing stands out.").all()
    assert not ordinary.str.contains("unmatched|above what|further apart").any()


def test_order_is_level_then_p_then_amount_then_id():
    rows = pl.DataFrame(
        {
            "flow_id": ["a", "b", "c", "d", "e"], "claim_level": [1, 2, 1, 1, 1],
            "p_value": [0.01, 0.09, 0.01, 0.01, 0.001],
            "unmatched_usd": [5.0, 1.0, 9.0, 5.0, None], "family": ["tin"] * 5, "claims_rate": [False] * 5,
        }
    )  # fmt: skip
    assert order(rows.lazy())["flow_id"].to_list() == ["b", "e", "c", "a", "d"]


def ranked(p, claims, level=1):
    return pl.DataFrame(
        {
            "flow_id": [f"f{n:03}" for n in range(len(p))], "claim_level": [level] * len(p), "p_value": p,
            "unmatched_usd": [1.0] * len(p), "family": ["tin"] * len(p), "claims_rate": [claims] * len(p),
        }
    )  # fmt: skip


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
