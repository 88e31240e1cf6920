from datetime import date

import numpy as np
import polars as pl
import pytest

from models.world.config import WorldConfig
from models.world.land.rivers import channels
from models.world.parameters.samples import Samples
from models.world.samples.basins import Basins
from models.world.samples.geology import Geology
from models.world.samples.mixing import inflow, river_shares, rivers, seasons
from models.world.samples.releases import Releases
from tests.models.world.lands import by_hand

NAMES = list(Samples().elements)
COUNT = len(NAMES)
HG, AU, PB = (NAMES.index(one) for one in ("Hg", "Au", "Pb"))
CONFIG = WorldConfig(1, samples=Samples(grab_sd=0.0, season_swing=0.0))
VALLEY = by_hand(
    [
        [-1, -1, -1, -1, -1, -1, -1],
        [-1, 20, 20, 20, 20, 20, -1],
        [-1, 20, 9, 7, 5, 3, -1],
        [-1, 20, 20, 20, 20, 20, -1],
        [-1, -1, -1, -1, -1, -1, -1],
    ]
)
"""One river from west to east, whose rims drain into the sea."""
A, B, C, D = 16, 17, 18, 19
STREAMS = channels(CONFIG, VALLEY)
OWN = f"background:{STREAMS.reach[A]}"
CELLS = 35
ROCKS = Geology(tuple(NAMES), np.zeros((CELLS, COUNT)), np.ones((CELLS, 3)), np.zeros((1, COUNT)), np.ones((1, 3)))


def background():
    """A tonne of sediment and ten m3 of water more in each cell down; 1 mg/kg of every analyte, 1 mg in ten m3."""
    tonnes, to_sea = np.zeros(CELLS), np.zeros(CELLS)
    tonnes[A : D + 1], to_sea[A : D + 1] = [1.0, 2.0, 3.0, 4.0], [300.0, 200.0, 100.0, 0.0]
    lead = tonnes[:, None] * [1.0, 17.0, 15.0, 36.0]
    grams = np.repeat(tonnes[:, None], COUNT, axis=1)
    return Basins(tonnes, grams, lead, tonnes * 10, grams / 1e3, to_sea)


def site(cell, tonnes=4.0, grams=100.0, added=0.0, year=2020, name="zone:XAA:1", lead=0.0):
    content, extra = np.full((1, COUNT), grams), np.zeros((1, COUNT))
    extra[0, HG] = added
    return Releases(
        [name], np.array([cell]), np.array([year]), np.array([tonnes]), content, extra,
        np.array([[1.0, 19.0, 16.0, 38.0]]) * lead, np.array([5.0]),
    )  # fmt: skip


def taken(*cells, medium="river_sediment", year=2020):
    return pl.DataFrame(
        {
            "medium": [medium] * len(cells),
            "collected": [date(year, 6, 1)] * len(cells),
            "lat": [0.0] * len(cells),
            "cell": list(cells),
        }
    )


def mixed(rows, source, flow=None):
    return rivers(CONFIG, VALLEY, rows, flow or background(), ROCKS, source)


def test_a_mixture_is_weighted_by_tonnes():
    contents, _ = mixed(taken(D), site(B, tonnes=4.0, grams=100.0))
    dissolved = CONFIG.samples.elements["Au"].dissolved
    # (4 t * 1 mg/kg + 100 g less what stays dissolved) / (4 t + 4 t)
    assert contents.value[0, AU] == pytest.approx((4 + 100 * (1 - dissolved)) / 8)


def test_above_a_site_only_the_background_is_seen():
    contents, pairs = mixed(taken(A, B, C), site(B))
    assert contents.value[0] == pytest.approx(np.ones(COUNT))
    assert (contents.value[1:, AU] > 5).all()
    assert pairs.sample.tolist() == [1, 2]


def test_a_site_counts_in_its_own_year_only():
    contents, _ = mixed(taken(D, year=2019), site(B))
    assert contents.value[0, AU] == pytest.approx(1.0)
    always, _ = mixed(taken(D, year=2019), site(B, year=0))
    assert always.value[0, AU] > 5


