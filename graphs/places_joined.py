"""Near-duplicates among places: one of them counts, the others point to it, and nothing is dropped.

    1. a person's word (`place_joins`) stands before every rule
    2. same kind and same UN/LOCODE, IATA or ICAO code, at most 50 km apart
    3. anchorages in one S2 cell, whatever either row calls it
    4. same kind and country, less than 5 km apart, and names of the same words

The most trusted list counts: a user's, the invented world's, World Port Index, searoute, airportsdata, GeoNames,
OpenFlights, anchorages; then the smaller place_id. Others are measured against the place that counts, never in a chain:
twenty cells in a row do not join harbours 50 km apart. A port is never joined with an anchorage.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphs.errors import InputError
from graphs.place_names import words
from graphs.sphere import Floats, distance_km
from graphs.tables_places import Places

TRUST = ("places", "world_port_index", "searoute", "airportsdata", "geonames", "openflights", "gfw_anchorages")
"""Sources, the most trusted first; any other source comes last."""
CELLS = "gfw_anchorages"
"""Source whose place_id names an S2 cell of some 0.5 km."""
CODE_KM = 50.0
"""Two points with one UN/LOCODE lie further apart only by an error in one of them: the list's own precision is 2 km."""
NAME_KM = 5.0
APART = "-"
"""Word of a person who keeps a place by itself."""
JOIN_COLUMNS = ("place_id", "same_as")


@dataclass(frozen=True)
class _Rule:
    """Rows that may be one place: columns that must be alike, km, and the words of the sentence."""

    keys: tuple[str, ...]
    within_km: float
    words: str


RULES = (
    _Rule(("kind", "locode"), CODE_KM, "same UN/LOCODE {}"),
    _Rule(("kind", "iata"), CODE_KM, "same IATA code {}"),
    _Rule(("kind", "icao"), CODE_KM, "same ICAO code {}"),
    _Rule(("kind", "country", "cell"), NAME_KM, "same S2 cell {}"),
    _Rule(("kind", "country", "words"), NAME_KM, "same name"),
)


def join_duplicates(places: pl.DataFrame, joins: pl.DataFrame | None = None) -> pl.DataFrame:
    """Table `places` with `same_as` and `same_why` set anew; `joins` is a person's list of JOIN_COLUMNS.

    `same_as` always names a place that itself counts. Raises InputError for a list that names no place or runs in
    a circle.
    """
    order = _ordered(places)
    ids = order["place_id"].to_list()
    target, why = _by_hand(ids, joins)
    decided = np.array(sorted(target), dtype=np.int64)
    lon, lat = order["lon"].to_numpy(), order["lat"].to_numpy()
    for rule in RULES:
        standing = [at not in target or target[at] is None for at in range(len(ids))]
        for label, group in _groups(order, rule, standing):
            for at, to, km in _stars(lon, lat, group, rule.within_km, decided):
                target[at] = to
                why[at] = f"{km:.1f} km from {ids[to]}, {rule.words.format(label)}"
    roots = {at: _root(at, target, ids) for at in target}
    found = [None if roots.get(at, at) == at else ids[roots[at]] for at in range(len(ids))]
    said = [why.get(at) for at in range(len(ids))]
    joined = order.drop("words", "cell", "trust").with_columns(
        pl.Series("same_as", found, dtype=pl.String), pl.Series("same_why", said, dtype=pl.String)
    )
    return Places.cast(joined.select(Places.column_names()).sort("place_id"))


def _ordered(places: pl.DataFrame) -> pl.DataFrame:
    """Those that may count first, first."""
    rank = {source: at for at, source in enumerate(TRUST)}
    key = {name: words(name) for name in places["name"].unique()}
    return places.with_columns(
        pl.col("source").replace_strict(rank, default=len(TRUST), return_dtype=pl.Int32).alias("trust"),
        pl.when(pl.col("source") == CELLS)
        .then(pl.col("place_id").str.split(":").list.get(2, null_on_oob=True))
        .alias("cell"),
        pl.col("name").replace_strict(key, default="", return_dtype=pl.String).alias("words"),
    ).sort("trust", "place_id")


def _groups(order: pl.DataFrame, rule: _Rule, standing: Sequence[bool]) -> Iterable[tuple[str, list[int]]]:
    """Row numbers that share the rule's columns, two and more, in order; with the last column's value."""
    marked = order.with_row_index("at").filter(
        pl.Series(standing, dtype=pl.Boolean), pl.all_horizontal(pl.col(rule.keys).is_not_null())
    )
    gathered = marked.group_by(rule.keys, maintain_order=True).agg("at").filter(pl.col("at").list.len() > 1)
    return ((str(row[-2]), row[-1]) for row in gathered.iter_rows())


def _stars(
    lon: Floats, lat: Floats, group: list[int], within_km: float, decided: NDArray[np.int64]
) -> Iterable[tuple[int, int, float]]:
    """The first row that is left counts; every later one within reach of it is joined. Row, joined to, km.

    Rows that a person `decided` about are joined by no rule; others may still be joined with them.
    """
    left = np.asarray(group)
    while len(left) > 1:
        first, others = int(left[0]), left[1:]
        km = distance_km(lon[first], lat[first], lon[others], lat[others])
        near = (km < within_km) & ~np.isin(others, decided)
        yield from ((int(at), first, float(apart)) for at, apart in zip(others[near], km[near], strict=True))
        left = others[~near]


def _by_hand(ids: list[str], joins: pl.DataFrame | None) -> tuple[dict[int, int | None], dict[int, str]]:
    """What a person decided: row to row, or None where a place stays by itself."""
    target: dict[int, int | None] = {}
    why: dict[int, str] = {}
    if joins is None:
        return target, why
    number = {place: at for at, place in enumerate(ids)}
    for place, other in joins.select(JOIN_COLUMNS).iter_rows():
        for one in (place, other):
            if one != APART and one not in number:
                raise InputError(f"the list of joined places names {one!r}, which is no place_id; correct that row")
        if place in (APART, other):
            raise InputError(f"the list of joined places joins {place!r} with itself; write {APART} to keep it apart")
        is_apart = other == APART
        target[number[place]] = None if is_apart else number[other]
        why[number[place]] = "kept by itself by a user's list" if is_apart else f"joined with {other} by a user's list"
    return target, why


def _root(at: int, target: dict[int, int | None], ids: list[str]) -> int:
    """The place that counts at the end of the pointers."""
    seen = {at}
    while (to := target.get(at)) is not None:
        if to in seen:
            raise InputError(f"the list of joined places runs in a circle at {ids[to]!r}; take one of its rows out")
        seen.add(to)
        at = to
    return at
