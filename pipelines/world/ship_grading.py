"""Grade what an analysis says of ships: the tables of a home against the truth of the world whose positions it read."""

from pathlib import Path

from graphs.errors import InputError
from models.grading import ships as grading
from models.grading.figures import Figure
from models.grading.ship_truth import ShipsFound
from pipelines.home import Home
from pipelines.memo_ships import KEY_CHARACTERS
from pipelines.world import truth as known

READ = "ais_read"
TABLES = ("vessels", "port_calls", "voyages", "vessel_events", "carrying_capacity", "places")
"""Tables that `models.grading.ship_truth.ShipsFound` holds, before the positions."""
WHERE = ("sender", "time", "lon", "lat")


def ships(home: Home, truth: Path) -> tuple[Figure, ...]:
    """Figures of ships; none where the home read no positions. Raises InputError where it read those of others."""
    read = set(home.partitions(READ))
    if not read or not home.partitions("vessel_positions"):
        return ()
    _check_files(home, read, {one[:KEY_CHARACTERS] for one in known.ais_of(truth)})
    there = known.ships(truth)
    tables = {name: home.scan(name).collect() for name in TABLES}
    found = ShipsFound(**tables, positions=home.scan("vessel_positions").select(WHERE).collect())
    strangers = found.vessels.join(there.vessels, on="mmsi", how="anti", maintain_order="left")
    if strangers.height:
        raise InputError(
            f"the analysis in {home.path} tells of ship {strangers['track_id'][0]}, which this world does not hold: "
            "run it over the world's data in a home of its own"
        )
    nowhere = there.port_calls.join(found.places, on="place_id", how="anti")["place_id"].unique().sort()
    if len(nowhere):
        raise InputError(
            f"the analysis in {home.path} lacks {len(nowhere):,} of this world's ports ({nowhere[0]}): run it over "
            "data/places too"
        )
    return tuple(grading.ships(found, there))


def _check_files(home: Home, read: set[str], files: set[str]) -> None:
    """Raise InputError unless the home read the positions of this world, all of them and no others.

    A world that was built before the hashes of its positions were kept is known by its ships alone.
    """
    if not files:
        return
    if missing := len(files - read):
        raise InputError(
            f"the analysis in {home.path} lacks {missing:,} of the {len(files):,} files of this world's positions: run "
            "it over all of data/ais"
        )
    if others := len(read - files):
        raise InputError(
            f"the analysis in {home.path} read positions that are not of this world (files: {others:,}): run it over "
            "the world's data in a home of its own"
        )
