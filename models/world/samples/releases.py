"""What sites let into rivers each year: fines of their rock, soil of open ground, mercury and cyanide.

rock (t)     = metal won / (grade * recovery)
fines (t)    = rock * share lost;  they are ore less the metal that was won
soil (t)     = open ground * yield;  a part is ore, the rest ordinary rock
mercury (kg) = gold won * site's ratio * share to the river
cyanide (kg) = rock leached * dose * share lost
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphs.sums import total
from models.world.config import WorldConfig
from models.world.ground import Ground
from models.world.land.sphere import Floats, Ints
from models.world.parameters.samples import Samples
from models.world.samples.geology import Geology
from models.world.samples.lead import carried

SOIL_TO_RIVER = {"legal_mine": 0.15, "artisanal": 1.0, "illegal": 1.0}
"""Ponds of permitted mines hold soil back."""
FINES = {"sand": 0.04, "placer": 0.15, "rain_forest": 0.0}
"""Share of the rock of a family or setting that is fine, beside hard rock, which is milled."""


@dataclass(frozen=True)
class Releases:
    """Rows by source and year; natural outcrops have the year 0, which stands for all."""

    source_id: list[str]
    cell: Ints
    year: Ints
    sediment_t: Floats
    content_g: Floats
    """[row, analyte], of the sediment itself."""
    added_g: Floats
    """[row, analyte], mercury and cyanide, which fade down the river."""
    lead_g: Floats
    """[row, 4], as `lead.carried`."""
    water_m3: Floats


def outcrops(config: WorldConfig, ground: Ground, rocks: Geology) -> Releases:
    """Untouched ore that rain wears down."""
    parameters, count = config.samples, len(ground.deposits)
    rng = config.chance("samples", "outcrops")
    bare = parameters.outcrop_km2 * np.exp(rng.standard_normal(count))
    sediment = np.where(_is_ore(ground.deposits["family"], parameters), bare * parameters.erosion_t_km2, 0.0)
    content = sediment[:, None] * np.exp(rocks.ore)
    return Releases(
        source_id=ground.deposits["deposit_id"].to_list(),
        cell=ground.terrain.cell_of(ground.deposits["lon"].to_numpy(), ground.deposits["lat"].to_numpy()),
        year=np.zeros(count, dtype=np.int64),
        sediment_t=sediment,
        content_g=content,
        added_g=np.zeros_like(content),
        lead_g=carried(content[:, rocks.analytes.index("Pb")], rocks.ore_lead),
        water_m3=np.zeros(count),
    )


def _is_ore(families: pl.Series, parameters: Samples) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return families.is_in(list(parameters.metals)).to_numpy()


def mercury_ratio(config: WorldConfig, sites: pl.DataFrame) -> Floats:
    """Mercury lost for each kg of gold won, by site; 0 where no mercury is used."""
    draws = config.chance("samples", "mercury").standard_normal(len(sites))
    ratio = config.samples.mercury_per_gold * np.exp(config.samples.mercury_sd * draws)
    return np.where((sites["processing"] == "mercury").to_numpy(), ratio, 0.0)


def releases(
    config: WorldConfig, ground: Ground, sites: pl.DataFrame, site_months: pl.DataFrame, rocks: Geology
) -> Releases:
    """What every site lets go in each year of its work."""
    parameters = config.samples
    rows = _years(ground, sites.with_columns(ratio=mercury_ratio(config, sites)), site_months)
    kinds, processing = rows["kind"].cast(pl.String), rows["processing"]
    recovery = processing.replace_strict(parameters.recovery, return_dtype=pl.Float64).to_numpy()
    won, grade, deposit = (rows[name].to_numpy() for name in ("contained_kg", "grade", "deposit"))
    rock = won / (grade * recovery) / 1e3
    fine = np.minimum(*(rows[name].replace_strict(FINES, default=1.0).to_numpy() for name in ("family", "host")))
    fines = rock * fine * kinds.replace_strict(parameters.tailings_lost, return_dtype=pl.Float64).to_numpy()
    ground_ha = np.where(rows["family"] == "timber", rows["new_area_ha"].to_numpy(), rows["area_ha"].to_numpy())
    soil = ground_ha * parameters.open_ground_t_ha
    soil = soil * kinds.replace_strict(SOIL_TO_RIVER, return_dtype=pl.Float64).to_numpy()
    is_ore = _is_ore(rows["family"], parameters)
    ore_soil = np.where(is_ore, parameters.ore_in_open_ground, 0.0) * soil
    cell = ground.terrain.cell_of(rows["lon"].to_numpy(), rows["lat"].to_numpy())
    ore = np.exp(rocks.ore[deposit])
    plain = (soil - ore_soil)[:, None] * np.exp(rocks.rock[cell])
    mined = fines[:, None] * _tailings(parameters, rows["family"], ore, recovery) + ore_soil[:, None] * ore
    pb = rocks.analytes.index("Pb")
    added = np.zeros_like(mined)
    added[:, rocks.analytes.index("Hg")] = won * rows["ratio"].to_numpy() * parameters.mercury_to_river * 1e3
    lost = kinds.replace_strict(parameters.cyanide_lost, return_dtype=pl.Float64).to_numpy()
    leached = np.where(processing == "cyanide", rock, 0.0)
    added[:, rocks.analytes.index("CN")] = leached * parameters.cyanide_kg_t * lost * 1e3
    return Releases(
        source_id=rows["site_id"].to_list(),
        cell=cell,
        year=rows["year"].to_numpy().astype(np.int64),
        sediment_t=fines + soil,
        content_g=mined + plain,
        added_g=added,
        lead_g=carried(mined[:, pb], rocks.ore_lead[deposit]) + carried(plain[:, pb], rocks.rock_lead[cell]),
        water_m3=rock * parameters.process_water_m3_t,
    )


def _tailings(parameters: Samples, families: pl.Series, ore: Floats, recovery: Floats) -> Floats:
    """Ore without the metal that was won, mg/kg."""
    names = list(parameters.elements)
    metal = np.array([names.index(parameters.metals[one]) if one in parameters.metals else -1 for one in families])
    rows = np.flatnonzero(metal >= 0)
    left = ore.copy()
    left[rows, metal[rows]] *= 1 - recovery[rows]
    return left


def _years(ground: Ground, sites: pl.DataFrame, site_months: pl.DataFrame) -> pl.DataFrame:
    """Rows by site and year, with what the site and its deposit are."""
    yearly = site_months.group_by("site_id", year=pl.col("month").dt.year()).agg(
        *((total(pl.col(name)) / pl.len()).alias(name) for name in ("lon", "lat", "area_ha")),
        *(total(pl.col(name)).alias(name) for name in ("new_area_ha", "contained_kg")),
    )
    bodies = ground.deposits.select("deposit_id", "host", "grade").with_row_index("deposit")
    known = sites.select("site_id", "kind", "family", "deposit_id", "processing", "ratio")
    return (
        yearly.join(known, on="site_id", how="inner")
        .join(bodies, on="deposit_id", how="inner")
        .sort("site_id", "year")
        .with_columns(pl.col("deposit").cast(pl.Int64))
    )
