from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.errors import InputError
from graphs.places_joined import CODE_KM, NAME_KM, TRUST, join_duplicates, words
from graphs.places_rows import merge
from graphs.sphere import distance_km
from graphs.tables_places import Places
from tests.graphs.place_rows import places

KM = 1 / 111.195
"""Degrees of latitude in one kilometre."""


def joined(*changes: dict[str, Any], joins: list[tuple[str, str]] | None = None) -> dict[str, tuple[str | None, Any]]:
    """Place to what it is joined with and why. Rows lie at 10 east; `km` is north of 10."""
    rows = [{"lon": 10.0, "lat": 10.0 + one.pop("km", 0.0) * KM, "locode": None, **one} for one in changes]
    frames = [places({"place_id": row["place_id"], **row}, source=row.pop("source", "a")) for row in rows]
    listed = None if joins is None else pl.DataFrame(joins, schema=["place_id", "same_as"], orient="row")
    table = join_duplicates(merge(frames), listed)
    assert Places.is_valid(table)
    return {one: (same, why) for one, same, why in table.select("place_id", "same_as", "same_why").iter_rows()}


def test_one_code_is_one_place() -> None:
    found = joined(
        {"place_id": "b", "source": "searoute", "locode": "GHTEM", "name": "Tema New"},
        {"place_id": "a", "source": "world_port_index", "locode": "GHTEM", "km": 1.2},
    )
    assert found == {"a": (None, None), "b": ("a", "1.2 km from a, same UN/LOCODE GHTEM")}


def test_one_code_far_apart_is_an_error_of_a_list_and_joins_nothing() -> None:
    found = joined({"place_id": "a", "locode": "GHTEM"}, {"place_id": "b", "locode": "GHTEM", "km": CODE_KM + 1})
    assert found == {"a": (None, None), "b": (None, None)}


def test_one_name_nearby_is_one_place() -> None:
    found = joined(
        {"place_id": "a", "name": "Port of Saint-Louis"},
        {"place_id": "b", "name": "LOUIS, SAINT", "km": 4.9},
        {"place_id": "c", "name": "Saint Louis", "km": 5.1},
        {"place_id": "d", "name": "Saint Louis North", "km": 1.0},
    )
    assert found["b"] == ("a", "4.9 km from a, same name")
    assert [found[one] for one in "acd"] == [(None, None)] * 3


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "anchorage"},
        {"kind": "city"},
        {"country": "TGO"},
        {"name": "Tema 2"},
    ],
)
def test_kind_country_and_number_tell_places_apart(other: dict[str, Any]) -> None:
    found = joined({"place_id": "a"}, {"place_id": "b", **other})
    assert found == {"a": (None, None), "b": (None, None)}


def test_cells_in_a_row_are_measured_from_the_one_that_counts() -> None:
    found = joined(*({"place_id": f"c{at}", "km": 2.0 * at} for at in range(6)))
    assert [found[f"c{at}"][0] for at in range(6)] == [None, "c0", "c0", None, "c3", "c3"]


def test_one_cell_is_one_place_whatever_its_two_names() -> None:
    cell = {"kind": "anchorage", "source": "gfw_anchorages"}
    found = joined(
        {"place_id": "anchorage:gfw:40651a37", "name": "SURMENE", **cell},
        {"place_id": "anchorage:gfw:40651a37:2", "name": "CAMBURNU", **cell},
        {"place_id": "anchorage:gfw:40651a39", "name": "CAMBURNU", "km": 0.5, **cell},
    )
    assert found["anchorage:gfw:40651a37:2"][1] == "0.0 km from anchorage:gfw:40651a37, same S2 cell 40651a37"
    assert [same for same, _ in found.values()] == [None, "anchorage:gfw:40651a37", None]


def test_what_is_joined_points_to_a_place_that_counts() -> None:
    """By code with b, which by name is joined with a: both point to a, and each sentence is of its own step."""
    found = joined(
        {"place_id": "a", "source": "places", "name": "Tema"},
        {"place_id": "b", "source": "world_port_index", "name": "Tema", "locode": "GHTEM", "km": 1.0},
        {"place_id": "c", "source": "searoute", "name": "Tema Harbour East", "locode": "GHTEM", "km": 20.0},
    )
    assert found["b"] == ("a", "1.0 km from a, same name")
    assert found["c"] == ("a", "19.0 km from b, same UN/LOCODE GHTEM")


def test_a_person_stands_before_the_rule() -> None:
    rows = ({"place_id": "a"}, {"place_id": "b"}, {"place_id": "c", "name": "Far", "km": 900.0})
    assert joined(*(dict(one) for one in rows))["b"][0] == "a"
    found = joined(*(dict(one) for one in rows), joins=[("b", "-"), ("c", "a")])
    assert found["a"] == (None, None)
    assert found["b"] == (None, "kept by itself by a user's list")
    assert found["c"] == ("a", "joined with a by a user's list")


