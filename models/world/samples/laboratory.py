"""What laboratories report of what they get.

    reported = true * recovered * bias * exp(precision * normal) + limit / 3 * normal

with one bias for each laboratory and analyte. What comes out below the detection limit is reported as the limit and
marked as censored. Blanks hold a little dust, reference materials what their certificate says, duplicates the same
material once more.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.sphere import Floats, Ints, Mask
from models.world.parameters.samples import Laboratory, Samples
from models.world.samples.geology import groups, scatter
from models.world.samples.lead import RATIOS, growth
from models.world.samples.mixing import Contents
from models.world.samples.tables import Measurement, Sample

CERTIFICATE = "certificate"
CERTIFIED_SD = 0.02
UNIT_FACTORS = {"mg/kg": 1.0, "ug/kg": 1e3, "%": 1e-4}
DIGITS, RATIO_DIGITS = 4, 6
"""Significant digits in reports."""
WITHOUT_CYANIDE = ("ore", "river_sediment", "amalgam", "sponge_gold", "reference_material")
REFERENCE_LEAD_GA = 0.6
ISOTOPE_BIAS = 0.5
"""Bias of a laboratory's ratios beside its precision, and the part of its errors that the three ratios share."""


@dataclass(frozen=True)
class Batch:
    """Everything that is measured, duplicates, blanks and reference materials included."""

    rows: pl.DataFrame
    """medium, collected, lon, lat, laboratory (number, -1 for certificates), original (row of this table or -1),
    reference_material, source (row of what was taken, -1 else)."""
    true: Contents


def batch(config: WorldConfig, taken: pl.DataFrame, contents: Contents) -> Batch:
    """What the laboratories get, sorted by day."""
    parameters, rng = config.samples, config.chance("samples", "batch")
    count = len(taken)
    rows = taken.select("medium", "collected", "lon", "lat").with_columns(
        laboratory=_assigned(rng, parameters, (taken["medium"] == "river_water").to_numpy()),
        original=pl.lit(-1, pl.Int64),
        reference_material=pl.lit(None, pl.String),
        source=pl.int_range(count, dtype=pl.Int64),
    )
    twice = np.sort(rng.choice(count, round(parameters.duplicates * count), replace=False))
    again = rows[twice].with_columns(original=pl.Series(twice.astype(np.int64)))
    other = _assigned(rng, parameters, (again["medium"] == "river_water").to_numpy())
    elsewhere = rng.random(len(twice)) < 0.5
    again = again.with_columns(laboratory=pl.Series(np.where(elsewhere, other, again["laboratory"].to_numpy())))
    control, control_true = _control(rng, config, count)
    whole = pl.concat([rows, again, control.select(rows.columns)])
    value = np.concatenate([contents.value, contents.value[twice], control_true.value])
    lead = np.concatenate([contents.lead, contents.lead[twice], control_true.lead])
    order = np.lexsort((np.arange(len(whole)), whole["collected"].to_numpy()))
    place = np.append(np.argsort(order), -1)
    whole = whole[order].with_columns(original=pl.Series(place[whole["original"].to_numpy()[order]]))
    return Batch(whole, Contents(value[order], lead[order]))


def _assigned(rng: np.random.Generator, parameters: Samples, is_water: Mask) -> Ints:
    """Laboratory of each sample; some take no water."""
    share = np.array([one.share for one in parameters.laboratories])
    wet = np.where([one.takes_water for one in parameters.laboratories], share, 0.0)
    draws = [rng.choice(len(share), len(is_water), p=one / one.sum()) for one in (share, wet)]
    return np.where(is_water, draws[1], draws[0]).astype(np.int64)


