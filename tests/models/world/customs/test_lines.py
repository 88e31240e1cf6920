import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.customs import errors, lines
from models.world.customs.forms import AMOUNTS
from models.world.customs.offices import offices
from models.world.parameters.customs import OTHERS, Customs
from tests.models.world import trading

CONFIG = WorldConfig.sized("small", 0)
PLACES = trading.countries(12)
OFFICES = offices(CONFIG, PLACES)


def rows(value_usd: float, number: int = 20_000) -> pl.DataFrame:
    """Rows of one size, a line for each ten years."""
    at = np.arange(number)
    frame = pl.DataFrame(
        {
            "is_export": at // 1440 % 2 == 0,
            "reporter": 900 + at // 10 % 12,
            "partner": 900 + at // 120 % 12,
            "commodity": 260400 + at // 2880,
            "year": 2012 + at % 10,
            "value_usd": value_usd,
            "mass_kg": value_usd * 10,
            "reexport_usd": 0.0,
            "freight_usd": 0.0,
        }
    )
    numbers = {"reporter": pl.Int32, "partner": pl.Int32, "commodity": pl.Int32, "year": pl.Int32}
    return frame.cast(numbers).filter(pl.col("reporter") != pl.col("partner")).sort(frame.columns[:5])


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [(3e2, 440729, 0.1), (3e5, 440729, 0.4), (3e3, 440729, 0.2), (1.0, 440729, 0.1), (1e12, 440729, 0.7),
     (3e5, 260400, 4.0), (10**4.977121254719663, 440729, 0.35)],
)  # fmt: skip
def test_parameters_by_size_are_interpolated_within_the_family(value: float, code: int, expected: float) -> None:
    table = {"timber": (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7), OTHERS: (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0)}
    frame = pl.DataFrame({"value_usd": [value], "commodity": [code]})
    np.testing.assert_allclose(lines.by_size(table, frame), [expected])


def test_small_rows_are_missed_more_often_than_large_ones() -> None:
    kept = {size: lines.noticed(CONFIG, rows(size)).height / rows(size).height for size in (3e2, 3e5, 3e8)}
    assert kept[3e2] < kept[3e5] < kept[3e8]
    exporter, importer = (CONFIG.customs.silent_exporter["nickel"][0], CONFIG.customs.silent_importer["nickel"][0])
    assert kept[3e2] == pytest.approx(1 - (exporter + importer) / 2, abs=0.03)


def test_silence_lasts() -> None:
    kept = lines.noticed(CONFIG, rows(3e5)).select(*lines.ROW, heard=True)
    years = rows(3e5).join(kept, on=lines.ROW, how="left").with_columns(pl.col("heard").fill_null(False))
    after = years.with_columns(pl.col("year") - 1).rename({"heard": "after"})
    pairs = years.join(after, on=lines.ROW)
    assert pairs.filter("heard")["after"].mean() > pairs.filter(~pl.col("heard"))["after"].mean() + 0.2  # type: ignore[operator]


@pytest.mark.parametrize("step", [lines.misplaced, lines.strayed])
def test_what_goes_to_another_partner_is_not_lost(step: object) -> None:
    before = rows(3e5)
    after = step(CONFIG, OFFICES, before)  # type: ignore[operator]
    assert after.height > before.height
    assert not (after["reporter"] == after["partner"]).any()
    office = ["is_export", "reporter", "commodity", "year"]
    sums = [frame.group_by(office).agg(pl.col(AMOUNTS).sum()).sort(office) for frame in (before, after)]
    np.testing.assert_allclose(sums[0].select(AMOUNTS).to_numpy(), sums[1].select(AMOUNTS).to_numpy())


def test_a_stray_part_is_never_most_of_a_row() -> None:
    before = rows(3e4)
    after = lines.strayed(CONFIG, OFFICES, before).join(before.select(lines.ROW), on=lines.ROW)
    assert after["value_usd"].min() >= 3e4 * (1 - lines.LARGEST_STRAY)  # type: ignore[operator]


def test_what_happens_to_a_row_does_not_depend_on_the_others() -> None:
    every, some = rows(3e4), rows(3e4).filter(pl.col("partner") != 905)
    for step in (lines.noticed, errors.with_errors):
        alone = step(CONFIG, some)
        among = step(CONFIG, every).filter(pl.col("partner") != 905)
        assert alone.equals(among)


def test_perfect_offices_change_nothing() -> None:
    config = replace(CONFIG, customs=Customs.perfect())
    frame = rows(3e4)
    assert lines.noticed(config, frame).equals(frame)
    assert lines.misplaced(config, OFFICES, frame).equals(frame)
    assert lines.strayed(config, OFFICES, frame).equals(frame)
    assert lines.unspecified(config, frame).equals(frame)
    assert errors.with_errors(config, frame).equals(frame)


def test_errors_are_wider_where_flows_are_small_and_in_mass() -> None:
    def spread(size: float, column: str) -> float:
        log = np.log(errors.with_errors(CONFIG, rows(size))[column].to_numpy() / rows(size)[column].to_numpy())
        low, high = np.quantile(log, (0.25, 0.75))
        return float(high - low)

    assert spread(3e3, "value_usd") > 1.5 * spread(3e7, "value_usd")
    assert spread(3e3, "mass_kg") > spread(3e3, "value_usd")


def test_errors_of_a_line_last_where_it_is_large() -> None:
    def correlation(size: float) -> float:
        log = errors.with_errors(CONFIG, rows(size)).with_columns(log=pl.col("value_usd").log())
        after = log.select(*lines.LINE, pl.col("year") - 1, after="log")
        return float(log.join(after, on=lines.ROW).select(pl.corr("log", "after", method="spearman")).item())

    assert 0.2 < correlation(3e2) < correlation(3e5) - 0.2 < correlation(3e8) - 0.3


def test_errors_of_a_year_are_mostly_small_and_now_and_then_large() -> None:
    only = replace(Customs.perfect(), value_spread={OTHERS: (0.5,) * 7}, value_lasts={OTHERS: (0.0,) * 7})
    found = errors.with_errors(replace(CONFIG, customs=only), rows(3e5))
    size = np.abs(np.log(found["value_usd"].to_numpy() / 3e5))
    low, middle, far = np.quantile(size, (0.25, 0.5, 0.95))
    # A normal has 2.1 and 2.9.
    assert middle > 2.5 * low
    assert far > 4.5 * middle


def test_exporters_fall_short_in_value_and_not_in_mass() -> None:
    only = replace(Customs.perfect(), short_exports={"gold": 0.0, OTHERS: 0.1})
    found = errors.with_errors(replace(CONFIG, customs=only), rows(3e5))
    short = pl.when("is_export").then(3e5 * math.exp(-0.1)).otherwise(3e5)
    np.testing.assert_allclose(found["value_usd"], found.select(short).to_series())
    assert found["mass_kg"].equals(rows(3e5)["mass_kg"])


def test_blunders_are_exact_factors() -> None:
    only = replace(Customs.perfect(), blunders=1.0)
    found = errors.with_errors(replace(CONFIG, customs=only), rows(3e5))
    factors = (found["mass_kg"] / rows(3e5)["mass_kg"]).round(6).unique().sort().to_list()
    assert factors == [0.001, 0.453592, 2.204623, 1000.0]
