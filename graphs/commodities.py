"""Commodities: HS codes, the family a code belongs to, its plain name and what it contains.

A code is a string of digits with leading zeros ("060310"), as declared. Codes outside every listed family
belong to a family of their own heading, `hs` and four digits. Editions of the Harmonized System move goods
between codes; the families are chosen so that they hold the material in every edition from 1992 to 2022.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TypeVar

import polars as pl

from graphs.errors import UnknownCode
from graphs.families import FAMILIES, Family, Range

__all__ = [
    "FAMILIES",
    "HS_EDITIONS",
    "Family",
    "contained_factor",
    "density_of",
    "family_expr",
    "family_of",
    "production_of",
    "title_of",
]

V = TypeVar("V")

HS_EDITIONS: Mapping[str, int] = MappingProxyType(
    {"H0": 1992, "H1": 1996, "H2": 2002, "H3": 2007, "H4": 2012, "H5": 2017, "H6": 2022}
)
# Production tables also report what is made from another row's output or stands inside it.
NOT_MINED = ("Aluminium", "Aluminum", "Oil Sands (part of Petroleum)", "Oil Sands", "Oil Shales")
# Minor metals that share one HS code with others, so that no family can be balanced.
NO_FAMILY = ("Gallium", "Indium", "Rhenium")


@cache
def _titles() -> Mapping[str, str]:
    table = files("graphs").joinpath("hs_titles.csv").read_text(encoding="utf-8")
    return {row["code"]: row["title"] for row in csv.DictReader(table.splitlines())}


@cache
def _prefixes() -> Mapping[str, str]:
    return {code: one.name for one in FAMILIES.values() for code in one.codes}


def _longest(code: str, prefixes: Mapping[str, V]) -> V | None:
    """Value of the longest listed prefix of a code."""
    for size in range(len(code), 1, -1):
        if code[:size] in prefixes:
            return prefixes[code[:size]]
    return None


def family_of(code: str) -> str:
    """Family of an HS code: a listed one, else `hs` and the first four characters."""
    return _longest(code, _prefixes()) or f"hs{code[:4].lower()}"


def family_expr(column: str = "commodity") -> pl.Expr:
    """`family_of` of a column."""
    code, by_size = pl.col(column), dict[int, dict[str, str]]()
    for prefix, name in _prefixes().items():
        by_size.setdefault(len(prefix), {})[prefix] = name
    listed = [
        code.str.head(size).replace_strict(by_size[size], default=None, return_dtype=pl.String)
        for size in sorted(by_size, reverse=True)
    ]
    return pl.coalesce(*listed, pl.concat_str(pl.lit("hs"), code.str.head(4).str.to_lowercase()))


def title_of(code: str) -> str:
    """Short plain name of an HS code; of its heading where the code itself is not listed."""
    exact = _titles().get(code)
    if exact:
        return exact
    heading = _longest(code, _titles())
    return f"{heading} (HS {code})" if heading else f"HS {code}"


def contained_factor(code: str) -> Range | None:
    """Kg of the family's basis in one kg of goods as (low, mid, high); None where no honest range exists."""
    family = FAMILIES.get(family_of(code))
    return _longest(code, family.contained) if family else None


def density_of(code: str) -> Range | None:
    """Kg per m3 as (low, mid, high) of goods counted by volume; None where none is listed."""
    family = FAMILIES.get(family_of(code))
    return _longest(code, family.density) if family else None


@cache
def _produced() -> Mapping[str, tuple[str, float]]:
    return {
        name.casefold(): (one.name, factor)
        for one in FAMILIES.values()
        for name, factor in one.production_names.items()
    }


def production_of(name: str) -> tuple[str, float] | None:
    """Family that a production table's row feeds, and kg of its basis per kg reported.

    None where the row repeats another or shares its code with other metals. Raises UnknownCode.
    """
    plain = name.strip().casefold()
    if plain in _produced():
        return _produced()[plain]
    if plain in {one.casefold() for one in (*NOT_MINED, *NO_FAMILY)}:
        return None
    raise UnknownCode(f"mineral {name!r} is in no production list; add it to a family in graphs/families.py")
