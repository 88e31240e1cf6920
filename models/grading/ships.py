"""Ships: what an analysis says they did, held against what they did.

Precision is the share of what was said that is true, recall the share of what happened that was said. What counts:

- a port call that began and ended while positions were read and during which two reports or more were heard near the
  place; it is found where a call at the same place overlaps it by half of both together, or has both its ends within
  three hours of its own; a call whose end is not said lasts until the ship's last report;
- a silence of eight hours or more; found where both ends lie within half an hour;
- a meeting at sea of two ships that both sent; found where one of the same two overlaps it by half. A meeting of which
  one side was silent is true too;
- two ships on one identity; found where an `identity_collision` overlaps it by a day;
- a voyage that began and ended while positions were read; found where both places are right and departure within six
  hours.
"""

from collections.abc import Iterator

import polars as pl

from graphs.sphere import distance_km
from models.grading.figures import ALL, Figure, share
from models.grading.ship_capacity import capacities
from models.grading.ship_truth import ShipsFound, ShipTruth, at_standing, plain, vessel_of, window

PART = "ships"
CALLS, SILENCES, MEETINGS, IDENTITIES, VOYAGES = (
    "port calls", "silences", "meetings at sea", "shared identities", "voyages",
)  # fmt: skip
NO_REASON = "none"
REASONS = ("reception", "power_down", "satellite", "unread_day", NO_REASON)
"""What the analysis may name as the ordinary reason of a silence."""
NEAR_KM = 12.0
"""Reports so near to a place are heard of a ship there (models.shipping.rules.leave_km)."""
LEAST_HEARD = 2
SLACK = pl.duration(hours=3)
GAP_SLACK = pl.duration(minutes=30)
DEPARTURE_SLACK = pl.duration(hours=6)
DAY = pl.duration(days=1)


def ships(found: ShipsFound, truth: ShipTruth) -> Iterator[Figure]:
    """Figures of an analysis that read positions."""
    vessel = vessel_of(found.vessels, truth)
    if found.positions.is_empty():
        return
    events = plain(found.vessel_events).filter(pl.col("source") == "ais").join(vessel, on="track_id")
    yield from _calls(found, truth, vessel)
    yield from _silences(events, truth)
    yield from _meetings(events, truth, vessel)
    yield from _identities(events, found, truth)
    yield from _voyages(found, truth, vessel)
    yield from capacities(found, truth)


def _both(kind: str, said: pl.DataFrame, true: pl.DataFrame) -> Iterator[Figure]:
    """Precision and recall of rows with vessel_id and is_hit."""
    yield share((PART, kind, ALL, "precision"), said["is_hit"], said["vessel_id"])
    yield share((PART, kind, ALL, "recall"), true["is_hit"], true["vessel_id"])


def _hits(rows: pl.DataFrame, pairs: pl.DataFrame, number: str) -> pl.DataFrame:
    """Rows with is_hit: whether their number stands in a pair."""
    return rows.with_columns(is_hit=pl.col(number).is_in(pairs[number].implode()))


def _calls(found: ShipsFound, truth: ShipTruth, vessel: pl.DataFrame) -> Iterator[Figure]:
    first, last = window(found.positions)
    heard_last = plain(found.vessels).select("track_id", "last_seen")
    said = plain(found.port_calls).join(vessel, on="track_id").join(heard_last, on="track_id").with_row_index("said")
    said = said.select("said", "vessel_id", "place_id", begin="arrived", end=pl.coalesce("left", "last_seen"))
    true = truth.port_calls.sort("vessel_id", "arrived").with_row_index("true")
    true = true.with_columns(
        begin=pl.col("arrived").clip(lower_bound=first), end=pl.col("left").fill_null(last).clip(upper_bound=last)
    )
    true = at_standing(_heard(true, found, truth), found.places, "place_id")
    pairs = said.join(true.select("true", "vessel_id", "place_id", "begin", "end"), on=["vessel_id", "place_id"])
    together = pl.min_horizontal("end", "end_right") - pl.max_horizontal("begin", "begin_right")
    union = pl.max_horizontal("end", "end_right") - pl.min_horizontal("begin", "begin_right")
    near = _near("begin", SLACK) & _near("end", SLACK)
    pairs = pairs.filter((together * 2 >= union) | near)
    true = _hits(true, pairs, "true")
    whole = true.filter("is_whole")
    is_unheard = whole["heard"] < LEAST_HEARD
    yield from _both(CALLS, _hits(said, pairs, "said"), whole.filter(~is_unheard))
    yield share((PART, CALLS, ALL, "not heard"), is_unheard, whole["vessel_id"])


def _near(column: str, slack: pl.Expr) -> pl.Expr:
    """Whether two times are within a slack of each other."""
    return (pl.col(column) - pl.col(f"{column}_right")).abs() <= slack


def _heard(calls: pl.DataFrame, found: ShipsFound, truth: ShipTruth) -> pl.DataFrame:
    """Calls with the number of reports near the place under an identity of the vessel (`heard`)."""
    own = truth.vessels.select("vessel_id", sender="mmsi")
    lent = truth.collisions.select(vessel_id="other_id", sender="mmsi")
    where = found.places.select("place_id", at_lon="lon", at_lat="lat")
    asked = calls.select("true", "vessel_id", "place_id", "begin", "end").join(where, on="place_id")
    asked = asked.join(pl.concat([own, lent]), on="vessel_id")
    heard = plain(found.positions).filter(pl.col("lon").is_not_null())
    reports = heard.join_where(
        asked,
        pl.col("sender") == pl.col("sender_right"),
        pl.col("time") >= pl.col("begin"),
        pl.col("time") <= pl.col("end"),
        suffix="_right",
    )
    km = distance_km(*(reports[name].to_numpy() for name in ("lon", "lat", "at_lon", "at_lat")))
    counts = reports.filter(pl.Series(km <= NEAR_KM)).group_by("true").agg(heard=pl.len())
    return calls.join(counts, on="true", how="left", maintain_order="left").with_columns(pl.col("heard").fill_null(0))


