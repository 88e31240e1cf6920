"""What every engine promises, on one graph made to be difficult."""

import json
from collections.abc import Iterator

import polars as pl
import pytest

from graphs.errors import LimitExceeded, StoreError
from graphs.schema import EDGE_TABLES, NODES, dtypes, key_of
from graphs.stores.base import Graph, Limits, Store, Writer, load
from tests.graphs.stores.contract_graph import HOSTILE, frame, frames, graph_of


def held(store: Store) -> dict[str, pl.DataFrame]:
    """Every table as the store gives it back, in the order of keys."""
    with store.view() as view:
        found = {}
        for label, schema in NODES.items():
            columns = ", ".join(f"n.`{name}` AS `{name}`" for name in dtypes(schema))
            found[label] = view.rows(f"MATCH (n:{label}) RETURN {columns} ORDER BY `{key_of(label)}`")
        for name, edge in EDGE_TABLES.items():
            ends = [f"a.`{key_of(edge.start)}` AS `start`", f"b.`{key_of(edge.end)}` AS `end`"]
            columns = ", ".join([*ends, *(f"r.`{one}` AS `{one}`" for one in edge.properties)])
            order = ", ".join(f"`{one}`" for one in edge.key)
            pattern = f"(a:{edge.start})-[r:{edge.name}]->(b:{edge.end})"
            found[name] = view.rows(f"MATCH {pattern} RETURN {columns} ORDER BY {order}")
        return found


def differences(store: Store, graph: Graph) -> Iterator[str]:
    """Tables in which the store differs from the graph, with both; a value must come back exactly."""
    for name, rows in held(store).items():
        schema = EDGE_TABLES[name].schema if name in EDGE_TABLES else NODES[name]
        wanted = graph.tables[name].collect() if name in graph.tables else frame(name, [])
        found = rows.select(pl.col(one).cast(dtype) for one, dtype in dtypes(schema).items())
        key = schema.primary_key()
        if not found.sort(key).equals(wanted.select(found.columns).sort(key), null_equal=True):
            yield f"{name}: {found.sort(key).rows()} instead of {wanted.sort(key).rows()}"


def assert_holds(store: Store, graph: Graph) -> None:
    assert store.snapshot() == graph.snapshot
    assert list(differences(store, graph)) == []
    with store.view() as view:
        assert view.counts() == graph.counts()
        assert view.snapshot == graph.snapshot
        assert dict(view.about) == dict(graph.about)


def test_everything_comes_back_as_it_went_in(store: Store, graph: Graph) -> None:
    assert store.snapshot() is None
    assert load(store, graph) is True
    assert_holds(store, graph)


def test_an_empty_store_has_no_view(store: Store) -> None:
    with pytest.raises(StoreError, match="load"), store.view():
        pass


def test_loading_twice_changes_nothing(store: Store, graph: Graph) -> None:
    load(store, graph)
    assert load(store, graph) is False
    with store.writer(graph) as writer:  # not asked first: still nothing is there twice
        for label, rows in graph.nodes():
            writer.nodes(label, rows)
        for edge, rows in graph.edges():
            writer.edges(edge, rows)
    assert_holds(store, graph)


def changed() -> Graph:
    """Rows added, changed and gone, in nodes and edges, values become null and null values known."""
    tables = frames()
    code = pl.col("code")
    lon = pl.when(code == "AAA").then(None).when(code == "HHH").then(9.5).otherwise("lon")
    name = pl.when(code == "BBB").then(pl.lit('B "new"')).otherwise("name")
    renamed = tables["Country"].filter(code != "GGG").with_columns(lon=lon, name=name)
    tables["Country"] = pl.concat([renamed, frame("Country", [("III", "New", None, None)])])
    produces = tables["Country-PRODUCES-Family"].filter(pl.col("end") == "nickel")
    moved = pl.when(pl.col("source") == "wmd").then(pl.lit("III")).otherwise("start")
    tables["Country-PRODUCES-Family"] = produces.with_columns(start=moved, mass_low_kg=pl.col("mass_kg") / 3)
    for table in [one for one in tables if "Alert" in one]:
        del tables[table]
    tables["Ban-COVERS-Commodity"] = tables["Ban-COVERS-Commodity"].head(1)
    return graph_of(tables)


