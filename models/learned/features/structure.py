"""A flow's place in the network of trade: passing through, going back, standing out among partners.

All sums are of reconciled values in USD of the same family, source and year; pasts are of earlier years.
"""

import numpy as np

from models.learned.features.cells import WINDOW, Cells, Vector, log, mean, middle, share
from models.learned.features.offices import earlier

_COUNTRY = {
    "pass_through": "How much of the {0}'s trade passes through: the smaller of its purchases and sales over the "
    "larger.",
    "sales_over_purchases": "The {0}'s sales over its purchases, all codes of the family (logarithm).",
    "purchases_growth": "The {0}'s purchases against its mean of the five years before (logarithm).",
    "sales_growth": "The {0}'s sales against its mean of the five years before (logarithm).",
    "net_growth": "How much more the {0}'s sales grew than its purchases, as a share of its sales.",
}
MEANINGS = {
    **{f"{end}_{name}": text.format(end) for end in ("exporter", "importer") for name, text in _COUNTRY.items()},
    "exporter_buys_this_code": "The exporter's purchases of this very code over its sales of it (log of 1 + ratio).",
    "goes_back": "Trade of this code in the opposite direction over this flow (log of 1 + ratio).",
    "goes_back_family": "Trade of the family in the opposite direction over this flow (log of 1 + ratio).",
    "back_growth": "Trade of this code in the opposite direction against its usual value (logarithm).",
    "both_ways_growth": "The smaller of this flow's and the opposite flow's growth against their usual values.",
    "back_unit_value": "Price per kg of this flow over that of the opposite one (logarithm).",
    "share_of_exports": "This flow's share of what the exporter sells of this code.",
    "share_of_imports": "This flow's share of what the importer buys of this code.",
    "share_of_exports_change": "Its share of the exporter's sales against its mean share of the last five years.",
    "share_of_imports_change": "Its share of the importer's purchases against its mean share of the last five years.",
    "rank_of_importer": "How many of the exporter's importers take more (logarithm of 1 + number).",
    "rank_of_exporter": "How many of the importer's exporters send more (logarithm of 1 + number).",
    "importers_of_exporter": "To how many countries the exporter sells this code (logarithm).",
    "exporters_of_importer": "From how many countries the importer buys this code (logarithm).",
    "concentration_of_exporter": "How concentrated the exporter's sales of this code are: sum of squared shares.",
    "concentration_of_importer": "How concentrated the importer's purchases of this code are: sum of squared shares.",
    "above_margins": "This flow over what both countries' sizes in this code let expect (logarithm).",
    "family_growth": "All trade of the family against its mean of the five years before (logarithm).",
}
FEW_USD = 1000.0
CEILING = 20.0
LIMIT = 5.0


def structure(cells: Cells, unit_value: Vector) -> dict[str, Vector]:
    """Features of the network around each flow. `unit_value`: log price relative to the world."""
    value = np.where(cells.is_own, cells.amount("value"), np.nan)
    out: dict[str, Vector] = {}
    for end in ("exporter", "importer"):
        out |= {f"{end}_{name}": values for name, values in _passing(cells, value, end).items()}
    out |= _back(cells, value, unit_value) | _shares(cells, value)
    total = cells.total(value, "source", "year").reshape(-1, cells.sizes["year"])
    out["family_growth"] = growth(total)[cells.source, cells.year]
    return {name: out[name] for name in MEANINGS}


def usual(totals: Vector) -> Vector:
    """Mean of the WINDOW years before, `[group, year]`, as far as the flows reach; NaN in their first year."""
    years = np.minimum(np.arange(totals.shape[1]), WINDOW)
    return earlier(totals) / np.where(years > 0, years, np.nan)


def growth(totals: Vector) -> Vector:
    """log of each year's total over its usual one, `[group, year]`."""
    return np.log((totals + FEW_USD) / (usual(totals) + FEW_USD))


