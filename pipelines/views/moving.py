"""Ways on a terminal: one line a leg, sums above, and what is a straight line said with each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from pipelines.place_queries import Spot
from pipelines.views import map_words as words
from pipelines.views import wording
from pipelines.views.answer import notes
from pipelines.views.terminal import STRONG, fitted, heading, indented, pairs
from pipelines.way_queries import CREDITS, Ways, sources_of

ORDERS = {"cost": "the cheapest first", "hours": "the fastest first", "km": "the shortest first"}
HEADER = ("", "how", "to", ">km", ">time", ">USD/t", "straight line")
CUT = (2,)
FOOT = (
    "Freight, speed and waiting come from one table of costs; your own rows replace it (docs/shipping.md).",
    "A straight line over land counts 1.6 km for each of its own, at the pace and price of ground without a road.",
    "That a way exists does not say that anything took it; sea lanes are not for navigation.",
)


def ways_view(found: Ways, width: int, tonnes: float | None = None) -> Iterator[RenderableType]:
    """All ways, each with its legs."""
    yield heading(f"{found.start.said}, to {found.end.said}: {ORDERS[found.asked.by]}")
    for sums in found.sums.to_dicts():
        legs = [one for one in found.steps.to_dicts() if one["route"] == sums["route"]]
        yield Text()
        through = dict.fromkeys(found.names.get(one, one) for leg in legs for one in leg["passages"] or ())
        more = f" · through {', '.join(through)}" if through else ""
        yield Text.assemble((f"Way {sums['route']}", STRONG), f"  {_sums(sums, tonnes)}{more}")
        yield indented(_legs(legs, found.names, width - 2))
    yield Text()
    named = [CREDITS[one] for one in sources_of(found.steps) if one in CREDITS]
    credits = [f"After {'; '.join(named)}."] if named else []
    yield from notes([*found.notes, *_others(found.start), *_others(found.end), *FOOT, *credits])


def _sums(one: Mapping[str, Any], tonnes: float | None) -> str:
    told = [words.length(one["length_km"]), words.duration(one["hours"]), words.cost(one["cost_usd_per_t"])]
    if tonnes is not None:
        told.append(f"{wording.usd(one['cost_usd_per_t'] * tonnes)} for {tonnes:,.0f} t")
    off = one["off_network_km"]
    share = f" ({wording.share(one['off_share'])})" if one["off_share"] else ""
    told.append(f"{words.length(off)}{share} straight line" if off > 0 else "all along known networks")
    return " · ".join(told)


def _legs(legs: Sequence[Mapping[str, Any]], names: Mapping[str, str], width: int) -> RenderableType:
    """A table of the legs; blocks where the terminal is too narrow for one."""
    rows = [_row(at, one, names) for at, one in enumerate(legs, 1)]
    for shown in range(len(HEADER), 3, -1):
        table = fitted(HEADER[:shown], [row[:shown] for row in rows], [at for at in CUT if at < shown], width)
        if table is not None:
            return table
    return pairs((f"{row[0]} {row[1]}", f"{row[2]}, {row[4]}" + (f", {row[3]} km" if row[3] else "")) for row in rows)


def _row(at: int, leg: Mapping[str, Any], names: Mapping[str, str]) -> list[Text]:
    mode, to = str(leg["mode"]), names.get(leg["to_place"], leg["to_place"])
    is_handling = mode == "transfer"
    how = "change of mode" if is_handling else words.MODES.get(mode, mode)
    return [
        Text(str(at)), Text(how), Text(f"at {to}" if is_handling else str(to)),
        Text("" if is_handling else f"{leg['length_km']:,.0f}"), Text(words.duration(leg["hours"])),
        Text(f"{leg['cost_usd_per_t']:,.2f}"), _straight(leg),
    ]  # fmt: skip


def _straight(leg: Mapping[str, Any]) -> Text:
    """The part of a leg that nobody mapped, marked where it is all of it."""
    if leg["is_estimated"]:
        return Text("! all of it" if leg["mode"] != "air" else "! no list has it", style=STRONG)
    off = leg["off_network_km"]
    if off <= 0:
        return Text()
    return Text(f"! {off:,.0f} km" if off >= 1 else "! < 1 km", style=STRONG if off > leg["length_km"] / 2 else "")


def _others(spot: Spot) -> list[str]:
    """What else the name could have meant."""
    if not spot.others:
        return []
    shown = "; ".join(spot.others[:3]) + ("; ..." if len(spot.others) > 3 else "")
    return [f"{spot.name} was read as {spot.place_id}. Also of this name: {shown}."]
