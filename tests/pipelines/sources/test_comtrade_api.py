"""The client of UN Comtrade against a server that behaves like it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from graphs.errors import FetchError, InputError, QuotaExhausted
from pipelines.archive import Archive, Entry
from pipelines.fetching import Patience, Secret, progress_bars
from pipelines.quota import Ledger
from pipelines.sources.comtrade_access import Access
from pipelines.sources.comtrade_api import Comtrade
from pipelines.sources.comtrade_files import parse
from pipelines.sources.comtrade_portions import portions
from pipelines.sources.comtrade_query import Request
from tests.pipelines.comtrade_server import KEY, Api, ComtradeServer, row

QUICK = Patience(connect_s=5, read_s=1.0, total_s=20, attempts=4, first_wait_s=0.01, longest_wait_s=2)
YEARS = (2018, 2019, 2020)
REPORTERS = (36, 156, 360, 608)
ROWS = [
    row(reporter, year, partner, commodity, flow)
    for reporter in REPORTERS
    for year in YEARS
    for partner in range(900, 905)
    for commodity in ("260400", "750110")
    for flow in ("M", "X")
]
BREAKDOWN = row(156, 2020, 900, motCode=1000)
NICKEL = Request(YEARS, ("260400",))
Opened = Callable[..., Comtrade]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def api() -> Iterator[Api]:
    with ComtradeServer([*ROWS, BREAKDOWN]) as served:
        yield served


@pytest.fixture
def opened(api: Api, tmp_path: Path) -> Iterator[Opened]:
    """Make a client; its archive and ledger are the same each time, as after a restart."""
    made: list[Comtrade] = []

    def open_one(**changes: Any) -> Comtrade:
        access = Access(keys=(Secret(KEY),), base_url=api.base_url, key_limit=api.limit, preview_limit=10, pause_s=0.0)
        client = Comtrade(Archive(tmp_path / "archive"), replace(access, **changes), tmp_path / "quota", patience=QUICK)
        made.append(client)
        return client

    yield open_one
    for client in made:
        client.line.close()


def keys_of(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    names = ("reporterCode", "period", "partnerCode", "cmdCode", "flowCode", "motCode")
    return sorted(tuple(str(one[name]) for name in names) for one in rows)


def archived(client: Comtrade) -> list[tuple[str, ...]]:
    """Keys of all rows that stand, as the parser of files reads them."""
    found: list[tuple[str, ...]] = []
    for portion in portions(client.archive):
        raw = portion.apply(parse(Path(client.archive.path(portion.entry).path), "answer").raw)
        columns = ("reporter_code", "period", "partner_code", "commodity", "flow_code", "mode")
        found += [tuple(str(cell) for cell in one) for one in raw.select(columns).iter_rows()]
    return sorted(found)


def wanted(commodity: str | None = "260400", years: tuple[int, ...] = YEARS) -> list[tuple[str, ...]]:
    return keys_of([one for one in ROWS if commodity in (None, one["cmdCode"]) and int(one["period"]) in years])


def test_a_request_under_the_limit_is_one_answer(api: Api, opened: Opened) -> None:
    api.limit = 200
    client = opened(key_limit=200)
    (entry,) = client.fetch(NICKEL)
    assert archived(client) == wanted()
    assert [one.path for one in api.seen] == ["/data/v1/getDa/C/A/HS", "/data/v1/get/C/A/HS", "/data/v1/get/C/A/HS"]
    assert [one.parameters.get("countonly") for one in api.seen] == [None, "true", None]
    assert api.seen[2].parameters["partner2code"] == "0"
    assert (entry.source, entry.published, entry.details["rows"]) == ("comtrade", date(2024, 5, 6), 120)
    assert "no re-dissemination" in entry.licence


def test_no_count_is_spent_on_what_cannot_be_cut(api: Api, opened: Opened) -> None:
    list(opened().fetch(Request((2020,), ("260400",), reporters=("CHN",))))  # 21 rows are published, the limit is 100
    assert [one.parameters.get("countonly") for one in api.asked("/get/")] == [None]


def test_an_answer_beyond_the_limit_is_divided_by_size(api: Api, opened: Opened) -> None:
    client = opened()
    entries = list(client.fetch(NICKEL))  # 120 rows, limit 100
    assert archived(client) == wanted()
    assert [entry.details["rows"] for entry in entries] == [80, 40]
    assert len(api.asked("/get/")) == 3  # one count, two answers


@pytest.mark.parametrize("limit", [3, 5, 7, 10, 19, 20, 21, 40, 60, 120, 121])
def test_every_row_comes_once_whatever_the_limit(api: Api, opened: Opened, limit: int) -> None:
    api.limit = limit
    client = opened(key_limit=limit)
    if limit <= 5:  # one reporter, year, commodity and flow fill it
        with pytest.raises(FetchError, match="cannot be divided further: name single commodities"):
            list(client.fetch(NICKEL))
        return
    entries = list(client.fetch(NICKEL))
    assert archived(client) == wanted()
    assert all(entry.details["rows"] < limit for entry in entries)


def test_an_answer_of_exactly_the_limit_counts_as_cut(api: Api, opened: Opened) -> None:
    api.limit = 120
    client = opened(key_limit=120)
    assert len(list(client.fetch(NICKEL))) == 2


def test_a_limit_lower_than_we_think_is_noticed(api: Api, opened: Opened) -> None:
    api.limit = 50  # the key is of a smaller plan than the settings say
    client = opened(key_limit=200)
    list(client.fetch(NICKEL))
    assert archived(client) == wanted()


def test_a_second_run_asks_for_nothing_but_the_list(api: Api, opened: Opened) -> None:
    list(opened().fetch(NICKEL))
    asked = len(api.seen)
    again = opened(list_age_s=0.0)
    assert list(again.fetch(NICKEL)) == []
    assert [one.path for one in api.seen[asked:]] == ["/data/v1/getDa/C/A/HS"]
    assert list(opened().fetch(NICKEL)) == []
    assert len(api.seen) == asked + 1  # a young list is not asked for again either
    assert archived(again) == wanted()


def test_an_unchanged_list_is_young_again_and_kept_once(opened: Opened) -> None:
    client = opened(list_age_s=0.0)
    client.availability(NICKEL)
    client.availability(NICKEL)
    records = [one for one in client.archive.entries("comtrade") if one.details["kind"] == "list"]
    assert len(records) == 2
    assert len({one.sha256 for one in records}) == 1  # although each body states another elapsed time


def test_a_list_serves_for_fewer_years_and_reporters(api: Api, opened: Opened) -> None:
    every = opened().availability(NICKEL)
    one = opened().availability(Request((2019,), reporters=("IDN",)))
    assert len(api.seen) == 1
    assert [found.pair for found in one if found.reporter == 360] == [(360, 2019)]
    assert set(one) <= set(every)
    opened().availability(Request((2017, 2019)))
    assert api.seen[1].parameters["period"] == "2017"


def test_only_a_revised_reporter_year_is_asked_again_and_replaces_the_old_rows(api: Api, opened: Opened) -> None:
    list(opened().fetch(NICKEL))
    asked = len(api.asked("/get/"))
    gone = next(
        one for one in api.rows if one["reporterCode"] == 360 and one["period"] == "2019" and one["flowCode"] == "X"
    )
    api.rows = [one for one in api.rows if one is not gone]
    api.released[360, 2019] = "2024-09-09T00:00:00"
    client = opened(list_age_s=0.0)
    (entry,) = client.fetch(NICKEL)
    assert api.asked("/get/")[asked].parameters["reportercode"] == "360"
    assert api.asked("/get/")[asked].parameters["period"] == "2019"
    assert (entry.published, len(api.asked("/get/"))) == (date(2024, 9, 9), asked + 1)
    assert archived(client) == sorted(set(wanted()) - set(keys_of([gone])))


def test_rows_know_their_day_of_publication(api: Api, opened: Opened) -> None:
    api.released[360, 2019] = "2024-09-09T00:00:00"
    client = opened()
    list(client.fetch(NICKEL))
    found = {}
    for portion in portions(client.archive):
        raw = portion.apply(parse(Path(client.archive.path(portion.entry).path), "answer").raw)
        found |= {(str(r), str(p)): day for r, p, day in raw.select("reporter_code", "period", "published").iter_rows()}
    assert (found["360", "2019"], found["156", "2019"]) == ("2024-09-09", "2024-05-06")


def test_a_second_commodity_is_asked_for_alone(api: Api, opened: Opened) -> None:
    list(opened().fetch(NICKEL))
    asked = len(api.asked("/get/"))
    client = opened()
    list(client.fetch(Request(YEARS, ("260400", "750110"))))
    assert {one.parameters["cmdcode"] for one in api.asked("/get/")[asked:]} == {"750110"}
    assert archived(client) == wanted(None)


def test_all_commodities_replace_single_ones(opened: Opened) -> None:
    client = opened()
    list(client.fetch(NICKEL))
    list(client.fetch(Request(YEARS)))
    assert archived(client) == wanted(None)


def test_months(opened: Opened, api: Api) -> None:
    api.rows = [row(156, 202003, 360, flow="M"), row(156, 202004, 360, flow="M")]
    client = opened()
    list(client.fetch(Request((202003, 202004), ("260400",), frequency="M")))
    assert api.seen[0].path == "/data/v1/getDa/C/M/HS"
    assert archived(client) == keys_of(api.rows)
    assert portions(client.archive, "A") == []


def test_tariff_lines_are_kept_apart(opened: Opened, api: Api) -> None:
    api.rows = [row(156, 2020, 360, "26040000")]
    client = opened()
    (entry,) = client.fetch(Request((2020,), ("26040000",), is_tariff_line=True))
    assert [one.path.split("/")[3] for one in api.seen] == ["getDaTariffline", "getTariffline"]
    assert portions(client.archive) == []
    assert [one.entry for one in portions(client.archive, kinds=("getTariffline",))] == [entry]


@pytest.mark.parametrize("faults", [["429", "503", "cut"], ["half json", "html", "hang up"], ["", "slow", "", "cut"]])
def test_passing_faults_cost_nothing_but_time(api: Api, opened: Opened, faults: list[str]) -> None:
    api.retry_after = "0"
    api.faults.extend(faults)
    client = opened()
    list(client.fetch(NICKEL))
    assert archived(client) == wanted()


def test_a_web_page_in_place_of_an_answer(api: Api, opened: Opened) -> None:
    api.faults.extend(["html"] * 4)
    with pytest.raises(FetchError, match=r"the answer is not complete json \(4 attempts\)"):
        list(opened().fetch(NICKEL))


def test_a_spent_quota_stops_the_run_and_the_next_day_goes_on(api: Api, opened: Opened, tmp_path: Path) -> None:
    api.limit, api.quota = 30, 4
    client = opened(key_limit=30)
    got: list[Entry] = []
    with pytest.raises(QuotaExhausted, match=r"allowance is spent \(403\): run the command again after"):
        got.extend(client.fetch(NICKEL))
    asked = len(api.seen)
    with pytest.raises(QuotaExhausted, match="daily allowance of comtrade"):
        list(opened(key_limit=30).fetch(Request((2017,), ("260400",))))
    assert len(api.seen) == asked  # the ledger knows: nothing was sent
    api.quota = 500
    for file in (tmp_path / "quota" / "comtrade").iterdir():
        file.unlink()  # the next day
    list(opened(key_limit=30).fetch(NICKEL))
    assert archived(client) == wanted()
    first_day = {
        one.parameters.get("period") for one in api.asked("/get/")[:asked] if "countonly" not in one.parameters
    }
    assert len(first_day) >= 1


def test_our_own_ledger_stops_before_the_server_does(api: Api, opened: Opened) -> None:
    api.limit = 30
    client = opened(key_limit=30, calls_a_day=3)
    with pytest.raises(QuotaExhausted, match=r"daily allowance of comtrade \(3 calls\)"):
        list(client.fetch(NICKEL))
    assert (api.charged, client.calls_left) == (3, 0)


def test_a_second_key_serves_when_the_first_is_spent(api: Api, opened: Opened) -> None:
    client = opened(keys=(Secret(KEY), Secret(KEY)), calls_a_day=2)
    assert client.calls_left == 4
    list(client.fetch(NICKEL))
    assert archived(client) == wanted()
    assert client.calls_left == 0


def test_the_ledger_counts_what_the_server_counts(api: Api, opened: Opened, tmp_path: Path) -> None:
    list(opened().fetch(NICKEL))
    assert Ledger(tmp_path / "quota", "comtrade", 500).spent() == api.charged == 4


def test_a_wrong_key(api: Api, opened: Opened, tmp_path: Path) -> None:
    wrong = "not-the-right-key-at-all"
    client = opened(keys=(Secret(wrong),))
    with pytest.raises(
        FetchError, match=r"refused access \(401: .*\): check the key in ORETRACE_COMTRADE_KEY"
    ) as caught:
        list(client.fetch(NICKEL))
    assert wrong not in str(caught.value)
    assert wrong not in repr(client.access)
    assert not isinstance(caught.value, QuotaExhausted)


def test_the_key_is_in_no_file(api: Api, opened: Opened, tmp_path: Path) -> None:
    list(opened().fetch(NICKEL))
    assert all(one.key == KEY and KEY not in str(one.parameters) for one in api.seen)
    texts = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(texts) > 3
    assert not [text for text in texts if KEY.encode() in text]


def test_without_a_key_the_preview_serves_in_small_parts(api: Api, opened: Opened) -> None:
    client = opened(keys=())
    list(client.fetch(NICKEL))
    assert archived(client) == wanted()
    assert client.calls_left is None
    assert {one.path.split("/")[1] for one in api.seen} == {"public"}
    with pytest.raises(FetchError, match="getBilateralData needs a key, which is free"):
        list(client.bilateral(NICKEL))


def test_a_preview_says_whether_it_is_cut(opened: Opened) -> None:
    client = opened()
    assert client.preview(NICKEL).is_cut
    small = client.preview(Request((2020,), ("260400",), reporters=("CHN",), flows=("M",)))
    assert (small.is_cut, small.entry.details["rows"]) == (False, 5)
    assert portions(client.archive) == []  # a look is no data
    assert client.calls_left == 500


def test_bilateral_rows_and_unit_values(api: Api, opened: Opened) -> None:
    client = opened()
    (entry,) = client.bilateral(Request((2020,), ("260400",), reporters=("CHN",), flows=("M",)))
    assert api.seen[-1].path == "/tools/v1/getBilateralData/C/A/HS"
    assert entry.details["rows"] == 6  # the service knows no totals
    list(client.unit_values(Request((2020,), ("260400",), flows=("M",)), quantity_unit=8))
    assert api.seen[-1].path == "/data/v1/getSUV/C/A/HS"
    assert api.seen[-1].parameters["qtyunitcode"] == "8"
    assert portions(client.archive) == []


def test_a_cut_bilateral_answer_is_divided_without_a_count(api: Api, opened: Opened) -> None:
    client = opened()
    entries = list(client.bilateral(NICKEL))
    assert sum(entry.details["rows"] for entry in entries) == 121
    assert all("countonly" not in one.parameters for one in api.seen)


def test_silence_about_everything_is_not_believed(api: Api, opened: Opened) -> None:
    client = opened()
    rows, api.rows = api.rows, []
    known = [one for one in rows if one["reporterCode"] == 156]
    api.rows = known
    client.availability(Request((2020,), reporters=("CHN",)))
    api.rows = []
    with pytest.raises(FetchError, match="lists 21 rows for get/C/A/HS and answers with none"):
        list(client.fetch(Request((2020,), reporters=("CHN",))))


def test_rows_that_nobody_asked_for_are_refused(api: Api, opened: Opened) -> None:
    client = opened()
    api.rows = [{**row(156, 2020, 900), "period": "2020"}]
    client.availability(Request((2020,)))
    api.rows[0]["refYear"] = 2020
    spoilt = {**api.rows[0]}
    api.files["/data/v1/get/C/A/HS"] = b'{"count": 1, "error": "", "data": [{"period": "2011", "reporterCode": 156}]}'
    with pytest.raises(FetchError, match="answered about reporter 156, period 2011: it did not understand"):
        list(client.fetch(Request((2020,), ("260400",))))
    assert spoilt["period"] == "2020"


def test_a_stated_error_and_a_changed_form(api: Api, opened: Opened) -> None:
    client = opened()
    client.availability(Request((2020,), reporters=("CHN",)))
    api.files["/data/v1/get/C/A/HS"] = b'{"count": 0, "data": [], "error": "Invalid cmdCode"}'
    with pytest.raises(FetchError, match="UN Comtrade answers 'Invalid cmdCode': check"):
        list(client.fetch(Request((2020,), ("260400",), reporters=("CHN",))))
    api.files["/data/v1/get/C/A/HS"] = b'{"rows": []}'
    with pytest.raises(FetchError, match="the API changed: nothing was kept"):
        list(client.fetch(Request((2020,), ("260400",), reporters=("CHN",))))


def test_a_code_without_rows_is_noted_and_not_asked_again(api: Api, opened: Opened) -> None:
    client = opened()
    list(client.fetch(Request((2020,), ("261690",), reporters=("CHN",))))
    assert client.notes == ["no rows came for 261690: check the code, or nobody traded it"]
    asked = len(api.seen)
    assert list(opened().fetch(Request((2020,), ("261690",), reporters=("CHN",)))) == []
    assert len(api.seen) == asked
    assert portions(client.archive) == []


def test_nothing_published_is_noted(opened: Opened) -> None:
    client = opened()
    assert list(client.fetch(Request((1999,)))) == []
    assert client.notes == ["UN Comtrade has published nothing for these reporters and periods"]


def test_an_address_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", f"{KEY}, second-key")
    monkeypatch.setenv("ORETRACE_COMTRADE_URL", "http://127.0.0.1:1/")
    monkeypatch.setenv("ORETRACE_COMTRADE_ROWS", "250000")
    access = Access.from_environment()
    assert (access.base_url, access.row_limit, access.calls_a_day, len(access.keys)) == (
        "http://127.0.0.1:1",
        250_000,
        500,
        2,
    )
    assert KEY not in repr(access)
    monkeypatch.setenv("ORETRACE_COMTRADE_CALLS", "many")
    with pytest.raises(InputError, match="ORETRACE_COMTRADE_CALLS is 'many': give a whole number"):
        Access.from_environment()


def test_calls_keep_their_distance(api: Api, opened: Opened) -> None:
    client = opened(pause_s=0.2)
    start = time.monotonic()
    for _ in range(3):
        client.count(NICKEL.call((2020,), ("260400",)))
    assert 0.4 <= time.monotonic() - start < 10.0


def test_the_bar_counts_answers(api: Api, tmp_path: Path) -> None:
    bars = progress_bars(Console(file=StringIO()))
    access = Access((Secret(KEY),), api.base_url, key_limit=30, pause_s=0.0)
    api.limit = 30
    with bars, Comtrade(Archive(tmp_path / "a"), access, tmp_path / "q", patience=QUICK, progress=bars) as client:
        list(client.fetch(NICKEL))
        (task,) = bars.tasks
    assert task.completed == task.total
    assert task.completed >= 5


FETCH = """
import sys
from pathlib import Path
from pipelines.archive import Archive
from pipelines.sources.comtrade_access import Access
from pipelines.sources.comtrade_api import Comtrade
from pipelines.sources.comtrade_query import Request
from dataclasses import replace
access = replace(Access.from_environment(), pause_s=0.05)
with Comtrade(Archive(Path(sys.argv[1], "archive")), access, Path(sys.argv[1], "quota")) as client:
    for entry in client.fetch(Request((2018, 2019, 2020), ("260400",))):
        print(entry.query, flush=True)
"""


def test_kill_9_in_the_middle_of_a_fetch_and_the_rerun_asks_only_for_the_rest(
    api: Api, tmp_path: Path, opened: Opened
) -> None:
    api.limit = 30
    names = {"URL": api.base_url, "KEY": KEY, "ROWS": "30"}
    environment = os.environ | {f"ORETRACE_COMTRADE_{name}": text for name, text in names.items()}
    command = [sys.executable, "-c", FETCH, str(tmp_path)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert child.stdout is not None
    first = [child.stdout.readline().strip() for _ in range(2)]
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment, check=True)
    assert not set(first) & set(done.stdout.split())
    client = opened(key_limit=30)
    assert archived(client) == wanted()
    answers = [one.details["rows"] for one in client.archive.entries("comtrade") if one.details["kind"] == "get"]
    assert sum(answers) == 120  # nothing was brought twice
