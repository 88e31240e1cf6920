"""Why a channel said nothing about a flow: a sentence for every channel that could not be tested."""

from collections.abc import Callable, Mapping
from typing import Any

from graphs.commodities import family_of
from graphs.countries import name_of

Flow = Mapping[str, Any]
MIRRORED = frozenset({"mirror_gap", "one_sided", "ban_break", "code_switch", "partner_switch", "three_path"})
"""Channels that compare what two countries declare."""
NO_DECLARATIONS = "this source holds reconciled trade only; this channel compares the declarations of two countries"
TRADE_KINDS = {
    "residual": "'areas not specified' declare nothing",
    "group": "a group of countries is counted through its members",
    "world": "the world is a total, not a partner",
    "zone": "a zone declares nothing of its own",
}


def why_silent(channel: str, needs: str, flow: Flow) -> str:
    """The reason why `channel` did not test `flow`; `needs` is what the channel says it needs."""
    reason = _never_scored(flow)
    if reason is None and channel in MIRRORED and flow["exporter_reported"] is None:
        reason = NO_DECLARATIONS
    if reason is None and channel in _REASONS:
        reason = _REASONS[channel](flow)
    return reason or needs


def _never_scored(flow: Flow) -> str | None:
    if flow["exporter"] == flow["importer"]:
        return "exporter and importer are the same; such flows are kept and never scored"
    for side in ("exporter", "importer"):
        if (kind := flow[f"{side}_kind"]) != "country":
            return f"{name_of(flow[side])} is no country that could have a mirror: {TRADE_KINDS[kind]}"
    return "only annual flows are scored" if flow["period"] > 9999 else None


def _unheard(flow: Flow) -> str | None:
    """A side that did not report at all that period."""
    for side in ("exporter", "importer"):
        if not flow[f"{side}_reported"]:
            return f"{name_of(flow[side])} reported nothing for {flow['period']}: its side is missing, not zero"
    return None


def _declares(flow: Flow, side: str) -> bool:
    return (flow[f"{side}_value_usd"] or 0.0) > 0


def _mirror_gap(flow: Flow) -> str | None:
    if _declares(flow, "export") and _declares(flow, "import"):
        return None
    return _unheard(flow) or "only one of the two countries declares this flow, so there is nothing to compare"


def _one_sided(flow: Flow) -> str | None:
    if _declares(flow, "export") and _declares(flow, "import"):
        return "both countries declare this flow"
    return _unheard(flow)


def _unit_value(flow: Flow) -> str | None:
    return None if (flow["reconciled_mass_kg"] or 0.0) > 0 else "no mass is known, so there is no price per kilogram"


def _ban_break(flow: Flow) -> str | None:
    if not flow["exporter_reported"]:
        return f"{name_of(flow['exporter'])} reported nothing for {flow['period']}: its side is missing, not zero"
    if not _declares(flow, "import"):
        return "the importer declares nothing"
    return f"no published ban on these exports of {name_of(flow['exporter'])} is known for {flow['period']}"


def _carrying_capacity(flow: Flow) -> str | None:
    from models.flows.carriage import BULK, PARCEL_KG  # here, because only `explain` needs the channels

    if family_of(flow["commodity"]) not in BULK:
        return "these goods do not go by sea as whole shiploads: ships say nothing of them"
    masses = [flow[f"{side}_mass_kg"] for side in ("export", "import") if not flow[f"is_{side}_mass_estimated"]]
    known = [one for one in masses if one is not None]
    if not known:
        return "no mass is declared"
    return "less than a shipload is declared: it may go with other goods" if min(known) < PARCEL_KG else None


_REASONS: Mapping[str, Callable[[Flow], str | None]] = {
    "mirror_gap": _mirror_gap,
    "one_sided": _one_sided,
    "unit_value": _unit_value,
    "ban_break": _ban_break,
    "code_switch": _unheard,
    "partner_switch": _unheard,
    "carrying_capacity": _carrying_capacity,
}
