"""Grades of small analyses whose truth stands beside them, by hand and against slow references."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from models.flows.ordinary import CAUSES
from models.grading.benign import TRUE_CAUSES
from models.grading.composition import CLASSES, MADE
from models.grading.figures import COLUMNS
from models.grading.grade import NOT_GRADED, STRANDS, grade
from models.grading.named import COLUMNS as NAMED
from models.grading.offices import ABOVE, BELOW, NEAR, NOTHING
from models.grading.offices import CLASSES as OFF
from models.grading.truth import seen_by, traces
from models.grading.untested import REASONS
from models.world.tables import ARTEFACTS
from tests.models.grading import frames
from tests.models.grading.frames import alert, artefact, moved, scheme, touched, trace

# XAA is found at level 2, XAB stood out below the cut, XAC is ordinary, XAD was never scored, XAE cannot be seen.
SCHEMES = (scheme("s1"), scheme("s2", strength=1.0), scheme("s3", "ban_evasion"), scheme("s4"), scheme("s5"))
TRACES = (
    trace("s1", "XAA", hidden=5e6),
    trace("s1", "XAA", 2021, hidden=1e6),
    trace("s2", "XAB", hidden=4e5),
    trace("s3", "XAC", hidden=3e4),
    trace("s4", "XAD", hidden=2e3),
    trace("s5", "XAE", visible=False),
)
ARTEFACTS_HERE = (artefact("a1", "reporter_break"), artefact("a2", "strike"), artefact("a3", "new_mine"))
TOUCHED = (touched("a1", "XBA"), touched("a1", "XBB"), touched("a2", "XBC"), touched("a3", "XBD"), touched("a1", "XAA"))
ROWS = (
    alert(1, "XAA", level=2),
    alert(2, "XBA", level=2, main_cause="coding"),
    alert(3, "XAA", 2021),
    alert(4, "XBB", main_cause="reporter_break"),
    alert(5, "XCA"),
    alert(6, "XAE"),
    alert(7, "XAB", selected=False),
    alert(8, "XBC", selected=False),
    alert(9, "XBD", selected=False),
    alert(10, "XAC", level=0, selected=False),
)
TRUTH = frames.truth(SCHEMES, TRACES, ARTEFACTS_HERE, TOUCHED, [moved("XCA", 9e7), moved("XAE", 1e6)])
HELD = (
    (ROWS[1], "reporter_break", "possible"),
    (ROWS[3], "reporter_break", "possible"),
    (ROWS[7], "stocks", "excluded"),
)


@pytest.fixture(scope="module")
def graded():
    return grade(frames.analysed(*ROWS, held=HELD, silent=[("XAD", 2020)]), TRUTH)


def value(graded, part, kind, measure, band="all"):
    row = graded.figures.filter(part=part, kind=kind, measure=measure, band=band)
    assert row.height == 1, (part, kind, measure, band)
    return row["value"].item()


def counts(graded, part, kind, measure, band="all"):
    return graded.figures.filter(part=part, kind=kind, measure=measure, band=band).select("hits", "total").row(0)


def test_every_alert_belongs_to_one_class(graded):
    assert [counts(graded, "alerts", "alerts", one) for one in CLASSES] == [(2, 6), (1, 6), (2, 6), (1, 6)]
    assert [counts(graded, "alerts", "level 2", one) for one in CLASSES] == [(1, 2), (0, 2), (1, 2), (0, 2)]
    assert value(graded, "alerts", "alerts", "false-discovery proportion") == pytest.approx(4 / 6)
    assert value(graded, "alerts", "level 2", "false-discovery proportion") == 0.5


def test_schemes_and_their_flows_are_found_or_not(graded):
    assert counts(graded, "recall", "all", "flows scored") == (4, 5)
    assert counts(graded, "recall", "all", "flows stood out") == (3, 5)
    assert counts(graded, "recall", "all", "flows among the alerts") == (2, 5)
    assert counts(graded, "recall", "all", "schemes among the alerts") == (1, 4)
    assert counts(graded, "recall", "all", "schemes at level 2") == (1, 4)
    assert counts(graded, "recall", "under_invoicing", "schemes stood out") == (2, 3)
    assert counts(graded, "recall", "under_invoicing", "schemes stood out", "1") == (1, 1)
    assert counts(graded, "recall", "under_invoicing", "schemes stood out", "0.5") == (1, 2)
    assert counts(graded, "recall", "ban_evasion", "flows scored") == (1, 1)
    assert value(graded, "recall", "all", "hidden value among the alerts") == pytest.approx(6e6 / 6.432e6)


def test_a_scheme_that_no_declaration_shows_is_counted_apart(graded):
    assert counts(graded, "recall", "under_invoicing", "schemes without a published trace") == (1, 4)
    assert counts(graded, "recall", "all", "flows without a published trace") == (1, 6)


def test_the_detection_limit_is_where_half_is_found_from_there_on(graded):
    bands = graded.figures.filter(pl.col("part") == "size", pl.col("band") != "all")
    shares = dict(zip(bands["band"], bands["value"], strict=True))
    assert shares == {"1000": 0.0, "10000": 0.0, "100000": 0.0, "1000000": 1.0}
    assert value(graded, "size", "all", "detection limit, USD") == 1e6


def test_the_order_is_measured_beside_naive_ones(graded):
    hits = [True, False, True, False, False, False, True, False, False, True]
    assert value(graded, "order", "all", "base rate") == 0.4
    assert value(graded, "order", "the list", "average precision") == pytest.approx(
        average_precision_score(hits, -np.arange(10))
    )
    # All declare the same two amounts, so that naive orders know nothing: the base rate.
    for naive in ("raw gap", "standardised gap"):
        assert value(graded, "order", naive, "average precision") == pytest.approx(0.4)
    gains = [5e6, 0, 1e6, 0, 0, 0, 4e5, 0, 0, 3e4]
    dcg = sum(gain / np.log2(2 + at) for at, gain in enumerate(gains))
    best = sum(gain / np.log2(2 + at) for at, gain in enumerate(sorted(gains, reverse=True)))
    assert value(graded, "order", "the list", "gain of the first 50 (NDCG)") == pytest.approx(dcg / best)
    assert counts(graded, "order", "the list", "precision of the first 50") == (4, 10)
    # The one channel gives the p-values that made the order.
    assert value(graded, "channels", "mirror_gap", "average precision") == pytest.approx(
        value(graded, "order", "the list", "average precision")
    )


def test_a_channel_is_graded_over_the_flows_that_it_tested_whichever_leads():
    scores = frames.scores(*ROWS)
    other = frames.scores(*ROWS[:3]).with_columns(channel=pl.lit("jump").cast(scores.schema["channel"]))
    found = grade(replace(frames.analysed(*ROWS), scores=pl.concat([scores, other])), TRUTH)
    assert counts(found, "channels", "mirror_gap", "base rate") == (4, 10)
    assert counts(found, "channels", "jump", "base rate") == (2, 3)


def test_artefacts_are_counted_where_no_scheme_is(graded):
    assert counts(graded, "artefacts", "reporter_break", "raised above level 1") == (1, 2)
    assert counts(graded, "artefacts", "all", "stood out") == (4, 4)
    assert counts(graded, "artefacts", "all", "among the alerts") == (2, 4)
    raised = graded.flows.filter(outcome="raised")
    assert raised.select("truth_id", "kind", "exporter", "rank", "main_cause").rows() == [
        ("a1", "reporter_break", "XBA", 2, "coding")
    ]


def test_the_cause_that_the_explanation_names_is_held_against_the_true_one(graded):
    assert counts(graded, "causes", "reporter_break", "true cause came first") == (1, 2)
    assert counts(graded, "causes", "reporter_break", "true cause held possible") == (2, 2)
    assert counts(graded, "causes", "strike", "true cause held possible") == (0, 1)
    assert value(graded, "causes", "new_mine", "no ordinary cause of the list fits") is None
    assert counts(graded, "causes", "all", "true cause came first") == (1, 4)


def test_flows_have_names_and_reasons(graded):
    assert graded.flows.columns == list(NAMED)
    told = graded.flows.select("outcome", "truth_id", "exporter", "year", "rank").rows()
    assert told == [
        ("found", "s1", "XAA", 2020, 1),
        ("noticed", "s2", "XAB", 2020, 7),
        ("missed", "s3", "XAC", 2020, 10),
        ("missed", "s4", "XAD", 2020, None),
        ("raised", "a1", "XBA", 2020, 2),
        ("flagged", "a1", "XBB", 2020, 4),
        ("unknown", None, "XCA", 2020, 5),
        ("unknown", None, "XAE", 2020, 6),
    ]
    missed = graded.flows.filter(outcome="missed")
    assert missed["why"].to_list() == ["Because.", "Not tested: the exporter's office did not report that year."]
    assert missed["claim_level"].to_list() == [0, None]


def test_a_scheme_makes_the_gap_or_only_lies_beside_it():
    """Of three alerts that touch a scheme one hides 3 % of the gap, one a quarter, and one more than the gap."""
    hidden = {"XAA": 3e4, "XAB": 2.5e5, "XAC": 5e6}
    rows = [alert(at, one) for at, one in enumerate(hidden, 1)]
    told = [trace(one.lower(), one, hidden=usd) for one, usd in hidden.items()]
    found = grade(frames.analysed(*rows), frames.truth([scheme(one.lower()) for one in hidden], told))
    assert counts(found, "alerts", "alerts", MADE) == (2, 3)
    assert found.flows.select("exporter", "hidden_share").rows() == [("XAC", 5.0), ("XAB", 0.25), ("XAA", 0.03)]


@pytest.mark.parametrize(
    ("exports", "imports", "true", "off", "side"),
    [
        (190.0, 2e7, 2.8e7, BELOW, "exporter"),
        (2e7, None, 2.8e7, BELOW, "importer"),
        (2e6, 9e8, 2e6, ABOVE, "importer"),
        (9e8, 1e5, 2e6, ABOVE, "exporter"),
        (6e7, 1e4, 2e6, BELOW, "importer"),
        (1e6, 2e7, 2e6, NEAR, None),
        (1e6, 2e7, None, NOTHING, None),
        (1e5, 2e6, 3e6, NEAR, None),
    ],
)
def test_what_the_offices_booked_is_held_against_what_moved(exports, imports, true, off, side):
    row = alert(1, "XCA", export_value_usd=exports, import_value_usd=imports)
    moves = [moved("XCA", true)] if true else []
    found = grade(frames.analysed(row), frames.truth(true=moves))
    assert found.flows.select("outcome", "off", "off_side", "true_usd").rows() == [("unknown", off, side, true)]
    assert {one: counts(found, "offices", one, "alerts")[0] for one in OFF} == {one: int(one == off) for one in OFF}


@pytest.mark.parametrize(
    ("silent", "lines", "reason"),
    [
        ([("XAD", 2020), ("XZZ", 2020)], [], REASONS[0]),
        ([("XAD", 2020)], [("XAD", 2020)], REASONS[1]),
        ([("XZZ", 2020)], [("XAD", 2020)], REASONS[2]),
        ([("XZZ", 2019)], [("XAD", 2017), ("XAD", 2018), ("XAD", 2019)], REASONS[3]),
        ([], [("XAD", 2018), ("XAD", 2019), ("XAD", 2020), ("XAD", 2021)], REASONS[4]),
        ([], [("XAD", 2017), ("XAD", 2018), ("XAD", 2019), ("XAD", 2020)], REASONS[5]),
    ],
)
def test_a_flow_that_could_not_be_tested_has_a_reason(silent, lines, reason):
    known = frames.truth([scheme("s")], [trace("s", "XAD")])
    found = grade(frames.analysed(silent=silent, lines=lines), known)
    assert {one: counts(found, "untested", one, "flows") for one in REASONS} == {
        one: (int(one == reason), 1) for one in REASONS
    }
    assert found.flows["why"].to_list() == [f"Not tested: {reason}."]


def test_a_share_of_none_or_all_has_an_interval_that_is_not_empty(graded):
    """0 of 2 and 4 of 4 by Wilson's score: z^2 / (n + z^2) with z the 90 % point."""
    low, high = (
        graded.figures.filter(part="alerts", kind="level 2", measure="touch nothing known").select("low", "high")
    ).row(0)
    assert (low, high) == (0.0, pytest.approx(1.6424 / 3.6424, abs=1e-4))
    row = graded.figures.filter(part="artefacts", kind="all", measure="stood out").row(0, named=True)
    assert (row["low"], row["high"]) == (pytest.approx(4 / 5.6424, abs=1e-4), 1.0)
    empty = graded.figures.filter(pl.col("low") == pl.col("high"), pl.col("total") > 0)
    assert empty.filter((pl.col("hits") == 0) | (pl.col("hits") == pl.col("total"))).is_empty()


