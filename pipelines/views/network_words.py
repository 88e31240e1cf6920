"""What the page of a network says about each node and link. A side that states no value has one of
several reasons, and none of them is zero."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphs.countries import is_user_assigned
from graphs.ego import MORE, Ego
from pipelines.views.wording import CHANNELS, LEVELS, mass, usd

Row = Mapping[str, Any]
UNKNOWN = "no declarations in this source"
SILENT = "did not report"
NONE = "declares none"
WEIGHED = "declares a mass, no value"
NO_COUNTRY = "no country, so it declares nothing"
NOT_JUDGED = "not judged"
NO_ALERT = "no alert: not judged, or nothing stood out"
CAVEAT = (
    "This page shows trade as it was declared or reconciled. It is no finding about any person, company or country: "
    "declarations differ for many ordinary reasons, and a capital or a name on this page is not where goods moved."
)
INVENTED = "Codes from XAA to XZZ belong to no real country: these are training data or names of the user's own."
KINDS = {
    "country": "country or customs territory",
    "residual": "no country: areas not specified",
    "zone": "no country: free zone",
    "group": "no country: group",
    "world": "total, no partner",
    "more": "areas not drawn one by one",
    "unknown": "area without a node in the graph",
}


def caveat(areas: Iterable[str]) -> str:
    """What stands above the picture; countries that no list knows are told to be none."""
    return f"{INVENTED} {CAVEAT}" if any(map(is_user_assigned, areas)) else CAVEAT


def declared(row: Row, side: str, kind: str) -> str:
    """What one side (export or import) of a link declares: an amount, or why there is none."""
    counts = {name: row[f"{side}_{name}"] for name in ("stated", "weighed", "none", "silent", "unknown")}
    silent = SILENT if kind in ("country", "more") else NO_COUNTRY
    reasons = {"weighed": WEIGHED, "none": NONE, "silent": silent, "unknown": UNKNOWN}
    said = [(counts[name], words) for name, words in reasons.items() if counts[name]]
    total = sum(counts.values())
    if counts["stated"] == total:
        return usd(row[f"{side}_value_usd"])
    if not counts["stated"]:
        return said[0][1] if len(said) == 1 else "; ".join(f"{words} ({count} of {total})" for count, words in said)
    rest = "; ".join(f"{count} of {total} flows: {words}" for count, words in said)
    return f"{usd(row[f'{side}_value_usd'])} in {counts['stated']} of {total} flows; {rest}"


def amount(value: float | None) -> str:
    """A value, or that it is not known."""
    return "value not known" if value is None else usd(value)


def weight(value: float | None) -> str:
    """A mass, or that it is not known."""
    return "mass not known" if value is None else mass(value)


def level(row: Row, *, has_levels: bool) -> str:
    """Claim level of a link in words: the highest of its flows."""
    if row["level"] is None:
        return NOT_JUDGED if has_levels else NO_ALERT
    word = LEVELS[row["level"]]
    return word if row["flows"] == 1 else f"{word} (highest of {row['judged']} judged flows)"


def alert(row: Row) -> str:
    """One alert: its level, rank and list, channel and sentence."""
    name = CHANNELS.get(row["channel"], row["channel"])
    place = f"rank {row['rank']:,} of the {row['list']} list"
    return f"{LEVELS[row['claim_level']].capitalize()}, {place}, {name}: {row['sentence']}"


def node_lines(found: Ego, name: str, kind: str, row: Row) -> list[str]:
    """What a node did in a year."""
    whom = _whom(found, row["id"])
    lines = [KINDS.get(kind, kind)]
    lines += [f"{verb}: {usd(row[key])}" for verb, key in zip(whom, AMOUNTS, strict=True) if row[key] is not None]
    if row["id"] == MORE and row["inside_value_usd"] is not None:
        lines.append(f"trade among themselves: {usd(row['inside_value_usd'])}")
    elif row["inside_value_usd"] is not None:
        lines.append(f"declared to and from itself: {usd(row['inside_value_usd'])}")
    return lines


AMOUNTS = ("out_value_usd", "in_value_usd")


def _whom(found: Ego, name: str) -> tuple[str, str]:
    """Verbs for what a node sells and buys."""
    if not found.centre or name in found.centre:
        return "sells in all", "buys in all"
    if len(found.centre) == 1:
        names = dict(found.nodes.select("id", "name").iter_rows())
        return f"sells to {names[found.centre[0]]}", f"buys from {names[found.centre[0]]}"
    return "sells to the two in the middle", "buys from the two in the middle"


def not_drawn(links: int, value: float | None) -> str:
    """The sentence about links that are counted and not drawn; empty where there are none."""
    if not links:
        return ""
    many = "1 smaller link" if links == 1 else f"{links:,} smaller links"
    return f"{many} among the partners, {amount(value)}, not drawn."
