"""Each ordinary cause on the smallest world that shows it."""

import numpy as np
import polars as pl
import pytest

from models.flows.causes import BALANCE_PARTS, face
from models.flows.ordinary import CAUSES, meaning
from models.flows.reconcile import reconcile
from tests.models.flows.frames import AS_OF, baci, context, flow, flows, verdicts

FLOW = "comtrade:EXP:IMP:260400:2015"


def scored(flow_id=FLOW, channel="one_sided", value=1e6, mass=1e6, parts=()):
    return pl.DataFrame(
        {
            "flow_id": [flow_id], "channel": [channel], "as_of": [AS_OF], "statistic": [5.0], "p_value": [0.001],
            "null_rows": [0], "null_block": [channel], "is_null_large": [False], "gap_value_usd": [value],
            "gap_mass_kg": [mass], "parts": [[{"name": name, "value": number} for name, number in parts]],
        },
        schema_overrides={
            "null_rows": pl.UInt32, "gap_mass_kg": pl.Float64, "gap_value_usd": pl.Float64,
            "parts": pl.List(pl.Struct({"name": pl.String, "value": pl.Float64})),
        },
    )  # fmt: skip


def faced(*rows, score=None, ctx=None):
    table = reconcile(flows(*rows))
    return face(table, scored() if score is None else score, ctx or context())


def cause(name, *rows, **options):
    return verdicts(faced(*rows, **options), options.get("flow_id", FLOW))[name]


SILENT = flow("EXP", "IMP", 2015, None, 1e6)


def test_every_scored_flow_faces_every_cause_once():
    causes = faced(SILENT)
    assert sorted(causes["cause"].to_list()) == sorted(CAUSES)
    assert causes["verdict"].null_count() == 0
    shares = causes["share_of_gap"].drop_nulls()
    assert shares.is_between(0, 1).all()


def test_every_cause_has_a_sentence_for_its_reader():
    assert all(meaning(name).endswith(".") and len(meaning(name)) < 130 for name in CAUSES)


def test_time_lag_finds_last_years_surplus():
    before = flow("EXP", "IMP", 2014, 9e5, None)
    verdict, share = cause("time_lag", SILENT, before)
    assert verdict == "possible"
    assert share == pytest.approx(0.9)


def test_time_lag_counts_the_smaller_of_value_and_mass():
    before = flow("EXP", "IMP", 2014, 9e5, None, export_mass_kg=1e5)
    assert cause("time_lag", SILENT, before)[1] == pytest.approx(0.1)


def test_time_lag_without_a_neighbouring_year_cannot_be_tested():
    assert cause("time_lag", SILENT)[0] == "cannot_test"


def test_last_years_ordinary_noise_is_no_surplus():
    before = flow("EXP", "IMP", 2014, 1e8, 0.8e8)
    assert cause("time_lag", SILENT, before) == ("excluded", 0.0)


def test_transit_finds_the_exporters_goods_at_another_partner():
    assert cause("transit", SILENT, flow("EXP", "HUB", 2015, 8e5, None))[1] == pytest.approx(0.8)


def test_transit_does_not_count_another_exporters_goods():
    rows = (flow("OTH", "HUB", 2015, 8e5, None), flow("EXP", "THR", 2015, 5e5, 5e5))
    assert cause("transit", SILENT, *rows) == ("excluded", 0.0)


def test_transit_cannot_be_tested_for_an_exporter_with_one_partner():
    assert cause("transit", SILENT)[0] == "cannot_test"


def test_goods_that_nobody_weighed_weigh_what_their_price_makes_of_them():
    hidden = flow("EXP", "_X", 2015, 5e5, None, importer_kind="residual", importer_reported=False, export_mass_kg=None)
    market = flow("OTH", "THR", 2015, 1e7, 1e7)
    assert cause("confidentiality", SILENT, hidden, market)[1] == pytest.approx(0.5)


def test_a_mass_that_no_price_can_stand_in_for_is_unknown_and_not_zero():
    hidden = flow("EXP", "_X", 2015, 5e5, None, importer_kind="residual", importer_reported=False, export_mass_kg=None)
    alone = flow("EXP", "IMP", 2015, None, 1e6, import_mass_kg=None)
    assert cause("confidentiality", alone, hidden)[1] == pytest.approx(0.5)


