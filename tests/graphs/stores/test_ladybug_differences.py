"""The page about Cypher says of each engine what it answers: tried on the embedded one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from graphs.cypher.guard import guard
from graphs.schema import dtypes, schema_of
from graphs.stores.base import Graph, load
from graphs.stores.ladybug import LadybugStore, LadybugView
from tests.conftest import REPOSITORY

PAGE = (REPOSITORY / "docs" / "cypher.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `((?:[A-Z]+ [^`]*? AS x))` \| (.*?) \| (.*?) \| .*\|$", re.MULTILINE)
DIFFERENCES = ROW.findall(PAGE)
"""Statement, answer of Ladybug, answer of Neo4j, both as JSON."""


def difference_graph() -> Graph:
    """The graph of the page."""
    countries = [("AAA", "Zeta", 1.0, None), ("BBB", "éclair", None, None), ("CCC", "apple", 2.0, 0.5)]
    ends = [("AAA", "BBB"), ("BBB", "CCC"), ("CCC", "AAA"), ("AAA", "AAA"), ("AAA", "BBB")]
    edges = [(f"e{at}", *one, "s", "gold", 2020, 1.0, None, 1) for at, one in enumerate(ends)]
    rows = {
        "Country": countries,
        "Residual": [("_X", "Areas", "residual")],
        "Country-EXPORTS_TO-Country": edges,
    }
    return Graph("page", {name: frame(name, found) for name, found in rows.items()})


def frame(name: str, rows: list[tuple]) -> pl.LazyFrame:
    return pl.LazyFrame(rows, schema=dtypes(schema_of(name)), orient="row")


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LadybugView]:
    store = LadybugStore(Path(tmp_path_factory.mktemp("page")))
    load(store, difference_graph())
    with store.view() as opened:
        yield opened


def test_the_page_has_differences() -> None:
    table = PAGE.partition("Silent differences")[2].partition("Differences that say so")[0]
    assert len(DIFFERENCES) == table.count("\n| `") >= 20
    assert all(json.loads(ladybug) != json.loads(neo4j) for _, ladybug, neo4j in DIFFERENCES)


@pytest.mark.parametrize(("statement", "ladybug"), [one[:2] for one in DIFFERENCES])
def test_the_embedded_engine_answers_so(view: LadybugView, statement: str, ladybug: str) -> None:
    assert view.rows(guard(statement).text)["x"].to_list() == [json.loads(ladybug)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("RETURN 7 / 2 AS x", [3]),
        ("RETURN -7 / 2 AS x", [-3]),
        ("RETURN -7 % 3 AS x", [-1]),
        ("RETURN 1.0 / 0 AS x", [float("inf")]),
        ("UNWIND [3, NULL, 1] AS y RETURN y AS x ORDER BY x", [1, 3, None]),
        ("UNWIND [3, NULL, 1] AS y RETURN y AS x ORDER BY x DESC", [None, 3, 1]),
        ("UNWIND ['b', 'a', 'Z', 'é', 'z', '_'] AS y RETURN y AS x ORDER BY x", ["Z", "_", "a", "b", "z", "é"]),
        ("MATCH (c:Country) RETURN count(c.lon) AS x", [2]),
        ("MATCH (c:Country {code: 'none'}) RETURN avg(c.lon) AS x", [None]),
        ("MATCH (c:Country {code: 'none'}) RETURN max(c.lon) AS x", [None]),
        ("RETURN size('é😀') AS x", [2]),
        ("RETURN 'abc' =~ 'b' AS x", [False]),
        ("UNWIND [true, false, NULL] AS y RETURN y AND NULL AS x ORDER BY x", [False, None, None]),
    ],
)
def test_what_the_page_calls_the_same(view: LadybugView, statement: str, expected: list) -> None:
    assert view.rows(guard(statement).text)["x"].to_list() == expected


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (a:Country)-[e:EXPORTS_TO]->(b:Country) RETURN type(e) AS x",
        "RETURN toString(1) AS x",
        "RETURN head([1]) AS x",
        "RETURN round(2.5) AS x",
        "MATCH (n) WHERE n:Country RETURN n AS x",
        "RETURN [y IN [1] | y] AS x",
        "MATCH (n:Country) WHERE EXISTS { (n)-->() } RETURN n AS x",
        "MATCH (n:Nobody) RETURN n AS x",
        "MATCH (n:Country) WHERE n.nothing = 1 RETURN n AS x",
        "RETURN 'a' + 1 AS x",
        "MATCH (n:Country) WITH n ORDER BY n.code RETURN n AS x",
        "MATCH (n:Country) RETURN n AS x ORDER BY n",
        "RETURN 1 AS x UNION ALL RETURN 1.5 AS x",
    ],
)
def test_what_the_page_gives_to_the_server_alone(view: LadybugView, statement: str) -> None:
    """The guard lets it through, since the server answers it; the embedded engine says that it cannot."""
    with pytest.raises(Exception, match="the statement cannot be answered"):
        view.rows(guard(statement).text)
