"""Which countries can be left over land."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphs.land_ways import OVER_LAND, islands

PLACES = pl.DataFrame(
    {"place_id": ["a1", "a2", "b1", "c1", "c2", "s"], "country": ["XAA", "XAA", "XBB", "XCC", "XCC", None]}
)
Leg = tuple[str, str, str, bool]


def legs(*rows: Leg) -> pl.DataFrame:
    """From, to, mode, is_estimated."""
    where = dict(PLACES.iter_rows())
    told = [(*one, where[one[0]] != where[one[1]]) for one in rows]
    names = ["from_place", "to_place", "mode", "is_estimated", "crosses_border"]
    kinds = [pl.String, pl.String, pl.String, pl.Boolean, pl.Boolean]
    return pl.DataFrame(told, schema=dict(zip(names, kinds, strict=True)), orient="row")


def test_roads_that_stay_at_home_make_an_island() -> None:
    assert islands(legs(("c1", "c2", "road", False)), PLACES) == {"XCC"}


def test_one_way_across_a_border_is_enough_for_both_ends() -> None:
    assert islands(legs(("a1", "a2", "road", False), ("a1", "b1", "rail", False)), PLACES) == set()
    assert islands(legs(("a1", "a2", "road", False), ("b1", "a2", "road", True)), PLACES) == set()


def test_ships_and_aircraft_are_no_way_over_land() -> None:
    rows = legs(("a1", "a2", "river", False), ("a1", "b1", "sea", False), ("a1", "b1", "air", False))
    assert islands(rows, PLACES) == {"XAA"}


def test_where_no_network_is_known_nothing_is() -> None:
    assert islands(legs(("c1", "c2", "road", True)), PLACES) == set()
    assert islands(legs(), PLACES) == set()
    assert islands(legs(("c1", "s", "sea", False)), PLACES) == set()


ends = st.sampled_from(PLACES["place_id"].to_list())
rows = st.lists(st.tuples(ends, ends, st.sampled_from([*OVER_LAND, "sea"]), st.booleans()), max_size=8)


@given(rows)
def test_islands_are_those_of_the_slow_way(told: list[Leg]) -> None:
    where = dict(PLACES.iter_rows())
    slow = set()
    for country in ("XAA", "XBB", "XCC"):
        mine = [one for one in told if one[2] != "sea" and country in (where[one[0]], where[one[1]])]
        if any(not one[3] for one in mine) and all(where[one[0]] == where[one[1]] for one in mine):
            slow.add(country)
    assert islands(legs(*told), PLACES) == slow
