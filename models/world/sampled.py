"""Samples of ores, river beds, river water and residues, what laboratories find in them, and where they come from."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.rivers import channels
from models.world.mined import Mined
from models.world.samples.basins import basins
from models.world.samples.fieldwork import RIVER_MEDIA, fieldwork
from models.world.samples.geology import geology
from models.world.samples.laboratory import Batch, batch, measurement_frame, sample_frame
from models.world.samples.mixing import Contents, ores, residues, river_shares, rivers
from models.world.samples.releases import Releases, outcrops, releases
from models.world.samples.tables import SampleSource


@dataclass(frozen=True)
class Sampled:
    """What a geochemist has, and the truth of it."""

    samples: pl.DataFrame
    """Schema Sample."""
    measurements: pl.DataFrame
    """Schema Measurement."""
    sources: pl.DataFrame
    """Schema SampleSource: truth."""


def sampled(config: WorldConfig, ground: Ground, mined: Mined) -> Sampled:
    """Take samples all over the world and have them measured."""
    streams = channels(config, ground.terrain)
    rocks = geology(config, ground, streams)
    flow = basins(config, ground, streams, rocks)
    sources = _joined(outcrops(config, ground, rocks), releases(config, ground, mined.sites, mined.site_months, rocks))
    taken = fieldwork(config, ground, mined.sites, mined.site_months, streams, flow)
    wet = taken["medium"].is_in(RIVER_MEDIA)
    kinds = {
        "river": taken.filter(wet),
        "ore": taken.filter(pl.col("medium") == "ore"),
        "residue": taken.filter(~wet & (pl.col("medium") != "ore")),
    }
    mixed, pairs = rivers(config, ground.terrain, kinds["river"], flow, rocks, sources)
    contents = [
        mixed,
        ores(config, kinds["ore"], rocks),
        residues(config, kinds["residue"], mined.sites, ground, rocks),
    ]
    shares = [
        river_shares(config.samples, streams, kinds["river"], flow, sources, pairs),
        _single(kinds["ore"], ground.deposits["deposit_id"], "deposit"),
        _single(kinds["residue"], mined.sites["site_id"], "site"),
    ]
    whole = Contents(np.concatenate([one.value for one in contents]), np.concatenate([one.lead for one in contents]))
    given = batch(config, pl.concat(kinds.values()), whole)
    samples = sample_frame(config, given)
    return Sampled(
        samples=samples,
        measurements=measurement_frame(config, given, samples["sample_id"]),
        sources=_sources(given, samples, _stacked(shares, [len(one) for one in kinds.values()])),
    )


def _joined(first: Releases, second: Releases) -> Releases:
    arrays = ("cell", "year", "sediment_t", "content_g", "added_g", "lead_g", "water_m3")
    both = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in arrays}
    return Releases(source_id=first.source_id + second.source_id, **both)


def _single(taken: pl.DataFrame, ids: pl.Series, column: str) -> pl.DataFrame:
    """Samples that come from one source."""
    sample = pl.int_range(len(taken), dtype=pl.Int64, eager=True)
    return pl.DataFrame({"sample": sample, "source_id": ids.gather(taken[column].cast(pl.UInt32)), "share": 1.0})


def _stacked(shares: list[pl.DataFrame], sizes: list[int]) -> pl.DataFrame:
    """Shares of all kinds, with samples numbered on from kind to kind."""
    starts = np.cumsum([0, *sizes[:-1]]).tolist()
    return pl.concat([one.with_columns(pl.col("sample") + start) for one, start in zip(shares, starts, strict=True)])


def _sources(given: Batch, samples: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """Shares by sample id; duplicates have those of their original, blanks and reference materials are their own."""
    rows = given.rows.select("medium", "reference_material", sample=pl.col("source"), sample_id=samples["sample_id"])
    taken = rows.join(shares, on="sample", how="inner")
    label = pl.when(pl.col("medium") == "blank").then(pl.lit("blank"))
    control = rows.filter(pl.col("sample") < 0).with_columns(
        source_id=label.otherwise(pl.format("reference:{}", "reference_material")), share=pl.lit(1.0)
    )
    columns = ["sample_id", "source_id", "share"]
    whole = pl.concat([taken.select(columns), control.select(columns)])
    return SampleSource.validate(whole.sort("sample_id", "source_id"), cast=True)
