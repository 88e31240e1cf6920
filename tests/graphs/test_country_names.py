import pytest

from graphs.countries import areas
from graphs.country_names import from_alpha_2, named, plain
from graphs.families import read_codes


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Cote D'Ivoire", "CIV"),
        ("CÔTE D-IVOIRE", "CIV"),
        ("United_states".replace("_", " "), "USA"),
        ("Congo (Kinshasa)", "COD"),
        ("Congo (Brazzaville)", "COG"),
        ("Guinea-Bissau", "GNB"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Burma", "MMR"),
        ("Guinea", "GIN"),
        ("Atlantis", None),
        ("", None),
        # Alike is not enough.
        ("Nigerr", None),
    ],
)
def test_a_country_is_known_by_its_name(name: str, code: str | None) -> None:
    assert named(name) == code


def test_every_name_of_the_list_leads_to_a_country() -> None:
    rows = read_codes("country_names.csv")
    assert len({plain(row["name"]) for row in rows}) == len(rows)
    for row in rows:
        assert areas()[row["code"]].kind == "country"
        assert named(row["name"]) == row["code"]


def test_two_letters() -> None:
    assert [from_alpha_2(code) for code in ("GH", "na", "XK", "XA", "")] == ["GHA", "NAM", "XKX", None, None]
