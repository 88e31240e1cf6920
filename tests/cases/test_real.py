"""Real trade with a known ordinary reason, read from the folder of real data."""

from pathlib import Path

import polars as pl
import pytest

from graphs.commodities import family_of
from graphs.declarations import reporting, tidy
from graphs.flows import pair
from graphs.settling import settle
from models.flows import chain
from models.flows.balance import balance, balance_sheet, contained_mass
from models.flows.chain import Chain
from pipelines.sources import baci, comtrade_files, world_mining
from tests.models.flows.frames import context

pytestmark = pytest.mark.realdata


def declared(path: Path) -> Chain:
    parsed = comtrade_files.parse(path)
    declarations = settle(tidy(parsed.raw, source="comtrade", file=parsed.file, raw_sha256=parsed.sha256).declarations)
    flows = pair(declarations, reporting(declarations))
    ctx = context(family_of(flows["commodity"][0]), totals=declarations.filter(~pl.col("is_counted")))
    return chain.run(flows, ctx)


@pytest.fixture(scope="module")
def nickel(real_data) -> Chain:
    return declared(real_data / "trade" / "comtrade_nickel_260400_750110_2000_2024.csv")


@pytest.fixture(scope="module")
def sawnwood(real_data) -> Chain:
    return declared(real_data / "trade" / "comtrade_440799_2005_2014.parquet")


def alert(result: Chain, exporter: str, importer: str, period: int, commodity: str = "260400") -> dict:
    return result.alerts.row(
        by_predicate=pl.col("flow_id") == f"comtrade:{exporter}:{importer}:{commodity}:{period}", named=True
    )


def cause(result: Chain, flow_id: str, name: str) -> dict:
    return result.causes.row(by_predicate=(pl.col("flow_id") == flow_id) & (pl.col("cause") == name), named=True)


def test_indonesian_nickel_ore_after_the_ban_stands_high_and_as_one_episode(nickel):
    rows = [alert(nickel, "IDN", "CHN", year) for year in (2020, 2021, 2022)]
    assert rows[0]["rank"] <= 10
    assert max(row["rank"] for row in rows) <= 30
    assert len({row["episode_id"] for row in rows}) == 1
    assert {row["claim_level"] for row in rows} == {2}


def test_philippine_nickel_ore_2023_has_an_estimated_mass_and_is_no_candidate(nickel):
    row = alert(nickel, "PHL", "CHN", 2023)
    assert row["claim_level"] <= 1
    found = cause(nickel, row["flow_id"], "estimated_mass")
    assert found["verdict"] == "possible"
    assert "estimated, not declared" in found["detail"]


def test_chinese_nickel_ore_2016_uses_no_mass_made_from_value(nickel):
    flows = nickel.flows.filter(
        pl.col("importer") == "CHN",
        pl.col("period") == 2016,
        pl.col("commodity") == "260400",
        pl.col("import_value_usd") > 0,
    )
    assert flows.height > 15
    assert flows["import_mass_kg"].null_count() == flows.height
    levels = nickel.alerts.filter(pl.col("flow_id").is_in(flows["flow_id"].implode()))["claim_level"]
    assert levels.max() <= 1


@pytest.mark.parametrize("year", [2022, 2023])
def test_australian_nickel_ore_is_hidden_for_confidentiality(nickel, year):
    row = alert(nickel, "AUS", "CHN", year)
    assert row["claim_level"] <= 1
    hidden = cause(nickel, row["flow_id"], "confidentiality")["share_of_gap"] or 0.0
    stopped = cause(nickel, row["flow_id"], "reporter_break")["share_of_gap"] or 0.0
    assert max(hidden, stopped) > 0.5


@pytest.mark.parametrize(
    ("exporter", "importer", "years"),
    [("ZAF", "FIN", range(2010, 2015)), ("ZAF", "CHN", range(2017, 2021)), ("ZWE", "ZAF", range(2018, 2024))],
)
def test_nickel_exporters_and_importers_that_declare_short_with_everyone(nickel, exporter, importer, years):
    ids = [f"comtrade:{exporter}:{importer}:260400:{year}" for year in years]
    assert nickel.alerts.filter(pl.col("flow_id").is_in(ids))["claim_level"].max() <= 1


