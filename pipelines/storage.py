"""Where Dagster keeps tables: one Parquet file per table or partition, in the home or at any fsspec address.

An asset that takes a table annotates it: `pl.DataFrame` reads it at once, `pl.LazyFrame` scans it. An asset that
takes all partitions gets those that exist, as one frame. What an asset returns is checked against its schema
before the file is renamed into place: bad data never replaces good (see `pipelines.parquet`).
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
import dataframely as dy
import polars as pl
from upath import UPath

from pipelines import history
from pipelines.changes import keep_previous
from pipelines.graph_store import POSITIONS
from pipelines.home import FOLDERS, PARTITIONED, read_table, scan_files
from pipelines.memo_ships import forget_told
from pipelines.parquet import write_table
from pipelines.partitions import announce
from pipelines.schemas import SCHEMAS, SHARES, schema_for
from pipelines.settings import redact
from pipelines.workspace import Workspace

PREVIEW_ROWS, PREVIEW_COLUMNS = 5, 8
KEPT = ("rows_read", "rows_repeated", "rows_others", "file", "files", "days")
"""What an asset may say of its output that is kept beside the table: counts, and whence the rows come."""


class ParquetTables(dg.UPathIOManager):
    """Reads and writes the tables of one home."""

    extension = ".parquet"

    def __init__(self, workspace: Workspace, schemas: Mapping[str, type[dy.Schema]] = SCHEMAS) -> None:
        super().__init__()
        self._workspace = workspace
        self._schemas = schemas
        self._written: Mapping[str, str] = {}

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        """Check the table and publish it; see `dump_to_path`."""
        self._base_path = self._workspace.home.url
        super().handle_output(context, obj)

    def load_input(self, context: dg.InputContext) -> Any:
        """The table, one partition of it, or all that exist, as the annotation asks."""
        self._base_path = self._workspace.home.url
        return self.load_partitions(context) if context.has_asset_partitions else super().load_input(context)

    def get_asset_relative_path(self, context: dg.InputContext | dg.OutputContext) -> UPath:
        """Folder of a partitioned table, or the table's file without its ending."""
        name = context.asset_key.path[-1]
        folder = UPath(FOLDERS.get(name, "tables"))
        return folder if name in PARTITIONED else folder / name

    def dump_to_path(self, context: dg.OutputContext, obj: pl.DataFrame | pl.LazyFrame, path: UPath) -> None:
        """Validate, write, rename. Raises SchemaError and leaves the last good version."""
        name = context.asset_key.path[-1]
        partition = context.partition_key if context.has_asset_partitions else None
        memo = self._workspace.memo
        meta = {"code": context.asset_spec.code_version or "", "inputs": memo.inputs(name, partition)}
        told = context.output_metadata or {}
        meta |= {one: str(told[one].value) for one in KEPT if one in told}
        schema, share = schema_for(name, partition, self._schemas), SHARES.get(name)
        if name == "alerts":
            history.keep(self._workspace.home)
            keep_previous(self._workspace.home)
            meta |= history.stamp(memo)
        before = memo.meta(name, partition).get("content") if name == POSITIONS else None
        self._written = write_table(name, obj, path, schema=schema, meta=meta, share=share)
        memo.wrote(name, partition, self._written)
        if partition and before not in (None, self._written["content"]):
            forget_told(memo, partition)
        announce(context.step_context.instance, memo, name)

    def load_from_path(self, context: dg.InputContext, path: UPath) -> pl.DataFrame | pl.LazyFrame:
        """One file, eager or lazy by annotation."""
        return scan_files([path]) if _is_lazy(context) else read_table(path)

    def load_partitions(self, context: dg.InputContext) -> pl.DataFrame | pl.LazyFrame:
        """The partitions that exist, one under the other in order of their names.

        Without any: an empty table, which has no columns where the table is intermediate.
        """
        name, home = context.asset_key.path[-1], self._workspace.home
        if len(context.asset_partition_keys) == 1:
            return self.load_from_path(context, home.table_path(name, context.asset_partition_keys[0]))
        existing = sorted(set(context.asset_partition_keys) & set(home.partitions(name)))
        if not existing:
            empty = self._schemas[name].create_empty() if name in self._schemas else pl.DataFrame()
            return empty.lazy() if _is_lazy(context) else empty
        scan = scan_files([home.table_path(name, one) for one in existing])
        return scan if _is_lazy(context) else scan.collect()

    def get_metadata(self, context: dg.OutputContext, obj: Any) -> dict[str, dg.MetadataValue]:
        """What the catalogue shows of a materialisation."""
        written, path = self._written, self._workspace.home.table_path
        partition = context.partition_key if context.has_asset_partitions else None
        size = path(context.asset_key.path[-1], partition).stat().st_size
        found: dict[str, dg.MetadataValue] = {
            "dagster/row_count": dg.MetadataValue.int(int(written["rows"])),
            "bytes": dg.MetadataValue.int(size),
            "content_sha256": dg.MetadataValue.text(written["content"]),
            "inputs_sha256": dg.MetadataValue.text(written["inputs"]),
            "preview": dg.MetadataValue.md(redact(preview(obj))),
        }
        if latest := written.get("latest"):
            found["known_from"] = dg.MetadataValue.text(latest)
        return found


def preview(table: pl.DataFrame | pl.LazyFrame) -> str:
    """The first rows and columns as a markdown table."""
    head = table.lazy().head(PREVIEW_ROWS)
    names = head.collect_schema().names()[:PREVIEW_COLUMNS]
    rows = head.select(names).collect().rows()
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return (text if len(text) <= 40 else f"{text[:39]}…").replace("|", "\\|").replace("\n", " ")


def _is_lazy(context: dg.InputContext) -> bool:
    return context.dagster_type.typing_type is pl.LazyFrame
