"""Companies of bills: listed, merged no further than the risk allows, and split or joined by people."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphs.tables_companies import Companies, CompanyJudgements, CompanyMatches, Manifests
from models.companies.merge import Named, companies
from models.companies.names import identified
from models.companies.risk import MERGE_RISK
from models.companies.spellings import spellings

NOTHING = CompanyJudgements.create_empty()
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
# Two spellings that the rule merges: the words in another order.
ONE, OTHER = "XAA:KABANO_DEROTI_MINING_LTD", "XAA:MINING_KABANO_DEROTI_LTD"


def bills(*parties: tuple[str | None, str | None, str | None]) -> pl.DataFrame:
    """Bills of (shipper, consignee, country of both), a day apart."""
    rows = [
        {
            "raw_sha256": "ab",
            "raw_row": at,
            "mapping": "m",
            "day": date(2021, 1, 1) + timedelta(at % 9000),
            "shipper": shipper,
            "consignee": consignee,
            "shipper_country": country,
            "consignee_country": country,
            "is_counted": True,
            "known_from": date(2021, 2, 1) + timedelta(at % 9000),
        }
        for at, (shipper, consignee, country) in enumerate(parties)
    ]
    return identified(pl.DataFrame(rows, schema=Manifests.create_empty().schema))


def judged(*told: tuple[str, str, str]) -> pl.DataFrame:
    """Judgements of (one, other, verdict), an hour apart."""
    rows = [
        (one, other, FIRST + timedelta(hours=at), "reviewer", verdict, None)
        for at, (one, other, verdict) in enumerate(told)
    ]
    return pl.DataFrame(rows, schema=CompanyJudgements.create_empty().schema, orient="row")


def groups(found: Named) -> dict[str, str]:
    return dict(found.companies.select("company_id", "group_id").iter_rows())


LIKE = bills(("Kabano Deroti Mining Ltd", None, "XAA"), ("Mining Kabano Deroti Ltd", None, "XAA"))


def test_a_company_is_what_its_bills_say() -> None:
    found = companies(
        bills(
            ("Kabano Ltd", "KABANO LIMITED", None),
            ("KABANO LIMITED", None, None),
            ("TO ORDER", "Deroti SA", "XAA"),
            (None, None, None),
        ),
        NOTHING,
    ).companies
    assert Companies.is_valid(found)
    first, second = found.to_dicts()
    assert first == {
        "company_id": "XAA:DEROTI_SA",
        "name": "Deroti SA",
        "country": "XAA",
        "spellings": ["Deroti SA"],
        "roles": ["consignee"],
        "rows": 1,
        "first_day": date(2021, 1, 3),
        "last_day": date(2021, 1, 3),
        "group_id": "XAA:DEROTI_SA",
        "known_from": date(2021, 2, 3),
    }
    assert second == {
        "company_id": "__:KABANO_LTD",
        "name": "KABANO LIMITED",
        "country": None,
        "spellings": ["KABANO LIMITED", "Kabano Ltd"],
        "roles": ["consignee", "shipper"],
        "rows": 2,
        "first_day": date(2021, 1, 1),
        "last_day": date(2021, 1, 2),
        "group_id": "__:KABANO_LTD",
        "known_from": date(2021, 2, 1),
    }


def test_no_bills_make_no_companies() -> None:
    found = companies(Manifests.create_empty(), NOTHING)
    assert found.companies.equals(Companies.create_empty())
    assert found.matches.equals(CompanyMatches.create_empty())


def test_the_rule_merges_what_is_within_the_risk() -> None:
    found = companies(LIKE, NOTHING)
    assert CompanyMatches.is_valid(found.matches)
    (match,) = found.matches.to_dicts()
    assert (match["one"], match["other"], match["is_merged"], match["decided_by"]) == (ONE, OTHER, True, "rule")
    assert match["risk"] == pytest.approx(1 - match["p_same"])
    assert match["risk"] <= MERGE_RISK
    assert match["why"].endswith("is at most 1%")
    assert [part["name"] for part in match["parts"]] == ["words", "letters", "form", "numbers", "country"]
    assert set(groups(found).values()) == {ONE}


@pytest.mark.parametrize("verdict", ["different", "undecided"])
def test_a_person_undoes_a_merge_and_it_comes_back(verdict: str) -> None:
    split = companies(LIKE, judged((OTHER, ONE, verdict)))
    assert groups(split) == {ONE: ONE, OTHER: OTHER}
    (match,) = split.matches.to_dicts()
    assert (match["is_merged"], match["decided_by"]) == (False, "person")
    assert match["why"] == f"reviewer judged them {verdict} on 2026-01-01"
    again = companies(LIKE, judged((OTHER, ONE, verdict), (ONE, OTHER, "same")))
    assert groups(again) == {ONE: ONE, OTHER: ONE}
    assert again.matches["decided_by"].to_list() == ["person"]


def test_a_person_joins_what_no_rule_would() -> None:
    told = bills(("Kabano Ltd", "Zumeti SA", "XAA"), ("Kabano Ltd", None, "XAB"))
    assert companies(told, NOTHING).matches["is_merged"].to_list() == [False]
    found = companies(told, judged(("XAA:ZUMETI_SA", "XAB:KABANO_LTD", "same")))
    assert groups(found)["XAB:KABANO_LTD"] == "XAA:ZUMETI_SA"
    assert groups(found)["XAA:KABANO_LTD"] == "XAA:KABANO_LTD"
    (match,) = found.matches.filter(pl.col("is_merged")).to_dicts()
    assert match["risk"] == 1
    assert match["decided_by"] == "person"


def test_what_people_hold_for_different_stays_apart_along_any_way() -> None:
    told = bills(("Kabano Ltd", "Deroti SA", "XAA"), ("Zumeti SA", None, "XAA"))
    a, b, c = "XAA:DEROTI_SA", "XAA:KABANO_LTD", "XAA:ZUMETI_SA"
    found = companies(told, judged((a, b, "same"), (b, c, "same"), (a, c, "different")))
    assert groups(found) == {a: a, b: a, c: c}
    why = dict(found.matches.select(pl.concat_str("one", "other", separator=" "), "why").iter_rows())
    assert (
        why[f"{b} {c}"]
        == f"reviewer judged them same on 2026-01-01, but {a} and {c}, which would join them, were judged different"
    )
    assert found.matches["decided_by"].unique().to_list() == ["person"]


def test_people_who_split_a_group_split_the_links_of_the_rule() -> None:
    third = "XAA:DEROTI_MINING_KABANO_LTD"
    told = pl.concat(
        [LIKE, bills(("Deroti Mining Kabano Ltd", None, "XAA")).with_columns(raw_row=pl.lit(9, pl.UInt32))]
    )
    assert set(groups(companies(told, NOTHING)).values()) == {third}
    found = companies(told, judged((ONE, OTHER, "different")))
    assert groups(found)[ONE] != groups(found)[OTHER]
    assert Companies.is_valid(found.companies)


@pytest.mark.parametrize(
    ("one", "other", "countries"),
    [
        ("Kabano Deroti Ltd", "Deroti Kabano Ltd", ("XAA", "XAB")),
        ("Kabano Deroti Mine 2 Ltd", "Deroti Kabano Mine 3 Ltd", ("XAA", "XAA")),
        ("Kabano Deroti Ltd", "Kabano Deroti LLC", ("XAA", "XAA")),
        ("\u041aabano Deroti Ltd", "Kabano Deroti Ltd", ("XAA", "XAA")),
        ("山东矿业", "山東矿业", ("XAA", "XAA")),
        ("Kabano Mining", "Kabano Mining Services Teroda", ("XAA", "XAA")),
        ("Mali Gold", "Bali Gold", ("XAA", "XAA")),
        ("X", "Y", ("XAA", "XAA")),
        ("X Ltd", "X", ("XAA", "XAA")),
    ],
)
def test_what_the_rule_may_not_merge(one: str, other: str, countries: tuple[str, str]) -> None:
    found = companies(
        pl.concat(
            [
                bills((one, None, countries[0])),
                bills((other, None, countries[1])).with_columns(raw_row=pl.lit(1, pl.UInt32)),
            ]
        ),
        NOTHING,
    )
    assert found.companies.height == 2
    assert found.companies["group_id"].equals(found.companies["company_id"].rename("group_id"))
    assert not found.matches["is_merged"].any()
    assert set(found.matches["decided_by"]) <= {"nobody"}


def test_a_chain_of_likely_links_makes_no_group_of_two_countries() -> None:
    told = bills(
        ("Kabano Deroti Mining", None, "XAA"),
        ("Deroti Kabano Mining", None, None),
        ("Mining Kabano Deroti", None, "XAB"),
    )
    found = companies(told, NOTHING)
    for _, members in found.companies.group_by("group_id"):
        assert members["country"].drop_nulls().n_unique() <= 1


def test_a_huge_name_and_noise_disturb_nothing() -> None:
    noise = bills(("x" * 100_000, "\u202e\u200b", "XAA"), ("🙂" * 50, "e\u0301" * 140, "XAA"), ("-" * 300, "A", "XAA"))
    later = noise.with_columns(pl.col("raw_row") + 10)
    found = companies(pl.concat([LIKE, later]), NOTHING)
    assert groups(found).keys() == {ONE, OTHER, "XAA:" + "E" * 140, "XAA:A"}
    assert found.matches.equals(companies(LIKE, NOTHING).matches)


@settings(max_examples=8)
@given(st.randoms(use_true_random=False))
def test_the_order_of_bills_and_judgements_does_not_matter(chance: object) -> None:
    told = spellings(30, 5)
    rows = bills(*((text, None, country) for text, country in told.select("text", "country").iter_rows()))
    told_apart = judged(
        *(
            (one, other, "different")
            for one, other in companies(rows, NOTHING).matches.select("one", "other").head(3).iter_rows()
        )
    )
    seed = chance.randrange(1000)  # type: ignore[attr-defined]
    whole, mixed = (
        companies(rows, told_apart),
        companies(rows.sample(fraction=1, shuffle=True, seed=seed), told_apart.reverse()),
    )
    assert whole.companies.equals(mixed.companies)
    assert whole.matches.equals(mixed.matches)


def test_every_merge_of_the_rule_is_within_the_risk_and_every_group_stands_on_merges() -> None:
    told = spellings(1000, 6)
    rows = bills(*((text, None, country) for text, country in told.select("text", "country").iter_rows()))
    found = companies(rows, NOTHING)
    merged = found.matches.filter("is_merged")
    assert merged.height > 5
    assert (merged["risk"] <= MERGE_RISK).all()
    assert (found.matches.filter(~pl.col("is_merged"))["decided_by"] == "nobody").all()
    grouped = groups(found)
    assert all(grouped[one] == grouped[other] for one, other in merged.select("one", "other").iter_rows())
    sizes = found.companies["group_id"].value_counts()["count"] - 1
    assert merged.height >= sizes.sum() > 0
    # Most groups hold one invented company only: what the risk speaks of.
    truth = dict(zip(rows["shipper_id"], told["company"], strict=True))
    wrong = sum(truth[one] != truth[other] for one, other in merged.select("one", "other").iter_rows())
    assert wrong <= 1 + merged.height * 0.05


@pytest.mark.slow
def test_tens_of_thousands_of_names_are_merged() -> None:
    told = spellings(9_000, 21)
    rows = bills(*((text, None, country) for text, country in told.select("text", "country").iter_rows()))
    found = companies(identified(rows), NOTHING)
    assert found.companies.height > 15_000
    assert found.matches["is_merged"].sum() > 200
