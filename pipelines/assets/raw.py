"""Tables that come as they are from one source: reconciled trade, mine output, governance, answers of UN Comtrade."""

import dagster as dg
import polars as pl

from graphs.tables import Flows, Governance, Production, Quarantine
from pipelines.assets.tables import tables
from pipelines.inventory import Inventory
from pipelines.sources import baci as baci_source
from pipelines.sources import governance as governance_source
from pipelines.sources import usgs, world_mining
from pipelines.workspace import Workspace


@tables("raw", "baci", "refused_baci")
def baci(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read BACI from the default wheel and from the user's files."""
    files = workspace.inventory
    parts = [baci_source.parse_wheel(one.path) for one in files.of("geopolrisk")]
    parts += [baci_source.parse_official(one.path) for one in files.of("baci")]
    flows = pl.concat([Flows.create_empty(), *(one.flows for one in parts)])
    # In order of family, so that a reader of one family skips the rest of the file.
    settled = flows.unique("flow_id", keep="first", maintain_order=True).sort("family", "flow_id")
    return settled, _refused(files, [one.quarantine for one in parts])


@tables("raw", "production", "refused_production")
def production(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read mine output from the default wheel and from the user's files."""
    files = workspace.inventory
    parts = [world_mining.parse(one.path) for one in files.of("geopolrisk", "world_mining")]
    parts += [usgs.parse(one.path) for one in files.of("usgs")]
    output = pl.concat([Production.create_empty(), *(one.production for one in parts)])
    keys = Production.primary_key()
    settled = output.unique(keys, keep="first", maintain_order=True).sort(keys)
    return settled, _refused(files, [one.quarantine for one in parts])


@tables("raw", "governance", "refused_governance")
def governance(workspace: dg.ResourceParam[Workspace]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read political stability from the default wheel."""
    files = workspace.inventory
    parts = [governance_source.parse(one.path) for one in files.of("geopolrisk")]
    estimates = pl.concat([Governance.create_empty(), *(one.governance for one in parts)])
    return estimates, _refused(files, [one.quarantine for one in parts])


def _refused(files: Inventory, parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Refused rows of all files, each file by the name that the user knows."""
    rows = pl.concat([Quarantine.create_empty(), *parts])
    names = {one.path.name: one.name for one in files.files}
    return rows.with_columns(pl.col("file").str.replace_many(names))
