"""Questions about places, ships and companies against slow answers in plain Python, on a small and a large graph."""

from collections.abc import Iterator

import polars as pl
import pytest

from graphs.errors import InputError
from graphs.questions.catalogue import ask, questions
from graphs.stores.base import Graph, View, load
from graphs.stores.ladybug import LadybugStore
from tests.graphs.questions import ship_worlds, worlds
from tests.graphs.questions.expected_ships import ASKED
from tests.graphs.questions.slow_ships import Slow, answer
from tests.graphs.questions.test_answers import approximately

LATE = ("places", "ships", "companies")
LARGE_ASKED = [
    ("ships-that-called-at-both", {"port_from": "port:1", "port_to": "port:2", "most_days": 2000}),
    ("ships-that-called-at-both", {"port_from": "port:0", "port_to": "port:0", "most_days": 700, "since": 2019}),
    ("ships-between-two-countries", {"exporter": "XAA", "importer": "IDN"}),
    ("ships-between-two-countries", {"exporter": "CHN", "importer": "XAA", "since": 2018, "until": 2019}),
    ("encounters-between-countries", {"first": "XAA", "second": "IDN", "most_days": 200}),
    ("encounters-between-countries", {"first": "XBA", "second": "XAA", "most_days": 300, "since": 2019}),
    ("meetings-before-arrival", {"country": "XAA", "most_days": 90}),
    ("busiest-ports", {}),
    ("busiest-ports", {"country": "IDN", "since": 2018, "until": 2019}),
    ("silent-ships-near-a-port", {"port": "port:3", "min_hours": 8}),
    ("ships-on-one-identity", {"since": 2018}),
    ("new-voyages-after-a-ban", {"exporter": "IDN", "year": 2020, "window": 1}),
    ("voyages-without-trade", {"year": 2019, "source": "baci"}),
    ("voyages-without-trade", {"year": 2020, "source": "comtrade", "min_voyages": 2}),
    ("chokepoints-of-a-commodity", {"year": 2019, "source": "baci", "commodity": "nickel"}),
    ("chokepoints-of-a-commodity", {"year": 2020, "source": "comtrade"}),
    ("pairs-through-a-strait", {"strait": "strait:malacca", "year": 2020, "source": "comtrade"}),
    ("ways-out-of-a-country", {"country": "XAA"}),
    ("ways-out-of-a-country", {"country": "CHN", "mode": "sea"}),
    ("flights-for-a-flow", {"exporter": "XAA", "importer": "XAB"}),
    ("companies-on-both-ends", {}),
    ("companies-on-both-ends", {"commodity": "nickel", "since": 2019, "until": 2020}),
    ("partners-of-a-company", {"company": "C:0"}),
    ("ships-of-a-company", {"company": "C:0"}),
    ("shippers-of-a-port", {"port": "port:1"}),
]


@pytest.fixture(scope="module")
def large(tmp_path_factory) -> Iterator[View]:
    """The large graph in the embedded engine."""
    store = LadybugStore(tmp_path_factory.mktemp("large"))
    load(store, worlds.large())
    with store.view() as view:
        yield view


@pytest.fixture(scope="module")
def slow() -> Slow:
    flows, _, alerts = worlds.large_rows()
    return Slow(ship_worlds.large(), flows, alerts)


@pytest.mark.parametrize(("name", "given"), LARGE_ASKED)
def test_the_large_graph_answers_as_the_slow_reference_does(large, slow, name, given):
    rows = answer(slow, name, given)
    assert rows, "a question without rows would show nothing"
    limit = {} if name == "ports-of-an-alert" else {"limit": 10_000}
    assert ask(large, name, given | limit).rows() == approximately(rows)


def test_ports_of_every_alert_of_the_large_graph(large, slow):
    found = 0
    for alert in slow.alerts:
        given = {"list": alert[0], "rank": alert[1]}
        rows = answer(slow, "ports-of-an-alert", given)
        assert ask(large, "ports-of-an-alert", given).rows() == approximately(rows)
        found += bool(rows)
    assert found > 10


def test_every_question_about_places_ships_and_companies_has_a_slow_answer():
    asked = {name for name, _ in ASKED}
    assert {one.name for one in questions().values() if set(one.data) & set(LATE)} == asked
    assert {name for name, _ in LARGE_ASKED} | {"ports-of-an-alert"} == asked


@pytest.mark.parametrize(
    ("port", "found"),
    [("Alpha", 3), ("xaalp", 3), ("port:a", 3), (" shang etat ", 1), ("CNSHA", 1), (ship_worlds.QUOTED, 0)],
)
def test_a_port_is_named_by_its_name_its_code_or_its_identifier(embedded, port, found):
    given = {"port_from": port, "port_to": port, "most_days": 1000}
    calls = ask(embedded, "ships-that-called-at-both", given)
    assert calls.height == {3: 1}.get(found, 0)


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("silent-ships-near-a-port", {"port": "The Bay"}, "2 nodes are called 'The Bay': name one by its identifier: "
         "port:bay (The Bay, XAA), port:c (The Bay, XCC)"),
        ("silent-ships-near-a-port", {"port": "Alpa"}, "holds no port 'Alpa'; the nearest: port:a (Alpha, XAA)"),
        ("silent-ships-near-a-port", {"port": "XAA"}, "this graph holds no port 'XAA'"),
        ("shippers-of-a-port", {"port": "anchorage:a"}, "holds no port 'anchorage:a'"),
        ("ships-of-a-company", {"company": "Mine & Co."}, "nearest: XAA:MINE (Mine & Co, XAA), __:MINE2 (mine & co)"),
        ("ships-of-a-company", {"company": "XAA"}, "this graph holds no company 'XAA'"),
        ("pairs-through-a-strait", {"strait": "Town", "year": 2020}, "this graph holds no strait 'Town'"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_or_several_bear_is_refused_with_the_nearest(embedded, name, given, sentence):
    with pytest.raises(InputError) as refused:
        ask(embedded, name, given)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_graph_without_ships_says_so_and_one_that_never_heard_of_them_as_well(tmp_path):
    bare = worlds.graph("bare", worlds.tidy(worlds.FLOWS, [], []))
    with_ports = worlds.tidy(worlds.FLOWS, [], [], ship_worlds.SMALL)
    store = LadybugStore(tmp_path / "bare")
    load(store, bare)
    with store.view() as view:
        for one in questions().values():
            if set(one.data) & set(LATE):
                asked = next(given for name, given in ASKED if name == one.name)
                with pytest.raises(InputError, match=f"{one.name} needs .*, and this graph holds none"):
                    ask(view, one, asked)
    assert with_ports.places.collect().height

    class Old:
        """A store that was loaded before there were ships."""

        def counts(self) -> dict[str, int]:
            return {"Flow": 1}

        def rows(self, *_: object, **__: object) -> pl.DataFrame:
            raise AssertionError("the engine was asked for nodes that it does not know")

    with pytest.raises(InputError, match="busiest-ports needs ships, and this graph holds none"):
        ask(Old(), "busiest-ports", {})  # type: ignore[arg-type]


def test_a_home_without_ships_has_empty_tables_for_them():
    graph: Graph = worlds.graph("bare", worlds.tidy(worlds.FLOWS, [], []))
    counts = graph.counts()
    late = [
        name for name in counts if any(label in name for label in ("Port", "Airport", "Place", "Vessel", "Company"))
    ]
    assert len(late) == 5 + 21
    assert {counts[name] for name in late} == {0}