def test_indonesian_sawnwood_stays_at_level_one_for_its_coding(sawnwood):
    flows = sawnwood.flows.filter(pl.col("exporter") == "IDN", pl.col("importer") == "CHN").sort("period")
    gap = dict(flows.select("period", (pl.col("import_value_usd") / pl.col("export_value_usd")).log()).rows())
    assert all(gap[year] > 1.87 for year in (*range(2005, 2012), 2013))
    assert gap[2012] is None
    assert flows.filter(pl.col("period") == 2012)["exporter_reported"].item()
    assert not flows.filter(pl.col("period") == 2014)["exporter_reported"].item()
    scored = sawnwood.alerts.filter(pl.col("exporter") == "IDN", pl.col("importer") == "CHN")
    assert scored["claim_level"].max() <= 1
    for flow_id in scored.filter(pl.col("channel") == "mirror_gap")["flow_id"]:
        assert cause(sawnwood, flow_id, "coding")["verdict"] == "cannot_test"
    mirror = sawnwood.scores.filter(pl.col("channel").cast(pl.String).is_in(["mirror_gap", "one_sided"]))
    assert "comtrade:IDN:CHN:440799:2014" not in mirror["flow_id"]


@pytest.fixture(scope="module")
def gold(real_data) -> tuple[pl.DataFrame, pl.DataFrame]:
    raw = pl.read_parquet(real_data / "trade" / "baci_hs92_minerals_1995_2024.parquet").filter(
        pl.col("k").str.starts_with("7108")
    )
    flows = baci.to_flows(raw.with_row_index("raw_row", 1), file="baci", raw_sha256="0").flows
    return flows, world_mining.parse(real_data / "production" / "world_mining_data_2018_2024_long.csv").production


@pytest.fixture(scope="module")
def gold_books(gold) -> dict:
    flows, produced = gold
    books = balance_sheet(contained_mass(flows, "gold"), context("gold", production=produced)).filter(
        pl.col("period") <= 2023, pl.col("exports_kg") > 0
    )
    ranked = books.with_columns(z=pl.col("excess_kg") / pl.col("excess_sd_kg")).sort("z", descending=True)
    return {(row["country"], row["period"]): row for row in ranked.with_row_index("rank", 1).iter_rows(named=True)}


def best(books: dict, country: str, years=range(2018, 2024)) -> int:
    return min(books[country, year]["rank"] for year in years if (country, year) in books)


def test_gold_by_relative_excess(gold_books):
    unrecorded = [
        best(gold_books, "UGA"), best(gold_books, "TCD"), best(gold_books, "NER", (2020, 2021, 2022)),
        best(gold_books, "TGO", (2021, 2022, 2023)),
    ]  # fmt: skip
    ordinary = [best(gold_books, country) for country in ("BEL", "PER", "ARG", "CHL")]
    assert max(unrecorded) < min(ordinary)
    assert not gold_books["TCD", 2022]["is_listed_producer"]


def test_the_channel_ranks_flows_as_the_books_do(gold):
    flows, produced = gold
    answer = balance(flows, context("gold", production=produced)).with_columns(
        exporter=pl.col("flow_id").str.split(":").list.get(1), period=pl.col("flow_id").str.slice(-4).cast(pl.Int32)
    )
    best = dict(answer.filter(pl.col("period") <= 2023).group_by("exporter").agg(pl.col("statistic").max()).rows())
    assert min(best[country] for country in ("UGA", "TCD", "NER", "TGO")) > max(
        best.get(country, -9.0) for country in ("BEL", "PER", "ARG", "CHL")
    )


def test_argentine_and_chilean_gold_is_explained_by_weight(gold_books):
    for country, by_weight in (("ARG", 300_000), ("CHL", 100_000)):
        rows = [gold_books[country, year] for year in range(2018, 2024)]
        assert sum(row["excess_by_declared_mass_kg"] for row in rows) > by_weight
        assert sum(row["excess_kg"] for row in rows) < 0


def test_peruvian_and_belgian_balances_stay_open(gold_books):
    peru, belgium = gold_books["PER", 2022], gold_books["BEL", 2022]
    assert peru["excess_by_declared_mass_kg"] > 10 * peru["excess_kg"]
    assert 25_000 < peru["excess_kg"] < 55_000
    assert 5_000 < belgium["excess_kg"] < 40_000
