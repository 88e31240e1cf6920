"""Codes of ships by number and by word."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.position_codes import STATUSES, TYPES, Codes, code, codes

CELLS = st.sampled_from(
    ["0", "5", "15", "16", "70", "256", "1004", "70.0", " moored ", "Cargo", "drunk", "", "null", "-1"]
)


@pytest.mark.parametrize(
    ("cell", "known", "expected"),
    [
        ("0", STATUSES, (0, False)),
        ("5.0", STATUSES, (5, False)),
        ("Under way using engine", STATUSES, (0, False)),
        ("constrained by her draught", STATUSES, (4, False)),
        ("15", STATUSES, (None, False)),
        ("Unknown value", STATUSES, (None, False)),
        ("Reserved for future amendment [HSC]", STATUSES, (None, False)),
        ("16", STATUSES, (None, True)),
        ("5.5", STATUSES, (None, True)),
        ("drunk", STATUSES, (None, True)),
        ("70", TYPES, (70, False)),
        ("Towing long/wide", TYPES, (32, False)),
        ("0", TYPES, (None, False)),
        ("Undefined", TYPES, (None, False)),
        ("1004", TYPES, (1004, False)),
        ("256", TYPES, (None, True)),
        ("", TYPES, (None, False)),
    ],
)
def test_a_cell_is_a_code_or_nothing_or_wrong(cell: str, known: Codes, expected: tuple[int | None, bool]) -> None:
    assert code(cell, known) == expected


@given(st.lists(st.none() | CELLS, max_size=20), st.sampled_from([STATUSES, TYPES]))
def test_a_column_is_read_cell_by_cell(cells: list[str | None], known: Codes) -> None:
    values, wrong = codes(pl.Series("status", cells, dtype=pl.String), known)
    assert (values.name, wrong.name) == ("status_read", "status_bad")
    expected = [(None, False) if cell is None else code(cell, known) for cell in cells]
    assert values.to_list() == [value for value, _ in expected]
    assert [bool(one) for one in wrong] == [is_bad for _, is_bad in expected]


def test_numbers_are_read_like_their_text() -> None:
    numbers = pl.Series("ais_type", [70, None, 0, 300], dtype=pl.UInt16)
    values, wrong = codes(numbers, TYPES)
    assert values.to_list() == [70, None, None, None]
    assert wrong.fill_null(False).to_list() == [False, False, False, True]


def test_every_word_stands_for_a_code_that_is_one() -> None:
    for known in (STATUSES, TYPES):
        for word, value in known.words.items():
            assert word.isalnum()
            assert word.islower()
            assert value is None or any(low <= value <= high for low, high in known.ranges)