def test_mercury_fades_down_the_river_and_gold_does_not():
    source = site(A, tonnes=0.0, grams=0.0, added=100.0)
    pairs = inflow(CONFIG.samples, VALLEY, background(), np.array([A, D]), np.array([2020, 2020]), source)
    assert pairs.fade[:, HG] == pytest.approx([1.0, np.exp(-300.0 / CONFIG.samples.fade_km["Hg"])])
    assert pairs.fade[:, AU] == pytest.approx([1.0, 1.0])
    contents, _ = mixed(taken(A, D), source)
    kept = 1 - CONFIG.samples.elements["Hg"].dissolved
    assert contents.value[:, HG] == pytest.approx([1 + 100 * kept, (4 + 100 * kept * np.exp(-1.0)) / 4])


def test_water_holds_what_stays_dissolved():
    contents, _ = mixed(taken(D, medium="river_water"), site(B, grams=100.0))
    dissolved = CONFIG.samples.elements["Hg"].dissolved
    # Background: 4 mg/1000 in 40 m3 of water; site: 5 m3. Grams in m3 to ug/L: times 1000.
    assert contents.value[0, HG] == pytest.approx((4e-3 + 100 * dissolved) / 45 * 1e3)


def test_lead_of_a_mixture_is_weighted_by_lead():
    contents, _ = mixed(taken(D), site(B, lead=4.0))
    assert contents.lead[0] == pytest.approx([18.0, 15.5, 37.0])


def test_shares_are_those_of_the_tonnes():
    source, rows = site(B, tonnes=4.0), taken(A, D)
    _, pairs = mixed(rows, source)
    shares = river_shares(CONFIG.samples, STREAMS, rows, background(), source, pairs)
    assert shares.rows() == [(0, OWN, 1.0), (1, OWN, 0.5), (1, "zone:XAA:1", 0.5)]


def test_background_is_most_in_local_summer_and_sediment_swings_more_than_water():
    rows = pl.DataFrame(
        {
            "medium": ["river_water", "river_sediment", "river_water", "river_water"],
            "collected": [date(2020, 7, 16), date(2020, 7, 16), date(2020, 7, 16), date(2020, 1, 15)],
            "lat": [10.0, 10.0, -10.0, -10.0],
        }
    )
    swing = Samples(season_swing=0.5, season_power=2.0)
    assert seasons(swing, rows).tolist() == pytest.approx([1.5, 2.25, 0.5, 1.5], rel=1e-3)


def test_background_is_shared_among_reaches_above():
    sea, rim = [-1] * 6, [-1, 30, 30, 30, 30, -1]
    land = by_hand([sea, rim, [-1, 30, 9, 30, 30, -1], [-1, 30, 30, 5, 3, -1], [-1, 30, 9, 30, 30, -1], rim, sea])
    streams = channels(CONFIG, land)
    size = len(streams.area_km2)
    flow = Basins(
        streams.area_km2, np.ones((size, COUNT)), np.ones((size, 4)), streams.area_km2, np.ones((size, COUNT)),
        np.zeros(size),
    )  # fmt: skip
    mouth = int(np.argmax(streams.area_km2))
    source = site(mouth, tonnes=0.0, year=1900)
    rows = taken(mouth)
    pairs = inflow(CONFIG.samples, land, flow, np.array([mouth]), np.array([2020]), source)
    shares = river_shares(CONFIG.samples, streams, rows, flow, source, pairs)
    assert shares["share"].sum() == pytest.approx(1.0)
    above = {f"background:{one}" for one in range(len(streams.heads)) if leads_to(streams, one, streams.reach[mouth])}
    assert set(shares["source_id"]) == above
    assert len(above) > 2
    cells = sum(streams.reach == streams.reach[mouth])
    assert cells == 2  # where the arms meet, and the mouth
    own = shares.filter(source_id=f"background:{streams.reach[mouth]}")["share"].item()
    assert own == pytest.approx(2 * 12_360 / streams.area_km2[mouth], rel=0.01)


def leads_to(streams, reach, wanted):
    while reach >= 0 and reach != wanted:
        reach = streams.downstream[reach]
    return reach == wanted
