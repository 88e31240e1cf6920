from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.parameters.samples import Samples
from models.world.samples.geology import Geology
from models.world.samples.releases import SOIL_TO_RIVER, mercury_ratio, outcrops, releases
from models.world.tables import Deposit, Site, SiteMonth
from tests.models.world.lands import small

NAMES = list(Samples().elements)
HG, AU, CN, AS = (NAMES.index(one) for one in ("Hg", "Au", "CN", "As"))
CONFIG = WorldConfig(1, samples=Samples(mercury_sd=0.0))
GRADE, ORE_AS = 1e-5, 1000.0


def world(family="gold", host="orogenic_vein", kind="illegal", processing="mercury"):
    """One deposit in the middle of the land, one site on it, two months of work in one year and one in the next."""
    ground = small()
    lon, lat = ground.terrain.centre_of(int(np.argmax(ground.terrain.elevation_m)))
    common = {"family": [family], "country": ["XAA"], "lon": [float(lon)], "lat": [float(lat)]}
    deposits = pl.DataFrame(
        {
            "deposit_id": ["deposit:1"],
            "host": [host],
            "contained_kg": [1e6],
            "grade": [GRADE],
            "reach_id": [None],
            **common,
        }
    )
    sites = pl.DataFrame(
        {
            "site_id": ["zone:1"], "kind": [kind], "deposit_id": ["deposit:1"], "opened": [date(2019, 1, 1)],
            "closed": [None], "permit_id": [None], "in_protected": [False], "processing": [processing], **common,
        }
    )  # fmt: skip
    months = pl.DataFrame(
        {
            "site_id": ["zone:1"] * 3, "month": [date(2019, 5, 1), date(2019, 6, 1), date(2020, 1, 1)],
            "lon": [float(lon)] * 3, "lat": [float(lat)] * 3, "area_ha": [10.0, 30.0, 50.0],
            "new_area_ha": [10.0, 20.0, 20.0], "contained_kg": [4.0, 5.0, 1.0],
        }
    )  # fmt: skip
    cells = ground.terrain.elevation_m.size
    ore = np.zeros((1, len(NAMES)))
    ore[0, AU], ore[0, AS] = np.log(GRADE * 1e6), np.log(ORE_AS)
    rocks = Geology(tuple(NAMES), np.zeros((cells, len(NAMES))), np.full((cells, 3), 17.0), ore, np.full((1, 3), 19.0))
    return (
        replace(ground, deposits=Deposit.validate(deposits, cast=True)),
        Site.validate(sites, cast=True),
        SiteMonth.validate(months, cast=True),
        rocks,
    )


def released(**what):
    ground, sites, months, rocks = world(**what)
    return releases(CONFIG, ground, sites, months, rocks)


def test_fines_and_soil_by_year():
    parameters, found = CONFIG.samples, released()
    assert found.year.tolist() == [2019, 2020]
    # 9 kg at 10 g/t and a recovery of 0.45 are 2000 t of rock; 20 ha were open on average.
    rock, soil = 2_000.0, 20.0 * parameters.open_ground_t_ha
    assert found.sediment_t[0] == pytest.approx(rock * parameters.tailings_lost["illegal"] + soil)
    assert found.water_m3[0] == pytest.approx(rock * parameters.process_water_m3_t)


def test_fines_are_ore_without_the_metal_that_was_won():
    parameters, found = CONFIG.samples, released()
    fines = 2_000.0 * parameters.tailings_lost["illegal"]
    soil = 20.0 * parameters.open_ground_t_ha
    ore_soil = soil * parameters.ore_in_open_ground
    plain = soil - ore_soil  # 1 mg/kg of everything
    gold = fines * GRADE * 1e6 * (1 - parameters.recovery["mercury"]) + ore_soil * GRADE * 1e6 + plain
    assert found.content_g[0, AU] == pytest.approx(gold)
    assert found.content_g[0, AS] == pytest.approx((fines + ore_soil) * ORE_AS + plain)


def test_mercury_goes_with_the_gold_that_was_won():
    parameters, found = CONFIG.samples, released()
    assert found.added_g[:, HG] == pytest.approx(
        np.array([9e3, 1e3]) * parameters.mercury_per_gold * parameters.mercury_to_river
    )
    assert found.added_g[:, CN].tolist() == [0.0, 0.0]


def test_cyanide_goes_with_the_rock_that_was_leached():
    parameters, found = CONFIG.samples, released(processing="cyanide")
    rock = 9.0 / (GRADE * parameters.recovery["cyanide"]) / 1e3
    expected = rock * parameters.cyanide_kg_t * parameters.cyanide_lost["illegal"] * 1e3
    assert found.added_g[0, CN] == pytest.approx(expected)
    assert found.added_g[:, HG].tolist() == [0.0, 0.0]


def test_permitted_mines_let_less_go():
    legal, illegal = released(kind="legal_mine"), released()
    assert legal.sediment_t[0] < illegal.sediment_t[0] * max(SOIL_TO_RIVER["legal_mine"], 0.2)


def test_felling_lets_only_soil_of_fresh_ground_go():
    found = released(family="timber", host="rain_forest", processing="none")
    assert found.sediment_t[0] == pytest.approx(30.0 * CONFIG.samples.open_ground_t_ha)
    assert found.content_g[0] == pytest.approx(np.full(len(NAMES), found.sediment_t[0]))


def test_lead_carries_the_ratios_of_its_parts():
    found = released()
    ratios = found.lead_g[:, 1:] / found.lead_g[:, :1]
    assert (ratios > 17).all()
    assert (ratios < 19).all()


def test_outcrops_are_ore_and_forests_have_none():
    ground, _, _, rocks = world()
    natural = outcrops(CONFIG, ground, rocks)
    assert natural.year.tolist() == [0]
    assert natural.content_g[0, AS] == pytest.approx(natural.sediment_t[0] * ORE_AS)
    ground, _, _, rocks = world(family="timber", host="rain_forest")
    assert outcrops(CONFIG, ground, rocks).sediment_t.tolist() == [0.0]


def test_only_amalgamation_uses_mercury():
    sites = pl.DataFrame({"processing": ["mercury", "cyanide", "gravity", "none"]})
    assert mercury_ratio(CONFIG, sites).tolist() == [CONFIG.samples.mercury_per_gold, 0.0, 0.0, 0.0]
