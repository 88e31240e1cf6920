"""What casting looks up of one source and family: who trades what with whom, and when."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from graphs.families import FAMILIES

Pair = tuple[str, str, str]
"""Exporter, importer, commodity."""


@dataclass(frozen=True)
class Book:
    """Pairs of one source and family."""

    source: str
    family: str
    is_declared: bool
    years: Mapping[Pair, frozenset[int]]
    """Years in which a pair trades."""
    usual_usd: Mapping[Pair, float]
    """Mean yearly value of a pair."""
    onsets: Mapping[tuple[str, str], Mapping[Pair, tuple[int, ...]]]
    """By kind and variant: where and when a scheme could begin."""
    unspecified: Mapping[tuple[str, str], frozenset[int]]
    """Exporter, commodity: years with exports to areas not specified."""
    near: Mapping[str, tuple[tuple[str, str], ...]]
    """Of a commodity the codes (with family) into which its goods are easily put, among those that the source holds."""
    used: Mapping[tuple[str, str], frozenset[str]]
    """Side (exporter, importer) and country: codes that it declares on that side."""
    past: frozenset[tuple[Pair, int]] = field(default_factory=frozenset)
    """Pairs and years with a past."""

    def holds(self, exporter: object, importer: object, commodity: object, year: object) -> bool:
        """There is such a flow."""
        pair = (str(exporter), str(importer), str(commodity))
        return year in self.years.get(pair, ())

    @cached_property
    def last_year(self) -> int:
        """Last year of the data."""
        return max(max(years) for years in self.years.values())

    @cached_property
    def customers(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Exporter, commodity: importers, sorted."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for exporter, importer, commodity in sorted(self.years):
            found[exporter, commodity].append(importer)
        return {key: tuple(names) for key, names in found.items()}


def books(flows: pl.DataFrame, rows: pl.DataFrame, onsets: pl.DataFrame, past: pl.DataFrame) -> list[Book]:
    """One book for each source, family and sort of source, in a fixed order.

    rows: of `market.annual`. onsets: of `market.stages`. past: rows whose pair has a past.
    """
    group = ["source", "family", "is_declared"]
    began = onsets.partition_by(group, as_dict=True)
    grown = past.partition_by(group, as_dict=True)
    families = dict(rows.select("commodity", "family").unique().sort("commodity").rows())
    found = []
    for key, table in sorted(rows.partition_by(group, as_dict=True).items()):
        if key not in began:
            continue
        source, family, is_declared = key
        pair = ["exporter", "importer", "commodity"]
        by_pair = table.group_by(pair, maintain_order=True).agg(pl.col("period"), pl.col("value_usd").mean())
        here = rows.filter(pl.col("source") == source, pl.col("is_declared") == is_declared)
        found.append(
            Book(
                source=source,
                family=family,
                is_declared=is_declared,
                years={(e, i, c): frozenset(years) for e, i, c, years, _ in by_pair.rows()},
                usual_usd={(e, i, c): usd or 0.0 for e, i, c, _, usd in by_pair.rows()},
                onsets=_by_kind(began[key]),
                unspecified=_unspecified(flows.filter(pl.col("source") == source, pl.col("family") == family)),
                near=_near(table["commodity"].unique().to_list(), here["commodity"].unique().to_list(), families),
                used=_used(here),
                past=frozenset(((e, i, c), t) for e, i, c, t in grown[key].select(*pair, "period").rows()),
            )
        )
    return found


def _by_kind(onsets: pl.DataFrame) -> dict[tuple[str, str], dict[Pair, tuple[int, ...]]]:
    keys = ["kind", "variant", "exporter", "importer", "commodity"]
    found: dict[tuple[str, str], dict[Pair, tuple[int, ...]]] = defaultdict(dict)
    for kind, variant, e, i, c, years in (
        onsets.sort(*keys, "onset").group_by(keys, maintain_order=True).agg("onset").rows()
    ):
        found[kind, variant][e, i, c] = tuple(years)
    return found


def _unspecified(flows: pl.DataFrame) -> dict[tuple[str, str], frozenset[int]]:
    residual = flows.filter(pl.col("importer_kind").cast(pl.String) != "country", pl.col("period") < 10_000)
    years = residual.group_by("exporter", "commodity").agg(pl.col("period"))
    return {(exporter, commodity): frozenset(found) for exporter, commodity, found in years.rows()}


def _near(mine: list[str], held: list[str], families: Mapping[str, str]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Codes of the family, and those of other families that are listed as its neighbours."""
    near = {}
    for code in mine:
        family = FAMILIES.get(families[code])
        listed = family.neighbours if family else ()
        fits = [
            other
            for other in sorted(held)
            if other != code and (families[other] == families[code] or other.startswith(tuple(listed)))
        ]
        near[code] = tuple((other, families[other]) for other in fits)
    return near


def _used(rows: pl.DataFrame) -> dict[tuple[str, str], frozenset[str]]:
    found = {}
    for end, amount in (("exporter", "x_value"), ("importer", "m_value")):
        declared = rows.filter(pl.col(amount).is_not_null())
        for country, codes in declared.group_by(end).agg(pl.col("commodity").unique()).rows():
            found[end, country] = frozenset(codes)
    return found
