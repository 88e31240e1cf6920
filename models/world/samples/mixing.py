"""True content of everything that was taken, and the shares of its sources.

River samples are mixtures of all that lies above them; ores and residues come from one deposit or site. Each sample
then differs from the mean of its source by chance.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.rivers import Channels
from models.world.land.sphere import Floats, Ints, Mask
from models.world.land.terrain import Terrain
from models.world.parameters.samples import Samples
from models.world.samples.basins import Basins, reached
from models.world.samples.geology import Geology, groups, scatter
from models.world.samples.lead import ratios_of
from models.world.samples.releases import Releases

SMALLEST_SHARE = 2e-4
"""Background of far sub-basins below this is counted to the sample's own."""
TAILINGS_MERCURY_MG_KG, TAILINGS_CYANIDE_MG_KG, RESIDUE_SD = 80.0, 15.0, 0.9
AMALGAM_MERCURY, SPONGE_MERCURY = (0.35, 0.6), (0.02, 0.09)
"""Shares of mercury: amalgam before, sponge gold after the torch."""
FINENESS = (0.72, 0.97)
"""Gold in the alloy without mercury; most of the rest is silver."""
IN_GOLD = 0.15
"""Content of a trace in native gold beside that of its ore."""


@dataclass(frozen=True)
class Contents:
    """What is truly in each sample: mg/kg, or ug/L in water; lead isotope ratios."""

    value: Floats
    """[sample, analyte]"""
    lead: Floats
    """[sample, 3]"""


@dataclass(frozen=True)
class Inflow:
    """Pairs of a river sample and a source above it."""

    sample: Ints
    """Row of the river samples."""
    source: Ints
    """Row of the releases."""
    fade: Floats
    """[pair, analyte]: what is left of that which sites add."""


def rivers(
    config: WorldConfig, terrain: Terrain, taken: pl.DataFrame, flow: Basins, rocks: Geology, sources: Releases
) -> tuple[Contents, Inflow]:
    """River samples as mixtures: background at their cell and every source above it in the year of sampling."""
    cell, is_water = taken["cell"].to_numpy(), (taken["medium"] == "river_water").to_numpy()
    pairs = inflow(config.samples, terrain, flow, cell, taken["collected"].dt.year().to_numpy(), sources)
    at, by = pairs.sample, pairs.source
    added = sources.added_g[by] * pairs.fade
    dissolved = np.array([one.dissolved for one in config.samples.elements.values()])
    grams = (sources.content_g[by] + added) * np.where(is_water[at, None], dissolved, 1 - dissolved)
    season = seasons(config.samples, taken)
    content = np.where(is_water[:, None], flow.dissolved_g[cell], flow.content_g[cell]) * season[:, None]
    amount = np.where(is_water, flow.water_m3[cell], flow.sediment_t[cell]) * season
    np.add.at(content, at, grams)
    np.add.at(amount, at, np.where(is_water[at], sources.water_m3[by], sources.sediment_t[by]))
    lead = flow.lead_g[cell] * season[:, None]
    np.add.at(lead, at, sources.lead_g[by])
    mean = content / amount[:, None] * np.where(is_water, 1e3, 1.0)[:, None]
    rng = config.chance("samples", "grabs")
    chance = rng.normal(0.0, config.samples.grab_sd, mean.shape)
    return Contents(mean * np.exp(chance), ratios_of(lead)), pairs


def seasons(parameters: Samples, taken: pl.DataFrame) -> Floats:
    """Background on a sample's day beside its mean of the year: discharge for water, a power of it for sediment.

    discharge = 1 + swing * cos(2 pi (day - midsummer) / year), midsummer being January south of the equator.
    """
    day = taken["collected"].dt.ordinal_day().to_numpy() / 365.25
    midsummer = np.where(taken["lat"].to_numpy() >= 0, 0.54, 0.04)
    discharge = 1 + parameters.season_swing * np.cos(2 * np.pi * (day - midsummer))
    return np.where(taken["medium"] == "river_water", discharge, discharge**parameters.season_power)


def inflow(parameters: Samples, terrain: Terrain, flow: Basins, cell: Ints, year: Ints, sources: Releases) -> Inflow:
    """All pairs of sample and source above it, in the sample's year or in all years."""
    places, place = np.unique(cell, return_inverse=True)
    number, node = reached(terrain.downstream, sources.cell, places)
    by_place = pl.DataFrame({"place": np.searchsorted(places, node), "source": number})
    by_place = by_place.with_columns(active=sources.year[number])
    asked = pl.DataFrame({"place": place, "sample": np.arange(len(cell)), "year": year.astype(np.int64)})
    pairs = asked.join(by_place, on="place").filter((pl.col("active") == pl.col("year")) | (pl.col("active") == 0))
    pairs = pairs.sort("sample", "source")
    sample, source = pairs["sample"].to_numpy(), pairs["source"].to_numpy()
    way = flow.to_sea_km[sources.cell[source]] - flow.to_sea_km[cell[sample]]
    length = np.array([parameters.fade_km.get(name, np.inf) for name in parameters.elements])
    return Inflow(sample, source, np.exp(-way[:, None] / length))


