"""How the goods of one flow could have moved: verdict, reason and what stands behind it, as `explain` shows them."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pipelines.explanation import explain
from pipelines.home import Home
from pipelines.moved import Moved
from pipelines.policy import lint
from pipelines.views.moved import moved as shown
from tests.pipelines import moving_home
from tests.pipelines.small_home import flow, write

ROUTE = ("airport:iata:XAL", "airport:iata:XBE")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Ships of two countries, bauxite and gold between them, one listed flight, and a declared mode."""
    made = moving_home.make(tmp_path_factory.mktemp("moved"))
    masses = {202410: 4.1e8, 202411: 4e8, 202412: 6e7, 2024: 9e8, 2023: 9e8, 2022: 1e6, 2021: None}
    rows = [bauxite(period, kg) for period, kg in masses.items()]
    write(made, "flows", rows, "bauxite")
    said = [{"channel": "carrying_capacity", "statistic": 5.0}]
    scores = [one | {"flow_id": rows[at]["flow_id"], "p_value": p} for one in said for at, p in ((3, 1e-4), (4, 0.6))]
    write(made, "scores", scores, "bauxite")
    gold = [flow("XAA", "XBB", "710812", 2024), flow("XBB", "XAA", "710812", 2024), flow("XBB", "XAA", "710813", 2024),
            flow("XBB", "XAA", "710812", 2023)]  # fmt: skip
    write(made, "flows", gold, "gold")
    write(made, "alerts", [])
    leg = {"length_km": 2200.0, "hours": 3.0, "cost_usd_per_t": 900.0, "off_network_km": 0.0, "is_estimated": False,
           "crosses_border": True, "passages": [], "source": "test", "known_from": date(1900, 1, 1)}  # fmt: skip
    moving_home.put(made, "legs", [
        {**leg, "from_place": ROUTE[0], "to_place": ROUTE[1], "mode": "air"},
        {**leg, "from_place": ROUTE[1], "to_place": ROUTE[0], "mode": "air", "is_estimated": True},
    ])  # fmt: skip
    modes = {"source": "comtrade", "exporter": "XBB", "importer": "XAA", "commodity": "710813", "side": "import",
             "known_from": date(2025, 6, 30), "mass_kg": None}  # fmt: skip
    moving_home.put(made, "transport_modes", [
        {**modes, "period": 2024, "mode": "air", "value_usd": 9e6, "share": 0.9},
        {**modes, "period": 2024, "mode": "road", "value_usd": 1e6, "share": 0.1},
        {**modes, "period": 2023, "mode": "sea", "value_usd": 1e6, "share": 1.0},
        {**modes, "commodity": "710812", "period": 2023, "mode": "unknown", "value_usd": 1e6, "share": 0.9},
        {**modes, "commodity": "710812", "period": 2023, "mode": "other", "value_usd": 1e5, "share": 0.1},
    ])  # fmt: skip
    return made


def bauxite(period: int, kg: float | None) -> dict[str, Any]:
    known = {"is_export_mass_estimated": False, "is_import_mass_estimated": False, "family": "bauxite"}
    return flow("XAA", "XBB", "260600", period, export_mass_kg=kg, import_mass_kg=kg, **known)


def of(home: Home, name: str) -> Moved:
    found = explain(home, name)
    assert found is not None
    return found.moved


def text(found: Moved) -> str:
    console = Console(file=StringIO(), width=160)
    for part in shown(found):
        console.print(part)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_ships_that_are_too_few_could_not_and_every_month_says_its_own(home: Home) -> None:
    found = of(home, "comtrade:XAA:XBB:260600:2024")
    assert (found.verdict, found.why[:16]) == ("could not", "more is declared")
    assert {row["period"]: row["verdict"] for row in found.periods} == {
        202410: "could not", 202411: "cannot test", 202412: "could",
    }  # fmt: skip
    told = text(found)
    assert "Could not: more is declared than the ships heard at both countries' ports could have carried." in told
    assert "cannot test: receivers heard 1 of the two countries' 2 ports" in told


@pytest.mark.parametrize(
    ("name", "verdict", "why"),
    [
        ("260600:2023", "could", "ships heard at both countries' ports could have carried what is declared"),
        ("260600:2022", "cannot test", "less than a shipload is declared: it may go with other goods"),
        ("260600:2021", "cannot test", "no mass is declared"),
        ("710812:2024", "could", "one air route from XAA to XBB is listed; ships say nothing of these goods"),
    ],
)
def test_every_verdict_has_its_reason(home: Home, name: str, verdict: str, why: str) -> None:
    found = of(home, f"comtrade:XAA:XBB:{name}")
    assert (found.verdict, found.why) == (verdict, why)


def test_a_list_that_lacks_a_route_proves_nothing(home: Home) -> None:
    found = of(home, "comtrade:XBB:XAA:710812:2024")
    assert found.verdict == "cannot test"
    assert found.why == "no direct air route from XBB to XAA is listed and no mode is declared, which proves nothing"


def test_a_mode_that_names_no_way_proves_nothing(home: Home) -> None:
    found = of(home, "comtrade:XBB:XAA:710812:2023")
    assert (found.verdict, len(found.modes)) == ("cannot test", 2)
    assert found.why.endswith("is listed and the declared mode names no way, which proves nothing")


def test_declared_modes_of_the_year_are_told(home: Home) -> None:
    found = of(home, "comtrade:XBB:XAA:710813:2024")
    assert (found.verdict, found.air_routes) == ("could", 0)
    assert found.why == "it is declared to have gone by air; ships say nothing of these goods"
    assert (
        "By mode: the importer declares 9.00 M USD by air (90 %); the importer declares 1.00 M USD by road (10 %)."
        in (text(found))
    )


def test_a_home_without_ships_cannot_test(tmp_path: Path) -> None:
    home = Home.open(tmp_path, create=True)
    write(home, "flows", [bauxite(2024, 9e8)], "bauxite")
    write(home, "alerts", [])
    found = of(home, "comtrade:XAA:XBB:260600:2024")
    assert (found.verdict, found.why, found.periods) == ("cannot test", "no positions of ships were read", [])


def test_every_sentence_is_calm(home: Home) -> None:
    names = ("XAA:XBB:260600:2024", "XAA:XBB:260600:2022", "XAA:XBB:710812:2024", "XBB:XAA:710813:2024")
    assert lint("\n".join(text(of(home, f"comtrade:{one}")) for one in names)) == []
