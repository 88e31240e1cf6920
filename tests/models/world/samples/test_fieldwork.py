from functools import cache

import numpy as np
import polars as pl

from models.world.config import WorldConfig
from models.world.land.drainage import first_below
from models.world.land.rivers import channels
from models.world.samples.basins import basins
from models.world.samples.fieldwork import SCHEMA, fieldwork
from models.world.samples.geology import geology
from tests.models.world.lands import small
from tests.models.world.samples.worlds import dug

CONFIG = WorldConfig.sized("small", 1)


@cache
def taken():
    """What is taken, and the way of each river sample to the sea."""
    ground, mined = small(), dug()
    streams = channels(CONFIG, ground.terrain)
    flow = basins(CONFIG, ground, streams, geology(CONFIG, ground, streams))
    return fieldwork(CONFIG, ground, mined.sites, mined.site_months, streams, flow), flow, streams


def test_samples_are_taken_in_the_world_s_years_where_there_is_land():
    rows, _, _ = taken()
    assert rows.schema == pl.Schema(SCHEMA)
    assert set(rows["collected"].dt.year()) <= set(CONFIG.years)
    assert rows.filter(pl.col("medium").str.starts_with("river"))["cell"].min() >= 0
    assert set(rows.filter(pl.col("medium") == "ore")["cell"]) == {-1}


def test_sediment_and_water_come_from_the_same_bank_and_day():
    rows, _, _ = taken()
    both = [rows.filter(medium=one).select("cell", "collected", "site").sort(pl.all()) for one in
            ("river_sediment", "river_water")]  # fmt: skip
    assert both[0].equals(both[1])


def test_beside_a_site_the_river_is_sampled_above_and_below_while_it_works():
    rows, flow, streams = taken()
    ground, sites, months = small(), dug().sites, dug().site_months
    beside = rows.filter(pl.col("medium") == "river_water", pl.col("site") >= 0)
    cell = ground.terrain.cell_of(sites["lon"].to_numpy(), sites["lat"].to_numpy())
    entry = first_below(ground.terrain.downstream, streams.is_river)[cell]
    worked = set(months.select("site_id", pl.col("month").dt.strftime("%Y-%m")).iter_rows())
    above, below = 0, 0
    for row in beside.iter_rows(named=True):
        assert (sites["site_id"][row["site"]], row["collected"].strftime("%Y-%m")) in worked
        start = entry[row["site"]]
        if flow.to_sea_km[row["cell"]] > flow.to_sea_km[start]:
            assert ground.terrain.downstream[row["cell"]] == start
            above += 1
        else:
            below += 1
    assert above > 10
    assert below > above


def test_amalgam_comes_from_small_sites_that_use_mercury():
    rows, _, _ = taken()
    sites = dug().sites
    amalgam = rows.filter(medium="amalgam")
    assert len(amalgam) > 5
    assert set(sites["processing"][amalgam["site"].to_list()]) == {"mercury"}
    residues = rows.filter(pl.col("medium").is_in(["amalgam", "sponge_gold", "tailings"]))
    assert "legal_mine" not in set(sites["kind"][residues["site"].to_list()].cast(pl.String))
    own = np.array(sites["deposit_id"])[residues["site"].to_numpy()]
    assert small().deposits["deposit_id"].to_numpy()[residues["deposit"].to_numpy()].tolist() == own.tolist()
