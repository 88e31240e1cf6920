"""Questions to the tables of a home."""

from dataclasses import replace
from pathlib import Path

import pytest

from graphs.errors import HomeError, InputError, UnknownCode
from graphs.tables import CHANNELS, LEARNED, LISTS, Alerts
from pipelines import ledger, queries
from pipelines.home import Home
from pipelines.queries import Wanted
from tests.pipelines.small_home import BEFORE, FIRST, ONE_SIDED, make_home

ALL = Wanted(everything=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("queries") / "home")


def ranks(home: Home, wanted: Wanted) -> list[int]:
    return queries.alerts(home, wanted).collect()["rank"].to_list()


def test_columns_are_the_contract() -> None:
    # Written out from the agreement with those whose programs read alerts.
    agreed = (
        "alert_id list rank flow_id exporter importer commodity period channel statistic p_value q_value claim_level "
        "export_value_usd import_value_usd export_mass_kg import_mass_kg reconciled_value_usd reconciled_mass_kg "
        "gap_value_usd gap_mass_kg episode_id source as_of main_cause sentence why_no_rate unit_p_value unit_q_value "
        "ordinary_bound ordinary_share"
    )
    assert agreed.split() == list(queries.ALERT_COLUMNS)
    assert set(queries.ALERT_COLUMNS) <= set(Alerts.column_names())


def test_channel_names_and_lists_are_those_of_the_tables() -> None:
    assert (*queries.CHANNEL_NAMES, LEARNED) == CHANNELS
    assert queries.LIST_NAMES == LISTS


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), [1, 2, 3]),
        (ALL, [1, 2, 3, 4, 5]),
        (replace(ALL, exporters=("XAA",)), [1, 2, 4]),
        (replace(ALL, exporters=("XAA", "XFF"), importers=("XBB",)), [1, 4, 5]),
        (replace(ALL, commodities=("75",)), [5]),
        (replace(ALL, commodities=("2604", "7108")), [1, 2, 3, 4]),
        (replace(ALL, families=("gold",)), [3]),
        (replace(ALL, periods=(2019, 2021)), [3, 4]),
        (replace(ALL, since=2020, until=2020), [1, 2, 5]),
        (replace(ALL, since=202012), [1, 2, 3, 5]),  # a year lasts until its December
        (replace(ALL, until=201912), [4]),
        (replace(ALL, until=202001), [1, 2, 4, 5]),  # a year begins with its January
        (replace(ALL, level=1), [1, 2, 3]),
        (replace(ALL, level=2), [1]),
        (replace(ALL, channels=("balance", "jump")), [3, 5]),
        (replace(ALL, sources=("baci",)), [3]),
        (Wanted(exporters=("XFF",)), []),
        (Wanted(list_name="learned"), [1, 2]),
        (replace(ALL, list_name="learned", level=2), [2]),
        (replace(ALL, list_name=None, exporters=("XDD", "XFF")), [3, 5]),
        (Wanted(list_name=None), [1, 2, 3, 1, 2]),
    ],
)
def test_filters(home: Home, wanted: Wanted, expected: list[int]) -> None:
    assert ranks(home, wanted) == expected


@pytest.mark.parametrize("name", ["1", "#1", ONE_SIDED["flow_id"], FIRST, f" {FIRST} "])
def test_an_alert_has_three_names(home: Home, name: str) -> None:
    found = queries.find_alert(home, name)
    assert found is not None
    assert found["alert_id"] == FIRST


@pytest.mark.parametrize("name", ["6", "comtrade:XAA:XBB:260400:2001", FIRST.replace("2022-06-30", "2021-06-30")])
def test_names_of_nothing(home: Home, name: str) -> None:
    assert queries.find_alert(home, name) is None


@pytest.mark.parametrize("name", ["nickel", "a:b", "comtrade:XAA:XBB:260400:then", ":::::", "a:b:c:d:1:2:3:4"])
def test_names_that_are_none(home: Home, name: str) -> None:
    with pytest.raises(InputError, match="names no alert"):
        queries.find_alert(home, name)


