"""Sums that are the same to the last bit whatever order the rows come in.

Float addition is not associative, and a group's rows come in another order with another join, partition or number of
threads. Sorting first is not enough: Polars drops a sort before `sum`, whose result it takes for independent of order.
A running total needs the sort, so it stays.
"""

import polars as pl


def total(values: pl.Expr) -> pl.Expr:
    """Sum of what is known, in rising order; null where nothing is known."""
    return values.sort().cum_sum().last()


def settled(value: float) -> float:
    """A sum to ten digits, to compare it with another: what is beyond depends on the order of adding."""
    return float(f"{value:.10g}")


def whole(values: pl.Expr) -> pl.Expr:
    """Sum in rising order, null if any part is missing: a partial sum would be too small."""
    return pl.when(values.null_count() == 0).then(total(values))
