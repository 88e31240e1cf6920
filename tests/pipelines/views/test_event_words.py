"""Events of two ships in words: the one that is not shown is named, and no ship meets itself."""

from io import StringIO

import pytest

from pipelines.views import event_words, ship_list
from pipelines.views.terminal import Screen
from tests.pipelines.moving_home import DRACO, ORION, ORION_TWO, event

NAMES = {"ship": "Draco Star", "other_ship": "ORION"}
MET = event("encounter", DRACO, 32, 35, other_track=ORION, sentence=f"Lay within 90 m of {ORION} for 3.0 h.") | NAMES
SILENT = event("gap", DRACO, 1, 12, other_track=ORION, sentence=f"Fell silent and was heard again as {ORION}.") | NAMES
SHARED = event("identity_collision", ORION, 0, 60, other_track=ORION_TWO, sentence=f"Two ({ORION} and {ORION_TWO}).")


@pytest.mark.parametrize(
    ("shown", "subject", "met"),
    [
        (None, f"Draco Star ({DRACO})", f"Lay within 90 m of ORION ({ORION}) for 3.0 h."),
        (DRACO, f"Draco Star ({DRACO})", f"Lay within 90 m of ORION ({ORION}) for 3.0 h."),
        (ORION, f"ORION ({ORION})", f"Lay within 90 m of Draco Star ({DRACO}) for 3.0 h."),
    ],
)
def test_a_meeting_is_told_from_the_side_of_the_ship_that_is_shown(shown, subject, met):
    assert event_words.sentence(MET, shown) == met
    assert event_words.subject(MET, shown) == subject


def test_a_ship_without_a_name_is_told_by_its_track():
    assert event_words.sentence(MET | {"ship": None}, ORION) == f"Lay within 90 m of {DRACO} for 3.0 h."
    assert event_words.sentence(MET | {"other_ship": None}, DRACO) == MET["sentence"]
    assert event_words.subject(MET | {"ship": None}) == DRACO


def test_a_silence_stays_that_of_the_ship_that_fell_silent():
    said = f"Fell silent and was heard again as ORION ({ORION})."
    assert event_words.sentence(SILENT, DRACO) == said
    assert event_words.sentence(SILENT, ORION) == f"Draco Star ({DRACO}): {said}"
    assert event_words.subject(SILENT, ORION) == f"Draco Star ({DRACO})"


@pytest.mark.parametrize("shown", [None, ORION, ORION_TWO])
def test_a_shared_identity_names_both_tracks_from_either_side(shown):
    assert event_words.sentence(SHARED, shown) == SHARED["sentence"]


def test_a_list_about_one_ship_names_the_other():
    screen = Screen(file=StringIO(), width=100, highlight=False, markup=False, emoji=False)
    for part in ship_list.event_lines([MET], ORION):
        screen.print(part)
    head, sentence = screen.file.getvalue().splitlines()[:2]
    assert f"ORION ({ORION})" in head
    assert f"Lay within 90 m of Draco Star ({DRACO})" in sentence
