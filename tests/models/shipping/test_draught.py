"""Loads from draughts: bounds in order whatever was typed, and no load from a draught that no such ship can have."""

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.shipping.draught import BLOCK, DEEP, DEEPEST, FILL, load
from models.shipping.sizes import deadweight

METRES = st.one_of(st.none(), st.floats(0.0, 25.5, width=32))


def loaded(kind: str, length_m: float | None, width_m: float | None, *draughts: float | None) -> dict[str, object]:
    """Deepest draught sent, that before the call and that on the way."""
    names = ("draught_max_m", "draught_before_m", "draught_m")
    row = {"kind": kind, "length_m": length_m, "width_m": width_m, **dict(zip(names, draughts, strict=True))}
    types = dict.fromkeys(("length_m", "width_m", *names), pl.Float32)
    ship = pl.DataFrame([row], schema={"kind": pl.String, **types}).with_columns(**deadweight())
    return ship.select("deadweight_t", "deadweight_high_t", **load()).row(0, named=True)


@given(
    st.sampled_from([*BLOCK, "tug", "unknown"]), st.one_of(st.none(), st.floats(0.0, 511.0, width=32)),
    st.one_of(st.none(), st.floats(0.0, 63.0, width=32)), METRES, METRES, METRES,
)  # fmt: skip
@example("general_cargo", 100.0, 16.0, 25.0, 6.0, 25.0)
@example("general_cargo", 100.0, 25.0, 9.0, 3.0, 9.0)
def test_the_estimate_lies_between_its_bounds(
    kind: str, length_m: float | None, width_m: float | None, deepest_m: float | None, before_m: float | None,
    now_m: float | None,
) -> None:  # fmt: skip
    told = loaded(kind, length_m, width_m, deepest_m, before_m, now_m)
    low, cargo, high = (told[name] for name in ("cargo_low_t", "cargo_t", "cargo_high_t"))
    assert (low is None) == (high is None)
    if cargo is not None:
        assert 0 <= low <= cargo <= high
    elif low is not None:
        assert low == 0
        assert high == pytest.approx(FILL * told["deadweight_high_t"])
    assert (told["is_laden"] is None) == (cargo is None)


def test_a_draught_far_beyond_such_a_ship_is_not_known() -> None:
    told = loaded("general_cargo", 100.0, 16.0, 25.0, 6.0, 25.0)
    assert (told["is_laden"], told["cargo_t"], told["cargo_low_t"]) == (None, None, 0.0)
    assert told["cargo_high_t"] == pytest.approx(FILL * told["deadweight_high_t"])
    deepest = DEEPEST * DEEP * told["deadweight_high_t"] ** (1 / 3)
    assert loaded("general_cargo", 100.0, 16.0, 6.0, 4.0, deepest + 0.1)["cargo_t"] is None
    assert loaded("general_cargo", 100.0, 16.0, 6.0, 4.0, deepest - 0.1)["cargo_t"] is not None


def test_one_draught_mistyped_changes_no_other_load() -> None:
    """Taken for its full draught it would make a laden ship seem empty."""
    mistyped, plain = (loaded("general_cargo", 100.0, 16.0, deepest, 3.2, 5.5) for deepest in (25.0, None))
    assert mistyped == plain
    assert plain["is_laden"] is True
    assert loaded("general_cargo", 100.0, 16.0, 25.0, 25.0, 5.5)["is_laden"] is None


@pytest.mark.parametrize(("kind", "length_m", "draught_m"), [
    ("general_cargo", 60.0, 4.2), ("general_cargo", 100.0, 7.5), ("general_cargo", 138.0, 9.5),
    ("bulk_carrier", 180.0, 11.2), ("bulk_carrier", 225.0, 14.5), ("bulk_carrier", 362.0, 23.0),
    ("tanker", 100.0, 7.5), ("tanker", 333.0, 22.5), ("container", 140.0, 9.0), ("container", 400.0, 17.0),
])  # fmt: skip
def test_deep_ships_of_usual_classes_are_believed(kind: str, length_m: float, draught_m: float) -> None:
    assert loaded(kind, length_m, None, draught_m, 0.5 * draught_m, draught_m)["is_laden"] is True
