"""UN Comtrade by its API: what is published, asked for once, in answers that are never cut off, into the archive.

The key comes from `ORETRACE_COMTRADE_KEY`; without one the public preview serves, with 500 rows a call. A run
that stops for the day, or is killed, goes on where it stopped: each answer is archived when it comes, and the
next plan leaves it out.

Licence: UN Comtrade, for internal use; data may be analysed, not re-disseminated.
Citation: United Nations Statistics Division, UN Comtrade Database.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.progress import Progress, TaskID

from graphs.errors import FetchError
from pipelines.archive import Archive, Entry
from pipelines.fetching import Patience
from pipelines.sources.comtrade_access import Access, Body, Line
from pipelines.sources.comtrade_plan import MAX_PERIODS, divide, fit, is_cut, pieces, plan
from pipelines.sources.comtrade_portions import SOURCE, covered, note
from pipelines.sources.comtrade_query import Available, Call, Pair, Request, joined, numbers

LICENCE = "UN Comtrade: internal use and analysis; no re-dissemination of the data"
CITATION = "United Nations Statistics Division, UN Comtrade Database"
SURE = 0.95  # an estimate below this part of the row limit needs no count first
COUNTABLE = ("get", "getTariffline")

Kept = tuple[Entry, Body]


@dataclass(frozen=True)
class Preview:
    """A first look: at most 500 rows."""

    entry: Entry
    is_cut: bool


class Comtrade:
    """Client of the API. Use as a context manager; `notes` collects sentences that the user should see."""

    def __init__(
        self,
        archive: Archive,
        access: Access,
        ledgers: Path,
        *,
        patience: Patience | None = None,
        progress: Progress | None = None,
    ) -> None:
        self.archive = archive
        self.access = access
        self.line = Line(access, ledgers, patience, progress)
        self.notes: list[str] = []
        self._progress = progress
        self._task: TaskID | None = None

    def __enter__(self) -> "Comtrade":
        return self

    def __exit__(self, *_: object) -> None:
        self.line.close()

    def fetch(self, request: Request) -> Iterator[Entry]:
        """Ask for what is published and not archived in that version; yields each answer once it is archived.

        Raises QuotaExhausted when the day's calls are spent: what came is kept, and the next run asks for the
        rest. The rows of all runs together are given by `comtrade_portions.portions`.
        """
        available = self.availability(request)
        if not available:
            self.notes.append("UN Comtrade has published nothing for these reporters and periods")
        known = covered(self.archive.entries(SOURCE), request.call(request.periods).scope)
        calls = plan(request, available, known, self.access.prefix(request.service))
        sizes = {one.pair: one for one in available}
        found: set[str] = set()
        self._begin(len(calls))
        for call in calls:
            for entry, body in self._collect(call, sizes):
                found.update(str(row.get("cmdCode")) for row in body.rows)
                yield entry
        absent = sorted({code for call in calls for code in call.commodities} - found)
        if absent:
            self.notes.append(f"no rows came for {', '.join(absent)}: check the code, or nobody traded it")

    def availability(self, request: Request) -> list[Available]:
        """Reporter-periods that are published, with size and day. Lists younger than `list_age_s` are reused."""
        rows, left = self._young_lists(request)
        service, codes = _lists(request), joined(_reporter_parameter(request))
        for periods in period_batches(left):
            parameters = _reporter_parameter(request) | {"period": ",".join(map(str, periods))}
            path = f"C/{request.frequency}/{request.classification}?{joined(parameters)}"
            rows += self.listed(service, path, {"base": _base(request, codes), "periods": list(periods)})
        found: dict[Pair, Available] = {}
        for one in map(_available, rows):
            if old := found.get(one.pair):
                one = Available(*one.pair, one.rows + old.rows, max(one.released, old.released))
            found[one.pair] = one
        return [one for _, one in sorted(found.items())]

    @property
    def calls_left(self) -> int | None:
        """Calls left today over all keys; None without a key."""
        return self.line.calls_left

    def count(self, call: Call) -> int:
        """Rows that a call would bring, were there no limit."""
        return self._count(call).count

    def preview(self, request: Request) -> Preview:
        """The first 500 rows, without a key and outside the allowance; `is_cut` says whether there are more."""
        access = Access(base_url=self.access.base_url)
        call = request.call(request.periods, request.commodities, _reporters(request), request.flows)
        limit = self.access.preview_limit
        body = self.line.body(
            call.url(access.prefix(call.service), maxRecords=limit), f"UN Comtrade preview {call.path}"
        )
        cut = is_cut(len(body.rows), limit, None)
        details = {**note(call, len(body.rows), {}), "kind": "preview", "is_cut": cut}
        return Preview(self._keep(f"preview {call.query}", body, details), cut)

    def bilateral(self, request: Request) -> Iterator[Entry]:
        """Both declarations of a pair in one row (`mirror...` fields hold the partner's)."""
        return self._tool(request, "getBilateralData")

    def unit_values(self, request: Request, quantity_unit: int | None = None) -> Iterator[Entry]:
        """Standard unit values by commodity, flow and period; `quantity_unit` 8 means per kilogram."""
        return self._tool(request, "getSUV", quantity_unit)

    def listed(self, service: str, path: str, details: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Rows of a list of what is published, which changes daily."""
        body = self.line.body(f"{self.access.prefix(service)}/{path}", f"UN Comtrade {service}")
        # The day of the check is part of the record, so that an unchanged list is young again.
        stamp = {"kind": "list", "checked": datetime.now(UTC).isoformat()}
        self._keep(f"{service}/{path}", body, stamp | dict(details or {}))
        return body.rows

    def _young_lists(self, request: Request) -> tuple[list[dict[str, Any]], list[int]]:
        """Rows of archived lists that are young enough, and the periods that none of them covers."""
        bases = (_base(request, joined(_reporter_parameter(request))), _base(request, ""))
        oldest = datetime.now(UTC) - timedelta(seconds=self.access.list_age_s)
        rows: list[dict[str, Any]] = []
        left = set(request.periods)
        for entry in sorted(self.archive.entries(SOURCE), key=lambda one: one.retrieved, reverse=True):
            known = left & set(entry.details.get("periods", ()))
            if entry.details.get("base") in bases and entry.retrieved > oldest and known:
                listed = json.loads(self.archive.read(entry))["data"]
                rows += [row for row in listed if int(row["period"]) in known]
                left -= known
        return rows, sorted(left)

    def _collect(self, call: Call, sizes: Mapping[Pair, Available], expected: float | None = None) -> Iterator[Kept]:
        """Answers that together hold all rows of a call; it is counted first, and divided where it would be cut."""
        limit, counted = self.access.row_limit, None
        if self._needs_count(call, sizes, expected):
            counted = self._count(call)
            if counted.count == 0:
                yield self._accept(call, counted, sizes)
                return
            if counted.count >= limit:
                yield from self._divided(call, sizes, pieces(counted.count, limit), counted.count)
                return
        body = self._rows(call)
        if is_cut(len(body.rows), limit, max(body.count, counted.count if counted else 0)):
            yield from self._divided(call, sizes, 2, math.inf)
            return
        yield self._accept(call, body, sizes)

    def _divided(self, call: Call, sizes: Mapping[Pair, Available], parts: int, count: float) -> Iterator[Kept]:
        def weight(reporter: int, period: int) -> float:
            one = sizes.get((reporter, period))
            return 1.0 + (one.rows if one else 0)

        calls = divide(call, parts, weight)
        self._more(len(calls))
        whole = _weight(call, weight)
        for part in calls:
            is_known = part.flows == call.flows or count == math.inf
            expected = count * _weight(part, weight) / whole if is_known else None
            yield from self._collect(part, sizes, expected)
        self._advance()

    def _needs_count(self, call: Call, sizes: Mapping[Pair, Available], expected: float | None) -> bool:
        """False where the size is known well enough: a count costs as much of the allowance as an answer."""
        if call.service not in COUNTABLE:
            return False
        if expected is not None:
            return expected >= SURE * self.access.row_limit
        return not 0 < sum(one.rows for pair, one in sizes.items() if call.has(pair)) < self.access.row_limit

    def _count(self, call: Call) -> Body:
        url = call.url(self.access.prefix(call.service), countOnly="true")
        return self.line.body(url, f"UN Comtrade count {call.path}")

    def _rows(self, call: Call) -> Body:
        url = call.url(self.access.prefix(call.service), maxRecords=self.access.row_limit)
        body = self.line.body(url, f"UN Comtrade {call.path}")
        _check_rows(call, body)
        return body

    def _accept(self, call: Call, body: Body, sizes: Mapping[Pair, Available]) -> Kept:
        stamps = {pair: one.released for pair, one in sizes.items() if call.has(pair)}
        _check_empty(call, body, [one for pair, one in sizes.items() if pair in stamps])
        days = [day for stamp in stamps.values() if (day := day_of(stamp))]
        entry = self._keep(call.query, body, note(call, len(body.rows), stamps), max(days, default=None))
        self._advance()
        return entry, body

    def _tool(self, request: Request, service: Any, quantity_unit: int | None = None) -> Iterator[Entry]:
        reporters = () if service == "getSUV" else _reporters(request)
        whole = Call(
            periods=request.periods,
            commodities=request.commodities,
            reporters=reporters,
            flows=request.flows,
            partners=request.call(request.periods).partners,
            frequency=request.frequency,
            classification=request.classification,
            quantity_unit=quantity_unit,
            service=service,
        )
        calls = fit(whole, self.access.prefix(service))
        self._begin(len(calls))
        for call in calls:
            for entry, _ in self._collect(call, {}):
                yield entry

    def _keep(self, query: str, body: Body, details: Mapping[str, Any], published: date | None = None) -> Entry:
        return self.archive.put(
            body.raw,
            source=SOURCE,
            query=query,
            licence=LICENCE,
            citation=CITATION,
            url_note=self.access.base_url,
            published=published,
            content_sha256=body.content_sha256,
            details=details,
        )

    def _begin(self, calls: int) -> None:
        if self._progress:
            self._task = self._progress.add_task("UN Comtrade", total=calls, unit="answers")

    def _more(self, calls: int) -> None:
        if self._progress and self._task is not None:
            total = self._progress.tasks[self._progress.task_ids.index(self._task)].total or 0
            self._progress.update(self._task, total=total + calls)

    def _advance(self) -> None:
        if self._progress and self._task is not None:
            self._progress.advance(self._task)


def _available(row: Mapping[str, Any]) -> Available:
    """One row of the availability list. Raises FetchError if it lacks what a plan rests on."""
    try:
        stamp = row.get("lastReleased") or row.get("publicationDate") or ""
        return Available(int(row["reporterCode"]), int(row["period"]), int(row.get("totalRecords") or 0), str(stamp))
    except (KeyError, TypeError, ValueError):
        raise FetchError("the availability list of UN Comtrade changed its form: nothing was fetched") from None


def _check_rows(call: Call, body: Body) -> None:
    """Raise FetchError where rows are about something else than was asked: a parameter was not understood."""
    periods, reporters = set(map(str, call.periods)), set(map(str, call.reporters))
    for row in body.rows:
        period, reporter = str(row.get("period", "")), str(row.get("reporterCode", ""))
        if (period and period not in periods) or (reporters and reporter and reporter not in reporters):
            raise FetchError(
                f"UN Comtrade was asked for {call.path} and answered about reporter {reporter}, period {period}: "
                "it did not understand the request, and nothing was kept"
            )


def _check_empty(call: Call, body: Body, available: Iterable[Available]) -> None:
    """Raise FetchError for silence about everything, where the availability list has rows."""
    asks_all = not call.flows and not call.partners and (not call.commodities or "TOTAL" in call.commodities)
    listed = sum(one.rows for one in available)
    if asks_all and listed and not body.rows:
        raise FetchError(
            f"UN Comtrade lists {listed:,} rows for {call.path} and answers with none: "
            "it did not understand the request, and nothing was kept"
        )


def _reporters(request: Request) -> tuple[int, ...]:
    return tuple(number for code in request.reporters for number in numbers(code))


def _reporter_parameter(request: Request) -> dict[str, str]:
    return {"reportercode": ",".join(map(str, _reporters(request)))} if request.reporters else {}


def _lists(request: Request) -> str:
    return "getDaTariffline" if request.is_tariff_line else "getDa"


def _base(request: Request, reporters: str) -> str:
    """What lists of published data must share to stand for each other, periods aside."""
    return f"{_lists(request)}/C/{request.frequency}/{request.classification}?{reporters}"


def _weight(call: Call, weight: Callable[[int, int], float]) -> float:
    """Relative size of a call; commodities count alike."""
    pairs = sum(weight(reporter, period) for reporter in call.reporters or (0,) for period in call.periods)
    return pairs * max(1, len(call.commodities))


def day_of(stamp: str) -> date | None:
    """Day of a time stamp; None where it states none."""
    try:
        return date.fromisoformat(stamp[:10])
    except ValueError:
        return None


def period_batches(periods: Sequence[int]) -> Iterator[Sequence[int]]:
    """Periods in order, as many at a time as one call may name."""
    ordered = sorted(set(periods))
    return (ordered[at : at + MAX_PERIODS] for at in range(0, len(ordered), MAX_PERIODS))
