from datetime import date

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.parameters.samples import Samples
from models.world.samples.laboratory import CERTIFICATE, batch, measurement_frame, rounded, sample_frame
from models.world.samples.mixing import Contents

CONFIG = WorldConfig(1)
NAMES = list(Samples().elements)
ROWS = 400


def reported(medium="ore", mg_kg=100.0, config=CONFIG):
    """Samples and measurements of many grains of the same material."""
    taken = pl.DataFrame(
        {
            "medium": [medium] * ROWS,
            "collected": [date(2020, 1, 1)] * ROWS,
            "lon": [1.0] * ROWS,
            "lat": [2.0] * ROWS,
        }
    )
    contents = Contents(np.full((ROWS, len(NAMES)), mg_kg), np.tile([18.0, 15.6, 38.0], (ROWS, 1)))
    given = batch(config, taken, contents)
    samples = sample_frame(config, given)
    measured = measurement_frame(config, given, samples["sample_id"])
    return samples, measured.join(samples, on="sample_id")


def lab(number):
    return Samples().laboratories[number]


def test_a_laboratory_scatters_around_its_bias_by_its_precision():
    _, measured = reported()
    copper = measured.filter(analyte="Cu", laboratory=lab(0).name, medium="ore")["value"].log()
    assert copper.std() == pytest.approx(lab(0).precision, rel=0.2)
    assert abs(copper.mean() - np.log(100.0)) < 4 * lab(0).bias_sd


def test_a_weak_digestion_misses_what_it_cannot_dissolve():
    _, measured = reported()
    tantalum = measured.filter(analyte="Ta", medium="ore").group_by("laboratory").agg(pl.col("value").median())
    by_lab = dict(tantalum.iter_rows())
    assert by_lab[lab(0).name] == pytest.approx(100, rel=0.15)
    assert by_lab[lab(1).name] == pytest.approx(10, rel=0.2)


def test_below_the_limit_the_limit_is_reported_and_marked():
    _, measured = reported(mg_kg=1e-9)
    ores = measured.filter(pl.col("medium") == "ore", pl.col("detection_limit").is_not_null())
    assert ores["is_censored"].mean() > 0.99
    censored = ores.filter("is_censored")
    assert (censored["value"] == censored["detection_limit"]).all()
    _, rich = reported(mg_kg=5e4)
    assert not rich.filter(medium="ore")["is_censored"].any()


def test_limits_are_those_of_the_laboratory_and_the_unit():
    _, measured = reported()
    gold = (
        measured.filter(analyte="Au", medium="ore").group_by("laboratory", "unit").agg(pl.col("detection_limit").max())
    )
    base = Samples().elements["Au"].limit_mg_kg
    found = {laboratory: (unit, limit) for laboratory, unit, limit in gold.iter_rows()}
    assert found[lab(0).name] == ("mg/kg", pytest.approx(base))
    assert found[lab(1).name] == ("ug/kg", pytest.approx(base * 2 * 1000))
    assert lab(3).name not in found  # X-rays see no gold


def test_iron_in_percent():
    _, measured = reported(mg_kg=50_000.0)
    iron = measured.filter(analyte="Fe", medium="ore", laboratory=lab(2).name)
    assert set(iron["unit"]) == {"%"}
    assert iron["value"].median() == pytest.approx(5.0, rel=0.3)


def test_water_is_in_micrograms_and_never_goes_to_the_field_unit():
    samples, measured = reported("river_water")
    water = measured.filter(medium="river_water")
    assert set(water["unit"]) == {"ug/L"}
    assert lab(3).name not in set(samples.filter(medium="river_water")["laboratory"])
    assert "CN" in set(water["analyte"])
    assert not water["analyte"].str.starts_with("Pb2").any()


def test_isotopes_come_from_laboratories_that_can_and_their_errors_go_together():
    _, measured = reported()
    ratios = measured.filter(pl.col("unit") == "ratio", pl.col("medium") == "ore")
    assert set(ratios["laboratory"]) == {lab(0).name, lab(1).name}
    own = ratios.filter(laboratory=lab(1).name).pivot("analyte", index="sample_id", values="value")
    first, third = (own[name].to_numpy() for name in ("Pb206/Pb204", "Pb208/Pb204"))
    assert first.mean() == pytest.approx(18.0, rel=4 * 0.002)
    assert np.corrcoef(first, third)[0, 1] > 0.3
    assert not ratios["is_censored"].any()
    assert ratios["detection_limit"].null_count() == len(ratios)


def test_duplicates_hold_the_same_material_and_point_at_their_original():
    samples, _ = reported()
    twice = samples.filter(pl.col("duplicate_of").is_not_null())
    assert len(twice) == round(Samples().duplicates * ROWS)
    both = twice.join(samples, left_on="duplicate_of", right_on="sample_id", suffix="_first")
    assert len(both) == len(twice)
    assert (both["medium"] == both["medium_first"]).all()
    assert 0.1 < (both["laboratory"] == both["laboratory_first"]).mean() < 0.95


def test_blanks_are_nearly_empty_and_nowhere():
    _, measured = reported()
    blanks = measured.filter(medium="blank")
    assert blanks["sample_id"].n_unique() == round(Samples().blanks * ROWS)
    assert blanks["is_censored"].mean() > 0.9
    assert blanks["lon"].null_count() == len(blanks)


def test_reference_materials_agree_with_their_certificate_within_the_faults_of_a_laboratory():
    _, measured = reported()
    references = measured.filter(medium="reference_material", analyte="Cu", unit="mg/kg")
    truth = dict(references.filter(laboratory=CERTIFICATE).select("reference_material", "value").iter_rows())
    assert set(truth) == set(Samples().reference_materials)
    good = references.filter(laboratory=lab(0).name)
    ratio = good["value"] / good["reference_material"].replace_strict(truth, return_dtype=pl.Float64)
    assert np.abs(np.log(ratio.to_numpy())).max() < 4 * (lab(0).bias_sd + lab(0).precision)
    assert not references.filter(laboratory=CERTIFICATE)["is_censored"].any()


def test_rounding_keeps_significant_digits():
    assert rounded(np.array([123_456.0, 0.0012345, 0.0]), 3).tolist() == pytest.approx([123_000.0, 0.00123, 0.0])