def test_strands_that_are_not_built_say_so(graded):
    rows = graded.figures.filter(part="strands")
    assert rows.select("kind", "measure", "value").rows() == [(one, NOT_GRADED, None) for one in STRANDS]
    assert graded.figures.columns == list(COLUMNS)


def test_every_kind_of_artefact_has_its_causes_and_every_cause_exists():
    assert set(TRUE_CAUSES) == set(ARTEFACTS)
    assert {cause for accepted in TRUE_CAUSES.values() for cause in accepted} <= set(CAUSES)


def test_an_analysis_without_alerts_and_a_world_without_schemes_are_graded():
    nothing = grade(frames.analysed(), frames.truth())
    assert nothing.flows.is_empty()
    assert value(nothing, "order", "the list", "average precision") is None
    assert value(nothing, "size", "all", "detection limit, USD") is None
    blind = grade(frames.analysed(), TRUTH)
    assert counts(blind, "recall", "all", "flows scored") == (0, 5)
    assert set(blind.flows["outcome"]) == {"missed"}


COUNTRIES = st.sampled_from([f"XA{letter}" for letter in "ABCDEFGH"])
FLOWS = st.lists(st.tuples(COUNTRIES, st.integers(2018, 2021)), unique=True, max_size=20)


@settings(max_examples=25, deadline=None)
@given(FLOWS, FLOWS, FLOWS, st.randoms())
def test_row_order_does_not_matter_and_classes_are_those_of_the_slow_reference(scored, hidden, benign, chance):
    rows = [alert(at, *one, level=at % 3, selected=at % 3 > 0) for at, one in enumerate(scored, 1)]
    told = [trace(f"s{at % 3}", *one, hidden=1e3 * at, visible=at % 4 > 0) for at, one in enumerate(hidden)]
    schemes, benign_ones = [scheme(f"s{at}") for at in range(3)], [artefact("a", "strike")]
    touches = [touched("a", *one) for one in benign]
    known = frames.truth(schemes, told, benign_ones, touches)
    first = grade(frames.analysed(*rows), known)
    for table in (rows, told, schemes, touches):
        chance.shuffle(table)
    shuffled = frames.truth(schemes, told, benign_ones, touches)
    again = grade(frames.analysed(*rows), shuffled)
    assert first.figures.equals(again.figures)
    assert first.flows.equals(again.flows)

    visible = {(one["exporter"], one["year"]) for one in told if one["is_visible"]}
    seen = seen_by(frames.alerts(*rows), known)
    for row in seen.iter_rows(named=True):
        key = (row["exporter"], row["year"])
        assert row["is_scheme"] == (key in visible)
        assert row["is_benign"] == (key in set(benign) and key not in set(hidden))
        assert row["hidden_usd"] == sum(one["hidden_value_usd"] for one in told if one["is_visible"]
                                        and (one["exporter"], one["year"]) == key)  # fmt: skip
    left = traces(frames.alerts(*rows), known)
    assert left.height == sum(one["is_visible"] for one in told)
    assert set(left.filter("is_scored").select("exporter", "year").rows()) == visible & set(scored)
