"""Splits in which nothing that was trained on is judged: by exporter, scheme or commodity, never at random."""

from collections.abc import Sequence
from zlib import crc32

import polars as pl


def fold(country: str, folds: int, salt: str = "") -> int:
    """Fold of an exporting country, 0 to folds - 1: crc32(salt + country) mod folds, the same on every machine."""
    if folds < 2:
        raise ValueError(f"{folds} folds leave nothing to be judged; name at least 2")
    return crc32(f"{salt}{country}".encode()) % folds


def with_fold(flows: pl.DataFrame, folds: int, salt: str = "") -> pl.DataFrame:
    """Rows with column `fold` of their `exporter`: no exporter stands in two of them."""
    countries = flows["exporter"].unique().sort().to_list()
    number = {country: fold(country, folds, salt) for country in countries}
    return flows.with_columns(fold=pl.col("exporter").replace_strict(number, default=None, return_dtype=pl.Int32))


def kinds_left_out(truth: pl.DataFrame) -> list[str]:
    """Kinds of schemes of a truth, sorted: each is left out once."""
    return sorted(truth["kind"].cast(pl.String).unique().to_list())


def without_kind(labelled: pl.DataFrame, kind: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows to train on and rows to judge when a kind of scheme is unseen.

    labelled: column `kind`, null for flows without a trace. Traces of this kind are never trained on; they alone are
    the traces that are judged. Flows without a trace stand in both: split them by country beforehand.
    """
    clean, mine = pl.col("kind").is_null(), pl.col("kind").cast(pl.String) == kind
    return labelled.filter(clean | ~mine), labelled.filter(clean | mine)


def without_commodity(labelled: pl.DataFrame, commodities: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows to train on and rows to judge when some commodities are unseen (column `commodity`)."""
    unseen = pl.col("commodity").is_in(list(commodities))
    return labelled.filter(~unseen), labelled.filter(unseen)
