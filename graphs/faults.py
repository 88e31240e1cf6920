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
    judged = frame.with_columns(pl.any_horizontal(one.bad.fill_null(False) for one in faults).alias("is_refused"))
    refused = judged.filter("is_refused").select(
        pl.lit(source).alias("source"),
        pl.lit(raw_sha256).alias("raw_sha256"),
        pl.col("raw_row").cast(pl.UInt32),
        pl.lit(file).alias("file"),
        pl.coalesce(pl.when(one.bad).then(pl.lit(one.field)) for one in faults).alias("field"),
        pl.coalesce(pl.when(one.bad).then(one.found) for one in faults).alias("found"),
        pl.format("row {}: {}", "raw_row", pl.coalesce(pl.when(one.bad).then(one.reason) for one in faults)).alias(
            "reason"
        ),
    )
    return judged.filter(pl.col("is_refused").not_()).drop("is_refused"), Quarantine.cast(refused)
