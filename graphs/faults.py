"""Refusing rows: every row is either used or stands in quarantine with one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from graphs.rows import cell, fault_of
from graphs.tables import Quarantine


@dataclass(frozen=True)
class Fault:
    """A test of rows: the column at fault, true where it fails, what stood there, and what to do about it."""

    field: str
    bad: pl.Expr
    found: pl.Expr
    reason: pl.Expr


def unreadable(frame: pl.DataFrame, inputs: Sequence[str], outputs: Iterable[str]) -> list[Fault]:
    """Codes that `rows.translate` could not read; none where it read them all."""
    name = fault_of(outputs)
    if name not in frame.columns:
        return []
    found = pl.coalesce(cell(one) for one in inputs)
    return [Fault(inputs[0], pl.col(name).is_not_null(), found, pl.col(name))]


def split(
    frame: pl.DataFrame, tests: Sequence[Fault], *, source: str, file: str, raw_sha256: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows without fault, and the others as Quarantine rows with the first fault of each. Needs `raw_row`."""
    occurs = frame.select(one.bad.any().alias(f"{at}") for at, one in enumerate(tests)).row(0)
    faults = [one for one, found in zip(tests, occurs, strict=True) if found]
    if not faults:
        return frame, Quarantine.create_empty()
    # A test may look across rows, so it is asked once, before any row is taken away.
    marks = [f"is_fault_{at}" for at in range(len(faults))]
    asked = [one.bad.fill_null(False).alias(mark) for mark, one in zip(marks, faults, strict=True)]
    judged = frame.with_columns(asked).with_columns(pl.any_horizontal(marks).alias("is_refused"))
    failed = [(pl.when(mark), one) for mark, one in zip(marks, faults, strict=True)]
    refused = judged.filter("is_refused").select(
        pl.lit(source).alias("source"),
        pl.lit(raw_sha256).alias("raw_sha256"),
        pl.col("raw_row").cast(pl.UInt32),
        pl.lit(file).alias("file"),
        pl.coalesce(mark.then(pl.lit(one.field)) for mark, one in failed).alias("field"),
        pl.coalesce(mark.then(one.found) for mark, one in failed).alias("found"),
        pl.format("row {}: {}", "raw_row", pl.coalesce(mark.then(one.reason) for mark, one in failed)).alias("reason"),
    )
    return judged.filter(pl.col("is_refused").not_()).drop("is_refused", *marks), Quarantine.cast(refused)
