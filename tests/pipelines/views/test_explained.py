"""What is said of an ordinary cause: its reason, never its meaning alone where it does not hold."""

import pytest

from models.flows.ordinary import CAUSES, meaning
from pipelines.views.explained import reason


@pytest.mark.parametrize("name", CAUSES)
def test_a_cause_without_a_reason_is_not_told_as_if_it_held(name):
    row = {"cause": name, "detail": None, "meaning": meaning(name)}
    assert reason(row | {"verdict": "excluded"}) == f"Looked for and not found: “{meaning(name)}”"
    assert reason(row | {"verdict": "cannot_test"}) == f"Could not be looked for: “{meaning(name)}”"
    assert reason(row | {"verdict": "possible"}) == meaning(name)


def test_a_reason_that_is_known_stands_alone():
    row = {"cause": "late_data", "verdict": "excluded", "detail": "The year ended long ago.", "meaning": "Recent."}
    assert reason(row) == "The year ended long ago."


def test_a_cause_of_another_version_is_named():
    row = {"cause": "gone_by", "verdict": "excluded", "detail": None, "meaning": ""}
    assert reason(row) == "Looked for and not found: “gone by”"
