import polars as pl
import pytest

from models.flows.balance import SATURATED, balance, balance_sheet, contained_mass
from tests.models.flows.frames import baci, context, flows, production

GOLD = {"commodity": "710812", "family": "gold"}
PRICE = 50_000.0


def gold(exporter, importer, year, kg, declared_kg=None):
    return baci(exporter, importer, year, kg * PRICE, kg if declared_kg is None else declared_kg, **GOLD)


def market(years=(2019, 2020, 2021)):
    """A large honest trade that sets the world price: the miner exports what it mines."""
    return [gold("MIN", "BUY", year, 100_000.0) for year in years]


MINED = [("MIN", "gold", year, 100_000.0) for year in (2019, 2020, 2021)]


def sheet(*rows, made=()):
    table = flows(*market(), *rows)
    books = balance_sheet(contained_mass(table, "gold"), context("gold", production=production(*MINED, *made)))
    return {(row["country"], row["period"]): row for row in books.iter_rows(named=True)}


def test_excess_is_exports_less_imports_production_and_stock():
    books = sheet(
        gold("BUY", "HUB", 2019, 30_000.0), gold("HUB", "BUY", 2020, 25_000.0), gold("HUB", "BUY", 2021, 25_000.0),
        made=[("HUB", "gold", year, 1_000.0) for year in (2019, 2020, 2021)],
    )  # fmt: skip
    # 2020: the 30 t bought in 2019 are allowed for: 25 - 0 - 1 - 30 = -6 t.
    assert books["HUB", 2020]["excess_kg"] == pytest.approx(-6_000.0)
    # 2021: 5 t of that stock are left: 25 - 0 - 1 - 5 = 19 t.
    assert books["HUB", 2021]["excess_kg"] == pytest.approx(19_000.0)
    assert books["MIN", 2020]["excess_kg"] == pytest.approx(0.0)


def test_a_country_that_the_source_does_not_list_may_have_made_up_to_a_tonne():
    row = sheet(gold("CHD", "BUY", 2020, 10_000.0))["CHD", 2020]
    assert not row["is_listed_producer"]
    assert row["production_kg"] == 500.0
    assert row["excess_kg"] == pytest.approx(9_500.0)


def test_output_of_two_entries_is_told():
    from graphs.flags import Flag

    doubled = production(("MIN", "gold", 2020, 1_000.0)).with_columns(
        flags=pl.lit(int(Flag.DUPLICATE_PRODUCTION), pl.UInt32)
    )
    plain = production(("BUY", "gold", 2020, 1_000.0))
    made = pl.concat([doubled, plain])
    books = balance_sheet(contained_mass(flows(*market()), "gold"), context("gold", production=made))
    told = dict(books.filter(pl.col("period") == 2020).select("country", "is_output_doubled").rows())
    assert told == {"MIN": True, "BUY": False}


def test_dore_weight_is_explained_by_price_and_an_excess_by_price_is_not():
    books = sheet(gold("ARG", "BUY", 2020, 40_000.0, declared_kg=400_000.0), made=[("ARG", "gold", 2020, 40_000.0)])
    row = books["ARG", 2020]
    assert row["excess_kg"] == pytest.approx(0.0)
    assert row["excess_by_declared_mass_kg"] > 300_000.0


def test_years_without_production_figures_are_not_judged():
    assert ("MIN", 2019) not in {
        (row["country"], row["period"])
        for row in balance_sheet(
            contained_mass(flows(*market()), "gold"), context("gold", production=production(("MIN", "gold", 2020, 1.0)))
        ).iter_rows(named=True)
    }


def test_small_flows_of_a_year_do_not_carry_its_excess():
    table = flows(*market(), gold("UGA", "BUY", 2020, 30_000.0), gold("UGA", "NPL", 2020, 1.0))
    answer = balance(table, context("gold", production=production(*MINED)))
    judged = answer.filter(pl.col("flow_id").str.contains("UGA"))
    assert judged["flow_id"].to_list() == ["baci:UGA:BUY:710812:2020"]
    row = judged.row(0, named=True)
    assert row["gap_mass_kg"] == pytest.approx((30_001.0 - 500.0) * 30_000 / 30_001)
    assert row["gap_value_usd"] == pytest.approx(row["gap_mass_kg"] * PRICE)


def test_z_is_counted_up_to_saturation_since_all_exports_unaccounted_for_end_near_the_same_z():
    table = flows(*market(), gold("UGA", "BUY", 2020, 1e6), gold("TCD", "BUY", 2020, 1e4))
    statistics = balance(table, context("gold", production=production(*MINED))).filter(
        pl.col("flow_id").str.contains("UGA|TCD")
    )
    assert statistics["statistic"].to_list() == [SATURATED, SATURATED]


def test_a_weight_that_the_price_contradicts_tenfold_is_not_believed():
    rows = [baci("MIN", "BUY", 2020, 1e8, 2e6, commodity="280540", family="mercury")]
    rows.append(baci("NGA", "IND", 2020, 1e5, 4e5, commodity="280540", family="mercury"))
    contained = contained_mass(flows(*rows), "mercury").filter(pl.col("exporter") == "NGA")
    assert contained["contained_kg"].item() == pytest.approx(1e5 / 50, rel=0.01)


def test_content_turns_ore_into_metal_and_its_range_widens_the_sd():
    ore = baci("PRO", "BUY", 2020, 1e6, 1e6, commodity="260400")
    row = contained_mass(flows(ore), "nickel").row(0, named=True)
    assert row["contained_kg"] == pytest.approx(1e6 * 0.012)
    assert row["content_sd"] > 0


def test_a_missing_stage_leaves_only_the_ore_to_be_balanced():
    bauxite = {"family": "bauxite", "exporter_kind": "country"}
    ore = baci("GIN", "ISL", 2020, 1e6, 1e6, commodity="260600", **bauxite)
    metal = baci("ISL", "NLD", 2020, 1e6, 1e5, commodity="760110", **bauxite)
    assert contained_mass(flows(ore, metal), "bauxite")["commodity"].to_list() == ["260600"]
    alumina = baci("AUS", "ISL", 2020, 1e6, 2e5, commodity="281820", **bauxite)
    scrap = baci("DEU", "NLD", 2020, 1e6, 1e5, commodity="760200", **bauxite)
    whole = contained_mass(flows(ore, metal, alumina, scrap), "bauxite")
    assert sorted(whole["commodity"]) == ["260600", "281820", "760110", "760200"]


def test_goods_counted_as_traded_are_not_balanced():
    coal = baci("IDN", "CHN", 2020, 1e6, 1e6, commodity="270112", family="coal")
    assert contained_mass(flows(coal), "coal").is_empty()
