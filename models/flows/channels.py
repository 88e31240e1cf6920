"""The channels: independent ways in which a flow can be implausible.

A channel is a pure function of the flows of one family and their context; its docstring is the sentence that
users read. `CHANNELS` says of each whether it may lead an alert, which quantity its gap is stated in, which
ordinary causes decide it, and why it may be silent about a flow.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from graphs.periods import LAST_YEAR
from models.flows.balance import balance
from models.flows.ban import ban_break
from models.flows.carriage import carrying_capacity
from models.flows.context import Context
from models.flows.hurdle import one_sided
from models.flows.jump import jump
from models.flows.matching import UNMATCHED
from models.flows.mirror import mirror_gap
from models.flows.structure import (
    code_switch,
    disparity,
    edge_stream,
    new_route,
    partner_switch,
    pass_through,
    three_path,
    two_cycle,
)
from models.flows.unit_value import unit_value

STRUCTURE_NULL = 50
"""Clean rows that a structure channel needs: its smallest p is then 0.02."""
Answer = Callable[[pl.DataFrame, Context], pl.DataFrame]


@dataclass(frozen=True)
class Channel:
    """One way in which a flow can be implausible."""

    name: str
    test: Answer
    leads: Literal["always", "both", "disputed", "never", "marker"]
    """When it may raise an alert by itself: always, where both sides declare the flow, where two declarations newly
    disagree, or never (a feature). A marker speaks for an ordinary reason, and a flow that nothing else looked at was
    not tested."""
    gap: tuple[str, ...]
    """Quantities in which the unmatched amount is stated."""
    decisive: tuple[str, ...]
    """Ordinary causes that must have been tested before an alert of this channel may rise to level 2."""
    needs: str
    """What the channel needs, told where it could not test a flow."""
    least_null: int = 0
    """Null rows below which it leads nothing: among few clean rows every pattern that is rare is the rarest."""

    @property
    def meaning(self) -> str:
        """The sentence that users read."""
        return (self.test.__doc__ or "").strip().splitlines()[0]


CHANNELS: dict[str, Channel] = {
    channel.name: channel
    for channel in (
        Channel(
            "mirror_gap",
            mirror_gap,
            "always",
            ("value_usd", "mass_kg"),
            ("time_lag", "transit", "coding", "confidentiality", "reporter_break", "habit"),
            "needs both declarations and three earlier clean years of this pair",
        ),
        Channel(
            "one_sided",
            one_sided,
            "always",
            ("value_usd", "mass_kg"),
            ("time_lag", "transit", "coding", "confidentiality", "missing_reporter", "reporter_break", "habit"),
            "needs one declaration, a partner that reported and declares none, three earlier clean years, and 200 "
            "earlier flows to learn how often partners are silent",
        ),
        Channel(
            "unit_value",
            unit_value,
            "never",
            (),
            ("quantity_fault",),
            "needs value and mass, and three earlier clean years of this pair",
        ),
        Channel(
            "balance",
            balance,
            "always",
            ("value_usd", "mass_kg"),
            ("quantity_fault", "stocks", "scrap", "late_data"),
            "needs mine production for the year and a known metal content",
        ),
        Channel(
            # Growth is implausible to nobody; where two declarations disagree about it, the mirror channels say so.
            "jump",
            jump,
            "never",
            ("value_usd", "mass_kg"),
            (),
            "needs three earlier clean years of this pair",
        ),
        Channel(
            # Those of a one-sided flow: a ban is a reason for silence of which each of them must be told apart. Coding,
            # reporter break and habit answer for themselves under a ban; where the source names no unspecified areas,
            # confidentiality cannot be tested, and the alert stays at level 1.
            "ban_break",
            ban_break,
            "always",
            ("value_usd", "mass_kg"),
            ("time_lag", "transit", "coding", "confidentiality", "missing_reporter", "reporter_break", "habit"),
            "needs a published export ban and the importer's declaration",
        ),
        Channel(
            # A new main customer is ordinary business.
            "disparity",
            disparity,
            "never",
            (),
            (),
            "needs three earlier years of this pair",
        ),
        Channel(
            # Growth that both declare is growth, for hubs too.
            "pass_through",
            pass_through,
            "disputed",
            ("value_usd",),
            ("time_lag", "transit", "price_move", "stocks", "reporter_break"),
            "needs an exporter that sells what it buys and mines too little, and three earlier years of both",
            least_null=STRUCTURE_NULL,
        ),
        Channel(
            # A direction that one side books alone may be a slip of the pen, and reconciled trade is nobody's word.
            "two_cycle",
            two_cycle,
            "both",
            ("value_usd",),
            ("time_lag", "price_move", "stocks", "late_data"),
            "needs trade both ways this year, and three earlier years of trade between the two",
            least_null=STRUCTURE_NULL,
        ),
        Channel(
            "code_switch",
            code_switch,
            "always",
            ("value_usd", "mass_kg"),
            ("time_lag", "transit", "coding", "reporter_break", "habit"),
            "needs gaps of opposite signs under two codes of one pair, and three earlier years of the pair",
            least_null=STRUCTURE_NULL,
        ),
        Channel(
            # What stands with another partner speaks for transit, an ordinary reason.
            "partner_switch",
            partner_switch,
            "marker",
            (),
            (),
            "needs two countries that reported and declare different amounts",
        ),
        Channel(
            # Trade begins for good reasons: planted schemes stand out no more here than any other flow.
            "new_route",
            new_route,
            "never",
            (),
            (),
            "needs five years without trade before it, and 30 earlier new routes to compare with",
        ),
        Channel(
            "three_path",
            three_path,
            "both",
            ("value_usd",),
            ("time_lag", "transit", "price_move", "stocks", "reporter_break"),
            "needs an exporter that declares more from producers than they declare to it, and three earlier years",
            least_null=STRUCTURE_NULL,
        ),
        Channel(
            "edge_stream",
            edge_stream,
            "disputed",
            ("value_usd",),
            ("time_lag", "coding", "price_move", "late_data", "reporter_break", "transit"),
            "needs monthly declarations of this year and a year of months before it",
            least_null=STRUCTURE_NULL,
        ),
        Channel(
            "carrying_capacity",
            carrying_capacity,
            "always",
            ("value_usd", "mass_kg"),
            ("unseen_ships", "other_ways", "boxes", "transit", "quantity_fault", "wet_mass"),
            "needs a shipload of a bulk good, by month or with a whole year of ships' positions, and receivers that "
            "heard every port of both countries",
        ),
    )
}


@dataclass(frozen=True)
class Judged:
    """What the channels say about one family."""

    statistics: pl.DataFrame


def judge(flows: pl.DataFrame, context: Context) -> Judged:
    """Run every channel over the scorable flows of one family.

    Scorable: annual, between two different countries; residual areas, groups and free zones have no mirror. Monthly
    flows are not judged themselves: channels find them in the context.
    """
    countries = flows.filter(pl.col("exporter_kind") == "country", pl.col("importer_kind") == "country")
    # Sorted, so that no sum or fit depends on the order in which rows came.
    countries = countries.sort("flow_id")
    annual = pl.col("period") <= LAST_YEAR
    context, yearly = replace(context, months=countries.filter(annual.not_())), countries.filter(annual)
    answers = [channel.test(yearly, context) for channel in CHANNELS.values()]
    keyed = pl.concat(answers).with_columns(
        pl.lit(context.family).alias("family"),
        pl.lit(context.as_of).alias("as_of"),
        pl.lit(UNMATCHED, dtype=pl.UInt8).alias("stratum"),
    )
    return Judged(keyed)
