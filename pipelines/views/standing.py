"""Where a flow stands on both lists, what may be claimed about them, and what the learned score rests on."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from pipelines.views import wording
from pipelines.views.terminal import DIM, STRONG, dim, grid, indented

Row = Mapping[str, Any]
SIDES = {"export": "exporter", "import": "importer"}


def place(alert: Row, scored: int) -> Text:
    """rank 3 of 700 on the agnostic list · p 0.004, no error rate claimed (null too small: ...)."""
    cut = "" if alert["is_selected"] else ", below the cut"
    text = Text(f"rank {alert['rank']:,} of {scored:,} on the {alert['list']} list{cut}")
    return text.append(f" · p {wording.probability(alert['p_value'])}, {_rate(alert)}", style=DIM)


def order(alert: Row, tested: Sequence[Row]) -> Iterator[str]:
    """What orders the agnostic list within a level, with the channel and the p from which it comes."""
    own = next((one["p_value"] for one in tested if one["channel"] == alert["channel"]), None)
    if alert["ordinary_share"] is not None and own is not None:
        yield (
            f"Order within its level: ordinary share {wording.probability(alert['ordinary_share'])}, from p "
            f"{wording.probability(own)} on {wording.CHANNELS[alert['channel']]} alone. The smaller the share, the "
            "fewer ordinary flows stand out as far on this channel, so a larger p may stand above a smaller one of "
            "another; no error rate is claimed by it."
        )


def standings(alert: Row, standing: Sequence[Row]) -> Iterator[str]:
    """What the list says of the whole unit and of its first flows; then the place on the other list."""
    mine = next((one for one in standing if one["list"] == alert["list"]), None)
    if mine:
        q = mine["unit_q_value"]
        rate = "" if q is None else f", q {wording.probability(q)}"
        yield (
            f"This exporter and code, over all partners and years scored: p "
            f"{wording.probability(mine['unit_p_value'])}{rate}."
        )
        if mine["ordinary_bound"] is not None:
            yield (
                f"Of the first {mine['rank']:,} on this list at most {mine['ordinary_bound']:,} are ordinary, with a "
                "probability of 90 %."
            )
    for other in wording.LISTS:
        if other != alert["list"]:
            yield _elsewhere(other, next((one for one in standing if one["list"] == other), None))


def _elsewhere(name: str, row: Row | None) -> str:
    if row is None:
        return f"It is not on the {name} list."
    cut = "" if row["is_selected"] else ", below the cut"
    return (
        f"On the {name} list: rank {row['rank']:,} of {row['scored']:,}{cut}, level {row['claim_level']}, "
        f"{wording.LEVELS[row['claim_level']]}, p {wording.probability(row['p_value'])}, {_rate(row)}."
    )


def _rate(row: Row) -> str:
    if row["q_value"] is not None:
        return f"q {wording.probability(row['q_value'])} relative to the null"
    return f"no error rate claimed ({row['why_no_rate']})" if row["why_no_rate"] else "no error rate claimed"


def learned(found: Row | None) -> Iterator[RenderableType]:
    """The score, its p and its additive reasons, or why they are withheld."""
    if found is None:
        return
    null = f"against {found['null_rows']:,} clean rows"
    yield Text.assemble(
        ("learned score", STRONG),
        f"   log-odds {wording.number(found['statistic'])}, p {wording.probability(found['p_value'])}, ",
        (null, DIM),
    )
    yield indented(
        Text("How far what stands around the flow resembles what stands around invented schemes. No probability.")
    )
    if found["withheld"]:
        yield indented(dim(f"Reasons withheld: {found['withheld']}."))
        return
    table = grid(Column("log-odds", justify="right", no_wrap=True), Column("seen", justify="right", no_wrap=True),
                 Column("", overflow="fold"), header=True)  # fmt: skip
    for one in found["reasons"]:
        meaning = one["meaning"] or wording.spelled(one["feature"])
        seen = "not known" if one["observed"] is None else wording.number(one["observed"])
        table.add_row(f"{one['contribution']:+.2f}", seen, meaning)
    yield indented(table)
    yield indented(dim(_sum(found)))


def _sum(found: Row) -> str:
    """How the score adds up, and how far other seeds agree."""
    rest = found["statistic"] - (found["base"] or 0.0) - math.fsum(one["contribution"] for one in found["reasons"])
    return (
        f"The score is {found['base'] or 0.0:+.2f} for any flow, these reasons, and {rest:+.2f} for all others. Ten "
        f"equally good models share {wording.share(found['overlap'])} of their first reasons."
    )


def instead(found: Row, names: Mapping[str, str]) -> str:
    """Which declared amount would have been plausible, the others as they are."""
    amount = wording.usd(found["plausible_usd"])
    low, high = wording.usd(found["low_usd"]), wording.usd(found["high_usd"])
    interval = f" ({low} to {high})" if found["low_usd"] is not None and low != high else ""
    if found["side"] == "reconciled":
        return f"Traded {amount}{interval} instead of {wording.usd(found['declared_usd'])} would have been plausible."
    declared = wording.usd(found["declared_usd"]) if found["declared_usd"] else "nothing"
    who = names[SIDES[found["side"]]]
    return f"{amount}{interval} declared by {who} instead of {declared} would have been plausible."
