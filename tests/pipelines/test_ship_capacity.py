"""Verdicts on what ships could have carried; the example of the document is worked out."""

import re

import polars as pl
import pytest

from graphs.errors import UnknownCode
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
    ships = pl.DataFrame({"track_id": ["1:1", "2:1", "3:1"], "kind": "bulk_carrier", "length_m": [178.0, 178.0, 150.0],
                          "usual_kn": 12.0})  # fmt: skip
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
    assert found["why"].to_list() == [
        "its mass was estimated, not declared", "no mass of its own is declared for it",
        "receivers heard 1 of the two countries' 2 ports",
    ]  # fmt: skip


def reconciled(period: int, kg: float, code: str = "260600", family: str = "bauxite") -> dict:
    amounts = {"reconciled_mass_kg": kg, "reconciled_value_usd": kg}
    silent = {"exporter_reported": None, "importer_reported": None}
    return flow("XAA", "XBB", code, period, "baci", family=family, **amounts, **silent)


def test_reconciled_trade_is_shown_and_never_judged(tmp_path):
    home = moving_home.make(tmp_path / "home")
    write(home, "flows", [reconciled(2022, 7.04e10), reconciled(2024, 4.1e8)], "bauxite")
    found = ship_capacity.capacity(home, "XAA", "XBB", "bauxite", 2022)
    (row,) = found.rows.to_dicts()
    assert (row["source"], row["declared_kg"], row["reconciled_kg"]) == ("baci", None, 7.04e10)
    assert (row["verdict"], row["capacity_kg"], row["p_value"]) == ("cannot test", None, None)
    assert row["why"] == f"{ship_capacity.RECONCILED}; {ship_capacity.UNREAD}"
    assert found.declared_years == frozenset()


def test_where_no_day_was_read_every_year_says_so(tmp_path):
    home = moving_home.make(tmp_path / "home")
    moving_home.put(home, "carrying_capacity", [])
    for table in ("vessel_positions", "vessel_state"):
        for day in home.partitions(table):
            home.table_path(table, day).unlink()
    write(home, "flows", [reconciled(2022, 7.04e10), reconciled(2023, 1e9)], "bauxite")
    found = ship_capacity.capacity(home, "XAA", "XBB", "bauxite", None)
    assert not found.has_days
    assert found.rows["period"].to_list() == [2022, 2023]
    assert found.rows["why"].unique().to_list() == [f"{ship_capacity.RECONCILED}; {ship_capacity.NO_DAY}"]


def test_goods_that_fly_tell_their_declared_modes(tmp_path):
    home = moving_home.make(tmp_path / "home")
    write(home, "flows", [reconciled(2023, 4e4, "710812", "gold")], "gold")
    mode = {"source": "comtrade", "exporter": "XAA", "importer": "XBB", "commodity": "710812", "side": "export",
            "known_from": moving_home.TIMELESS}  # fmt: skip
    told = [{**mode, "period": year, "mode": one, "value_usd": usd}
            for year, one, usd in ((2022, "road", 1e6), (2023, "air", 2e9), (2023, "post", None))]  # fmt: skip
    moving_home.put(home, "transport_modes", told)
    found = ship_capacity.capacity(home, "XAA", "XBB", "gold", None)
    assert [(one["period"], one["mode"], one["value_usd"]) for one in found.modes] == [
        (2023, "air", 2e9), (2023, "post", None)
    ]  # fmt: skip
    assert [one["mode"] for one in ship_capacity.capacity(home, "XAA", "XBB", "710812", 2022).modes] == ["road"]
    assert ship_capacity.capacity(home, "XAA", "XBB", "silver", None).modes == ()


def test_a_code_that_nobody_knows_is_refused(tmp_path):
    home = moving_home.make(tmp_path / "home")
    write(home, "flows", [reconciled(2023, 4e4, "010121", "hs0101")], "hs0101")
    with pytest.raises(UnknownCode, match="code '99999' is unknown"):
        ship_capacity.capacity(home, "XAA", "XBB", "99999", None)
    # A code that no list names is known where the home holds trade under it.
    assert ship_capacity.capacity(home, "XBB", "XAA", "010121", None).rows.is_empty()
    assert ship_capacity.capacity(home, "XBB", "XAA", "2607", None).rows.is_empty()


def test_voyages_that_nobody_knows_yet_hide_no_month(tmp_path):
    home = moving_home.make(tmp_path / "home")
    under_way = {"voyages": None, "direct_kg": None, "direct_high_kg": None}
    moving_home.put(home, "carrying_capacity", [moving_home.capacity(202410, **under_way)])
    declared = flow(
        "XAA", "XBB", "260600", 202410, export_mass_kg=4.1e8, family="bauxite", is_export_mass_estimated=False
    )
    write(home, "flows", [declared], "bauxite")
    (row,) = ship_capacity.capacity(home, "XAA", "XBB", "bauxite", None).rows.to_dicts()
    assert (row["verdict"], row["voyages"], row["calls_out"], row["why"]) == ("could not", None, 3, None)


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
