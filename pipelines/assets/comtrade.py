"""What UN Comtrade answers for one year. Asks only for what is published and not yet in the archive."""

from datetime import UTC, datetime
from typing import Literal

import dagster as dg
import polars as pl

from graphs.errors import InputError
from pipelines.analysis import ComtradeChoice
from pipelines.assets.tables import table
from pipelines.partitions import CALENDAR
from pipelines.settings import redact
from pipelines.sources.comtrade_access import Access
from pipelines.sources.comtrade_api import Comtrade
from pipelines.sources.comtrade_query import Request
from pipelines.workspace import Workspace

ANSWERS = {
    "query": pl.String(),
    "sha256": pl.String(),
    "bytes": pl.Int64(),
    "rows": pl.Int64(),
    "retrieved": pl.Datetime("us", "UTC"),
}


@table("raw", partitions=CALENDAR)
def comtrade(context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace]) -> pl.DataFrame:
    """Ask for a year's declarations; each answer is archived as it comes, so a broken-off run loses nothing."""
    request = request_for(workspace.home.analysis.comtrade, int(context.partition_key))
    access = Access.from_environment()
    with Comtrade(workspace.archive, access, workspace.home.path / "quota") as client:
        entries = list(client.fetch(request))
        for note in client.notes:
            context.log.info(redact(note))
    rows = [(one.query, one.sha256, one.size_bytes, one.details["rows"], one.retrieved) for one in entries]
    workspace.memo.look_again()
    return pl.DataFrame(rows, schema=ANSWERS, orient="row")


def request_for(choice: ComtradeChoice, year: int) -> Request:
    """The request for one year of the user's choice. Raises InputError where nothing was chosen."""
    if not choice.commodities:
        raise InputError("no commodities were chosen for UN Comtrade: name them with `oretrace fetch --commodity`")
    frequency: Literal["A", "M"] = "M" if choice.frequency == "M" else "A"
    months = tuple(year * 100 + month for month in range(1, 13))
    return Request(
        periods=months if frequency == "M" else (year,),
        commodities=choice.commodities,
        reporters=choice.reporters,
        frequency=frequency,
    )


def this_year() -> int:
    """Calendar year in which we are, UTC."""
    return datetime.now(UTC).year
