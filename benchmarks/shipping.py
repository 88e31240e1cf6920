"""Ten million AIS messages in order of arrival: identity check, sort and silences, beside plain Polars."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from benchmarks.measuring import TIMES, extra_bytes, in_turn, megabytes
from benchmarks.report import Section, Table
from benchmarks.setting import Setting
from models.shipping.gaps import silences
from models.shipping.rules import HOUR_S, RULES

MESSAGES = 10_000_000
SHIPS = 14_000
SHARED = 40
"""Identities under which two ships send."""
DAYS = 2
START = int(datetime(2024, 10, 1, tzinfo=UTC).timestamp())
WAYS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {}


def run(setting: Setting) -> Section:
    """Gaps of ten million messages; the quick form has a twentieth."""
    count = MESSAGES // (20 if setting.quick else 1)
    frame = messages(count)
    shared = frame.group_by("sender").agg(ships=pl.col("ship").n_unique()).filter(pl.col("ships") > 1)["sender"]
    frame = frame.drop("ship")
    found = {name: way(frame) for name, way in WAYS.items()}
    _check(found, shared)
    times = in_turn({name: lambda way=way: way(frame) for name, way in WAYS.items()}, setting.rounds)  # type: ignore[misc]
    with TemporaryDirectory() as folder:
        frame.write_parquet(Path(folder) / "messages.parquet")
        memory = {name: extra_bytes(_loaded, folder, name) for name in WAYS}
    false = {name: gaps.filter(pl.col("sender").is_in(shared.implode())).height for name, gaps in found.items()}
    rows = [
        [name, *times[name].cells(), megabytes(memory[name]), f"{gaps.height:,}", f"{false[name]:,}"]
        for name, gaps in found.items()
    ]
    columns = ("way", *TIMES, "extra MB at peak", "gaps", "on shared identities")
    lead = f"{count:,} messages of {SHIPS:,} identities in order of arrival, {len(shared)} of them shared by two ships."
    remarks = [
        "All start from a frame of sender, time, longitude and latitude, and sort it themselves.",
        "Gaps of identities that nobody shares are the same in all ways; checked in this run.",
        "Plain Polars compares each message with the one before under the same identity: of shared ones it says less "
        "than there is, since two ships fill each other's silences.",
    ]
    return Section("shipping", "Identity check and silences of AIS messages", [Table(lead, columns, rows, remarks)])


def messages(count: int, seed: int = 7) -> pl.DataFrame:
    """Ships that sail, rest and fall silent: sender, time, lon, lat, ship; messages arrive up to an hour late."""
    chance = np.random.default_rng(seed)
    ships = SHIPS + SHARED
    each = -(-count * 21 // (20 * ships))
    ship = np.repeat(np.arange(ships, dtype=np.int64), each)
    span = DAYS * 86_400
    seconds = np.sort(chance.integers(0, span, (ships, each)), axis=1).ravel()
    silent = np.flatnonzero(chance.random(ships) < 0.15)
    begin, hours = chance.uniform(0, 0.6 * span, len(silent)), chance.uniform(2, 14, len(silent))
    starts, ends = np.full(ships, -1.0), np.full(ships, -1.0)
    starts[silent], ends[silent] = begin, begin + hours * HOUR_S
    heard = ~((seconds > starts[ship]) & (seconds < ends[ship]))
    kept = np.sort(chance.permutation(np.flatnonzero(heard))[:count])
    ship, seconds = ship[kept], seconds[kept]
    lon, lat = chance.uniform(-170, 170, ships), chance.uniform(-60, 60, ships)
    kn = np.where(chance.random(ships) < 0.4, 0.0, chance.uniform(6, 18, ships))
    north = lat[ship] + np.sin(ship) * kn[ship] * seconds / HOUR_S / 60
    east = lon[ship] + np.cos(ship) * kn[ship] * seconds / HOUR_S / 60 / np.cos(np.radians(lat[ship]))
    north += chance.normal(0, 5e-5, len(ship))
    mmsi = np.sort(chance.choice(575_000_000, SHIPS, replace=False)) + 201_000_000
    sender = mmsi[np.where(ship < SHIPS, ship, ship - SHIPS)]
    late = np.where(
        chance.random(len(ship)) < 0.05, chance.exponential(1_200, len(ship)), chance.exponential(4, len(ship))
    )
    arrival = np.argsort(seconds + late, kind="stable")
    frame = pl.DataFrame({"sender": sender, "seconds": seconds + START, "lon": east, "lat": north, "ship": ship})
    time = pl.from_epoch("seconds", time_unit="s").cast(pl.Datetime("us"))
    return frame[arrival].select("sender", time.alias("time"), "lon", "lat", "ship").rechunk()


def ours(frame: pl.DataFrame) -> pl.DataFrame:
    """The product's way."""
    seconds = frame["time"].to_physical().to_numpy() // 1_000_000
    found = silences(frame["sender"].to_numpy(), seconds, frame["lon"].to_numpy(), frame["lat"].to_numpy())
    time = {name: pl.from_epoch(f"{name}_s", time_unit="s").cast(pl.Datetime("us")) for name in ("began", "ended")}
    return found.select("sender", **time)


