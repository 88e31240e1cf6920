"""`python -m benchmarks [--only NAME] [--quick]`: measure and write docs/benchmarks.md."""

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import (
    access,
    default_flows,
    graph_network,
    ingest,
    joining,
    networks,
    questions,
    report,
    scale,
    shipping,
    stores,
    whole_run,
)
from benchmarks.measuring import machine
from benchmarks.setting import Setting

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BENCHMARKS: dict[str, Callable[[Setting], report.Section]] = {
    "joining": joining.run,
    "default-flows": default_flows.run,
    "ingest": ingest.run,
    "whole-run": whole_run.run,
    "scale": scale.ten_million,
    "scale-100": scale.hundred_million,
    "networks": networks.run,
    "graph-network": graph_network.run,
    "stores": stores.run,
    "questions": questions.run,
    "shipping": shipping.run,
    "access": access.run,
}
HOURS = frozenset({"scale-100"})
"""Benchmarks that take longer than an hour, run only where they are named."""


def main() -> None:
    """Run the chosen benchmarks, each in a process of its own: a child's peak memory counts what its parent held."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=tuple(BENCHMARKS), help="one benchmark; repeatable")
    parser.add_argument("--quick", action="store_true", help="small tables, two rounds, printed and not written")
    parser.add_argument("--page", type=Path, default=PAGE, help="where to write the figures")
    chosen = parser.parse_args()
    names = chosen.only or [name for name in BENCHMARKS if name not in HOURS]
    if len(names) == 1:
        measure(names[0], chosen.page, is_quick=chosen.quick)
        return
    options = ["--page", str(chosen.page), *(["--quick"] if chosen.quick else [])]
    for name in names:
        subprocess.run([sys.executable, "-m", "benchmarks", "--only", name, *options], check=True)


def measure(name: str, page: Path, *, is_quick: bool) -> None:
    """Run one benchmark; the quick form prints instead of writing the page."""
    surroundings = machine()
    with TemporaryDirectory(prefix="oretrace-bench-") as folder:
        section = BENCHMARKS[name](Setting(is_quick, Path(folder)))
    if is_quick:
        print(section.markdown(surroundings), flush=True)
    else:
        report.write(page, section, surroundings)
        print(f"{name}: written to {page}", flush=True)


if __name__ == "__main__":
    main()
