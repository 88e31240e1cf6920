"""Causes that lie in how goods travel: ships nobody heard, other ways, and boxes."""

import polars as pl

from models.flows.amounts import mass
from models.flows.ordinary.finding import ALWAYS, IS_CARRIAGE, ZERO, Finding
from models.flows.prices import CLOSE

NOT_BY_SHIP = "it bears on what ships could carry only, and this flow stands out for another reason"
BOXED_KG = 20e6
"""What a container ship could have taken of one good at a call: half of a ship of 40,000 t."""
LOOSE = ("sand", "bauxite", "iron", "coal", "phosphate", "gypsum", "salt")
"""Goods that are too cheap for boxes by the shipload."""


def unseen_ships(family: str) -> Finding:
    """Ships carried it that no receiver heard."""
    # Capacity is what was heard over the share heard: this much of it is of ships that were not.
    unheard = (1 - pl.col("seen_share")) * pl.col("capacity_kg")
    # Two offices that agree have seen the goods leave and arrive: then it is ships that were not seen.
    is_agreed = (pl.col("import_mass_kg") / pl.col("export_mass_kg")).is_between(1 / CLOSE, CLOSE).fill_null(False)
    unheard = pl.when(is_agreed).then(pl.col("gap_mass_kg")).otherwise(unheard)
    by_share = pl.format(
        "Ports were heard {} % of the time; as many ships in the rest of it could have carried {}.",
        (100 * pl.col("seen_share")).round(0).cast(pl.Int64),
        mass(unheard),
    )
    return Finding(
        testable=pl.col("seen_share") > 0,
        bears_on=IS_CARRIAGE,
        not_bearing=NOT_BY_SHIP,
        covers_usd=unheard * pl.col("gap_value_usd") / pl.col("gap_mass_kg"),
        covers_kg=unheard,
        text=pl.when(is_agreed)
        .then(pl.lit("Both countries declare about the same mass: the goods moved, and their ships were not seen."))
        .otherwise(by_share),
        why_excluded=pl.when(~is_agreed).then(by_share),
        why_not="it is not known how much of the time receivers heard the ports",
    )


def other_ways(family: str) -> Finding:
    """The goods went by road, rail, river or air, or through a neighbour's port."""
    known = pl.col("known_mode_share") > 0
    elsewhere = pl.col("other_mode_share") * pl.col("declared_kg")
    return Finding(
        testable=known.fill_null(False) | pl.col("is_limited_by_island").fill_null(False),
        bears_on=IS_CARRIAGE,
        not_bearing=NOT_BY_SHIP,
        covers_usd=pl.when(known).then(elsewhere * pl.col("gap_value_usd") / pl.col("gap_mass_kg")).otherwise(0.0),
        covers_kg=pl.when(known).then(elsewhere).otherwise(0.0),
        text=pl.format(
            "Declared by mode: {} % crossed the border by other ways than the sea, or by none that is named.",
            (100 * pl.col("other_mode_share")).round(0).cast(pl.Int64),
        ),
        why_excluded=pl.when(known)
        .then(pl.lit("the goods are declared to have crossed the border by sea"))
        .otherwise(pl.lit("no road, railway or river leaves the country whose ships are too few")),
        why_not="nobody declares by which mode the goods crossed the border, and ways over land may exist",
    )


def boxes(family: str) -> Finding:
    """The goods went in containers, whose load nobody knows."""
    if family in LOOSE:
        return Finding(
            testable=ALWAYS,
            bears_on=IS_CARRIAGE,
            not_bearing=NOT_BY_SHIP,
            covers_usd=ZERO,
            covers_kg=ZERO,
            why_excluded=pl.lit("goods as cheap as these do not go in boxes by the shipload"),
        )
    boxed = BOXED_KG * pl.col("boxed_calls")
    return Finding(
        testable=pl.col("boxed_calls").is_not_null(),
        bears_on=IS_CARRIAGE,
        not_bearing=NOT_BY_SHIP,
        covers_usd=boxed * pl.col("gap_value_usd") / pl.col("gap_mass_kg"),
        covers_kg=boxed,
        text=pl.format(
            "Container ships called {} times at the two countries' ports and could have taken {}.",
            pl.col("boxed_calls").cast(pl.Int64),
            mass(boxed),
        ),
        why_not="it is not known how many container ships called",
        why_excluded=pl.lit("too few container ships called at the two countries' ports"),
    )
