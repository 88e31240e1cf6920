"""Which archived answers of UN Comtrade hold which rows, and which of them are out of date.

An office revises a year; the revised reporter-year is fetched again, and the earlier answer still holds its
old rows beside others that stand. A `Portion` is an answer together with what a later one replaced in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipelines.archive import Archive, Entry
from pipelines.sources.comtrade_plan import ALL, Covered, cells
from pipelines.sources.comtrade_query import Call, Pair

SOURCE = "comtrade"


@dataclass(frozen=True)
class Replaced:
    """Rows of one reporter-period that a later answer brought anew: these commodities with these flows."""

    reporter: int
    period: int
    commodities: frozenset[str]
    flows: frozenset[str]


@dataclass(frozen=True)
class Portion:
    """An archived answer and what was replaced in it since."""

    entry: Entry
    replaced: tuple[Replaced, ...] = ()

    @property
    def released(self) -> dict[Pair, str]:
        """Day of publication of each reporter-period, as YYYY-MM-DD."""
        return {pair: stamp[:10] for pair, stamp in released(self.entry).items()}

    def apply(self, raw: pl.DataFrame) -> pl.DataFrame:
        """Rows of the parsed answer that still stand, with their day of publication in column `published`.

        `raw` has the columns of `graphs.declarations.RAW_COLUMNS` that `comtrade_files.parse` gives.
        """
        keys = {"reporter_code": pl.Int64, "period": pl.Int64, "flow_code": pl.String, "commodity": pl.String}
        keyed = raw.with_columns(
            pl.col(name).cast(pl.String).cast(kind).alias(f"_{name}") for name, kind in keys.items()
        )
        for names, frame in self._replaced_frames():
            keyed = keyed.join(frame, on=names, how="anti")
        days = [(reporter, period, day) for (reporter, period), day in self.released.items()]
        schema = {"_reporter_code": pl.Int64, "_period": pl.Int64, "published": pl.String}
        keyed = keyed.drop("published", strict=False).join(
            pl.DataFrame(days, schema=schema, orient="row"), on=["_reporter_code", "_period"], how="left"
        )
        return keyed.drop(f"_{name}" for name in keys)

    def _replaced_frames(self) -> list[tuple[list[str], pl.DataFrame]]:
        """Keys of replaced rows: once by commodity, once for answers where every commodity was replaced."""
        names = ["_reporter_code", "_period", "_flow_code", "_commodity"]
        rows = [
            (one.reporter, one.period, flow, code)
            for one in self.replaced
            for flow in one.flows
            for code in one.commodities
        ]
        frame = pl.DataFrame(
            rows, schema=dict(zip(names, (pl.Int64, pl.Int64, pl.String, pl.String), strict=True)), orient="row"
        )
        by_code = frame.filter(pl.col("_commodity") != ALL)
        whole = frame.filter(pl.col("_commodity") == ALL).drop("_commodity")
        return [(names, by_code), (names[:3], whole)]


def note(call: Call, rows: int | None, stamps: Mapping[Pair, str]) -> dict[str, Any]:
    """What the manifest keeps about an answer, beside its query; `rows` is None where nobody counted."""
    return {
        "kind": call.service,
        "scope": call.scope,
        "frequency": call.frequency,
        "commodities": list(call.commodities),
        "flows": list(call.flows),
        "rows": rows,
        "released": {f"{reporter}:{period}": stamp for (reporter, period), stamp in stamps.items()},
    }


def released(entry: Entry) -> dict[Pair, str]:
    """Publication stamp of each reporter-period that an archived answer covers."""
    found: dict[Pair, str] = {}
    for pair, stamp in entry.details.get("released", {}).items():
        reporter, _, period = pair.partition(":")
        found[int(reporter), int(period)] = stamp
    return found


def covered(entries: Iterable[Entry], scope: str) -> Covered:
    """Cells of one scope that are archived."""
    found = Covered()
    for entry in entries:
        if entry.details.get("scope") == scope:
            found.add(entry.details["commodities"], entry.details["flows"], released(entry))
    return found


def portions(archive: Archive, frequency: str | None = None, kinds: tuple[str, ...] = ("get", "bulk")) -> list[Portion]:
    """Archived answers that still hold rows of interest, oldest first; nothing is fetched.

    Tariff lines repeat the rows of `get` in national codes, so they are left out unless `kinds` names them.
    """
    entries = [one for one in archive.entries(SOURCE) if one.details.get("kind") in kinds]
    wanted = [one for one in entries if frequency in (None, one.details["frequency"])]
    newer: dict[tuple[str, Pair], list[tuple[frozenset[str], frozenset[str]]]] = defaultdict(list)
    found = []
    for entry in sorted(wanted, key=lambda one: one.retrieved, reverse=True):
        codes, flows = cells(entry.details["commodities"], entry.details["flows"])
        scope, pairs = entry.details["scope"], released(entry)
        replaced = [one for pair in pairs for one in _overlaps(pair, codes, flows, newer[scope, pair])]
        stands = [pair for pair in pairs if not _is_gone(codes, flows, newer[scope, pair])]
        for pair in pairs:
            newer[scope, pair].append((codes, flows))
        if entry.details["rows"] != 0 and stands:
            found.append(Portion(entry, tuple(replaced)))
    return found[::-1]


def _overlaps(
    pair: Pair, codes: frozenset[str], flows: frozenset[str], later: list[tuple[frozenset[str], frozenset[str]]]
) -> list[Replaced]:
    found = []
    for later_codes, later_flows in later:
        both = later_codes if ALL in codes else codes if ALL in later_codes else codes & later_codes
        if both and flows & later_flows:
            shown = frozenset((ALL,)) if ALL in later_codes else both
            found.append(Replaced(*pair, shown, flows & later_flows))
    return found


def _is_gone(codes: frozenset[str], flows: frozenset[str], later: list[tuple[frozenset[str], frozenset[str]]]) -> bool:
    """True if later answers cover everything that this one said about a reporter-period."""
    return all(not flows.difference(*(their for they, their in later if code in they or ALL in they)) for code in codes)
