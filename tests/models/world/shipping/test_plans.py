import numpy as np
import polars as pl
import pytest

from models.world.parameters.shipping import Shipping
from models.world.shipping.cargoes import DAY_S, Clock
from models.world.shipping.plans import HOUR_S, bulk_plan, liner_plan, sailing_hours
from tests.models.world.shipping.test_cargoes import CLOCK

SHIPPING = Shipping()
LENGTH_KM = np.array([[0.0, 900.0, 3000.0], [900.0, 0.0, 2500.0], [3000.0, 2500.0, 0.0]])


def loads(*rows: tuple[int, int, str, float]) -> pl.DataFrame:
    """Start, end, hull, day of departure; in the order of departure."""
    frame = pl.DataFrame(rows, schema=["start", "end", "hull", "day"], orient="row")
    return frame.with_columns(departs_s=pl.col("day") * DAY_S, load=pl.int_range(pl.len(), dtype=pl.Int64))


def bulk(*rows: tuple[int, int, str, float], clock: Clock = CLOCK):
    return bulk_plan(np.random.default_rng(0), SHIPPING, loads(*rows), LENGTH_KM, clock)


def test_a_ship_comes_loads_discharges_and_goes_back_to_wait() -> None:
    plan = bulk((0, 1, "panamax", 10.0))
    assert plan.hulls == ["panamax"]
    assert plan.stops["place"].to_list() == [1, 0, 1, 0]
    assert plan.stops["load"].to_list() == [-1, 0, -1, -1]
    assert plan.stops["is_berthed"].to_list() == [True, True, True, False]
    assert plan.stops["depart_s"][1] == 10 * DAY_S
    assert plan.stops["depart_s"][3] > CLOCK.end_s


def test_a_ship_that_is_back_takes_the_next_load() -> None:
    plan = bulk((0, 1, "panamax", 10.0), (0, 1, "panamax", 40.0))
    assert plan.hulls == ["panamax"]
    assert plan.stops["place"].to_list() == [1, 0, 1, 0, 1, 0]


def test_a_ship_loads_where_it_discharged_without_leaving() -> None:
    plan = bulk((0, 1, "panamax", 10.0), (1, 2, "panamax", 40.0))
    assert plan.stops["place"].to_list() == [1, 0, 1, 2, 1]
    assert plan.stops["depart_s"][2] == 40 * DAY_S
    assert plan.stops["load"][2] == 1


@pytest.mark.parametrize("second", [(0, 1, "panamax", 10.5), (0, 1, "capesize", 40.0)])
def test_a_load_too_soon_or_of_another_class_needs_another_ship(second: tuple[int, int, str, float]) -> None:
    assert len(bulk((0, 1, "panamax", 10.0), second).hulls) == 2


def test_no_ship_is_in_two_places_and_no_load_is_left_or_carried_twice() -> None:
    rng = np.random.default_rng(7)
    days = np.sort(rng.uniform(-21, 61, 120))
    ends = [rng.permutation(3)[:2].tolist() for _ in days]
    rows = [(start, end, "panamax", day) for (start, end), day in zip(ends, days.tolist(), strict=True)]
    stops = bulk(*rows).stops
    assert sorted(stops.filter(pl.col("load") >= 0)["load"]) == list(range(120))
    hours = sailing_hours(LENGTH_KM, SHIPPING.planned_kn)
    for _, ship in stops.group_by("vessel"):
        place, berth, depart = (ship[name].to_list() for name in ("place", "berth_s", "depart_s"))
        for at in range(1, len(place)):
            assert place[at] != place[at - 1]
            assert berth[at] - depart[at - 1] >= hours[place[at - 1], place[at]] * HOUR_S
            assert depart[at] > berth[at]
    for load, (start, end, _, _) in enumerate(rows):
        row = stops.with_row_index("row").filter(pl.col("load") == load)["row"].item()
        assert stops["place"][row : row + 2].to_list() == [start, end]
        assert stops["vessel"][row] == stops["vessel"][row + 1]


def test_without_loads_there_is_no_ship() -> None:
    plan = bulk_plan(np.random.default_rng(0), SHIPPING, loads((0, 1, "panamax", 1.0)).clear(), LENGTH_KM, CLOCK)
    assert (plan.hulls, plan.stops.height) == ([], 0)


def test_liners_go_round_their_ports_until_the_end() -> None:
    plan = liner_plan(np.random.default_rng(1), SHIPPING, 5, LENGTH_KM, np.full(3, 1 / 3), CLOCK)
    assert plan.hulls == ["liner"] * 5
    for _, ship in plan.stops.group_by("vessel"):
        places = ship["place"].to_list()
        assert places[:3] == places[3:6]
        assert ship["depart_s"][-1] > CLOCK.end_s >= ship["depart_s"][-2]
        assert (ship["berth_s"][1:] > ship["depart_s"][:-1]).all()
    assert plan.stops["laden"].is_between(0.35, 0.95).all()
