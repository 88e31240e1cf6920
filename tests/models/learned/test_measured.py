"""A measurement counts only for the model of which it was made, within its bounds, and with any power at all."""

import pytest

from models.learned.measured import measured

BOARD = {"sha256": "a" * 64, "nominal": 0.1, "fdp_mean": 0.08, "fdp_upper": 0.11, "power": 0.3, "worlds": 20}


@pytest.mark.parametrize(
    ("change", "ok"),
    [
        ({}, True),
        ({"fdp_mean": 0.12, "fdp_upper": 0.15}, True),
        ({"fdp_mean": 0.121}, False),
        ({"fdp_upper": 0.151}, False),
        ({"power": 0.0}, False),
        ({"sha256": "b" * 64}, False),
    ],
)
def test_the_measurement_must_be_of_this_model_and_hold(change, ok):
    assert measured("a" * 64, BOARD | change).ok is ok


def test_the_sentence_holds_the_figures():
    assert measured("a" * 64, BOARD).sentence == (
        "at a nominal 10% the realised false-discovery proportion was 8.0% on 20 unseen worlds (95 % bound 11.0%), "
        "with a power of 30.0%"
    )


def test_without_a_measurement_nothing_is_confirmed():
    assert not measured("a" * 64, None).ok
