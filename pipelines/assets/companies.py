"""Bills of lading by the mappings that a user wrote, and the companies that they name."""

from datetime import date

import dagster as dg
import polars as pl

from graphs.errors import LayoutError
from graphs.manifest_joins import joined
from graphs.manifest_rows import count_houses
from graphs.tables import Quarantine
from graphs.tables_companies import CompanyJudgements, Manifests
from models.companies.merge import companies as named
from models.companies.names import identified
from pipelines.assets.tables import tables
from pipelines.home import Home, read_table
from pipelines.inventory import DataFile, Inventory
from pipelines.sources import manifest_mapping
from pipelines.sources import manifests as bills
from pipelines.sources.manifest_mapping import ManifestMapping
from pipelines.workspace import Workspace


@tables("raw", "manifests", "refused_manifests")
def manifests(
    workspace: dg.ResourceParam[Workspace], places: pl.DataFrame, vessels: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read every bill, with the ports and the vessel that its words can mean only once."""
    files = workspace.inventory
    listed = files.of("manifest")
    told = [bills.parse(one.path, _mapping(files, one), name=one.name, latest=_taken(one)) for one in listed]
    # One publisher's files are one list: the master bill in one file, its house bills in another, count once.
    masters = dict.fromkeys((one.mapping for one in listed), frozenset[str]())
    for one, found in zip(listed, told, strict=True):
        masters[one.mapping] |= found.masters
    parts = [count_houses(found.manifests, masters[one.mapping]) for one, found in zip(listed, told, strict=True)]
    rows = pl.concat([Manifests.create_empty(), *parts])
    complete = joined(identified(rows), places, vessels) if rows.height else rows
    refused = pl.concat([Quarantine.create_empty(), *(one.quarantine for one in told)])
    return complete.sort(Manifests.primary_key()), refused


@tables("tidy", "companies", "company_matches")
def companies(workspace: dg.ResourceParam[Workspace], manifests: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Name every company, and join names where the risk is small or a person said so."""
    told = named(manifests, judgements(workspace.home))
    return told.companies, told.matches


def judgements(home: Home) -> pl.DataFrame:
    """What people said of pairs of companies; empty where nobody has."""
    if not home.has("company_judgements"):
        return CompanyJudgements.create_empty()
    return read_table(home.table_path("company_judgements"))


def _mapping(files: Inventory, bill: DataFile) -> ManifestMapping:
    """The mapping that speaks for a file. Raises LayoutError where it is no longer among the data."""
    found = next((one for one in files.of("manifest_mapping") if one.sha256 == bill.mapping), None)
    if found is None:
        raise LayoutError(f"no mapping among the data speaks for {bill.name}; name it with --data")
    return manifest_mapping.parse(found.path, found.name)


def _taken(bill: DataFile) -> date | None:
    return bill.taken.date() if bill.taken else None
