"""Anchorages named by Global Fishing Watch: the csv `s2id,latitude,longitude,label,sublabel,iso3`.

Each row is a cell of some 0.5 km in which ships lie (S2 level 14). The file is the list of names set by hand, not the
whole set of anchorages. A cell that stands twice keeps both rows, joined where their names agree.
Licence Apache-2.0, repository GlobalFishingWatch/pipe-anchorages.
"""

from pathlib import Path

import polars as pl

from graphs.places_rows import Told, numbered, tidy_places
from pipelines.sources.comtrade_files import sha256_of
from pipelines.sources.place_files import headed

SOURCE = "gfw_anchorages"
LICENCE = "Apache-2.0"
CITATION = "Global Fishing Watch, named anchorages (repository pipe-anchorages)"
HEADERS = ("s2id", "latitude", "longitude", "label", "sublabel", "iso3")


def parse(path: Path | str) -> Told:
    """Anchorages of the csv. Raises DamagedFile or LayoutError."""
    file = Path(path)
    table = headed(file, HEADERS, "anchorages").with_columns(pl.col(HEADERS).str.strip_chars())
    raw = table.select(
        "raw_row",
        numbered(pl.format("anchorage:gfw:{}", "s2id")).alias("place_id"),
        pl.lit("anchorage").alias("kind"),
        pl.col("label").alias("name"),
        pl.col("iso3").alias("country"),
        pl.col("longitude").alias("lon"),
        pl.col("latitude").alias("lat"),
    )
    return tidy_places(raw, source=SOURCE, file=file.name, raw_sha256=sha256_of(file))
