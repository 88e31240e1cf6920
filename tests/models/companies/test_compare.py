"""Comparisons of names against slow, obvious versions, and on pairs made by hand."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.companies import compare
from models.companies.compare import Side, Weights
from models.companies.names import Name, read

WORDS = st.lists(
    st.sampled_from(["kabano", "kabana", "deroti", "mining", "gold", "ltd", "2", "ii", "ba"]), min_size=1, max_size=5
)


def name(text: str) -> Name:
    found = read(text)
    assert found is not None
    return found


def compared(one: str, other: str, countries: tuple[str | None, str | None] = (None, None)) -> compare.Compared:
    left, right = name(one), name(other)
    return compare.compare(Side(left, countries[0]), Side(right, countries[1]), Weights([left, right]))


def edits(one: str, other: str) -> int:
    """Letters changed, added, lost or swapped with the next, each letter touched once, by the whole table."""
    table = [[max(a, b) if not a or not b else 0 for b in range(len(other) + 1)] for a in range(len(one) + 1)]
    for a in range(1, len(one) + 1):
        for b in range(1, len(other) + 1):
            best = min(table[a - 1][b] + 1, table[a][b - 1] + 1, table[a - 1][b - 1] + (one[a - 1] != other[b - 1]))
            if a > 1 and b > 1 and one[a - 1] == other[b - 2] and one[a - 2] == other[b - 1]:
                best = min(best, table[a - 2][b - 2] + 1)
            table[a][b] = best
    return table[-1][-1]


@given(WORDS, WORDS)
def test_letters_are_the_share_of_letters_that_no_edit_touches(one: list[str], other: list[str]) -> None:
    left, right = name(" ".join(one)), name(" ".join(other))
    told = [compare.spelled_out(left), compare.spelled_out(right)]
    shares = []
    for order in (list, sorted):
        a, b = ("".join(order(words)) for words in told)
        shares.append(1 - edits(a, b) / max(len(a), len(b)))
    assert compare.letters(left, right) == pytest.approx(max(shares))


@given(WORDS, WORDS)
def test_every_comparison_is_a_share_and_the_same_from_both_sides(one: list[str], other: list[str]) -> None:
    there, back = compared(" ".join(one), " ".join(other)), compared(" ".join(other), " ".join(one))
    assert there == back
    values = [value for _, value in there.parts if value is not None]
    assert all(0 <= value <= 1 for value in (*values, there.score))


@given(WORDS)
def test_a_name_is_wholly_like_itself(one: list[str]) -> None:
    form, words = ("ltd", " ".join(one)) if "ltd" not in one else ("", " ".join(one))
    found = compared(f"{words} {form}", f"{words} {form}".upper(), ("XAA", "XAA"))
    assert [dict(found.parts)[part] for part in ("words", "letters")] == pytest.approx([1, 1])
    assert found.score == (1 if name(f"{words} {form}").form else 0.98)
    assert found.barred is None


def test_the_score_is_the_sum_that_the_module_states() -> None:
    found = compared("Kabano Mining Ltd", "Kabano Mining LLC", ("XAA", None))
    assert dict(found.parts) == {"words": 1.0, "letters": 1.0, "form": 0.0, "numbers": 1.0, "country": None}
    assert found.score == pytest.approx(0.6 + 0.4 - 0.15 - 0.05)
    assert compared("Kabano Mining Ltd", "Kabano Mining").score == pytest.approx(1 - 0.05 - 0.02)
    assert compared("Kabano Mining", "Kabano Mining", ("XAA", "XAA")).score == pytest.approx(1 - 0.02)


def test_a_rare_word_tells_more_than_a_common_one() -> None:
    common = compared("Kabano Mining", "Deroti Mining")
    rare = compared("Kabano Mining", "Kabano Trading")
    assert dict(rare.parts)["words"] > 0.5 > dict(common.parts)["words"]  # type: ignore[operator]


def test_weights_are_those_of_the_formula() -> None:
    weights = Weights([name("Kabano Mining"), name("Kabano Gold"), name("Deroti Mining Mining")])
    assert weights.of("kabano") == pytest.approx(log(1003 / 3))
    assert weights.of("mining") == pytest.approx(log(1003 / 52))
    assert weights.of("nowhere") == pytest.approx(log(1003 / 1))


def test_words_by_hand() -> None:
    weights = Weights([])
    rare, common = log(1000), log(20)
    found = compare.words(name("Kabano Deroti Mining"), name("Mining Kabano"), weights)
    assert found == pytest.approx((rare + common) / ((2 * rare + common + rare + common) / 2))
    # One letter of six differs, which is above the least likeness; of three letters none may.
    assert compare.words(name("Kabano"), name("Kabana"), weights) == pytest.approx(5 / 6)
    assert compare.words(name("Kab"), name("Kac"), weights) == 0


@pytest.mark.parametrize(
    ("one", "other", "countries", "why"),
    [
        ("Kabano Mine 2", "Kabano Mine 3", (None, None), "different numbers"),
        ("Kabano Mine II", "Kabano Mine", (None, None), "different numbers"),
        ("Kabano Ltd", "Kabano Ltd", ("XAA", "XAB"), "two countries"),
        ("ACME Gold", "\u0410CME Gold", (None, None), "mixes letters of several scripts"),
        ("Кабано", "Kabano", (None, None), "not in Latin letters"),
    ],
)
def test_what_bars_the_rule(one: str, other: str, countries: tuple[str | None, str | None], why: str) -> None:
    found = compared(one, other, countries)
    assert why in (found.barred or "")


def test_a_roman_number_is_that_number() -> None:
    assert compared("Kabano Mine II", "Kabano Mine 2").barred is None


def test_usual_abbreviations_are_written_out() -> None:
    assert compared("Kabano Intl Trdg", "Kabano International Trading").score == pytest.approx(0.96)
