"""Amounts in words, in the largest unit that they reach."""

import polars as pl


def usd(column: str) -> pl.Expr:
    """Readable amount: 193.4 M USD; 'nothing' where none is declared."""
    words = ((1e9, "{} bn USD", 1), (1e6, "{} M USD", 1), (1e3, "{} thousand USD", 0), (1.0, "{} USD", 0))
    return _scaled(pl.col(column), words)


def mass(kg: pl.Expr) -> pl.Expr:
    """Readable mass: 38.1 t; 'an unknown mass' where none is known."""
    words = ((1e9, "{} million t", 1), (1e6, "{} thousand t", 1), (1e3, "{} t", 1), (1.0, "{} kg", 0))
    return _scaled(kg, words, missing="an unknown mass")


def _scaled(amount: pl.Expr, words: tuple[tuple[float, str, int], ...], missing: str = "nothing") -> pl.Expr:
    """The amount in the largest unit that it reaches, rounded."""
    text = pl.lit(None, dtype=pl.String)
    for unit, form, digits in reversed(words):
        number = (amount / unit).round(digits)
        shown = number.cast(pl.Int64).cast(pl.String) if digits == 0 else number.cast(pl.String)
        reached = amount.abs() >= unit if unit > 1 else pl.lit(True)
        text = pl.when(reached).then(pl.format(form, shown)).otherwise(text)
    return pl.when(amount.is_null()).then(pl.lit(missing)).otherwise(text)
