"""The commands about the graph, on a home that a real run left."""

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from pipelines import cli, provenance
from pipelines.analysis import Analysis
from pipelines.graph_store import drawn, open_store
from pipelines.home import Home
from pipelines.run import run
from tests.pipelines import small_trade

FAMILY = ("--family", "nickel", "--year", "2018")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("graph")
    data = small_trade.write(folder / "trade.csv", small_trade.rows(codes=("260400", "710812")))
    run(Home.open(folder / "home", create=True), Analysis(data=(str(data),), only_data=True))
    return folder / "home"


@pytest.fixture
def told(home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Run one command; exit code, stdout, stderr."""
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("ORETRACE_HOME", str(home))

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(list(words))
        out, err = capfd.readouterr()
        return code, out, err

    return call


def table(text: str) -> pl.DataFrame:
    return pl.read_csv(text.encode())


def test_questions_are_listed_and_described(told):
    code, out, _ = told("ask", "--list", "--format", "json")
    listed = {row["question"]: row for row in json.loads(out)}
    assert code == 0
    assert len(listed) >= 24
    assert "--year" in listed["largest-flows"]["parameters"]
    code, out, _ = told("ask", "largest-flows", "--list")
    assert code == 0
    assert "To bear in mind" in out


def test_a_question_is_answered_from_the_tables_of_the_run(told, home):
    code, out, _ = told("ask", "largest-flows", "--commodity", "nickel", "--year=2018", "--source", "comtrade",
                        "--limit", "3", "--format", "csv")  # fmt: skip
    assert code == 0
    flows = Home.open(home).scan("flows", ["nickel"]).filter(pl.col("period") == 2018).collect()
    largest = flows.sort("reconciled_value_usd", descending=True).head(3)
    assert table(out)["exporter"].to_list() == largest["exporter"].to_list()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ask", "no-such-question"), "no question"),
        (("ask", "largest-flows", "--color", "red"), "no parameter 'color'"),
        (("ask", "largest-flows", "--commodity", "nickel", "--year"), "has no value"),
        (("ask", "largest-flows", "2018"), "belongs to no parameter"),
        (("cypher", "CREATE (c:Country {code: 'X'})"), "CREATE"),
        (("cypher", "MATCH (c:Country) RETURN c.code AS code", "--param", "year"), "NAME=VALUE"),
        (("measures", "--family", "tin"), "no trade in tin"),
        (("measures", *FAMILY, "--measure", "beauty"), "No measure"),
        (("measures", "--family", "nickel", "--year", "1990"), "from 2010 to 2019"),
        (("chains", *FAMILY), "No output of nickel is known"),
        (("view", "Atlantis"), "Atlantis"),
        (("view", "#999999"), "no scored flow"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_what_cannot_be_done_is_one_sentence(told, words, said):
    code, out, err = told(*words)
    assert code == cli.BAD_INPUT
    assert said in err
    assert err.count("\n") == 1
    assert out == ""


def test_a_statement_of_ones_own_with_parameters(told):
    statement = "MATCH (c:Country) WHERE c.code IN $codes RETURN c.code AS code ORDER BY code"
    code, out, _ = told("cypher", statement, "--param", 'codes=["XAB", "XAA"]', "--format", "json")
    assert code == 0
    assert json.loads(out) == [{"code": "XAA"}, {"code": "XAB"}]
    assert told("cypher", "MATCH (c:Country {code: 'none'}) RETURN c.code AS code")[0] == 1


def test_a_statement_past_a_limit_ends_with_a_code_of_its_own(told):
    code, out, err = told("cypher", "MATCH (f:Flow) RETURN f.flow_id AS id", "--rows", "5")
    assert (code, out) == (cli.LIMIT, "")
    assert "5" in err


def test_measures_have_intervals_around_their_ranks(told):
    code, out, _ = told("measures", *FAMILY, "--format", "csv")
    assert code == 0
    rows = table(out).drop_nulls("rank")
    assert rows["measure"].n_unique() > 10
    assert rows.filter(~pl.col("rank").is_between(pl.col("rank_low"), pl.col("rank_high"))).is_empty()
    code, out, _ = told("measures", *FAMILY)
    assert "no judgement" in out


def test_measures_of_the_run_are_those_of_the_command(told, home):
    last = Home.open(home).scan("measures", ["nickel"]).collect()
    out = told("measures", "--family", "nickel", "--format", "csv")[1]
    shown = table(out)
    assert last["year"].unique().to_list() == [2019]
    assert last["value"].to_list() == pytest.approx(shown["value"].to_list(), nan_ok=True)


def test_paths_and_disruption_answer(told):
    code, out, _ = told("paths", "XAA", "XAB", *FAMILY)
    assert code == 0
    assert "XAA > XAB" in out
    code, out, _ = told("disruption", *FAMILY, "--format", "csv")
    assert code == 0
    rows = table(out)
    assert rows["loss_usd"].is_sorted(descending=True)
    assert set(rows["node"]) <= set(small_trade.COUNTRIES)


@pytest.mark.parametrize("subject", ["XAA", "nickel", "260400", "#1"])
def test_a_page_is_written_where_it_is_said_to_be(told, tmp_path, subject):
    code, out, _ = told("view", subject, "--out", str(tmp_path / "page.html"))
    assert code == 0
    assert str(tmp_path / "page.html") in out
    text = (tmp_path / "page.html").read_text()
    assert "<script" in text
    assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//""", text)


