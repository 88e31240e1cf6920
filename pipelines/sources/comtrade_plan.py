"""What to ask the UN Comtrade API, in as few calls as possible, so that no answer is cut off. Pure.

The API cuts an answer at a row limit without saying so. A `Call` that could be cut is divided, with the sizes
in the availability list as weights. Coverage is kept per cell (commodity, flow, reporter, period): a cell that
is archived in the version now published is not asked for again.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from graphs.errors import FetchError
from graphs.tables import FLOW_CODES
from pipelines.sources.comtrade_query import Available, Call, Pair, Request

MAX_PERIODS = 12
MAX_URL = 4_096
URL_RESERVE = 60  # room for maxRecords, countOnly and the like
FILL = 0.8  # how full a divided answer may be by estimate, of the row limit
KNOWN_LIMITS = (500, 100_000, 250_000)
ALL = "ALL"

T = TypeVar("T")


def plan(request: Request, available: Iterable[Available], covered: "Covered", prefix: str) -> list[Call]:
    """Calls for everything that is published and not yet archived in that version.

    Commodities that lack the same flows of the same reporter-periods share their calls. A call spans up to
    12 periods and every reporter that lacks one of them: what it brings twice costs rows, and not a call.
    """
    released = {
        one.pair: one.released for one in available if one.period in request.periods and request.wants(one.reporter)
    }
    wanted: dict[tuple[tuple[str, ...], frozenset[Pair]], list[str]] = defaultdict(list)
    for code in sorted(set(request.commodities)) or [ALL]:
        for flows, pairs in covered.lacking(code, request.flows, released).items():
            wanted[flows, pairs].append(code)
    calls = []
    for (flows, pairs), codes in wanted.items():
        for periods in _batches(sorted({period for _, period in pairs}), MAX_PERIODS):
            reporters = sorted({reporter for reporter, period in pairs if period in periods})
            calls.append(request.call(periods, [code for code in codes if code != ALL], reporters, flows))
    return [small for call in calls for small in fit(call, prefix)]


def fit(call: Call, prefix: str) -> list[Call]:
    """The call, or its parts where it has more than 12 periods or an address that is too long."""
    is_long = len(call.url(prefix)) + URL_RESERVE >= MAX_URL
    has_many = len(call.periods) > MAX_PERIODS
    if not is_long and not has_many:
        return [call]
    name = "periods" if has_many else max(("commodities", "reporters", "partners"), key=lambda one: _length(call, one))
    if len(getattr(call, name)) < 2:
        raise FetchError(f"the address of {call.path} stays too long for UN Comtrade: ask for less at a time")
    return [small for half in _divided(call, name, 2, lambda _: 1.0) for small in fit(half, prefix)]


def divide(call: Call, parts: int, weight: Callable[[int, int], float]) -> list[Call]:
    """At least two calls that together ask for exactly the same. Raises FetchError where one cannot be divided.

    `weight(reporter, period)` is proportional to the rows to be expected.
    """
    if len(call.periods) > 1:
        reporters = call.reporters or (0,)
        return _divided(call, "periods", parts, lambda period: sum(weight(one, period) for one in reporters))
    if len(call.reporters) > 1:
        return _divided(call, "reporters", parts, lambda one: sum(weight(one, period) for period in call.periods))
    if len(call.commodities) > 1:
        return _divided(call, "commodities", parts, lambda _: 1.0)
    if not call.flows and call.service in ("get", "getTariffline"):
        call = replace(call, flows=FLOW_CODES)
    if len(call.flows) > 1:
        return _divided(call, "flows", 2, _flow_weight)
    raise FetchError(
        f"UN Comtrade cuts the answer to {call.query}, and it cannot be divided further: "
        "name single commodities, or take the bulk files"
    )


def is_cut(rows: int, limit: int, count: int | None) -> bool:
    """True if an answer may lack rows: it fills the limit, or that of another tier, or is shorter than its count."""
    return rows >= limit or rows in KNOWN_LIMITS or (count is not None and rows < count)


def pieces(count: int, limit: int) -> int:
    """Into how many calls an answer of `count` rows should be divided."""
    return max(2, math.ceil(count / (FILL * limit)))


class Covered:
    """Which cells are archived, and in which published version."""

    def __init__(self) -> None:
        self._seen: dict[Pair, list[tuple[str, frozenset[str], frozenset[str]]]] = defaultdict(list)

    def add(self, commodities: Iterable[str], flows: Iterable[str], released: Mapping[Pair, str]) -> None:
        """Take note of an archived answer; `released` says which version of each reporter-period it holds."""
        codes, flow_codes = cells(commodities, flows)
        for pair, stamp in released.items():
            self._seen[pair].append((stamp, codes, flow_codes))

    def lacking(
        self, commodity: str, flows: Iterable[str], released: Mapping[Pair, str]
    ) -> dict[tuple[str, ...], frozenset[Pair]]:
        """Reporter-periods whose published version is not archived for a commodity, grouped by the flows that lack."""
        _, wanted = cells((), flows)
        groups: dict[tuple[str, ...], set[Pair]] = defaultdict(set)
        for pair, stamp in released.items():
            lacking = wanted.difference(*self._flows(commodity, pair, stamp))
            if lacking:
                groups[tuple(sorted(lacking))].add(pair)
        return {codes: frozenset(pairs) for codes, pairs in groups.items()}

    def _flows(self, commodity: str, pair: Pair, stamp: str) -> list[frozenset[str]]:
        return [
            flows
            for old, codes, flows in self._seen.get(pair, ())
            if old == stamp and (commodity in codes or ALL in codes)
        ]


def cells(commodities: Iterable[str], flows: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Commodities and flows of a call with "all" spelt out."""
    return frozenset(commodities) or frozenset((ALL,)), frozenset(flows) or frozenset(FLOW_CODES)


def balanced(values: Sequence[T], parts: int, weights: Sequence[float]) -> list[list[T]]:
    """Cut a sequence into runs of about equal weight: at most `parts`, at least two where there are two values."""
    parts = max(1, min(parts, len(values)))
    if sum(weights) <= 0:
        weights = [1.0] * len(values)
    share = sum(weights) / parts
    groups: list[list[T]] = [[]]
    done = 0.0
    for at, (value, weight) in enumerate(zip(values, weights, strict=True)):
        left_groups = parts - len(groups)
        is_full = done + weight / 2 >= share * len(groups)
        if groups[-1] and left_groups and (is_full or len(values) - at <= left_groups):
            groups.append([])
        groups[-1].append(value)
        done += weight
    return groups


def _flow_weight(flow: str) -> float:
    """Nearly all rows are imports and exports."""
    return 10.0 if flow in ("M", "X") else 1.0


def _divided(call: Call, name: str, parts: int, weight: Callable[[Any], float]) -> list[Call]:
    values: tuple[Any, ...] = getattr(call, name)
    groups = balanced(values, parts, [weight(one) for one in values])
    changes: list[dict[str, Any]] = [{name: tuple(group)} for group in groups]
    return [replace(call, **change) for change in changes]


def _length(call: Call, name: str) -> int:
    return len(",".join(map(str, getattr(call, name))))


def _batches(values: list[int], size: int) -> Iterator[list[int]]:
    return (values[at : at + size] for at in range(0, len(values), size))
