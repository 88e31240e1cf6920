"""Planting on a made market: what is hidden where, and what stays as it is."""

import dataclasses

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graphs.flags import Flag, has_flag
from graphs.tables import Events, Flows
from models.planting import Planted, Rules, at_risk, plant
from models.planting.rules import DECLARED, RECONCILED
from tests.models.planting.market import PAIR, YEARS, gold, nickel, row, table

MANY = Rules(share=0.2)
X, M = "export_value_usd", "import_value_usd"
KG = {X: "export_mass_kg", M: "import_mass_kg"}


def only(kind: str, variant: str, **other) -> Planted:
    rules = dataclasses.replace(MANY, variants={kind: (variant,)}, **other)
    done = plant(nickel(), 3, rules)
    assert done.truth.height > 5
    assert set(done.truth["kind"]) == {kind}
    return done


def against(done: Planted, before: pl.DataFrame) -> pl.DataFrame:
    """Traces with what was declared before (`_old`) and is now; nothing counts as 0."""
    amounts = [X, M, *KG.values()]
    old = before.select("flow_id", *(pl.col(name).alias(f"{name}_old") for name in amounts))
    now = done.flows.select("flow_id", *PAIR, "period", *amounts, "exporter_reported", "importer_reported")
    rows = done.truth.join(now, on="flow_id", how="left").join(old, on="flow_id", how="left")
    filled = [*amounts, *(f"{name}_old" for name in amounts)]
    nulls = [pl.col(name).is_null().alias(f"no_{name}") for name in amounts]
    return rows.with_columns(nulls).with_columns(pl.col(filled).fill_null(0.0))


def yearly(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("period") < 10_000)


def summed(rows: pl.DataFrame, by: list[str], name: str) -> dict:
    return dict(rows.group_by(by).agg(pl.col(name).sum()).rows())


@pytest.mark.parametrize(("kind", "variant"), [("smuggling", "silent"), ("under_invoicing", "weight")])
def test_what_the_exporter_leaves_out_is_what_is_hidden(kind, variant):
    rows = against(only(kind, variant), nickel())
    assert (rows[f"{X}_old"] - rows[X]).to_list() == rows["hidden_usd"].to_list()
    assert (rows["export_mass_kg_old"] - rows["export_mass_kg"]).to_list() == rows["hidden_kg"].to_list()
    assert rows[M].equals(rows[f"{M}_old"].alias(M))


def test_an_honest_weight_under_a_low_invoice():
    rows = against(only("under_invoicing", "value"), nickel())
    assert rows["export_mass_kg"].equals(rows["export_mass_kg_old"].alias("export_mass_kg"))
    assert set(rows["hidden_kg"]) == {0.0}
    lost = (rows["hidden_usd"] / rows[f"{X}_old"]).to_numpy()
    assert (lost > 0).all()
    assert (lost < 0.95).all()


def test_at_full_strength_the_exporter_declares_nothing_and_still_reports():
    rows = against(only("smuggling", "silent", strengths=(1.0,), ramp_years=(0, 0)), nickel())
    assert rows[f"no_{X}"].all()
    assert rows["no_export_mass_kg"].all()
    assert rows["exporter_reported"].all()
    assert not rows[f"no_{M}"].any()
    lone = only("smuggling", "silent", strengths=(1.0,), ramp_years=(0, 0)).flows.filter(pl.col(X).is_null())
    assert lone["export_hs_revision"].null_count() == lone.height


@pytest.mark.parametrize("strength", [0.25, 0.5])
def test_strength_is_the_share_of_trade_that_is_hidden(strength):
    done = only("smuggling", "silent", strengths=(strength,), ramp_years=(0, 0))
    rows = against(done, nickel())
    share = rows["hidden_usd"].sum() / rows[f"{X}_old"].sum()
    assert share == pytest.approx(strength, abs=0.08)


def test_strength_grows_on_its_ramp():
    done = only("smuggling", "silent", strengths=(1.0,), ramp_years=(3, 3), force_spread=1e-9, lasting_years=(4, 8))
    rows = against(done, nickel()).join(done.schemes.select("scheme_id", "first_year", "ramp_years"), on="scheme_id")
    rows = rows.filter(pl.col("ramp_years") == 3, pl.col(f"{X}_old") > 5_000)
    year = rows["period"] - rows["first_year"]
    wanted = ((year + 1) / 4).clip(upper_bound=1.0)
    assert rows.height > 10
    assert (rows["hidden_usd"] / rows[f"{X}_old"] - wanted).abs().max() < 1e-3


