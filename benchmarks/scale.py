"""From declarations to scores at ten and a hundred million declarations, one code family at a time.

Families depend on each other through the pooled null alone, so memory is that of one family. Each is read from
Parquet, paired, reconciled, judged by every channel and by the trees; its statistics go to Parquet. When all are there
the null is pooled, and each family's statistics become scores. Making the declarations is not timed.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import polars as pl

from benchmarks.declared import AS_OF, CODES, ROWS_PER_CODE, families
from benchmarks.measuring import peak_bytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from graphs.declarations import reporting
from graphs.event_rows import built_in
from graphs.flows import pair
from graphs.tables import Declarations, Flows, Governance, Production, Statistics
from models.flows.calibrate import null_pool, p_values
from models.flows.channels import judge
from models.flows.context import Context
from models.flows.reconcile import reconcile
from models.learned.channel import with_learned

TEN, HUNDRED, QUICK = 10_000_000, 100_000_000, 200_000
ROWS_PER_FAMILY = CODES * ROWS_PER_CODE
STEPS = ("read", "pair", "judge", "learned", "null", "score")
T = TypeVar("T")


@dataclass
class Spent:
    """Wall and processor seconds of each step, and what was counted."""

    wall: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    work: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("declarations", "flows", "scores"), 0))
    peak_mb: float | None = None

    def clock(self, step: str, action: Callable[[], T]) -> T:
        """Run and time a step."""
        begin, work = time.perf_counter(), time.process_time()
        result = action()
        self.wall[step] += time.perf_counter() - begin
        self.work[step] += time.process_time() - work
        return result


def ten_million(setting: Setting) -> Section:
    """Ten families."""
    return _section(setting, TEN, "scale", "From declarations to scores, ten million")


def hundred_million(setting: Setting) -> Section:
    """A hundred families: as long as ten times ten million, in the same memory but for the pooled null."""
    return _section(setting, HUNDRED, "scale-100", "From declarations to scores, a hundred million")


def _section(setting: Setting, rows: int, name: str, title: str) -> Section:
    """In a process of its own, so that its peak of memory is its own."""
    return Section(name, title, [_table(_apart(QUICK if setting.quick else rows, setting.home))])


def measured(rows: int, folder: Path) -> Spent:
    """The whole path for about `rows` declarations; files lie in `folder` while they are needed."""
    number = max(1, round(rows / ROWS_PER_FAMILY))
    spent, said = Spent(), folder / "statistics"
    said.mkdir(parents=True)
    for place, family in enumerate(families(number)):
        file = folder / "declarations.parquet"
        _generated(family, rows // number, place, file)
        _judged(family, file, said / f"{family}.parquet", spent)
        file.unlink()
    nulls = spent.clock("null", lambda: null_pool(pl.scan_parquet(sorted(said.glob("*.parquet")))))
    for file in sorted(said.glob("*.parquet")):
        scores = spent.clock("score", lambda file=file: p_values(pl.read_parquet(file), nulls))  # type: ignore[misc]
        spent.clock("score", lambda scores=scores: scores.write_parquet(folder / "scores.parquet"))  # type: ignore[misc]
        spent.counts["scores"] += scores.height
        file.unlink()
    peak = peak_bytes()
    spent.peak_mb = None if peak is None else peak / 2**20
    return spent


def _generated(family: str, rows: int, seed: int, file: Path) -> None:
    """Declarations as a file, made in a process of its own so that its memory does not count."""
    code = (
        f"from benchmarks.declared import declarations\n"
        f"declarations({family!r}, {rows}, {seed}).write_parquet({str(file)!r})"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def _judged(family: str, file: Path, target: Path, spent: Spent) -> None:
    """One family from its declarations to its statistics."""
    declared = spent.clock("read", lambda: pl.read_parquet(file))
    spent.counts["declarations"] += declared.height
    offices = reporting(declared)
    flows = spent.clock("pair", lambda: reconcile(pair(declared, offices)))
    spent.counts["flows"] += flows.height
    context = Context(
        family, AS_OF, offices, Production.create_empty(), Governance.create_empty(), built_in(), Flows.create_empty(),
        Declarations.create_empty(),
    )  # fmt: skip
    said = spent.clock("judge", lambda: judge(flows, context).statistics)
    whole = spent.clock("learned", lambda: with_learned(flows, said, context))
    Statistics.cast(whole.select(Statistics.column_names())).write_parquet(target)


def _apart(rows: int, folder: Path) -> Spent:
    command = [sys.executable, "-m", "benchmarks.scale", str(rows), str(folder / str(rows))]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return Spent(**found)


def _table(spent: Spent) -> Table:
    counts, millions = spent.counts, spent.counts["declarations"] / 1e6
    rows = [
        [step, f"{spent.wall[step]:,.1f}", f"{spent.work[step]:,.1f}", f"{spent.wall[step] / millions:.2f}",
         f"{spent.work[step] / sum(spent.work.values()):.0%}"]
        for step in STEPS
    ]  # fmt: skip
    wall, work = (sum(one.values()) for one in (spent.wall, spent.work))
    rows.append(["all", f"{wall:,.1f}", f"{work:,.1f}", f"{wall / millions:.2f}", "100%"])
    lead = (
        f"{counts['declarations']:,} declarations of both sides, {counts['flows']:,} flows, {counts['scores']:,} "
        "scores, family by family."
    )
    peak = "not measured" if spent.peak_mb is None else f"{spent.peak_mb:,.0f} MB"
    remark = f"Peak memory of the process: {peak}."
    return Table(lead, ("step", "s", "processor s", "s per million declarations", "of the work"), rows, [remark])


if __name__ == "__main__":
    done = measured(int(sys.argv[1]), Path(sys.argv[2]))
    print(json.dumps({"wall": done.wall, "work": done.work, "counts": done.counts, "peak_mb": done.peak_mb}))
