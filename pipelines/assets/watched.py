"""Files of watched folders, taken into the archive as they come."""

import dagster as dg
import polars as pl
from pydantic import Field

from pipelines.assets.tables import table
from pipelines.watching import Watch
from pipelines.workspace import Workspace


class Taking(dg.Config):
    """What to take."""

    keys: list[str] = Field(default_factory=list)
    """Versions of files (watching.Found.key); all that wait, where none is named."""


@table("raw", pool="watched")
def watched(workspace: dg.ResourceParam[Workspace], config: Taking) -> pl.DataFrame:
    """Take every file that waits, and tell of all that were ever taken or refused."""
    watch = Watch(workspace.home)
    for one in watch.waiting():
        if not config.keys or one.key in config.keys:
            watch.take(one)
    workspace.memo.look_again()
    return watch.table()
