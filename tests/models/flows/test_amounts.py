import polars as pl
import pytest

from models.flows.amounts import mass, usd


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (None, "nothing"), (0.0, "0 USD"), (41.5, "42 USD"), (999.4, "999 USD"), (14_906.0, "15 thousand USD"),
        (193_390_186.37, "193.4 M USD"), (9.62e9, "9.6 bn USD"),
    ],
)  # fmt: skip
def test_amounts_are_told_in_the_largest_unit_they_reach(amount, text):
    frame = pl.DataFrame({"a": [amount]}, schema={"a": pl.Float64})
    assert frame.select(usd("a")).item() == text


@pytest.mark.parametrize(
    ("kg", "text"), [(None, "an unknown mass"), (36.0, "36 kg"), (38_100.0, "38.1 t"), (3.393e9, "3.4 million t")]
)
def test_masses_are_told_in_kilograms_and_tonnes(kg, text):
    frame = pl.DataFrame({"kg": [kg]}, schema={"kg": pl.Float64})
    assert frame.select(mass(pl.col("kg"))).item() == text