@pytest.mark.parametrize(("variant", "side", "other"), [("exporter", X, M), ("importer", M, X)])
def test_what_leaves_one_code_arrives_in_another(variant, side, other):
    done = only("misclassification", variant)
    rows = against(done, nickel())
    by = ["exporter", "importer", "period"]
    for name in (side, KG[side]):
        before, after = (yearly(one).group_by(by).agg(pl.col(name).sum()) for one in (nickel(), done.flows))
        both = before.join(after, on=by, how="full", coalesce=True, suffix="_after")
        assert (both[name] - both[f"{name}_after"]).abs().max() < 1e-6
    assert rows[other].equals(rows[f"{other}_old"].alias(other))
    hidden = summed(rows.filter(pl.col("role") == "hidden"), ["scheme_id"], "hidden_usd")
    arrived = summed(rows.filter(pl.col("role") == "false_code"), ["scheme_id"], "hidden_usd")
    assert hidden == pytest.approx(arrived)


def test_a_flow_that_a_false_code_makes_is_complete():
    done = only("misclassification", "exporter")
    made = done.flows.join(nickel(), on="flow_id", how="anti")
    assert made.height > 3
    assert made["exporter_reported"].all()
    assert made["importer_reported"].all()
    assert set(made["import_value_basis"].cast(pl.String)) == {"unknown"}
    assert made.filter(pl.col(X).is_null()).is_empty()
    assert made[M].null_count() == made.height
    assert set(made["export_hs_revision"]) == {"H3"}
    assert made.select((pl.col("known_from").dt.year() == pl.col("period") + 1).all()).item()
    assert set(made["family"]) == {"nickel"}


def test_a_hub_sells_what_no_book_of_the_producer_holds():
    rows = against(only("hub_laundering", "unseen"), nickel())
    inward, outward = rows.filter(pl.col("role") == "hidden"), rows.filter(pl.col("role") == "false_origin")
    assert (inward[f"{X}_old"] - inward[X]).to_list() == inward["hidden_usd"].to_list()
    assert inward[M].equals(inward[f"{M}_old"].alias(M))
    ends = inward.select("scheme_id", "period", hub="importer", came_usd="hidden_usd", came_kg="hidden_kg")
    through = outward.join(ends, on=["scheme_id", "period"], how="left")
    assert through["came_usd"].null_count() == 0
    assert through.select((pl.col("exporter") == pl.col("hub")).all()).item()
    rise = (through[X] - through[f"{X}_old"]) / through["came_usd"]
    assert rise.min() > 0.9
    assert rise.max() < 1.4
    assert ((through[M] - through[f"{M}_old"]) > 0).all()


def test_nobody_receives_a_phantom():
    rows = against(only("phantom_export", "export"), nickel())
    assert (rows[X] - rows[f"{X}_old"]).to_list() == rows["hidden_usd"].to_list()
    assert rows[M].equals(rows[f"{M}_old"].alias(M))
    assert rows["importer_reported"].all()


def test_goods_on_top_are_in_the_books_of_the_importer_alone():
    rows = against(only("smuggling", "on_top"), nickel())
    assert (rows[M] - rows[f"{M}_old"]).to_list() == rows["hidden_usd"].to_list()
    assert rows[X].equals(rows[f"{X}_old"].alias(X))


def test_a_carousel_lifts_both_directions_in_both_books():
    done = only("round_tripping", "cycle")
    rows = against(done, nickel())
    assert ((rows[X] > rows[f"{X}_old"]) & (rows[M] > rows[f"{M}_old"])).all()
    ways = rows.group_by("scheme_id", "period").agg(pl.struct("exporter", "importer").n_unique().alias("ways"))
    assert set(ways["ways"]) == {2}


