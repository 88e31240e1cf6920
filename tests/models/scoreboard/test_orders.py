import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metrics import average_precision
from models.scoreboard import orders
from models.scoreboard.measured import Amount
from models.scoreboard.names import ALL, DRAWN, PRECISION
from tests.models.scoreboard.made import KINDS, case


def by_band(amounts, measure: str) -> dict[str, float]:
    return {one.band: one.amount for one in amounts if one.measure == measure}


def test_flows_that_are_not_known_come_last_as_one_tie():
    made = case()
    score = np.where(made.is_hit, 1.0, np.nan)
    assert by_band(orders.ordered(made, "x", score), PRECISION)[ALL] == 1.0
    half = np.where(made.is_hit & (np.arange(score.size) % 2 == 0), 1.0, np.nan)
    known = np.isfinite(half).sum() / made.is_hit.sum()
    rest = by_band(orders.ordered(made, "x", half), PRECISION)[ALL]
    assert rest == pytest.approx(known + (1 - known) * made.is_hit.mean())


@pytest.mark.parametrize("nothing", [np.nan, 0.0])
def test_an_order_that_knows_nothing_has_no_figures(nothing):
    made = case()
    score = np.full(made.rows.height, nothing)
    for amounts in (orders.ordered, orders.curve, orders.by_family):
        assert list(amounts(made, "x", score)) == []
    assert list(orders.drawn(made, "x", score, "nickel")) == []


def test_of_rows_that_share_the_last_place_of_a_head_as_many_count_as_are_expected_in_it():
    hits = np.array([True, False, True, True, False, False])
    score = np.array([9.0, 5.0, 5.0, 5.0, 5.0, 1.0])
    assert orders.precision_at(hits, score, 1) == 1.0
    assert orders.precision_at(hits, score, 3) == pytest.approx((1 + 2 * 2 / 4) / 3)
    assert orders.precision_at(hits, score, 5) == pytest.approx(3 / 5)
    assert orders.precision_at(hits, score, 50) == pytest.approx(3 / 6)
    assert orders.precision_at(hits[::-1], score[::-1], 3) == orders.precision_at(hits, score, 3)


def test_of_one_kind_the_other_kinds_are_neither_hits_nor_false():
    made = case()
    kind = made.rows["kind"].fill_null("").to_numpy()
    score = np.where(kind == KINDS[0], 2.0, np.where(kind == KINDS[1], 3.0, 0.0))
    found = by_band(orders.ordered(made, "x", score), PRECISION)
    assert found[KINDS[0]] == found[KINDS[1]] == 1.0


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=30))
def test_rows_that_count_several_times_are_that_many_rows(rows):
    hits, score, times = (np.array(column) for column in zip(*rows, strict=True))
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), score.size - 1)
    found = orders._weighted(hits[order], times[order].astype(float), ends)
    slow = average_precision(np.repeat(hits, times), np.repeat(score, times).astype(float)) if times.sum() else np.nan
    assert found == pytest.approx(slow, nan_ok=True)


def test_cases_of_one_cube_draw_the_same_exporters():
    one, other = case(seed=1), case(seed=1, name="another")
    score = one.column("agnostic")
    drawn = [by_band(orders.drawn(made, "x", score, "nickel"), DRAWN) for made in (one, other)]
    assert drawn[0] == drawn[1]
    assert len(drawn[0]) == 200
    assert drawn[0] != by_band(orders.drawn(one, "x", score, "another cube"), DRAWN)


def test_the_curve_holds_the_precision_of_the_shortest_head():
    made = case(flows=60)
    score = made.column("agnostic")
    hits = made.is_hit[np.argsort(-score)]
    for amount in orders.curve(made, "x", score):
        ends = [k for k in range(1, 61) if hits[:k].sum() >= float(amount.band) * hits.sum() - 1e-9]
        assert amount.amount == pytest.approx(hits[: ends[0]].mean())


def test_families_are_judged_apart():
    made = case()
    gold = made.rows["family"].to_numpy() == "gold"
    score = made.column("agnostic")
    found = {one.band: one.amount for one in orders.by_family(made, "x", score)}
    assert found["gold"] == pytest.approx(average_precision(made.is_hit[gold], score[gold]))
    assert isinstance(next(orders.bases(made)), Amount)


def test_goods_of_whose_hits_nothing_is_known_are_left_out():
    made = case()
    gold = made.rows["family"].to_numpy() == "gold"
    score = np.where(gold & made.is_hit, np.nan, made.column("agnostic"))
    assert {one.band for one in orders.by_family(made, "x", score)} == {"tin"}
    assert {one.band for one in orders.by_family(made, "x", np.where(gold, 1.0, score))} == {"tin"}
