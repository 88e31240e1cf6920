"""`run` and `fetch` from the command line: real runs over small invented files, and every way to hand in bad data."""

import csv
import gzip
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from pipelines import cli, ledger
from pipelines.archive import Archive
from pipelines.home import Home
from tests.pipelines.comtrade_server import KEY, Api, ComtradeServer, row

Said = tuple[int, str, str]
Say = Callable[..., Said]
HEADER = "period,reporterCode,reporterISO,partnerCode,partnerISO,flowCode,cmdCode,primaryValue,netWgt,cifvalue,fobvalue"
EXPORTER, IMPORTER = "360,IDN", "156,CHN"


def line(year: int, flow: str, value: float, mass: float) -> str:
    """One declaration of a trade from EXPORTER to IMPORTER."""
    reporter, partner = (EXPORTER, IMPORTER) if flow == "X" else (IMPORTER, EXPORTER)
    cif, fob = ("", value) if flow == "X" else (value, "")
    return f"{year},{reporter},{partner},{flow},260400,{value},{mass},{cif},{fob}"


ROWS = [line(year, flow, 1e6 * (1 + 0.01 * year % 3), 1e7) for year in range(2010, 2020) for flow in "XM"]
ALONE = [line(2020, "M", 4e6, 4e7), "2020,360,IDN,392,JPN,X,260400,100,10,,100"]


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("ORETRACE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("COLUMNS", "400")


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*arguments: str | Path) -> Said:
        code = cli.main([str(one) for one in arguments])
        return (code, *capsys.readouterr())

    return run


def write(path: Path, rows: list[str], header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


@pytest.mark.slow
def test_from_a_file_to_explained_alerts(say: Say, tmp_path: Path) -> None:
    home, data = tmp_path / "home", write(tmp_path / "nickel.csv", ROWS + ALONE)
    code, out, err = say("run", "--home", home, "--only-data", "--data", data)
    assert (code, out) == (0, "")
    assert "scored flows: oretrace alerts shows them." in err

    # What was analysed is remembered: nothing is left to do.
    code, _, err = say("run", "--home", home)
    assert code == 0
    assert "0 tables made" in err

    rows = list(csv.DictReader(io.StringIO(say("alerts", "--all", "--format", "csv", "--home", home)[1])))
    assert rows
    assert [int(one["rank"]) for one in rows] == list(range(1, len(rows) + 1))
    for one in rows:
        for name in ("rank", "flow_id", "alert_id"):
            found = json.loads(say("explain", one[name], "--format", "json", "--home", home)[1])
            assert found["flow"]["flow_id"] == one["flow_id"]
        assert found["origins"][0]["name"] == "nickel.csv"

    # A second run over other data: people's judgements stay, and the earlier list is there to compare with.
    assert say("changes", "--home", home)[0] == 1
    say("judge", "1", "--verdict", "undecided", "--reviewer", "Ada", "--home", home)
    before = pl.read_parquet(home / "alerts" / "alerts.parquet")
    write(data, ROWS)
    assert say("run", "--home", home)[0] == 0
    assert ledger.read(Home.open(home))["reviewer"].to_list() == ["Ada"]
    assert pl.read_parquet(home / "alerts" / "previous.parquet").equals(before)
    code, _, err = say("changes", "--format", "json", "--home", home)
    assert "only one run" not in err


def missing(folder: Path) -> Path:
    return folder / "missing.csv"


def empty(folder: Path) -> Path:
    (folder / "empty.csv").touch()
    return folder / "empty.csv"


def wrong_column(folder: Path) -> Path:
    return write(folder / "wrong.csv", ROWS, HEADER.replace("flowCode", "direction"))


def cut_short(folder: Path) -> Path:
    whole = gzip.compress("\n".join([HEADER, *ROWS * 50]).encode())
    (folder / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    return folder / "cut.csv.gz"


def garbage(folder: Path) -> Path:
    (folder / "garbage.csv").write_bytes(os.urandom(1 << 20))
    return folder / "garbage.csv"


def no_rows(folder: Path) -> Path:
    return write(folder / "norows.csv", [])


def empty_folder(folder: Path) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


@pytest.mark.parametrize("make", [missing, empty, wrong_column, cut_short, garbage, no_rows, empty_folder])
def test_data_that_cannot_be_used_is_one_sentence(say: Say, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    data = make(tmp_path)
    code, out, err = say("run", "--home", tmp_path / "home", "--only-data", "--data", data)
    sentences = [one for one in err.splitlines() if one.startswith("oretrace: ")]
    assert (code, out) == (2, "")
    assert len(sentences) == 1
    assert data.name in sentences[0]
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("--only-data",), "name at least one file or folder with --data"),
        (("--as-of", "yesterday"), "is not a day"),
    ],
)
def test_choices_that_cannot_be(say: Say, tmp_path: Path, arguments: tuple[str, ...], part: str) -> None:
    code, _, err = say("run", "--home", tmp_path / "home", *arguments)
    assert code == 2
    assert part in err