def test_under_a_ban_the_exporter_is_silent_to_all_and_its_customers_go_on():
    done = only("ban_evasion", "silent", strengths=(0.5,))
    ban = done.schemes.row(0, named=True)
    spell = pl.col("period").is_between(ban["first_year"], ban["last_year"])
    mine = [pl.col(name) == ban[name] for name in ("exporter", "commodity")]
    before, after = (one.filter(*mine, spell) for one in (nickel(), done.flows))
    later = after.filter(pl.col("period") > ban["first_year"])
    assert later[X].null_count() == later.height
    first = after.filter(pl.col("period") == ban["first_year"])
    assert first[X].sum() < 0.1 * before.filter(pl.col("period") == ban["first_year"])[X].sum()
    assert after[M].sum() / before[M].sum() == pytest.approx(0.5, abs=0.15)
    hidden = done.truth.filter(pl.col("scheme_id") == ban["scheme_id"])["hidden_usd"].sum()
    assert hidden == pytest.approx(after[M].sum() - after[X].sum())
    event = done.events.filter(pl.col("country") == ban["exporter"], pl.col("codes") == ban["commodity"])
    assert event["start"].dt.year().to_list() == [ban["first_year"]]
    assert event["start"].dt.month().to_list() == [1]
    assert event["citation"].to_list() == ["planted"]
    Events.validate(done.events)


def test_beside_every_evaded_ban_stands_one_that_changes_nothing():
    done = only("ban_evasion", "silent")
    bans = done.events.select(exporter="country", commodity="codes")
    evaded = done.schemes.select("exporter", "commodity")
    idle = bans.join(evaded, on=["exporter", "commodity"], how="anti")
    assert idle.height == evaded.height == bans.height / 2
    mine = done.flows.join(idle, on=["exporter", "commodity"], how="semi")
    assert_frame_equal(mine, nickel().join(mine, on="flow_id", how="semi").sort("flow_id"))
    assert mine.filter(pl.col("flow_id").is_in(done.truth["flow_id"].implode())).is_empty()


def test_reconciled_flows_only_ever_rise():
    done = plant(gold(), 5, MANY)
    assert set(done.truth["kind"]) == set(RECONCILED)
    before = gold().select("flow_id", old_usd="reconciled_value_usd")
    rows = done.truth.join(done.flows, on="flow_id").join(before, on="flow_id", how="left")
    rise = rows["reconciled_value_usd"] - rows["old_usd"].fill_null(0.0)
    assert (rise - rows["hidden_usd"]).abs().max() < 1e-6
    assert rows[X].null_count() == rows[M].null_count() == rows.height
    assert rows["exporter_reported"].null_count() == rows.height
    assert done.events.is_empty()


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_flows_without_a_trace_stay_as_they_are(seed):
    before = pl.concat([nickel(), gold()]).sort("flow_id")
    done = plant(before, seed, Rules(share=0.08))
    Flows.validate(done.flows)
    assert done.flows["flow_id"].is_sorted()
    untouched = done.flows.join(done.truth, on="flow_id", how="anti")
    assert_frame_equal(untouched, before.join(untouched, on="flow_id", how="semi"))
    gone = before.join(done.flows, on="flow_id", how="anti")
    schemed = done.truth.join(done.flows, on="flow_id").select("exporter", "commodity").unique()
    assert gone.join(schemed, on=["exporter", "commodity"], how="anti").is_empty()
    changed = done.truth.join(before, on="flow_id").join(done.flows, on="flow_id", suffix="_now")
    assert changed.select((pl.col("known_from") == pl.col("known_from_now")).all()).item()
    assert changed.select((pl.col("exporter_reported").eq_missing(pl.col("exporter_reported_now"))).all()).item()


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_a_pair_has_a_past_and_one_scheme_at_most(seed):
    before = pl.concat([nickel(), gold()])
    done = plant(before, seed, Rules(share=0.08))
    rows = done.truth.join(done.flows, on="flow_id")
    ends = pl.concat_list("exporter", "importer").list.sort().list.join("-")
    crowd = rows.group_by("source", "family", ends.alias("ends")).agg(pl.col("scheme_id").n_unique())
    assert set(crowd["scheme_id"]) == {1}
    assert done.truth["flow_id"].is_unique().all()
    assert rows["period"].max() < 10_000
    assert rows.select((pl.col("exporter") != pl.col("importer")).all()).item()
    kinds = pl.concat([rows["exporter_kind"], rows["importer_kind"]]).cast(pl.String)
    assert set(kinds) == {"country"}
    assert done.schemes["first_year"].min() >= YEARS.start + 5
    spell = done.schemes["last_year"] - done.schemes["first_year"] + 1
    assert spell.min() >= 2
    assert spell.max() <= 8
    held = pl.any_horizontal(pl.col(X, M, "reconciled_value_usd").is_not_null())
    assert rows.select(held.all()).item()
    assert (done.truth["hidden_usd"] > 0).all()


