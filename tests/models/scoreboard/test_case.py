import polars as pl

from models.scoreboard.case import hits, scorable
from tests.models.scoreboard.made import case


def test_of_several_schemes_on_a_flow_the_one_that_hides_most_names_it_and_amounts_are_summed():
    touched = pl.DataFrame(
        {
            "flow_id": ["b", "a", "a"],
            "scheme_id": ["s1", "s1", "s2"],
            "kind": ["smuggling", "smuggling", "round_tripping"],
            "strength": [1.0, 1.0, 0.25],
            "hidden_usd": [5.0, 10.0, 30.0],
            "hidden_kg": [1.0, 2.0, 3.0],
        }
    )
    assert hits(touched).rows() == [
        ("a", "s2", "round_tripping", 0.25, 40.0, 5.0),
        ("b", "s1", "smuggling", 1.0, 5.0, 1.0),
    ]


def test_what_hides_an_unknown_amount_hides_an_unknown_sum():
    touched = pl.DataFrame(
        {
            "flow_id": ["b", "a", "a"],
            "scheme_id": ["s1", "s1", "s2"],
            "kind": "smuggling",
            "strength": 1.0,
            "hidden_usd": [5.0, 10.0, 30.0],
            "hidden_kg": [None, None, 3.0],
        }
    )
    assert hits(touched).select("hidden_usd", "hidden_kg").rows() == [(40.0, None), (5.0, None)]


def test_only_years_between_two_different_countries_are_judged():
    flows = pl.DataFrame(
        {
            "flow_id": ["e", "d", "c", "b", "a"],
            "exporter": ["AAA", "AAA", "AAA", "_X", "AAA"],
            "importer": ["BBB", "BBB", "AAA", "BBB", "CCC"],
            "exporter_kind": ["country", "country", "country", "residual", "country"],
            "importer_kind": ["country"] * 5,
            "period": [2020, 202001, 2020, 2020, 2021],
        }
    )
    assert scorable(flows)["flow_id"].to_list() == ["a", "e"]


def test_a_part_of_a_case_keeps_rows_and_features_together():
    whole = case()
    part = whole.of(whole.is_hit)
    assert part.is_hit.all()
    assert part.rows["flow_id"].equals(part.features["flow_id"])
    assert 0 < part.rows.height < whole.rows.height
    assert whole.channels == ("mirror_gap", "balance")
