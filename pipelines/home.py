"""A home: one analysis kept apart from every other, with its archive, tables, judgements and Dagster instance.

```
HOME/home.json            format of this folder, and which description of the tables they follow
HOME/analysis.json        what is analysed: data paths, defaults left out or not, as_of, Comtrade choice
HOME/archive/             raw bytes and their manifest
HOME/tidy/  scores/  alerts/  judgements/  graph/  shipping/      tables as Parquet, one file per table or partition
HOME/graph/ladybug/       the embedded graph store
HOME/views/               pages, one file each; those that runs write in gallery/
HOME/dagster/             event log and run records
```

`ORETRACE_DATA_URL` moves archive and tables to any fsspec address; the two json files and the Dagster
instance stay in the folder. Imports neither Dagster nor the schema library: reading must be fast.
"""

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO, Any

import polars as pl
from upath import UPath

import graphs
from graphs.errors import HomeError
from graphs.version import __version__
from pipelines.analysis import Analysis
from pipelines.settings import Settings, redact

FORMAT = 1
HOME_FILE = "home.json"
ANALYSIS_FILE = "analysis.json"

FOLDERS: dict[str, str] = {
    "parsed": "tidy",
    "comtrade": "tidy/comtrade",
    "declarations": "tidy/declarations",
    "quarantine": "tidy",
    "refused_trade": "tidy",
    "refused_baci": "tidy",
    "refused_production": "tidy",
    "refused_governance": "tidy",
    "refused_events": "tidy",
    "reporting": "tidy",
    "baci": "tidy",
    "production": "tidy",
    "governance": "tidy",
    "events": "tidy",
    "flows": "tidy/flows",
    "statistics": "scores/statistics",
    "expectations": "scores/expectations",
    "ladder": "scores/ladder",
    "nulls": "scores",
    "scores": "scores/scores",
    "causes": "scores/causes",
    "ranked": "scores/ranked",
    "alerts": "alerts",
    "judgements": "judgements",
    "graph_nodes": "graph/nodes",
    "graph_edges": "graph/edges",
    "graph_store": "graph",
    "measures": "graph/measures",
    "views": "views",
    "places": "tidy",
    "refused_places": "tidy",
    "network_nodes": "tidy",
    "network_edges": "tidy",
    "refused_network": "tidy",
    "legs": "tidy",
    "refused_legs": "tidy",
    "transport_modes": "tidy",
    "manifests": "tidy",
    "refused_manifests": "tidy",
    "companies": "tidy",
    "company_matches": "tidy",
    "company_judgements": "judgements",
    "watched": "shipping",
    "ais_read": "shipping/read",
    "refused_ais": "shipping/refused",
    "vessel_positions": "shipping/positions",
    "ais_coverage": "shipping/coverage",
    "day_calls": "shipping/day_calls",
    "day_events": "shipping/day_events",
    "day_vessels": "shipping/day_vessels",
    "vessel_state": "shipping/state",
    "gfw_events": "shipping",
    "refused_gfw": "shipping",
    "vessels": "shipping",
    "port_calls": "shipping",
    "voyages": "shipping",
    "vessel_events": "shipping",
    "carrying_capacity": "shipping",
}
HISTORY = "alerts/history"
"""Folder of the alerts' earlier versions (pipelines.history)."""
DESCRIBED = (
    "tables.py", "tables_companies.py", "tables_expected.py", "tables_places.py", "tables_ships.py", "schema.py",
)  # fmt: skip
"""Files of graphs that say what the tables are."""
REFUSED = tuple(name for name in FOLDERS if name.startswith("refused_"))
"""Tables of rows that could not be used; the quarantine holds them all."""
PARTITIONED = frozenset(name for name, folder in FOLDERS.items() if "/" in folder)

# A step per format: takes a home in format n and leaves it in format n + 1.
UPGRADES: "Mapping[int, Callable[[Home], None]]" = {}


