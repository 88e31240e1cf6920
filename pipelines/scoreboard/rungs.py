"""The ladder of expectations on held-out years: its tables, and what the graph neural network adds to it in words."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from models.scoreboard.names import ALL, AUTOENCODER, BASE, PRECISION, WORLDS
from pipelines.scoreboard.results import Results
from pipelines.scoreboard.tables import Table, number
from pipelines.views import wording
from pipelines.views.ladder import DECIDES, RUNGS

OTHERS: Mapping[str, str] = {"pinball": "pinball loss", "log_loss_zero": "log loss of zero", "ndcg_10": "NDCG@10"}
"""Measures that are told and do not decide."""
GNN = "gnn"
Measures = Mapping[str, Mapping[str, Any]]


def ladder(found: Results) -> Table:
    """Rungs by the measure that decides."""
    meaning = (
        "CRPS of log(1 + USD) on the last complete years, smaller is better, zeros included; brackets are 95 % "
        "intervals over exporters. `gain` is how much better a rung is than the best below it: a rung is used only "
        "where the interval of its gain lies above zero."
    )
    rows = []
    for family, code, rung, measures in _rungs(found):
        one = measures.get(DECIDES, {})
        if "value" not in one:
            rows.append((family, code, rung, str(one.get("missing", wording.NOTHING)), "", ""))
            continue
        gain = _range(one, "gain", "gain_low", "gain_high") if "gain" in one else wording.NOTHING
        rows.append((family, code, rung, _range(one), gain, "used" if one.get("is_used") else ""))
    return Table("The ladder of expectations", meaning, ("family", "code", "rung", "CRPS", "gain", ""), rows)


def others(found: Results) -> Table:
    """The same rungs by the measures that do not decide."""
    meaning = (
        "On the same years, with 95 % intervals over exporters. Pinball loss: of the quantiles of log USD where there "
        "was trade, smaller is better. Log loss of zero: of the chance that nothing is traded, smaller is better. "
        "NDCG@10: how well the ten largest importers of each exporter are placed, larger is better."
    )
    rows = [
        (family, code, rung, *(_range(measures.get(name, {})) for name in OTHERS))
        for family, code, rung, measures in _rungs(found)
    ]
    return Table("The ladder by other measures", meaning, ("family", "code", "rung", *OTHERS.values()), rows)


def network(found: Results) -> str:
    """What the graph neural network's rung adds over the best rung below it, from the figures alone."""
    gains = {code: measures for code, measures in _networks(found).items() if "gain_low" in measures.get(DECIDES, {})}
    if not gains:
        said = {str(one[DECIDES].get("missing", "")) for one in _networks(found).values() if DECIDES in one} - {""}
        why = f" ({'; '.join(sorted(said))})" if said else ""
        return f"Nothing can be said here: the rung was not compared{why}."
    return " ".join((*_told(gains), *_autoencoder(found)))


def _told(gains: Mapping[str, Measures]) -> Iterator[str]:
    crps = {code: one[DECIDES] for code, one in gains.items()}
    better, worse = _sides(gains, DECIDES)
    used = [code for code, one in crps.items() if one.get("is_used")]
    share = {code: -100 * one["gain"] / (one["value"] + one["gain"]) for code, one in crps.items()}
    undecided = len(gains) - len(better) - len(worse)
    yield (
        "The network starts from the forecast of the rung below it, boosted trees that know the past, the totals and "
        "the partners of both countries; what it can add is what messages along the graph tell beyond that. On "
        f"held-out years of real trade it was compared with the best rung below on {len(gains)} codes. By CRPS it is "
        f"better, the 95 % interval of its gain lying above zero, on {_listed(better)}; worse, the interval lying "
        f"below zero, on {_listed(worse)}; on {undecided} the interval holds zero."
    )
    yield (
        f"Its CRPS differs by {_percent(min(share.values()))} to {_percent(max(share.values()))} from that of the best "
        f"rung below, with a median of {_percent(median(share.values()))} over the codes."
    )
    more = [(name, *map(len, _sides(gains, measure))) for measure, name in OTHERS.items()]
    told = "; ".join(f"{name}, better on {good or 'none'} and worse on {bad or 'none'}" for name, good, bad in more)
    yield f"By the other measures, judged by their intervals likewise: {told}."
    yield (
        f"It is switched on for {_listed(used)}. Everywhere else it stays off and a simpler rung is used, since it was "
        "not shown to forecast better there."
    )


def _autoencoder(found: Results) -> Iterator[str]:
    """The other network of this page, which judges flows by themselves."""
    mine, rate = found.of(WORLDS, AUTOENCODER, PRECISION), found.of(WORLDS, ALL, BASE)
    if mine and rate:
        yield (
            f"The {AUTOENCODER}, a network that judges flows without having been taught any scheme, orders those of "
            f"training worlds with an average precision of {number(mine, 4)}, where a random order has "
            f"{number(rate, 4)}."
        )


def _sides(gains: Mapping[str, Measures], measure: str) -> tuple[list[str], list[str]]:
    """Codes on which the interval of the gain lies above zero, and below."""
    known = {code: one[measure] for code, one in gains.items() if "gain_low" in one.get(measure, {})}
    better = [code for code, one in known.items() if one["gain_low"] > 0]
    return better, [code for code, one in known.items() if one["gain_high"] < 0]


def _networks(found: Results) -> dict[str, Measures]:
    """Measures of the network by family and code."""
    return {
        f"{family.partition(' (')[0]} {code}": models[GNN]
        for family, commodities in found.ladder.items()
        for code, models in commodities.items()
        if GNN in models
    }


def _rungs(found: Results) -> Iterator[tuple[str, str, str, Measures]]:
    """Family, code, rung in words and its measures, rungs in the order of the ladder."""
    for family, commodities in found.ladder.items():
        for code, models in commodities.items():
            for rung in RUNGS:
                if rung in models:
                    yield family, code, RUNGS[rung], models[rung]


def _range(one: Mapping[str, Any], value: str = "value", low: str = "low", high: str = "high") -> str:
    if value not in one:
        return wording.NOTHING
    ends = f" ({one[low]:.3f} to {one[high]:.3f})" if low in one and high in one else ""
    return f"{one[value]:.3f}{ends}"


def _percent(change: float) -> str:
    """-0.4 %, 0.0 % or +0.6 %."""
    size = round(change, 1)
    return f"{size:+.1f} %" if size else "0.0 %"


def _listed(codes: Sequence[str]) -> str:
    return f"{len(codes)} ({', '.join(codes)})" if codes else "none"
