"""Markdown for the documents that are written from the code."""

import inspect
from collections.abc import Iterable, Sequence

Row = Sequence[object]


def table(head: Sequence[str], rows: Iterable[Row]) -> str:
    """A markdown table; nothing for a cell that is None."""
    lines = [head, ["---"] * len(head), *([_cell(one) for one in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def code(words: Iterable[object]) -> str:
    """Words as inline code, separated by commas."""
    return ", ".join(f"`{word}`" for word in words)


def doc(thing: object, *, title: bool = True) -> str:
    """A docstring; without `title` its first paragraph is left out."""
    text = inspect.getdoc(thing) or ""
    return text if title else text.partition("\n\n")[2]


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split()).replace("|", "\\|")
