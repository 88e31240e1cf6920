"""Begin and end of a call: no time is told that nobody saw."""

from datetime import date
from io import StringIO

import polars as pl
import pytest

from pipelines.views import call_words, ship_list
from pipelines.views.terminal import Screen
from tests.pipelines.moving_home import ORION, PORT_A, at, call

READ_TO = date(2024, 10, 31)


def one(arrived: float, left: float | None, **more: object) -> dict[str, object]:
    """A call at Alpha of a ship that was heard from hour 0 to hour 170, where nothing else is given."""
    told = {"first_seen": at(0), "last_seen": at(170), "known_from": READ_TO, "place": "Alpha"}
    return call(ORION, PORT_A, arrived, left, **(told | more))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (one(5, 9), "2024-10-01 05:00"),
        (one(5, None), "2024-10-01 05:00"),
        (one(0, 9, is_whole=False), "there at the first report, 2024-10-01"),
        (one(1, 9, is_whole=False), "there at the first report, 2024-10-01"),
        (one(0, None), "there at the first report, 2024-10-01"),
        (one(5, 9, is_whole=False, first_seen=None), "there at the first report"),
    ],
)
def test_a_ship_that_was_there_when_it_was_heard_first_was_not_seen_to_arrive(made, said):
    assert call_words.arrived(made) == said


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (one(5, 9), "2024-10-01 09:00"),
        (one(5, None), "not seen to leave; last heard 2024-10-08"),
        (one(5, None, known_from=date(2024, 10, 9)), "not seen to leave; last heard 2024-10-08"),
        (one(5, None, known_from=date(2024, 10, 8)), "still there"),
        (one(5, None, last_seen=None), "not seen to leave"),
    ],
)
def test_a_ship_is_still_there_only_if_it_was_heard_on_the_last_day_that_was_read(made, said):
    assert call_words.left(made) == said


def test_both_ends_make_one_line():
    assert call_words.both(one(5, 9)) == "arrived 2024-10-01 05:00; left 2024-10-01 09:00"
    assert call_words.both(one(5, None)) == "arrived 2024-10-01 05:00; not seen to leave; last heard 2024-10-08"
    assert call_words.both(one(0, None, last_seen=at(740)), "there") == "there at the first report, 2024-10-01; there"


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_long_end_goes_on_below(width):
    unsent = {"draught_in_m": None, "draught_out_m": None}
    rows = pl.DataFrame([one(0, None) | {"ship": "ORION"} | unsent])
    screen = Screen(file=StringIO(), width=width, highlight=False, markup=False, emoji=False)
    for part in ship_list.moves("calls", rows, 5, ["2024-10-01"], width):
        screen.print(part)
    lines = screen.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    (first,) = (at for at, line in enumerate(lines) if "ORION" in line)
    assert lines[first].split("  ")[:3] == ["ORION", "there at the first", "not seen to leave;"]
    assert "Alpha" in lines[first]
    assert lines[first + 1].split() == ["report,", "2024-10-01", "last", "heard", "2024-10-08"]
