"""What ships could have carried against what is declared, beside a slow way of judging one flow at a time."""

from dataclasses import replace
from datetime import date
from math import log
from statistics import NormalDist

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tables_ships import CarryingCapacity
from models.flows.carriage import BULK, carrying_capacity, could_be_told
from models.flows.channels import CHANNELS, judge
from tests.models.flows.frames import context, flow, flows

MT = 1e9
ROW = {
    "exporter": "EXP", "importer": "IMP", "period": 2015, "direct_kg": 1e8, "direct_high_kg": 1.2e8, "out_kg": 0.9 * MT,
    "out_high_kg": 1.1 * MT, "out_log_sd": 0.16, "in_kg": 1.8 * MT, "in_high_kg": 2.2 * MT, "in_log_sd": 0.16,
    "voyages": 4, "calls_out": 20, "calls_in": 40, "boxed_calls": 0, "ports_seen": 3, "ports_known": 3,
    "seen_share_out": 0.9, "seen_share_in": 0.9, "is_whole": True, "known_from": date(2016, 1, 10),
}  # fmt: skip


def carriage(*rows: dict) -> pl.DataFrame:
    """Table `carrying_capacity`: 1 Mt left the exporter and 2 Mt reached the importer, heard 90 % of the time."""
    return CarryingCapacity.validate(pl.DataFrame([{**ROW, **one} for one in rows or ({},)]), cast=True)


def said(*rows: dict, ships: pl.DataFrame | None = None, family: str = "nickel") -> pl.DataFrame:
    table, annual = flows(*rows), pl.col("period") < 10_000
    ships = carriage() if ships is None else ships
    return carrying_capacity(
        table.filter(annual), replace(context(family), carriage=ships, months=table.filter(~annual))
    )


def numbers(found: pl.DataFrame) -> dict[str, float]:
    return {part["name"]: part["value"] for part in found["parts"].item()}


def test_more_than_the_exporters_ships_could_carry_is_implausible() -> None:
    found = said(flow("EXP", "IMP", 2015, 3e6, None, export_mass_kg=3 * MT))
    parts = numbers(found)
    assert parts["capacity_kg"] == pytest.approx(MT)
    assert parts["is_limited_at_exporter"] == 1.0
    assert found["gap_mass_kg"].item() == pytest.approx(2 * MT)
    # A tonne of it is worth a dollar.
    assert found["gap_value_usd"].item() == pytest.approx(2e6)
    assert parts["gap_low_usd"] == pytest.approx(3e6 - 1e-3 * 1.1 * MT / 0.9)
    assert found["model_p"].item() == 1e-4
    assert not found["is_null"].item()


def test_what_fewer_ships_could_have_brought_to_the_importer_counts() -> None:
    fewer = carriage({"in_kg": 0.45 * MT, "in_high_kg": 0.55 * MT})
    parts = numbers(said(flow("EXP", "IMP", 2015, 3e6, None, export_mass_kg=3 * MT), ships=fewer))
    assert parts["capacity_kg"] == pytest.approx(0.5 * MT)
    assert parts["is_limited_at_exporter"] == 0.0


def test_what_ships_could_have_carried_is_ordinary_and_has_no_gap() -> None:
    found = said(flow("EXP", "IMP", 2015, 5e5, 5e5, export_mass_kg=0.5 * MT, import_mass_kg=0.5 * MT))
    assert found["model_p"].item() > 0.9
    assert found["gap_mass_kg"].item() == 0.0


def test_the_smaller_declaration_counts_and_an_estimated_mass_is_none() -> None:
    both = flow("EXP", "IMP", 2015, 3e6, 3e6, export_mass_kg=3 * MT, import_mass_kg=0.4 * MT)
    assert numbers(said(both))["declared_kg"] == pytest.approx(0.4 * MT)
    guessed = {**both, "is_import_mass_estimated": True}
    assert numbers(said(guessed))["declared_kg"] == pytest.approx(3 * MT)
    assert said({**guessed, "is_export_mass_estimated": True}).is_empty()


