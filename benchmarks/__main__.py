"""`python -m benchmarks [--only NAME] [--quick]`: measure and write docs/benchmarks.md."""

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import default_flows, ingest, joining, networks, questions, report, stores, whole_run
from benchmarks.measuring import machine
from benchmarks.setting import Setting

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
BENCHMARKS: dict[str, Callable[[Setting], report.Section]] = {
    "joining": joining.run,
    "default-flows": default_flows.run,
    "ingest": ingest.run,
    "whole-run": whole_run.run,
    "networks": networks.run,
    "stores": stores.run,
    "questions": questions.run,
}


def main() -> None:
    """Run the chosen benchmarks; the quick form prints instead of writing the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=tuple(BENCHMARKS), help="one benchmark; repeatable")
    parser.add_argument("--quick", action="store_true", help="small tables, two rounds, printed and not written")
    parser.add_argument("--page", type=Path, default=PAGE, help="where to write the figures")
    chosen = parser.parse_args()
    for name in chosen.only or BENCHMARKS:
        surroundings = machine()
        with TemporaryDirectory(prefix="oretrace-bench-") as folder:
            section = BENCHMARKS[name](Setting(chosen.quick, Path(folder)))
        if chosen.quick:
            print(section.markdown(surroundings))
        else:
            report.write(chosen.page, section, surroundings)
            print(f"{name}: written to {chosen.page}", flush=True)


if __name__ == "__main__":
    main()