def gaps_only(frame: pl.DataFrame) -> pl.DataFrame:
    """Polars: sort, the time before, and gaps; no identity check."""
    before = pl.col("time").shift(1).over("sender", mapping_strategy="group_to_rows")
    rows = frame.lazy().sort("sender", "time").with_columns(before=before)
    long = pl.col("time") - pl.col("before") >= pl.duration(hours=RULES.gap_hours)
    return rows.filter(long).select("sender", began="before", ended="time").collect()


def gaps_and_jumps(frame: pl.DataFrame) -> pl.DataFrame:
    """Polars: the same with the speed of each step (haversine); gaps of identities with a jump are left out."""
    names = ("time", "lon", "lat")
    rows = (
        frame.lazy()
        .sort("sender", "time")
        .with_columns(pl.col(name).shift(1).over("sender").alias(f"{name}_before") for name in names)
    )
    east, north = (pl.col(name).radians() - pl.col(f"{name}_before").radians() for name in ("lon", "lat"))
    half = (north / 2).sin() ** 2 + pl.col("lat").radians().cos() * pl.col("lat_before").radians().cos() * (
        (east / 2).sin() ** 2
    )
    km = 2 * 6371.0 * half.sqrt().arcsin()
    hours = (pl.col("time") - pl.col("time_before")).dt.total_seconds() / HOUR_S
    jump = (km > RULES.jump_km) & (km > RULES.fastest_kn * 1.852 * hours)
    marked = rows.with_columns(jumps=jump, hours=hours).filter(pl.col("jumps") | (pl.col("hours") >= RULES.gap_hours))
    few = marked.collect()
    jumping = few.filter("jumps")["sender"].unique()
    long = few.filter(pl.col("hours") >= RULES.gap_hours, ~pl.col("sender").is_in(jumping.implode()))
    return long.select("sender", began="time_before", ended="time")


WAYS |= {
    "ours: identities and gaps": ours, "Polars: gaps alone": gaps_only, "Polars: jumps and gaps": gaps_and_jumps,
}  # fmt: skip


def _check(found: dict[str, pl.DataFrame], shared: pl.Series) -> None:
    """All ways agree where one ship sends."""
    clean = [
        gaps.filter(~pl.col("sender").is_in(shared.implode()))
        .select("sender", "began", "ended")
        .sort("sender", "began")
        for gaps in found.values()
    ]
    for name, other in zip(found, clean, strict=True):
        if not other.equals(clean[0]):
            raise AssertionError(f"{name} finds other gaps on identities that nobody shares")


def _loaded(folder: str, name: str) -> Callable[[], object]:
    """In a process of its own: the messages, and the way as an action."""
    frame = pl.read_parquet(Path(folder) / "messages.parquet").rechunk()
    return lambda: WAYS[name](frame)
