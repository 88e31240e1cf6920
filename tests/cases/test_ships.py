"""Trade whose ships seem too few, for ordinary reasons: it stays at level 1 or lower, and without the reason it would
not."""

import polars as pl
import pytest

from models.flows.chain import Chain
from tests.cases import ships
from tests.cases.held import check
from tests.cases.registry import Case, of


@pytest.mark.parametrize("case", of("ships"), ids=lambda case: case.name)
def test_an_innocent_case_stays_at_level_one_and_names_its_cause(case: Case) -> None:
    check(case, ships.book(case.book))


def level(chain: Chain) -> int:
    rows = chain.alerts.filter(pl.col("exporter") == "EXP", pl.col("importer") == "IMP", pl.col("period") == ships.YEAR)
    return int(rows.filter(pl.col("list") == "agnostic")["claim_level"].item())


def test_without_an_ordinary_reason_too_few_ships_make_a_candidate() -> None:
    assert level(ships.book("too_few")) == 2


@pytest.mark.parametrize("name", ["no_station", "unread_month", "neighbours_port"])
def test_each_reason_is_what_keeps_a_case_low(name: str) -> None:
    """The same trade and the same ships, with the port heard, the month read or no railway: a candidate."""
    heard = {
        "no_station": lambda: ships.run(ships.trade(3 * ships.MT), ships.fleet(ships.rounds(1, ships.DIRECT))),
        "unread_month": lambda: ships.too_few(),
        "neighbours_port": lambda: ships.neighbours_port(islands=("EXP", "IMP")),
    }[name]
    assert level(ships.book(name)) < 2 == level(heard())
