"""What the readers of lists of places share: a small csv under its own header, and files inside installed packages."""

import csv
import importlib.util
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from graphs.errors import DamagedFile, LayoutError
from pipelines.sources import reading
from pipelines.sources.heads import HEAD_BYTES, decode


def headed(path: Path, needed: Iterable[str], what: str) -> pl.DataFrame:
    """All rows as text under the file's own headers, with `raw_row` from 1.

    Raises DamagedFile, or LayoutError where a column of `needed` is absent; `what` names the expected table.
    """
    try:
        with reading.opened(path) as stream:
            head = stream.read(HEAD_BYTES)
    except FileNotFoundError:
        raise DamagedFile(f"{path} does not exist; check the name") from None
    except (OSError, EOFError) as error:
        raise DamagedFile(f"{path} cannot be read ({error}); check its permissions or fetch it again") from error
    text, encoding = decode(head)
    lines = text.lstrip("\r\n").splitlines()
    if not lines:
        raise DamagedFile(f"{path} is empty; fetch or export it again")
    separator = max(",\t;|", key=lines[0].count)
    headers = tuple(one.strip() for one in next(csv.reader([lines[0]], delimiter=separator)))
    absent = [one for one in needed if one not in headers]
    if absent or len(set(headers)) < len(headers):
        fault = f"lacks the columns {', '.join(absent)}" if absent else "names a column twice"
        raise LayoutError(f"{path.name} {fault}, so it is no table of {what}")
    table = reading.table(path, path.name, headers, separator=separator, encoding=encoding)
    if not table.height:
        raise DamagedFile(f"{path.name} has a header and no rows; fetch or export it again")
    return table.with_row_index("raw_row", offset=1).with_columns(pl.col("raw_row").cast(pl.UInt32))


def packaged(package: str, *inside: str) -> Path:
    """A data file of an installed package, found without importing it. Raises DamagedFile if there is none."""
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise DamagedFile(f"the package {package} is not installed; install oretrace with all its dependencies")
    file = Path(next(iter(found.submodule_search_locations))).joinpath(*inside)
    if not file.is_file():
        raise DamagedFile(f"the package {package} holds no {'/'.join(inside)}; install the version of the lock file")
    return file
