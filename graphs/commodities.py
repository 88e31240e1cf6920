"""Commodities: HS codes, the family a code belongs to, its plain name and what it contains.

A code is a string of digits with leading zeros ("060310"), as declared. Codes outside every listed family
belong to a family of their own heading, `hs` and four characters. Editions of the Harmonized System move
goods between codes; the families are chosen so that they hold their material in every edition.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import polars as pl

from graphs.errors import UnknownCode
from graphs.families import DENSITIES, FAMILIES, PRODUCED, Family, Produced, Range, longest, read_codes

__all__ = [
    "FAMILIES",
    "HS_EDITIONS",
    "Family",
    "Produced",
    "contained_factor",
    "contained_source",
    "density_of",
    "family_expr",
    "family_named",
    "family_of",
    "production_of",
    "title_of",
]

HS_EDITIONS: Mapping[str, int] = MappingProxyType(
    {"H0": 1992, "H1": 1996, "H2": 2002, "H3": 2007, "H4": 2012, "H5": 2017, "H6": 2022}
)
OWN_HEADING = "hs"


@cache
def _owners() -> Mapping[str, str]:
    return {code: one.name for one in FAMILIES.values() for code in one.codes}


@cache
def _titles() -> Mapping[str, str]:
    return {row["code"]: row["title"] for row in read_codes("titles.csv")}


@cache
def _sources() -> Mapping[str, str]:
    return {row["code"]: row["source"] for row in read_codes("contained.csv")}


@cache
def _produced() -> Mapping[str, Produced | None]:
    return {_plain(name): one for name, one in PRODUCED.items()}


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def family_of(code: str) -> str:
    """Family of an HS code: a listed one, else `hs` and the first four characters."""
    return longest(code, _owners()) or OWN_HEADING + code[:4].lower()


def family_expr(column: str = "commodity") -> pl.Expr:
    """`family_of` of a column."""
    code = pl.col(column)
    sizes = sorted({len(prefix) for prefix in _owners()}, reverse=True)
    listed = [
        code.str.head(size).replace_strict(_of_size(size), default=None, return_dtype=pl.String) for size in sizes
    ]
    return pl.coalesce(*listed, pl.concat_str(pl.lit(OWN_HEADING), code.str.head(4).str.to_lowercase()))


def _of_size(size: int) -> dict[str, str]:
    return {prefix: name for prefix, name in _owners().items() if len(prefix) == size}


def family_named(name: str) -> Family:
    """Family of a name; a heading of its own has its code and no more. Raises UnknownCode."""
    if name in FAMILIES:
        return FAMILIES[name]
    heading = name.removeprefix(OWN_HEADING)
    if not name.startswith(OWN_HEADING) or not heading:
        raise UnknownCode(
            f"code family {name!r} is not listed; use a name such as gold or nickel, or hs2833 for a heading"
        )
    return Family(name, title_of(heading.upper()), "goods", (heading,) if heading.isdigit() else ())


def title_of(code: str) -> str:
    """Short plain name of an HS code; where only a shorter one is listed, that name and the code."""
    titles = _titles()
    listed = titles.get(code) or (titles.get(code[:4]) if code.endswith("00") else None)
    if listed:
        return listed
    nearest = longest(code, titles)
    return f"{nearest} (HS {code})" if nearest else f"HS {code}"


def is_listed(code: str) -> bool:
    """Whether a code, a longer one or a shorter one has a name."""
    return longest(code, _titles()) is not None or any(one.startswith(code) for one in _titles())


def contained_factor(code: str) -> Range | None:
    """Kg of the family's basis in one kg of goods as (low, mid, high); None where no honest range exists."""
    family = FAMILIES.get(family_of(code))
    return longest(code, family.contained) if family else None


def contained_source(code: str) -> str | None:
    """What the contained factor of a code rests on, in words."""
    return longest(code, _sources()) if contained_factor(code) else None


def density_of(code: str) -> Range | None:
    """Kg per m3 as (low, mid, high) of goods counted by volume; None where none is listed."""
    return longest(code, DENSITIES)


def production_of(name: str) -> Produced | None:
    """Family that a production table's row feeds, and how.

    None where the row feeds none: it is made from another row's output, stands inside it, or its goods have no
    code of their own. Raises UnknownCode for a name that no table is known to use.
    """
    try:
        return _produced()[_plain(name)]
    except KeyError:
        raise UnknownCode(f"production row {name!r} is in no list; add it to graphs/codes/production.csv") from None
