"""Numbers and names as readers see them. Expected texts are written by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tables import CHANNELS
from pipelines.views import wording


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0, "0 USD"),
        (41.5, "41.5 USD"),
        (999.0, "999 USD"),
        (193_390_186.0, "193.4 M USD"),
        (6_850_000.0, "6.85 M USD"),
        (3e9, "3.00 bn USD"),
        (999_999_999.0, "1.00 bn USD"),
        (-2e6, "-2.00 M USD"),
    ],
)
def test_usd(value: float | None, text: str) -> None:
    assert wording.usd(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (0.0, "0 kg"), (0.036, "36 g"), (36.0, "36 kg"), (2_500.0, "2.5 t"), (3.3932494e9, "3.39 Mt"),
     (839_160_908.0, "839 kt")],
)  # fmt: skip
def test_mass(value: float | None, text: str) -> None:
    assert wording.mass(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.0519, "51.9 USD/t"), (60_000.0, "60,000 USD/kg"), (1.0, "1 USD/kg")]
)
def test_price(value: float | None, text: str) -> None:
    assert wording.price(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (0.0, "0 %"), (1e-9, "< 1 %"), (0.37, "37 %"), (0.999, "> 99 %"), (1.0, "100 %")]
)
def test_a_small_share_is_not_none_and_a_large_one_not_all(value: float | None, text: str) -> None:
    assert wording.share(value) == text


@pytest.mark.parametrize(("value", "text"), [(0.00856, "0.0086"), (1.2e-7, "1.2e-07"), (0.5, "0.50"), (None, "–")])
def test_probability(value: float | None, text: str) -> None:
    assert wording.probability(value) == text


@pytest.mark.parametrize(
    ("name", "value", "label", "text"),
    [
        ("usual_log_ratio", math.log(2.17), "usual imports over exports", "2.17 times"),
        ("excess_kg", 31_000.0, "excess, contained", "31 t"),
        ("usd_per_kg_world", 64_000.0, "world price that year", "64,000 USD/kg"),
        ("gap_low_usd", 71.3e6, "unmatched, 10th percentile", "71.3 M USD"),
        ("is_listed_producer", 0.0, "listed as producer", "no"),
        ("silent_exporter", 1.0, "silent side", "the exporter"),
        ("silent_exporter", 0.0, "silent side", "the importer"),
        ("banned_share_of_year", 0.97, "part of the year under the ban", "97 %"),
        ("history_years", 5.0, "earlier years compared", "5"),
        ("imports_kg", None, "imports", "not known"),
        ("some_new_part_usd", 5.0, "some new part", "5 USD"),
    ],
)
def test_parts_are_spelled_with_their_unit(name: str, value: float | None, label: str, text: str) -> None:
    assert wording.part_name(name) == label
    assert wording.part_value(name, value) == text


@pytest.mark.parametrize(("by_mass", "text"), [(1.0, "5 t"), (0.0, "5.00 k USD"), (None, "5.00 k")])
def test_an_amount_takes_its_unit_from_its_neighbour(by_mass: float | None, text: str) -> None:
    parts = [{"name": "log_amount", "value": math.log(5_000.0)}, {"name": "is_by_mass", "value": by_mass}]
    assert wording.spelled_parts(parts) == [("amount", text)]


def test_every_channel_has_a_name() -> None:
    assert tuple(wording.CHANNELS) == CHANNELS


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e300, max_value=1e300))
def test_any_number_can_be_spelled_and_keeps_its_sign(value: float) -> None:
    for spell in (wording.usd, wording.mass, wording.number, lambda one: wording.part_value("log_ratio", one)):
        assert spell(value)
    assert wording.number(value).startswith("-") == (value < 0)


def test_places_and_goods_carry_their_code() -> None:
    assert wording.place("IDN") == "Indonesia (IDN)"
    assert wording.place("XAA") == "XAA"
    assert wording.goods("260400") == "Nickel ores and concentrates (260400)"
    assert (wording.month(2020), wording.month(202003)) == ("2020", "2020-03")
