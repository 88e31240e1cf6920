"""The channels: independent ways in which a flow can be implausible.

A channel is a pure function of the flows of one family and their context; its docstring is the sentence that
users read. `CHANNELS` says of each whether it may lead an alert, which quantity its gap is stated in, which
ordinary causes decide it, and why it may be silent about a flow.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from models.flows.balance import balance
from models.flows.ban import ban_break
from models.flows.context import Context
from models.flows.hurdle import one_sided
from models.flows.jump import PARTS, jump
from models.flows.mirror import mirror_gap
from models.flows.parts import NORMAL_80
from models.flows.unit_value import unit_value

Answer = Callable[[pl.DataFrame, Context], pl.DataFrame]


@dataclass(frozen=True)
class Channel:
    """One way in which a flow can be implausible."""

    name: str
    test: Answer
    leads: Literal["always", "disputed", "never"]
    """When it may raise an alert by itself: always, where two declarations newly disagree, or never (a feature)."""
    gap: tuple[str, ...]
    """Quantities in which the unmatched amount is stated."""
    decisive: tuple[str, ...]
    """Ordinary causes that must have been tested before an alert of this channel may rise to level 2."""
    needs: str
    """What the channel needs, told where it could not test a flow."""

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
            # Growth that both declare, or that is reconciled already, is growth, and implausible to nobody.
            "jump",
            jump,
            "disputed",
            ("value_usd", "mass_kg"),
            ("time_lag", "coding", "price_move", "late_data", "reporter_break", "transit"),
            "needs three earlier clean years of this pair",
        ),
        Channel(
            "ban_break",
            ban_break,
            "always",
            ("value_usd", "mass_kg"),
            ("time_lag", "transit", "coding", "missing_reporter"),
            "needs a published export ban and the importer's declaration",
        ),
    )
}


@dataclass(frozen=True)
class Judged:
    """What the channels say about one family."""

    statistics: pl.DataFrame
    expectations: pl.DataFrame


def judge(flows: pl.DataFrame, context: Context) -> Judged:
    """Run every channel over the scorable flows of one family.

    Scorable: annual, between two different countries; residual areas, groups and free zones have no mirror.
    """
    countries = flows.filter(
        pl.col("period") < 10_000, pl.col("exporter_kind") == "country", pl.col("importer_kind") == "country"
    )
    # Sorted, so that no sum or fit depends on the order in which rows came.
    countries = countries.sort("flow_id")
    answers = [channel.test(countries, context) for channel in CHANNELS.values()]
    keyed = pl.concat(answers).with_columns(
        pl.lit(context.family).alias("family"), pl.lit(context.as_of).alias("as_of")
    )
    return Judged(keyed, _expectations(keyed))


def _expectations(statistics: pl.DataFrame) -> pl.DataFrame:
    """What the pair's own past let expect of each flow: the first rung of the ladder (table `expectations`)."""
    jumped = statistics.filter(pl.col("channel") == "jump")
    number = {name: pl.col("parts").list.get(place).struct.field("value") for place, name in enumerate(PARTS)}
    middle, spread = number["usual_log_amount"] + number["common_log_change"], number["spread"]
    return jumped.select(
        "flow_id",
        "as_of",
        model=pl.lit("own_history"),
        quantity=pl.when(number["is_by_mass"] == 1).then(pl.lit("mass_kg")).otherwise(pl.lit("value_usd")),
        median=middle.exp(),
        low=(middle - NORMAL_80 * spread).exp(),
        high=(middle + NORMAL_80 * spread).exp(),
        log_sd=spread,
        p_zero=pl.lit(None, dtype=pl.Float64),
    )