@pytest.fixture
def api() -> Iterator[Api]:
    rows = [row(reporter, year, 392, flow=flow) for reporter in (360, 156) for year in (2018, 2019) for flow in "MX"]
    with ComtradeServer(rows) as served:
        yield served


def test_fetch_asks_what_was_chosen_and_remembers_it(
    say: Say, tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_URL", api.base_url)
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", KEY)
    home = tmp_path / "home"
    asked = ("--commodity", "2604.00", "--reporter", "Indonesia", "--since", "2018", "--until", "2019")
    code, out, err = say("fetch", "--only-data", "--home", home, *asked)
    assert (code, out) == (0, "")
    assert "new answer" in err
    assert KEY not in err
    gets = [one for one in api.asked("/data/v1/get/") if "countonly" not in one.parameters]
    assert {one.parameters["reportercode"] for one in gets} == {"360"}
    entries = [one for one in Archive(Home.open(home).archive_path).entries("comtrade") if "rows" in one.details]
    assert sum(one.details["rows"] for one in entries) == 4

    choice = Home.open(home).analysis.comtrade
    assert (choice.commodities, choice.reporters, choice.years) == (("260400",), ("IDN",), (2018, 2019))
    before = len(api.asked("/data/v1/get/"))
    code, _, err = say("fetch", "--only-data", "--home", home)
    assert code == 0
    assert "0 new answers" in err
    assert len(api.asked("/data/v1/get/")) == before


def test_fetch_without_a_key_says_what_to_do(say: Say, tmp_path: Path) -> None:
    asked = ("--commodity", "260400", "--since", "2018", "--until", "2019")
    code, _, err = say("fetch", "--only-data", "--home", tmp_path / "home", *asked)
    assert code == 0
    assert "UN Comtrade was not asked: set ORETRACE_COMTRADE_KEY" in err


def test_fetch_that_fails_has_its_own_code(say: Say, tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_URL", api.base_url)
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "a-key-that-nobody-gave-out")
    asked = ("--commodity", "260400", "--since", "2018", "--until", "2019")
    code, out, err = say("fetch", "--only-data", "--home", tmp_path / "home", *asked)
    assert (code, out) == (3, "")
    assert "a-key-that-nobody-gave-out" not in err
    assert len([one for one in err.splitlines() if one.startswith("oretrace: ")]) == 1


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (("--since", "2018"), "name HS codes with --commodity"),
        (("--commodity", "260400"), "name them with --since and --until"),
        (("--commodity", "260400", "--since", "2020", "--until", "2018"), "--since 2020 lies after --until 2018"),
        (("--commodity", "nickle", "--since", "2020"), "neither an HS code"),
        (("--commodity", "260400", "--since", "2020", "--reporter", "Atlantis"), "no country or area is called"),
    ],
)
def test_questions_that_cannot_be_asked(say: Say, tmp_path: Path, asked: tuple[str, ...], part: str) -> None:
    code, _, err = say("fetch", "--only-data", "--home", tmp_path / "home", *asked)
    assert code == 2
    assert part in err
    assert Home.open(tmp_path / "home").analysis.comtrade.is_empty