def test_a_rank_and_a_flow_mean_the_list_that_is_asked_and_an_alert_id_its_own(home: Home) -> None:
    mine = FIRST.replace("agnostic", "learned")
    for name in ("2", ONE_SIDED["flow_id"], mine):
        found = queries.find_alert(home, name, "learned")
        assert found is not None
        assert found["alert_id"] == mine
    found = queries.find_alert(home, mine)
    assert found is not None
    assert found["rank"] == 2


def test_where_a_flow_stands_on_both_lists(home: Home) -> None:
    stands = [(one["list"], one["rank"], one["scored"]) for one in queries.standing(home, BEFORE)]
    assert stands == [("agnostic", 4, 5), ("learned", 3, 3)]


def test_a_flow_below_the_cut_is_found_too(home: Home) -> None:
    found = queries.find_alert(home, BEFORE["flow_id"])
    assert found is not None
    assert not found["is_selected"]


@pytest.mark.parametrize(
    ("commodity", "expected"),
    [
        ("260400", [("260400", 2018), ("260400", 2019), ("260400", 2020), ("260400", 202003)]),
        ("26", [("260400", 2018), ("260400", 2019), ("260400", 2020), ("260400", 202003)]),
        ("Nickel", [("260400", 2018), ("260400", 2019), ("260400", 2020), ("260400", 202003)]),
        ("7501", []),
        ("gold", []),
        ("999999", []),
    ],
)
def test_flows_of_a_pair(home: Home, commodity: str, expected: list[tuple[str, int]]) -> None:
    found = queries.flows_between(home, "XAA", "XBB", commodity)
    rows = [] if found.is_empty() else found.select("commodity", "period").rows()
    assert rows == expected


def test_two_reviewers_raise_a_candidate_and_the_filter_sees_it(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    anomaly = f"agnostic:{queries.find_alert(home, '2')['flow_id']}:2022-06-30"  # type: ignore[index]
    for name in ("Ada", "Bo"):
        ledger.append(home, FIRST, reviewer=name, verdict="implausible")
        ledger.append(home, anomaly, reviewer=name, verdict="implausible")
    assert ranks(home, replace(ALL, level=3)) == [1]  # an anomaly is no candidate, whoever says so
    assert queries.alerts(home, ALL).collect()["claim_level"].to_list() == [3, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("text", "code"),
    [("IDN", "IDN"), ("idn", "IDN"), ("Indonesia", "IDN"), ("south korea", "KOR"), ("XAA", "XAA"), ("_X", "_X")],
)
def test_countries_by_code_or_name(text: str, code: str) -> None:
    assert queries.country(text) == code


@pytest.mark.parametrize(
    ("function", "text", "sentence"),
    [
        (queries.country, "Indonesai", r"did you mean Indonesia \(IDN\)\?"),
        (queries.country, "Nowhere at all", "use ISO alpha-3"),
        (queries.hs_prefix, "nickle", "neither an HS code of 2 to 6 digits nor a family"),
        (queries.family, "unobtainium", "the families are "),
    ],
)
def test_unknown_codes(function: object, text: str, sentence: str) -> None:
    with pytest.raises(UnknownCode, match=sentence):
        function(text)  # type: ignore[operator]


@pytest.mark.parametrize(("text", "number"), [("2020", 2020), ("2020-03", 202003), ("202003", 202003)])
def test_periods(text: str, number: int) -> None:
    assert queries.period(text) == number


@pytest.mark.parametrize("text", ["20", "202013", "last year", "2020-00"])
def test_no_periods(text: str) -> None:
    with pytest.raises(InputError, match="neither a year"):
        queries.period(text)


def test_channel_names_in_either_spelling() -> None:
    assert queries.channel("Mirror-Gap") == "mirror_gap"
    with pytest.raises(InputError, match="the channels are mirror_gap"):
        queries.channel("magic")


def test_before_the_first_run(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home", create=True)
    for ask in (lambda: ranks(home, Wanted()), lambda: queries.flows_between(home, "XAA", "XBB", "26")):
        with pytest.raises(HomeError, match="run `oretrace run` first"):
            ask()