def test_another_graph_takes_the_place_of_the_old_one(store: Store, graph: Graph) -> None:
    load(store, graph)
    assert load(store, changed()) is True
    assert_holds(store, changed())
    load(store, graph)
    assert_holds(store, graph)


def test_a_graph_without_contents_is_compared_row_by_row(store: Store, graph: Graph) -> None:
    load(store, Graph("first", graph.tables, {}, graph.about))
    load(store, Graph("second", changed().tables))
    assert_holds(store, Graph("second", changed().tables))


def write_nodes_and_fail(writer: Writer, graph: Graph) -> None:
    for label, rows in graph.nodes():
        writer.nodes(label, rows)
    raise ZeroDivisionError


def test_a_load_that_fails_leaves_the_old_graph(store: Store, graph: Graph) -> None:
    load(store, graph)
    with pytest.raises(ZeroDivisionError), store.writer(changed()) as writer:
        write_nodes_and_fail(writer, changed())
    assert_holds(store, graph)


def test_an_edge_without_its_node_is_refused(store: Store, graph: Graph) -> None:
    load(store, graph)
    tables = frames()
    tables["Commodity-IN_FAMILY-Family"] = frame("Commodity-IN_FAMILY-Family", [("260400", "no such family")])
    with pytest.raises(StoreError):
        load(store, graph_of(tables))
    assert_holds(store, graph)


def test_rows_may_come_in_any_order(store: Store, graph: Graph) -> None:
    load(store, Graph("x", {name: rows.reverse() for name, rows in graph.tables.items()}, graph.contents, graph.about))
    assert list(differences(store, graph)) == []


def test_progress_ends_with_all_rows(store: Store, graph: Graph) -> None:
    seen: dict[str, tuple[int, int]] = {}
    load(store, graph, lambda table, done, total: seen.update({table: (done, total)}))
    assert seen == {name: (rows, rows) for name, rows in graph.counts().items() if rows}


def test_names_are_values_not_code(loaded: Store, graph: Graph) -> None:
    statement = "MATCH (c:Country) WHERE c.name = $name RETURN c.code AS code"
    with loaded.view() as view:
        for code, name in HOSTILE.items():
            assert view.rows(statement, {"name": name}).rows() == [(code,)]
        assert view.rows(statement, {"name": HOSTILE["CCC"] + "x"}).is_empty()
        assert view.counts() == graph.counts()


def test_loops_cycles_and_parallel_edges_are_all_there(loaded: Store, graph: Graph) -> None:
    pattern = "MATCH (a:Country)-[r:EXPORTS_TO]->(b:Country) WHERE"
    with loaded.view() as view:
        loops = view.rows(f"{pattern} a.code = b.code RETURN a.code AS code, r.value_usd AS value_usd")
        assert loops.rows() == [("AAA", 7.0)]
        back = view.rows(f"{pattern} a.code = 'BBB' AND b.code = 'AAA' RETURN r.edge_id AS edge_id")
        assert back.rows() == [("comtrade:BBB:AAA:nickel:2020",)]
        several = view.rows(f"{pattern} a.code = 'AAA' AND b.code = 'BBB' RETURN r.edge_id AS edge_id ORDER BY edge_id")
        assert several["edge_id"].to_list() == [
            "baci:AAA:BBB:gold:2020", "baci:AAA:BBB:nickel:2020",
            "comtrade:AAA:BBB:nickel:2020", "comtrade:AAA:BBB:nickel:2021",
        ]  # fmt: skip


def test_null_is_no_value_and_zero_is_one(loaded: Store, graph: Graph) -> None:
    with loaded.view() as view:
        none = view.rows("MATCH (f:Flow) WHERE f.value_usd IS NULL RETURN f.flow_id AS flow_id")
        assert none["flow_id"].to_list() == ["comtrade:_X:_Z:710812:2021"]
        zero = view.rows("MATCH (f:Flow) WHERE f.value_usd = 0 RETURN f.flow_id AS flow_id")
        assert zero["flow_id"].to_list() == ["comtrade:CCC:DDD:260400:2021"]


