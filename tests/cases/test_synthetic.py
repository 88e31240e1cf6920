"""Published accusations that turned out to be bookkeeping. Of each only the totals are known, so the tables are
SYNTHETIC: totals and directions as published, years and partners made up around them (tests/cases/books.py)."""

import polars as pl
import pytest

from tests.cases import books
from tests.cases.held import check
from tests.cases.registry import Case, of


@pytest.mark.parametrize("case", of("synthetic"), ids=lambda case: case.name)
def test_an_innocent_case_stays_at_level_one_and_names_its_cause(case: Case) -> None:
    check(case, books.synthetic(case.book))


def anomalies(book: str, exporter: str, period: int, **other: str) -> pl.DataFrame:
    """Flows of one year whose two sides differ, and what explains them."""
    chain = books.synthetic(book)
    rows = chain.alerts.filter(
        pl.col("exporter") == exporter, pl.col("period") == period, pl.col("channel") == "mirror_gap",
        pl.col("importer") != other["but"],
    )  # fmt: skip
    held = chain.causes.filter(pl.col("cause") == other["cause"]).select("flow_id", "share_of_gap")
    return rows.filter(pl.col("list") == "agnostic").join(held, on="flow_id")


def test_the_special_partner_covers_all_of_the_south_african_gap():
    broken = anomalies("south_african_gold", "ZAF", 2000, but="_X", cause="confidentiality")
    assert broken.height == 4
    assert (broken["share_of_gap"] == 1.0).all()


@pytest.mark.parametrize(
    ("book", "exporter", "hub", "start"),
    [("zambian_copper", "ZMB", "CHE", 2001), ("chilean_copper", "CHL", "NLD", 1996)],
)
def test_transit_covers_what_arrives_beyond_the_hub(book, exporter, hub, start):
    surplus = anomalies(book, exporter, start, but=hub, cause="transit")
    assert surplus.height == 3
    assert (surplus["share_of_gap"] > 0.9).all()


def test_vault_gold_stands_out_and_is_no_candidate():
    moved = anomalies("vault_gold", "GBR", 2013, but="IND", cause="stocks")
    assert moved["claim_level"].to_list() == [1]
    assert moved["why_level"].item().startswith("Decisive causes could not be tested")
