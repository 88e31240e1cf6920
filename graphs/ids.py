"""Deterministic identifiers that can be read: the raw key, joined by colons.

An identifier built from its own key needs no look-up table, survives any re-run, and tells a
reader what it names: `comtrade:IDN:CHN:260400:2020`.
"""

from datetime import date

import polars as pl

from graphs.errors import InputError

SEPARATOR = ":"


def join_key(*parts: str | int | date) -> str:
    """Join key parts into an identifier. Raises InputError if a part is empty or holds a colon."""
    texts = [str(part) for part in parts]
    for text in texts:
        if not text or SEPARATOR in text:
            raise InputError(f"an identifier part must be non-empty and free of '{SEPARATOR}', found {text!r}")
    return SEPARATOR.join(texts)


def flow_id() -> pl.Expr:
    """Identifier of a flow: `source:exporter:importer:commodity:period`."""
    return pl.concat_str("source", "exporter", "importer", "commodity", "period", separator=SEPARATOR)


def alert_id() -> pl.Expr:
    """Identifier of an alert: `list:flow_id:as_of`."""
    return pl.concat_str("list", "flow_id", pl.col("as_of").dt.strftime("%Y-%m-%d"), separator=SEPARATOR)


def episode_id() -> pl.Expr:
    """Identifier of an episode: `source:exporter:commodity:first year of the run`."""
    return pl.concat_str("source", "exporter", "commodity", "episode_start", separator=SEPARATOR)
