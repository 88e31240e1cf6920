"""Ports and vessels of bills: one that fits, or none."""

from datetime import date

import polars as pl
import pytest

from graphs.country_names import plain
from graphs.manifest_joins import joined
from graphs.tables_companies import Manifests

PLACES = pl.DataFrame(
    [
        ("port:1", "port", "Tema", "GHA", "GHTEM", None),
        ("anchorage:1", "anchorage", "Tema", "GHA", None, None),
        ("port:2", "port", "Puerto Bolívar", "ECU", "ECPBO", None),
        ("port:3", "port", "Puerto Bolivar", "COL", "COPBO", None),
        ("port:4", "port", "Deroti", "XAA", None, None),
        ("port:5", "port", "Deroti", "XAA", None, "port:4"),
        ("port:6", "port", "Kabano", "XAA", None, None),
        ("port:7", "port", "Kabano", "XAA", None, None),
        ("city:1", "city", "Zumeti", "XAA", None, None),
        ("strait:suez", "strait", "Suez", None, None, None),
    ],
    schema=["place_id", "kind", "name", "country", "locode", "same_as"],
    orient="row",
)
VESSELS = pl.DataFrame(
    {"track_id": ["111:1", "222:1", "222:2", "333:1"], "imo": [9074729, 9319466, 9319466, None]},
    schema={"track_id": pl.String, "imo": pl.Int32},
)


def bills(**cells: object) -> pl.DataFrame:
    row = {"raw_sha256": "a", "raw_row": 1, "mapping": "m", "is_counted": True, "known_from": date(2021, 1, 1)}
    return pl.DataFrame([row | cells], schema=Manifests.create_empty().schema)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Tema", "port:1"),
        ("TEMA.", "port:1"),
        ("GHTEM", "port:1"),
        ("GH TEM", "port:1"),
        ("Tema, Ghana", "port:1"),
        ("Tema, Guinea", None),
        ("Tema, Nowhere", None),
        ("Puerto Bolivar", None),
        ("Puerto Bolivar,Ecuador", "port:2"),
        ("PUERTO BOLÍVAR, Colombia", "port:3"),
        ("Deroti", "port:4"),
        ("Kabano", None),
        ("Zumeti", None),
        ("Suez", None),
        ("", None),
        (",", None),
        (None, None),
    ],
)
def test_a_port_is_named_where_one_fits(text: str | None, place: str | None) -> None:
    there = joined(bills(from_text=text), PLACES, VESSELS)
    back = joined(bills(to_text=text), PLACES, VESSELS)
    assert (there["from_place"].item(), there["to_place"].item()) == (place, None)
    assert (back["from_place"].item(), back["to_place"].item()) == (None, place)
    assert Manifests.is_valid(there)


@pytest.mark.parametrize(("imo", "track"), [(9074729, "111:1"), (9319466, None), (1234567, None), (None, None)])
def test_a_vessel_is_named_where_one_has_the_number(imo: int | None, track: str | None) -> None:
    assert joined(bills(imo=imo), PLACES, VESSELS)["track_id"].item() == track


def test_joining_again_changes_nothing_and_no_bills_stay_none() -> None:
    once = joined(bills(from_text="Tema", imo=9074729), PLACES, VESSELS)
    assert joined(once, PLACES, VESSELS).equals(once)
    assert joined(Manifests.create_empty(), PLACES, VESSELS).equals(Manifests.create_empty())
    assert joined(once, PLACES.clear(), VESSELS.clear()).equals(bills(from_text="Tema", imo=9074729))


def test_plain_names() -> None:
    assert plain("  Saint-Étienne (P.) ") == "saint etienne p"
