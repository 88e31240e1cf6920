"""Which code families hold the codes into which goods of another are easily declared."""

from collections.abc import Iterable

from graphs.commodities import family_named


def neighbours_of(family: str, families: Iterable[str]) -> list[str]:
    """Those of `families`, apart from `family` itself, that share a code prefix with its neighbours."""
    wanted = family_named(family).neighbours
    return [
        one
        for one in families
        if one != family and any(_overlap(code, prefix) for code in family_named(one).codes for prefix in wanted)
    ]


def _overlap(code: str, prefix: str) -> bool:
    return code.startswith(prefix) or prefix.startswith(code)
