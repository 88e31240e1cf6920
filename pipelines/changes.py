"""What a run changed in the list of alerts: what appeared, vanished, or moved.

Before a run replaces the alerts it calls `keep_previous`, which keeps them as `alerts/previous.parquet`. Alerts are
matched by list and flow, since their identifier names the day up to which data was known.
"""

import os
import shutil
from pathlib import Path

import polars as pl

from pipelines import ledger
from pipelines.home import Home, is_local, read_meta, scan_files
from pipelines.queries import with_reviews

PREVIOUS = "previous.parquet"
KEY = ("list", "flow_id")
CHANGES = ("appeared", "vanished", "moved", "unchanged")
_COMPARED = (*KEY, "exporter", "importer", "commodity", "period", "rank", "claim_level", "p_value", "channel", "as_of")


def keep_previous(home: Home) -> bool:
    """Keep the present alerts as the previous ones; call it just before new alerts are published.

    True if there was something to keep. One rename, so a crash leaves either version whole; calling it twice
    for the same alerts is harmless.
    """
    path = home.table_path("alerts")
    if not path.exists():
        return False
    kept = path.parent / PREVIOUS
    if is_local(path):
        staged = Path(kept.path).with_name(f".{PREVIOUS}.{os.getpid()}.tmp")
        shutil.copyfile(path.path, staged)
        staged.replace(kept.path)
    else:
        kept.write_bytes(path.read_bytes())
    return True


def previous(home: Home) -> pl.LazyFrame | None:
    """The alerts before the last run that changed them, or None."""
    path = home.table_path("alerts").parent / PREVIOUS
    return scan_files([path]) if path.exists() else None


def between_runs(home: Home) -> pl.DataFrame | None:
    """Changes from the previous alerts to the present ones; None where there is no earlier run to compare with."""
    before = previous(home)
    if before is None:
        return None
    judgements = ledger.read(home)
    return compare(*(_selected(with_reviews(rows, judgements)) for rows in (before, home.scan("alerts"))))


def written(home: Home) -> tuple[str, str]:
    """When the previous and the present alerts were written; empty texts where a file does not say."""
    path = home.table_path("alerts")
    return read_meta(path.parent / PREVIOUS).get("written", ""), read_meta(path).get("written", "")


def compare(old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """One row per alert of either list, in order of the new rank, vanished ones last by their old rank.

    Columns: change (appeared, vanished, moved, unchanged), the key and the flow, then rank, claim_level, p_value,
    channel and as_of, each as `old_*` and `new_*`. An alert has moved if its rank or its claim level differs.
    """
    flow = _COMPARED[: _COMPARED.index("rank")]
    numbers = _COMPARED[len(flow) :]
    sides = [
        rows.select(*flow, *(pl.col(name).alias(f"{side}_{name}") for name in numbers))
        for side, rows in (("old", old), ("new", new))
    ]
    joined = sides[0].join(sides[1], on=list(flow), how="full", coalesce=True)
    same = (pl.col("old_rank") == pl.col("new_rank")) & (pl.col("old_claim_level") == pl.col("new_claim_level"))
    change = (
        pl.when(pl.col("old_rank").is_null())
        .then(pl.lit("appeared"))
        .when(pl.col("new_rank").is_null())
        .then(pl.lit("vanished"))
        .when(same)
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("moved"))
    )
    ordered = joined.with_columns(change=change).sort("list", "new_rank", "old_rank", nulls_last=True)
    pairs = [f"{side}_{name}" for name in numbers for side in ("old", "new")]
    return ordered.select("change", *flow, *pairs)


def _selected(rows: pl.LazyFrame) -> pl.DataFrame:
    text = [pl.col("list", "channel").cast(pl.String)]
    return rows.filter("is_selected").select(_COMPARED).with_columns(text).collect()
