import pytest

from graphs.errors import UnknownCode
from graphs.neighbours import neighbours_of


@pytest.mark.parametrize(
    ("family", "among", "expected"),
    [
        # Silver ores and gold ores share the heading of precious ores.
        ("gold", ["silver", "tin", "gold"], ["silver"]),
        # Nickel ore is easily declared as iron ore, which has a family of its own.
        ("nickel", ["iron", "sand", "nickel"], ["iron"]),
        # 2617 is a neighbour of tin; its heading has no listed family.
        ("tin", ["hs2617", "hs0901"], ["hs2617"]),
        ("hs0901", ["gold", "hs0902"], []),
    ],
)
def test_families_that_share_a_code_prefix(family: str, among: list[str], expected: list[str]) -> None:
    assert neighbours_of(family, among) == expected


def test_an_unknown_family_is_named() -> None:
    with pytest.raises(UnknownCode, match="moonstone"):
        neighbours_of("moonstone", ["gold"])