def test_a_pair_that_was_silent_before_is_silent_by_habit():
    before = [flow("EXP", "IMP", year, None, 1e6) for year in range(2010, 2015)]
    assert cause("habit", SILENT, *before) == ("possible", 1.0)
    declared = [flow("EXP", "IMP", year, 1e6, 1e6) for year in range(2010, 2015)]
    assert cause("habit", SILENT, *declared) == ("excluded", 0.0)


def test_partner_rule_finds_the_goods_under_another_exporter():
    assert cause("partner_rule", SILENT, flow("HUB", "IMP", 2015, 7e5, None))[1] == pytest.approx(0.7)


def test_coding_finds_the_goods_under_another_code_of_the_family():
    assert cause("coding", SILENT, flow("EXP", "IMP", 2015, 6e5, None, commodity="750110"))[1] == pytest.approx(0.6)


def test_coding_finds_the_goods_under_a_neighbour_outside_the_family():
    neighbour = flow("EXP", "IMP", 2015, 6e5, None, commodity="260111", family="iron")
    assert cause("coding", SILENT, ctx=context(neighbours=flows(neighbour)))[1] == pytest.approx(0.6)


def test_coding_finds_the_goods_under_a_code_that_one_side_alone_ever_uses():
    """Nobody imports under it, so the source cannot say whether the importer is silent there or was not asked."""
    neighbour = flow("EXP", "IMP", 2015, 6e5, None, commodity="750110", importer_reported=False)
    assert cause("coding", SILENT, neighbour)[1] == pytest.approx(0.6)
    lagged = flow("EXP", "IMP", 2014, 6e5, None, importer_reported=False)
    assert cause("time_lag", SILENT, lagged)[0] == "cannot_test"


def test_coding_cannot_be_tested_where_the_source_holds_one_code():
    assert cause("coding", SILENT)[0] == "cannot_test"


def test_a_silent_importer_is_looked_for_the_other_way_round():
    shown = flow("EXP", "IMP", 2015, 1e6, None)
    elsewhere = flow("EXP", "HUB", 2015, None, 5e5)
    assert cause("transit", shown, elsewhere)[1] == pytest.approx(0.5)


def test_confidentiality_reads_the_silent_sides_unspecified_areas():
    hidden = flow("EXP", "_X", 2015, 5.4e5, None, importer_kind="residual", importer_reported=False)
    assert cause("confidentiality", SILENT, hidden)[1] == pytest.approx(0.54)


def test_confidentiality_cannot_be_tested_where_no_area_is_unspecified():
    assert cause("confidentiality", SILENT)[0] == "cannot_test"


def test_free_zones_of_the_silent_side():
    zone = flow("EXP", "_FZ", 2015, 3e5, None, importer_kind="zone", importer_reported=False)
    assert cause("trade_system", SILENT, zone)[1] == pytest.approx(0.3)


def test_freight_never_covers_a_gap_in_mass():
    both = flow("EXP", "IMP", 2015, 1e6, 1.2e6)
    assert cause("cif_fob", both, score=scored(channel="mirror_gap", value=2e5, mass=2e5)) == ("excluded", 0.0)
    assert cause("cif_fob", both, score=scored(channel="mirror_gap", value=2e5, mass=None)) == ("possible", 1.0)


def test_estimated_mass_is_told_and_explains_no_value():
    rows = flow("EXP", "IMP", 2015, None, 1e6, is_import_mass_estimated=True)
    causes = faced(rows)
    row = causes.row(by_predicate=pl.col("cause") == "estimated_mass", named=True)
    assert (row["verdict"], row["share_of_gap"]) == ("possible", 0.0)
    assert "the importer was estimated, not declared" in row["detail"]


def test_reporter_that_stopped_with_everyone():
    past = [flow("EXP", p, y, 1e6, 1e6) for p in ("IMP", "OTH") for y in range(2010, 2015)]
    assert cause("reporter_break", SILENT, *past, flow("EXP", "OTH", 2015, None, 1e6)) == ("possible", 1.0)


def test_reporter_that_is_silent_towards_this_partner_alone_did_not_break():
    past = [flow("EXP", p, y, 1e6, 1e6) for p in ("IMP", "OTH") for y in range(2010, 2015)]
    assert cause("reporter_break", SILENT, *past, flow("EXP", "OTH", 2015, 1e6, 1e6)) == ("excluded", 0.0)


