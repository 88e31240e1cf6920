"""Map pages of a home: what they are about, who is named for their lines, where an alert's goods could have gone."""

import pytest

from graphs.errors import InputError
from pipelines import map_pages
from pipelines.home import Home
from pipelines.policy import lint
from pipelines.sources import land_network, sea_lanes
from pipelines.way_queries import Asked
from tests.pipelines import moving_home, small_home
from tests.pipelines.moving_home import DRACO, ORION, ORION_TWO, PORT_A
from tests.pipelines.views.test_network import Page


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = moving_home.make(tmp_path_factory.mktemp("maps") / "home")
    small_home.write(made, "alerts", list(small_home.ALERTS))
    return made


def texts(page: map_pages.Page) -> str:
    return " ".join(one for listed in Page(page.text).texts.values() for one in listed if len(one) < 10_000)


def test_a_route_has_both_ends_and_every_leg(home):
    page = map_pages.route(home, Asked("Gamma", "Beta"))
    said = texts(page)
    assert page.title == "Ways from Gamma to Beta"
    assert "from: Gamma" in said
    assert "to: Beta" in said
    assert "by road" in said
    assert "by sea, through Suez Canal" in said
    assert lint(said) == []


def test_the_same_question_is_the_same_file_and_another_is_another(home):
    asked = Asked("Gamma", "Beta")
    assert map_pages.route(home, asked) == map_pages.route(home, asked)
    other = map_pages.route(home, Asked("Gamma", "Beta", avoid=("suez",)))
    assert other.file != map_pages.route(home, asked).file
    assert "avoided" in other.text


def test_whoever_made_a_network_is_named(tmp_path):
    """The licence of OpenStreetMap's data asks for it."""
    home = moving_home.make(tmp_path / "home")
    edges = home.scan("network_edges").collect()
    named = {"sea": sea_lanes.SOURCE, "road": land_network.CITATION}
    told = edges.with_columns(source=edges["mode"].replace_strict(named))
    moving_home.put(home, "network_edges", told)
    said = texts(map_pages.route(home, Asked("Gamma", "Beta")))
    assert f"{land_network.CITATION} ({land_network.LICENCE})" in said
    assert sea_lanes.CITATION in said


def test_no_way_is_no_page(home):
    assert map_pages.route(home, Asked("Alpha", "Beta", modes=("rail",))) is None


def test_a_ship_has_its_calls_its_events_and_the_days_that_were_read(home):
    said = texts(map_pages.ship(home, ORION))
    assert "Where ORION was heard" in said
    assert "call: Alpha" in said
    assert "event: silence" in said
    assert "Positions of 3 days were read, 2024-10-01 to 2024-10-03." in said


def test_two_ships_on_one_identity_have_a_map_each(home):
    """One sails along the equator, the other 60 degrees north of it."""
    one, other = (map_pages.ship(home, track).text for track in (ORION, ORION_TWO))
    assert '"points":[[0.0,-0.1]' in one.replace(" ", "")
    assert '"points":[[0.0,60.0]' in other.replace(" ", "")
    assert "60.0]" not in one.partition('id="data"')[2].partition("</script>")[0]


def test_the_map_of_either_ship_of_a_meeting_names_the_other(tmp_path):
    home = moving_home.make(tmp_path / "home")
    sentence = f"Lay within 90 m of {ORION} for 3.0 h."
    met = moving_home.event("encounter", DRACO, 32, 35, other_track=ORION, lon=9.0, lat=-0.1, sentence=sentence)
    moving_home.put(home, "vessel_events", [met])
    one, other = (texts(map_pages.ship(home, track)) for track in (DRACO, ORION))
    assert f"Lay within 90 m of ORION ({ORION}) for 3.0 h." in one
    assert f"Lay within 90 m of Draco Star ({DRACO}) for 3.0 h." in other
    assert f"of {ORION} " not in other


def test_a_name_of_several_ships_is_refused_with_how_many_and_who_they_are(tmp_path):
    home = moving_home.make(tmp_path / "home")
    few = [moving_home.vessel(f"{300_000_000 + at}:1", f"RED DAWN {at}") for at in range(3)]
    many = [moving_home.vessel(f"{400_000_000 + at}:1", f"GREY DAWN {at}") for at in range(10)]
    moving_home.put(home, "vessels", [*few, *many])
    with pytest.raises(InputError) as told:
        map_pages.ship(home, "red dawn")
    assert str(told.value) == (
        "'red dawn' names 3 ships: RED DAWN 0 (300000000:1), RED DAWN 1 (300000001:1), RED DAWN 2 (300000002:1). "
        "Give the track of one; `oretrace ships 'red dawn' --top 3` lists all"
    )
    with pytest.raises(InputError) as told:
        map_pages.ship(home, "DAWN")
    assert "names 13 ships, of which 12 are shown: RED DAWN 0 (300000000:1), " in str(told.value)
    assert str(told.value).count(":1)") == 12
    assert str(told.value).endswith("`oretrace ships DAWN --top 13` lists all")


def test_days_bound_a_ship(home):
    from datetime import date

    whole, part = (map_pages.ship(home, ORION, day) for day in (None, date(2024, 10, 2)))
    assert "2024-10-01 00:00" in texts(whole)
    assert "First position 2024-10-02" in texts(part)
    assert whole.file != part.file


def test_an_alert_is_drawn_between_the_main_places_of_its_countries(home):
    page = map_pages.alert(home, "1", "agnostic")
    said = texts(page)
    assert "declared exporter: XAA" in said
    assert "declared importer: XBB" in said
    assert small_home.FIRST in said
    assert "no declaration says through which place the goods went" in said
    assert "cost, since these goods go in bulk" in said
    assert map_pages.alert(home, "99", "agnostic") is None


def test_an_alert_without_any_place_is_refused(home):
    with pytest.raises(InputError, match="no port and no city of XDD is known here"):
        map_pages.alert(home, "3", "agnostic")


def test_a_port_with_calls_stands_for_its_country(home):
    assert PORT_A in {row["place_id"] for row in moving_home.CALLS}
    assert "Alpha (XAALP), port in XAA" in texts(map_pages.alert(home, "1", "agnostic"))
