"""Ways along the sea lanes between ports and anchorages."""

import polars as pl
import pytest

from graphs.transport import costs
from models.linkage.legs import legs
from models.linkage.network import Network
from models.linkage.sailing import sea_km
from models.shipping.voyages import with_ways
from tests.models.linkage.grounds import KM, edges, nodes, place, places

SEA = nodes("sea", *((float(at), 0.0) for at in range(-2, 4)), (179.0, 10.0), (-179.0, 10.0), (90.0, 50.0))
LANES = edges("sea", *((at, at + 1, KM) for at in range(5)), (5, 6, 20_000.0), (6, 7, 2 * KM))
SHORE = places(
    place("port:a", 0.0, 0.1), place("port:b", 3.0, 0.1), place("anchorage:c", 3.0, -0.2), place("port:d", -1.9, 0.1),
    place("port:e", -2.1, 0.1), place("anchorage:far", 90.0, 50.0), place("anchorage:east", 179.0, 10.1),
    place("anchorage:west", -179.0, 10.1), place("city:x", 1.0, 0.0),
)  # fmt: skip


def pairs(*of: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(of, schema=["from_place", "to_place"], orient="row")


def found(*of: tuple[str, str]) -> dict[tuple[str, str], float]:
    return {(one, other): km for one, other, km in sea_km(SEA, LANES, SHORE, pairs(*of)).iter_rows()}


def test_an_anchorage_is_an_end_like_a_port() -> None:
    there, back = ("port:a", "anchorage:c"), ("anchorage:c", "port:a")
    assert found(there, back, there) == pytest.approx({there: 3.3 * KM, back: 3.3 * KM}, rel=1e-3)


def test_a_way_across_the_antimeridian_is_short() -> None:
    pair = ("anchorage:east", "anchorage:west")
    assert found(pair) == pytest.approx({pair: 2.2 * KM}, rel=1e-3)


@pytest.mark.parametrize(
    "pair",
    [
        ("port:d", "port:e"),  # nearer to each other than to the lanes
        ("port:a", "anchorage:far"),  # no lane leads there
        ("port:a", "port:gone"),
        ("city:x", "port:a"),
    ],
)
def test_where_no_lane_leads_nothing_is_told(pair: tuple[str, str]) -> None:
    assert found(pair) == {}
    assert found(pair, ("port:a", "port:b")).keys() == {("port:a", "port:b")}


def test_two_ports_have_the_length_of_their_leg() -> None:
    told = legs(Network.of(SEA, LANES, SHORE, costs()), SHORE).filter(pl.col("mode") == "sea")
    of = pairs(("port:a", "port:b"), ("port:b", "port:a"), ("port:a", "port:d"))
    assert sea_km(SEA, LANES, SHORE, of).height == of.height
    both = sea_km(SEA, LANES, SHORE, of).join(told, on=["from_place", "to_place"], suffix="_leg")
    assert both.height == of.height
    assert both["length_km"].to_list() == pytest.approx(both["length_km_leg"].to_list(), rel=1e-6)


def test_without_lanes_or_pairs_there_is_nothing() -> None:
    assert sea_km(SEA.clear(), LANES.clear(), SHORE, pairs(("port:a", "port:b"))).is_empty()
    assert sea_km(SEA, LANES, SHORE, pairs(("port:a", "port:b")).clear()).is_empty()


def test_a_voyage_takes_the_way_that_no_leg_told() -> None:
    ends = [("port:a", "port:b"), ("port:b", "anchorage:c"), ("port:a", "anchorage:c"), ("port:a", "port:b")]
    told = pairs(*ends).with_columns(
        voyage_id=pl.Series(["1", "2", "3", "4"]), network_km=pl.Series([7.0] + [None] * 3)
    )
    filled = with_ways(told, sea_km(SEA, LANES, SHORE, told))
    assert filled.columns == told.columns
    assert filled["voyage_id"].equals(told["voyage_id"])
    # The port and the anchorage before it lie 33 km apart, and the lane 11 and 22 km away.
    assert filled["network_km"].to_list() == [7.0, None, pytest.approx(3.3 * KM, rel=1e-3), pytest.approx(3.2 * KM)]
