from datetime import date

import numpy as np
import pytest

from models.world.config import WorldConfig
from models.world.shipping.traffic import observed, reported_m


@pytest.mark.parametrize(
    ("is_stale", "expected"),
    [
        ([False, False, False, False], [5.0, 9.0, 5.5, 7.0]),
        ([False, True, True, True], [5.0, 5.0, 5.0, 7.0]),  # the second ship never set one: it tells the truth
        ([True, False, True, False], [5.0, 9.0, 9.0, 7.0]),
    ],
)
def test_a_draught_that_is_not_set_stays_what_it_was(is_stale: list[bool], expected: list[float]) -> None:
    found = reported_m(np.array([0, 0, 0, 1]), np.array([5.0, 9.0, 5.5, 7.0]), np.array(is_stale))
    assert found.to_list() == expected


def test_the_last_months_of_a_world_are_observed() -> None:
    clock = observed(WorldConfig.sized("medium", 1))
    assert (clock.start, clock.days) == (date(2024, 10, 1), 61)
    assert clock.before_s < 0 < clock.end_s == 61 * 86_400
