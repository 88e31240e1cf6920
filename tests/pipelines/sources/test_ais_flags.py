import pytest

from graphs.countries import areas
from pipelines.sources.ais_flags import flags


@pytest.mark.parametrize(("digits", "country"), [(204, "PRT"), (351, "PAN"), (525, "IDN"), (627, "GHA"), (636, "LBR")])
def test_digits_belong_to_countries(digits: int, country: str) -> None:
    assert flags()[digits] == country


def test_every_country_is_one_that_the_house_knows() -> None:
    known = {one.code for one in areas().values()} | {"XKX"}
    assert set(flags().values()) <= known
    assert len(flags()) > 250


def test_digits_of_no_country_are_left_out_and_not_guessed() -> None:
    assert 740 not in flags(), "pyais writes UK, which no list of countries has"
    assert not {0, 111, 970, 999} & set(flags())
