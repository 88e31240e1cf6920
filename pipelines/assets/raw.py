"""Tables that come as they are from one source: reconciled trade, mine output, governance, events."""

from collections.abc import Sequence

import dagster as dg
import polars as pl

from graphs import event_rows
from graphs.tables import Flows, Governance, Production, Quarantine
from pipelines.assets.tables import tables
from pipelines.inventory import DataFile, Inventory
from pipelines.sources import baci as baci_source
from pipelines.sources import events as events_source
from pipelines.sources import governance as governance_source
from pipelines.sources import usgs, world_mining
from pipelines.workspace import Workspace


@tables("raw", "baci", "refused_baci")
def baci(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read BACI from the user's files, later names (V202601 after V202501) first, then from the default wheel."""
    files = workspace.inventory
    mine, default = files.of("baci")[::-1], files.of("geopolrisk")
    parts = [baci_source.parse_official(one.path) for one in mine]
    parts += [baci_source.parse_wheel(one.path) for one in default]
    flows, replaced = _first_of([*mine, *default], [one.flows for one in parts], Flows, ["flow_id"], "baci")
    # In order of family, so that a reader of one family skips the rest of the file.
    return flows.sort("family", "flow_id"), _refused(files, [*(one.quarantine for one in parts), replaced])


@tables("raw", "production", "refused_production")
def production(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read mine output from the user's files, later names first, then from the default wheel."""
    files = workspace.inventory
    mining = [*files.of("world_mining")[::-1], *files.of("geopolrisk")]
    surveys = files.of("usgs")[::-1]
    parts = [world_mining.parse(one.path) for one in mining] + [usgs.parse(one.path) for one in surveys]
    keys = Production.primary_key()
    output, replaced = _first_of([*mining, *surveys], [one.production for one in parts], Production, keys, "production")
    return output.sort(keys), _refused(files, [*(one.quarantine for one in parts), replaced])


@tables("raw", "governance", "refused_governance")
def governance(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read political stability from the default wheel."""
    files = workspace.inventory
    parts = [governance_source.parse(one.path) for one in files.of("geopolrisk")]
    estimates = pl.concat([Governance.create_empty(), *(one.governance for one in parts)])
    return estimates, _refused(files, [one.quarantine for one in parts])


@tables("raw", "events", "refused_events")
def events(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read events from the user's files, later names first, and add the built-in ones that no file tells of."""
    files = workspace.inventory
    parts = [events_source.parse(one.path) for one in files.of("events")[::-1]]
    told = event_rows.merge([*(one.events for one in parts), event_rows.built_in()])
    return told, _refused(files, [one.quarantine for one in parts])


def _first_of(
    files: Sequence[DataFile],
    parts: Sequence[pl.DataFrame],
    schema: type[Flows | Production],
    keys: list[str],
    source: str,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of all parts, where several hold a key that of the first; and a line in the quarantine for each replaced."""
    kept: pl.DataFrame = schema.create_empty()
    lines = []
    for file, rows in zip(files, parts, strict=True):
        fresh = rows.unique(keys, keep="first", maintain_order=True).join(
            kept, on=keys, how="anti", maintain_order="left"
        )
        lost = rows.height - fresh.height
        kept = pl.concat([kept, fresh])
        if lost:
            reason = f"{lost:,} rows stand in a later file too, which is used instead"
            lines.append(
                {"source": source, "raw_sha256": file.sha256, "raw_row": 0, "file": file.path.name, "field": "file",
                 "found": None, "reason": reason}
            )  # fmt: skip
    return kept, pl.DataFrame(lines, schema=Quarantine.create_empty().schema)


def _refused(files: Inventory, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Refused rows of all files, each file by the name that the user knows."""
    rows = pl.concat([Quarantine.create_empty(), *parts])
    names = {one.path.name: one.name for one in files.files}
    return rows.with_columns(pl.col("file").str.replace_many(names))