def _control(rng: np.random.Generator, config: WorldConfig, count: int) -> tuple[pl.DataFrame, Contents]:
    """Blanks, reference materials and their certificates."""
    parameters, names = config.samples, list(config.samples.reference_materials)
    blanks, references = round(parameters.blanks * count), round(parameters.references * count)
    number = np.concatenate([np.full(blanks, -1), rng.integers(len(names), size=references), np.arange(len(names))])
    labs = np.append(_assigned(rng, parameters, np.zeros(blanks + references, dtype=bool)), [-1] * len(names))
    months = rng.integers(len(config.years) * 12, size=blanks + references)
    days = [date(config.first_year + int(one) // 12, int(one) % 12 + 1, 15) for one in months]
    rows = pl.DataFrame(
        {
            "medium": np.where(number < 0, "blank", "reference_material"),
            "collected": days + [date(config.first_year, 1, 1)] * len(names),
            "laboratory": labs,
            "reference_material": [names[one] if one >= 0 else None for one in number],
        },
        schema_overrides={"reference_material": pl.String},
    ).with_columns(
        pl.lit(None, pl.Float64).alias("lon"),
        pl.lit(None, pl.Float64).alias("lat"),
        original=pl.lit(-1, pl.Int64),
        source=pl.lit(-1, pl.Int64),
    )
    limits = np.array([one.limit_mg_kg for one in parameters.elements.values()])
    dust = limits * parameters.blank_share * np.exp(rng.standard_normal((len(number), len(limits))))
    certified = _certified(config)
    value = np.where(number[:, None] < 0, dust, certified[number])
    return rows, Contents(value, np.repeat(growth([REFERENCE_LEAD_GA]), len(number), axis=0))


def _certified(config: WorldConfig) -> Floats:
    """Content [material, analyte] of reference materials, mg/kg."""
    parameters, rng = config.samples, config.chance("samples", "reference materials")
    crust = np.array([one.crust_mg_kg for one in parameters.elements.values()])
    settings = [parameters.enriched.get(one, {}) for one in parameters.reference_materials.values()]
    factors = np.array([[one.get(name, 1.0) for name in parameters.elements] for one in settings])
    return np.asarray(crust * factors * np.exp(scatter(rng, groups(parameters), len(factors), 0.3)))


def sample_frame(config: WorldConfig, given: Batch) -> pl.DataFrame:
    """Samples with their ids in the order of days."""
    labs = config.samples.laboratories
    ids = pl.Series([f"sample:{number}" for number in range(1, len(given.rows) + 1)], dtype=pl.String)
    lab, original = given.rows["laboratory"].to_list(), given.rows["original"].to_list()
    frame = given.rows.with_columns(
        sample_id=ids,
        laboratory=pl.Series([labs[one].name if one >= 0 else CERTIFICATE for one in lab]),
        method=pl.Series([labs[one].method if one >= 0 else "certified values" for one in lab]),
        duplicate_of=pl.Series([ids[one] if one >= 0 else None for one in original], dtype=pl.String),
    )
    return Sample.validate(frame.select(Sample.column_names()), cast=True)


def measurement_frame(config: WorldConfig, given: Batch, sample_ids: pl.Series) -> pl.DataFrame:
    """All measurements, analytes in the order of the parameters and ratios last."""
    parts = [_elements(config, given), _ratios(config, given)]
    whole = pl.concat(parts).sort("row", "order")
    whole = whole.with_columns(sample_id=sample_ids.gather(whole["row"].cast(pl.UInt32)))
    return Measurement.validate(whole.select(Measurement.column_names()), cast=True)


def _elements(config: WorldConfig, given: Batch) -> pl.DataFrame:
    parameters, rng = config.samples, config.chance("samples", "measuring")
    labs = [*parameters.laboratories, _certifier(parameters)]
    lab, medium = given.rows["laboratory"].to_numpy(), given.rows["medium"]
    is_water = (medium == "river_water").to_numpy()
    names, elements = list(parameters.elements), parameters.elements.values()
    bias = np.array([[one.bias_sd] for one in labs]) * rng.standard_normal((len(labs), len(names)))
    recovered = np.array([[one.recovered.get(name, 1.0) for name in names] for one in labs])
    limit = np.where(is_water[:, None], [one.limit_ug_l for one in elements], [one.limit_mg_kg for one in elements])
    limit = limit * np.array([one.limit_factor for one in labs])[lab][:, None]
    precision = np.array([one.precision for one in labs])[lab][:, None]
    faults, floor = rng.standard_normal((2, *given.true.value.shape))
    seen = given.true.value * np.exp(bias[lab] + precision * faults) * np.where(is_water[:, None], 1.0, recovered[lab])
    found = (seen + limit / 3 * floor * (lab >= 0)[:, None]).clip(max=1e6)
    censored = found < limit
    sd = np.hypot(np.where(censored, 0.0, precision * found), limit / 3)
    factor, unit = _units(labs, names, lab, is_water)
    row, column = np.nonzero(_measured(labs, names, lab, medium))
    at = row, column
    return pl.DataFrame(
        {
            "row": row,
            "order": column,
            "analyte": np.array(names)[column],
            "value": rounded(np.where(censored, limit, found)[at] * factor[at], DIGITS),
            "unit": unit[at],
            "sd": rounded(sd[at] * factor[at], DIGITS),
            "detection_limit": rounded(limit[at] * factor[at], DIGITS),
            "is_censored": censored[at],
        }
    )


def _certifier(parameters: Samples) -> Laboratory:
    """States true values, of which it is nearly sure; stands last, where number -1 finds it."""
    limits = min(one.limit_factor for one in parameters.laboratories)
    return Laboratory(CERTIFICATE, "certified values", CERTIFIED_SD, 0.0, limits / 10, CERTIFIED_SD / 100)


def _measured(labs: list[Laboratory], names: list[str], lab: Ints, medium: pl.Series) -> Mask:
    """Which analytes [sample, analyte] are asked for."""
    able = np.array([[not one.analytes or name in one.analytes for name in names] for one in labs])[lab]
    no_cyanide = medium.is_in(WITHOUT_CYANIDE).to_numpy()
    return np.asarray(able & ~(no_cyanide[:, None] & (np.array(names) == "CN")))


def _units(
    labs: list[Laboratory], names: list[str], lab: Ints, is_water: Mask
) -> tuple[Floats, np.ndarray[tuple[int, ...], np.dtype[np.str_]]]:
    """Factor from mg/kg or ug/L, and the unit, [sample, analyte]."""
    solid = np.array([[one.units.get(name, "mg/kg") for name in names] for one in labs])[lab]
    unit = np.where(is_water[:, None], "ug/L", solid)
    factor = np.ones(unit.shape)
    for name, size in UNIT_FACTORS.items():
        factor[unit == name] = size
    return factor, unit


def _ratios(config: WorldConfig, given: Batch) -> pl.DataFrame:
    """Lead isotope ratios of solids; the errors of one sample's ratios go together, as mass bias makes them."""
    parameters, rng = config.samples, config.chance("samples", "isotopes")
    precisions = [one.isotope_precision or np.nan for one in parameters.laboratories]
    precision = np.array([*precisions, CERTIFIED_SD / 100])[given.rows["laboratory"].to_numpy()]
    solid = ~given.rows["medium"].is_in(["river_water", "blank"]).to_numpy()
    chosen = solid & np.isfinite(precision) & (rng.random(len(solid)) < parameters.isotope_share)
    row = np.flatnonzero(chosen | (given.rows["laboratory"] == -1).to_numpy())
    bias = rng.standard_normal((len(precisions) + 1, 1))[given.rows["laboratory"].to_numpy()[row]]
    together, own = rng.standard_normal((len(row), 1)), rng.standard_normal((len(row), len(RATIOS)))
    fault = ISOTOPE_BIAS * (bias + together) + (1 - ISOTOPE_BIAS) * own
    ratio = given.true.lead[row] * np.exp(precision[row, None] * fault)
    return pl.DataFrame(
        {
            "row": np.repeat(row, len(RATIOS)),
            "order": np.tile(np.arange(len(RATIOS)) + len(parameters.elements), len(row)),
            "analyte": RATIOS * len(row),
            "value": rounded(ratio.ravel(), RATIO_DIGITS),
            "unit": ["ratio"] * (len(RATIOS) * len(row)),
            "sd": rounded((ratio * precision[row, None]).ravel(), 2),
            "detection_limit": [None] * (len(RATIOS) * len(row)),
            "is_censored": [False] * (len(RATIOS) * len(row)),
        },
        schema_overrides={"detection_limit": pl.Float64},
    )


def rounded(values: Floats, digits: int) -> Floats:
    """To significant digits."""
    size = 10.0 ** (np.floor(np.log10(np.maximum(np.abs(values), 1e-300))) - digits + 1)
    return np.asarray(np.rint(values / size) * size)
