"""From rows with errors to what is published: secrets, editions, masses, months, totals."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.customs import masses, months, totals
from models.world.customs.editions import with_editions
from models.world.customs.forms import AMOUNTS, ROW, forms
from models.world.customs.offices import offices, reporting
from models.world.customs.secrecy import NOT_SPECIFIED, touched, with_secrets
from models.world.customs.sums import added
from models.world.parameters.customs import Customs
from tests.models.world import trading

CONFIG = replace(WorldConfig.sized("small", 0), customs=Customs.perfect())
PLACES = trading.countries(12)
OFFICES = offices(CONFIG, PLACES)
NOTHING = trading.no_artefacts()


def rows(*listed: tuple[bool, int, int, int, int, float], kg_per_usd: float = 2.0) -> pl.DataFrame:
    """Rows of (is_export, reporter, partner, commodity, year, value)."""
    numbers = dict.fromkeys(ROW[1:], pl.Int32())
    frame = pl.DataFrame(listed, schema={"is_export": pl.Boolean(), **numbers, "value_usd": pl.Float64()}, orient="row")
    freight = pl.when("is_export").then(0.0).otherwise(pl.col("value_usd") * 0.1)
    return frame.with_columns(mass_kg=pl.col("value_usd") * kg_per_usd, reexport_usd=0.0, freight_usd=freight)


SOME = rows(
    (True, 900, 901, 260400, 2015, 60.0),
    (True, 900, 902, 260400, 2015, 40.0),
    (True, 900, 901, 440729, 2015, 10.0),
    (False, 900, 901, 260400, 2015, 5.0),
    (True, 901, 900, 260400, 2016, 7.0),
)


def test_confidential_exports_name_no_country() -> None:
    hidden = trading.artefact("confidentiality", "XAA", family="nickel", partner="XAB")
    found = with_secrets(CONFIG, OFFICES, hidden, SOME)
    nickel = found.filter(pl.col("reporter") == 900, pl.col("commodity") == 260400, pl.col("is_export"))
    assert dict(nickel.select("partner", "value_usd").rows()) == {902: 40.0, 899: 60.0}
    rest = found.filter(pl.col("partner") != 899)
    assert rest.height == 4
    assert not found["is_withheld"].any()


def test_a_reporter_break_hides_partners_of_both_directions() -> None:
    found = with_secrets(CONFIG, OFFICES, trading.artefact("reporter_break", "XAA", family="nickel"), SOME)
    mine = found.filter(pl.col("reporter") == 900, pl.col("commodity") == 260400)
    assert mine.select("is_export", "partner", "value_usd").rows() == [(False, 899, 5.0), (True, 899, 100.0)]


def test_a_reporter_that_stops_is_gone_in_those_years() -> None:
    stops = trading.artefact("reporter_stops", "XAA", first_year=2015, last_year=2015)
    assert with_secrets(CONFIG, OFFICES, stops, SOME)["reporter"].to_list() == [901]
    later = trading.artefact("reporter_stops", "XAA", first_year=2016)
    assert with_secrets(CONFIG, OFFICES, later, SOME).height == 5


def test_artefacts_touch_their_family_years_and_no_other_kind() -> None:
    one = trading.artefact("estimated_mass", "XAA", family="timber", first_year=2015)
    assert touched(OFFICES, one, "estimated_mass", SOME).tolist() == [False, False, True, False, False]
    assert not touched(OFFICES, one, "reporter_stops", SOME).any()
    assert not touched(OFFICES, NOTHING, "estimated_mass", SOME).any()


def test_a_secret_cell_hides_its_largest_partner() -> None:
    for withheld in (0.0, 1.0):
        config = replace(CONFIG, customs=replace(Customs.perfect(), secret=1.0, withheld=withheld))
        # Six rows of one cell and year: secret if the spell covers the year, then the largest partner alone.
        listed = rows(*((True, 900, 901 + at, 260400, year, 10.0 + at) for at in range(6) for year in config.years))
        found = with_secrets(config, OFFICES, NOTHING, listed)
        hidden = found.filter(pl.col("is_withheld") if withheld else pl.col("partner") == 899)
        assert 1 <= hidden.height <= 6
        assert set(hidden["value_usd"]) == {15.0}
        assert found["value_usd"].sum() == listed["value_usd"].sum()


def test_a_suppressed_commodity_keeps_its_partners_under_another_code() -> None:
    config = replace(CONFIG, customs=replace(Customs.perfect(), suppressed=1.0))
    listed = rows(*((True, 900, 901 + at, 260400, year, 10.0 + at) for at in range(3) for year in config.years))
    found = with_secrets(config, OFFICES, NOTHING, pl.concat([listed, SOME.filter(~pl.col("is_export"))]))
    hidden = found.filter(pl.col("commodity") == NOT_SPECIFIED)
    years = hidden["year"].unique().sort().to_list()
    assert years == list(range(years[0], years[-1] + 1))
    assert 1 <= len(years) <= 6
    assert hidden.height == 3 * len(years)
    assert hidden["is_export"].all()
    weighed = masses.with_masses(config, OFFICES, NOTHING, found)
    assert weighed.filter(pl.col("commodity") == NOT_SPECIFIED)["mass_kg"].null_count() == hidden.height
    assert weighed["mass_kg"].null_count() == hidden.height


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        (260400, 1994, {260400}),
        (440929, 2006, {440920}),
        (440929, 2012, {440929}),
        (440929, 2017, {440929, 440922}),
        (440349, 2021, {440349}),
        (440349, 2022, {440349, 440342}),
        (440729, 1995, {440722}),
        (810520, 2001, {810510}),
        (711291, 2002, {711291}),
    ],
)
def test_codes_of_the_edition_of_the_year(code: int, year: int, expected: set[int]) -> None:
    marked = rows((True, 900, 901, code, year, 100.0)).with_columns(is_withheld=False)
    found = with_editions(CONFIG, OFFICES.with_columns(edition_lag=pl.lit(0)), marked)
    assert set(found["commodity"]) == expected
    np.testing.assert_allclose(found.select(pl.col(AMOUNTS).sum()).row(0), marked.select(AMOUNTS).row(0))


def test_an_office_that_lags_keeps_the_old_code() -> None:
    marked = rows((True, 900, 901, 440349, 2022, 100.0)).with_columns(is_withheld=False)
    found = with_editions(CONFIG, OFFICES.with_columns(edition_lag=pl.lit(1)), marked)
    assert found.select("commodity", "edition").rows() == [(440349, 5)]


def test_estimated_masses_share_one_unit_value() -> None:
    one = trading.artefact("estimated_mass", "XAA")
    listed = rows((True, 900, 901, 260400, 2015, 60.0), (True, 900, 902, 260400, 2015, 40.0))
    other = rows((True, 901, 900, 260400, 2015, 50.0), (True, 901, 902, 260400, 2015, 5.0), kg_per_usd=4.0)
    odd = pl.concat([listed, other, rows((True, 902, 900, 260400, 2015, 9.0), kg_per_usd=4.0)])
    found = masses.with_masses(CONFIG, OFFICES, one, odd)
    # Middling unit value of the five rows: 0.25 USD per kg.
    assert found["mass_kg"].to_list() == [240.0, 160.0, 200.0, 20.0, 36.0]
    assert found["is_estimated"].to_list() == [True, True, False, False, False]


def test_masses_that_are_absent_or_nothing() -> None:
    listed = rows(*((True, 900 + at % 12, 912 + at // 12, 260400, 2015, 60.0) for at in range(1200)))
    config = replace(CONFIG, customs=replace(Customs.perfect(), no_mass=0.2, zero_mass=0.1))
    found = masses.with_masses(config, OFFICES, NOTHING, listed)["mass_kg"]
    assert found.null_count() == pytest.approx(240, abs=50)
    assert (found == 0).sum() == pytest.approx(120, abs=35)


def test_importers_that_value_fob_leave_out_freight() -> None:
    usual = OFFICES.with_columns(values_fob=pl.lit(False))
    plain = masses.with_valuation(usual, NOTHING, SOME)
    assert plain["value_usd"].equals(SOME["value_usd"])
    assert plain["is_fob"].to_list() == [True, True, True, False, True]
    bare = masses.with_valuation(usual, trading.artefact("fob_importer", "XAA"), SOME)
    assert bare["value_usd"].to_list() == [60.0, 40.0, 10.0, 4.5, 7.0]
    assert bare["is_fob"].all()
    always = masses.with_valuation(OFFICES.with_columns(values_fob=pl.lit(True)), NOTHING, SOME)
    assert always["value_usd"].equals(bare["value_usd"])


def test_rounding_and_threshold() -> None:
    listed = rows((True, 900, 901, 260400, 2015, 60.4564), (True, 900, 902, 260400, 2015, 9.4))
    frame = listed.with_columns(is_estimated=False)
    habits = OFFICES.with_columns(threshold_usd=pl.lit(10.0), whole_kg=pl.lit(True), whole_usd=pl.lit(True))
    assert masses.rounded(habits, frame).select("value_usd", "mass_kg").rows() == [(60.0, 121.0)]
    fine = habits.with_columns(whole_kg=pl.lit(False), whole_usd=pl.lit(False))
    assert masses.rounded(fine, frame).select("value_usd", "mass_kg").rows() == [(60.456, 120.913)]
    estimated = masses.rounded(habits, frame.with_columns(is_estimated=True))
    assert estimated["mass_kg"].to_list() == [120.913]


def test_months_divide_the_year_as_goods_came_in() -> None:
    goods = trading.completed(
        pl.DataFrame(
            [{"goods_id": "goods:1", "commodity": "260400", "year": 2024, "exporter": "XAA", "importer": "XAB",
              "mass_kg": 8.0, "contained_kg": 1.0, "value_usd": 40.0, "timing": [0.25, 0.0, 0.75, *[0.0] * 9]}]
        )
    )  # fmt: skip
    habits = OFFICES.with_columns(is_monthly=pl.lit(True), is_fiscal=pl.lit(False))
    booked = forms(CONFIG, habits, goods)
    annual = added(booked.rows, ROW, AMOUNTS).filter("is_export")
    found = months.with_months(CONFIG, habits, booked, annual)
    assert found.select("month", "value_usd", "mass_kg").rows() == [(0, 40.0, 8.0), (1, 10.0, 2.0), (3, 30.0, 6.0)]
    never = months.with_months(CONFIG, habits.with_columns(is_monthly=pl.lit(False)), booked, annual)
    assert never["month"].to_list() == [0]


def test_a_row_that_no_form_stands_behind_is_divided_as_its_heading_or_evenly() -> None:
    habits = OFFICES.with_columns(is_monthly=pl.lit(True), is_fiscal=pl.lit(False))
    booked = forms(CONFIG, habits, trading.goods(CONFIG, PLACES, 5))
    strange = rows((True, 900, 911, 260500, 2024, 120.0))
    found = months.with_months(CONFIG, habits, booked, strange).filter(pl.col("month") > 0)
    assert found["value_usd"].to_list() == pytest.approx([10.0] * 12)


def test_world_totals_hold_what_is_withheld() -> None:
    marked = SOME.with_columns(
        is_withheld=pl.Series([True, False, False, False, False]), is_estimated=False, is_fob=True, edition=5,
        month=pl.lit(0, pl.Int32),
    )  # fmt: skip
    config = replace(CONFIG, first_year=2015, last_year=2016)
    published = reporting(config, OFFICES)
    frame = totals.flows(OFFICES, marked.cast({"edition": pl.Int32}))
    found = totals.with_totals(config, OFFICES.with_columns(shows_headings=pl.lit(False)), published, frame)
    nickel = found.filter(pl.col("reporter") == 900, pl.col("commodity") == 260400, pl.col("flow") == "X")
    assert dict(nickel.select("partner", "value_usd").rows()) == {902: 40.0, 0: 100.0}
    assert nickel.filter(pl.col("partner") == 0)["mass_kg"].to_list() == [200.0]
    everything = found.filter(pl.col("digits") == 0)
    assert everything.height == published.height * 2
    headings = found.filter(pl.col("digits") == 4)
    assert set(headings["partner"]) == {0}
    assert set(headings["commodity"]) == {2604, 4407}


def test_offices_that_show_headings_do_so_for_every_partner() -> None:
    marked = SOME.with_columns(
        is_withheld=False, is_estimated=False, is_fob=True, edition=pl.lit(5, pl.Int32), month=pl.lit(0, pl.Int32)
    )
    frame = totals.flows(OFFICES, marked)
    shown = OFFICES.with_columns(shows_headings=pl.lit(True))
    found = totals.with_totals(CONFIG, shown, reporting(CONFIG, OFFICES), frame)
    assert found.filter(pl.col("digits") == 4, pl.col("partner") != 0).height == SOME.height


def test_re_exports_stand_beside_the_exports_that_hold_them() -> None:
    marked = SOME.head(1).with_columns(reexport_usd=15.0)
    shows = OFFICES.with_columns(shows_reexports=pl.lit(True))
    found = totals.flows(shows, marked)
    assert found.select("flow", "value_usd", "mass_kg").rows() == [("X", 60.0, 120.0), ("RX", 15.0, 30.0)]
    assert totals.flows(OFFICES.with_columns(shows_reexports=pl.lit(False)), marked)["flow"].to_list() == ["X"]
