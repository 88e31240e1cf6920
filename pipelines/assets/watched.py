"""Files of watched folders, taken into the archive as they come."""

import os

import dagster as dg
import polars as pl
from pydantic import Field

from pipelines.assets.tables import table
from pipelines.watching import Watch
from pipelines.workspace import Workspace

PID_TAG = "oretrace/pid"
"""Run tag: the process that is at work, so that a sensor can tell a run that was killed."""


class Taking(dg.Config):
    """What to take."""

    keys: list[str] = Field(default_factory=list)
    """Versions of files (watching.Found.key); all that wait, where none is named."""


@table("raw", pool="watched")
def watched(context: dg.AssetExecutionContext, workspace: dg.ResourceParam[Workspace], config: Taking) -> pl.DataFrame:
    """Take every file that waits, and tell of all that were ever taken or refused."""
    context.instance.add_run_tags(context.run.run_id, {PID_TAG: str(os.getpid())})
    watch = Watch(workspace.home)
    for one in watch.waiting():
        if not config.keys or one.key in config.keys:
            watch.take(one)
    workspace.memo.look_again()
    return watch.table()
