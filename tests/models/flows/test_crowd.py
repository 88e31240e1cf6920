"""How far flows stand out of the crowd."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.flows.calibrate import benjamini_hochberg
from models.flows.crowd import crowded, ordinary_share

SCHEMA = {"family": pl.String, "channel": pl.String, "channel_p": pl.Float64, "expected": pl.Float64}
PARTS = pl.List(pl.Struct({"name": pl.String, "value": pl.Float64}))
P = st.sampled_from([0.001, 0.002, 0.01, 0.05, 0.3, 1.0])


def table(rows: list[tuple[str, str, float, float | None]]) -> pl.DataFrame:
    made = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    known = pl.col("expected").is_not_null()
    as_far = pl.col("channel_p").rank("max").over("family", "channel", known).cast(pl.Float64)
    return made.with_columns(as_far=pl.when(known).then(as_far))


def slow(rows: pl.DataFrame) -> list[float | None]:
    """Row by row: the smallest expected over counted, over every cut that takes the row in."""
    known = [row for row in rows.to_dicts() if row["expected"] is not None]

    def at(channel: str, cut: float) -> float:
        mine = [row for row in known if row["channel"] == channel and row["channel_p"] <= cut]
        families = {row["family"]: 0.0 for row in mine}
        for row in mine:
            families[row["family"]] = max(families[row["family"]], row["expected"])
        return sum(families.values()) / len(mine)

    def share(row: dict) -> float | None:
        if row["expected"] is None:
            return None
        cuts = {one["channel_p"] for one in known if one["channel"] == row["channel"]}
        return min(1.0, *(at(row["channel"], cut) for cut in cuts if cut >= row["channel_p"]))

    return [share(row) for row in rows.to_dicts()]


@given(st.lists(st.tuples(st.sampled_from("fgh"), st.sampled_from("ab"), P, st.booleans()), max_size=25))
def test_agrees_with_an_obvious_version(rows):
    tests = {"f": 40, "g": 7, "h": 300}
    made = table([(family, channel, p, p * tests[family] if known else None) for family, channel, p, known in rows])
    assert ordinary_share(made).to_list() == pytest.approx(slow(made))


@given(st.lists(P, min_size=1, max_size=30))
def test_in_one_family_it_is_the_quantity_of_benjamini_and_hochberg(p):
    made = table([("f", "a", one, one * len(p)) for one in p])
    assert ordinary_share(made).to_list() == pytest.approx(benjamini_hochberg(made["channel_p"].to_numpy()).tolist())


def test_a_family_with_one_test_does_not_come_before_a_large_one():
    """Forty families, each with one flow of p 0.05, against thirty flows of p 0.001 among a thousand."""
    few = [(f"small-{n}", "a", 0.05, 0.05) for n in range(40)]
    many = [("large", "a", 0.001, 1.0)] * 30
    share = ordinary_share(table([*few, *many]))
    assert share.tail(30).max() < share.head(40).min()


def silences(expected: float) -> list[dict]:
    return [{"name": "pair_past", "value": 0.9}, {"name": "ordinary_silences", "value": expected}]


def test_expected_are_p_times_tests_or_the_silences_that_a_model_expects():
    rows = pl.DataFrame(
        {
            "channel": ["mirror_gap", "mirror_gap", "jump", "one_sided", "one_sided", "one_sided"],
            "period": [2019, 2020, 2020, 2019, 2019, 2020],
            "p_value": [0.1, 0.5, 0.001, 0.02, 0.04, 0.03],
            "may_lead": [True, True, False, True, True, True],
            "parts": pl.Series([[], [], [], silences(7.5), silences(9.0), silences(2.0)], dtype=PARTS),
        }
    )
    found = crowded(rows)
    assert found["expected"].to_list() == [0.2, 1.0, None, 7.5, 11.0, 9.5]
    assert found["as_far"].to_list() == [1.0, 2.0, None, 1.0, 3.0, 2.0]


def test_flows_for_which_another_channel_speaks_are_of_the_crowd_too():
    """Two of a hundred are listed; ten stood out as far, where one was expected."""
    listed = table([("f", "a", 0.01, 1.0)] * 2).with_columns(as_far=pl.lit(10.0))
    assert ordinary_share(listed).to_list() == [0.1, 0.1]