def test_the_same_seed_plants_the_same_whatever_the_order_of_rows():
    rows = pl.concat([nickel(), gold()])
    one, same = plant(rows, 4, MANY), plant(rows.sample(fraction=1.0, shuffle=True, seed=1), 4, MANY)
    for name in ("flows", "truth", "schemes", "events"):
        assert_frame_equal(getattr(one, name), getattr(same, name))
    assert set(plant(rows, 5, MANY).truth["flow_id"]) != set(one.truth["flow_id"])


def test_a_family_is_planted_as_if_it_were_alone():
    together, alone = plant(pl.concat([gold(), nickel()]), 4, MANY), plant(nickel(), 4, MANY)
    assert_frame_equal(together.truth.filter(pl.col("flow_id").str.starts_with("comtrade")), alone.truth)


def test_input_is_not_changed():
    before = nickel().clone()
    plant(before, 1, MANY)
    assert_frame_equal(before, nickel())


def test_about_the_asked_share_of_flows_carries_a_trace():
    shares = [plant(gold(), seed).truth.height / gold().height for seed in range(5)]
    assert 0.02 <= sum(shares) / 5 <= 0.04


def test_every_kind_meets_every_strength_and_variant():
    met = pl.concat([plant(nickel(), seed, MANY).schemes for seed in range(8)])
    assert set(zip(met["kind"], met["strength"], strict=True)) == {
        (kind, strength) for kind in DECLARED for strength in MANY.strengths
    }
    assert set(zip(met["kind"], met["variant"], strict=True)) == {
        (kind, variant) for kind, variants in DECLARED.items() for variant in variants
    }


def test_flags_follow_the_amounts():
    rows = nickel().with_columns(
        pl.when(pl.col("exporter") == "XAB").then(None).otherwise("export_mass_kg").alias("export_mass_kg")
    )
    lacks = (pl.col(X).is_not_null() & pl.col("export_mass_kg").is_null()) | (
        pl.col(M).is_not_null() & pl.col("import_mass_kg").is_null()
    )
    rows = rows.with_columns(
        flags=pl.col("flags") | pl.when(lacks).then(int(Flag.NO_MASS)).otherwise(0).cast(pl.UInt32)
    )
    done = plant(rows, 2, MANY)
    assert done.flows.select((has_flag(Flag.NO_MASS) == lacks).all()).item()
    assert done.flows.filter(has_flag(Flag.NO_MASS)).height > 5


def test_an_office_that_writes_thousands_goes_on_doing_so():
    rows = nickel().with_columns((pl.col(X, M) / 1000).round().clip(lower_bound=1.0) * 1000)
    done = plant(rows, 2, MANY)
    busy = yearly(rows).group_by("exporter", "period").len().filter(pl.col("len") >= 5)
    traces = done.truth.join(done.flows, on="flow_id").join(busy, on=["exporter", "period"], how="semi")
    assert traces.height > 30
    assert traces.filter(pl.col(X) % 1000 != 0).is_empty()


def test_no_past_no_scheme():
    young = nickel().filter(pl.col("period") < YEARS.start + 5)
    done = plant(young, 1, MANY)
    assert done.truth.is_empty()
    assert_frame_equal(done.flows, young.sort("flow_id"))
    assert at_risk(young).is_empty()


def test_no_flows_no_schemes():
    done = plant(Flows.create_empty(), 1)
    assert done.flows.is_empty()
    assert done.truth.is_empty()
    assert done.events.is_empty()


def test_flows_at_risk_are_known_by_their_past_alone():
    until = nickel().filter(pl.col("period") <= 2009)
    now = at_risk(nickel()).filter(pl.col("flow_id").str.slice(-4).cast(pl.Int32) <= 2009)
    assert 0 < now.height < until.height
    assert_frame_equal(at_risk(until), now)


def test_small_trade_is_not_worth_a_scheme():
    rows = table([row("XAA", "XAB", year, export_value_usd=9e3, import_value_usd=9e3) for year in YEARS])
    assert plant(rows, 1, MANY).truth.is_empty()
    large = table([row("XAA", "XAB", year, export_value_usd=9e5, import_value_usd=9e5) for year in YEARS])
    assert plant(large, 1, MANY).truth.height >= 2
