"""Real trade with a known ordinary reason, read from the folder of real data."""

from pathlib import Path

import polars as pl
import pytest

from models.flows.balance import balance, balance_sheet, contained_mass
from models.flows.chain import Chain
from pipelines.sources import world_mining
from tests.cases import books
from tests.cases.held import check
from tests.cases.registry import Case, of
from tests.models.flows.frames import context

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("case", of("real"), ids=lambda case: case.name)
def test_an_innocent_case_stays_at_level_one_and_names_its_cause(case: Case, real_data: Path) -> None:
    check(case, books.real(case.book, real_data))


@pytest.fixture(scope="module")
def nickel(real_data) -> Chain:
    return books.real("nickel", real_data)


@pytest.fixture(scope="module")
def sawnwood(real_data) -> Chain:
    return books.real("sawnwood", real_data)


def alert(result: Chain, exporter: str, importer: str, period: int, commodity: str = "260400") -> dict:
    return result.alerts.row(
        by_predicate=(pl.col("list") == "agnostic")
        & (pl.col("flow_id") == f"comtrade:{exporter}:{importer}:{commodity}:{period}"),
        named=True,
    )


def cause(result: Chain, flow_id: str, name: str) -> dict:
    return result.causes.row(by_predicate=(pl.col("flow_id") == flow_id) & (pl.col("cause") == name), named=True)


def test_indonesian_nickel_ore_after_the_ban_stands_high_and_as_one_episode(nickel):
    rows = [alert(nickel, "IDN", "CHN", year) for year in (2020, 2021, 2022)]
    assert rows[0]["rank"] <= 10
    assert max(row["rank"] for row in rows) <= 30
    assert len({row["episode_id"] for row in rows}) == 1
    assert {row["claim_level"] for row in rows} == {2}


def test_philippine_nickel_ore_2023_says_whose_mass_is_estimated(nickel):
    found = cause(nickel, "comtrade:PHL:CHN:260400:2023", "estimated_mass")
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


@pytest.mark.parametrize("year", [2022, 2023])
def test_australian_nickel_ore_is_hidden_for_confidentiality(nickel, year):
    row = alert(nickel, "AUS", "CHN", year)
    assert row["claim_level"] <= 1
    hidden = cause(nickel, row["flow_id"], "confidentiality")["share_of_gap"] or 0.0
    stopped = cause(nickel, row["flow_id"], "reporter_break")["share_of_gap"] or 0.0
    assert max(hidden, stopped) > 0.5


def test_finnish_nickel_ore_2011_in_the_netherlands_is_unexplained_and_on_no_list(nickel):
    """The Netherlands declare 209 million USD, Finland nothing, after two years: too short a past for any channel."""
    flow_id = "comtrade:FIN:NLD:260400:2011"
    flow = nickel.flows.row(by_predicate=pl.col("flow_id") == flow_id, named=True)
    assert flow["import_value_usd"] > 2e8
    assert flow["export_value_usd"] is None
    assert nickel.alerts.filter(pl.col("flow_id") == flow_id, pl.col("claim_level") > 1).is_empty()


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
    return books.gold_flows(real_data), world_mining.parse(real_data / books.MINED).production


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
