"""Exporting countries dealt into folds by their names, so that none that taught is judged as if unseen: never at
random."""

from zlib import crc32

import polars as pl


def fold(country: str, folds: int) -> int:
    """Fold of an exporting country, 0 to folds - 1: crc32(country) mod folds, the same on every machine."""
    if folds < 2:
        raise ValueError(f"{folds} folds leave nothing to be judged; name at least 2")
    return crc32(country.encode()) % folds


def with_fold(flows: pl.DataFrame, folds: int) -> pl.DataFrame:
    """Rows with column `fold` of their `exporter`: no exporter stands in two of them."""
    countries = flows["exporter"].unique().sort().to_list()
    number = {country: fold(country, folds) for country in countries}
    return flows.with_columns(fold=pl.col("exporter").replace_strict(number, default=None, return_dtype=pl.Int32))
