"""What would have been ordinary, in words: which rung is used and why, and why others are silent."""

from io import StringIO

from rich.console import Console

from pipelines.views.ladder import RUNGS, expected


def row(model: str, **more: object) -> dict[str, object]:
    return {"model": model, "quantity": "value_usd", "median": 45e6, "low": 20e6, "high": 90e6, "p_zero": 0.07} | more


def rung(model: str, **more: object) -> dict[str, object]:
    plain = {"measure": "crps", "value": 1.0, "gain": None, "gain_low": None, "is_used": False, "missing": None}
    return {"model": model, "first_year": 2015, "last_year": 2019, "cells": 1234} | plain | more


def text(expectations: list[dict[str, object]], ladder: list[dict[str, object]]) -> list[str]:
    console = Console(width=140, no_color=True, highlight=False, file=StringIO(), record=True)
    for part in expected(expectations, ladder):
        console.print(part)
    return [" ".join(line.split()) for line in console.export_text().splitlines() if line.strip()]


BETTER = rung("boosted", value=0.9, gain=0.1, gain_low=0.05, is_used=True)


def test_rungs_stand_in_their_order_with_the_one_used_marked() -> None:
    said = text([row("boosted"), row("own_history", p_zero=None), row("persistence")], [BETTER, rung("persistence")])
    assert said[1:4] == [
        "own clean years 45.0 M USD 20.0 M USD to 90.0 M USD –",
        "last trade again 45.0 M USD 20.0 M USD to 90.0 M USD 7 %",
        "boosted trees 45.0 M USD 20.0 M USD to 90.0 M USD 7 % used",
    ]
    years = "(2015 to 2019, 1,234 pairs and years)."
    assert said[4:] == [f"Used: boosted trees; its error is 10 % below that of the best rung under it {years}"]


def test_the_first_rung_is_used_where_nothing_is_better() -> None:
    first = rung("persistence", is_used=True)
    assert text([row("persistence")], [first, rung("gravity", gain=-0.1, gain_low=-0.2)])[2:] == [
        "Used: last trade again; no higher rung forecast better with a 95 % interval above zero (2015 to 2019, 1,234 "
        "pairs and years).",
        "Nothing to go by for gravity.",
    ]
    alone = rung("persistence", is_used=True, value=None, missing="too few earlier years")
    assert text([], [alone]) == [
        "Used: last trade again; no years could be compared.",
        "Missing, last trade again: too few earlier years.",
    ]


def test_a_missing_rung_says_what_it_needs() -> None:
    gone = rung("gnn", value=None, missing="needs torch: pip install 'oretrace[gnn]'")
    said = text([row("boosted")], [BETTER, gone])
    assert said[-1] == "Missing, graph network: needs torch: pip install 'oretrace[gnn]'."


def test_a_rung_that_spoke_of_the_flow_is_not_called_missing() -> None:
    gone = rung("gnn", value=None, missing="too few earlier years")
    assert not any("Missing" in line for line in text([row("gnn")], [gone]))


def test_masses_stay_masses() -> None:
    assert "45 kt 20 kt to 90 kt" in text([row("own_history", quantity="mass_kg")], [])[1]


def test_every_rung_of_the_models_has_a_name() -> None:
    from models.ladder.expect import RUNGS as CLIMBED

    assert list(RUNGS) == ["own_history", *(one.name for one in CLIMBED)]


def test_nothing_known_says_nothing() -> None:
    assert text([], []) == []
