"""The small plot beside a pair's flows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.views.flow_table import bar

AMOUNT = st.floats(min_value=0, max_value=1e12)


@pytest.mark.parametrize(
    ("exports", "imports", "drawn"),
    [
        (0.0, 0.0, ""),
        (10.0, 10.0, "██████████"),
        (5.0, 10.0, "█████▒▒▒▒▒"),
        (10.0, 5.0, "█████░░░░░"),
        (0.0, 10.0, "▒▒▒▒▒▒▒▒▒▒"),
        (0.001, 0.001, "▏"),  # too little to draw, and yet not nothing
        (0.0, 0.001, "▒"),
        (0.001, 0.0, "░"),
    ],
)
def test_bars_of_ten(exports: float, imports: float, drawn: str) -> None:
    assert bar(exports, imports, 10.0, 10) == drawn


@given(AMOUNT, AMOUNT, AMOUNT, st.integers(1, 60))
def test_no_bar_is_too_long_and_none_is_lost(exports: float, imports: float, other: float, cells: int) -> None:
    largest = max(exports, imports, other)
    drawn = bar(exports, imports, largest, cells)
    assert len(drawn) <= cells
    assert bool(drawn) == (max(exports, imports) > 0)
    swapped = bar(imports, exports, largest, cells)
    assert swapped == drawn.translate(str.maketrans("▒░", "░▒"))
