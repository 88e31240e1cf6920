"""Memory of a day of ships does not grow with the day: measured in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from graphs.position_rows import POSITIONS

ROOT = Path(__file__).parents[2]
LIMIT_MB = 2_000
SHIPS, BLOCK_ROWS = 20_000, 500_000
DAY_S = 86_400
CHILD = """
import json, resource, sys
import dagster as dg
from pathlib import Path
import polars as pl
from graphs.tables_places import Places
from pipelines import memo_ships
from pipelines.analysis import Analysis
from pipelines.definitions import ASSETS, resources_for
from pipelines.home import Home
from pipelines.parquet import write_table
from pipelines.run import QUIET
from pipelines.workspace import Workspace

home = Home.open(sys.argv[1], create=True)
home.save_analysis(Analysis(only_data=True))
source, target = Path(sys.argv[2]), home.table_path("ais_read", "0123456789abcdef")
Path(target.path).parent.mkdir(parents=True)
source.rename(target.path)
memo_ships.files = lambda memo: {"0123456789abcdef": None}
memo_ships.days_of = lambda memo, key: ["2024-10-01"]
write_table("places", Places.create_empty(), home.table_path("places"), schema=Places, meta={})
tables = ["vessel_positions", "ais_coverage", "vessel_state", "day_calls", "day_events", "day_vessels"]
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
told = {"before": peak()}
for some in (tables[:2], tables[2:]):
    done = dg.materialize(ASSETS, selection=some, partition_key="2024-10-01", resources=resources_for(Workspace(home)),
                          run_config=QUIET)
    assert done.success
    told[some[0]] = peak()
told["rows"] = int(home.meta("vessel_positions", "2024-10-01")["rows"])
print(json.dumps(told))
"""


def write(file: Path, rows: int, chance: np.random.Generator) -> None:
    """One day of reports in order of arrival, as one file holds them."""
    names = np.array([f"SHIP {one}" for one in range(SHIPS)])
    with pl.Config(), file.open("wb") as stream:
        parts = []
        for start in range(0, rows, BLOCK_ROWS):
            count = min(BLOCK_ROWS, rows - start)
            ship = chance.integers(0, SHIPS, count)
            second = np.sort(chance.integers(start * DAY_S // rows, (start + count) * DAY_S // rows + 1, count))
            second = np.minimum(second, DAY_S - 1)
            at_sea = ship % 3 > 0
            part = {
                "sender": 200_000_000 + ship,
                "time": np.datetime64("2024-10-01T00:00:00", "us") + second * np.timedelta64(1_000_000, "us"),
                "lon": (ship % 300) - 150 + at_sea * second / DAY_S * 4 + chance.normal(0, 1e-4, count),
                "lat": (ship // 300) - 33 + chance.normal(0, 1e-4, count),
                "speed_kn": np.where(at_sea, 10.0, 0.1),
                "course_deg": chance.uniform(0, 359, count),
                "heading_deg": chance.uniform(0, 359, count),
                "status": np.where(at_sea, 0, 5),
                "draught_m": 5.0 + ship % 7,
                "name": names[ship],
                "call_sign": names[ship],
                "ais_type": np.full(count, 70),
                "length_m": 100.0 + ship % 200,
                "width_m": 20.0 + ship % 20,
                "raw_row": np.arange(start + 1, start + count + 1),
            }
            frame = pl.DataFrame(part).with_columns(
                pl.col("time").dt.replace_time_zone("UTC"), day=pl.date(2024, 10, 1), imo=None, transceiver=pl.lit("A")
            )
            parts.append(file.with_suffix(f".{start}"))
            frame.select(*POSITIONS).cast(POSITIONS).write_parquet(parts[-1])  # type: ignore[arg-type]
        pl.scan_parquet(parts).sink_parquet(stream, row_group_size=1 << 16)
        for one in parts:
            one.unlink()


def peaks(folder: Path, rows: int) -> dict[str, float]:
    """Peak memory of a process that makes one day of so many rows, MB."""
    folder.mkdir()
    write(folder / "read.parquet", rows, np.random.default_rng(rows))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder / "home"), str(folder / "read.parquet")],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    assert found["rows"] > 0.9 * rows
    return found


@pytest.mark.slow
def test_memory_stays_below_two_gigabytes_however_large_a_day_is(tmp_path: Path) -> None:
    small, large = peaks(tmp_path / "small", 1_000_000), peaks(tmp_path / "large", 3_000_000)
    assert large["vessel_state"] < LIMIT_MB
    # A day of three times the size; what grows is the list of ships and the buffers of one part.
    assert large["vessel_state"] < 1.25 * small["vessel_state"]