class Home:
    """One analysis folder. Make it with `Home.open`."""

    def __init__(self, path: Path, url: UPath) -> None:
        self.path = path
        self.url = url

    @classmethod
    def open(cls, path: str | Path | None = None, *, create: bool = False) -> "Home":
        """Open the home at `path` (default: `ORETRACE_HOME`).

        `create` makes a missing one and upgrades an older one. Raises HomeError with one sentence where
        there is none, where the folder holds something else, or where its format is not this version's.
        """
        settings = Settings.read()
        folder = Path(path or settings.home).expanduser().resolve()
        home = cls(folder, UPath(settings.data_url) if settings.data_url else UPath(folder))
        found = home._format()
        if found is None:
            if not create:
                raise HomeError(f"no analysis at {folder}: run `oretrace run` first, or name its folder with --home")
            home._create()
        elif found != FORMAT:
            home._upgrade(found, allowed=create)
        elif not create and not home.is_current:
            raise HomeError(f"{folder} was written by another version of oretrace: run `oretrace run` to renew it")
        return home

    @property
    def archive_path(self) -> UPath:
        """Root of the archive of raw bytes."""
        return self.url / "archive"

    @property
    def history_path(self) -> UPath:
        """Folder of the alerts' earlier versions."""
        return self.url / HISTORY

    @property
    def store_path(self) -> Path:
        """Folder of the embedded graph store, on this machine's disk wherever the tables lie."""
        return self.path / "graph" / "ladybug"

    @property
    def views_path(self) -> Path:
        """Folder of the pages, on this machine's disk wherever the tables lie."""
        return self.path / "views"

    @property
    def gallery_path(self) -> Path:
        """Folder of the pages that runs write; pages that people drew lie above it."""
        return self.views_path / "gallery"

    @property
    def dagster_path(self) -> Path:
        """Folder of the Dagster instance that `oretrace run` uses."""
        return self.path / "dagster"

    @property
    def analysis(self) -> Analysis:
        """What this home analyses; the default analysis where nothing was chosen."""
        file = self.path / ANALYSIS_FILE
        return Analysis.from_json(_read_json(file)) if file.exists() else Analysis()

    def save_analysis(self, analysis: Analysis) -> None:
        """Keep what this home analyses, for later runs, schedules and `dagster dev`."""
        write_atomically(UPath(self.path / ANALYSIS_FILE), json.dumps(analysis.to_json(), indent=2).encode())

    @property
    def is_current(self) -> bool:
        """True if a run of this very version of the tables finished here, or none began yet."""
        return bool(_read_json(self.path / HOME_FILE).get("tables") == tables_version())

    def begin_run(self) -> None:
        """Where another version wrote the tables, let nobody read them until the run has finished."""
        if not self.is_current:
            self._write_format(FORMAT, tables="")

    def finish_run(self) -> None:
        """The tables are this version's."""
        if not self.is_current:
            self._write_format(FORMAT)

    def table_path(self, table: str, partition: str | None = None) -> UPath:
        """Where a table, or one partition of it, lies."""
        if table not in FOLDERS:
            raise HomeError(f"there is no table {table!r}; the tables are {', '.join(sorted(FOLDERS))}")
        if (partition is not None) != (table in PARTITIONED):
            wanted = "one partition must be named" if table in PARTITIONED else "it has no partitions"
            raise HomeError(f"table {table!r} cannot be found by partition {partition!r}: {wanted}")
        return self.url / FOLDERS[table] / f"{partition or table}.parquet"

    def partitions(self, table: str) -> list[str]:
        """Names of the partitions that exist, sorted; empty where the table has none yet."""
        if table not in PARTITIONED:
            return []
        try:
            return sorted(file.stem for file in (self.url / FOLDERS[table]).iterdir() if file.suffix == ".parquet")
        except (FileNotFoundError, NotADirectoryError):
            return []  # an object store knows no folder that holds nothing

    def has(self, table: str, partition: str | None = None) -> bool:
        """True if the table (any partition of it, where none is named) was written."""
        if table in PARTITIONED and partition is None:
            return bool(self.partitions(table))
        return bool(self.table_path(table, partition).exists())

    def scan(self, table: str, partitions: Iterable[str] | None = None) -> pl.LazyFrame:
        """The table as a lazy frame: all of it, or the named partitions. Raises HomeError where it is not there."""
        if table in PARTITIONED:
            names = self.partitions(table)
            if partitions is not None:
                wanted = set(partitions)
                names = [name for name in names if name in wanted]
            files = [self.table_path(table, name) for name in names]
        else:
            files = [self.table_path(table)]
        try:
            return scan_files(files)
        except FileNotFoundError:
            raise HomeError(f"no {table} in {redact(str(self.url))} yet: run `oretrace run` first") from None

    def meta(self, table: str, partition: str | None = None) -> dict[str, str]:
        """Metadata of a written table (`code`, `inputs`, `content`, `rows`, `written`); empty where it is absent."""
        return read_meta(self.table_path(table, partition))

    def _format(self) -> int | None:
        """Format number of the folder, or None where it is new. Raises HomeError where it is not a home."""
        file = self.path / HOME_FILE
        if not file.exists():
            if self.path.is_file() or (self.path.is_dir() and any(self.path.iterdir())):
                raise HomeError(f"{self.path} is not an oretrace home: name an empty or new folder with --home")
            return None
        found = _read_json(file).get("format")
        if not isinstance(found, int):
            raise HomeError(f"{file} states no format: name another folder with --home")
        return found

    def _create(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self._write_format(FORMAT)

    def _write_format(self, number: int, tables: str | None = None) -> None:
        stamp = tables_version() if tables is None else tables
        text = json.dumps({"format": number, "oretrace": __version__, "tables": stamp})
        write_atomically(UPath(self.path / HOME_FILE), text.encode())

    def _upgrade(self, found: int, *, allowed: bool) -> None:
        """Take an older home to this format step by step, or refuse it in one sentence."""
        if found > FORMAT:
            raise HomeError(
                f"{self.path} was written by a newer oretrace (format {found}, this one reads {FORMAT}): "
                "upgrade oretrace, or name another folder with --home"
            )
        if any(number not in UPGRADES for number in range(found, FORMAT)):
            raise HomeError(f"{self.path} has the old format {found}, which cannot be upgraded: name a new --home")
        if not allowed:
            raise HomeError(f"{self.path} has the old format {found}: run `oretrace run` once to upgrade it")
        for number in range(found, FORMAT):
            UPGRADES[number](self)
            self._write_format(number + 1, tables="")


def tables_version() -> str:
    """Hash of the files that describe the tables: what another version wrote must not be half-read by this one."""
    described = [Path(graphs.__path__[0], name).read_bytes() for name in DESCRIBED]
    return hashlib.sha256(b"".join(described)).hexdigest()[:16]


def is_local(path: UPath) -> bool:
    """True for a path on this machine's own disk."""
    return path.protocol in ("", "file", "local")


def scan_files(files: list[UPath]) -> pl.LazyFrame:
    """Lazy frame over Parquet files; remote ones are read at once. Raises FileNotFoundError where any is absent."""
    if not files:
        raise FileNotFoundError("no file to scan")
    if all(is_local(file) for file in files):
        for file in files:
            file.stat()
        return pl.scan_parquet([file.path for file in files])
    streams: list[IO[bytes]] = [_fetched(file) for file in files]
    return pl.scan_parquet(streams)


def read_table(file: UPath) -> pl.DataFrame:
    """One Parquet file at once. Raises FileNotFoundError where it is absent."""
    return pl.read_parquet(file.path if is_local(file) else _fetched(file))


def _fetched(file: UPath) -> io.BytesIO:
    """The bytes of a remote file, in one request."""
    return io.BytesIO(file.fs.cat_file(file.path))


def read_meta(file: UPath) -> dict[str, str]:
    """`oretrace.*` metadata of a Parquet file without the prefix; empty where the file is absent or unreadable."""
    try:
        if is_local(file):
            found = pl.read_parquet_metadata(file.path)
        else:
            with file.open("rb") as stream:
                found = pl.read_parquet_metadata(stream)
    except (FileNotFoundError, pl.exceptions.ComputeError):
        return {}
    return {key.removeprefix("oretrace."): text for key, text in found.items() if key.startswith("oretrace.")}


def write_atomically(file: UPath, data: bytes) -> None:
    """Write all of it or nothing: under a temporary name, then renamed (object stores put whole objects)."""
    if not is_local(file):
        file.write_bytes(data)
        return
    target = Path(file.path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(target)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise HomeError(f"{file} cannot be read: restore it, or name another folder with --home") from error
    if not isinstance(found, dict):
        raise HomeError(f"{file} does not hold a json object: restore it, or name another folder with --home")
    return found
