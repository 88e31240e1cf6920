"""Groups of companies against connected parts found by walking, and the pairs that people keep apart."""

from datetime import UTC, datetime

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphs.tables_companies import CompanyJudgements
from models.companies.compare import Side
from models.companies.groups import Groups, latest
from models.companies.names import read

NAMES = "abcdefg"
PAIRS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).filter(lambda pair: pair[0] != pair[1]), max_size=12
)


def side(text: str, country: str | None = None) -> Side:
    name = read(text)
    assert name is not None
    return Side(name, country)


SIDES = {one: side(f"Kabano {one}{one}") for one in NAMES}


def walked(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Smallest member of the connected part of each name."""
    found = {}
    for start in NAMES:
        part, fresh = {start}, [start]
        while fresh:
            at = fresh.pop()
            near = {b for a, b in pairs if a == at} | {a for a, b in pairs if b == at}
            fresh += sorted(near - part)
            part |= near
        found[start] = min(part)
    return found


@given(PAIRS)
def test_joined_pairs_make_connected_parts(pairs: list[tuple[str, str]]) -> None:
    groups = Groups(SIDES, [])
    for pair in pairs:
        groups.join(*pair)
    assert groups.names() == walked(pairs)


@given(PAIRS, PAIRS)
def test_pairs_kept_apart_are_found_between_whole_groups(
    joined: list[tuple[str, str]], apart: list[tuple[str, str]]
) -> None:
    groups = Groups(SIDES, apart)
    for pair in joined:
        groups.join(*pair)
    parts = walked(joined)
    for one in NAMES:
        for other in NAMES:
            if parts[one] != parts[other]:
                ends = {parts[one], parts[other]}
                between = [(min(p), max(p)) for p in apart if {parts[p[0]], parts[p[1]]} == ends]
                assert groups.kept_apart(one, other) == min(between, default=None)


def test_a_group_is_of_one_country_and_one_form() -> None:
    sides = {
        "a": side("Kabano Ltd", "XAA"), "b": side("Kabano", None), "c": side("Kabano Ltd", "XAB"),
        "d": side("Kabano LLC"),
    }  # fmt: skip
    groups = Groups(sides, [])
    assert groups.differ("a", "b") is None
    assert groups.differ("a", "c") == "two countries"
    assert groups.differ("a", "d") == "two legal forms"
    groups.join("a", "b")
    assert groups.differ("b", "c") == "two countries"
    assert groups.differ("b", "d") == "two legal forms"
    # A person may join two countries; the group may then grow by others of these.
    groups.join("a", "c")
    assert groups.differ("a", "b") is None


def test_the_last_judgement_of_a_pair_counts_whichever_company_stands_first() -> None:
    def at(hour: int) -> datetime:
        return datetime(2026, 1, 1, hour, tzinfo=UTC)

    rows = [
        ("a", "b", at(3), "r", "different", None),
        ("b", "a", at(2), "r", "same", None),
        ("c", "d", at(1), "r", "same", None),
        ("c", "d", at(1), "s", "undecided", None),
        ("a", "gone", at(1), "r", "same", None),
        ("a", "a", at(1), "r", "same", None),
    ]
    judgements = pl.DataFrame(rows, schema=CompanyJudgements.create_empty().schema, orient="row")
    found = {pair: one.verdict for pair, one in latest(judgements, NAMES).items()}
    assert found == {("a", "b"): "different", ("c", "d"): "undecided"}
    assert latest(judgements.reverse(), NAMES) == latest(judgements, NAMES)
    assert latest(CompanyJudgements.create_empty(), NAMES) == {}
