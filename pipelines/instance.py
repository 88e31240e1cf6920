"""The Dagster instance of a home: event log and run records in two SQLite files under HOME/dagster.

Dagster's own SQLite storages open a fresh engine for every statement, which makes a run of three small assets
take 0.45 s; these keep one engine for the process and bring it to 0.12 s. Their files stay the same, so that
`DAGSTER_HOME=HOME/dagster dagster dev` shows what `oretrace run` did.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import dagster as dg
from dagster._core.storage.event_log.sqlite.consolidated_sqlite_event_log import ConsolidatedSqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event, inspect
from sqlalchemy.pool import QueuePool

BUSY_TIMEOUT_S = 30
UNFINISHED = (
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.CANCELING,
)
CONFIG = """# Written by oretrace: the Dagster instance of this home.
telemetry:
  enabled: false
event_log_storage:
  module: pipelines.instance
  class: KeptEventLog
  config:
    base_dir: {folder}
run_storage:
  module: pipelines.instance
  class: KeptRuns
  config:
    base_dir: {folder}
concurrency:
  runs:
    max_concurrent_runs: 2
    tag_concurrency_limits:
      - key: oretrace/ships
        limit: 1
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
"""


def _engine(connection_string: str) -> Engine:
    engine = create_engine(
        connection_string,
        poolclass=QueuePool,
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _soften(connection: Any, _record: Any) -> None:
        # A crash of the machine may lose the last events, never the tables: those carry their own memo.
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine


class KeptEventLog(ConsolidatedSqliteEventLogStorage):
    """Event log that keeps its engine."""

    @cached_property
    def _kept(self) -> Engine:
        return _engine(self._conn_string)

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        with self._kept.connect() as connection, connection.begin():
            yield connection

    def has_table(self, table_name: str) -> bool:
        """True if the database has the table; tables do not go away."""
        if table_name not in self._seen:
            with self._connect() as connection:
                if not inspect(connection).has_table(table_name):
                    return False
            self._seen.add(table_name)
        return True

    @cached_property
    def _seen(self) -> set[str]:
        return set()

    def dispose(self) -> None:
        """Close the file."""
        self._kept.dispose()
        super().dispose()  # type: ignore[no-untyped-call]


class KeptRuns(SqliteRunStorage):
    """Run records that keep their engine."""

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> Self:
        """Make it from dagster.yaml."""
        return cls.from_local(inst_data=inst_data, **config_value)

    @cached_property
    def _kept(self) -> Engine:
        return _engine(self._conn_string)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection of the kept engine, in a transaction."""
        with self._kept.connect() as connection, connection.begin():
            yield connection

    def dispose(self) -> None:
        """Close the file."""
        self._kept.dispose()
        super().dispose()


@contextmanager
def open_instance(folder: Path) -> Iterator[dg.DagsterInstance]:
    """The persistent instance in `folder`; runs that a crash left open are closed first."""
    folder.mkdir(parents=True, exist_ok=True)
    text = CONFIG.format(folder=f"'{folder}'")
    config = folder / "dagster.yaml"
    if not config.exists() or config.read_text() != text:
        staged = config.with_name(f".dagster.yaml.{os.getpid()}.tmp")
        staged.write_text(text)
        staged.replace(config)
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        for run in instance.get_runs(dg.RunsFilter(statuses=list(UNFINISHED))):
            instance.report_run_canceled(run, "The process that ran this ended before it did.")
        yield instance