def test_a_place_kept_by_itself_may_still_count_for_others() -> None:
    found = joined({"place_id": "a"}, {"place_id": "b", "km": 4.0}, {"place_id": "c", "km": 8.0}, joins=[("b", "-")])
    assert {place: same for place, (same, _) in found.items()} == {"a": None, "b": None, "c": "b"}


@pytest.mark.parametrize(
    ("joins", "message"),
    [
        ([("x", "a")], "names 'x', which is no place_id"),
        ([("a", "x")], "names 'x', which is no place_id"),
        ([("a", "a")], "joins 'a' with itself"),
        ([("a", "b"), ("b", "a")], "runs in a circle"),
    ],
)
def test_a_list_that_cannot_be_followed_is_refused(joins: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        joined({"place_id": "a"}, {"place_id": "b", "name": "Other"}, joins=joins)


def test_undoing_is_joining_anew() -> None:
    table = places({"lon": 10.0}, {"lon": 10.01})
    once = join_duplicates(table)
    assert once["same_as"].to_list() == [None, "port:a:1"]
    assert join_duplicates(once).equals(once)
    undone = join_duplicates(once, pl.DataFrame({"place_id": ["port:a:2"], "same_as": ["-"]}))
    assert undone["same_as"].to_list() == [None, None]
    assert undone.drop("same_as", "same_why").equals(table.drop("same_as", "same_why"))


@pytest.mark.parametrize(
    ("name", "key"),
    [("Port of Tema", "tema"), ("PORT", "port"), ("Río  de la Plata", "la plata rio"), ("Saint-Louis", "louis saint")],
)
def test_words_of_a_name(name: str, key: str) -> None:
    assert words(name) == key


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Tema", "Port of Tema", "Takoradi"]),
            "kind": st.sampled_from(["port", "anchorage"]),
            "locode": st.sampled_from([None, "GHTEM", "GHTKD"]),
            "lon": st.floats(9.0, 9.6),
            "source": st.sampled_from(TRUST),
        }
    ),
    min_size=1,
    max_size=9,
)


def slow(table: pl.DataFrame) -> dict[str, str]:
    """The rules again, pair by pair: each place in its order takes what is like it, near and still counts."""
    rows = sorted(table.iter_rows(named=True), key=lambda row: (TRUST.index(row["source"]), row["place_id"]))
    to: dict[str, str] = {}
    for keys, within_km in ((("kind", "locode"), CODE_KM), (("kind", "country", "words"), NAME_KM)):
        for at, first in enumerate(rows):
            for other in rows[at + 1 :]:
                if first["place_id"] in to or other["place_id"] in to:
                    continue
                alike = [
                    (words(first["name"]), words(other["name"])) if key == "words" else (first[key], other[key])
                    for key in keys
                ]
                km = float(distance_km(first["lon"], first["lat"], other["lon"], other["lat"]))
                if all(one is not None and one == two for one, two in alike) and km < within_km:
                    to[other["place_id"]] = first["place_id"]
    for place in to:
        while to[place] in to:
            to[place] = to[to[place]]
    return to


@given(ROWS)
def test_joins_are_those_of_the_rules_pair_by_pair(rows: list[dict[str, Any]]) -> None:
    frames = [places({**row, "place_id": f"p:a:{at}", "lat": 1.0}, source=row["source"]) for at, row in enumerate(rows)]
    table = join_duplicates(merge(frames))
    away = table.filter(pl.col("same_as").is_not_null())
    assert dict(away.select("place_id", "same_as").iter_rows()) == slow(table)


@given(ROWS)
def test_joins_keep_their_rules(rows: list[dict[str, Any]]) -> None:
    """Checked pair by pair: what counts is never joined, a join has one kind, and no two that count would join."""
    frames = [places({**row, "place_id": f"p:a:{at}", "lat": 1.0}, source=row["source"]) for at, row in enumerate(rows)]
    table = join_duplicates(merge(frames))
    by_id = {row["place_id"]: row for row in table.iter_rows(named=True)}
    for row in by_id.values():
        if row["same_as"] is None:
            assert row["same_why"] is None
            continue
        to = by_id[row["same_as"]]
        assert to["same_as"] is None
        assert to["kind"] == row["kind"]
        assert row["same_why"]
    standing = [row for row in by_id.values() if row["same_as"] is None]
    for at, one in enumerate(standing):
        for other in standing[:at]:
            km = float(distance_km(one["lon"], one["lat"], other["lon"], other["lat"]))
            same_kind = one["kind"] == other["kind"]
            assert not (same_kind and one["locode"] and one["locode"] == other["locode"] and km < CODE_KM)
            assert not (same_kind and words(one["name"]) == words(other["name"]) and km < NAME_KM)
