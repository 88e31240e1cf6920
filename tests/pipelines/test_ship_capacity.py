"""Verdicts on what ships could have carried; the example of the document is worked out."""

import re

import polars as pl
import pytest

from models.shipping.capacity import COMMON, TYPICAL_T, could_carry
from models.shipping.draught import FILL
from models.shipping.sizes import NORMAL_80, deadweight
from pipelines import ship_capacity
from pipelines.home import Home
from tests.conftest import REPOSITORY
from tests.pipelines import moving_home
from tests.pipelines.small_home import flow, write

SEEN = 0.95


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The example of docs/shipping.md: two ships of 178 m and one of 150 m left XAA, whose ports were heard 95 %."""
    made = moving_home.make(tmp_path_factory.mktemp("capacity") / "home")
    ships = pl.DataFrame({"track_id": ["1:1", "2:1", "3:1"], "kind": "bulk_carrier", "length_m": [178.0, 178.0, 150.0]})
    told = could_carry(ships.with_columns(**deadweight()))
    kg = told["kg"].sum()
    variance = ((told["kg"] * told["sd"]) ** 2).sum() + (COMMON * kg) ** 2
    variance += (1 - SEEN) * ((told["kg"] ** 2).sum() + (TYPICAL_T * FILL * 1_000) ** 2)
    high = kg + NORMAL_80 * variance**0.5
    row = moving_home.capacity(202410, out_kg=kg, out_high_kg=high, in_kg=9e8, in_high_kg=1e9, seen_share_out=SEEN,
                               seen_share_in=SEEN)  # fmt: skip
    moving_home.put(made, "carrying_capacity", [row])
    declared = flow(
        "XAA", "XAB", "260600", 202410, export_mass_kg=4.1e8, family="bauxite", is_export_mass_estimated=False
    )
    write(made, "flows", [{**declared, "importer": "XBB"}], "bauxite")
    return made


def test_the_example_of_the_document_is_right(home):
    (row,) = ship_capacity.capacity(home, "XAA", "XBB", "bauxite", 2024).rows.to_dicts()
    text = (REPOSITORY / "docs" / "shipping.md").read_text(encoding="utf-8")
    said = text.partition("**Example**")[2].partition("\n\n")[0].replace("\n> ", " ")
    numbers = [float(one.replace(",", "")) for one in re.findall(r"(\d[\d,]*) t\b", said)]
    low, middle, high = (row[f"capacity_{one}kg"] / 1e3 for one in ("low_", "", "high_"))
    for value, digits in ((middle, 100), (high, 1000), (row["beyond_kg"] / 1e3, 1000)):
        assert any(abs(value - one) <= digits for one in numbers), (value, numbers)
    assert re.search(rf"\b{low / 1e3:.0f},000 to {high / 1e3:.0f},000 t", said)
    assert row["verdict"] == "could not"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"is_whole": False}, "positions of some of its days were not read"),
        ({"ports_known": 0, "ports_seen": 0}, "no port of the two countries is known"),
        ({"ports_known": 3}, "receivers heard 2 of the two countries' 3 ports"),
        ({"seen_share_in": 0.3}, "ports were heard 30 % of the time"),
    ],
)
def test_where_receivers_did_not_reach_nothing_is_said(tmp_path, more, why):
    home = moving_home.make(tmp_path / "home")
    moving_home.put(home, "carrying_capacity", [moving_home.capacity(202410, **more)])
    declared = flow(
        "XAA", "XBB", "260600", 202410, export_mass_kg=4.1e8, family="bauxite", is_export_mass_estimated=False
    )
    write(home, "flows", [declared], "bauxite")
    (row,) = ship_capacity.capacity(home, "XAA", "XBB", "bauxite", None).rows.to_dicts()
    assert (row["verdict"], row["why"], row["capacity_kg"]) == ("cannot test", why, None)


def test_masses_that_were_estimated_or_are_missing_are_no_declaration(tmp_path):
    home = moving_home.make(tmp_path / "home")
    rows = [
        flow("XAA", "XBB", "260600", 202410, export_mass_kg=4.1e8, is_export_mass_estimated=True, family="bauxite"),
        flow("XAA", "XBB", "260600", 202412, family="bauxite"),
    ]
    write(home, "flows", rows, "bauxite")
    found = ship_capacity.capacity(home, "XAA", "XBB", "bauxite", None).rows
    assert found["declared_kg"].to_list() == [None] * 3
    unstated, unheard = "no mass of its own is declared for it", "receivers heard 1 of the two countries' 2 ports"
    assert found["why"].to_list() == [unstated, unheard, unstated]


def test_codes_of_a_family_are_added_and_sources_are_not(tmp_path):
    home = moving_home.make(tmp_path / "home")
    rows = [
        flow("XAA", "XBB", code, 202410, source, export_mass_kg=2e7, is_export_mass_estimated=False, family="timber")
        for source in ("comtrade", "other")
        for code in ("440710", "440320")
    ]
    write(home, "flows", rows, "timber")
    found = ship_capacity.capacity(home, "XAA", "XBB", "timber", None).rows.filter(pl.col("source").is_not_null())
    assert found["source"].to_list() == ["comtrade", "other"]
    assert found["declared_kg"].to_list() == [4e7, 4e7]
    assert found["verdict"].to_list() == ["could", "could"]
    one = ship_capacity.capacity(home, "XAA", "XBB", "440710", None).rows.filter(pl.col("source").is_not_null())
    assert one["why"].unique().to_list() == ["less than a shipload is declared: it may go with other goods"]
