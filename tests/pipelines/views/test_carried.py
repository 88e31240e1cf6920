"""Verdicts of carrying capacity on a terminal: what is missing is a dash, and what has no room is named."""

from io import StringIO

import polars as pl
import pytest
from rich.console import Console

from pipelines.ship_capacity import CANNOT_TEST, COLUMNS, COULD, COULD_NOT, RECONCILED, UNREAD, Answer
from pipelines.views.carried import carried, nothing

SEEN = {
    "source": "comtrade", "declared_kg": 4.1e8, "capacity_kg": 1e8, "capacity_low_kg": 8.9e7,
    "capacity_high_kg": 1.02e8, "verdict": COULD_NOT, "p_value": 1e-4, "beyond_kg": 3.1e8, "voyages": 9,
    "calls_out": 3, "calls_in": 3, "seen_share": 0.9,
}  # fmt: skip
UNSEEN = {"source": "comtrade", "declared_kg": 4e8, "verdict": CANNOT_TEST, "why": UNREAD}


def answer(*rows: dict, **more: object) -> Answer:
    full = [{name: row.get(name) for name in COLUMNS} for row in rows]
    return Answer("XAA", "XBB", "bauxite", pl.DataFrame(full, schema=COLUMNS, orient="row"), has_days=True, **more)


def lines(found: Answer, width: int = 80) -> list[str]:
    console = Console(width=width, record=True, file=StringIO(), highlight=False)
    for part in carried(found, width):
        console.print(part)
    return [line.rstrip() for line in console.export_text().splitlines()]


def text(found: Answer, width: int = 80) -> str:
    return " ".join(" ".join(lines(found, width)).split())


@pytest.mark.parametrize("width", [60, 70, 80, 90, 100])
def test_a_column_without_room_is_named_and_the_share_heard_goes_last(width):
    untested = UNSEEN | {
        "period": 202411,
        "calls_out": 1,
        "seen_share": 0.59,
        "why": "ports were heard 59 % of the time",
    }
    told = lines(answer(SEEN | {"period": 202410}, untested), width)
    header = next(line for line in told if "verdict" in line)
    said = next((line for line in told if "no room for" in line), "")
    for name in ("declared", "could carry", "80 % interval", "beyond", "voyages", "heard"):
        assert (name in header) != (name in said), name
    assert (" p " in header) != (" p" in said.replace("period", ""))
    assert "heard" in header
    assert max(map(len, told)) <= width
    if width == 80:
        assert "beyond" in header
        assert "89 to 102 kt" in text(answer(SEEN | {"period": 202410}), width)


def test_a_month_that_cannot_be_tested_has_a_dash_wherever_nothing_is_known():
    untested = UNSEEN | {
        "period": 202411,
        "calls_out": 1,
        "seen_share": 0.59,
        "why": "ports were heard 59 % of the time",
    }
    told = lines(answer(SEEN | {"period": 202410}, untested), 120)
    row = next(line for line in told if "2024-11  cannot" in line)
    assert row.split() == ["2024-11", "cannot", "test", "400", "kt", "–", "–", "–", "–", "–", "59", "%"]
    assert "– there: some may not have ended" in text(answer(untested), 120)


def test_runs_of_untested_months_leave_out_those_that_were_tested():
    months = [UNSEEN | {"period": year * 100 + month} for year in (2022, 2023, 2024) for month in range(1, 13)]
    rows = [SEEN | {"period": one["period"]} if one["period"] in (202410, 202411) else one for one in months]
    told = text(answer(*rows))
    assert "2022-01 to 2024-09 and 2024-12 cannot be tested: positions of none of their days were read." in told
    assert "34 more periods that cannot be tested are not in the table: --format csv has all." in told
    one = text(answer(SEEN | {"period": 202410}, UNSEEN | {"period": 202412}))
    assert "2024-12 cannot be tested: positions of none of its days were read." in one


def test_years_with_a_gap_are_no_range():
    years = [UNSEEN | {"period": year} for year in (2007, 2012, 2013, 2015, 2016, 2017)]
    assert "2007, 2012, 2013 and 2015 to 2017 cannot be tested" in text(answer(*years))


def test_a_mass_of_the_year_is_no_mass_of_the_month():
    month = {"source": None, "period": 202410, "verdict": CANNOT_TEST, "calls_out": 1, "why": "one"}
    year = UNSEEN | {"period": 2024}
    assert "no monthly declaration is held" in lines(answer(year, month, declared_years=frozenset({2024})))
    assert "no mass is declared" in lines(answer(month))


def test_reconciled_masses_are_labelled_and_those_declared_beside_them_are_not():
    merged = {"source": "baci", "period": 2022, "reconciled_kg": 7.04e10, "verdict": CANNOT_TEST, "why": RECONCILED}
    told = lines(answer(merged))
    assert "baci: reconciled, not declared" in told
    assert any("reconciled" in line and "period" in line for line in told)
    assert "2022 cannot be tested: this source holds reconciled trade only, no declarations." in text(answer(merged))
    assert "70.4 Mt" in text(answer(merged))
    both = lines(answer(merged, SEEN | {"period": 202410, "reconciled_kg": 4e8}))
    assert "as declared in comtrade" in both
    assert "baci: 2022 cannot be tested" in text(answer(merged, UNSEEN | {"period": 2022}))
    assert "Reconciled:" not in text(answer(SEEN | {"period": 202410, "reconciled_kg": 4e8}))


def test_what_could_is_not_told_as_beyond():
    could = SEEN | {"period": 202410, "verdict": COULD, "p_value": 0.9, "beyond_kg": 0.0}
    assert not any("beyond" in line for line in lines(answer(could), 120)[:5])


def test_nothing_known_is_one_sentence_with_what_is_known_of_flights():
    modes = ({"period": 2023, "side": "export", "mode": "air", "value_usd": 2e9},)
    flown = answer(notes=("2 direct air routes from A to B are listed.",), modes=modes)
    assert nothing(flown, 2001) == (
        "no trade in these goods is held of this pair in 2001, declared or reconciled, and no call of a ship was seen "
        "at either end. 2 direct air routes from A to B are listed. Declared by mode: XAA 2.00 bn USD by air, 2023"
    )
