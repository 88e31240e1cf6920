"""Voyages from one country to the other: told when all that began have had the time to end, and missing before."""

from datetime import date

from graphs.tables_ships import CarryingCapacity
from tests.models.shipping.test_capacity import LATER, PORTS, ROUND, heard, row, told


def test_voyages_that_may_be_under_way_are_missing_and_not_none() -> None:
    """A ship that left on 25 November has not come by the end of the days that were read: nobody knows where it is."""
    under_way = [*ROUND, ("nobody", "port:XAA:1", 50.0, 55.0)]
    direct = ("voyages", "direct_kg", "direct_high_kg")
    for period in (202410, 202411):
        assert [row(told(under_way), period)[one] for one in direct] == [None, None, None]
    # 45 days after October are over on 15 December, those after November were not all read.
    longer = LATER[:76]
    found = told(under_way, heard(*PORTS, days=longer), longer)
    assert row(found)["voyages"] is None  # October is told from what was known at the end of November
    found = told(under_way, heard(*PORTS, days=LATER), LATER)
    assert row(found)["voyages"] == 3
    assert row(found, one="XAB", other="XAA")["voyages"] == 1
    assert [row(found, 202411)[one] for one in direct] == [None, None, None]
    gap = [day for day in LATER if day != date(2024, 11, 20)]
    assert row(told(under_way, heard(*PORTS, days=gap), gap))["voyages"] is None
    assert CarryingCapacity.validate(found, cast=True).height


def test_a_month_whose_voyages_all_ended_without_one_has_none() -> None:
    idle = [("bulk", "port:XAB:1", 1.0, 2.0), ("coaster", "port:XAA:1", 1.0, 2.0)]
    found = row(told(idle, heard(*PORTS, days=LATER), LATER))
    assert [found[one] for one in ("voyages", "direct_kg", "direct_high_kg")] == [0, 0.0, 0.0]