def test_a_ban_explains_why_exports_stop_and_no_arrival():
    past = [flow("IDN", p, y, 1e6, 1e6) for p in ("CHN", "JPN") for y in range(2017, 2020)]
    rows = (*past, flow("IDN", "CHN", 2020, None, 1e6), flow("IDN", "JPN", 2020, None, 1e6))
    flow_id = "comtrade:IDN:CHN:260400:2020"
    causes = face(reconcile(flows(*rows)), scored(flow_id), context())
    assert verdicts(causes, flow_id)["reporter_break"] == ("excluded", 0.0)


def test_a_year_that_ended_lately_may_be_revised():
    late = flow("EXP", "IMP", 2030, None, 1e6)
    flow_id = late["flow_id"]
    causes = face(reconcile(flows(late)), scored(flow_id), context())
    assert verdicts(causes, flow_id)["late_data"] == ("possible", 1.0)
    assert cause("late_data", SILENT, flow("EXP", "OTH", 2016, 1.0, 1.0)) == ("excluded", 0.0)
    assert cause("late_data", SILENT) == ("possible", 1.0)  # 2015 is this source's latest year


def test_a_flow_below_ten_thousand_dollars_may_be_left_out():
    small = flow("EXP", "IMP", 2015, None, 9_000.0)
    assert cause("missing_reporter", small, score=scored(value=9e3, mass=9e3)) == ("possible", 1.0)
    assert cause("missing_reporter", SILENT) == ("excluded", 0.0)


def test_a_side_that_published_nothing_is_missing_and_never_silent():
    stopped = flow("EXP", "IMP", 2015, None, 1e6, exporter_reported=False)
    causes = faced(stopped, score=scored(channel="jump"))
    row = causes.row(by_predicate=pl.col("cause") == "missing_reporter", named=True)
    assert (row["verdict"], row["share_of_gap"]) == ("possible", 1.0)
    assert "published nothing that year" in row["detail"]


@pytest.mark.parametrize(
    ("exports", "basis", "verdict"),
    [(1.1e6, "FOB", "possible"), (1.1e6, "CIF", "excluded"), (0.9e6, "FOB", "excluded")],
)
def test_an_importer_that_values_fob_is_named_where_its_figure_is_lower(exports, basis, verdict):
    both = flow("EXP", "IMP", 2015, exports, 1e6, import_value_basis=basis)
    assert cause("fob_import", both, score=scored(channel="mirror_gap", value=0.0, mass=0.0))[0] == verdict


@pytest.mark.parametrize(("doubled", "verdict"), [(1.0, ("possible", 1.0)), (0.0, ("excluded", 0.0))])
def test_output_that_stands_twice_under_one_code_is_not_known(doubled, verdict):
    row = baci("EXP", "IMP", 2015, 1e6, 1e6)
    score = scored(
        row["flow_id"], "balance", parts=[(name, 1.0) for name in BALANCE_PARTS[:-1]] + [("is_output_doubled", doubled)]
    )
    assert verdicts(face(flows(row), score, context()), row["flow_id"])["output_record"] == verdict


def test_totals_beyond_the_listed_partners():
    from graphs.flags import Flag
    from graphs.tables import Declarations

    world = {
        "source": "comtrade", "reporter": "EXP", "partner": "W00", "flow": "X", "commodity": "260400", "period": 2015,
        "value_usd": 4e5, "mass_kg": 4e5, "flags": int(Flag.WORLD),
    }  # fmt: skip
    schema = Declarations.create_empty().schema
    totals = pl.DataFrame([{name: world.get(name) for name in schema}], schema=schema)
    assert cause("parent_children", SILENT, ctx=context(totals=totals))[1] == pytest.approx(0.4)
    assert cause("parent_children", SILENT)[0] == "cannot_test"


def test_reconciled_trade_has_no_mirror_and_says_so():
    row = baci("EXP", "IMP", 2015, 1e6, 1e6)
    causes = face(flows(row), scored(row["flow_id"], channel="jump"), context())
    mine = verdicts(causes, row["flow_id"])
    assert mine["reporter_break"][0] == mine["confidentiality"][0] == "cannot_test"
    assert mine["cif_fob"][0] == "excluded"


