"""All days together: what is said of identities under which no one ship could have sent."""

import polars as pl
import pytest

from models.shipping.whole import CONFIDENT, FEW
from tests.models.shipping.worlds import at, places, reports, whole

SHIP = 201_000_001
PORT = places(("port:A", "port", 0.0, 0.0))


def shared(displaced: list[float], count: int = 60) -> dict[str, object]:
    """The event where a ship that sends every hour is heard, at some hours, far from where it sails."""
    ship = [(hour, 5.0 + 0.1 * hour, 0.0, 6.0) for hour in range(count)]
    there = [(hour, 60.0, 40.0, None) for hour in displaced]
    found = whole(reports(SHIP, sorted([*ship, *there])), PORT)
    assert found.vessels["track_id"].to_list() == [f"{SHIP}:1", f"{SHIP}:2"]
    return found.vessel_events.filter(pl.col("kind") == "identity_collision").row(0, named=True)


def test_two_reports_elsewhere_are_not_said_to_be_a_second_ship() -> None:
    told = shared([20.4, 20.6])
    assert told["sentence"] == (
        f"Reports that no one ship could have sent came under one identity and are kept apart ({SHIP}:1 and {SHIP}:2, "
        "2 reports or more each; the tracks overlap for 0.2 h, silences included); jamming of receivers, a faulty "
        "transponder and a copied identity are ordinary reasons."
    )
    assert told["confidence"] == pytest.approx(0.95 * 2 / 12)
    assert {"name": "fewest_reports", "value": 2.0} in told["parts"]


def test_confidence_grows_with_the_reports_of_the_track_that_has_fewer() -> None:
    told = [shared([10.0 + 0.3 + step for step in range(count)])["confidence"] for count in (2, 3, 10, 40)]
    assert told == sorted(set(told))
    assert told[2] == pytest.approx(CONFIDENT["identity_collision"] * 10 / (10 + FEW))
    assert told[-1] > 0.75
    many, few = shared([20.4, 20.6], count=300), shared([20.4, 20.6])
    assert many["confidence"] == few["confidence"]


def test_hours_reach_from_the_later_start_to_the_earlier_end_over_silences() -> None:
    told = shared([3.4, 3.6, 50.4, 50.6])
    assert (told["began"], told["ended"]) == (at(3.4), at(50.6))
    assert told["hours"] == pytest.approx(47.2)
    assert "overlap for 47.2 h, silences included" in told["sentence"]


def test_one_report_elsewhere_has_ordinary_reasons_too() -> None:
    ship = [(hour, 5.0 + 0.1 * hour, 0.0, 6.0) for hour in range(60)]
    found = whole(reports(SHIP, sorted([*ship, (20.5, 0.0, 40.0, 6.0)])), PORT).vessel_events
    assert found["sentence"].to_list() == [
        "One report 4448 km from port:A fits no ship that was heard under its identity and is left aside; jamming of "
        "receivers and a faulty transponder are ordinary reasons."
    ]
