"""What would have been plausible instead: the amount beside which the channel's test would have found nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from models.flows.parts import INTERVAL

MIRRORED = frozenset({"mirror_gap", "ban_break", "code_switch", "partner_switch"})
"""Channels whose gap is a part of the larger declaration; any other gap is a part of the reconciled value."""
Side = Literal["export", "import", "reconciled"]


@dataclass(frozen=True)
class Plausible:
    """An amount in USD with its 80 % interval, null where the channel gives none; the other figures stay."""

    side: Side
    """Whose declaration it would be; reconciled: the one value from both."""
    declared_usd: float | None
    plausible_usd: float
    low_usd: float | None
    high_usd: float | None


def plausible(
    flow: Mapping[str, Any], channel: str, gap_usd: float | None, parts: Iterable[Mapping[str, Any]]
) -> Plausible | None:
    """The declared amount less what is unmatched; of a silent side, the unmatched amount. None without a gap.

    The interval is that of the gap, turned round; no amount falls below zero.
    """
    if not gap_usd or gap_usd <= 0:
        return None
    known = {part["name"]: part["value"] for part in parts}
    low, high = (known.get(name) for name in INTERVAL)
    if channel == "one_sided":
        silent: Side = "import" if flow["import_value_usd"] is None or known.get("silent_exporter") == 0 else "export"
        return Plausible(silent, flow[f"{silent}_value_usd"], gap_usd, low, high)
    side = _larger(flow) if channel in MIRRORED else "reconciled"
    declared = flow[f"{side}_value_usd"]
    if declared is None:
        return None
    less = [None if one is None else max(0.0, declared - one) for one in (gap_usd, high, low)]
    return Plausible(side, declared, float(less[0] or 0.0), less[1], less[2])


def _larger(flow: Mapping[str, Any]) -> Side:
    exports, imports = (flow[f"{side}_value_usd"] or 0.0 for side in ("export", "import"))
    return "import" if imports >= exports else "export"
