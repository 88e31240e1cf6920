import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.world.parameters.shipping import Shipping
from models.world.shipping.fleet import DIGITS, draught_m, imo_numbers, vessels

COUNTRIES = ["XAA", "XAB", "XAC"]


def fleet(count: int = 400):
    classes = list(Shipping().hulls) * (count // 8)
    flags = [COUNTRIES[at % 3] for at in range(count)]
    return vessels(np.random.default_rng(1), Shipping().hulls, classes, flags, COUNTRIES)


def test_no_state_has_the_country_digits() -> None:
    """ITU's table of maritime identification digits ends at 279, 379, 478, 578, 679 and 775."""
    assert len(DIGITS) >= 99
    ends = {2: 279, 3: 379, 4: 478, 5: 578, 6: 679, 7: 775}
    assert all(digits > ends[digits // 100] for digits in DIGITS)


def test_each_country_has_digits_of_its_own() -> None:
    made = fleet()
    digits = made.select("flag", made["mmsi"] // 1_000_000).unique()
    assert digits.height == 3
    assert made["mmsi"].n_unique() == len(made)


def test_numbers_and_names_are_distinct_and_small_vessels_have_no_imo_number() -> None:
    made = fleet()
    assert made["name"].n_unique() == made["call_sign"].n_unique() == len(made)
    small = made["deadweight_t"] < 250
    assert (made["imo"].is_null() == small).all()
    assert made["imo"].drop_nulls().n_unique() == (~small).sum()


@pytest.mark.parametrize(("head", "expected"), [(907472, 9074729), (100000, 1000007), (200000, 2000004)])
def test_the_check_digit_of_known_imo_numbers(head: int, expected: int) -> None:
    """9074729 is the usual worked example: 9*7 + 0*6 + 7*5 + 4*4 + 7*3 + 2*2 = 139."""
    assert imo_numbers(np.array([head])) == [expected]


@given(st.integers(200_000, 499_999))
def test_every_check_digit_is_valid(head: int) -> None:
    (number,) = imo_numbers(np.array([head]))
    digits = [int(one) for one in str(number)]
    assert len(digits) == 7
    assert sum(weight * digit for weight, digit in zip((7, 6, 5, 4, 3, 2), digits[:6], strict=True)) % 10 == digits[6]


def test_sizes_are_those_of_the_classes() -> None:
    made = fleet()
    largest = made.filter(made["deadweight_t"] > 160e3)
    assert largest["length_m"].is_between(270, 315).all()
    assert largest["draught_laden_m"].is_between(17, 19.5).all()
    assert (made["width_m"] < made["length_m"]).all()
    assert set(made.filter(made["kind"] != "fishing")["transceiver"]) == {"A"}


def test_draught_grows_evenly_from_ballast_to_full() -> None:
    cargo = np.array([0.0, 46.5, 93.0, 200.0])
    found = draught_m(np.full(4, 10.0), 0.6, cargo, np.full(4, 100.0), 0.93)
    assert found == pytest.approx([6.0, 8.0, 10.0, 10.0])