def test_a_run_writes_pages_and_lists_them(home):
    found = Home.open(home)
    listed = found.scan("views").collect()
    assert listed.height >= 2
    assert all((found.gallery_path / file).stat().st_size == size for file, size in
               listed.select("file", "size_bytes").iter_rows())  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name"),
    [("graphml", "a.graphml"), ("gexf", "a.gexf"), ("ftm", "a.ftm.json"), ("csv", "sheets"), ("geojson", "a.geojson")],
)
def test_an_export_stands_with_its_note(told, tmp_path, kind, name):
    code, out, _ = told("export", kind, *FAMILY, "--out", str(tmp_path / name))
    assert code == 0
    note = json.loads((tmp_path / f"{name}.about.json").read_text())
    assert (tmp_path / name).exists()
    assert note["sources"] == "comtrade"
    drawn = int(re.search(r"(\d+) nodes", out)[1])
    assert (drawn > 0) == (kind != "geojson")  # fictional countries have no place on the map


def test_loading_again_changes_nothing_and_status_tells(told, home):
    before = sorted(Home.open(home).store_path.rglob("*"))
    code, out, _ = told("graph", "load")
    assert code == 0
    assert "was in Ladybug" in out
    assert sorted(Home.open(home).store_path.rglob("*")) == before
    code, out, _ = told("graph", "status")
    assert code == 0
    assert re.search(r"Flow\s+\d+", out)


def test_an_empty_store_is_told_and_filled(told, home, tmp_path, monkeypatch):
    shutil.copytree(home, tmp_path / "home")
    shutil.rmtree(tmp_path / "home" / "graph" / "ladybug")
    monkeypatch.setenv("ORETRACE_HOME", str(tmp_path / "home"))
    assert told("graph", "status")[0] == 1
    assert told("ask", "what-is-held")[0] == cli.UNUSABLE
    assert "loaded into" in told("graph", "load")[1]
    assert told("ask", "what-is-held")[0] == 0


def test_a_store_that_tells_other_terms_is_loaded_again(told, home, tmp_path, monkeypatch):
    """The tables are the same; what a reader is told of them is not."""
    shutil.copytree(home, tmp_path / "home")
    monkeypatch.setenv("ORETRACE_HOME", str(tmp_path / "home"))
    found = Home.open(tmp_path / "home")
    before = drawn(found)
    monkeypatch.setattr(provenance, "terms", lambda *_: ("other terms", "another citation"))
    after = drawn(found)
    assert (after.contents, after.snapshot != before.snapshot) == (before.contents, True)
    assert "loaded into" in told("graph", "load")[1]
    with open_store(found).view() as view:
        assert "other terms" in view.about["licences"]
    assert "was in" in told("graph", "load")[1]


def test_a_server_that_does_not_answer_is_one_sentence(told, monkeypatch):
    monkeypatch.setenv("ORETRACE_GRAPH_URL", "bolt://127.0.0.1:1")
    monkeypatch.setenv("ORETRACE_GRAPH_PASSWORD", "wrong-password")
    code, out, err = told("ask", "what-is-held")
    assert (code, out) == (cli.UNUSABLE, "")
    assert err.count("\n") == 1
    assert "wrong-password" not in err
