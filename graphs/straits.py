"""Straits and canals that sea lanes name, as places: codes/straits.csv, one point in the middle of each.

The points are read from a chart, to draw the strait on a map: no length is measured from them.
"""

import polars as pl

from graphs.families import read_codes
from graphs.places_rows import tidy_places

SOURCE = "straits"
FILE = "straits.csv"


def straits() -> pl.DataFrame:
    """Rows of table `places`; place_id is `strait:` and the passage as the lanes call it."""
    rows = pl.DataFrame(read_codes(FILE)).with_row_index("raw_row", offset=1)
    raw = rows.with_columns(
        pl.format("strait:{}", "passage").alias("place_id"),
        pl.lit("strait").alias("kind"),
        pl.lit(None, pl.String).alias("country"),
    )
    # Not a file of anybody's: these rows have no hash.
    told = tidy_places(raw, source=SOURCE, file=FILE, raw_sha256="").places
    return told.with_columns(pl.lit(None, pl.String).alias("raw_sha256"))
