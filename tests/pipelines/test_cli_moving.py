"""Commands about ways, ships, capacity, companies and maps, on a small home, through the command line."""

import json
from pathlib import Path

import polars as pl
import pytest

from pipelines import cli, company_ledger
from pipelines.home import Home
from pipelines.policy import lint
from tests.pipelines import moving_home
from tests.pipelines.moving_home import DRACO, ORION, PORT_A, PORT_B
from tests.pipelines.small_home import flow, write


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return moving_home.make(tmp_path_factory.mktemp("moving") / "home")


@pytest.fixture(params=[80, 120])
def told(request, home: Home, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Run one command at a width; exit code, stdout, stderr. No line is wider and no word accuses."""
    monkeypatch.setenv("COLUMNS", str(request.param))
    monkeypatch.setenv("ORETRACE_HOME", str(home.path))

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(list(words))
        out, err = capfd.readouterr()
        if "--format" not in words and words[0] != "map":
            assert max(map(len, out.splitlines()), default=0) <= request.param
        assert lint(out + err) == []
        return code, out, err

    return call


# Ways


def test_a_way_shows_legs_hours_cost_and_what_is_a_straight_line(told):
    code, out, err = told("route", "Gamma", "Beta")
    assert (code, err) == (0, "")
    assert "Gamma, city in XAA, to Beta (XBBET), port in XBB: the cheapest first" in " ".join(out.split())
    assert "by road" in out
    assert "change of mode" in out
    assert "by sea" in out
    assert "Way 1" in out
    assert "USD/t" in out
    assert "through Suez Canal" in " ".join(out.split())
    assert "! " in out


def test_avoiding_a_country_avoids_its_canal_and_says_so(told):
    code, out, _ = told("route", "Alpha", "Beta", "--avoid", "EGY")
    assert code == 0
    assert "through" not in out
    assert "Avoided with its country: Suez Canal." in out
    straits = told("route", "Alpha", "Beta", "--avoid", "suez", "--format", "csv")[1]
    countries = told("route", "Alpha", "Beta", "--avoid", "Egypt", "--format", "csv")[1]
    assert straits == countries


def test_more_ways_come_in_their_order(told):
    code, out, _ = told("route", "Alpha", "Beta", "--mode", "sea", "--alternatives", "2", "--format", "json")
    rows = pl.DataFrame(json.loads(out))
    sums = rows.group_by("route").agg(pl.col("cost_usd_per_t").sum()).sort("route")
    assert code == 0
    assert sums["route"].to_list() == [1, 2]
    assert sums["cost_usd_per_t"].is_sorted()


def test_steps_for_programs_have_names_and_the_freight_of_the_tonnes(told):
    _, out, _ = told("route", "Gamma", "Beta", "--tonnes", "1000", "--format", "csv")
    rows = pl.read_csv(out.encode())
    assert rows["cost_usd"].to_list() == pytest.approx((rows["cost_usd_per_t"] * 1000).to_list())
    assert rows["from_name"][0] == "Gamma"
    assert rows["to_name"][-1] == "Beta (XBBET)"
    assert rows.columns[-1] == "lon_lat"
    assert "for 1,000 t" in " ".join(told("route", "Gamma", "Beta", "--tonnes", "1000")[1].split())


def test_points_with_negative_coordinates_are_places_and_no_options(told):
    code, out, err = told("route", "-0.2,-0.1", "Beta")
    assert (code, err) == (0, "")
    assert out.startswith("-0.2, -0.1, to Beta")
    assert told("map", "route", "-0.2,-0.1", "Beta")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("route", "Twin", "Beta"), 2, "names several places"),
        (("route", "Nowhere", "Beta"), 2, "is called 'Nowhere'"),
        (("route", "Alpha", "port:XAA:2"), 2, "are one place"),
        (("route", "Alpha", "Beta", "--mode", "cart"), 2, "there is no mode 'cart'"),
        (("route", "Alpha", "Beta", "--avoid", "Narnia"), 2, "straits that can be avoided are suez"),
        (("route", "Alpha", "Beta", "--avoid", "XBB"), 2, "which is to be avoided"),
        (("route", "Alpha", "Beta", "--mode", "rail"), 1, "no way by rail is known"),
        (("route", "Alpha", "Beta", "--mdoe", "rail"), 2, "unexpected extra argument"),
        (("route", "Alpha", "Beta", "--alternatives", "0"), 2, "alternatives"),
        (("ships", "--since", "soon"), 2, "is no day"),
        (("ships", "--since", "2024-11-30", "--until", "2024-10-01"), 2, "--since 2024-11-30 lies after"),
        (("map", "ship", "ORION", "--since", "2025-01-01", "--until", "2024-10-01"), 2, "lies after --until"),
        (("alerts", "--since", "2025", "--until", "2020"), 2, "--since 2025 lies after --until 2020: exchange them"),
        (("alerts", "--since", "2020-03", "--until", "2020-02"), 2, "--since 2020-03 lies after --until 2020-02"),
        (("ships", "--event", "party"), 2, "there is no event"),
        (("ships", "--port", "6.2,-1.6"), 2, "is a position"),
        (("ships", "Nobody"), 1, "no ship matches. Positions of 3 days were read, 2024-10-01 to 2024-10-03."),
        (("capacity", "XAA", "Narnia", "bauxite"), 2, "no country or area"),
        (("companies", "Zeta"), 1, "no company is known"),
        (("same", "ACME", "Zeta", "--verdict", "same", "--reviewer", "ama"), 2, "no company is called"),
        (("same", "ACME", "ACME", "--verdict", "same", "--reviewer", "ama"), 2, "named twice"),
        (("same", "ACME", "Other Metals", "--verdict", "maybe", "--reviewer", "ama"), 2, "is none of same, different"),
        (("map", "route", "Alpha"), 2, "oretrace map route FROM TO"),
        (("map", "ship", "Nobody"), 1, "no ship is called"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_ends_with_a_sentence_and_a_code(told, words, code, said):
    found, out, err = told(*words)
    assert (found, out) == (code, "")
    assert said in " ".join(err.split())
    assert err.count("\n") == 1


def test_a_home_without_networks_says_which_command_makes_them(tmp_path, capfd):
    bare = Home.open(tmp_path / "bare", create=True)
    for words in (("route", "A", "B"), ("ships",), ("companies",), ("map", "ship", "x")):
        assert cli.main(["--home", str(bare.path), *words]) == 4
        assert "run `oretrace run` first" in capfd.readouterr().err


def test_a_home_that_knows_no_roads_draws_straight_lines_and_says_so(tmp_path, capfd):
    bare = moving_home.make(tmp_path / "home")
    nodes, edges = (bare.scan(name).collect().clear() for name in ("network_nodes", "network_edges"))
    moving_home.put(bare, "network_nodes", nodes)
    moving_home.put(bare, "network_edges", edges)
    for start in ("Gamma", "5.0,1.0"):
        assert cli.main(["--home", str(bare.path), "route", start, "Alpha"]) == 0
        out = " ".join(capfd.readouterr().out.split())
        assert "! all of it" in out
        assert "This home knows no road and no rail and no sea network" in out
        assert "without --only-data" in out


# Ships


def test_a_home_without_positions_says_how_they_are_read(tmp_path, capfd):
    bare = moving_home.make(tmp_path / "home")
    for day in bare.partitions("vessel_positions"):
        bare.table_path("vessel_positions", day).unlink()
    moving_home.put(bare, "vessels", [])
    assert cli.main(["--home", str(bare.path), "ships"]) == 1
    assert "No day of positions was read. `oretrace run --data FOLDER` reads positions" in capfd.readouterr().err


def test_ships_are_listed_with_what_they_did(told):
    code, out, _ = told("ships", "--format", "csv")
    rows = {row["track_id"]: row for row in pl.read_csv(out.encode()).to_dicts()}
    assert code == 0
    assert [rows[ORION][name] for name in ("calls", "voyages", "events", "last_call")] == [2, 1, 2, "Beta"]
    assert [rows[DRACO][name] for name in ("calls", "voyages", "events")] == [1, 0, 1]
    shown = told("ships")[1]
    assert "3 ships" in shown
    assert "No call seen is no call made" in shown


def test_a_port_stands_for_the_anchorages_around_it(told):
    rows = pl.read_csv(told("ships", "--port", "XAALP", "--format", "csv")[1].encode())
    assert rows["track_id"].to_list() == [ORION, DRACO]
    calls = pl.read_csv(told("ships", "--port", "XAALP", "--show", "calls", "--format", "csv")[1].encode())
    assert calls["place_id"].to_list() == [PORT_A, "anchorage:XAA:1"]
    assert told("ships", "--port", "Far roads")[0] == 1


def test_days_bound_what_is_told(told):
    def calls(*more: str) -> list[str]:
        out = told("ships", "--show", "calls", "--format", "csv", *more)[1]
        return pl.read_csv(out.encode())["track_id"].to_list() if out else []

    assert calls() == [ORION, DRACO, ORION]
    assert calls("--until", "2024-10-01") == [ORION, DRACO]
    assert calls("--since", "2024-10-02") == [DRACO, ORION]
    assert calls("--since", "2024-10-03") == [ORION], "a call that has not ended lasts as long as its ship is heard"
    assert calls("--since", "2024-10-04") == []
    assert told("ships", "--since", "2024-10-04")[0] == 1


@pytest.mark.parametrize("who", ["ORION", "orion", "9074729", ORION])
def test_one_ship_is_told_whole(told, who):
    code, out, _ = told("ships", who)
    text = " ".join(out.split())
    assert code == 0
    assert "ORION, bulk carrier" in text
    assert "35,000 t to 60,000 t, four times out of five" in text
    assert "still there" in text
    assert "silence, 11 h" in text
    assert "receivers there heard nobody or lost several ships: possible, 60 % of its time" in text
    assert "satellites come late where no receiver ashore hears: cannot test, 1 excluded" in text
    assert "meeting at sea" in text, "the other of two ships has the event too"


def test_part_of_a_name_finds_ships_too(told):
    assert pl.read_csv(told("ships", "drac", "--format", "csv")[1].encode())["track_id"].to_list() == [DRACO]
    assert told("ships", "200000001")[1].startswith("2 ships"), "one identity, two ships"


def test_events_are_chosen_by_kind_and_port(told):
    code, out, _ = told("ships", "--event", "gap", "--port", "XAALP")
    assert code == 0
    assert out.startswith("1 silence\n")
    assert "confidence 0.40" in " ".join(out.split())
    rows = pl.read_csv(told("ships", "--event", "identity-collision", "--event", "gap", "--format", "csv")[1].encode())
    assert rows["kind"].to_list() == ["identity_collision", "gap"]
    assert told("ships", "--event", "loitering")[0] == 1


def test_voyages_tell_way_lanes_and_cargo(told):
    out = told("ships", "--show", "voyages")[1]
    assert "ORION" in out
    assert "Beta" in out


# Capacity


@pytest.fixture(scope="module")
def declared(home: Home) -> None:
    masses = {202410: 4.1e8, 202411: 4e8, 202412: 6e7, 202501: 5e7, 2024: 9e8}
    rows = [
        flow("XAA", "XBB", "260600", period, export_mass_kg=kg, import_mass_kg=kg * 1.05, family="bauxite",
             is_export_mass_estimated=False, is_import_mass_estimated=False)
        for period, kg in masses.items()
    ]  # fmt: skip
    back = flow("XBB", "XAA", "260600", 202410, export_mass_kg=5e8, is_export_mass_estimated=False, family="bauxite")
    write(home, "flows", [*rows, back], "bauxite")
    write(home, "flows", [flow("XAA", "XBB", "710812", 202410, export_mass_kg=1e3)], "gold")


def test_every_month_has_a_verdict_and_its_why(told, declared):
    code, out, _ = told("capacity", "XAA", "XBB", "bauxite", "--format", "csv")
    rows = {row["period"]: row for row in pl.read_csv(out.encode()).to_dicts()}
    assert code == 0
    assert {period: row["verdict"] for period, row in rows.items()} == {
        202410: "could not", 202411: "cannot test", 202412: "could", 202501: "cannot test",
    }  # fmt: skip
    assert rows[202410]["declared_kg"] == 4.1e8
    assert rows[202410]["capacity_kg"] == pytest.approx(9e7 / 0.9)
    assert rows[202410]["beyond_kg"] == pytest.approx(4.1e8 - 9e7 / 0.9)
    assert rows[202411]["why"] == "receivers heard 1 of the two countries' 2 ports"
    assert rows[202501]["why"] == "positions of none of its days were read"
    assert rows[202412]["p_value"] > 0.1 > rows[202410]["p_value"]
    text = " ".join(told("capacity", "XAA", "XBB", "260600")[1].split())
    assert "could the ships that were seen have carried it?" in text
    assert "2024-11 cannot be tested: receivers heard 1 of the two countries' 2 ports." in text


def test_a_month_that_was_read_without_a_call_says_so(told, declared):
    text = " ".join(told("capacity", "XBB", "XAA", "bauxite")[1].split())
    assert "2024-10 cannot be tested: no call of a ship was seen in XBB or in XAA." in text


def test_goods_that_fly_are_never_tested(told, declared):
    code, out, _ = told("capacity", "XAA", "XBB", "gold")
    text = " ".join(out.split())
    assert code == 0
    assert "could not" not in text.partition("Declared:")[0]
    assert "these goods do not go by sea as whole shiploads: ships say nothing of them" in text
    assert "No direct air route from XAA to XBB is listed, which proves nothing" in text
    assert "No mode of transport is declared of these goods." in text
    code, _, err = told("capacity", "XBB", "XAA", "gold")
    assert code == 1
    assert "No direct air route from XBB to XAA is listed, which proves nothing" in err


def test_a_year_shows_itself_and_its_months_and_nothing_ends_with_one(told, declared):
    out = told("capacity", "XAA", "XBB", "bauxite", "--year", "2024", "--format", "csv")[1]
    rows = pl.read_csv(out.encode())
    assert rows["period"].to_list() == [2024, 202410, 202411, 202412]
    assert rows["why"][0] == "positions of 3 of its days were read, and a year needs 330"
    code, _, err = told("capacity", "XBB", "XAA", "bauxite", "--year", "2001")
    assert code == 1
    assert "no trade in these goods is held of this pair in 2001, declared or reconciled" in err
    assert "no call of a ship was seen at either end" in err
    code, _, err = told("capacity", "XAA", "XBB", "99999")
    assert code == 2
    assert "code '99999' is unknown" in err


# Companies


def test_companies_and_what_they_count_as(told):
    rows = pl.read_csv(told("companies", "--format", "csv")[1].encode())
    assert rows["company_id"].to_list() == ["XAA:acme", "XAA:acme trading", "XBB:other"]
    out = told("companies", "acme")[1]
    assert "ACME" in out
    assert "Like names" in out
    assert "XAA:acme  =?  XAA:acme trading" in out


def test_proposals_are_pairs_that_nobody_decided(told):
    code, out, _ = told("companies", "--proposals")
    assert code == 0
    assert out.startswith("1 pair of names that may be one company\n")
    assert "risk 20 %" in out
    assert "Nothing proposed here is merged." in " ".join(out.split())
    assert told("companies", "Other Metals", "--proposals")[0] == 1


def test_judgements_are_added_and_none_is_changed(told, home):
    before = company_ledger.read(home).height
    for verdict in ("same", "different"):
        who = ("--reviewer", "ama", "--note", "x")
        code, out, _ = told("same", "Other Metals", "XAA:acme", "--verdict", verdict, *who)
        assert code == 0
        assert "counts from the next run" in " ".join(out.split())
    rows = company_ledger.read(home)
    assert rows.height == before + 2
    assert rows["judged_at"].is_sorted()
    last = rows.row(-1, named=True)
    assert (last["one"], last["other"], last["verdict"], last["note"]) == ("XAA:acme", "XBB:other", "different", "x")


# Maps


def test_a_map_says_where_it_lies(told, home, tmp_path):
    code, out, _ = told("map", "route", "Gamma", "Beta")
    file = Path(out.strip().rpartition(": ")[2])
    assert code == 0
    assert file.parent == home.views_path
    assert "Ways from Gamma to Beta" in file.read_text(encoding="utf-8")
    named = tmp_path / "ship.html"
    assert told("map", "ship", "ORION", "--out", str(named))[0] == 0
    assert "event: silence" in named.read_text(encoding="utf-8")
    assert told("map", "ship", "200000001")[0] == 2, "two ships on one identity"
    assert told("map", "route", "Alpha", "Beta", "--out", str(tmp_path / "none" / "x.html"))[0] == 2


def test_a_ship_at_two_ports_is_found_by_either_end(told):
    for name in (PORT_A, PORT_B):
        out = told("ships", "--show", "voyages", "--port", name, "--format", "csv")[1]
        assert pl.read_csv(out.encode())["track_id"].to_list() == [ORION]
