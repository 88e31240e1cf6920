"""Published events that a user knows of: export bans as a csv `kind,country,codes,start,end,citation`.

    kind,country,codes,start,end,citation
    ban,XAA,2604 2606,2014-01-12,2017-01-11,Decree 1 of 2014
    ban,XAB,4403,2020-01-01,,Order 7 of 2019

`codes` are first digits of HS codes, separated by blanks; an empty `end` says that the ban still stands.
"""

from pathlib import Path

import polars as pl

from graphs.errors import LayoutError
from graphs.event_rows import COLUMNS, Told, tidy_events
from pipelines.sources import reading
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.layouts import normal
from pipelines.sources.recognise import recognise

SOURCE = "events"


def parse(path: Path | str) -> Told:
    """Events of a csv. Raises DamagedFile or LayoutError."""
    file = Path(path)
    layout = recognise(file)
    if layout.kind != "events" or layout.container != "csv":
        raise LayoutError(f"{file} is a table of {layout.kind}, not of events")
    encoded = {"separator": layout.separator, "encoding": layout.encoding}
    table = reading.table(file, file.name, layout.headers, **encoded).rename(normal)
    raw = table.select(COLUMNS).with_row_index("raw_row", offset=1).with_columns(pl.col("raw_row").cast(pl.UInt32))
    return tidy_events(raw, source=SOURCE, file=file.name, raw_sha256=sha256_of(file))
