"""Numbers and names as a reader expects them: amounts with their unit, shares in per cent, parts spelled out.

The unit of a part stands at the end of its name (`excess_kg`, `usd_per_kg_world`); natural logarithms of ratios
are turned back into ratios. Nothing here judges: it only spells.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from graphs.commodities import title_of
from graphs.countries import name_of

NOTHING = "–"
LEVELS = ("ordinary", "anomaly", "candidate", "reviewed", "corroborated", "established")
"""Claim levels in words, by number."""
CHANNELS = {
    "mirror_gap": "mirror gap",
    "one_sided": "one-sided flow",
    "unit_value": "unit value",
    "balance": "supply balance",
    "jump": "jump over own past",
    "ban_break": "imports during a ban",
    "disparity": "sudden dominance",
    "pass_through": "pass-through of a hub",
    "two_cycle": "round trip",
    "code_switch": "switch of codes",
    "partner_switch": "switch of partners",
    "new_route": "new route",
    "three_path": "producer, hub, market",
    "edge_stream": "month out of line",
    "carrying_capacity": "carrying capacity of ships",
    "learned": "learned score",
}
LISTS = {
    "agnostic": "by what independent channels say, for which no example was needed",
    "learned": "by the score of trees that learned from invented schemes",
}
"""Lists of alerts, and how each of them is made."""
ORDERS = {
    "agnostic": "level, then how few ordinary flows stand out as far on the same channel, which claims no error rate",
    "learned": "score, anomalies and candidates before ordinary flows",
}
"""What orders a list."""
GAPS = {"balance": "beyond the balance", "carrying_capacity": "beyond the ships seen"}
"""What an amount is called where its channel compares no two declarations; it is unmatched elsewhere."""
CAUSES = {"cif_fob": "CIF and FOB", "fob_import": "FOB imports"}
"""Causes whose name in words is more than its parts; the others are spelled by `spelled`."""
VERDICTS = {"possible": "possible", "cannot_test": "cannot test", "excluded": "excluded"}
PARTS = {
    "log_ratio": "imports over exports",
    "usual_log_ratio": "usual imports over exports",
    "usual_log_ratio_mass": "usual imports over exports, by mass",
    "log_relative_price": "price over the world's",
    "usual_log_relative_price": "usual price over the world's",
    "log_amount": "amount",
    "usual_log_amount": "usual amount",
    "common_log_change": "change of the whole commodity that year",
    "spread": "ordinary spread of such flows",
    "history_years": "earlier years compared",
    "partner_habit": "how often the silent side declares what partners do",
    "pair_past": "how often it did for this pair",
    "silent_exporter": "silent side",
    "banned_share_of_year": "part of the year under the ban",
    "excess_kg": "excess, contained",
    "excess_sd_kg": "its standard deviation",
    "excess_by_declared_mass_kg": "excess by declared weights",
    "stock_allowance_kg": "stock allowed for",
    "production_kg": "mine production",
    "is_listed_producer": "listed as producer",
    "is_output_doubled": "output listed twice",
    "implied_mass_kg": "mass that its price implies",
    "unit_blunder_factor": "unit fault that would explain it, as a factor",
    "usd_per_kg": "price",
    "usd_per_kg_world": "world price that year",
    "gap_low_usd": "unmatched, 10th percentile",
    "gap_high_usd": "unmatched, 90th percentile",
    "value_usd": "traded",
    "back_usd": "came back",
    "earlier_round_usd": "went round in the quieter earlier years",
    "usual_round_usd": "usually goes round",
    "balance": "balance of the two directions, 0 to 1",
    "usual_trade_usd": "usual trade both ways",
    "ordinary_silences": "such silences expected that year",
    "hub_imports_usd": "bought by the exporter from all",
    "hub_exports_usd": "sold by the exporter to all",
    "covered_share": "its sales that its purchases cover",
    "usual_covered_share": "usually cover",
    "in_step": "how closely its months' sales follow purchases of up to three months, -1 to 1",
    "usual_hub_imports_usd": "usually bought",
    "off_usd": "imports less exports",
    "opposite_usd": "unmatched the other way",
    "switched_usd": "unmatched both ways, under all codes",
    "switched_share": "share of the pair's trade",
    "usual_switched_share": "usual share",
    "short_usd": "bought beyond what producers declare",
    "short_share": "share of its purchases",
    "usual_short_share": "usual share of its purchases",
    "producers_short": "producers who declare less",
    "largest_leg_imports_usd": "largest such purchase",
    "largest_leg_exports_usd": "what that producer declares of it",
    "log_spread": "ordinary spread of new routes",
    "earlier_routes": "earlier new routes compared",
    "month": "month of the year",
    "scatter_usd": "ordinary scatter of its months",
    "declared_kg": "declared, smaller side, in the months compared",
    "capacity_kg": "what the ships seen could have carried",
    "capacity_low_kg": "the same, 10th percentile",
    "capacity_high_kg": "the same, 90th percentile",
    "direct_kg": "of it on voyages from one to the other",
    "voyages": "such voyages",
    "seen_share": "share of the time in which their ports were heard",
    "ports_seen": "ports of both heard",
    "boxed_calls": "calls of container ships at both ends",
    "is_limited_at_exporter": "fewer ships at the exporter's end",
}
"""Parts whose plain name is more than their own words; the others are spelled by `spelled`."""
SHARES = frozenset({"partner_habit", "pair_past", "banned_share_of_year"})
AMOUNTS = frozenset({"log_amount", "usual_log_amount"})
"""Logarithms of an amount in USD or kg, as the part `is_by_mass` states."""
FACTORS = frozenset({"spread"})
"""Parts that are natural logarithms without saying so."""


def option(list_name: str | None) -> str:
    """What a command needs so that a rank means that list: nothing for the list that is shown without being asked."""
    return f" --list {list_name}" if list_name not in (None, next(iter(LISTS))) else ""


def gap(channel: str) -> str:
    """What the amount is that a channel cannot account for: unmatched, or beyond the balance."""
    return GAPS.get(channel, "unmatched")


def spelled(name: str) -> str:
    """A machine's name in words: underscores become spaces."""
    return name.replace("_", " ")


