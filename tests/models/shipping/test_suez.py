"""The real queue at Suez: 256 ships with positions alone, no speed, no name."""

from pathlib import Path

import polars as pl
import pytest

from tests.models.shipping.worlds import POSITION, places, whole

pytestmark = pytest.mark.realdata
BOX = {"lon": (31.8, 33.0), "lat": (29.5, 32.0)}


@pytest.fixture(scope="module")
def queue(real_data: Path) -> pl.DataFrame:
    raw = pl.read_csv(real_data / "transport" / "ais_evergiven_boat_positions.csv")
    rows = raw.select(
        sender=pl.col("ID").cast(pl.Int64),
        time=pl.col("ais_pos_timestamp").str.to_datetime("%d/%m/%Y %H:%M", time_unit="us", time_zone="UTC"),
        lon=pl.col("longitude"),
        lat=pl.col("latitude"),
    ).unique(["sender", "time"], keep="first", maintain_order=True).sort("sender", "time")  # fmt: skip
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in POSITION.items() if name not in rows.columns]
    return rows.with_columns(missing).select(*POSITION)


@pytest.fixture(scope="module")
def shore(real_data: Path) -> pl.DataFrame:
    """Anchorages and ports near the canal, as their lists give them."""
    folder = real_data / "transport"
    cells = pl.read_csv(folder / "gfw_anchorage_overrides.csv").select(
        place=pl.format("anchorage:gfw:{}", "s2id"), kind=pl.lit("anchorage"), lon="longitude", lat="latitude"
    ).unique("place", keep="first", maintain_order=True)  # fmt: skip
    ports = pl.read_csv(folder / "world_port_index.csv", infer_schema=False).select(
        place=pl.format("port:wpi:{}", "World Port Index Number"), kind=pl.lit("port"),
        lon=pl.col("Longitude").cast(pl.Float64), lat=pl.col("Latitude").cast(pl.Float64),
    ).unique("place", keep="first", maintain_order=True)  # fmt: skip
    near = pl.concat([cells, ports]).filter(*(pl.col(name).is_between(*ends) for name, ends in BOX.items()))
    return places(*near.select("place", "kind", "lon", "lat").rows())


def test_ships_that_wait_in_the_queue_do_not_meet(queue: pl.DataFrame, shore: pl.DataFrame) -> None:
    found = whole(queue, shore)
    assert queue["sender"].n_unique() == 256
    assert found.vessels.filter(~pl.col("is_split")).height > 240
    assert found.port_calls.height > 100
    assert found.vessel_events.filter(pl.col("kind") == "encounter").is_empty()