def test_types_do_not_depend_on_the_rows(loaded: Store, graph: Graph) -> None:
    columns = "c.code AS code, c.lon AS lon"
    wanted = {"code": pl.String(), "lon": pl.Float64()}
    with loaded.view() as view:
        for where in ("c.code = 'AAA'", "c.code = 'EEE'", "c.code = 'none'"):
            assert view.rows(f"MATCH (c:Country) WHERE {where} RETURN {columns}").schema == wanted
        rows = view.rows("MATCH (f:Flow) RETURN f.year AS year, f.exporter_reported AS told ORDER BY f.flow_id")
        assert rows.schema == {"year": pl.Int64(), "told": pl.Boolean()}


def test_whole_nodes_and_edges_become_json(loaded: Store, graph: Graph) -> None:
    with loaded.view() as view:
        row = view.rows(
            "MATCH (c:Country)-[r:PRODUCES]->(f:Family) WHERE r.edge_id = 'usgs:AAA:nickel:2020:ore' "
            "RETURN c AS node, r AS edge, [c.code, f.name] AS names"
        ).row(0, named=True)
    country = {"label": "Country", "code": "AAA", "name": HOSTILE["AAA"], "lon": 1.5, "lat": -2.25}
    assert json.loads(row["node"]) == country
    assert json.loads(row["edge"]) == {
        "label": "PRODUCES", "edge_id": "usgs:AAA:nickel:2020:ore", "source": "usgs", "year": 2020, "basis": "ore",
        "mass_kg": 50_000.0,
    }  # fmt: skip
    assert row["names"] == ["AAA", "nickel"]


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE (:Country {code: 'ZZZ', name: 'z'})",
        "MATCH (c:Country) SET c.name = 'z'",
        "MATCH (f:Flow) DETACH DELETE f",
        "MERGE (:Family {name: 'z'})",
        "MATCH (c:Country) REMOVE c.name",
    ],
)
def test_a_view_does_not_write(loaded: Store, graph: Graph, statement: str) -> None:
    with loaded.view() as view, pytest.raises(StoreError):
        view.rows(statement)
    assert_holds(loaded, graph)


def test_an_answer_is_whole_or_none(loaded: Store, graph: Graph) -> None:
    statement = "MATCH (f:Flow) RETURN f.flow_id AS flow_id"
    flows = graph.counts()["Flow"]
    with loaded.view() as view:
        assert view.rows(statement, limits=Limits(rows=flows)).height == flows
        with pytest.raises(LimitExceeded, match=str(flows - 1)):
            view.rows(statement, limits=Limits(rows=flows - 1))
        assert view.rows(statement).height == flows


def test_a_statement_that_takes_too_long_is_ended(loaded: Store, graph: Graph) -> None:
    cross = "MATCH (a:Flow), (b:Flow), (c:Flow), (d:Flow), (e:Flow), (f:Flow), (g:Flow), (h:Flow) "
    with loaded.view() as view:
        with pytest.raises(LimitExceeded, match=r"took longer than 0\.5 s"):
            view.rows(cross + "RETURN sum(a.year * b.year + c.year * d.year + e.year * f.year + g.year * h.year) AS n",
                      limits=Limits(seconds=0.5))  # fmt: skip
        assert view.rows("MATCH (f:Flow) RETURN count(*) AS n").item() == graph.counts()["Flow"]


@pytest.mark.parametrize("statement", ["MATCH (c:Country RETURN c", "RETURN nobody AS x", "RETURN 1 AS a, 2 AS a"])
def test_a_statement_that_fails_gets_one_sentence(loaded: Store, graph: Graph, statement: str) -> None:
    with loaded.view() as view:
        with pytest.raises(StoreError) as caught:
            view.rows(statement)
        assert "\n" not in str(caught.value)
        assert view.rows("RETURN 1 AS one").rows() == [(1,)]
