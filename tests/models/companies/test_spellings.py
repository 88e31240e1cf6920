"""Invented spellings: the same from the same seed, of companies that nobody has, each readable."""

from graphs.countries import is_user_assigned
from models.companies.names import read
from models.companies.spellings import spellings


def test_a_seed_makes_the_same_spellings() -> None:
    assert spellings(80, 7).equals(spellings(80, 7))
    assert not spellings(80, 7).equals(spellings(80, 8))


def test_every_company_has_one_to_four_spellings_that_name_it() -> None:
    told = spellings(400, 1)
    counts = told["company"].value_counts()["count"]
    assert (counts.min(), counts.max(), counts.len()) == (1, 4, 400)
    assert all(read(text) for text in told["text"])
    assert all(is_user_assigned(code) for code in told["country"].drop_nulls().unique())
    assert 0.1 < told["country"].null_count() / told.height < 0.3


def test_companies_with_like_names_are_among_them() -> None:
    told = spellings(400, 1)
    keys = {read(text).key: company for text, company in told.select("text", "company").iter_rows()}  # type: ignore[union-attr]
    words = [key.split("_")[0] for key in keys]
    assert len(set(words)) < len(words) / 1.5
