"""Status and type of a ship: numbers of ITU-R M.1371-5, or the words by which published files name them.

Null stands for what says nothing: "undefined", "unknown", reserved values, type 0, status 15.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from graphs.rows import NO_TEXT

Code = tuple[int | None, bool]


@dataclass(frozen=True)
class Codes:
    """Words by code, the numbers that are none, and the numbers that say nothing."""

    words: Mapping[str, int | None]
    ranges: tuple[tuple[int, int], ...]
    unsent: int


STATUSES = Codes(
    {
        "underwayusingengine": 0,
        "underwayusingengines": 0,
        "atanchor": 1,
        "notundercommand": 2,
        "restrictedmaneuverability": 3,
        "restrictedmanoeuvrability": 3,
        "constrainedbyherdraught": 4,
        "constrainedbyherdraft": 4,
        "moored": 5,
        "aground": 6,
        "engagedinfishing": 7,
        "underwaysailing": 8,
        "powerdrivenvesseltowingastern": 11,
        "powerdrivenvesselpushingaheadortowingalongside": 12,
        "aissart": 14,
        "aissartisactive": 14,
        "unknown": None,
        "unknownvalue": None,
        "undefined": None,
    },
    ((0, 15),),
    15,
)
TYPES = Codes(
    {
        "wig": 20,
        "fishing": 30,
        "towing": 31,
        "towinglongwide": 32,
        "dredging": 33,
        "diving": 34,
        "military": 35,
        "sailing": 36,
        "pleasure": 37,
        "hsc": 40,
        "pilot": 50,
        "sar": 51,
        "tug": 52,
        "porttender": 53,
        "antipollution": 54,
        "lawenforcement": 55,
        "spare1": 56,
        "spare2": 57,
        "medical": 58,
        "notpartytoconflict": 59,
        "passenger": 60,
        "cargo": 70,
        "tanker": 80,
        "other": 90,
        "spare": None,
        "unknown": None,
        "undefined": None,
    },
    # Files of 2018 also hold codes of the coast guard's own list.
    ((0, 255), (1001, 1025)),
    0,
)


def codes(cells: pl.Series, known: Codes) -> tuple[pl.Series, pl.Series]:
    """`<name>_read` with the codes, and `<name>_bad`: true where a cell is none; read once per distinct cell."""
    name, text = cells.name, cells.cast(pl.String)
    distinct = text.unique().drop_nulls().to_list()
    read = [code(one, known) for one in distinct]
    # One entry at least, since a list of none has no type.
    old = pl.Series(["", *distinct], dtype=pl.String)
    values = pl.Series([None, *(value for value, _ in read)], dtype=pl.UInt16)
    bad = pl.Series([False, *(is_bad for _, is_bad in read)], dtype=pl.Boolean)
    if "" in distinct:
        old, values, bad = old[1:], values[1:], bad[1:]
    return (
        text.replace_strict(old, values, default=None, return_dtype=pl.UInt16).alias(f"{name}_read"),
        text.replace_strict(old, bad, default=False, return_dtype=pl.Boolean).alias(f"{name}_bad"),
    )


def code(cell: str, known: Codes) -> Code:
    """Code of one cell, null where it says nothing; and whether it is none."""
    text = cell.strip().lower()
    if text in NO_TEXT:
        return None, False
    number = re.fullmatch(r"([0-9]{1,4})(\.0+)?", text, re.ASCII)
    if number is not None:
        value = int(number[1])
        is_known = any(low <= value <= high for low, high in known.ranges)
        return (value, False) if is_known and value != known.unsent else (None, not is_known)
    word = re.sub(r"[^a-z0-9]", "", text)
    if word.startswith("reserved"):
        return None, False
    return known.words.get(word), word not in known.words
