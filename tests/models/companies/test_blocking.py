"""Pairs worth comparing, against all pairs looked at one by one."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from models.companies import blocking
from models.companies.compare import SHORTEST, spelled_out
from models.companies.names import Name, read
from models.companies.spellings import spellings

TEXTS = st.lists(
    st.lists(st.sampled_from(["kabano", "kabana", "deroti", "gold", "x", "mine", "2"]), min_size=1, max_size=3).map(
        " ".join
    ),
    max_size=12,
)


def read_all(texts: list[str]) -> list[Name]:
    return [name for text in texts if (name := read(text))]


def by_looking_at_all(names: list[Name]) -> list[tuple[int, int]]:
    """The rule of the module, pair by pair."""
    long = [at for at, name in enumerate(names) if len(name.letters) >= SHORTEST]
    told = {at: spelled_out(names[at]) for at in long}
    holders = {word: [at for at in long if word in told[at]] for at in long for word in told[at]}
    orders = [
        sorted(long, key=lambda at: ("".join(told[at]), at)),
        sorted(long, key=lambda at: ("".join(sorted(told[at])), at)),
        sorted(long, key=lambda at: ("".join(told[at])[::-1], at)),
    ]
    found = []
    for one, other in combinations(long, 2):
        shares = any(len(holders[word]) <= blocking.MOST_SHARING for word in set(told[one]) & set(told[other]))
        is_near = any(abs(order.index(one) - order.index(other)) <= blocking.WINDOW for order in orders)
        by_word = fuzz.token_sort_ratio(" ".join(told[one]), " ".join(told[other]))
        by_letter = fuzz.ratio("".join(told[one]), "".join(told[other]))
        if (shares or is_near) and max(by_word, by_letter) >= blocking.LEAST:
            found.append((one, other))
    return found


@given(TEXTS)
def test_few_names(texts: list[str]) -> None:
    names = read_all(texts)
    assert blocking.candidates(names) == by_looking_at_all(names)


def test_many_names_with_words_that_many_share() -> None:
    names = read_all(spellings(120, 3)["text"].to_list())
    found = blocking.candidates(names)
    assert len(found) > 100
    assert found == by_looking_at_all(names)


@pytest.mark.parametrize("texts", [[], ["Kabano"], ["x", "y"], ["Kabano", "Deroti"]])
def test_nothing_is_like_nothing(texts: list[str]) -> None:
    assert blocking.candidates(read_all(texts)) == []


def test_portions_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    names = read_all(spellings(60, 4)["text"].to_list())
    whole = blocking.candidates(names)
    monkeypatch.setattr(blocking, "PORTION", 7)
    assert blocking.candidates(names) == whole


def test_pairs_grow_with_the_names_and_not_with_their_square() -> None:
    of_a_name = []
    for companies in (900, 9_000):
        names = read_all(spellings(companies, 21)["text"].unique(maintain_order=True).to_list())
        of_a_name.append(len(blocking.candidates(names)) / len(names))
    assert of_a_name[1] < 1.5 * of_a_name[0] < 5
