"""What a cause answers with, and the words it is told in."""

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from models.flows.amounts import mass, usd
from models.flows.ban import HALF_A_YEAR
from models.flows.evidence import GROWTH_CHANNELS, MIRROR_CHANNELS


@dataclass(frozen=True)
class Finding:
    """What one cause could account for, as expressions over the evidence beside each flow."""

    testable: pl.Expr
    covers_usd: pl.Expr | None = None
    """Unmatched value it could account for; None where the cause says nothing about value."""
    covers_kg: pl.Expr | None = None
    text: pl.Expr | None = None
    """Numbers compared, told where the cause is possible."""
    is_possible: pl.Expr | None = None
    """Overrides 'possible when it covers something', for causes that qualify a number without covering a gap."""
    why_not: str = ""
    """Told where the cause could not be tested."""
    needs_silent_side: bool = False
    """Can be tested only where one side of two declarations is silent or short."""
    bears_on: pl.Expr = field(default_factory=lambda: pl.lit(True))
    """Flows whose gap this cause could make at all; the others are excluded, with `not_bearing`."""
    not_bearing: str = ""
    why_excluded: pl.Expr = field(default_factory=lambda: pl.lit(None, dtype=pl.String))
    """Told where the cause bears on the flow and is excluded; where it is null, `too_little` tells why."""


Cause = Callable[[str], Finding]
"""A cause takes the family's name; its docstring is the sentence that users read."""
ZERO = pl.lit(0.0)
ALWAYS = pl.lit(True)
IS_MIRROR = pl.col("channel").is_in(MIRROR_CHANNELS)
IS_JUMP = pl.col("channel").is_in(GROWTH_CHANNELS)
IS_PASSING = pl.col("channel").is_in(("two_cycle", "pass_through", "three_path"))
"""Goods that go on from, or come back to, where they came from."""
IS_BALANCE = pl.col("channel") == "balance"
IS_CARRIAGE = pl.col("channel") == "carrying_capacity"
HAS_SILENT_SIDE = IS_MIRROR | (
    ~IS_BALANCE & ~IS_CARRIAGE & (pl.col("export_value_usd").is_null() != pl.col("import_value_usd").is_null())
)
IS_BANNED = (pl.col("silent") == "exporter") & (pl.col("banned_share_of_year") >= HALF_A_YEAR)
"""The silent side had banned this export for most of the year."""
NOTHING_OPEN = "nothing is unmatched here that it could account for"
"""Told of a flow whose gap is none, or is not stated."""
TOO_LITTLE = "it could account for less than 1 % of the gap"
NO_SILENT_SIDE = "it is tested where one side declares less than the other, and this flow stands out for another reason"


def too_little(share: pl.Expr) -> pl.Expr:
    """Why a cause is excluded that has no reason of its own: by the share of the gap that it could account for."""
    return pl.when(share.is_null()).then(pl.lit(NOTHING_OPEN)).otherwise(pl.lit(TOO_LITTLE))


def none_or(place: str) -> pl.Expr:
    """Mass found in a place: none where no value stands there, unknown where the value's mass is."""
    value, mass = pl.col(f"{place}_value_usd"), pl.col(f"{place}_mass_kg")
    return pl.when(value.fill_null(0.0) == 0).then(0.0).otherwise(mass)


def both(value: str, kg: str) -> pl.Expr:
    """Value and, where it is known, mass in words: a cause covers the smaller of its shares in the two."""
    also = pl.when(pl.col(kg).is_not_null()).then(pl.format(" and {}", mass(pl.col(kg)))).otherwise(pl.lit(""))
    return pl.format("{}{}", usd(value), also)


def found(place: str, sentence: str) -> pl.Expr:
    """Sentence with the opposite amounts found in a place."""
    amounts = both(f"{place}_value_usd", f"{place}_mass_kg")
    told = pl.format("{}: {} stand there unmatched the other way.", pl.lit(sentence), amounts)
    return pl.when(pl.col(f"{place}_value_usd").is_not_null()).then(told)


def in_place(place: str, sentence: str, why_not: str) -> Finding:
    """A cause that looks for the goods as an opposite deviation in another cell."""
    return Finding(
        testable=pl.col(f"{place}_cells") > 0,
        covers_usd=pl.col(f"{place}_value_usd"),
        covers_kg=pl.col(f"{place}_mass_kg"),
        text=found(place, sentence),
        why_excluded=found(place, sentence),
        why_not=why_not,
    )
