from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.periods import FIRST_YEAR, LAST_YEAR, is_annual, known_by, known_from, period_end, year_of

YEARS = st.integers(FIRST_YEAR, LAST_YEAR)
MONTHS = st.builds(lambda year, month: year * 100 + month, YEARS, st.integers(1, 12))
PERIODS = st.one_of(YEARS, MONTHS)


def _column(*periods: int) -> pl.DataFrame:
    return pl.DataFrame({"period": periods}, schema={"period": pl.Int32})


@pytest.mark.parametrize(
    ("period", "end"),
    [
        (2020, date(2020, 12, 31)),
        (202002, date(2020, 2, 29)),
        (202102, date(2021, 2, 28)),
        (190002, date(1900, 2, 28)),
        (200002, date(2000, 2, 29)),
        (202304, date(2023, 4, 30)),
        (202312, date(2023, 12, 31)),
    ],
)
def test_last_day(period: int, end: date) -> None:
    assert period_end(period) == end


@pytest.mark.parametrize("bad", [0, -2020, 20, 1899, 2200, 202000, 202013, 20200301, 199, 189912, 220001])
def test_what_is_no_period_is_refused(bad: int) -> None:
    with pytest.raises(InputError, match=rf"period {bad} is neither a year \(2020\) nor a month \(202003\)"):
        is_annual(bad)


@given(PERIODS)
def test_a_period_ends_the_day_before_the_next_begins(period: int) -> None:
    day = period_end(period) + timedelta(days=1)
    assert day.day == 1
    if is_annual(period):
        assert (day.year, day.month) == (period + 1, 1)
    else:
        assert (day.year * 12 + day.month) - (period // 100 * 12 + period % 100) == 1


@given(st.lists(PERIODS, min_size=1, max_size=10), st.integers(0, 2000))
def test_columns_equal_the_scalar_functions(periods: list[int], lag_days: int) -> None:
    found = _column(*periods).select(known=known_from(lag_days), year=year_of())
    assert found["known"].to_list() == [period_end(one) + timedelta(days=lag_days) for one in periods]
    assert found["year"].to_list() == [period_end(one).year for one in periods]
    assert found["year"].dtype == pl.Int32


def test_known_from_adds_the_lag_to_the_end() -> None:
    # 2020 ends on 31 December; 395 days later is 30 January 2022.
    assert _column(2020, 202003).select(known_from(395)).to_series().to_list() == [date(2022, 1, 30), date(2021, 4, 30)]


def test_known_by_keeps_what_could_be_known_that_day() -> None:
    rows = _column(2018, 2019, 2020).with_columns(known_from=known_from(365))
    assert rows.filter(known_by(date(2020, 12, 30)))["period"].to_list() == [2018, 2019]
    assert rows.filter(known_by(date(2020, 12, 29)))["period"].to_list() == [2018]
    assert rows.filter(known_by(None))["period"].to_list() == [2018, 2019, 2020]
