"""Rivers that a user names: from a file of waterways through a run to the answer of `oretrace route --mode river`."""

import json
import os
from itertools import pairwise
from pathlib import Path

import geopandas
import pytest
import shapely

from graphs.sphere import distance_km
from graphs.transport import costs, transfer
from pipelines import cli
from pipelines.analysis import Analysis
from pipelines.home import Home
from tests.pipelines.test_assets_places import LEGS, NETWORK, make
from tests.pipelines.test_assets_places import PLACES as PLACES_MADE

PLACES = """place_id,kind,name,country,lon,lat
city:mine:kisangani,city,Kisangani,COD,25.19,0.52
city:mine:bangui,city,Bangui,CAF,18.58,4.37
port:mine:kinshasa,port,Kinshasa,COD,15.31,-4.30
port:mine:matadi,port,Matadi,COD,13.45,-5.82
"""
TRADE = """period,reporterCode,reporterISO,partnerCode,partnerISO,flowCode,cmdCode,primaryValue,netWgt,cifvalue,fobvalue
2020,360,IDN,156,CHN,X,260400,1000000,10000000,,1000000
2020,156,CHN,360,IDN,M,260400,1100000,10000000,1100000,
"""
"""Without trade or ships a run says that it has nothing to judge."""
MEETING = (17.70, -0.48)
UPPER = [(25.19, 0.515), (22.5, 2.1), (18.26, 0.05), MEETING]
LOWER = [MEETING, (16.2, -2.0), (15.31, -4.31)]
RAPIDS = [LOWER[-1], (13.45, -5.81)]
UBANGI = [(18.58, 4.36), (18.6, 3.5), MEETING]


def length(line: list[tuple[float, float]]) -> float:
    return sum(float(distance_km(*one, *other)) for one, other in pairwise(line))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Congo as a GeoPackage of lines tagged as in OpenStreetMap, its tributary as GeoParquet with a column mode."""
    folder = tmp_path_factory.mktemp("rivers")
    (folder / "places.csv").write_text(PLACES)
    (folder / "nickel.csv").write_text(TRADE)
    congo = {"waterway": ["river", "river", "river", "weir"], "boat": ["yes", None, "no", None]}
    lines = [shapely.LineString(one) for one in (UPPER, LOWER, RAPIDS, RAPIDS)]
    geopandas.GeoDataFrame(congo, geometry=lines, crs="EPSG:4326").to_file(folder / "congo.gpkg", driver="GPKG")
    ubangi = geopandas.GeoDataFrame({"mode": ["river"]}, geometry=[shapely.LineString(UBANGI)], crs="EPSG:4326")
    ubangi.to_parquet(folder / "ubangi.parquet")
    return folder


@pytest.fixture(scope="module")
def home(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the first stages of a run make of them."""
    opened = Home.open(tmp_path_factory.mktemp("made") / "home", create=True)
    opened.save_analysis(Analysis(data=(str(data),), only_data=True))
    make(opened, NETWORK, PLACES_MADE, LEGS)
    return Path(opened.path)


@pytest.fixture
def told(home: Path, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def ask(*words: str) -> tuple[int, list[dict[str, object]], str]:
        code = cli.main(["route", *words, "--mode", "river", "--format", "json", "--home", str(home)])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else [], err

    return ask


def test_goods_go_down_the_river_and_are_loaded_and_unloaded(told) -> None:  # type: ignore[no-untyped-def]
    code, steps, _ = told("Kisangani", "Kinshasa")
    assert code == 0
    assert [one["mode"] for one in steps] == ["transfer", "river", "transfer"]
    water, load, rate = steps[1], transfer(costs(), "road", "river"), costs()["river"]
    joins = float(water["off_network_km"])  # type: ignore[arg-type]
    assert 0 < joins < 5
    assert water["length_km"] == pytest.approx(length(UPPER) + length(LOWER) + joins, rel=1e-3)
    on_water = float(water["length_km"]) - joins  # type: ignore[arg-type]
    assert water["hours"] == pytest.approx(on_water / 8 + joins / 4, rel=1e-6)
    assert water["cost_usd_per_t"] == pytest.approx(on_water * rate.usd_per_t_km + joins * 0.3, rel=1e-6)  # type: ignore[operator]
    assert steps[0]["cost_usd_per_t"] == load.fixed_usd_per_t
    assert "congo.gpkg" in str(water["source"])


def test_rivers_of_two_files_meet_and_no_border_is_paid_at_their_bends(told) -> None:  # type: ignore[no-untyped-def]
    code, steps, _ = told("Bangui", "Kinshasa")
    (water,) = [one for one in steps if one["mode"] == "river"]
    assert code == 0
    assert water["crosses_border"] is True
    assert {"congo.gpkg", "ubangi.parquet"} <= set(str(water["source"]).split("; "))
    assert float(water["cost_usd_per_t"]) < 0.029 * float(water["length_km"]) + 3  # type: ignore[arg-type]


def test_a_mine_beside_the_river_reaches_it_by_a_line(told) -> None:  # type: ignore[no-untyped-def]
    code, steps, _ = told("0.9,25.2", "Kinshasa")
    assert code == 0
    assert [one["mode"] for one in steps] == ["transfer", "river", "transfer"]
    assert float(steps[1]["off_network_km"]) > 60  # type: ignore[arg-type]


def test_no_barge_passes_the_rapids(told) -> None:  # type: ignore[no-untyped-def]
    code, steps, err = told("Kinshasa", "Matadi")
    assert (code, steps) == (1, [])
    assert "no way by river is known" in err


@pytest.mark.slow
def test_a_whole_run_makes_the_same_ways(
    data: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("ORETRACE_")]:
        monkeypatch.delenv(name)
    mine = tmp_path / "home"
    assert cli.main(["run", "--home", str(mine), "--only-data", "--data", str(data)]) == 0
    for table in ("network_edges", "legs"):
        one, other = (Home.open(folder).scan(table).collect() for folder in (mine, home))
        assert one.equals(other)
    capsys.readouterr()
    assert cli.main(["route", "Kisangani", "Kinshasa", "--mode", "river", "--home", str(mine)]) == 0
    assert "by river" in capsys.readouterr().out
