"""What people hold of two companies: added, never changed, and stronger than any rule at the next run."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from graphs.errors import HomeError, InputError
from graphs.tables_companies import CompanyJudgements, Manifests
from models.companies.merge import companies as merged
from models.companies.names import identified
from pipelines import company_ledger, ledger
from pipelines.home import Home
from tests.pipelines import moving_home

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
ONE, OTHER = "GHA:ACME_TRADING_LTD", "GHA:TRADING_ACME_LTD"


@pytest.fixture
def home(tmp_path) -> Home:
    return moving_home.make(tmp_path / "home")


def add(home: Home, one: str, other: str, verdict: str = "same", **more):
    return company_ledger.append(home, one, other, reviewer="ama", verdict=verdict, now=NOW, **more)


def test_the_table_is_the_one_that_is_described(home):
    add(home, "a", "b")
    assert CompanyJudgements.create_empty().schema == company_ledger.SCHEMA
    CompanyJudgements.validate(company_ledger.read(home))


def test_a_pair_has_one_order(home):
    assert add(home, "b", "a").row(0)[:2] == add(home, "a", "b").row(0)[:2] == ("a", "b")


def test_rows_are_added_in_order_even_within_one_moment(home):
    for verdict in ("same", "different", "undecided", "same"):
        add(home, "a", "b", verdict)
    rows = company_ledger.read(home)
    assert rows["verdict"].to_list() == ["same", "different", "undecided", "same"]
    assert rows["judged_at"].is_unique().all()
    assert rows["judged_at"].is_sorted()


def test_judgements_of_alerts_lie_apart(home):
    add(home, "a", "b")
    ledger.append(home, "agnostic:x", reviewer="ama", verdict="explained")
    assert (company_ledger.read(home).height, ledger.read(home).height) == (1, 1)


@pytest.mark.parametrize(
    ("one", "other", "reviewer", "verdict", "said"),
    [
        ("a", "a", "ama", "same", "named twice"),
        ("a", "b", " ", "same", "name of its reviewer"),
        ("a", "b", "ama", "maybe", "none of same, different, undecided"),
    ],
)
def test_what_is_no_judgement_is_refused_and_nothing_is_added(home, one, other, reviewer, verdict, said):
    with pytest.raises(InputError, match=said):
        company_ledger.append(home, one, other, reviewer=reviewer, verdict=verdict)
    assert company_ledger.read(home).is_empty()


def test_a_damaged_file_is_said_and_kept(home):
    path = home.table_path("company_judgements")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no table")
    with pytest.raises(HomeError, match=r"company_judgements .* restore this file from a copy"):
        add(home, "a", "b")
    assert path.read_bytes() == b"no table"


@pytest.mark.parametrize("text", ["XAA:acme trading", "Acme Trading Ltd", "ACME TRADING", "acme trading"])
def test_a_company_is_named_by_id_or_any_spelling(home, text):
    assert company_ledger.one_company(home, text) == "XAA:acme trading"


def test_part_of_a_name_that_several_bear_names_none(home):
    with pytest.raises(InputError, match="names several companies: XAA:acme, XAA:acme trading"):
        company_ledger.one_company(home, "acm")


def bills() -> pl.DataFrame:
    """Two spellings that the rule holds for one company."""
    rows = [
        {"raw_sha256": "0", "raw_row": at, "mapping": "m", "shipper": name, "shipper_country": "GHA",
         "is_counted": True, "known_from": date(2021, 1, 1)}
        for at, name in enumerate(("Acme Trading Ltd", "Trading Acme Ltd"))
    ]  # fmt: skip
    return identified(moving_home.frame("manifests", rows))


def test_different_undoes_a_merge_of_the_rule_and_a_later_word_counts_instead(home):
    assert Manifests.is_valid(bills())

    def groups() -> int:
        return merged(bills(), company_ledger.read(home)).companies["group_id"].n_unique()

    assert groups() == 1, "the rule merges them"
    add(home, OTHER, ONE, "different")
    assert groups() == 2
    add(home, ONE, OTHER, "undecided")
    assert groups() == 2, "undecided leaves the rule out of it"
    add(home, ONE, OTHER, "same")
    assert groups() == 1
