"""Flags: what is peculiar about a row. A flagged row stays in its table; nothing is dropped for a flag.

Stored as one UInt32 bit field named `flags`; `names` turns it back into words.
"""

from collections.abc import Mapping
from enum import IntFlag

import polars as pl


class Flag(IntFlag):
    """One bit per peculiarity of a declaration or a flow."""

    WORLD = 1 << 0  # partner is the world: a total, not a pair
    GROUP = 1 << 1  # reporter or partner is a group of countries
    RESIDUAL = 1 << 2  # partner is "areas not elsewhere specified" or alike
    PARENT = 1 << 3  # a heading whose finer codes the reporter declares too
    BREAKDOWN = 1 << 4  # by transport mode, customs procedure or second partner, beside its total
    COMPONENT = 1 << 5  # re-export or re-import, already inside the export or import
    SELF = 1 << 6  # exporter and importer are the same
    MASS_ESTIMATED = 1 << 7  # mass was estimated by the statistical office or the UN
    MASS_FROM_VALUE = 1 << 8  # mass or quantity looks computed from the value: one unit value for all partners
    NO_MASS = 1 << 9  # no mass declared
    FOB_IMPORT = 1 << 10  # this importer values imports FOB
    SPECIAL_CODE = 1 << 11  # commodity or partner code 99: confidential or special
    PROVISIONAL = 1 << 12  # the latest year of a source, known to be incomplete
    DUPLICATE_PRODUCTION = 1 << 13  # two source rows for one country and year were added up
    SUMMED_BREAKDOWN = 1 << 15  # no total was declared; its breakdown was added up


def flag(*flags: Flag) -> pl.Expr:
    """Literal bit field of the given flags."""
    value = Flag(0)
    for one in flags:
        value |= one
    return pl.lit(int(value), dtype=pl.UInt32)


def raised(tests: Mapping[Flag, pl.Expr]) -> pl.Expr:
    """Bit field with every flag whose test is true; a test that is null raises nothing."""
    total = flag()
    for one, test in tests.items():
        total = total | pl.when(test).then(flag(one)).otherwise(flag())
    return total


def has_flag(one: Flag, column: str = "flags") -> pl.Expr:
    """True where the bit is set."""
    return (pl.col(column) & flag(one)) != 0


def names(bits: int) -> list[str]:
    """Words for a bit field, in bit order."""
    return [one.name.lower() for one in Flag if bits & one and one.name]
