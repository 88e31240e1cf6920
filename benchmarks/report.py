"""docs/benchmarks.md: one section per benchmark, each replaced on its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TITLE = """# Benchmarks

Written by `make bench`; every table compares contenders that took turns in one run on one machine.
Times are wall seconds: shortest, middle and longest round. Ratios are of the middle rounds.
"""


@dataclass(frozen=True)
class Table:
    """One table of figures, with a sentence above it and remarks below."""

    lead: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = ()

    def markdown(self) -> str:
        """The table; every column after the first is aligned to the right."""
        lines = [self.lead, "", _line(self.columns), _line(["---"] + ["---:"] * (len(self.columns) - 1))]
        lines += [_line(row) for row in self.rows]
        lines += ["", *(f"- {remark}" for remark in self.remarks)] if self.remarks else []
        return "\n".join(lines)


@dataclass(frozen=True)
class Section:
    """The figures of one benchmark."""

    name: str
    title: str
    tables: Sequence[Table]

    def markdown(self, machine: Sequence[str]) -> str:
        """The section between its marks."""
        parts = [f"## {self.title}", "\n".join(f"- {line}" for line in machine)]
        parts += [table.markdown() for table in self.tables]
        body = "\n\n".join(parts)
        return f"<!-- {self.name} -->\n{body}\n<!-- end {self.name} -->"


def write(path: Path, section: Section, machine: Sequence[str]) -> None:
    """Put a section in its place, or at the end if it is new; the other sections stay as they are."""
    text = path.read_text() if path.exists() else TITLE
    block = section.markdown(machine)
    old = re.compile(rf"<!-- {section.name} -->.*?<!-- end {section.name} -->", re.DOTALL)
    text = old.sub(lambda _: block, text) if old.search(text) else f"{text.rstrip()}\n\n{block}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