def test_months_are_added_up_where_the_year_was_not_read() -> None:
    year = flow("EXP", "IMP", 2015, 2e7, None, export_mass_kg=20 * MT)
    months = [
        flow("EXP", "IMP", 201500 + one, 2e6, None, export_mass_kg=2 * MT, known_from=date(2016, 1, 31))
        for one in (9, 10, 11)
    ]
    tenth, eleventh = {"period": 201510}, {"period": 201511, "is_whole": False}
    twelfth = {"period": 201512}
    parts = numbers(said(year, *months, ships=carriage(tenth, eleventh, twelfth)))
    # September has no ships, November an unread day, December no declaration.
    assert (parts["months_compared"], parts["declared_kg"]) == (1.0, pytest.approx(2 * MT))
    parts = numbers(said(year, *months, ships=carriage(tenth, {"period": 201511})))
    assert (parts["months_compared"], parts["declared_kg"]) == (2.0, pytest.approx(4 * MT))
    assert parts["capacity_kg"] == pytest.approx(2 * MT)
    parts = numbers(said(year, *months, ships=carriage(tenth, {})))
    assert (parts["months_compared"], parts["declared_kg"]) == (12.0, pytest.approx(20 * MT))


@pytest.mark.parametrize(
    ("ships", "why"),
    [
        ({"is_whole": False}, "positions of some of its days were not read"),
        ({"ports_seen": 2}, "receivers heard 2 of the two countries' 3 ports"),
        ({"seen_share_in": 0.5}, "ports were heard 50 % of the time"),
        ({"seen_share_out": 0.59}, "ports were heard 59 % of the time"),
        ({"ports_seen": 0, "ports_known": 0}, "no port of the two countries is known"),
    ],
)
def test_where_receivers_did_not_hear_nothing_is_tested_and_the_reason_is_told(ships: dict, why: str) -> None:
    table = carriage(ships)
    assert said(flow("EXP", "IMP", 2015, 3e6, None, export_mass_kg=3 * MT), ships=table).is_empty()
    assert could_be_told(table)["why"].to_list() == [why]


@pytest.mark.parametrize(
    ("row", "family"),
    [
        (flow("EXP", "IMP", 2015, 3e6, None, export_mass_kg=29e6), "nickel"),
        (flow("EXP", "IMP", 2015, 3e6, None, export_mass_kg=None), "nickel"),
        (flow("EXP", "OTH", 2015, 3e6, None, export_mass_kg=3 * MT), "nickel"),
        (flow("EXP", "IMP", 2014, 3e6, None, export_mass_kg=3 * MT), "nickel"),
        (flow("EXP", "IMP", 2015, 3e9, None, export_mass_kg=3 * MT, commodity="710812", family="gold"), "gold"),
    ],
)
def test_parcels_unknown_masses_unknown_pairs_and_goods_that_fly_are_not_tested(row: dict, family: str) -> None:
    assert said(row, family=family).is_empty()


def test_nothing_seen_is_held_against_one_unseen_ship() -> None:
    none = carriage({"out_kg": 0.0, "out_high_kg": 18e6, "out_log_sd": None})
    found = said(flow("EXP", "IMP", 2015, 1e5, None, export_mass_kg=1e8), ships=none)
    assert found["statistic"].item() == pytest.approx(1.2816 + log(1e8 / 20e6))
    assert numbers(found)["capacity_low_kg"] == 0.0


def test_an_end_at_which_nothing_at_all_was_seen_could_carry_a_barge() -> None:
    none = carriage({"out_kg": 0.0, "out_high_kg": 0.0, "out_log_sd": None})
    found = said(flow("EXP", "IMP", 2015, 1e5, None, export_mass_kg=1e8), ships=none)
    assert found["statistic"].item() == pytest.approx(1.2816 + log(1e8 / 1e6))


