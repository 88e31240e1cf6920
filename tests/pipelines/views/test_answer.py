import polars as pl
import pytest

from pipelines.views.answer import answer
from pipelines.views.terminal import print_all, screen

ROWS = pl.DataFrame(
    {
        "exporter": ["TGO", "ARE"],
        "exporter_name": ["Togo", "United Arab Emirates"],
        "year": [2022, 2023],
        "exports_usd": [2.4e9, None],
        "exports_kg": [37_800.0, None],
        "price_usd_per_kg": [63_500.0, None],
        "top_share": [0.31, None],
        "flows": [1234, 2],
    }
)


def shown(rows: pl.DataFrame, width: int, capsys: pytest.CaptureFixture[str]) -> str:
    print_all(screen(width=width), answer(rows, width))
    return capsys.readouterr().out


def test_columns_are_told_in_their_units_and_null_is_no_zero(capsys) -> None:
    told = shown(ROWS, 120, capsys)
    head, first, second = told.splitlines()[:3]
    assert head.split() == ["exporter", "year", "exports", "exports", "mass", "price", "top", "share", "flows"]
    assert first.split("  ")[0] == "Togo (TGO)"
    for text in ("2022", "2.40 bn USD", "37.8 t", "63,500 USD/kg", "31 %", "1,234"):
        assert text in first
    assert second.count("–") == 4


def test_a_narrow_terminal_says_what_it_has_no_room_for(capsys) -> None:
    told = shown(ROWS, 62, capsys)
    assert "no room for: " in told
    assert told.splitlines()[-1].endswith("flows")
    assert max(len(line) for line in told.splitlines()) <= 62


def test_what_fits_in_no_table_is_told_in_blocks(capsys) -> None:
    wide = pl.DataFrame({"sentence": ["a word " * 30], "path": ["b " * 40]})
    told = shown(wide, 60, capsys)
    assert told.splitlines()[0].startswith("sentence")
    assert told.count("word") == 30


def test_two_columns_make_a_table(capsys) -> None:
    counts = pl.DataFrame({"table": ["Flow", "Ban"], "rows": [12_345, 10]})
    assert shown(counts, 80, capsys).splitlines()[:2] == ["table    rows", "Flow   12,345"]
