"""What became of a flow on the lists: every version of the alerts that another one replaced, kept for good.

`alerts/history/` holds one Parquet file for each: its alerts, and its rows of flows that were alerts in a version
before it. The name is a number and a hash of what the file says. Files are only ever added: a version that says the
same as the last one kept is not kept again, and one rename publishes a file, so a crash leaves all or nothing of it.

Each version knows what it rests on, so that a change can be laid to its cause: the day up to which everything was
known, the raw bytes (`data`), and the code that scored them (`method`).
"""

import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from upath import UPath

from pipelines.content import content_hash
from pipelines.home import Home, is_local, read_meta, scan_files, write_atomically
from pipelines.queries import find_alert, flow_key, same_flow

if TYPE_CHECKING:
    from pipelines.memo import Memo

STAMPS = ("written", "data", "method")
SCORED = ("statistics", "scores", "causes", "ranked")
"""Tables whose code makes the scores, beside the alerts themselves."""
SHOWN = ("list", "flow_id", "exporter", "importer", "commodity", "period", "as_of", "rank", "claim_level", "channel",
         "p_value", "q_value", "is_selected")  # fmt: skip
FIRST, UNKNOWN, OTHER = "first", "not recorded", "nothing known"


@dataclass(frozen=True)
class Version:
    """One kept version of the alerts, or the present one."""

    path: UPath
    meta: dict[str, str]

    @property
    def rests_on(self) -> dict[str, str]:
        """What it rests on, as far as it was recorded."""
        return {name: self.meta[name] for name in STAMPS[1:] if name in self.meta}


def stamp(memo: "Memo") -> dict[str, str]:
    """What the alerts that are about to be written rest on: hashes of raw bytes and of the code behind the scores."""
    from pipelines.memo_ships import AIS_KINDS  # here: readers of the history need none of it

    found = memo.inventory
    raw = [one.sha256 for one in found.files if one.kind not in AIS_KINDS]
    raw += [one.entry.sha256 for one in found.answers]
    # Of ships only what they could carry bears on a score: a day more of positions is no other data.
    carried = memo.meta("carrying_capacity")
    raw += [carried["content"]] if int(carried.get("rows", 0)) else []
    codes = {f"{table} {memo.meta(table, one).get('code', '')}" for table in SCORED for one in memo.families()}
    return {"data": _hash(raw), "method": _hash(codes)}


def keep(home: Home) -> bool:
    """Keep the present alerts; call it just before they are replaced. False if the last version kept says the same,
    or if the file is damaged, so that nothing can be kept of it."""
    path = home.table_path("alerts")
    meta = read_meta(path)
    if not meta:
        return False
    earlier = versions(home)
    rows = _worth_keeping(scan_files([path]), earlier)
    content = content_hash(rows)
    if earlier and earlier[-1].meta.get("content") == content:
        return False
    stamps = {name: meta[name] for name in STAMPS if name in meta} | {"content": content}
    stream = io.BytesIO()
    rows.write_parquet(stream, metadata={f"oretrace.{name}": text for name, text in stamps.items()})
    file = home.history_path / f"{len(earlier) + 1:06d}-{content[:16]}.parquet"
    if not is_local(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, stream.getvalue())
    return True


def versions(home: Home) -> list[Version]:
    """Kept versions, the oldest first."""
    folder = home.history_path
    files = [one for one in folder.iterdir() if one.suffix == ".parquet"] if folder.exists() else []
    return [Version(file, read_meta(file)) for file in sorted(files, key=lambda one: one.name)]


def flow_id_of(home: Home, name: str, list_name: str) -> str | None:
    """The flow that a rank, a flow_id or an alert_id means; a flow_id need not be scored any more."""
    if name.strip().lstrip("#").isdecimal():
        alert = find_alert(home, name, list_name)
        return str(alert["flow_id"]) if alert else None
    return ":".join(str(part) for part in flow_key(name.strip()).values())


def of_flow(home: Home, flow_id: str, *, with_present: bool = True) -> pl.DataFrame:
    """Every version that holds the flow, list by list, the oldest first and the present one last.

    Columns: `written` (when), SHOWN, `is_present`, and `changed`: what differs from the version before it that holds
    the flow (as-of day, data, code); `first` for the first, `not recorded` where a version says nothing of it.
    """
    now = Version(home.table_path("alerts"), home.meta("alerts"))
    present = [now] if with_present and now.path.exists() else []
    rows = [row for one in (*versions(home), *present) for row in _rows(one, flow_id, is_present=one is now)]
    told = [row for name in sorted({row["list"] for row in rows}) for row in _with_changes(rows, name)]
    return pl.DataFrame(told, schema={**SCHEMA, "is_present": pl.Boolean, "changed": pl.String}, orient="row")


SCHEMA = {
    "written": pl.String, "list": pl.String, "flow_id": pl.String, "exporter": pl.String, "importer": pl.String,
    "commodity": pl.String, "period": pl.Int32, "as_of": pl.Date, "rank": pl.UInt32, "claim_level": pl.UInt8,
    "channel": pl.String, "p_value": pl.Float64, "q_value": pl.Float64, "is_selected": pl.Boolean,
}  # fmt: skip


def _worth_keeping(alerts: pl.LazyFrame, earlier: Sequence[Version]) -> pl.DataFrame:
    """Alerts, and rows of flows that were alerts on the same list in a version before."""
    list_and_flow = pl.concat_str(pl.col("list").cast(pl.String), "flow_id", separator=":")
    known = [scan_files([one.path]).select(list_and_flow).collect().to_series() for one in earlier]
    before = pl.concat([pl.Series(dtype=pl.String), *known]).unique()
    return alerts.filter(pl.col("is_selected") | list_and_flow.is_in(before.implode())).collect()


def _rows(version: Version, flow_id: str, *, is_present: bool) -> Iterator[dict[str, Any]]:
    """The flow's rows in one version, one per list."""
    scan = scan_files([version.path])
    there = [pl.col(name).cast(SCHEMA[name]) for name in SHOWN if name in scan.collect_schema()]
    found = scan.filter(same_flow(flow_key(flow_id)), pl.col("flow_id") == flow_id).select(there).collect()
    for row in found.iter_rows(named=True):
        yield {"written": version.meta.get("written"), **row, "is_present": is_present, "version": version}


def _with_changes(rows: list[dict[str, Any]], name: str) -> Iterator[dict[str, Any]]:
    """Rows of one list, each with what changed since the one before."""
    before: dict[str, Any] | None = None
    for row in (one for one in rows if one["list"] == name):
        changed = FIRST if before is None else _changed(before, row)
        yield {**{key: row.get(key) for key in (*SCHEMA, "is_present")}, "changed": changed}
        before = row


def _changed(before: dict[str, Any], now: dict[str, Any]) -> str:
    old, new = (row["version"].rests_on for row in (before, now))
    day = ["as-of day"] if before["as_of"] != now["as_of"] else []
    if not (old and new):
        return ", ".join(day) or UNKNOWN
    found = [word for stamp, word in (("data", "data"), ("method", "code")) if old.get(stamp) != new.get(stamp)]
    return ", ".join([*day, *found]) or OTHER


def _hash(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:16]
