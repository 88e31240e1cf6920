"""What a home holds, as text for people."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Column
from rich.text import Text

from pipelines import provenance
from pipelines.archive import Entry
from pipelines.overview import TABLES, Holding, Overview
from pipelines.views.terminal import dim, grid, heading, indented, pairs

FILES_NAMED = 5
"""Files of one source that are named before the rest is only counted."""


def holdings(found: Overview) -> Iterator[RenderableType]:
    """Everything to print."""
    table = grid(
        Column("source", no_wrap=True),
        Column("what", overflow="fold"),
        Column("years", no_wrap=True),
        Column("rows", justify="right", no_wrap=True),
        header=True,
    )
    for one in found.holdings:
        table.add_row(one.source, TABLES[one.table], _when(one), f"{one.rows:,}")
    if found.holdings:
        yield table
        yield Text()
        yield heading("Under which terms")
    for (licence, citation), entries in _by_terms(found).items():
        yield from (indented(part) for part in _terms(entries, licence, citation))
    for source in sorted({one.source for one in found.holdings}):
        if terms := provenance.packaged(source):
            yield indented(Text(f"{source}, in an installed package"))
            yield indented(indented(pairs(list(zip(("licence", "citation"), terms, strict=True)))))
    if found.missing:
        if found.holdings:
            yield Text()
        yield heading("What is missing")
        yield from (indented(Text(sentence)) for sentence in found.missing)


def _when(one: Holding) -> str:
    """Years or days from which a source holds rows; nothing where its rows tell of no time."""
    first, last = one.days or (one.first, one.last)
    if first is None:
        return ""
    return f"{first}" if first == last else f"{first}–{last}"


def _by_terms(found: Overview) -> dict[tuple[str, str], list[tuple[str, Entry]]]:
    """Sources with their archived bytes by licence and citation; a user's file is cited by its own name."""
    groups: dict[tuple[str, str], list[tuple[str, Entry]]] = {}
    for holding in found.holdings:
        for entry in holding.entries:
            licence, citation = provenance.terms(entry, holding.source)
            key = (licence, "" if entry.source == provenance.FILES else citation)
            group = groups.setdefault(key, [])
            if (holding.source, entry) not in group:
                group.append((holding.source, entry))
    return groups


def _terms(entries: list[tuple[str, Entry]], licence: str, citation: str) -> Iterator[RenderableType]:
    for source, one in entries[:FILES_NAMED]:
        short = f"   {one.sha256[:12]}, retrieved {one.retrieved:%Y-%m-%d}"
        yield Text.assemble(f"{source}, in {provenance.name_of(one)}", dim(short))
    if len(entries) > FILES_NAMED:
        yield dim(f"and {len(entries) - FILES_NAMED:,} more")
    yield indented(pairs([("licence", licence), *([("citation", citation)] if citation else [])]))