def test_an_empty_table_of_ships_is_silent_and_typed() -> None:
    row = flow("EXP", "IMP", 2015, 3e6, None, export_mass_kg=3 * MT)
    told = carrying_capacity(flows(row), context())
    assert told.is_empty()
    assert told.schema == said(row).schema


def test_it_is_one_of_the_channels() -> None:
    row = flow("EXP", "IMP", 2015, 3e6, None, export_mass_kg=3 * MT)
    without, having = (
        judge(flows(row), ctx).statistics for ctx in (context(), replace(context(), carriage=carriage()))
    )
    assert having.filter(pl.col("channel") == "carrying_capacity").height == 1
    assert having.filter(pl.col("channel") != "carrying_capacity").equals(without)


def test_it_leads_and_its_family_list_names_known_families() -> None:
    from graphs.families import FAMILIES

    assert set(FAMILIES) >= BULK
    assert CHANNELS["carrying_capacity"].leads == "always"
    assert not BULK & {"gold", "silver", "platinum", "diamonds"}


sizes = st.floats(1e7, 1e11)
shares = st.floats(0.6, 1.0)


@st.composite
def ends(draw: st.DrawFn) -> dict:
    out, into = draw(sizes), draw(sizes)
    return {
        "out_kg": out, "out_high_kg": out * draw(st.floats(1.01, 3.0)), "in_kg": into,
        "in_high_kg": into * draw(st.floats(1.01, 3.0)), "seen_share_out": draw(shares), "seen_share_in": draw(shares),
    }  # fmt: skip


@given(ends(), st.floats(3e7, 1e12))
def test_p_is_that_of_the_slow_way(ships: dict, mass: float) -> None:
    found = said(flow("EXP", "IMP", 2015, 1e6, None, export_mass_kg=mass), ships=carriage(ships))
    heard = min(ships["seen_share_out"], ships["seen_share_in"])
    chances = []
    for side in ("out", "in"):
        middle, high = (ships[f"{side}{name}"] / heard for name in ("_kg", "_high_kg"))
        sd = min(1.0, log(high / middle) / 1.2816)
        at_high = NormalDist(log(high) - 1.2816 * sd, sd)
        chances.append(1 - at_high.cdf(log(mass)))
    assert found["model_p"].item() == pytest.approx(max(1e-4, min(chances)), rel=1e-6, abs=1e-12)


@given(ends(), st.floats(3e7, 1e12), st.floats(1.0, 3.0), shares)
def test_more_ships_or_less_hearing_never_make_a_flow_less_plausible(
    ships: dict, mass: float, more: float, heard: float
) -> None:
    row = flow("EXP", "IMP", 2015, 1e6, None, export_mass_kg=mass)
    before = said(row, ships=carriage(ships))["model_p"].item()
    larger = {**ships, "out_kg": ships["out_kg"] * more, "out_high_kg": ships["out_high_kg"] * more}
    deafer = {**ships, "seen_share_in": min(heard, ships["seen_share_in"])}
    for other in (larger, deafer):
        assert said(row, ships=carriage(other))["model_p"].item() >= before - 1e-12


def test_voyages_of_a_month_that_nobody_knows_yet_leave_their_sum_unknown() -> None:
    months = [{"period": 201500 + month, "voyages": 4, "direct_kg": 1e8, "direct_high_kg": 1.2e8} for month in (1, 2)]
    open_month = {"period": 201503, "voyages": None, "direct_kg": None, "direct_high_kg": None}
    rows = [flow("EXP", "IMP", 2015, 9e6, None, export_mass_kg=9 * MT)] + [
        flow("EXP", "IMP", period, 3e6, None, export_mass_kg=3 * MT, known_from=date(2016, 12, 31))
        for period in (201501, 201502, 201503)
    ]
    known = numbers(said(*rows, ships=carriage(*months)))
    assert (known["voyages"], known["direct_kg"]) == (8, 2e8)
    told = numbers(said(*rows, ships=carriage(*months, open_month)))
    assert (told["voyages"], told["direct_kg"], told["months_compared"]) == (None, None, 3)
