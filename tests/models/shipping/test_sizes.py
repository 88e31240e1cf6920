"""Sizes and loads, against ships of the usual classes."""

import polars as pl
import pytest

from models.shipping.draught import FILL, load
from models.shipping.sizes import deadweight, kind


@pytest.mark.parametrize(("tonnes", "length_m"), [(35_000, 180), (58_000, 197), (76_000, 225), (180_000, 292)])
def test_usual_bulk_carriers_lie_within_the_interval(tonnes: float, length_m: float) -> None:
    rows = pl.DataFrame({"kind": ["bulk_carrier"], "length_m": [length_m]}).select(**deadweight())
    assert rows["deadweight_low_t"].item() < tonnes < rows["deadweight_high_t"].item()


def test_vessels_without_cargo_or_length_have_no_deadweight() -> None:
    rows = pl.DataFrame({"kind": ["tug", "bulk_carrier"], "length_m": [30.0, None]}).select(**deadweight())
    assert rows.null_count().row(0) == (2, 2, 2)


@pytest.mark.parametrize(("code", "length_m", "speed_kn", "name"), [
    (30, 40.0, 9.0, "fishing"), (52, 30.0, 9.0, "tug"), (60, 200.0, 18.0, "passenger"),
    (70, 190.0, 12.0, "bulk_carrier"),
    (70, 100.0, 11.0, "general_cargo"), (71, 250.0, 16.0, "container"), (70, None, 11.0, "unknown"),
    (82, 250.0, 12.0, "tanker"), (36, 12.0, 5.0, "other"), (None, 190.0, 12.0, "unknown"),
])  # fmt: skip
def test_kinds(code: int | None, length_m: float | None, speed_kn: float, name: str) -> None:
    types = {"ais_type": pl.UInt16, "length_m": pl.Float32, "speed_kn": pl.Float32}
    rows = pl.DataFrame([(code, length_m, speed_kn)], schema=types, orient="row")
    assert rows.select(kind()).item() == name


def loaded(before_m: float | None, now_m: float | None) -> dict[str, object]:
    ship = pl.DataFrame({"kind": ["bulk_carrier"], "length_m": [225.0], "width_m": [32.0], "draught_max_m": [14.0],
                         "draught_before_m": [before_m], "draught_m": [now_m]})  # fmt: skip
    return ship.with_columns(**deadweight()).select("deadweight_high_t", **load()).row(0, named=True)


def test_a_full_ship_carries_most_of_its_deadweight_and_one_in_ballast_little() -> None:
    full, empty = loaded(8.1, 14.0), loaded(14.0, 8.1)
    assert full["is_laden"] is True
    assert full["cargo_low_t"] < 0.8 * 225 * 32 * 1.025 * (14 - 0.58 * 14) * 1.001
    assert 30_000 < full["cargo_t"] < 76_000
    assert empty["is_laden"] is False
    assert empty["cargo_t"] < 1_000


@pytest.mark.parametrize(("before_m", "now_m"), [(14.0, 14.0), (None, 14.0), (8.0, None)])
def test_a_draught_that_was_not_set_anew_tells_nothing(before_m: float | None, now_m: float | None) -> None:
    told = loaded(before_m, now_m)
    assert told["is_laden"] is None
    assert told["cargo_t"] is None
    assert told["cargo_low_t"] == 0.0
    assert told["cargo_high_t"] == pytest.approx(FILL * told["deadweight_high_t"])