def place(code: str) -> str:
    """Name with its code: Indonesia (IDN); the code alone where it has no other name."""
    name = name_of(code)
    return code if name == code else f"{name} ({code})"


def goods(commodity: str) -> str:
    """Title with its HS code: Nickel ores and concentrates (260400)."""
    return f"{title_of(commodity)} ({commodity})"


def month(period: int) -> str:
    """2020 or 2020-03."""
    return str(period) if period < 10_000 else f"{period // 100}-{period % 100:02d}"


def usd(value: float | None) -> str:
    """193.4 M USD."""
    return NOTHING if value is None else f"{_scaled(value)} USD"


def mass(value_kg: float | None) -> str:
    """3.393 Mt, 125.0 t or 36.0 kg; below one kilogram in grams."""
    if value_kg is None:
        return NOTHING
    size = abs(value_kg)
    for limit, factor, unit in ((1e9, 1e9, "Mt"), (1e6, 1e6, "kt"), (1e3, 1e3, "t"), (1.0, 1.0, "kg")):
        if size >= limit:
            return f"{_figures(value_kg / factor)} {unit}"
    return "0 kg" if size == 0 else f"{_figures(value_kg * 1e3)} g"


def price(usd_per_kg: float | None) -> str:
    """51.9 USD/t, or 60,000 USD/kg for what is dear."""
    if usd_per_kg is None:
        return NOTHING
    return f"{_figures(usd_per_kg)} USD/kg" if usd_per_kg >= 1 else f"{_figures(1e3 * usd_per_kg)} USD/t"


def share(value: float | None) -> str:
    """37 %; very small shares do not become none."""
    if value is None:
        return NOTHING
    if 0 < value < 0.01:
        return "< 1 %"
    return "> 99 %" if 0.99 < value < 1 else f"{100 * value:.0f} %"


def probability(value: float | None) -> str:
    """Three figures, however small: 0.0042, 1.2e-07."""
    if value is None:
        return NOTHING
    return f"{value:.2g}" if value < 0.1 else f"{value:.2f}"


def number(value: float | None) -> str:
    """Three or four figures."""
    return NOTHING if value is None else _figures(value)


def factor(log_value: float) -> str:
    """A natural logarithm as the ratio it stands for: 7.4 times."""
    if abs(log_value) > 300:  # beyond what a float can hold as a ratio
        return f"e^{log_value:.0f}"
    return f"{_figures(math.exp(log_value))} times"


def day(value: date | None) -> str:
    """2025-06-30."""
    return NOTHING if value is None else value.isoformat()


def spelled_parts(parts: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Name and value of each part in words. An amount whose unit another part states takes it from there."""
    found = {part["name"]: part["value"] for part in parts}
    by_mass = found.pop("is_by_mass", None)
    unit = {0.0: usd, 1.0: mass}.get(by_mass, _scaled)
    return [
        (
            part_name(name),
            unit(math.exp(value)) if name in AMOUNTS and value is not None else part_value(name, value),
        )
        for name, value in found.items()
    ]


def part_name(name: str) -> str:
    """A part's name in words, without its unit."""
    if name in PARTS:
        return PARTS[name]
    for suffix in ("_usd_per_kg", "_kg", "_usd"):
        name = name.removesuffix(suffix)
    return spelled(name.removeprefix("is_").removeprefix("log_").replace("_log_", "_"))


def part_value(name: str, value: float | None) -> str:
    """A part's value with the unit that its name carries."""
    if value is None:
        return "not known"
    if name == "silent_exporter":
        return "the exporter" if value else "the importer"
    if name.startswith(("is_", "has_")):
        return "yes" if value else "no"
    if name in SHARES or "share" in name.split("_"):
        return share(value)
    if "log" in name.split("_") or name in FACTORS:
        return factor(value)
    if "usd_per_kg" in name:
        return price(value)
    if name.endswith("_kg"):
        return mass(value)
    if name.endswith("_usd"):
        return usd(value)
    return f"{value:.0f}" if name.endswith("years") else _figures(value)


def _figures(value: float) -> str:
    """Four figures at most, without a trailing zero fraction; thousands separated."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    if size < 1e-3:
        return f"{value:.1e}"
    digits = max(0, 3 - math.floor(math.log10(size)) - 1)
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(value: float) -> str:
    size = abs(value)
    for limit, word in ((1e9, " bn"), (1e6, " M"), (1e3, " k")):
        if size >= limit * 0.9995:
            scaled = value / limit
            return f"{scaled:,.1f}{word}" if abs(scaled) >= 10 else f"{scaled:.2f}{word}"
    return _figures(value)
