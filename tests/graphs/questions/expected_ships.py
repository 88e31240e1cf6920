"""Questions about places, ships and companies with their answers on the small graph: (question, parameters, rows)."""

from typing import Any

from tests.graphs.questions.ship_worlds import SMALL
from tests.graphs.questions.slow_ships import Slow, answer
from tests.graphs.questions.worlds import ALERTS, FLOWS

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("ships-that-called-at-both", {"port_from": "port:a", "port_to": "port:b"}),
    ("ships-that-called-at-both", {"port_from": "port:a", "port_to": "port:c", "most_days": 54, "until": 2020}),
    ("ships-between-two-countries", {"exporter": "XAA", "importer": "XBB"}),
    ("ships-between-two-countries", {"exporter": "XBB", "importer": "XAA", "since": 2020}),
    ("encounters-between-countries", {"first": "XAA", "second": "XCC", "most_days": 60}),
    ("meetings-before-arrival", {"country": "XCC", "most_days": 50}),
    ("meetings-before-arrival", {"country": "XAA"}),
    ("busiest-ports", {}),
    ("busiest-ports", {"country": "CHN", "since": 2021}),
    ("silent-ships-near-a-port", {"port": "port:a", "min_hours": 9}),
    ("ships-on-one-identity", {}),
    ("new-voyages-after-a-ban", {"exporter": "IDN", "year": 2020}),
    ("voyages-without-trade", {"year": 2020, "source": "comtrade"}),
    ("ports-of-an-alert", {"rank": 1}),
    ("chokepoints-of-a-commodity", {"year": 2020, "source": "baci"}),
    ("chokepoints-of-a-commodity", {"year": 2020, "source": "comtrade", "commodity": "nickel"}),
    ("pairs-through-a-strait", {"strait": "strait:suez", "year": 2020, "source": "baci", "commodity": "gold"}),
    ("ways-out-of-a-country", {"country": "XAA"}),
    ("ways-out-of-a-country", {"country": "XBB", "mode": "road"}),
    ("flights-for-a-flow", {"exporter": "XAA", "importer": "XBB"}),
    ("companies-on-both-ends", {}),
    ("companies-on-both-ends", {"commodity": "nickel", "until": 2020}),
    ("partners-of-a-company", {"company": "XBB:TRADE"}),
    ("ships-of-a-company", {"company": "XAA:MINE"}),
    ("shippers-of-a-port", {"port": "port:a"}),
]
"""Questions to the small graph."""
CASES = [(name, given, answer(Slow(SMALL, FLOWS, ALERTS), name, given)) for name, given in ASKED]
