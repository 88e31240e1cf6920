"""What a home says of places, ways, bills and ships: from where, under which terms, of which days."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from graphs.straits import straits
from graphs.tables_companies import Manifests
from graphs.tables_places import Legs, Places
from graphs.tables_ships import VesselPositions
from pipelines.archive import Archive
from pipelines.home import Home
from pipelines.inventory import FILES
from pipelines.overview import overview
from pipelines.parquet import write_table
from pipelines.provenance import PACKAGED, ROADS, packaged
from pipelines.sources import land_network
from pipelines.views.holdings import holdings
from pipelines.views.terminal import screen


def archived(home: Home, folder: Path, name: str, kind: str, licence: str = "as stated") -> None:
    file = folder / name
    file.write_text(name)
    Archive(home.archive_path).put(
        file, source=FILES, query=str(file), licence=licence, citation=name, details={"kind": kind}
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.open(tmp_path / "home", create=True)
    for name, kind in (("ports.csv", "wpi"), ("a.csv", "ais_marine"), ("roads.gpkg", "network")):
        archived(made, tmp_path, name, kind)
    archived(made, tmp_path, "bills.csv", "manifest", "CC0")
    (tmp_path / "roads.whl").write_text("roads")
    Archive(made.archive_path).put(
        tmp_path / "roads.whl", source=land_network.SOURCE, query=land_network.QUERY, licence=land_network.LICENCE,
        citation=land_network.CITATION,
    )  # fmt: skip
    places = straits().with_columns(source=pl.Series(["world_port_index", "searoute", ROADS] + ["straits"] * 10))
    leg = {"from_place": "a", "to_place": "b", "mode": "road", "length_km": 1.0, "hours": 1.0, "cost_usd_per_t": 1.0,
           "off_network_km": 0.0, "is_estimated": False, "crosses_border": False, "passages": [],
           "source": "roads.gpkg", "known_from": date(1900, 1, 1)}  # fmt: skip
    bill = dict.fromkeys(Manifests.column_names()) | {
        "raw_sha256": "ab", "raw_row": 1, "mapping": "customs", "day": date(2021, 2, 3), "is_counted": True,
        "known_from": date(2021, 3, 5),
    }  # fmt: skip
    for name, schema, row in (("legs", Legs, leg), ("manifests", Manifests, bill)):
        frame = schema.cast(pl.DataFrame([row], schema=schema.create_empty().schema))
        write_table(name, frame, made.table_path(name), schema=schema, meta={})
    write_table("places", places, made.table_path("places"), schema=Places, meta={})
    for day in (date(2024, 12, 31), date(2025, 1, 2)):
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        report = dict.fromkeys(VesselPositions.column_names()) | {
            "sender": 123456789, "time": noon, "raw_file": 0, "raw_row": 1,
            "known_from": day,
        }  # fmt: skip
        frame = VesselPositions.cast(pl.DataFrame([report], schema=VesselPositions.create_empty().schema))
        write_table("vessel_positions", frame, made.table_path("vessel_positions", str(day)), schema=VesselPositions,
                    meta={})  # fmt: skip
    return made


def test_every_source_is_told_with_its_rows_years_and_files(home: Home) -> None:
    told = {
        (one.table, one.source): (one.rows, one.first, one.last, [entry.citation for entry in one.entries])
        for one in overview(home).holdings
    }
    assert told == {
        ("places", ROADS): (1, None, None, [land_network.CITATION]),
        ("places", "searoute"): (1, None, None, []),
        ("places", "straits"): (10, None, None, []),
        ("places", "world_port_index"): (1, None, None, ["ports.csv"]),
        ("legs", "roads.gpkg"): (1, None, None, ["roads.gpkg"]),
        ("manifests", "customs"): (1, 2021, 2021, ["bills.csv"]),
        ("vessel_positions", "ais"): (2, 2024, 2025, ["a.csv"]),
    }
    assert "No positions of ships" not in " ".join(overview(home).missing)


def test_positions_are_told_by_their_days(home: Home) -> None:
    (ships,) = [one for one in overview(home).to_json()["sources"] if one["source"] == "ais"]
    assert (ships["first_day"], ships["last_day"]) == ("2024-12-31", "2025-01-02")


def test_terms_of_lists_in_packages_stand_beside_those_of_files(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    console = screen()
    for part in holdings(overview(home)):
        console.print(part)
    text = " ".join(capsys.readouterr().out.split())
    for words in ("2024-12-31–2025-01-02", "CC0", "ODbL 1.0", "searoute, in an installed package", "Apache-2.0"):
        assert words in text


def test_every_packaged_list_has_terms() -> None:
    assert all(packaged(name) for name in PACKAGED)
    assert packaged("comtrade") is None
    assert land_network.CITATION == ROADS


def test_a_home_without_ships_says_what_cannot_be_tested(tmp_path: Path) -> None:
    missing = overview(Home.open(tmp_path, create=True)).missing
    assert any(one.startswith("No positions of ships") for one in missing)
