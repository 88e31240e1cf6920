import numpy as np
import polars as pl
import pytest

from models.scoreboard import lists, names
from models.scoreboard.case import Case
from models.scoreboard.null import Listed

ROWS = pl.DataFrame(
    {
        "source": ["comtrade"] * 6,
        "exporter": ["AAA", "AAA", "AAA", "AAA", "BBB", "BBB"],
        "commodity": ["1"] * 6,
        "period": [2001, 2002, 2004, 2005, 2001, 2002],
        "scheme_id": ["s", "s", "s", None, None, "t"],
        "kind": ["smuggling", "smuggling", "smuggling", None, None, "smuggling"],
        "strength": [0.5, 0.5, 0.5, None, None, 1.0],
        "hidden_usd": [5e3, 5e4, 5e6, None, None, 2e6],
        "hidden_kg": [2e3, 2e3, 5e5, None, None, 2e6],
    }
)
CASE = Case("x", ROWS, ROWS.select("exporter"))
Q = np.array([0.5, 0.04, 0.04, 0.04, 0.04, np.nan])
LISTED = Listed(Q, Q, -Q)


def told() -> dict[tuple[str, str], tuple[float, float]]:
    amounts = [*lists.told(CASE, "x", LISTED), *lists.detailed(CASE, "x", LISTED, 0.10)]
    return {(one.measure, one.band): (one.amount, one.whole) for one in amounts}


def test_flows_and_episodes_by_hand():
    found = told()
    assert found[names.CLAIMED, "all"] == (5.0, 6.0)
    assert found[names.SELECTED, "0.05"][0] == 4
    assert found[names.REALISED, "0.05"][0] == pytest.approx(2 / 4)
    # Selected runs: AAA 2002, AAA 2004-2005 (which holds a trace), BBB 2001.
    assert found[names.REALISED_EPISODES, "0.05"][0] == pytest.approx(1 / 3)
    assert found[names.POWER, "0.05"][0] == pytest.approx(2 / 4)
    assert found[names.REALISED, "0.02"][0] == found[names.POWER, "0.02"][0] == 0.0


def test_schemes_and_lead_time_by_hand():
    found = told()
    assert found[names.SCHEMES_FOUND, "smuggling"] == (1.0, 2.0)
    assert found[names.FIRST_YEAR, "all"] == (0.0, 2.0)
    assert found[names.LEAD_TIME, "all"] == (1.0, 1.0)
    assert found[names.VALUE_FOUND, "all"] == (5e4 + 5e6, 5e3 + 5e4 + 5e6 + 2e6)


def test_the_detection_limit_by_hand():
    found = told()
    usd = {band: pair for (measure, band), pair in found.items() if measure == names.BY_USD}
    assert (usd["0"], usd["10000"], usd["1e+06"]) == ((0.0, 1.0), (1.0, 1.0), (1.0, 2.0))
    tonnes = {band: pair for (measure, band), pair in found.items() if measure == names.BY_TONNES}
    assert (tonnes["1"], tonnes["100"], tonnes["1000"]) == ((1.0, 2.0), (1.0, 1.0), (0.0, 1.0))
    assert found[names.BY_STRENGTH, "1"] == (0.0, 1.0)


def test_schemes_that_hide_an_unknown_mass_are_in_no_range_of_tonnes():
    rows = ROWS.with_columns(hidden_kg=pl.when(pl.col("period") == 2002).then(None).otherwise("hidden_kg"))
    found = list(lists.detailed(Case("x", rows, ROWS.select("exporter")), "x", LISTED, 0.10))
    assert sum(one.whole for one in found if one.measure == names.BY_TONNES) == 2
    assert sum(one.whole for one in found if one.measure == names.BY_USD) == 4


def test_what_is_shown_at_first_sight_is_judged_whether_or_not_a_rate_is_claimed():
    taken = np.array([True, False, False, True, True, False])
    found = {one.measure: one.amount for one in lists.shown(CASE, "x", taken)}
    assert found == {
        names.SHOWN: 3.0,
        names.SHOWN_FALSE: pytest.approx(2 / 3),
        names.SHOWN_FOUND: pytest.approx(1 / 4),
    }


def test_an_empty_list_has_no_false_discoveries():
    assert lists.episodes_false(CASE, np.zeros(6, dtype=bool)) == 0.0