def _passing(cells: Cells, value: Vector, end: str) -> dict[str, Vector]:
    """What a country buys beside what it sells, for the country at one end of each flow."""
    years = cells.sizes["year"]
    sells = cells.total(value, "source", "exporter", "year").reshape(-1, years)
    buys = cells.total(value, "source", "importer", "year").reshape(-1, years)
    sales_growth, purchases_growth = growth(sells), growth(buys)
    gained = [now - usual(now) for now in (sells, buys)]
    net = np.clip((gained[0] - gained[1]) / (np.maximum(sells, buys) + FEW_USD), -LIMIT, LIMIT)
    place = (cells.group("source", end)[0], cells.year)
    passing = np.minimum(sells, buys) / np.maximum(np.maximum(sells, buys), FEW_USD)
    return {
        "pass_through": passing[place],
        "sales_over_purchases": np.log((sells + FEW_USD) / (buys + FEW_USD))[place],
        "purchases_growth": purchases_growth[place],
        "sales_growth": sales_growth[place],
        "net_growth": net[place],
    }


def _back(cells: Cells, value: Vector, unit_value: Vector) -> dict[str, Vector]:
    """What goes the other way, and what the exporter buys of what it sells."""
    code = ("source", "exporter", "commodity", "year")
    buys = cells.total(value, *code, exporter="importer")[cells.group(*code)[0]]
    swap = {"exporter": "importer", "importer": "exporter"}
    pair = ("source", "exporter", "importer", "year")
    family = cells.total(value, *pair, **swap)[cells.group(*pair)[0]]
    grown = log(value) - middle(cells.past(log(value)))
    back_growth = reverse(cells, grown)
    return {
        "exporter_buys_this_code": _over(buys, cells.over(value, *code)),
        "goes_back": _over(np.nan_to_num(reverse(cells, value)), value),
        "goes_back_family": _over(family, value),
        "back_growth": back_growth,
        "both_ways_growth": np.minimum(grown, back_growth),
        "back_unit_value": unit_value - reverse(cells, unit_value),
    }


def _over(part: Vector, whole: Vector) -> Vector:
    return np.log1p(np.minimum(share(part, whole), CEILING))


def reverse(cells: Cells, values: Vector) -> Vector:
    """Value of the flow in the opposite direction, NaN where there is none."""
    keys = ("source", "exporter", "importer", "commodity", "year")
    mine = cells.group(*keys)[0]
    other = cells.group(*keys, exporter="importer", importer="exporter")[0]
    order = np.argsort(mine, kind="stable")
    place = np.minimum(np.searchsorted(mine[order], other), max(cells.height - 1, 0))
    there = order[place]
    return np.where(mine[there] == other, values[there], np.nan)


def _shares(cells: Cells, value: Vector) -> dict[str, Vector]:
    """Shares, ranks, partners and concentration at both ends."""
    out: dict[str, Vector] = {}
    sums = {}
    for end, name, partner, partners in (
        ("exporter", "exports", "rank_of_importer", "importers_of_exporter"),
        ("importer", "imports", "rank_of_exporter", "exporters_of_importer"),
    ):
        keys = ("source", end, "commodity", "year")
        sums[end] = cells.over(value, *keys)
        part = share(value, sums[end])
        out[f"share_of_{name}"] = part
        out[f"share_of_{name}_change"] = part - mean(cells.past(part))
        out[partner] = np.log1p(above(cells, value, keys))
        out[partners] = np.log(cells.over(np.isfinite(value).astype(np.float64), *keys).clip(1.0))
        out[f"concentration_of_{end}"] = cells.over(np.nan_to_num(part) ** 2, *keys)
    world = cells.over(value, "source", "commodity", "year")
    out["above_margins"] = log(value) + log(world) - log(sums["exporter"]) - log(sums["importer"])
    return out


def above(cells: Cells, value: Vector, keys: tuple[str, ...]) -> Vector:
    """How many flows of the same group are larger; equal ones share their place."""
    group = cells.group(*keys)[0]
    size = np.nan_to_num(value)
    order = np.lexsort((-size, group))
    sorted_group, sorted_size = group[order], size[order]
    new_group = np.concatenate([[True], np.diff(sorted_group) != 0]) if order.size else np.zeros(0, bool)
    new_size = new_group | (np.concatenate([[0.0], np.diff(sorted_size)]) != 0) if order.size else new_group
    at = np.arange(order.size)
    start = np.maximum.accumulate(np.where(new_group, at, 0))
    first = np.maximum.accumulate(np.where(new_size, at, 0))
    out = np.empty(order.size)
    out[order] = (first - start).astype(np.float64)
    return out
