"""Declarations as files of UN Comtrade: one csv a reporter and year, months apart, in folders by year."""

from pathlib import Path

import polars as pl

MONTHS = {"A": "", "M": "_months"}
"""Ending of a file's name by frequency."""


def write(folder: Path, declared: pl.DataFrame) -> None:
    """Write all rows, as their columns stand."""
    for (year, reporter, frequency), rows in declared.group_by(
        "refYear", "reporterISO", "freqCode", maintain_order=True
    ):
        target = folder / str(year)
        target.mkdir(parents=True, exist_ok=True)
        rows.write_csv(target / f"{reporter}{MONTHS[str(frequency)]}.csv")