@pytest.mark.parametrize("seed", range(3))
def test_opposite_deviations_equal_the_slow_sum(seed):
    """transit's cover, by walking the rows: expected exports less imports, beyond a third, at other importers."""
    rng = np.random.default_rng(seed)
    rows = [flow("EXP", f"H{n}", 2015, float(x), float(m)) for n, (x, m) in enumerate(rng.lognormal(11, 1, (8, 2)))]
    table = reconcile(flows(SILENT, *rows))
    whole = float(np.median([np.log(r["import_value_usd"] / r["export_value_usd"]) for r in rows]))
    cover = 0.0
    for row in rows:
        own = np.log(row["import_value_usd"] / row["export_value_usd"])
        expected = row["export_value_usd"] * np.exp((own + 2 * whole) / 3)
        off = expected - row["import_value_usd"]
        cover += off if off > max(expected, row["import_value_usd"]) / 3 else 0.0
    share = verdicts(face(table, scored(mass=None), context()), FLOW)["transit"][1]
    assert share == pytest.approx(min(1.0, cover / 1e6), abs=1e-9)


def test_a_known_break_of_reporting_is_named():
    gold = {"commodity": "710812", "family": "gold"}
    rows = [flow("GHA", "CHE", year, 1e6, None, **gold) for year in (2012, 2016)]
    table = reconcile(flows(*rows))
    for year, expected in ((2012, ("possible", 1.0)), (2016, None)):
        flow_id = f"comtrade:GHA:CHE:710812:{year}"
        found = verdicts(face(table, scored(flow_id), context("gold")), flow_id)["reporter_break"]
        assert found == expected if expected else found[0] != "possible"


def test_a_fiscal_year_shifts_trade_into_a_neighbouring_year():
    shifted = flow("EXP", "IRN", 2014, 6e5, None)
    row = flow("EXP", "IRN", 2015, None, 1e6)
    found = verdicts(face(reconcile(flows(row, shifted)), scored(row["flow_id"]), context()), row["flow_id"])
    assert found["fiscal_year"] == ("possible", pytest.approx(0.6))
    assert cause("fiscal_year", SILENT) == ("excluded", 0.0)


MARKET_ROWS = [flow("AAA", f"B{at}", 2015, 2e6, 2e6, export_mass_kg=2e6, import_mass_kg=2e6) for at in range(4)]
"""Four flows at 1 USD/kg: the world's price."""


@pytest.mark.parametrize(
    ("importer", "verdict", "share"),
    [
        ({"import_value_usd": 1e9, "import_mass_kg": 1e6}, "possible", 0.999),  # thousands for units
        ({"import_value_usd": 5e6, "import_mass_kg": 1e6}, "excluded", 0.0),  # dear, but a grade might be
        ({"import_value_usd": 1e9, "import_mass_kg": 1e9}, "excluded", 0.0),  # the price is the world's
        ({"import_value_usd": 1e9, "import_mass_kg": 1e7}, "excluded", 0.0),  # the mass is apart too
    ],
)
def test_a_value_that_its_price_betrays(importer, verdict, share):
    sides = {"export_value_usd": 1e6, "export_mass_kg": 1e6} | importer
    row = flow("EXP", "IMP", 2015, **sides)
    value, kg = (abs(sides[f"import_{one}"] - sides[f"export_{one}"]) for one in ("value_usd", "mass_kg"))
    score = scored(channel="mirror_gap", value=value, mass=kg or None)
    found, covered = cause("value_fault", row, *MARKET_ROWS, score=score)
    assert (found, covered) == (verdict, pytest.approx(share, abs=0.002))


def test_a_value_without_a_mass_cannot_be_held_against_a_price():
    row = flow("EXP", "IMP", 2015, 1e6, 1e9, export_mass_kg=None, import_mass_kg=None)
    assert cause("value_fault", row, *MARKET_ROWS, score=scored(channel="mirror_gap", mass=None))[0] == "cannot_test"


@pytest.mark.parametrize("channel", ["two_cycle", "pass_through", "three_path"])
@pytest.mark.parametrize("family", ["nickel", "gold"])
def test_no_source_counts_what_crosses_a_border_for_processing(channel, family):
    finding = CAUSES["stocks"](family)
    row = pl.DataFrame(
        {"channel": [channel, "mirror_gap"], "exporter": ["PHL"] * 2, "importer": ["CHN"] * 2,
         "stock_allowance_kg": [None, None]},
        schema_overrides={"stock_allowance_kg": pl.Float64},
    )  # fmt: skip
    assert row.select(finding.testable).to_series().to_list() == [False, True]
    assert "under contract" in finding.why_not
