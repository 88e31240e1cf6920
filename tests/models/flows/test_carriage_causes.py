"""What speaks for an ordinary reason where ships are too few, and which level that leaves."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from graphs.tables_places import TransportModes
from models.flows import chain
from models.flows.causes import face
from models.flows.channels import judge
from models.flows.modes import mode_shares
from models.flows.reconcile import reconcile
from tests.models.flows.frames import context, flow, flows, verdicts
from tests.models.flows.test_carriage import MT, carriage
from tests.models.flows.test_causes import scored

YEARS = range(2008, 2021)
FLOW = "comtrade:EXP:IMP:260400:2015"


def table(mass: float = 3 * MT, price: float = 0.05, **other: object) -> list[dict]:
    """An exporter whose importer declares none of 3 Mt, beside trade that both declare, at one price."""
    rows = [
        flow(f"Q{p}", f"R{p % 2}", year, price * MT, price * MT, export_mass_kg=MT, import_mass_kg=MT)
        for p in range(4)
        for year in YEARS
    ]
    rows += [
        flow("EXP", "OTH", year, price * MT, price * MT, export_mass_kg=MT, import_mass_kg=MT) for year in YEARS
    ]  # fmt: skip
    return [*rows, flow("EXP", "IMP", 2015, price * mass, None, export_mass_kg=mass, **other)]


def modes(**share: float) -> pl.DataFrame:
    rows = [
        {
            "source": "comtrade", "exporter": "EXP", "importer": "IMP", "commodity": "260400", "period": 2015,
            "side": "export", "mode": mode, "value_usd": 1e6 * part, "mass_kg": 3 * MT * part, "share": part,
            "known_from": date(2016, 12, 31),
        }
        for mode, part in share.items()
    ]  # fmt: skip
    return TransportModes.validate(pl.DataFrame(rows), cast=True) if rows else TransportModes.create_empty()


def told(ships: dict | None = None, ctx: dict | None = None, **other: float) -> dict[str, tuple[str, float | None]]:
    found = reconcile(flows(*table(**other)))
    around = replace(context(), carriage=carriage(ships or {}), **(ctx or {}))
    score = judge(found, around).statistics.filter(pl.col("channel") == "carrying_capacity")
    assert score["flow_id"].to_list() == [FLOW]
    score = score.with_columns(p_value="model_p", null_rows=pl.lit(0), null_block=pl.lit("carrying_capacity"))
    return verdicts(face(found, score, around), FLOW)


def test_unseen_ships_cover_what_the_unheard_time_could_hold() -> None:
    verdict, share = told()["unseen_ships"]
    # 1 Mt could have gone, 0.1 Mt of it in the unheard tenth of the time; 2 Mt are beyond it.
    assert (verdict, share) == ("possible", pytest.approx((1 - 0.9) / 2))
    assert told({"seen_share_out": 1.0, "seen_share_in": 1.0})["unseen_ships"] == ("excluded", 0.0)


def test_what_two_offices_agree_on_moved_on_ships_that_nobody_saw() -> None:
    rows = [*table()[:-1], flow("EXP", "IMP", 2015, 0.05 * MT, 0.05 * MT, export_mass_kg=3 * MT, import_mass_kg=2 * MT)]
    found = reconcile(flows(*rows))
    around = replace(context(), carriage=carriage())
    score = judge(found, around).statistics.filter(pl.col("channel") == "carrying_capacity")
    score = score.with_columns(p_value="model_p", null_rows=pl.lit(0), null_block=pl.lit("carrying_capacity"))
    assert verdicts(face(found, score, around), FLOW)["unseen_ships"] == ("possible", 1.0)


def test_other_ways_cannot_be_tested_where_nobody_declares_a_mode_and_land_may_be_crossed() -> None:
    assert told()["other_ways"] == ("cannot_test", None)
    assert told(ctx={"islands": frozenset({"IMP"})})["other_ways"] == ("cannot_test", None)


def test_other_ways_are_excluded_for_an_island_whose_ships_are_too_few() -> None:
    assert told(ctx={"islands": frozenset({"EXP"})})["other_ways"] == ("excluded", 0.0)
    few = {"in_kg": 1e8, "in_high_kg": 1.2e8}
    assert told(few, {"islands": frozenset({"IMP"})})["other_ways"] == ("excluded", 0.0)


def test_declared_modes_say_how_much_went_by_other_ways() -> None:
    assert told(ctx={"modes": modes(sea=1.0)})["other_ways"] == ("excluded", 0.0)
    assert told(ctx={"modes": modes(sea=0.8, rail=0.2)})["other_ways"] == ("possible", pytest.approx(0.3))
    assert told(ctx={"modes": modes(road=1.0)})["other_ways"] == ("possible", 1.0)
    # What names no way is no way by sea; and where nothing is named, nothing can be tested.
    assert told(ctx={"modes": modes(sea=0.8, unknown=0.2)})["other_ways"] == ("possible", pytest.approx(0.3))
    assert told(ctx={"modes": modes(unknown=1.0)})["other_ways"] == ("cannot_test", None)


def test_the_side_with_more_by_other_ways_counts_and_months_add_up() -> None:
    one = modes(sea=1.0)
    months = modes(sea=0.5, road=0.5).with_columns(
        period=pl.Series([201503, 201507], dtype=pl.Int32), side=pl.lit("import").cast(one.schema["side"])
    )
    found = mode_shares(pl.concat([one, months]))
    assert found.select("year", "known_mode_share", "other_mode_share").row(0) == (2015, 1.0, 0.5)
    # A year that is declared as such is not counted again by its months.
    whole = months.with_columns(period=pl.Series([2015, 201507], dtype=pl.Int32))
    assert mode_shares(whole)["other_mode_share"].to_list() == [0.0]


def test_an_amount_that_nobody_states_is_not_nothing() -> None:
    both = modes(sea=0.5, road=0.5)
    unsaid = both.with_columns(
        mass_kg=pl.lit(None, pl.Float64), value_usd=pl.when(pl.col("mode").cast(pl.String) == "sea").then(1.0)
    )
    assert mode_shares(unsaid).is_empty()
    assert mode_shares(unsaid.with_columns(value_usd=pl.lit(2.0)))["other_mode_share"].to_list() == [0.5]


def test_boxes_cover_what_container_ships_could_have_taken() -> None:
    assert told()["boxes"] == ("excluded", 0.0)
    assert told({"boxed_calls": 20})["boxes"] == ("possible", pytest.approx(0.4e9 / 2e9))


def test_a_price_far_from_the_worlds_betrays_a_wrong_unit() -> None:
    assert told()["quantity_fault"] == ("excluded", 0.0)
    rows = [*table()[:-1], flow("EXP", "IMP", 2015, 0.05 * 3e6, None, export_mass_kg=3 * MT)]
    found = reconcile(flows(*rows))
    around = replace(context(), carriage=carriage())
    score = judge(found, around).statistics.filter(pl.col("channel") == "carrying_capacity")
    score = score.with_columns(p_value="model_p", null_rows=pl.lit(0), null_block=pl.lit("carrying_capacity"))
    assert verdicts(face(found, score, around), FLOW)["quantity_fault"][0] == "possible"


def test_wet_ore_may_dry_before_it_is_loaded() -> None:
    assert told()["wet_mass"] == ("possible", pytest.approx(0.3 * 3 / 2))


def test_goods_that_arrived_at_another_partner_were_in_transit() -> None:
    assert told()["transit"] == ("excluded", 0.0)
    rows = [*table(), flow("EXP", "HUB", 2015, None, 0.1 * MT, import_mass_kg=2 * MT)]
    found = reconcile(flows(*rows))
    around = replace(context(), carriage=carriage())
    score = judge(found, around).statistics.filter(pl.col("channel") == "carrying_capacity")
    score = score.with_columns(p_value="model_p", null_rows=pl.lit(0), null_block=pl.lit("carrying_capacity"))
    assert verdicts(face(found, score, around), FLOW)["transit"] == ("possible", pytest.approx(1.0))


@pytest.mark.parametrize("name", ["unseen_ships", "other_ways", "boxes"])
def test_ships_bear_on_no_other_channel(name: str) -> None:
    found = flows(flow("EXP", "IMP", 2015, None, 1e6))
    assert verdicts(face(reconcile(found), scored(), context()), FLOW)[name] == ("excluded", 0.0)


def test_no_silence_of_an_office_explains_ships_that_are_too_few() -> None:
    assert {told()[name] for name in ("missing_reporter", "reporter_break", "habit", "confidentiality")} == {
        ("cannot_test", None)
    }


def level(ships: dict | None = None, ctx: dict | None = None) -> tuple[int, str, str]:
    around = replace(context(), carriage=carriage(ships or {}), **(ctx or {}))
    alerts = chain.run(flows(*table(mass=8 * MT)), around).alerts
    row = alerts.filter(pl.col("list") == "agnostic", pl.col("flow_id") == FLOW).row(0, named=True)
    assert row["channel"] == "carrying_capacity"
    return row["claim_level"], row["why_level"], row["sentence"]


def test_a_candidate_needs_every_ordinary_reason_tested() -> None:
    number, why, sentence = level(ctx={"islands": frozenset({"EXP"})})
    assert (number, why[:30]) == (2, "All decisive causes were teste")
    assert (
        "8.0 million t are declared for 12 months of the year; ships heard at both countries' ports could have carried "
        "1.0 million t (818.2 thousand t to 1.2 million t); 7.0 million t, worth 350.0 M USD (338.9 M USD to 359.1 M "
        "USD), is apparently beyond them." in sentence
    )
    number, why, _ = level()
    assert (number, why) == (1, "Decisive causes could not be tested: other_ways.")
