"""Months out of line."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.tables import Reporting
from models.flows.channels import judge
from models.flows.structure import edge_stream
from models.flows.structure.edge_stream import MEMORY, MINIMUM, surprises
from tests.models.flows.frames import context, flow
from tests.models.flows.structure import slow

MONTHS = [100 * year + month for year in range(2018, 2021) for month in range(1, 13)]


def monthly(seed: int = 0, burst: float = 1.0) -> tuple[list[dict], list[dict]]:
    """Years, and their months: four pairs, one of which trades `burst` times as much in May 2020."""
    rng = np.random.default_rng(seed)
    months = []
    for e in range(2):
        for m in range(2):
            for month in MONTHS:
                usd = 1e5 * float(np.exp(rng.normal(0, 0.3))) * (burst if (e, m, month) == (1, 1, 202005) else 1.0)
                if rng.random() > 0.1 or month == 202005:
                    months.append(
                        flow(f"E{e}", f"M{m}", month, usd, 1.02 * usd, known_from=date(month // 100 + 1, 12, 31))
                    )
    years = [
        flow(f"E{e}", f"M{m}", year, usd, 1.02 * usd)
        for e in range(2)
        for m in range(2)
        for year in range(2018, 2021)
        for usd in (sum(row["export_value_usd"] for row in months
                        if (row["exporter"], row["importer"], row["period"] // 100) == (f"E{e}", f"M{m}", year)),)
    ]  # fmt: skip
    return years, months


def streamed(amounts: list[float | None]) -> list[float | None]:
    """Score of each month of one pair, month by month."""
    mean, scatter, age, scores = 0.0, 0.0, 0, []
    for now in amounts:
        known = now is not None and age >= MINIMUM and mean > 0 and scatter > 0
        scores.append((now - mean) / math.sqrt(scatter * mean) if known else None)
        if now is None or (age == 0 and now == 0):
            continue
        age += 1
        weight = 1 / min(age, MEMORY)
        if age > 1:
            scatter += weight * ((now - mean) ** 2 / (mean or now or 1.0) - scatter)
        mean += weight * (now - mean)
    return scores


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_scores_agree_with_an_obvious_version(seed):
    rng = np.random.default_rng(seed)
    amounts = np.exp(rng.normal(10, 1, (4, 40))) * (rng.random((4, 40)) > 0.3)
    amounts[0, :5] = 0.0
    amounts[rng.random((4, 40)) > 0.9] = np.nan
    score, _, _ = surprises(amounts)
    for pair in range(4):
        expected = [
            np.nan if one is None else one
            for one in streamed([None if np.isnan(one) else one for one in amounts[pair]])
        ]
        assert score[pair] == pytest.approx(expected, nan_ok=True)


def test_a_year_has_the_score_of_its_worst_month():
    years, months = monthly()
    found = slow.judged(edge_stream, years, context_of(months))
    table = slow.table(*months).to_dicts()
    for name, row in found.items():
        exporter, importer, _, year = name.split(":")
        value = {one["period"]: one["reconciled_value_usd"] for one in table
                 if (one["exporter"], one["importer"]) == (exporter, importer)}  # fmt: skip
        heard = {one["period"] for one in table if one["exporter"] == exporter or one["importer"] == importer}
        amounts = [value.get(month, 0.0 if month in heard else None) for month in MONTHS]
        scores = dict(zip(MONTHS, streamed(amounts), strict=True))
        mine = {
            month: score
            for month, score in scores.items()
            if score is not None and month in value and month // 100 == int(year)
        }
        best = max(mine, key=lambda month: mine[month])
        assert row["statistic"] == pytest.approx(mine[best])
        assert row["month"] == best % 100
    assert {name[-4:] for name in found} == {"2019", "2020"}
    assert len(found) == 8


def context_of(months: list[dict]):
    return replace(context(), months=slow.table(*months))


def test_a_burst_in_one_month_stands_out_in_its_year():
    years, months = monthly(burst=15.0)
    found = slow.judged(edge_stream, years, context_of(months))
    row = found.pop("E1:M1:260400:2020")
    assert row["statistic"] > 8
    assert row["month"] == 5
    assert row["gap_value_usd"] == pytest.approx(row["month_value_usd"] - row["usual_month_value_usd"])
    assert row["gap_value_usd"] > 1e6
    assert (row["gap_low_usd"], row["gap_high_usd"]) == (None, None)  # nobody knows how far off it may be
    assert max(other["statistic"] for other in found.values()) < 6


def test_a_month_in_which_nobody_reported_is_missing_and_not_none():
    years, months = monthly()
    lone = [row for row in months if (row["exporter"], row["importer"]) == ("E1", "M1")]
    gap = [row for row in lone if row["period"] not in (202001, 202002, 202003)]
    months = [*gap, *(flow("E9", "M9", month, 1e5, 1e5, known_from=date(2021, 1, 1)) for month in MONTHS)]
    missing = slow.judged(edge_stream, years, context_of(months))["E1:M1:260400:2020"]
    heard = pl.DataFrame(
        [("comtrade", "E1", month, "X", 1, date(2021, 1, 1)) for month in MONTHS],
        schema=Reporting.create_empty().schema,
        orient="row",
    )
    none = slow.judged(edge_stream, years, replace(context_of(months), reporting=heard))["E1:M1:260400:2020"]
    assert none["usual_month_value_usd"] < 0.9 * missing["usual_month_value_usd"]


def test_annual_data_alone_say_nothing_and_judge_hands_the_months_over():
    years, months = monthly(burst=15.0)
    assert edge_stream(slow.table(*years), context()).is_empty()
    said = judge(slow.table(*years, *months), context()).statistics
    mine = said.filter(pl.col("channel").cast(pl.String) == "edge_stream")
    assert mine.height == 8
    assert not said["flow_id"].str.contains(":2020..$").any()


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_neither_order_nor_names_nor_currency_matter(seed):
    years, months = monthly(seed)
    slow.invariant(edge_stream, years, seed, context_of(months))
