"""A measurement counts only for the model of which it was made, within its bounds, and with any power at all."""

import pytest

from models.scoreboard.names import IN_ANALYSIS, LEARNED, POWER, REALISED, WORLDS
from pipelines.measured import measured
from pipelines.scoreboard.results import Results

MINE = "a" * 64


def board(mean=0.08, high: float | None = 0.11, power=0.3, sha256=MINE) -> Results:
    figures = {REALISED: {"0.10": [mean, 0.05, high, 20]}, POWER: {"0.10": [power, 0.2, 0.4, 20]}}
    return Results({"sha256": sha256}, {WORLDS: {IN_ANALYSIS: figures}}, {})


ELSEWHERE = Results(
    {"sha256": MINE},
    {WORLDS: {LEARNED: {REALISED: {"0.10": [0.08, 0.05, 0.11, 20]}, POWER: {"0.10": [0.3, 0.2, 0.4, 20]}}}},
    {},
)
"""Only the list that is calibrated on other worlds was measured."""


@pytest.mark.parametrize(
    ("found", "ok"),
    [
        (board(), True),
        (board(mean=0.12, high=0.15), True),
        (board(mean=0.121), False),
        (board(high=0.151), False),
        (board(mean=0.0, high=0.0), True),
        (board(high=None), False),
        (ELSEWHERE, False),
        (board(power=0.0), False),
        (board(sha256="b" * 64), False),
        (Results({"sha256": MINE}, {}, {}), False),
        (None, False),
    ],
)
def test_the_measurement_must_be_of_this_model_and_hold(found: Results | None, ok: bool) -> None:
    assert measured(MINE, found).ok is ok


def test_the_sentence_holds_the_figures() -> None:
    assert measured(MINE, board()).sentence == (
        "at a nominal 10 % the learned list in an analysis had a realised false-discovery proportion of 8.0 % on 20 "
        "unseen worlds (95 % bound 11.0 %), with a power of 30.0 %"
    )


def test_a_list_calibrated_elsewhere_says_nothing_of_the_one_that_users_see() -> None:
    assert "was not measured as an analysis makes that list" in measured(MINE, ELSEWHERE).sentence
    assert "claimed no error rate: none is known" in measured(MINE, board(power=0.0)).sentence
    assert "too few worlds" in measured(MINE, board(high=None)).sentence
