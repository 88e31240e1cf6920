"""Reading from a server: what it refuses, what bounds an answer, and which values come back as what."""

import time

import polars as pl
import pytest

from graphs.errors import LimitExceeded, StatementRefused, StoreError
from graphs.stores import neo4j_view
from graphs.stores.base import Limits, load
from graphs.stores.neo4j_answers import frame as answer
from pipelines.neo4j_process import Neo4jServer
from tests.graphs.stores.contract_graph import contract_graph
from tests.graphs.stores.neo4j_tools import asked, store_of
from tests.graphs.stores.test_contract import assert_holds


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (:Country {code: 'ZZZ'})",
        "MATCH (c:Country) SET c.name = 'x'",
        "MATCH (n) DETACH DELETE n",
        "CREATE INDEX mine FOR (c:Country) ON (c.name)",
        "DROP CONSTRAINT oretrace_country",
        "CALL db.createLabel('Mine')",
        "MATCH (c:Country) CALL (c) { SET c.name = 'x' } IN TRANSACTIONS",
        "MATCH (l:Load) SET l.status = 'loading'",
    ],
)
def test_read_mode_refuses_writes(server: Neo4jServer, statement: str) -> None:
    store = store_of(server)
    load(store, contract_graph())
    with store.view() as view, pytest.raises(StatementRefused, match="only reading is allowed"):
        view.rows(statement)
    assert_holds(store, contract_graph())


def test_limits_of_time_rows_and_memory(server: Neo4jServer) -> None:
    store = store_of(server)
    load(store, contract_graph())
    endless = "UNWIND range(1, 1000000000) AS x WITH x WHERE x < 0 RETURN count(x) AS n"
    with store.view() as view:
        begin = time.monotonic()
        with pytest.raises(LimitExceeded, match="took longer than 1 s"):
            view.rows(endless, limits=Limits(seconds=1))
        assert time.monotonic() - begin < 20
        with pytest.raises(LimitExceeded, match="more than 10 rows"):
            view.rows("UNWIND range(1, 11) AS x RETURN x", limits=Limits(rows=10))
        assert view.rows("UNWIND range(1, 10) AS x RETURN x", limits=Limits(rows=10)).height == 10
        with pytest.raises(LimitExceeded, match="more memory"):
            view.rows("UNWIND range(1, 1000000000) AS x WITH collect(x) AS l RETURN size(l) AS n")
        assert view.rows("RETURN 1 AS one").rows() == [(1,)]


def test_a_statement_that_the_server_cannot_stop_does_not_hold_the_reader(
    server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backtracking: eleven stars over a text of 32 letters, 1.5e9 ways to share it out."""
    monkeypatch.setattr(neo4j_view, "GRACE_SECONDS", 2.0)
    load(store_of(server), contract_graph())
    stubborn = f"RETURN '{'a' * 32}' =~ '{'(.*)' * 11}x' AS x"
    with store_of(server).view() as view:
        begin = time.monotonic()
        with pytest.raises(LimitExceeded, match=r"took longer than 0\.5 s"):
            view.rows(stubborn, limits=Limits(seconds=0.5))
        assert time.monotonic() - begin < 10
        assert view.rows("RETURN 1 AS one").rows() == [(1,)]
    ours = asked(server, "CALL dbms.listConnections() YIELD connectionId RETURN connectionId")
    assert len(ours) == 1, "the connection that was cut and the one after it are both closed"


def test_an_answer_too_large_for_memory_is_refused(server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_view, "ANSWER_BYTES", 2 << 20)
    load(store_of(server), contract_graph())
    with store_of(server).view() as view:
        for large in (
            "UNWIND range(1, 10) AS x RETURN range(1, 100000) AS many",
            "RETURN {a: [x IN range(1, 300000) | [x]]} AS one",
        ):
            with pytest.raises(LimitExceeded, match="more than 2 MB"):
                view.rows(large)
        assert view.rows("UNWIND range(1, 10) AS x RETURN range(1, 10000) AS some").height == 10


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, [1, 2**70], "\ud800"])
def test_a_value_that_cannot_be_sent_is_told_in_a_sentence(server: Neo4jServer, value: object) -> None:
    load(store_of(server), contract_graph())
    with store_of(server).view() as view:
        with pytest.raises(StoreError, match="whole numbers within 64 bits, and text that is Unicode"):
            view.rows("RETURN $x AS x", {"x": value})
        assert view.rows("RETURN $x AS x", {"x": 2**63 - 1}).rows() == [(2**63 - 1,)]


def test_values_that_are_neither_number_nor_text(server: Neo4jServer) -> None:
    load(store_of(server), contract_graph())
    with store_of(server).view() as view:
        row = view.rows(
            "RETURN date('2024-02-29') AS day, datetime('2024-02-29T12:00:00.5+01:00') AS moment, time('12:00Z') AS t, "
            "duration('P1Y2DT3S') AS span, point({longitude: 1.5, latitude: 2}) AS place, [1, 2] AS numbers, "
            "[1, 'a'] AS mixed, {b: 1, a: [date('2024-01-01')]} AS map, 0.0/0.0 AS nan, [] AS nothing, null AS none"
        )
    assert row.to_dicts()[0] | {"nan": None} == {
        "day": "2024-02-29", "moment": "2024-02-29T12:00:00.500000000+01:00", "t": "12:00:00.000000000+00:00",
        "span": "P1Y2DT3S", "place": '{"coordinates": [1.5, 2.0], "srid": 4326}', "numbers": [1, 2],
        "mixed": '[1, "a"]', "map": '{"a": ["2024-01-01"], "b": 1}', "nan": None, "nothing": [], "none": None,
    }  # fmt: skip
    assert row["nan"].is_nan().all()


def test_whole_and_fractional_numbers_of_one_column_become_fractions() -> None:
    assert answer(["x"], [(1,), (2.5,), (None,)]).to_dict(as_series=False) == {"x": [1.0, 2.5, None]}
    assert answer(["value_usd"], [(0,)]).schema == {"value_usd": pl.Float64()}  # as the schema has it
    assert answer(["x", "year"], []).schema == {"x": pl.Null(), "year": pl.Int64()}