def river_shares(
    parameters: Samples, streams: Channels, taken: pl.DataFrame, flow: Basins, sources: Releases,
    pairs: Inflow,
) -> pl.DataFrame:  # fmt: skip
    """Rows sample, source_id, share: of the sediment, or of the water."""
    cell, is_water = taken["cell"].to_numpy(), (taken["medium"] == "river_water").to_numpy()
    amount = np.where(is_water[pairs.sample], sources.water_m3[pairs.source], sources.sediment_t[pairs.source])
    ids = pl.Series(sources.source_id)[pairs.source]
    known = pl.DataFrame({"sample": pairs.sample, "source_id": ids, "amount": amount})
    season = seasons(parameters, taken)
    whole = pl.concat([known, _background(streams, cell, is_water, flow, season)])
    whole = whole.filter(pl.col("amount") > 0).sort("sample", "source_id", "amount")
    share = pl.col("amount") / pl.col("amount").cum_sum().last().over("sample", order_by="source_id")
    return whole.with_columns(share=share).select("sample", "source_id", "share")


def _background(streams: Channels, cell: Ints, is_water: Mask, flow: Basins, season: Floats) -> pl.DataFrame:
    """Background by reach: whole reaches above, and the part of the sample's own that lies above it."""
    on_river = streams.is_river[cell]
    own = streams.reach[cell]
    both = np.stack([flow.sediment_t, flow.water_m3], axis=1)
    at_mouth = both[streams.mouths]
    children = np.zeros_like(at_mouth)
    inside = np.flatnonzero(streams.downstream >= 0)
    np.add.at(children, streams.downstream[inside], at_mouth[inside])
    local = at_mouth - children
    kind = is_water.astype(np.int64)
    total = both[cell, kind]
    rest = total - np.where(on_river, children[own, kind], 0.0)
    number, node = reached(streams.downstream, inside, np.unique(own[on_river]))
    above = pl.DataFrame({"reach": inside[number], "own": node}).filter(pl.col("reach") != pl.col("own"))
    asked = pl.DataFrame({"own": own, "sample": np.arange(len(cell)), "kind": kind, "total": total})
    far = asked.filter(pl.Series(on_river)).join(above, on="own").sort("sample", "reach")
    amount = local[far["reach"].to_numpy(), far["kind"].to_numpy()]
    small = amount < SMALLEST_SHARE * far["total"].to_numpy()
    np.add.at(rest, far["sample"].to_numpy()[small], amount[small])
    far = far.select("sample", "reach").with_columns(amount=amount).filter(~pl.Series(small))
    near = pl.DataFrame({"sample": np.arange(len(cell)), "reach": own, "amount": rest})
    whole = pl.concat([far.cast({"reach": pl.Int64}), near])
    return whole.select(
        "sample",
        source_id=pl.format("background:{}", "reach"),
        amount=pl.col("amount") * pl.Series(season[whole["sample"].to_numpy()]),
    )


def ores(config: WorldConfig, taken: pl.DataFrame, rocks: Geology) -> Contents:
    """Ore of a deposit: its mean and offsets of the sample's own."""
    rng, body = config.chance("samples", "ore contents"), taken["deposit"].to_numpy()
    own = scatter(rng, groups(config.samples), len(taken), config.samples.ore_sd)
    return Contents(np.exp(rocks.ore[body] + own).clip(max=1e6), rocks.ore_lead[body])


def residues(config: WorldConfig, taken: pl.DataFrame, sites: pl.DataFrame, ground: Ground, rocks: Geology) -> Contents:
    """Tailings, amalgam and sponge gold; all keep the lead of their deposit."""
    parameters, names = config.samples, list(config.samples.elements)
    rng, body = config.chance("samples", "residue contents"), taken["deposit"].to_numpy()
    ore = np.exp(rocks.ore[body] + scatter(rng, groups(parameters), len(taken), parameters.ore_sd)).clip(max=1e6)
    processing = sites["processing"][taken["site"].to_numpy()]
    tailings = _tailings(rng, parameters, ore, processing, ground.deposits["family"][body])
    alloy = ore * IN_GOLD
    fine = rng.uniform(*FINENESS, len(taken)) * 1e6
    alloy[:, names.index("Au")], alloy[:, names.index("Ag")] = fine, 0.96e6 - fine.clip(max=0.95e6)
    ranges = np.array([AMALGAM_MERCURY, SPONGE_MERCURY])[(taken["medium"] == "sponge_gold").to_numpy().astype(int)]
    mercury = ranges[:, 0] + rng.random(len(taken)) * (ranges[:, 1] - ranges[:, 0])
    alloy = alloy * (1 - mercury)[:, None]
    alloy[:, names.index("Hg")] = mercury * 1e6
    is_tailings = (taken["medium"] == "tailings").to_numpy()
    return Contents(np.where(is_tailings[:, None], tailings, alloy), rocks.ore_lead[body])


def _tailings(
    rng: np.random.Generator, parameters: Samples, ore: Floats, processing: pl.Series, families: pl.Series
) -> Floats:
    """Ore without the metal that was won, with what was used to win it."""
    names, left = list(parameters.elements), ore.copy()
    recovery = processing.replace_strict(parameters.recovery, return_dtype=pl.Float64).to_numpy()
    metal = np.array([names.index(parameters.metals[one]) for one in families], dtype=np.int64)
    left[np.arange(len(left)), metal] *= 1 - recovery
    chance = np.exp(RESIDUE_SD * rng.standard_normal((2, len(left))))
    left[:, names.index("Hg")] += np.where(processing == "mercury", TAILINGS_MERCURY_MG_KG * chance[0], 0.0)
    left[:, names.index("CN")] += np.where(processing == "cyanide", TAILINGS_CYANIDE_MG_KG * chance[1], 0.0)
    return left