def _silences(events: pl.DataFrame, truth: ShipTruth) -> Iterator[Figure]:
    said = events.filter(pl.col("kind") == "gap").with_row_index("said")
    said = said.select("said", "vessel_id", "main_cause", begin="began", end="ended")
    true = truth.gaps.sort("vessel_id", "start").with_row_index("true")
    true = true.select("true", "vessel_id", pl.col("cause").cast(pl.String), begin="start", end="end")
    pairs = said.join(true, on="vessel_id").filter(_near("begin", GAP_SLACK) & _near("end", GAP_SLACK))
    yield from _both(SILENCES, _hits(said, pairs, "said"), _hits(true, pairs, "true"))
    for cause in sorted(pairs["cause"].unique()):
        mine = pairs.filter(pl.col("cause") == cause)
        for reason in REASONS:
            named = mine["main_cause"].fill_null(NO_REASON) == reason
            yield share((PART, SILENCES, cause, f"said {reason}"), named, mine["vessel_id"])


def _meetings(events: pl.DataFrame, truth: ShipTruth, vessel: pl.DataFrame) -> Iterator[Figure]:
    other = vessel.rename({"track_id": "other_track", "vessel_id": "other_id"})
    said = _pair(events.filter(pl.col("kind") == "encounter").join(other, on="other_track"), "began", "ended")
    true = _pair(truth.encounters.filter(~pl.col("is_anchorage")), "start", "end")
    true = true.rename({"said": "true"})
    pairs = said.join(true, on=["one", "two"])
    together = pl.min_horizontal("stop", "stop_right") - pl.max_horizontal("begin", "begin_right")
    pairs = pairs.with_columns(
        together=together,
        of_true=pl.col("stop_right") - pl.col("begin_right"),
        of_said=pl.col("stop") - pl.col("begin"),
    )
    right = pairs.filter(pl.col("together") * 2 >= pl.min_horizontal("of_true", "of_said"))
    met = pairs.filter(pl.col("together") * 2 >= pl.col("of_true"))
    yield from _both(MEETINGS, _hits(said, right, "said"), _hits(true.filter(~pl.col("is_dark")), met, "true"))


def _pair(rows: pl.DataFrame, begin: str, stop: str) -> pl.DataFrame:
    """Meetings with their vessels in alphabetical order (one, two), begin, stop and a number."""
    dark = pl.col("is_dark") if "is_dark" in rows.columns else pl.lit(False)
    told = rows.select(
        "vessel_id", one=pl.min_horizontal("vessel_id", "other_id"), two=pl.max_horizontal("vessel_id", "other_id"),
        begin=begin, stop=stop, is_dark=dark,
    )  # fmt: skip
    return told.sort("one", "two", "begin").with_row_index("said")


def _identities(events: pl.DataFrame, found: ShipsFound, truth: ShipTruth) -> Iterator[Figure]:
    """Identities of two ships, and silences on them that were none."""
    mmsi = found.vessels.select("track_id", "mmsi")
    said = events.filter(pl.col("kind") == "identity_collision").join(mmsi, on="track_id").with_row_index("said")
    true = truth.collisions.sort("mmsi").with_row_index("true")
    pairs = said.join(true.select("true", "mmsi", "start", "end"), on="mmsi")
    together = pl.min_horizontal("ended", "end") - pl.max_horizontal("began", "start")
    pairs = pairs.filter(together >= DAY)
    yield from _both(IDENTITIES, _hits(said, pairs, "said"), _hits(true, pairs, "true"))
    gaps = events.filter(pl.col("kind") == "gap").join(mmsi, on="track_id").with_row_index("said")
    shared = gaps.join(true, on="mmsi").filter(pl.col("began") <= pl.col("end"), pl.col("ended") >= pl.col("start"))
    real = shared.join(truth.gaps, on="vessel_id", suffix="_gap").filter(
        (pl.col("began") - pl.col("start_gap")).abs() <= GAP_SLACK,
        (pl.col("ended") - pl.col("end_gap")).abs() <= GAP_SLACK,
    )
    told = shared.unique("said", maintain_order=True)
    is_false = ~told["said"].is_in(real["said"].implode())
    yield share((PART, IDENTITIES, ALL, "false silences"), is_false, told["vessel_id"])


def _voyages(found: ShipsFound, truth: ShipTruth, vessel: pl.DataFrame) -> Iterator[Figure]:
    first, last = window(found.positions)
    said = plain(found.voyages).join(vessel, on="track_id").with_row_index("said")
    said = said.select("said", "vessel_id", "from_place", "to_place", "departed", laden="is_laden")
    true = at_standing(truth.voyages, found.places, "from_place", "to_place").sort("voyage_id").with_row_index("true")
    true = true.filter(pl.col("from_place") != pl.col("to_place"))
    pairs = said.join(true, on=["vessel_id", "from_place", "to_place"]).filter(_near("departed", DEPARTURE_SLACK))
    inside = true.filter(pl.col("departed") >= first, pl.col("arrived") < last)
    yield from _both(VOYAGES, _hits(said, pairs, "said"), _hits(inside, pairs, "true"))
    told = pairs.filter(pl.col("laden").is_not_null())
    yield share((PART, VOYAGES, ALL, "laden or not"), told["laden"] == told["is_laden"], told["vessel_id"])
